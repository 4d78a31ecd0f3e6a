// What is in the way of a destroy in Google Cloud: a network's peering with Google's managed stores, which Pulumi has let go (0020).
import type { ResourceState } from "../repair/deployment.ts";

/** Of a network of the stack's own. */
export interface Peering {
    readonly project: string;
    /** The network's name. */
    readonly network: string;
    readonly name: string;
}

const network = "gcp:compute/network:Network";

/** What Google calls the peering of every network, after its service. */
const peeringName = "servicenetworking-googleapis-com";

/**
 * Only of networks that nothing else of the state needs any more: while a store or a cluster is there, its peering is in use.
 *
 * @param resources what a destroy that failed has left
 */
export function peeringsLeft(resources: readonly ResourceState[]): readonly Peering[] {
    return resources
        .filter(({ urn, type }) => type === network && !resources.some((other) => needs(other, urn)))
        .map(({ outputs = {} }) => ({
            project: String(outputs["project"]),
            network: String(outputs["name"]),
            name: peeringName,
        }));
}

function needs({ dependencies, parent }: ResourceState, urn: string): boolean {
    return parent === urn || (dependencies ?? []).includes(urn);
}

/** As gcloud takes it. */
export function deletionOf({ project, network, name }: Peering): readonly string[] {
    return ["compute", "networks", "peerings", "delete", name, "--network", network, "--project", project, "--quiet"];
}
