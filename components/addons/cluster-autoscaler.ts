// Makes and removes nodes of EKS's managed node groups as pods need them.
import * as pulumi from "@pulumi/pulumi";
import type { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { containerSecurity } from "../../lib/pod-security.ts";
import { resourcesOf } from "../../lib/resources.ts";
import type { PodIdentity } from "../identity/contract.ts";
import {
    addonNamespace,
    controllerReplicas,
    installChart,
    podIdentityPorts,
    podSecurityFor,
    type InstalledChart,
} from "./chart.ts";
import type { Addon, AddonArgs } from "./contract.ts";

export interface ClusterAutoscalerArgs extends AddonArgs {
    readonly clusterName: pulumi.Input<string>;
    readonly region: string;
}

/** Seconds: six hours of a task, the most that a worker's taskTimeLimit can be, and what a worker gets besides. */
const longestGracePeriod = 6 * 3600 + 30;

/** Version 1.35 of the autoscaler; for a cluster of another minor version set `image.tag` in `native`. */
export const clusterAutoscalerChart: InstalledChart["chart"] = {
    chart: "cluster-autoscaler",
    repository: "https://kubernetes.github.io/autoscaler",
    version: "9.59.0",
};

/**
 * It finds the groups by the tags `k8s.io/cluster-autoscaler/enabled` and `k8s.io/cluster-autoscaler/<cluster>`, which EKS
 * puts on the groups that it manages.
 */
export class ClusterAutoscaler extends pulumi.ComponentResource implements Addon {
    /** What IAM gives its permissions to. */
    static readonly identity = {
        namespace: "cluster-autoscaler",
        serviceAccount: "cluster-autoscaler",
    } as const satisfies PodIdentity;

    readonly ready: Release;

    constructor(name: string, args: ClusterAutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:addons:ClusterAutoscaler", name, {}, opts);
        const installed: InstalledChart = {
            namespace: ClusterAutoscaler.identity.namespace,
            chart: clusterAutoscalerChart,
            values: chartValues(args),
            egress: podIdentityPorts,
        };
        const namespace = addonNamespace(name, installed, args, this);
        this.ready = installChart(name, installed, args, namespace, { parent: this });

        this.registerOutputs({});
    }
}

function chartValues(args: ClusterAutoscalerArgs): InstalledChart["values"] {
    return {
        // Else the objects would be called cluster-autoscaler-aws-cluster-autoscaler.
        fullnameOverride: ClusterAutoscaler.identity.serviceAccount,
        cloudProvider: "aws",
        awsRegion: args.region,
        autoDiscovery: { clusterName: args.clusterName },
        replicaCount: controllerReplicas(args),
        podDisruptionBudget: { maxUnavailable: 1 },
        rbac: { serviceAccount: { create: true, name: ClusterAutoscaler.identity.serviceAccount } },
        // Without it pods would wait for a node while the one who makes nodes waits too.
        priorityClassName: "system-cluster-critical",
        securityContext: podSecurityFor(65534),
        containerSecurityContext: containerSecurity,
        resources: resourcesOf({ cpu: "100m", memory: "600Mi" }),
        extraArgs: {
            // The same number of nodes in each zone.
            "balance-similar-node-groups": true,
            expander: "least-waste",
            "skip-nodes-with-system-pods": false,
            // Every controller has a folder on the node's disk, and none keeps anything there. Pods that are to stay say so (R80).
            "skip-nodes-with-local-storage": false,
            // Of a pod that stops it waits for no longer than this, ten minutes by default: as long as any worker's grace period (R15).
            "max-graceful-termination-sec": longestGracePeriod,
        },
    };
}
