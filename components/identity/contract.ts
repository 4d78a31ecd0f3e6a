// Who a pod is to its cloud: no key is stored anywhere.
import type { Input } from "@pulumi/pulumi";

/** A ServiceAccount of the cluster, whose pods get the cloud's permissions. */
export interface PodIdentity {
    readonly namespace: Input<string>;
    readonly serviceAccount: string;
}
