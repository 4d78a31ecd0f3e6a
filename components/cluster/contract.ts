import type { Output, Resource } from "@pulumi/pulumi";

/** A Kubernetes cluster that a cloud runs. */
export interface Cluster {
    /**
     * How to reach it, without any credential: an `exec` plugin of the cloud asks for a token whenever one is needed, so
     * nothing in the state expires or gives access.
     */
    readonly kubeconfig: Output<string>;
    /** The cluster's name for the Kubernetes provider's `clusterIdentifier`: known before it exists, and never changed (R73). */
    readonly identifier: string;
    /** What has to be there before a pod can run: node pools, network add-ons. What is put on the cluster waits for them (R72). */
    readonly ready: readonly Resource[];
    /** Whether NetworkPolicies hold (R49). */
    readonly networkPolicy: NetworkPolicySupport;
    /** @default the cluster's default class */
    readonly storageClass?: string;
}

export type NetworkPolicySupport = { readonly enforced: true } | { readonly enforced: false; readonly reason: string };
