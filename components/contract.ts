// What every component is told about where it is.
import type { Input } from "@pulumi/pulumi";

/**
 * What becomes of data. `protected`: Pulumi refuses to delete or replace what holds it (R67). `kept`: a StatefulSet that is
 * replaced finds its volume again. `disposable`: volumes go with their StatefulSet (R69). Deleting the namespace deletes the
 * volumes of all three.
 */
export type DataPolicy = "protected" | "kept" | "disposable";

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention */
export function volumeRetention(data: DataPolicy): { readonly whenDeleted: string; readonly whenScaled: string } {
    return { whenDeleted: data === "disposable" ? "Delete" : "Retain", whenScaled: "Retain" };
}

export interface Placement {
    /** The namespace; an Output of the namespace component, so that all wait for it. */
    readonly namespace: Input<string>;
    /** The environment's name among all on the cluster: the value of the label app.kubernetes.io/instance. */
    readonly instance: string;
    readonly data: DataPolicy;
}
