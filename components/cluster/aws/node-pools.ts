// Node pools of one's own on EKS Auto Mode: which machines it may make, how many, and when it may empty them.
import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { objectLabels } from "../../../lib/labels.ts";

export interface NodePoolArgs {
    readonly architecture: "amd64" | "arm64";
    /** Spare capacity where there is any. */
    readonly spot: boolean;
    /** @default families c, m and r, from generation 5 on */
    readonly instanceTypes?: readonly string[];
    readonly maxProcessors: number;
    /** 1 to 100: the greatest is asked first. */
    readonly weight: number;
    /** Nodes, or a percentage of them. */
    readonly atATime: string;
    /** When only empty nodes go: beginnings as cron has them, in UTC. */
    readonly quiet: ReadonlyArray<{ readonly schedule: string; readonly hours: number }>;
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: ReadonlyArray<{ readonly key: string; readonly value: string; readonly effect: string }>;
}

export interface AutoModeNodePoolsArgs {
    readonly instance: string;
    /** By names that stay: another name is another pool, and the old one is emptied. */
    readonly pools: Readonly<Record<string, NodePoolArgs>>;
}

/** As Auto Mode's own pools have them: a node is two weeks old at most, and is waited for a day (docs/capacity.md). */
const lifetime = { expireAfter: "336h", terminationGracePeriod: "24h" } as const;

/**
 * The NodeClass is Auto Mode's own, which has the nodes' role, subnets and security group; it is there as long as one of the pools that
 * Auto Mode brings is.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-pool.html
 * @see https://github.com/kubernetes-sigs/karpenter/blob/main/pkg/apis/v1/nodepool.go and nodepool_status.go
 */
export class AutoModeNodePools extends pulumi.ComponentResource {
    /** Pools that make nodes. */
    readonly ready: readonly pulumi.Resource[];

    constructor(name: string, { instance, pools }: AutoModeNodePoolsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:cluster:AutoModeNodePools", name, {}, opts);
        this.ready = Object.entries(pools).map(
            ([pool, args]) =>
                new CustomResource(
                    `${name}-${pool}`,
                    {
                        apiVersion: "karpenter.sh/v1",
                        kind: "NodePool",
                        metadata: {
                            name: pool,
                            labels: objectLabels(instance, "platform"),
                            // Its fields are right and its NodeClass is ready: else the update says so, and no pod waits for ever.
                            annotations: { "pulumi.com/waitFor": "condition=Ready" },
                        },
                        spec: specOf(args),
                    },
                    // Its deletion empties its nodes first.
                    { parent: this, customTimeouts: { create: "10m", delete: "30m" } },
                ),
        );
        this.registerOutputs({});
    }
}

function specOf(args: NodePoolArgs): object {
    const { atATime, quiet, maxProcessors, weight, labels, taints } = args;
    return {
        weight,
        limits: { cpu: String(maxProcessors) },
        disruption: {
            consolidationPolicy: "WhenEmptyOrUnderutilized",
            consolidateAfter: "30s",
            // The strictest of those that hold at the time counts.
            budgets: [
                { nodes: atATime },
                ...quiet.map(({ schedule, hours }) => ({
                    nodes: "0",
                    reasons: ["Underutilized", "Drifted"],
                    schedule,
                    duration: `${hours}h`,
                })),
            ],
        },
        template: {
            metadata: { labels: { ...labels } },
            spec: {
                ...lifetime,
                nodeClassRef: { group: "eks.amazonaws.com", kind: "NodeClass", name: "default" },
                ...(taints.length > 0 && { taints: taints.map((taint) => ({ ...taint })) }),
                requirements: requirementsOf(args),
            },
        },
    };
}

/** The names of labels are Auto Mode's; Karpenter's own begin with karpenter.k8s.aws. */
function requirementsOf({ architecture, spot, instanceTypes }: NodePoolArgs): object[] {
    const among = (key: string, ...values: readonly string[]) => ({ key, operator: "In", values: [...values] });
    return [
        among("kubernetes.io/arch", architecture),
        among("karpenter.sh/capacity-type", ...(spot ? ["spot", "on-demand"] : ["on-demand"])),
        ...(instanceTypes === undefined
            ? [
                  among("eks.amazonaws.com/instance-category", "c", "m", "r"),
                  { key: "eks.amazonaws.com/instance-generation", operator: "Gt", values: ["4"] },
              ]
            : [among("node.kubernetes.io/instance-type", ...instanceTypes)]),
    ];
}
