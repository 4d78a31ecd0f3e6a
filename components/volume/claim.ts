// A volume that pods of several workloads mount; what a StatefulSet's pod has to itself is claimed by its template.
import type { ComponentResource } from "@pulumi/pulumi";
import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import { objectLabels } from "../../lib/labels.ts";
import type { ByteQuantity } from "../../lib/quantities.ts";
import type { Placement } from "../contract.ts";

/** @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes */
export interface VolumeSize {
    readonly storage: ByteQuantity;
    /** `ReadWriteOnce`: pods of one node at a time, as many as there are. */
    readonly accessMode: "ReadWriteOnce" | "ReadWriteMany";
    /** @default the cluster's default class */
    readonly storageClass?: string;
}

/**
 * @param name the resource's
 * @param called the claim's name in the cluster, which says what is in it
 * @param holds `made`: what a release makes again; `given`: what users have given, and nobody can make again
 */
export function volumeClaim(
    name: string,
    {
        called,
        component,
        holds,
    }: { readonly called: string; readonly component: string; readonly holds: "made" | "given" },
    { storage, accessMode, storageClass }: VolumeSize,
    { namespace, instance, data }: Placement,
    parent: ComponentResource,
): PersistentVolumeClaim {
    return new PersistentVolumeClaim(
        name,
        {
            metadata: {
                name: called,
                namespace,
                labels: objectLabels(instance, component),
                // A volume that waits for its first pod is not bound before the release's first job runs.
                annotations: { "pulumi.com/skipAwait": "true" },
            },
            spec: {
                accessModes: [accessMode],
                storageClassName: storageClass,
                resources: { requests: { storage } },
            },
        },
        { parent, ...(holds === "given" && { protect: data === "protected" }) },
    );
}
