// An ExternalSecret: the External Secrets Operator fetches the values from a store, and makes the Secret of them.
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { objectLabels } from "../../lib/labels.ts";
import type { Placement } from "../contract.ts";
import type { SecretSource } from "./contract.ts";
import { madeAnew } from "./made-anew.ts";

export interface ExternalSecretArgs extends Placement {
    /** The object's, and the Secret's. */
    readonly name: string;
    readonly store: { readonly kind: "SecretStore" | "ClusterSecretStore"; readonly name: string };
    /** The Secret's keys, and which entry of the store each is. */
    readonly entries: Readonly<Record<string, { readonly key: string; readonly property?: string | undefined }>>;
    /** For example "1h". */
    readonly refreshInterval: string;
}

/** @see https://external-secrets.io/latest/api/externalsecret/ */
export function externalSecret(name: string, args: ExternalSecretArgs, opts: CustomResourceOptions): SecretSource {
    const { namespace, instance, store, entries, refreshInterval } = args;
    const object = new CustomResource(
        `${name}-external-${args.name}`,
        {
            apiVersion: "external-secrets.io/v1",
            kind: "ExternalSecret",
            metadata: {
                name: args.name,
                namespace,
                labels: objectLabels(instance, "secret"),
                annotations: { "pulumi.com/waitFor": "condition=Ready" },
            },
            spec: {
                refreshInterval,
                secretStoreRef: store,
                target: { name: args.name, creationPolicy: "Owner" },
                data: Object.entries(entries).map(([secretKey, { key, property }]) => ({
                    secretKey,
                    remoteRef: { key, ...(property !== undefined && { property }) },
                })),
            },
        },
        { ...opts, ...madeAnew },
    );
    return { name: args.name, object };
}
