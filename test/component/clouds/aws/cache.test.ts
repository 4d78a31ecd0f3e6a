// Does not prove that ElastiCache accepts these arguments or that a client's TLS handshake ends well: only an account does.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import {
    ElastiCacheCache,
    type CreatedElastiCacheServers,
    type ElastiCacheCacheArgs,
} from "../../../../components/cache/aws/elasticache.ts";
import { SecretValue } from "../../../../commands/plan/plan.ts";
import { expectOneFamily, placement } from "../../../support/component.ts";
import { recordAws } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const created: CreatedElastiCacheServers = {
    variant: "create",
    version: "8.1",
    nodeType: "cache.t4g.small",
    replicas: 0,
    network: {
        vpcId: "vpc-0a",
        subnetIds: ["subnet-0a", "subnet-0b"],
        cidrs: ["10.20.64.0/22"],
        clients: { cluster: { securityGroupId: "sg-0c" } },
    },
    applyImmediately: true,
};

const record = remembered((changes: Partial<ElastiCacheCacheArgs> = {}, preview: boolean = false) =>
    recordAws(
        (opts) => {
            const cache = new ElastiCacheCache("cache", { ...placement, server: created, ...changes }, opts);
            const { backend, primary, replicas, password, tls, clientLabels } = cache;
            return { backend, primary, replicas, password, isSecret: pulumi.isSecret(password), tls, clientLabels };
        },
        { preview },
    ),
);

const recordServer = (changes: Partial<CreatedElastiCacheServers>, others: Partial<ElastiCacheCacheArgs> = {}) =>
    record({ ...others, server: { ...created, ...changes } });

const serversOf = async (
    changes: Partial<CreatedElastiCacheServers> = {},
    others: Partial<ElastiCacheCacheArgs> = {},
) => (await recordServer(changes, others)).get("ReplicationGroup", "cache-nodes");

test("a replication group with its own network, firewall and parameters, and a Service of the namespace", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "ElastiCache cache",
        "NetworkPolicy cache-to-store",
        "ParameterGroup cache-parameters",
        "RandomPassword cache-password",
        "ReplicationGroup cache-nodes",
        "SecurityGroup cache-firewall",
        "SecurityGroupIngressRule cache-from-cluster",
        "Service cache-service",
        "SubnetGroup cache-subnets",
    ]);
    expectOneFamily(plan, ["ElastiCache", "cache"]);
    expect(plan.get("ElastiCache", "cache").type).toBe("django-on-kubernetes:cache:ElastiCache");
    expect(plan.get("SubnetGroup", "cache-subnets").type).toBe("aws:elasticache/subnetGroup:SubnetGroup");
});

test("tells the app AWS's own names, which are in the certificate, and that it is TLS (R62)", async () => {
    const { outputs } = await recordServer({ replicas: 2 }, { password: pulumi.secret("given-token-of-20-c") });
    expect(outputs).toEqual({
        backend: "django.core.cache.backends.redis.RedisCache",
        primary: { host: expect.stringMatching(/^master\..+\.cache\.amazonaws\.com$/) as string, port: 6379 },
        replicas: [{ host: expect.stringMatching(/^replica\..+\.cache\.amazonaws\.com$/) as string, port: 6379 }],
        password: "given-token-of-20-c",
        isSecret: true,
        tls: {},
        clientLabels: { "django-on-kubernetes/reaches-cache": "true" },
    });
});

test("without replicas Django reads from the primary", async () => {
    expect((await record()).outputs).toMatchObject({ replicas: [] });
});

test("what the group is: encrypted, with a password, without shards and snapshots", async () => {
    const { props, protect } = await serversOf();
    expect(props).toMatchObject({
        engine: "valkey",
        engineVersion: "8.1",
        autoMinorVersionUpgrade: false,
        nodeType: "cache.t4g.small",
        clusterMode: "disabled",
        port: 6379,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authTokenUpdateStrategy: "ROTATE",
        atRestEncryptionEnabled: true,
        snapshotRetentionLimit: 0,
        applyImmediately: true,
        description: "The cache of shop-staging",
    });
    for (const left of ["kmsKeyId", "replicationGroupId", "finalSnapshotIdentifier", "numNodeGroups"]) {
        expect(props).not.toHaveProperty(left);
    }
    expect(protect).toBe(false);
});

test.each(["protected", "kept", "disposable"] as const)(
    "holds nothing that cannot be made again: %s data too",
    async (data) => {
        expect((await serversOf({}, { data })).protect).toBe(false);
    },
);

test.each([
    [0, 1, false],
    [1, 2, true],
    [3, 4, true],
])("with %i replicas there are %i nodes, and one takes over: %s", async (replicas, numCacheClusters, available) => {
    expect((await serversOf({ replicas })).props).toMatchObject({
        numCacheClusters,
        automaticFailoverEnabled: available,
        multiAzEnabled: available,
    });
});

test("another number of replicas changes the group and nothing else", async () => {
    const urns = async (replicas: number) => (await recordServer({ replicas })).resources.map(({ urn }) => urn);
    expect(await urns(3)).toEqual(await urns(0));
});

test.each([
    ["7.2", "valkey7"],
    ["8.0", "valkey8"],
    ["8.2", "valkey8"],
])("version %s has the family %s, and evicts what was used longest ago (R32, R63)", async (version, family) => {
    const { props } = (await recordServer({ version })).get("ParameterGroup", "cache-parameters");
    expect(props).toMatchObject({ family, parameters: [{ name: "maxmemory-policy", value: "allkeys-lru" }] });
    expect(props).not.toHaveProperty("name");
});

describe("the password", () => {
    test("is generated of characters that ElastiCache takes", async () => {
        const { length, overrideSpecial } = (await record()).get("RandomPassword", "cache-password").props;
        expect(length).toBe(64);
        expect(overrideSpecial).toMatch(/^[!&#$^<>-]+$/);
    });

    test("is a secret", async () => {
        const token = (await serversOf({}, { password: pulumi.secret("canary-f00d-canary") })).props[
            "authToken"
        ] as unknown;
        expect(token).toBeInstanceOf(SecretValue);
        expect((token as SecretValue).examine((value) => value)).toBe("canary-f00d-canary");
    });
});

test("the longest name of an app leaves room for the provider's suffix in an id of 40 characters (R71)", async () => {
    const name = `${"a".repeat(20)}-cache`;
    const plan = await recordAws((opts) => {
        new ElastiCacheCache(name, { ...placement, server: created }, opts);
        return {};
    });
    const { name: logical } = plan.get("ReplicationGroup", `${name}-nodes`);
    expect(logical.length + "-1234567".length).toBeLessThanOrEqual(40);
});

test("admits the cluster at one port, and lets labelled pods out to the subnets' ranges (R48)", async () => {
    const plan = await record();
    expect(plan.get("SecurityGroupIngressRule", "cache-from-cluster").props).toMatchObject({
        referencedSecurityGroupId: "sg-0c",
        ipProtocol: "tcp",
        fromPort: 6379,
        toPort: 6379,
    });
    expect(plan.get("Service", "cache-service").props["spec"]).toMatchObject({
        type: "ExternalName",
        externalName: expect.stringMatching(/^master\./) as string,
    });
    expect(plan.get("NetworkPolicy", "cache-to-store").props["spec"]).toMatchObject({
        podSelector: { matchLabels: { "django-on-kubernetes/reaches-cache": "true" } },
        egress: [{ to: [{ ipBlock: { cidr: "10.20.64.0/22" } }], ports: [{ protocol: "TCP", port: 6379 }] }],
    });
});

test("is encrypted on disk by a key that is there", async () => {
    const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
    expect((await serversOf({ keyArn })).props["kmsKeyId"]).toBe(keyArn);
});

test("native arguments win, and leave the others as they are", async () => {
    const { props } = await serversOf({ native: { authTokenUpdateStrategy: "SET", tags: { team: "shop" } } });
    expect(props).toMatchObject({
        authTokenUpdateStrategy: "SET",
        tags: { Name: "shop-staging-cache", team: "shop" },
        transitEncryptionEnabled: true,
        subnetGroupName: expect.stringContaining("cache-subnets") as string,
    });
    expect(props["authToken"]).toBeInstanceOf(SecretValue);
});

test("a group that is there is reached, and nothing of it is made or changed", async () => {
    const server = { variant: "existing", primary: "master.x.cache.amazonaws.com", cidrs: ["10.9.0.0/24"] } as const;
    const plan = await record({ server, password: pulumi.secret("its own") });
    expect(plan.created).toEqual(["ElastiCache cache", "NetworkPolicy cache-to-store", "Service cache-service"]);
    expect(plan.outputs).toMatchObject({
        primary: { host: server.primary, port: 6379 },
        replicas: [],
        password: "its own",
    });
    const reader = "replica.x.cache.amazonaws.com";
    expect((await record({ server: { ...server, reader } })).outputs).toMatchObject({
        replicas: [{ host: reader, port: 6379 }],
    });
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});
