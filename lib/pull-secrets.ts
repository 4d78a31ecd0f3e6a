// The Secrets that a cloud itself puts into each namespace for its registry, by the images that need them.
import { parseImage } from "./image-reference.ts";

const digitalOceanRegistry = "registry.digitalocean.com";

/**
 * A DOKS cluster with the registry's integration has a Secret of the registry's name in every namespace, and names it in the
 * account `default` alone: pods of any other account have to name it themselves. A name that is not there is passed over by the
 * kubelet, so that an image that needs no login is pulled all the same.
 *
 * @param image undefined where a component takes its own, which is elsewhere
 * @returns what belongs into a pod's spec: nothing for an image that is elsewhere
 * @see https://docs.digitalocean.com/products/container-registry/how-to/use-registry-docker-kubernetes/
 */
export function integratedPullSecrets(image: string | undefined): { readonly imagePullSecrets?: { name: string }[] } {
    if (image === undefined) {
        return {};
    }
    const { server, repository } = parseImage(image);
    const slash = repository.indexOf("/");
    return server === digitalOceanRegistry && slash > 0
        ? { imagePullSecrets: [{ name: repository.slice(0, slash) }] }
        : {};
}
