// Pools of one's own on EKS Auto Mode: exactly what Karpenter's NodePool is told. Does not prove that Auto Mode makes a node of it.
import { expect, test } from "vitest";
import { AutoModeNodePools, type NodePoolArgs } from "../../../../components/cluster/aws/node-pools.ts";
import { recordComponent } from "../../../support/component.ts";

const plain: NodePoolArgs = {
    architecture: "amd64",
    spot: false,
    maxProcessors: 64,
    weight: 10,
    atATime: "10%",
    quiet: [],
    labels: {},
    taints: [],
};

const record = (changes: Partial<NodePoolArgs> = {}, preview = false) =>
    recordComponent(
        (opts) => {
            const pools = { apps: { ...plain, ...changes } };
            return { ready: new AutoModeNodePools("pools", { instance: "shop-staging", pools }, opts).ready.length };
        },
        { preview },
    );
const specOf = async (changes: Partial<NodePoolArgs> = {}) =>
    (await record(changes)).get("NodePool", "pools-apps").props["spec"] as Readonly<Record<string, unknown>>;

test("a pool is one object, under its own name, and waited for", async () => {
    const plan = await record();
    expect(plan.created).toEqual(["AutoModeNodePools pools", "NodePool pools-apps"]);
    expect(plan.outputs).toEqual({ ready: 1 });
    const { type, props, customTimeouts } = plan.get("NodePool", "pools-apps");
    expect(type).toBe("kubernetes:karpenter.sh/v1:NodePool");
    expect(props["metadata"]).toMatchObject({
        name: "apps",
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
    });
    expect(customTimeouts).toEqual({ create: "10m", delete: "30m" });
});

test("with nothing said it makes what is cheapest, amd64 and on demand, within a limit", async () => {
    expect(await specOf()).toEqual({
        weight: 10,
        limits: { cpu: "64" },
        disruption: {
            consolidationPolicy: "WhenEmptyOrUnderutilized",
            consolidateAfter: "30s",
            budgets: [{ nodes: "10%" }],
        },
        template: {
            metadata: { labels: {} },
            spec: {
                expireAfter: "336h",
                terminationGracePeriod: "24h",
                nodeClassRef: { group: "eks.amazonaws.com", kind: "NodeClass", name: "default" },
                requirements: [
                    { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] },
                    { key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] },
                    { key: "eks.amazonaws.com/instance-category", operator: "In", values: ["c", "m", "r"] },
                    { key: "eks.amazonaws.com/instance-generation", operator: "Gt", values: ["4"] },
                ],
            },
        },
    });
});

test("spare capacity has the usual one behind it: a pod does not wait for a market", async () => {
    const { template } = await specOf({ architecture: "arm64", spot: true, instanceTypes: ["m7g.large", "m6g.large"] });
    expect((template as { spec: { requirements: unknown } }).spec.requirements).toEqual([
        { key: "kubernetes.io/arch", operator: "In", values: ["arm64"] },
        { key: "karpenter.sh/capacity-type", operator: "In", values: ["spot", "on-demand"] },
        { key: "node.kubernetes.io/instance-type", operator: "In", values: ["m7g.large", "m6g.large"] },
    ]);
});

test("in quiet times nodes go that are empty, and no others", async () => {
    const { disruption } = await specOf({ atATime: "1", quiet: [{ schedule: "0 6 * * mon-fri", hours: 12 }] });
    expect((disruption as { budgets: unknown }).budgets).toEqual([
        { nodes: "1" },
        { nodes: "0", reasons: ["Underutilized", "Drifted"], schedule: "0 6 * * mon-fri", duration: "12h" },
    ]);
});

test("labels and taints are each node's", async () => {
    const taints = [{ key: "batch", value: "yes", effect: "NoSchedule" }];
    const { template } = await specOf({ labels: { team: "shop" }, taints });
    expect(template).toMatchObject({ metadata: { labels: { team: "shop" } }, spec: { taints } });
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).get("NodePool", "pools-apps").props["spec"]).toEqual(await specOf());
});
