// Does not prove that GKE takes the arguments together or that nodes join: only an account does. What Pulumi ignores of later
// changes is not in a recorded plan; the engine layer shows it.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test, vi } from "vitest";
import { RouterNat } from "@pulumi/gcp/compute/routerNat.js";
import { ExistingGkeCluster } from "../../../../components/cluster/gcp/existing.ts";
import { GkeCluster, propagation, untilKnown, type GkeClusterArgs } from "../../../../components/cluster/gcp/gke.ts";
import { gkeKubeconfig } from "../../../../components/cluster/gcp/kubeconfig.ts";
import type { GkeNodePool } from "../../../../components/cluster/gcp/node-pools.ts";
import { ExistingGcpNetwork } from "../../../../components/vpc/gcp/existing.ts";
import { dataPolicies, expectOneFamily } from "../../../support/component.ts";
import { recordGcp } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const network = {
    network: "projects/shop-project/global/networks/main",
    subnetwork: "projects/shop-project/regions/europe-west1/subnetworks/main",
    podsRange: "pods",
    servicesRange: "services",
};

const pool: GkeNodePool = {
    machineType: "e2-standard-4",
    min: 1,
    max: 5,
    spot: false,
    diskSizeGb: 100,
    diskType: "pd-balanced",
};

const defaults: Omit<GkeClusterArgs, "vpc" | "after"> = {
    networkIsThere: false,
    project: "shop-project",
    location: "europe-west1",
    instance: "shop-staging",
    data: "kept",
    nodes: { variant: "pools", pools: { general: pool } },
    apiAccess: { endpoint: "public", cidrs: ["203.0.113.0/24"] },
    databaseKey: "projects/shop-project/locations/europe-west1/keyRings/keys/cryptoKeys/database",
    admitToKey: true,
    releaseChannel: "REGULAR",
    maintenance: { start: "02:00", hours: 4, days: ["MO", "TU", "WE", "TH", "FR", "SA", "SU"], exclusions: {} },
    controlPlaneLogs: [],
    storageClass: "standard-rwo",
};

const record = remembered((changes: Partial<GkeClusterArgs> = {}, preview: boolean = false) =>
    recordGcp(
        (opts) => {
            const vpc = new ExistingGcpNetwork("vpc", network, opts);
            const cluster = new GkeCluster("cluster", { ...defaults, vpc, after: [], ...changes }, opts);
            const { kubeconfig, identifier, networkPolicy, storageClass, nodesMember } = cluster;
            const ready = cluster.ready.map(({ urn }) => urn);
            return {
                kubeconfig,
                secret: pulumi.isSecret(kubeconfig),
                identifier,
                networkPolicy,
                storageClass,
                nodesMember,
                ready,
            };
        },
        { preview },
    ),
);

interface Kubeconfig {
    readonly clusters: readonly [{ readonly cluster: object }];
    readonly users: readonly object[];
    readonly contexts: readonly [{ readonly context: object }];
    readonly "current-context": string;
}

const clusterOf = async (changes: Partial<GkeClusterArgs> = {}) =>
    (await record(changes)).get("Cluster", "cluster-cluster");

describe("with node pools", () => {
    test("a cluster, its pools, an account for the nodes, and GKE's own account at the key", async () => {
        const plan = await record();
        expect(plan.created).toEqual([
            "Account cluster-nodes",
            "Cluster cluster-cluster",
            "CryptoKeyIAMMember cluster-agent-key",
            "ExistingGcpNetwork vpc",
            "GkeCluster cluster",
            "IAMMember cluster-nodes-role",
            "NodePool cluster-general",
            "ServiceIdentity cluster-agent",
        ]);
        expectOneFamily(plan, ["GkeCluster", "cluster"]);
        expect(plan.get("Cluster", "cluster-cluster").type).toBe("gcp:container/cluster:Cluster");
    });

    test("private nodes, Dataplane V2, Workload Identity, encrypted secrets (R49, R56)", async () => {
        const { props } = await clusterOf();
        expect(props).toMatchObject({
            name: "shop-staging",
            location: "europe-west1",
            network: network.network,
            subnetwork: network.subnetwork,
            networkingMode: "VPC_NATIVE",
            ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
            privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: false },
            datapathProvider: "ADVANCED_DATAPATH",
            enableShieldedNodes: true,
            workloadIdentityConfig: { workloadPool: "shop-project.svc.id.goog" },
            databaseEncryption: { state: "ENCRYPTED", keyName: defaults.databaseKey },
            anonymousAuthenticationConfig: { mode: "LIMITED" },
            releaseChannel: { channel: "REGULAR" },
            gatewayApiConfig: { channel: "CHANNEL_STANDARD" },
            loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
            costManagementConfig: { enabled: true },
        });
        // GKE refuses the add-on beside Dataplane V2.
        expect(props).not.toHaveProperty("networkPolicy");
        expect(props["addonsConfig"]).not.toHaveProperty("networkPolicyConfig");
    });

    test("GKE's first pool goes at once, and is made like ours", async () => {
        const { props } = await clusterOf();
        expect(props).toMatchObject({ initialNodeCount: 1, removeDefaultNodePool: true });
        expect(props["nodeConfig"]).toMatchObject({
            shieldedInstanceConfig: { enableSecureBoot: true },
            workloadMetadataConfig: { mode: "GKE_METADATA" },
        });
        expect(props).not.toHaveProperty("nodePools");
    });

    test("a pool scales between its bounds, on hardened nodes with their own account", async () => {
        const node = (await record()).get("NodePool", "cluster-general").props;
        expect(node).toMatchObject({
            location: "europe-west1",
            initialNodeCount: 1,
            autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 5, locationPolicy: "BALANCED" },
            management: { autoRepair: true, autoUpgrade: true },
            upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
            nodeConfig: {
                machineType: "e2-standard-4",
                imageType: "COS_CONTAINERD",
                spot: false,
                shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
                workloadMetadataConfig: { mode: "GKE_METADATA" },
                metadata: { "disable-legacy-endpoints": "true" },
            },
        });
        // A fixed name could not be replaced before the old pool is gone; a fixed count would fight with the autoscaler.
        expect(node).not.toHaveProperty("name");
        expect(node).not.toHaveProperty("nodeCount");
        expect(node["nodeConfig"]).not.toHaveProperty("taints");
    });

    test("spot nodes where Google has them, in zones that were chosen", async () => {
        const pools = {
            general: pool,
            spot: { ...pool, min: 0, spot: true, zones: ["europe-west1-b"], native: { maxPodsPerNode: 64 } },
        };
        const plan = await record({ nodes: { variant: "pools", pools } });
        expect(plan.get("NodePool", "cluster-spot").props).toMatchObject({
            initialNodeCount: 0,
            autoscaling: { totalMinNodeCount: 0, locationPolicy: "ANY" },
            nodeLocations: ["europe-west1-b"],
            nodeConfig: { spot: true },
            maxPodsPerNode: 64,
        });
    });

    test("nodes of arm64 take pods that say nothing about it, and others are told nothing", async () => {
        const arm: GkeNodePool = {
            ...pool,
            machineType: "c4a-standard-4",
            diskType: "hyperdisk-balanced",
        };
        const plan = await record({ nodes: { variant: "pools", pools: { general: pool, arm } } });
        expect(plan.get("NodePool", "cluster-arm").props["nodeConfig"].taintConfig).toEqual({
            architectureTaintBehavior: "NONE",
        });
        expect(plan.get("NodePool", "cluster-general").props["nodeConfig"]).not.toHaveProperty("taintConfig");
    });

    test("another pool, before or behind, changes nothing of the first", async () => {
        const names = async (pools: Record<string, GkeNodePool>) => {
            const plan = await record({ nodes: { variant: "pools", pools } });
            return {
                urn: plan.get("NodePool", "cluster-general").urn,
                props: plan.get("NodePool", "cluster-general").props,
            };
        };
        const alone = await names({ general: pool });
        expect(await names({ general: pool, large: pool })).toEqual(alone);
        expect(await names({ large: pool, general: pool })).toEqual(alone);
    });

    test("the nodes' account may write logs and metrics, nothing else", async () => {
        const plan = await record();
        expect(plan.get("IAMMember", "cluster-nodes-role").props).toMatchObject({
            project: "shop-project",
            role: "roles/container.defaultNodeServiceAccount",
        });
        expect(plan.get("Account", "cluster-nodes").props).toMatchObject({ accountId: "shop-staging-nodes" });
    });

    test("the cluster waits for the network; rights that it needs are given before (R83)", async () => {
        const plan = await recordGcp((opts) => {
            const vpc = new ExistingGcpNetwork("vpc", network, opts);
            const nat = { router: "main", sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES" };
            const wayOut = new RouterNat("way-out", nat, { parent: vpc });
            new GkeCluster("cluster", { ...defaults, vpc, after: [wayOut] }, opts);
            return {};
        });
        const wayOut = plan.get("RouterNat", "way-out").urn;
        expect(plan.get("Cluster", "cluster-cluster").dependencies).toContain(wayOut);
        for (const [kind, name] of [
            ["Account", "cluster-nodes"],
            ["IAMMember", "cluster-nodes-role"],
            ["ServiceIdentity", "cluster-agent"],
            ["CryptoKeyIAMMember", "cluster-agent-key"],
            ["GkeCluster", "cluster"],
        ] as const) {
            expect(plan.get(kind, name).dependencies, name).not.toContain(wayOut);
        }
    });

    test.each([true, false])(
        "network there before: %s; nothing else takes minutes then, so the right to the key does",
        async (networkIsThere) => {
            const plan = await record({ networkIsThere });
            const hooks = networkIsThere ? { afterCreate: [untilKnown] } : undefined;
            expect(plan.options.get("cluster-agent-key")?.hooks).toEqual(hooks);
        },
    );

    test("the wait is as long as Google says that a right takes, and ends", async () => {
        vi.useFakeTimers();
        let over = false;
        const wait = untilKnown().then(() => (over = true));
        await vi.advanceTimersByTimeAsync(propagation - 1);
        expect(over).toBe(false);
        await vi.advanceTimersByTimeAsync(1);
        await wait;
        expect(over).toBe(true);
        vi.useRealTimers();
        expect(propagation).toBeGreaterThanOrEqual(120_000);
    });

    test("what is put on the cluster waits for the pools", async () => {
        const plan = await record();
        expect(plan.outputs["ready"]).toEqual([plan.get("NodePool", "cluster-general").urn]);
    });
});

describe("Autopilot", () => {
    const autopilot = { nodes: { variant: "autopilot" } } as const;

    test("has no pools of ours, and is not told what it refuses to be told", async () => {
        const plan = await record(autopilot);
        expect(plan.created).not.toContainEqual(expect.stringMatching(/^NodePool/));
        const { props } = plan.get("Cluster", "cluster-cluster");
        expect(props["enableAutopilot"]).toBe(true);
        const first = ["initialNodeCount", "removeDefaultNodePool", "nodeConfig"];
        for (const refused of [...first, "enableShieldedNodes", "networkPolicy", "datapathProvider"]) {
            expect(props).not.toHaveProperty(refused);
        }
        expect(plan.outputs["ready"]).toEqual([plan.get("Cluster", "cluster-cluster").urn]);
        expect(plan.outputs["networkPolicy"]).toEqual({ enforced: true });
    });

    test("is private, encrypted and runs nodes under the account all the same", async () => {
        const { props } = await clusterOf(autopilot);
        expect(props).toMatchObject({
            privateClusterConfig: { enablePrivateNodes: true },
            workloadIdentityConfig: { workloadPool: "shop-project.svc.id.goog" },
            databaseEncryption: { state: "ENCRYPTED" },
            clusterAutoscaling: {
                autoProvisioningDefaults: { oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"] },
            },
        });
        expect(props["clusterAutoscaling"].autoProvisioningDefaults).toHaveProperty("serviceAccount");
    });
});

test.each(dataPolicies)(
    "$data: Google and Pulumi refuse to delete it: $protect (R60, R67)",
    async ({ data, protect }) => {
        const cluster = await clusterOf({ data });
        expect(cluster.protect).toBe(protect);
        expect(cluster.props["deletionProtection"]).toBe(protect);
    },
);

describe("who reaches the API (R54)", () => {
    test("a public address for some ranges, and not for every machine of Google's", async () => {
        const { props } = await clusterOf();
        expect(props["masterAuthorizedNetworksConfig"]).toEqual({
            cidrBlocks: [{ cidrBlock: "203.0.113.0/24" }],
            gcpPublicCidrsAccessEnabled: false,
        });
    });

    test("a private address", async () => {
        const { props } = await clusterOf({ apiAccess: { endpoint: "private", cidrs: [] } });
        expect(props["privateClusterConfig"]).toEqual({ enablePrivateNodes: true, enablePrivateEndpoint: true });
        // The block has to be there: without it the private address would answer the whole network.
        expect(props["masterAuthorizedNetworksConfig"]).toEqual({ cidrBlocks: [], gcpPublicCidrsAccessEnabled: false });
    });

    test("Google's front end alone", async () => {
        const { props } = await clusterOf({ apiAccess: { endpoint: "dns", cidrs: [] } });
        expect(props["controlPlaneEndpointsConfig"]).toEqual({
            dnsEndpointConfig: { allowExternalTraffic: true },
            ipEndpointsConfig: { enabled: false },
        });
        expect(props["privateClusterConfig"]).toEqual({ enablePrivateNodes: true });
        expect(props).not.toHaveProperty("masterAuthorizedNetworksConfig");
    });

    test.each(["public", "private"] as const)(
        "%s: Google's front end is shut, and the address is there (R92)",
        async (endpoint) => {
            const { props } = await clusterOf({ apiAccess: { endpoint, cidrs: ["203.0.113.0/24"] } });
            expect(props["controlPlaneEndpointsConfig"]).toEqual({
                dnsEndpointConfig: { allowExternalTraffic: false },
                ipEndpointsConfig: { enabled: true },
            });
        },
    );
});

describe("how it is reached", () => {
    test("by a program that asks for a token: no credential is in it, and nothing secret", async () => {
        const { outputs } = await record();
        const kubeconfig = JSON.parse(outputs["kubeconfig"] as string) as Kubeconfig;
        expect(outputs["secret"]).toBe(false);
        expect(kubeconfig.users).toEqual([
            {
                name: "gke_shop-project_europe-west1_shop-staging",
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "gke-gcloud-auth-plugin",
                        // Else kubectl would be whoever `gcloud auth login` was, and the provider somebody else.
                        args: ["--use_application_default_credentials"],
                        installHint: "gcloud components install gke-gcloud-auth-plugin",
                        interactiveMode: "Never",
                        provideClusterInfo: true,
                    },
                },
            },
        ]);
        expect(kubeconfig["current-context"]).toBe("gke_shop-project_europe-west1_shop-staging");
        expect(kubeconfig.contexts[0].context).toEqual({
            cluster: kubeconfig["current-context"],
            user: kubeconfig["current-context"],
        });
    });

    test("its identifier is known before it is (R73), also where its name had to be cut", async () => {
        const { outputs } = await record({}, true);
        expect(outputs["identifier"]).toBe("gke_shop-project_europe-west1_shop-staging");
        const long = await record({ instance: "a-customer-with-a-rather-long-name-production" });
        const name: string = long.get("Cluster", "cluster-cluster").props["name"];
        expect(name).toHaveLength(40);
        expect(long.outputs["identifier"]).toBe(`gke_shop-project_europe-west1_${name}`);
        expect(long.get("Account", "cluster-nodes").props["accountId"].length).toBeLessThanOrEqual(30);
    });

    test("with the cluster's own authority, or one that every machine trusts", () => {
        const address = { identifier: "gke_p_l_c", endpoint: "192.0.2.1" };
        const own = JSON.parse(gkeKubeconfig({ ...address, caCertificate: "Q0E=" })) as Kubeconfig;
        const cluster = { server: "https://192.0.2.1", "certificate-authority-data": "Q0E=" };
        expect(own.clusters).toEqual([{ name: "gke_p_l_c", cluster }]);
        const known = JSON.parse(gkeKubeconfig(address)) as Kubeconfig;
        expect(known.clusters[0].cluster).toEqual({ server: "https://192.0.2.1" });
    });
});

test.each([
    [
        { start: "02:00", hours: 4, days: ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] },
        "2025-01-01T02:00:00Z",
        "2025-01-01T06:00:00Z",
        "FREQ=DAILY",
    ],
    [
        { start: "22:30", hours: 6, days: ["TU", "WE"] },
        "2025-01-01T22:30:00Z",
        "2025-01-02T04:30:00Z",
        "FREQ=WEEKLY;BYDAY=TU,WE",
    ],
])("is maintained in a window: %o", async (maintenance, startTime, endTime, recurrence) => {
    const { props } = await clusterOf({ maintenance: { ...maintenance, exclusions: {} } });
    expect(props["maintenancePolicy"]).toEqual({
        recurringWindow: { startTime, endTime, recurrence },
        maintenanceExclusions: [],
    });
});

test("is left alone at times that have a name", async () => {
    const sale = { start: "2026-11-20T00:00:00Z", end: "2026-12-01T00:00:00Z", scope: "NO_MINOR_UPGRADES" } as const;
    const { props } = await clusterOf({ maintenance: { ...defaults.maintenance, exclusions: { sale } } });
    expect(props["maintenancePolicy"].maintenanceExclusions).toEqual([
        {
            exclusionName: "sale",
            startTime: "2026-11-20T00:00:00Z",
            endTime: "2026-12-01T00:00:00Z",
            exclusionOptions: { scope: "NO_MINOR_UPGRADES" },
        },
    ]);
});

test("without a key of ours Google's own encrypts, and nobody is let to a key", async () => {
    const plan = await recordGcp((opts) => {
        const { databaseKey: _, ...args } = defaults;
        new GkeCluster("cluster", { ...args, vpc: new ExistingGcpNetwork("vpc", network, opts), after: [] }, opts);
        return {};
    });
    // Said: left out, a key of an earlier setting would go on being needed (R92).
    expect(plan.get("Cluster", "cluster-cluster").props["databaseEncryption"]).toEqual({ state: "DECRYPTED" });
    expect(plan.created).not.toContainEqual(expect.stringMatching(/ServiceIdentity|CryptoKeyIAMMember/));
});

test("to a key that others use too nobody is let by a stack: with the stack, all others would lose it", async () => {
    const plan = await record({ admitToKey: false });
    expect(plan.get("Cluster", "cluster-cluster").props).toMatchObject({
        databaseEncryption: { keyName: defaults.databaseKey },
    });
    expect(plan.created).not.toContainEqual(expect.stringMatching(/ServiceIdentity|CryptoKeyIAMMember/));
});

test.each<[string, Partial<GkeNodePool>, Partial<GkeClusterArgs>, number]>([
    ["a node in each of three zones", { min: 1, max: 5 }, {}, 1],
    ["what is wanted at least, from the beginning", { min: 6, max: 12 }, {}, 2],
    ["never more than the most", { min: 4, max: 5 }, {}, 1],
    ["in the pool's own zones", { min: 4, max: 5, zones: ["europe-west1-b", "europe-west1-c"] }, {}, 2],
    ["in the cluster's one zone", { min: 2, max: 2 }, { location: "europe-west1-b" }, 2],
    ["none where none has to be", { min: 0, max: 2 }, {}, 0],
])("a pool begins with %s", async (_, bounds, changes, count) => {
    const plan = await record({ ...changes, nodes: { variant: "pools", pools: { general: { ...pool, ...bounds } } } });
    expect(plan.get("NodePool", "cluster-general").props["initialNodeCount"]).toBe(count);
});

test("a pool is in zones of its own where it names some, and else in the cluster's, which only the provider knows", async () => {
    const zones = async (own: Partial<GkeNodePool>): Promise<unknown> => {
        const plan = await record({ nodes: { variant: "pools", pools: { general: { ...pool, ...own } } } });
        return plan.get("NodePool", "cluster-general").props["nodeLocations"];
    };
    expect(await zones({ zones: ["europe-west1-c"] })).toEqual(["europe-west1-c"]);
    expect(await zones({})).toBeUndefined();
});

test("the cluster waits for what it needs of Google's permissions", async () => {
    const plan = await record();
    const { dependencies } = plan.get("Cluster", "cluster-cluster");
    expect(dependencies).toContain(plan.get("CryptoKeyIAMMember", "cluster-agent-key").urn);
    expect(dependencies).toContain(plan.get("IAMMember", "cluster-nodes-role").urn);
});

test("what the provider knows and we do not can be set", async () => {
    const native = { addonsConfig: { gcsFuseCsiDriverConfig: { enabled: true } } };
    const { props } = await clusterOf({ native, controlPlaneLogs: ["CONTROLLER_MANAGER", "APISERVER"] });
    expect(props["addonsConfig"]).toMatchObject({
        gcsFuseCsiDriverConfig: { enabled: true },
        httpLoadBalancing: { disabled: false },
    });
    expect(props["loggingConfig"]).toEqual({
        enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER", "CONTROLLER_MANAGER"],
    });
});

test("a first preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});

describe("a cluster that is there already", () => {
    const existing = {
        project: "shop-project",
        location: "europe-west1-b",
        name: "main",
        endpoint: "192.0.2.1",
        caCertificate: "Q0E=",
    };

    test("is reached by what was told of it, and nothing is made", async () => {
        const plan = await recordGcp((opts) => {
            const cluster = new ExistingGkeCluster(
                "cluster",
                { ...existing, enforcesNetworkPolicy: true, storageClass: "premium-rwo" },
                opts,
            );
            const { kubeconfig, identifier, networkPolicy, storageClass, ready } = cluster;
            return { kubeconfig, identifier, networkPolicy, storageClass, ready };
        });
        expect(plan.created).toEqual(["ExistingGkeCluster cluster"]);
        const identifier = "gke_shop-project_europe-west1-b_main";
        expect(plan.outputs).toEqual({
            kubeconfig: gkeKubeconfig({ identifier, endpoint: "192.0.2.1", caCertificate: "Q0E=" }),
            identifier,
            networkPolicy: { enforced: true },
            storageClass: "premium-rwo",
            ready: [],
        });
    });

    test("where NetworkPolicies do not hold, the reason is said (R49)", async () => {
        const plan = await recordGcp((opts) => {
            const { networkPolicy } = new ExistingGkeCluster(
                "cluster",
                { ...existing, enforcesNetworkPolicy: false },
                opts,
            );
            return { networkPolicy };
        });
        expect(plan.outputs["networkPolicy"]).toEqual({
            enforced: false,
            reason: "platform.cluster.enforcesNetworkPolicy says that the cluster has neither Dataplane V2 nor the add-on",
        });
    });
});
