// Does not prove that DigitalOcean accepts these arguments, or that doctl finds a login: that needs an account.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { DoksCluster, type DoksClusterArgs } from "../../../../components/cluster/digitalocean/doks.ts";
import { ExistingDoksCluster } from "../../../../components/cluster/digitalocean/existing.ts";
import { SecretValue } from "../../../../commands/plan/plan.ts";
import { expectOneFamily } from "../../../support/component.ts";
import { recordDigitalOcean } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const pool = { size: "s-4vcpu-8gb", min: 2, max: 6, labels: {}, taints: [] };

const defaults: DoksClusterArgs = {
    instance: "shop-production",
    data: "protected",
    region: "fra1",
    vpcId: "vpc-id",
    podRange: "10.112.0.0/16",
    serviceRange: "10.113.0.0/20",
    version: "1.34",
    highlyAvailable: true,
    apiCidrs: ["203.0.113.0/24"],
    maintenance: { day: "sunday", startTime: "03:00" },
    firstPool: { size: "s-2vcpu-4gb", nodes: 2 },
    pools: { apps: pool },
    registryIntegration: true,
};

const record = remembered((changes: Partial<DoksClusterArgs> = {}, preview: boolean = false) =>
    recordDigitalOcean((opts) => {
        const cluster = new DoksCluster("cluster", { ...defaults, ...changes }, opts);
        const { kubeconfig, identifier, clusterId, networkPolicy, ready } = cluster;
        const isSecret = pulumi.output(pulumi.isSecret(kubeconfig));
        return { kubeconfig, identifier, clusterId, networkPolicy, ready: ready.length, isSecret };
    }, preview),
);

const clusterOf = async (changes: Partial<DoksClusterArgs> = {}) =>
    (await record(changes)).get("KubernetesCluster", "cluster-cluster");

test("a cluster, and a pool beside the one that comes with it", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "Doks cluster",
        "KubernetesCluster cluster-cluster",
        "KubernetesNodePool cluster-pool-apps",
    ]);
    expectOneFamily(plan, ["Doks", "cluster"]);
    expect(plan.outputs).toMatchObject({ identifier: "shop-production", ready: 2, networkPolicy: { enforced: true } });
});

test("waits as long as the provider lets it: an update of it has no time-out of its own (R87)", async () => {
    const plan = await record();
    expect(plan.get("KubernetesCluster", "cluster-cluster").customTimeouts).toEqual({ create: "60m" });
    expect(plan.get("KubernetesNodePool", "cluster-pool-apps").customTimeouts).toEqual({
        create: "30m",
        delete: "30m",
    });
});

test("is VPC-native, highly available and open to those ranges alone (R54, R57)", async () => {
    expect((await clusterOf()).props).toEqual({
        name: "shop-production",
        region: "fra1",
        version: "1.34",
        vpcUuid: "vpc-id",
        clusterSubnet: "10.112.0.0/16",
        serviceSubnet: "10.113.0.0/20",
        ha: true,
        autoUpgrade: true,
        surgeUpgrade: true,
        maintenancePolicy: { day: "sunday", startTime: "03:00" },
        controlPlaneFirewall: { enabled: true, allowedAddresses: ["203.0.113.0/24"] },
        registryIntegration: true,
        destroyAllAssociatedResources: false,
        kubeconfigExpireSeconds: 600,
        tags: ["shop-production"],
        nodePool: {
            name: "first",
            size: "s-2vcpu-4gb",
            nodeCount: 2,
            labels: { "django-on-kubernetes/pool": "first" },
        },
    });
});

test.each([
    { data: "protected", protect: true, everything: false },
    { data: "kept", protect: false, everything: false },
    { data: "disposable", protect: false, everything: true },
] as const)(
    "$data: what the cluster made outlives it, except of what is thrown away",
    async ({ data, protect, everything }) => {
        const cluster = await clusterOf({ data });
        expect(cluster.protect).toBe(protect);
        expect(cluster.props["destroyAllAssociatedResources"]).toBe(everything);
    },
);

describe("is never replaced by what changes by itself:", () => {
    const ignoredOf = async (version: string) =>
        (await record({ version })).options.get("cluster-cluster")?.ignoreChanges;

    test("the first pool is not looked at again, for another size of it would replace the cluster", async () => {
        expect(await ignoredOf("1.34.1-do.0")).toContain("nodePool");
    });

    test("a minor version follows the patches: what is written would be a step back, and that replaces the cluster", async () => {
        expect((await clusterOf({ version: "1.34" })).props["autoUpgrade"]).toBe(true);
        expect(await ignoredOf("1.34")).toEqual(["nodePool", "version"]);
    });

    test("a slug is kept exactly, and nothing upgrades it but a higher one", async () => {
        expect((await clusterOf({ version: "1.34.1-do.0" })).props["autoUpgrade"]).toBe(false);
        expect(await ignoredOf("1.34.1-do.0")).toEqual(["nodePool"]);
    });
});

describe("pools", () => {
    test("scale by themselves, and leave the number of nodes to that", async () => {
        const plan = await record();
        expect(plan.get("KubernetesNodePool", "cluster-pool-apps").props).toEqual({
            clusterId: expect.anything() as unknown,
            size: "s-4vcpu-8gb",
            autoScale: true,
            minNodes: 2,
            maxNodes: 6,
            labels: { "django-on-kubernetes/pool": "apps" },
            taints: [],
            tags: ["shop-production"],
        });
        expect(plan.options.get("cluster-pool-apps")?.ignoreChanges).toEqual(["nodeCount"]);
    });

    test("have no name of ours, so that one of another size comes before the old one goes", async () => {
        const apps = (await record()).get("KubernetesNodePool", "cluster-pool-apps");
        expect(apps.props).not.toHaveProperty("name");
    });

    test("are known by their names: adding, removing and reordering touches no other", async () => {
        const urns = async (pools: DoksClusterArgs["pools"]) =>
            (await record({ pools })).resources
                .filter(({ type }) => type.endsWith("KubernetesNodePool"))
                .map(({ urn }) => urn);
        const [apps] = await urns({ apps: pool });
        expect(await urns({ batch: pool, apps: pool })).toContain(apps);
        expect(await urns({ apps: pool, batch: pool, web: pool })).toContain(apps);
        expect(await urns({})).toEqual([]);
    });

    test("take labels and taints", async () => {
        const taints = [{ key: "batch", value: "only", effect: "NoSchedule" }];
        const plan = await record({ pools: { apps: { ...pool, labels: { tier: "web" }, taints } } });
        expect(plan.get("KubernetesNodePool", "cluster-pool-apps").props).toMatchObject({
            labels: { tier: "web", "django-on-kubernetes/pool": "apps" },
            taints,
        });
    });
});

describe("the kubeconfig", () => {
    test("asks doctl for a token, and holds none", async () => {
        const { outputs } = await record();
        const kubeconfig = JSON.parse(outputs["kubeconfig"] as string) as {
            users: unknown;
            clusters: unknown;
            "current-context": string;
        };
        expect(kubeconfig["current-context"]).toBe("shop-production");
        expect(kubeconfig.users).toEqual([
            {
                name: "shop-production",
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "doctl",
                        args: [
                            "kubernetes",
                            "cluster",
                            "kubeconfig",
                            "exec-credential",
                            "--version=v1beta1",
                            outputs["clusterId"],
                        ],
                        installHint: expect.any(String) as string,
                        interactiveMode: "Never",
                        provideClusterInfo: false,
                    },
                },
            },
        ]);
        expect(JSON.stringify(kubeconfig)).not.toMatch(/token|client-key|password/);
    });

    test("is no secret, so that other stacks read it as it is", async () => {
        expect((await record()).outputs["isSecret"]).toBe(false);
    });

    test("is not known before the cluster is, while the identifier is (R73)", async () => {
        const { outputs } = await record({}, true);
        expect(pulumi.isUnknown(outputs["kubeconfig"])).toBe(true);
        expect(outputs["identifier"]).toBe("shop-production");
    });
});

test("DigitalOcean's own arguments win", async () => {
    const native = {
        cluster: { ha: false, routingAgent: { enabled: true } },
        nodePool: { gpuPartitionMode: "AMD_PARTITION_MODE_SPX_NPS1" },
    };
    const plan = await record({ native });
    expect(plan.get("KubernetesCluster", "cluster-cluster").props).toMatchObject({
        ha: false,
        routingAgent: { enabled: true },
        region: "fra1",
    });
    expect(plan.get("KubernetesNodePool", "cluster-pool-apps").props).toMatchObject({
        gpuPartitionMode: "AMD_PARTITION_MODE_SPX_NPS1",
    });
});

test("the longest environment's name fits (R71)", async () => {
    const instance = "a-name-that-is-forty-characters-long-aaa";
    expect((await record({ instance })).outputs["identifier"]).toBe(instance);
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});

test("an existing cluster is reached in the same way, and nothing of it is managed", async () => {
    const id = "4de7ac8b-495b-4884-9a69-1050c6793cd6";
    const plan = await recordDigitalOcean((opts) => {
        const args = { id, name: "main", endpoint: `https://${id}.k8s.ondigitalocean.com`, ca: "LS0tLS1C" };
        const { kubeconfig, identifier, clusterId, ready } = new ExistingDoksCluster("cluster", args, opts);
        return { kubeconfig, identifier, clusterId, ready };
    });
    expect(plan.created).toEqual(["ExistingDoks cluster"]);
    expect(plan.outputs).toMatchObject({ identifier: "main", clusterId: id, ready: [] });
    expect(plan.outputs["kubeconfig"]).toContain(id);
    expect(plan.outputs["kubeconfig"]).not.toBeInstanceOf(SecretValue);
});
