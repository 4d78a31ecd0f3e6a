// Does not prove that AWS knows a version, a type or an id: only an account does.
import { describe, expect, test } from "vitest";
import { checked, problemsAfter, type Change } from "../../../support/settings.ts";

type Raw = Record<string, unknown>;

const admins = ["arn:aws:iam::123456789012:role/deploy"];
const cluster = { variant: "create", version: "1.36", admins };
const smallest = { variant: "aws", cluster };
const clouds: Change = ["clouds", { aws: { account: "123456789012", region: "eu-central-1" } }];

const platform = (changes: Raw = {}): Change[] => [clouds, ["platform", { ...smallest, ...changes }]];
const problems = (changes: Raw) => problemsAfter(...platform(changes)).map(({ path, allowed }) => ({ path, allowed }));

const existingNetwork = {
    variant: "existing",
    id: "vpc-0a1b2c3d4e5f60718",
    publicSubnets: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"],
    publicRanges: ["10.1.0.0/24", "10.1.1.0/24"],
    privateSubnets: ["subnet-2a1b2c3d", "subnet-3a1b2c3d"],
};
const existingCluster = {
    variant: "existing",
    name: "main",
    endpoint: "https://0A1B2C.gr7.eu-central-1.eks.amazonaws.com",
    ca: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
    securityGroup: "sg-0a1b2c3d",
};

test("a version and an admin are enough", () => {
    expect(checked(...platform()).platform).toEqual({
        variant: "aws",
        network: { variant: "create", range: "10.0.0.0/16", zones: ["a", "b", "c"], endpoints: [] },
        cluster: {
            ...cluster,
            apiAccess: { cidrs: [], privateCidrs: [] },
            serviceRange: "172.20.0.0/16",
            nodes: { variant: "auto", pools: ["general-purpose", "system"], ownPools: {} },
            addonVersions: {},
        },
        registry: { variant: "none" },
        dns: { variant: "none" },
        ci: { variant: "none" },
        gateway: { variant: "install", definitions: "install", certificateArns: [], attributes: {} },
        logs: { controlPlaneDays: 90 },
        secretsKey: { variant: "create" },
        native: {},
    });
});

test("what is created has defaults", () => {
    const made = checked(
        ...platform({
            network: { variant: "create" },
            cluster: { ...cluster, nodes: { variant: "managed", groups: { general: { min: 1, max: 3 } } } },
            registry: { variant: "create", repositories: ["shop"] },
            dns: { variant: "create", domain: "shop.example.org" },
            logs: { containers: {}, flow: {} },
        }),
    ).platform;
    expect(made).toMatchObject({
        network: { range: "10.0.0.0/16", zones: ["a", "b", "c"] },
        cluster: {
            nodes: { groups: { general: { architecture: "amd64", spot: false, diskGigabytes: 50, labels: {} } } },
        },
        registry: { keepImages: 300 },
        dns: { certificateAuthorities: ["amazon.com", "amazontrust.com"], dnssec: false, hostRecords: true },
        logs: { containers: { days: 30 }, flow: { traffic: "REJECT", days: 30 } },
    });
});

test("a network, cluster, registry, zone, key and controller that exist are taken as they are", () => {
    const adopted = {
        network: { ...existingNetwork, storeSubnets: [], storeRanges: [] },
        cluster: { ...existingCluster, enforcesNetworkPolicy: true },
        registry: { variant: "existing", prefix: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop" },
        dns: { variant: "existing", domain: "shop.example.org", id: "Z0123456789ABCDEFGHIJ" },
        gateway: { variant: "existing", className: "alb" },
        secretsKey: { variant: "existing", id: "alias/shop" },
    };
    expect(checked(...platform(adopted)).platform).toMatchObject(adopted);
});

describe("the network", () => {
    test.each([
        [{ range: "10.0.0.0/19" }, "platform.network.range", "a range between /16 and /18"],
        [
            { range: "10.0.1.0/16" },
            "platform.network.range",
            "an IPv4 range that begins with its first address, for example 10.40.0.0/16",
        ],
        [{ zones: ["a"] }, "platform.network.zones", "at least two zones: EKS and load balancers ask for them"],
        [{ zones: ["a", "a"] }, "platform.network.zones", "each zone once"],
        [
            { zones: ["a", "eu-central-1b"] },
            "platform.network.zones[1]",
            "the letter of an availability zone of the region: a to f",
        ],
        [{ endpoints: ["sts", "sts"] }, "platform.network.endpoints", "each service once"],
    ])("%j: %s", (changes, path, allowed) => {
        expect(problems({ network: { variant: "create", ...changes } })).toEqual([
            { path, allowed: expect.stringContaining(allowed) as string },
        ]);
    });

    test.each([
        [
            { publicSubnets: [], publicRanges: [] },
            "platform.network.publicSubnets",
            "at least two subnets, in different zones, for load balancers; or gateway.variant none",
        ],
        [
            { publicRanges: [] },
            "platform.network.publicRanges",
            "as many ranges as publicSubnets: requests come from there",
        ],
        [
            { storeSubnets: ["subnet-4a1b2c3d", "subnet-5a1b2c3d"] },
            "platform.network.storeRanges",
            "as many ranges as storeSubnets: pods may reach them",
        ],
        [
            { storeSubnets: ["subnet-4a1b2c3d"], storeRanges: ["10.1.8.0/24"] },
            "platform.network.storeSubnets",
            "two subnets or more, in different zones, or none",
        ],
        [
            { privateSubnets: ["subnet-2a1b2c3d"] },
            "platform.network.privateSubnets",
            "at least two subnets, in different zones",
        ],
        [{ id: "shop" }, "platform.network.id", "the id of a VPC, for example vpc-0a1b2c3d4e5f60718"],
    ])("that exists, %j: %s", (changes, path, allowed) => {
        expect(problems({ network: { ...existingNetwork, ...changes } })).toEqual([
            { path, allowed: expect.stringContaining(allowed) as string },
        ]);
    });

    test("that exists has logs of its own", () => {
        expect(problems({ network: existingNetwork, logs: { flow: {} } })).toEqual([
            {
                path: "platform.logs.flow",
                allowed: expect.stringContaining(
                    "flow logs of an existing network belong to whoever made it",
                ) as string,
            },
        ]);
    });
});

describe("the cluster", () => {
    test.each([
        [
            { version: "1.9" },
            "platform.cluster.version",
            'a minor version of Kubernetes, in quotes, for example "1.36"',
        ],
        [{ version: 1.36 }, "platform.cluster.version", 'a minor version of Kubernetes, in quotes, for example "1.36"'],
        [{ admins: [] }, "platform.cluster.admins", "at least one IAM role: the one that runs Pulumi"],
        [
            { admins: ["deploy"] },
            "platform.cluster.admins[0]",
            "the ARN of an IAM role or user, for example arn:aws:iam::123456789012:role/deploy",
        ],
        [{ admins: [...admins, ...admins] }, "platform.cluster.admins", "each role once"],
        [
            { apiAccess: { cidrs: ["0.0.0.0/0"] } },
            "platform.cluster.apiAccess.cidrs[0]",
            "a range that is not the whole internet",
        ],
        [
            { serviceRange: "172.20.0.0/11" },
            "platform.cluster.serviceRange",
            "an IPv4 range that begins with its first address",
        ],
        [{ serviceRange: "100.64.0.0/16" }, "platform.cluster.serviceRange", "a private range between /12 and /24"],
        [
            { serviceRange: "10.0.0.0/16" },
            "platform.cluster.serviceRange",
            "a range that has no address in common with network.range",
        ],
        [
            { nodes: { variant: "auto", pools: ["system"] } },
            "platform.cluster.nodes.pools",
            "general-purpose among them, or a pool without taints in ownPools: apps run there",
        ],
        [
            { nodes: { variant: "managed", groups: { a: { min: 0, max: 3 } } } },
            "platform.cluster.nodes.groups",
            "at least one group with min 1 or more: add-ons need a node",
        ],
        [
            { nodes: { variant: "managed", groups: { a: { min: 4, max: 3 } } } },
            "platform.cluster.nodes.groups.a.min",
            "at most 3, which is max",
        ],
        [
            { nodes: { variant: "managed", groups: { a: { min: 1, max: 3, instanceTypes: ["large"] } } } },
            "platform.cluster.nodes.groups.a.instanceTypes[0]",
            "an instance type, for example m7i.large",
        ],
        [
            { nodes: { variant: "auto", pools: [] } },
            "platform.cluster.nodes.pools",
            "at least one: Auto Mode's NodeClass is there with one of its pools only",
        ],
        [
            {
                nodes: {
                    variant: "auto",
                    pools: ["system"],
                    ownPools: { batch: { taints: [{ key: "batch", effect: "NoSchedule" }] } },
                },
            },
            "platform.cluster.nodes.pools",
            "a pool without taints in ownPools: apps run there",
        ],
        [
            { nodes: { variant: "auto", ownPools: { system: {} } } },
            "platform.cluster.nodes.ownPools",
            "other names than general-purpose and system",
        ],
        [
            { nodes: { variant: "auto", ownPools: { apps: { labels: { "kubernetes.io/arch": "arm64" } } } } },
            "platform.cluster.nodes.ownPools.apps.labels",
            "none below kubernetes.io, k8s.io, karpenter.sh or eks.amazonaws.com",
        ],
        [
            { nodes: { variant: "auto", ownPools: { apps: { atATime: "half" } } } },
            "platform.cluster.nodes.ownPools.apps.atATime",
            "a number of nodes or a percentage",
        ],
        [
            { nodes: { variant: "auto", ownPools: { apps: { quiet: [{ schedule: "@daily", hours: 8 }] } } } },
            "platform.cluster.nodes.ownPools.apps.quiet[0].schedule",
            "as cron has it with five fields",
        ],
        [
            { apiAccess: { privateCidrs: ["203.0.113.0/24"] } },
            "platform.cluster.apiAccess.privateCidrs[0]",
            "private ranges: a VPN's, a peered network's, the network's own",
        ],
        [
            { addonVersions: { coredns: "1.12" } },
            "platform.cluster.addonVersions.coredns",
            "an add-on's version, for example v1.20.1-eksbuild.3",
        ],
    ])("%j: %s", (changes, path, allowed) => {
        const found = problems({ cluster: { ...cluster, ...changes } });
        expect(found[0]).toEqual({ path, allowed: expect.stringContaining(allowed) as string });
    });

    test("that exists is in a network that exists", () => {
        expect(problems({ cluster: existingCluster })).toEqual([
            {
                path: "platform.network.variant",
                allowed: expect.stringContaining(
                    '"existing": an existing cluster is in a network that exists',
                ) as string,
            },
        ]);
    });

    test.each([
        [{ name: "-shop" }, "name", "a cluster's name: 1 to 100 letters, digits, hyphens and underscores"],
        [{ endpoint: "0A1B2C.eks.amazonaws.com" }, "endpoint", "the API server's address"],
        [
            { ca: "-----BEGIN CERTIFICATE-----" },
            "ca",
            "the CA's certificate as base64, as certificateAuthority.data has it",
        ],
        [{ securityGroup: "default" }, "securityGroup", "the id of a security group, for example sg-0a1b2c3d4e5f60718"],
    ])("that exists, %j", (changes, key, allowed) => {
        expect(problems({ network: existingNetwork, cluster: { ...existingCluster, ...changes } })).toEqual([
            { path: `platform.cluster.${key}`, allowed: expect.stringContaining(allowed) as string },
        ]);
    });
});

describe("the rest", () => {
    test.each([
        [
            { registry: { variant: "create", repositories: [] } },
            "platform.registry.repositories",
            "at least one repository, for example shop",
        ],
        [
            { registry: { variant: "create", repositories: ["shop", "shop"] } },
            "platform.registry.repositories",
            "each repository once",
        ],
        [
            { registry: { variant: "existing", prefix: "https://ecr/shop" } },
            "platform.registry.prefix",
            "what stands before an image's name",
        ],
        [
            { dns: { variant: "create", domain: "shop.example.org", certificateAuthorities: ["letsencrypt.org"] } },
            "platform.dns.certificateAuthorities",
            "else ACM issues nothing",
        ],
        [
            { dns: { variant: "existing", domain: "shop.example.org", id: "/hostedzone/Z1" } },
            "platform.dns.id",
            "a hosted zone's id, for example Z0123456789ABCDEFGHIJ",
        ],
        [
            { logs: { controlPlaneDays: 100 } },
            "platform.logs.controlPlaneDays",
            "days that CloudWatch knows: 1, 3, 5, 7",
        ],
        [
            { secretsKey: { variant: "existing", id: "shop" } },
            "platform.secretsKey.id",
            "a key's id or alias, for example alias/shop",
        ],
    ])("%j: %s", (changes, path, allowed) => {
        expect(problems(changes)).toEqual([{ path, allowed: expect.stringContaining(allowed) as string }]);
    });
});
