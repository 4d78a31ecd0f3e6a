// The AWS platform as a whole: what its settings make of it. Does not prove that AWS makes it: only an account does.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { DataPolicy } from "../../../../components/contract.ts";
import { awsPlatform } from "../../../../settings/clouds/aws/platform.ts";
import { resolveAwsPlatform } from "../../../../settings/clouds/aws/resolve.ts";
import { createAwsPlatform } from "../../../../stacks/clouds/aws/platform.ts";
import { awsProvider } from "../../../../stacks/clouds/aws/provider.ts";
import type { PlatformContext } from "../../../../stacks/context.ts";
import { recordComponent } from "../../../support/component.ts";
import { account, region } from "./place.ts";
import { remembered } from "../../../support/remembered.ts";

type Raw = Record<string, unknown>;

const admins = [`arn:aws:iam::${account}:role/deploy`];
const smallest = { variant: "aws", cluster: { variant: "create", version: "1.36", admins } };
const managed = { ...smallest.cluster, nodes: { variant: "managed", groups: { general: { min: 2, max: 4 } } } };
const zone = { variant: "create", domain: "shop.example.org" };

const adopted = {
    network: {
        variant: "existing",
        id: "vpc-0a1b2c3d",
        publicSubnets: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
        publicRanges: ["10.1.0.0/24", "10.1.1.0/24"],
        privateSubnets: ["subnet-2a1b2c3d", "subnet-3a1b2c3d"],
        storeSubnets: ["subnet-4a1b2c3d", "subnet-5a1b2c3d"],
        storeRanges: ["10.1.8.0/24", "10.1.9.0/24"],
    },
    cluster: {
        variant: "existing",
        name: "main",
        endpoint: "https://0A1B2C.gr7.eu-central-1.eks.amazonaws.com",
        ca: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
        securityGroup: "sg-0a1b2c3d",
        storageClass: "gp3",
    },
    registry: { variant: "existing", prefix: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop" },
    dns: { variant: "existing", domain: "shop.example.org", id: "Z0123456789ABCDEFGHIJ" },
    gateway: { variant: "existing", className: "alb" },
    secretsKey: { variant: "existing", id: "alias/shop" },
};

const record = remembered(
    (changes: Raw = {}, { data = "kept", preview = false }: { data?: DataPolicy; preview?: boolean } = {}) => {
        return recordComponent(
            () => {
                const aws = awsProvider({ account, region }, { instance: "shop-staging" });
                const context = {
                    instance: "shop-staging",
                    data,
                    clouds: { provider: () => Promise.resolve(aws), settings: () => ({ account, region }) },
                } as unknown as PlatformContext;
                const kind = data === "protected" ? "production" : "staging";
                const settings = resolveAwsPlatform(awsPlatform.parse({ ...smallest, ...changes }), kind);
                const made = pulumi.output(createAwsPlatform(settings, context));
                return {
                    platform: made.apply(({ kubernetes: _, ready, zone: found, registry, ...rest }) => ({
                        ...rest,
                        registry: registry && { prefix: registry.prefix },
                        zone: found && { domain: found.domain, id: found.id, nameServers: found.nameServers },
                        ready: ready.map(({ urn }) => urn.apply((text) => text.split("::").at(-1)!)),
                    })),
                };
            },
            { preview },
        );
    },
);

const platformOf = async (changes: Raw = {}) => (await record(changes)).outputs["platform"] as Record<string, unknown>;
const kinds = async (changes: Raw = {}, options = {}) =>
    (await record(changes, options)).created.map((resource) => resource.split(" ")[0]!);

test("a version and an admin make a network, keys, a cluster with storage and policies, and a way in", async () => {
    const plan = await record();
    const components = plan.resources.filter(({ custom, type }) => !custom && type.startsWith("django-on-kubernetes:"));
    expect(components.map(({ type, name }) => `${type.replace("django-on-kubernetes:", "")} ${name}`).sort()).toEqual([
        "addons:AwsLoadBalancerController load-balancer-controller",
        "addons:GatewayApiCrds gateway-api",
        "cluster:AutoModeNetworkPolicy network-policy",
        "cluster:ControllerIdentity load-balancer-controller-identity",
        "cluster:EbsStorageClass storage",
        "cluster:Eks cluster",
        "keys:Kms cluster-key",
        "keys:Kms secrets-key",
        "logs:ControlPlane cluster-logs",
        "vpc:Aws network",
    ]);
});

test("environments learn what they need of it", async () => {
    const { ready, ...platform } = await platformOf({
        dns: zone,
        registry: { variant: "create", repositories: ["shop"] },
    });
    expect(platform).toMatchObject({
        connection: { clusterIdentifier: `arn:aws:eks:${region}:${account}:cluster/shop-staging` },
        networkPolicy: { enforced: true },
        storageClass: "auto-gp3-encrypted",
        gateway: {
            kind: "aws",
            className: "aws-alb",
            from: { namespaces: [], cidrs: ["10.0.192.0/24", "10.0.193.0/24", "10.0.194.0/24"] },
        },
        vpc: { cloud: "aws", storeCidrs: ["10.0.224.0/24", "10.0.225.0/24", "10.0.226.0/24"] },
        zone: { domain: "shop.example.org" },
        registry: { prefix: `${account}.dkr.ecr.${region}.amazonaws.com/shop-staging` },
        secretsProvider: expect.stringMatching(/^awskms:\/\/\//) as string,
    });
    expect(ready).toEqual(
        expect.arrayContaining([
            "cluster-metrics-server",
            "network-policy-controller",
            "storage-class",
            "load-balancer-controller-class",
            "external-dns-release",
        ]),
    );
});

test("what is there already is named, and nothing of it is touched", async () => {
    const plan = await record(adopted);
    expect(plan.created.filter((name) => !name.startsWith("ExternalDns") && !name.includes("external-dns"))).toEqual(
        [],
    );
    const platform = await platformOf(adopted);
    expect(platform).toMatchObject({
        networkPolicy: { enforced: false, reason: expect.stringContaining("enforcesNetworkPolicy") as string },
        storageClass: "gp3",
        gateway: { kind: "aws", className: "alb", from: { cidrs: ["10.1.0.0/24", "10.1.1.0/24"] } },
        vpc: {
            vpcId: "vpc-0a1b2c3d",
            storeCidrs: ["10.1.8.0/24", "10.1.9.0/24"],
            clientSecurityGroupId: "sg-0a1b2c3d",
        },
        zone: { domain: "shop.example.org", id: "Z0123456789ABCDEFGHIJ", nameServers: [] },
        registry: { prefix: adopted.registry.prefix },
        secretsProvider: "awskms:///alias/shop?region=eu-central-1",
    });
    expect(JSON.parse((platform["connection"] as { kubeconfig: string }).kubeconfig)).toMatchObject({
        clusters: [{ cluster: { server: adopted.cluster.endpoint } }],
    });
});

test("what is not wanted is not there", async () => {
    const without = { gateway: { variant: "none" }, secretsKey: { variant: "none" } };
    expect(await kinds(without)).not.toContain("Release");
    expect(await platformOf(without)).not.toHaveProperty("gateway");
    expect(await platformOf(without)).not.toHaveProperty("secretsProvider");
    expect((await record({ dns: { ...zone, hostRecords: false } })).created).not.toContain("ExternalDns external-dns");
    const present = await record({ gateway: { variant: "install", definitions: "present" } });
    expect(present.created).not.toContain("GatewayApiCrds gateway-api");
    expect(present.created).toContain("AwsLoadBalancerController load-balancer-controller");
    // It follows routes, and without the Gateway API there are none.
    expect((await record({ dns: zone, gateway: { variant: "none" } })).created).not.toContain(
        "ExternalDns external-dns",
    );
});

describe("a gateway to the internet", () => {
    test.each([
        ["protected", 3],
        ["kept", 1],
        ["disposable", 1],
    ] as const)("for %s data: %i", async (data, number) => {
        expect((await kinds({}, { data })).filter((kind) => kind === "NatGateway")).toHaveLength(number);
    });

    test("is as many as were asked for", async () => {
        const network = { variant: "create", nat: "perZone", zones: ["a", "b"] };
        expect((await kinds({ network })).filter((kind) => kind === "NatGateway")).toHaveLength(2);
    });
});

describe("pools of one's own on Auto Mode", () => {
    const nodes = { variant: "auto", pools: ["system"], ownPools: { apps: { architecture: "arm64", spot: true } } };
    const cluster = { ...smallest.cluster, nodes };

    test("are objects of the cluster, with what was set; without any, nothing is", async () => {
        const plan = await record({ cluster });
        expect(plan.get("Cluster", "cluster-cluster").props["computeConfig"]).toMatchObject({
            enabled: true,
            nodePools: ["system"],
        });
        expect(plan.get("NodePool", "node-pools-apps").props["spec"]).toMatchObject({
            limits: { cpu: "64" },
            template: {
                spec: {
                    requirements: expect.arrayContaining([
                        { key: "kubernetes.io/arch", operator: "In", values: ["arm64"] },
                    ]) as unknown,
                },
            },
        });
        expect((await record()).created.filter((one) => one.includes("NodePool"))).toEqual([]);
    });

    test("wait for the API and not for add-ons, which may wait for their nodes; controllers and environments wait for them", async () => {
        const plan = await record({ cluster });
        const { urn, dependencies } = plan.get("NodePool", "node-pools-apps");
        expect(dependencies.filter((one) => one.includes("Addon"))).toEqual([]);
        expect(plan.get("Release", "load-balancer-controller-release").dependencies).not.toEqual([]);
        const parents = plan.resources.filter(({ name }) => name === "load-balancer-controller");
        expect(
            parents
                .flatMap((one) => one.dependencies)
                .concat(plan.get("Release", "load-balancer-controller-release").dependencies),
        ).toContain(urn);
        expect((plan.outputs["platform"] as { ready: string[] }).ready).toContain("node-pools-apps");
    });
});

test("in production nothing uninstalls the Gateway API's definitions, and every Gateway with them", async () => {
    const release = async (data: DataPolicy) => {
        const { protect, retainOnDelete } = (await record({}, { data })).get("Release", "gateway-api-release");
        return { protect, retainOnDelete };
    };
    expect(await release("protected")).toEqual({ protect: true, retainOnDelete: true });
    expect(await release("kept")).toEqual({ protect: false, retainOnDelete: false });
});

test("the add-on for logs has the version that is set, as the others have", async () => {
    const name = "amazon-cloudwatch-observability";
    const set = { ...smallest.cluster, addonVersions: { [name]: "v5.2.0-eksbuild.1" } };
    const plan = await record({ cluster: set, logs: { containers: {} } });
    expect(plan.get("Addon", "container-logs-addon").props).toMatchObject({
        addonName: name,
        addonVersion: "v5.2.0-eksbuild.1",
    });
    const bare = await record({ logs: { containers: {} } });
    expect(bare.get("Addon", "container-logs-addon").props).not.toHaveProperty("addonVersion");
});

describe("managed node groups", () => {
    test("come with the autoscaler, the add-on's storage class, and no ConfigMap of Auto Mode", async () => {
        const plan = await record({ cluster: managed });
        expect(plan.created).toContain("ClusterAutoscaler cluster-autoscaler");
        expect(plan.created).not.toContain("AutoModeNetworkPolicy network-policy");
        expect(plan.get("StorageClass", "storage-class").props["provisioner"]).toBe("ebs.csi.aws.com");
        expect(plan.get("NodeGroup", "cluster-nodes-general").props["instanceTypes"]).toEqual(["m7i.large"]);
        expect((plan.outputs["platform"] as { ready: string[] }).ready).toContain("cluster-autoscaler-release");
    });

    test("have machines of their architecture", async () => {
        const groups = { arm: { min: 1, max: 2, architecture: "arm64" } };
        const plan = await record({ cluster: { ...managed, nodes: { variant: "managed", groups } } });
        expect(plan.get("NodeGroup", "cluster-nodes-arm").props).toMatchObject({
            instanceTypes: ["m7g.large"],
            amiType: "AL2023_ARM_64_STANDARD",
        });
    });
});

describe("the order of making, and the reverse of deleting (R72)", () => {
    const waitsFor = (plan: Awaited<ReturnType<typeof record>>, kind: string, name: string) => {
        const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
        const found = new Set<string>();
        const walk = (urn: string): void => {
            const resource = byUrn.get(urn);
            const provider = resource?.provider?.split("::").slice(0, -1).join("::");
            for (const next of [...(resource?.dependencies ?? []), resource?.parent, provider]) {
                if (next !== undefined && !found.has(next)) {
                    found.add(next);
                    walk(next);
                }
            }
        };
        walk(plan.get(kind, name).urn);
        return [...found].map((urn) => urn.split("::").at(-1)!);
    };

    test("controllers come after nodes, network and their permissions", async () => {
        const plan = await record({ cluster: managed, dns: zone });
        expect(waitsFor(plan, "Release", "load-balancer-controller-release")).toEqual(
            expect.arrayContaining([
                "gateway-api-release",
                "load-balancer-controller-identity-association",
                "load-balancer-controller-identity-policy",
                "cluster-nodes-general",
                "cluster-vpc-cni",
                "cluster-coredns",
                "network-private-a-nat",
                "network-public-internet",
            ]),
        );
        expect(waitsFor(plan, "Release", "external-dns-release")).toEqual(
            expect.arrayContaining(["zone-zone", "gateway-api-release"]),
        );
    });

    test("identities of controllers wait for the control plane alone, and are minutes old when pods start", async () => {
        const plan = await record({ cluster: managed, dns: zone });
        for (const name of ["load-balancer-controller", "external-dns", "cluster-autoscaler"]) {
            const found = waitsFor(plan, "PodIdentityAssociation", `${name}-identity-association`);
            expect(found).toContain("cluster-cluster");
            expect(found.filter((one) => /^cluster-(nodes-general|coredns|metrics-server|vpc-cni)$/.test(one))).toEqual(
                [],
            );
        }
    });

    test("the cluster comes after its log, its key, its permissions and every way out", async () => {
        const plan = await record();
        expect(waitsFor(plan, "Cluster", "cluster-cluster")).toEqual(
            expect.arrayContaining([
                "cluster-logs-group",
                "cluster-key-key",
                "cluster-control-plane-AmazonEKSNetworkingPolicy",
                "network-private-c-nat",
                "network-s3",
            ]),
        );
    });
});

test("logs go where they were sent", async () => {
    const plan = await record({ logs: { containers: { days: 7 }, flow: { traffic: "ALL" } } });
    expect(plan.get("LogGroup", "container-logs-application").props["retentionInDays"]).toBe(7);
    expect(plan.get("FlowLog", "flow-logs-flow").props["trafficType"]).toBe("ALL");
});

test("everything takes arguments by AWS's own names", async () => {
    const native = {
        network: { enableNetworkAddressUsageMetrics: true },
        cluster: { zonalShiftConfig: { enabled: true } },
        dns: { comment: "of the shop" },
        registry: { imageTagMutability: "MUTABLE" },
        keys: { rotationPeriodInDays: 180 },
    };
    const plan = await record({ native, dns: zone, registry: { variant: "create", repositories: ["shop"] } });
    expect(plan.get("Vpc", "network-vpc").props).toMatchObject(native.network);
    expect(plan.get("Cluster", "cluster-cluster").props).toMatchObject(native.cluster);
    expect(plan.get("Zone", "zone-zone").props).toMatchObject(native.dns);
    expect(plan.get("Repository", "registry-shop-repository").props).toMatchObject(native.registry);
    expect(plan.get("Key", "secrets-key-key").props).toMatchObject(native.keys);
});

test("the provider works on one account, marks everything, and has no credential", async () => {
    const provider = (await record()).resources.find(({ type }) => type === "pulumi:providers:aws");
    expect(provider!.props).toMatchObject({ region });
    expect(JSON.stringify(provider!.props)).toContain(account);
    expect(Object.keys(provider!.props).filter((key) => /key|token|secret|profile/i.test(key))).toEqual([]);
});

test("a preview plans the same", async () => {
    const all = {
        dns: zone,
        registry: { variant: "create", repositories: ["shop"] },
        logs: { containers: {}, flow: {} },
    };
    expect((await record(all, { preview: true })).created).toEqual((await record(all)).created);
});
