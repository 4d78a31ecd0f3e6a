// The volumes of a StatefulSet's pods, which grow where they are. The API server refuses every change of a claim template, so a new size
// reaches the claims themselves, and the template keeps the size that it was made with.
import type { ComponentResource, CustomResourceOptions } from "@pulumi/pulumi";
import type { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { PersistentVolumeClaimPatch } from "@pulumi/kubernetes/core/v1/persistentVolumeClaimPatch.js";
import type { ByteQuantity } from "../../lib/quantities.ts";
import type { Placement } from "../contract.ts";

export interface GrowingClaims extends Pick<Placement, "namespace"> {
    /** The StatefulSet's name in the cluster. */
    readonly called: string;
    /** Its only claim template's name. */
    readonly claim: string;
    readonly replicas: number;
    readonly storage: ByteQuantity;
}

/** For the StatefulSet: another size is not another StatefulSet. */
export const keepsClaimTemplate: Pick<CustomResourceOptions, "ignoreChanges"> = {
    ignoreChanges: ["spec.volumeClaimTemplates[0].spec.resources.requests.storage"],
};

/**
 * Gives each claim its size. The storage class has to allow it (`allowVolumeExpansion`), and nothing shrinks: the API server refuses both.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
 */
export function growClaims(
    name: string,
    { called, claim, replicas, storage, namespace }: GrowingClaims,
    server: StatefulSet,
    parent: ComponentResource,
): void {
    for (let ordinal = 0; ordinal < replicas; ordinal++) {
        new PersistentVolumeClaimPatch(
            `${name}-disk-${ordinal}`,
            {
                metadata: {
                    name: `${claim}-${called}-${ordinal}`,
                    namespace,
                    // The size that the StatefulSet's controller has set is its own until this takes it over.
                    annotations: { "pulumi.com/patchForce": "true" },
                },
                spec: { resources: { requests: { storage } } },
            },
            {
                parent,
                dependsOn: server,
                // Another StatefulSet may have made another claim, of the template's size.
                replaceWith: [server],
                // A claim without a size is none: a patch that is taken back would be refused. The claim is its StatefulSet's anyway.
                retainOnDelete: true,
            },
        );
    }
}
