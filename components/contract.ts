// What every component is told about where it is.
import type { Input } from "@pulumi/pulumi";

export interface Placement {
    /** The namespace; an Output of the namespace component, so that all wait for it. */
    readonly namespace: Input<string>;
    /** The environment's name among all on the cluster: the value of the label app.kubernetes.io/instance. */
    readonly instance: string;
    /** Guards what holds data against deletion and replacement (R67), and keeps its volumes. */
    readonly protectData: boolean;
}
