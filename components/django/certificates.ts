// The CA certificates by which the app knows its stores outside the cluster (R62): public, so a ConfigMap has them.
import type { ComponentResource, Input } from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { certificateDirectory } from "../../lib/certificate-files.ts";
import { objectLabels } from "../../lib/labels.ts";
import type { DjangoArgs } from "./contract.ts";

/** @returns nothing where every store is in the namespace, or has a certificate that every system trusts */
export function mountedCertificates(
    name: string,
    args: DjangoArgs,
    parent: ComponentResource,
): { readonly volumes: core.v1.Volume[]; readonly volumeMounts: core.v1.VolumeMount[] } {
    const { database, cache, broker, assets } = args.stores;
    const ca = database.direct?.ca ?? database.ca;
    const { replica } = database;
    const data: Record<string, Input<string>> = {
        ...(ca && ca !== "public" && { "database.pem": ca }),
        ...(replica?.ca && replica.ca !== "public" && { "database-replica.pem": replica.ca }),
        ...(cache?.tls?.ca && { "cache.pem": cache.tls.ca }),
        ...(broker?.tls?.ca && { "broker.pem": broker.tls.ca }),
        ...(assets.buckets?.ca !== undefined && { "assets.pem": assets.buckets.ca }),
    };
    if (Object.keys(data).length === 0) {
        return { volumes: [], volumeMounts: [] };
    }
    const map = new ConfigMap(
        `${name}-certificates`,
        {
            metadata: { namespace: args.namespace, labels: objectLabels(args.instance, "django") },
            immutable: true,
            data,
        },
        { parent },
    );
    return {
        volumes: [{ name: "certificates", configMap: { name: map.metadata.name } }],
        volumeMounts: [{ name: "certificates", mountPath: certificateDirectory, readOnly: true }],
    };
}
