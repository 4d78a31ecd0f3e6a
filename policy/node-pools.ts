// What nodes of EKS come into being by: pools of Auto Mode, which are objects inside the cluster, and their way to AWS.
import { textOf } from "./kubernetes.ts";
import type { PlanView } from "./plan-view.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { inputOf } from "./setting.ts";

export const nodePoolType = "kubernetes:karpenter.sh/v1:NodePool";

interface NodePoolSpec {
    readonly limits?: Readonly<Record<string, unknown>>;
    readonly template?: {
        readonly spec?: {
            readonly nodeClassRef?: { readonly group?: string; readonly name?: unknown };
            readonly terminationGracePeriod?: unknown;
            readonly taints?: ReadonlyArray<{ readonly effect?: unknown }>;
        };
    };
}

const specOf = ({ props }: PolicyResource): NodePoolSpec => props["spec"] ?? {};

/** Without these no node joins and no image is pulled. @see https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html */
const neededByNodes = ["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "sts"] as const;

export const nodePoolRules: readonly Rule[] = [
    rule("R113", "pools of Auto Mode make nodes for the pods that are there, and not without end", function* (view) {
        const pools = view.ofType(nodePoolType);
        for (const pool of pools) {
            yield* endless(pool);
        }
        for (const cluster of view.ofType("aws:eks/cluster:Cluster")) {
            const brought = inputOf(cluster, "computeConfig.nodePools");
            if (inputOf(cluster, "computeConfig.enabled") === true && !(brought instanceof UnknownValue)) {
                const names = Array.isArray(brought) ? brought.map(textOf) : [];
                yield* withoutClass(pools, names);
                yield* withoutPlace(view, cluster, names);
            }
        }
    }),
    rule("R114", "nodes without a way to the internet reach what they need of AWS", function* (view) {
        const networks = view.ofType("aws:ec2/vpc:Vpc");
        if (view.ofType("aws:ec2/natGateway:NatGateway").length > 0 || networks.length === 0) {
            return;
        }
        const services = view
            .ofType("aws:ec2/vpcEndpoint:VpcEndpoint")
            .map((endpoint) => inputOf(endpoint, "serviceName"));
        if (services.some((name) => name instanceof UnknownValue)) {
            return;
        }
        const missing = neededByNodes.filter(
            (service) =>
                !services.some((name) => new RegExp(`^com\\.amazonaws\\.[^.]+\\.${service}$`).test(textOf(name) ?? "")),
        );
        for (const cluster of view.ofType("aws:eks/cluster:Cluster")) {
            if (missing.length > 0 && networks.some(({ urn }) => view.before(cluster.urn).has(urn))) {
                yield {
                    resource: cluster,
                    path: "vpcConfig.subnetIds",
                    found: `a network without NAT gateway, and no endpoint for ${missing.join(", ")}`,
                    allowed: "a NAT gateway, or endpoints for " + neededByNodes.join(", "),
                    fix: "add them: no node would ever join the cluster",
                };
            }
        }
    }),
];

function* endless(pool: PolicyResource): Generator<Finding> {
    const { limits, template } = specOf(pool);
    if (limits?.["cpu"] === undefined && limits?.["memory"] === undefined) {
        yield {
            resource: pool,
            path: "spec.limits",
            found: limits,
            allowed: "cpu or memory",
            fix: "set it: pods that multiply, by mistake or by visitors, buy machines without end",
        };
    }
    if (template?.spec?.terminationGracePeriod === undefined) {
        yield {
            resource: pool,
            path: "spec.template.spec.terminationGracePeriod",
            found: undefined,
            allowed: "a time, for example 24h",
            fix: "set it: a pod that is to stay keeps a node that is to be replaced, with its patches, for ever",
        };
    }
}

/** Auto Mode makes its NodeClass with the first of its pools, and removes it with the last. */
function* withoutClass(
    pools: readonly PolicyResource[],
    brought: ReadonlyArray<string | undefined>,
): Generator<Finding> {
    for (const pool of brought.length > 0 ? [] : pools) {
        const { group, name } = specOf(pool).template?.spec?.nodeClassRef ?? {};
        if (group === "eks.amazonaws.com" && name === "default") {
            yield {
                resource: pool,
                path: "spec.template.spec.nodeClassRef.name",
                found: `${name}, with none of Auto Mode's own pools`,
                allowed: "default, with at least one of system and general-purpose in computeConfig.nodePools",
                fix: "add one: the NodeClass default goes with the last of them, and this pool makes no node",
            };
        }
    }
}

function* withoutPlace(
    view: PlanView,
    cluster: PolicyResource,
    brought: ReadonlyArray<string | undefined>,
): Generator<Finding> {
    const takes = (pool: PolicyResource): boolean =>
        (specOf(pool).template?.spec?.taints ?? []).every(({ effect }) => effect === "PreferNoSchedule");
    if (!brought.includes("general-purpose") && !view.ofType(nodePoolType).some(takes)) {
        yield {
            resource: cluster,
            path: "computeConfig.nodePools",
            found: brought.join(", ") || "no pool",
            allowed: "general-purpose among them, or a NodePool without taints",
            fix: "add one: pods of environments tolerate no taint, and would wait for ever",
        };
    }
}
