// What the recording providers refuse, replace, name and answer. Does not prove that the real clouds do the same: the data
// was looked up (lab/provider-recording/schema/facts), not observed.
import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { secret, unknownValue, type PropertyMap } from "../provider-host/index.ts";
import { named } from "../provider-recording/autoname.ts";
import { madeName } from "../../commands/plan/answers/made-name.ts";
import { checkInputs, failureText } from "../provider-recording/check.ts";
import { diffInputs } from "../provider-recording/diff.ts";
import { createRecordingProvider } from "../provider-recording/provider.ts";
import { answer } from "../../commands/plan/answers/functions.ts";
import { withInputs } from "../../commands/plan/answers/merge.ts";
import { recordedAuthority } from "../../commands/plan/answers/outputs/certificate.ts";
import { accountOf, outputsOf } from "../../commands/plan/answers/outputs.ts";
import { loadSchema } from "../../commands/plan/answers/schema/load.ts";

const [gcp, aws, digitalocean] = [await loadSchema("gcp"), await loadSchema("aws"), await loadSchema("digitalocean")];
const schemas = { gcp, aws, digitalocean };

const sql = "gcp:sql/databaseInstance:DatabaseInstance";
const redis = "gcp:redis/instance:Instance";
const rds = "aws:rds/instance:Instance";
const group = "aws:elasticache/replicationGroup:ReplicationGroup";
const doks = "digitalocean:index/kubernetesCluster:KubernetesCluster";

function cloudOf(type: string): "gcp" | "aws" | "digitalocean" {
    return type.split(":")[0] as "gcp" | "aws" | "digitalocean";
}

function failures(type: string, inputs: PropertyMap): string[] {
    const schema = schemas[cloudOf(type)];
    return checkInputs(schema, schema.resources[type]!, inputs).map(failureText);
}

describe("inputs", () => {
    const right = { databaseVersion: "POSTGRES_17", settings: { tier: "db-custom-1-3840", edition: "ENTERPRISE" } };

    test("as the SDK types them pass, secret or unknown or not", () => {
        expect(failures(sql, right)).toEqual([]);
        expect(
            failures(sql, { ...right, rootPassword: secret("x"), settings: { ...right.settings, tier: unknownValue } }),
        ).toEqual([]);
        expect(failures(sql, { databaseVersion: unknownValue, settings: unknownValue })).toEqual([]);
    });

    test("all that is wrong is told at once, with the nearest name", () => {
        const wrong = { settings: { tier: 5, edition: "PLUS", deletionProtection: true, ipConfiguration: [] } };
        const told = failures(sql, wrong);
        expect(told).toHaveLength(4);
        expect(told).toContainEqual(
            expect.stringMatching(/^settings.edition is "PLUS"; allowed are "ENTERPRISE", "ENTERPRISE_PLUS"/),
        );
        expect(told).toContainEqual(
            expect.stringMatching(
                /^settings.deletionProtection there is no such input. Fix: deletionProtectionEnabled\?/,
            ),
        );
        expect(told).toContainEqual(
            expect.stringMatching(/^settings.ipConfiguration is a list; the cloud takes an object/),
        );
        expect(told).toContainEqual(expect.stringMatching(/^databaseVersion is missing/));
    });

    test("what the bridge converts is no error", () => {
        expect(failures(redis, { memorySizeGb: "5", authEnabled: "true" })).toEqual([]);
        expect(failures(redis, { memorySizeGb: "five" })).toEqual([
            "memorySizeGb is a string; the cloud takes a number. Fix: give it that.",
        ]);
    });

    test("a secret's value is not told", () => {
        const told = failures(redis, { memorySizeGb: 1, connectMode: secret("hunter2") });
        expect(told).toHaveLength(1);
        expect(told[0]).not.toContain("hunter2");
        expect(told[0]).toContain("DIRECT_PEERING");
    });

    test("elements of lists are looked at", () => {
        const inputs = {
            roleArn: "r",
            vpcConfig: { subnetIds: ["s"] },
            enabledClusterLogTypes: ["audit", "everything"],
        };
        expect(failures("aws:eks/cluster:Cluster", inputs)).toEqual([
            expect.stringContaining("enabledClusterLogTypes[1]"),
        ]);
    });

    const cluster = { name: "shop", region: "fra1", version: "1.34", nodePool: { name: "first", size: "s-2vcpu-4gb" } };
    const database = { name: "db", engine: "pg", version: "17", region: "fra1", size: "db-s-1vcpu-2gb", nodeCount: 1 };
    const of = (name: string) => `digitalocean:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
    const caa = { domain: "example.org", type: "CAA", name: "@", value: "letsencrypt.org.", flags: 0, tag: "issue" };
    const rule = { type: "ip_addr", value: "192.0.2.1" };

    test.each([
        ["SpacesBucket", { region: "ric1" }, "region"],
        ["KubernetesCluster", { ...cluster, tags: ["a.b"] }, "tags[0]"],
        ["KubernetesCluster", { ...cluster, maintenancePolicy: { day: "someday" } }, "maintenancePolicy.day"],
        ["KubernetesCluster", { ...cluster, maintenancePolicy: { duration: "4h" } }, "maintenancePolicy.duration"],
        ["KubernetesCluster", { ...cluster, kubeconfigExpireSeconds: -1 }, "kubeconfigExpireSeconds"],
        ["KubernetesCluster", { ...cluster, nodePool: { ...cluster.nodePool, id: "x" } }, "nodePool.id"],
        ["KubernetesCluster", { ...cluster, version: "" }, "version"],
        ["DatabaseCluster", { ...database, nodeCount: 0 }, "nodeCount"],
        ["DatabaseCluster", { ...database, projectId: "" }, "projectId"],
        ["DatabaseCluster", { ...database, version: undefined }, "version"],
        ["DatabaseCluster", { ...database, tags: ["two words"] }, "tags[0]"],
        ["DatabaseFirewall", { clusterId: "c", rules: [{ ...rule, uuid: "u" }] }, "rules[0].uuid"],
        ["Domain", { name: "example.org", ipAddress: "" }, "ipAddress"],
        ["DnsRecord", { ...caa, tag: undefined }, "tag"],
        ["Certificate", { name: "c", type: "lets_encrypt", domains: ["example.org"], privateKey: "k" }, ""],
    ] as const)("DigitalOcean's provider refuses of a %s %o: %s", (type, inputs, path) => {
        const told = failures(of(type), inputs);
        expect(told).toHaveLength(1);
        expect(told[0]!.startsWith(path)).toBe(true);
        expect(told[0]).toContain("Fix: ");
    });

    test.each([
        ["KubernetesCluster", { ...cluster, maintenancePolicy: { day: "Sunday" }, tags: ["a:b_c-1"] }],
        ["DatabaseCluster", { ...database, maintenanceWindows: [{ day: "Sunday", hour: "03:00" }] }],
        ["SpacesBucket", { region: "FRA1" }],
        ["DnsRecord", caa],
        ["KubernetesCluster", { ...cluster, kubeconfigExpireSeconds: 0, version: unknownValue }],
    ] as const)("and takes of a %s %o", (type, inputs) => {
        expect(failures(of(type), inputs)).toEqual([]);
    });

    test("what is beyond a limit is not told of a secret", () => {
        const told = failures(of("Domain"), { name: "example.org", ipAddress: secret("") });
        expect(told).toEqual([expect.stringMatching(/^ipAddress is a secret; the provider takes none/)]);
    });

    test("what cannot be set together is refused", () => {
        const inputs = { description: "d", numCacheClusters: 2, numNodeGroups: 1 };
        expect(failures(group, inputs)).toEqual([
            expect.stringContaining("numCacheClusters and numNodeGroups cannot be set together"),
        ]);
        expect(failures(group, { description: "d", numCacheClusters: 2, numNodeGroups: null })).toEqual([]);
    });
});

function changes(type: string, before: PropertyMap, after: PropertyMap) {
    const schema = schemas[cloudOf(type)];
    const result = diffInputs(schema, schema.resources[type]!, { oldInputs: before, newInputs: after });
    return {
        unnamed: result.replaces ?? [],
        replaced: result.changes.filter(({ replace }) => replace).map(({ path }) => path.join(".")),
        updated: result.changes.filter(({ replace }) => replace !== true).map(({ path }) => path.join(".")),
        deleteBeforeReplace: result.deleteBeforeReplace,
    };
}

describe("a change", () => {
    test.each([
        [rds, { storageEncrypted: true }, { storageEncrypted: false }],
        [rds, { username: "a" }, { username: "b" }],
        [rds, { dbName: "a" }, { dbName: "b" }],
        [redis, { tier: "BASIC" }, { tier: "STANDARD_HA" }],
        [group, { atRestEncryptionEnabled: true }, { atRestEncryptionEnabled: false }],
        [doks, { nodePool: { name: "p", size: "a" } }, { nodePool: { name: "p", size: "b" } }],
        ["gcp:container/cluster:Cluster", { location: "europe-west4" }, { location: "europe-west4-a" }],
        ["digitalocean:index/databaseConnectionPool:DatabaseConnectionPool", { size: 10 }, { size: 20 }],
    ] as const)("%s: %o to %o replaces", (type, before, after) => {
        expect(changes(type, before, after)).toMatchObject({ replaced: [expect.any(String)], updated: [] });
    });

    test.each([
        [rds, { instanceClass: "a", allocatedStorage: 20 }, { instanceClass: "b", allocatedStorage: 40 }],
        [rds, { identifier: "a" }, { identifier: "b" }],
        [
            redis,
            { memorySizeGb: 1, readReplicasMode: "READ_REPLICAS_DISABLED" },
            { memorySizeGb: 2, readReplicasMode: "READ_REPLICAS_ENABLED" },
        ],
        [doks, { name: "a", ha: false }, { name: "b", ha: true }],
        [
            "gcp:container/nodePool:NodePool",
            { nodeConfig: { machineType: "a", diskSizeGb: 50 } },
            { nodeConfig: { machineType: "b", diskSizeGb: 60 } },
        ],
        [
            "digitalocean:index/databaseCluster:DatabaseCluster",
            { size: "a", region: "fra1" },
            { size: "b", region: "ams3" },
        ],
    ] as const)("%s: %o to %o does not", (type, before, after) => {
        const { replaced, updated } = changes(type, before, after);
        expect(replaced).toEqual([]);
        expect(updated).not.toEqual([]);
    });

    test("whether some replace depends on the direction", () => {
        const inPlace = { unnamed: [], replaced: [] };
        // No property says so: the bridge's own word, and the property as one that is updated.
        const replaced = (path: string) => ({ unnamed: ["__meta"], replaced: [], updated: [path] });
        const size = (diskSize: number) => ({ settings: { tier: "t", diskSize } });
        expect(changes(sql, size(10), size(20))).toMatchObject(inPlace);
        expect(changes(sql, size(20), size(10))).toMatchObject(replaced("settings.diskSize"));
        const range = (ipCidrRange: string) => ({ network: "n", ipCidrRange });
        const subnetwork = "gcp:compute/subnetwork:Subnetwork";
        expect(changes(subnetwork, range("10.0.0.0/24"), range("10.0.0.0/20"))).toMatchObject(inPlace);
        expect(changes(subnetwork, range("10.0.0.0/20"), range("10.0.0.0/24"))).toMatchObject(replaced("ipCidrRange"));
        const version = (text: string) => ({ name: "shop", version: text });
        expect(changes(doks, version("1.34.1-do.2"), version("1.35.0-do.0"))).toMatchObject(inPlace);
        expect(changes(doks, version("1.34.1-do.2"), version("1.33.9-do.4"))).toMatchObject({
            ...replaced("version"),
            deleteBeforeReplace: true,
        });
        const network = (privateNetwork?: string) => ({ settings: { ipConfiguration: { privateNetwork } } });
        expect(changes(sql, network("a"), network("b"))).toMatchObject(inPlace);
        expect(changes(sql, network("a"), network())).toMatchObject(
            replaced("settings.ipConfiguration.privateNetwork"),
        );
    });

    test("of a block counts by what is in it", () => {
        const cluster = "gcp:container/cluster:Cluster";
        const policy = (inside: PropertyMap) => ({ ipAllocationPolicy: inside });
        expect(changes(cluster, {}, policy({ additionalPodRangesConfig: { podRangeNames: ["p"] } })).replaced).toEqual(
            [],
        );
        expect(changes(cluster, {}, policy({ clusterSecondaryRangeName: "pods" })).replaced).toEqual([
            "ipAllocationPolicy",
        ]);
    });

    test("what the cloud filled in stays when the program says no more of it", () => {
        expect(changes(rds, { availabilityZone: "a", instanceClass: "c" }, { instanceClass: "c" })).toMatchObject({
            replaced: [],
            updated: [],
        });
    });

    test("a fixed name has the old one go first, a made one does not", () => {
        const fixed = (tier: string) => ({ name: "cache", tier });
        expect(changes(redis, fixed("BASIC"), fixed("STANDARD_HA")).deleteBeforeReplace).toBe(true);
        const made = (tier: string) => ({ name: "cache-0123456", __defaults: ["name"], tier });
        expect(changes(redis, made("BASIC"), made("STANDARD_HA")).deleteBeforeReplace).toBe(false);
        // Another name too, where the program gives it; of a type that has none by itself, never.
        for (const type of [
            "databaseDb:DatabaseDb",
            "databaseUser:DatabaseUser",
            "containerRegistry:ContainerRegistry",
        ]) {
            const named = changes(`digitalocean:index/${type}`, { name: "a" }, { name: "b" });
            expect(named, type).toMatchObject({ replaced: ["name"], deleteBeforeReplace: true });
        }
        const dnsRecord = "digitalocean:index/dnsRecord:DnsRecord";
        const record = { domain: "a", type: "A", name: "@" };
        expect(changes(dnsRecord, record, { ...record, domain: "b" }).deleteBeforeReplace).toBe(true);
        const domain = "digitalocean:index/domain:Domain";
        expect(changes(domain, { name: "a" }, { name: "b" }).deleteBeforeReplace).toBe(false);
    });

    const bucket = "digitalocean:index/spacesBucket:SpacesBucket";
    const pool = "digitalocean:index/kubernetesNodePool:KubernetesNodePool";
    const policy = { day: "any", startTime: "03:00" };
    const firstPool = { name: "p", size: "s" };
    test.each([
        ["a default, of a bucket", bucket, { acl: "private", forceDestroy: false }, {}],
        ["a default, of a block", bucket, { versioning: { enabled: false } }, { versioning: {} }],
        ["what is a default, of a cluster", doks, { surgeUpgrade: true, registryIntegration: false }, {}],
        ["what the cloud fills in", doks, { nodePool: { ...firstPool, nodeCount: 2 } }, { nodePool: firstPool }],
        ["what the cloud fills into a block", doks, { maintenancePolicy: policy }, { maintenancePolicy: {} }],
        ["a whole block that it fills in", doks, { maintenancePolicy: policy }, {}],
        ["a default of Google's", redis, { connectMode: "DIRECT_PEERING" }, {}],
        ["and the other way round", redis, {}, { connectMode: "DIRECT_PEERING" }],
    ] as const)("taken away, nothing changes: %s", (_, type, before, after) => {
        expect(changes(type, before, after)).toMatchObject({ replaced: [], updated: [] });
    });

    test.each([
        ["other than the default", bucket, { acl: "public-read" }, {}, "acl"],
        ["labels of a pool", pool, { labels: { a: "b" } }, {}, "labels"],
        ["in a map of texts", "aws:ec2/vpc:Vpc", { tags: { name: "a" } }, { tags: {} }, "tags.name"],
    ] as const)("taken away, it changes: %s", (_, type, before, after, path) => {
        expect(changes(type, before, after)).toMatchObject({ replaced: [], updated: [path] });
    });

    test("of the network of nodes replaces a DOKS cluster", () => {
        const nodes = (workerSubnetUuid: string) => ({ name: "shop", workerSubnetUuid });
        expect(changes(doks, nodes("a"), nodes("b"))).toMatchObject({ replaced: ["workerSubnetUuid"] });
    });
});

describe("names", () => {
    const autoname = { property: "name", limit: 20 };
    const seed = new Uint8Array(32).fill(7);

    test("are made of the resource's and seven digits of the seed", () => {
        expect(madeName("cache", seed, autoname)).toMatch(/^cache-[0-9a-f]{7}$/);
        expect(madeName("cache", seed, autoname)).toBe(madeName("cache", seed, autoname));
        expect(madeName("Cache", seed, { ...autoname, lowerCase: true })).toMatch(/^cache-/);
        expect(() => madeName("a-cache-with-a-name", seed, autoname)).toThrow(/27 characters; allowed are 20/);
    });

    test("stay as they are, and give way to the program's", () => {
        const call = {
            name: "cache",
            randomSeed: new Uint8Array(32),
            oldInputs: { name: "cache-0123456", __defaults: ["name"] },
        };
        expect(named({ ...call, newInputs: {} }, autoname)).toMatchObject({ name: "cache-0123456" });
        expect(named({ ...call, newInputs: { name: "mine" } }, autoname)).toEqual({ name: "mine" });
        const given = { ...call, oldInputs: { name: "mine" } };
        expect(named({ ...given, newInputs: {} }, autoname)).toMatchObject({
            name: expect.stringMatching(/^cache-/) as string,
        });
    });
});

describe("answers", () => {
    const ask = (type: string, inputs: PropertyMap, config = {}, urn = "urn:1") => {
        const cloud = cloudOf(type);
        return outputsOf(schemas[cloud].resources[type]!, {
            type,
            name: "main",
            urn,
            inputs: inputs as never,
            account: accountOf(cloud, config),
        });
    };

    test("are in the shapes of the cloud, in the provider's project and region", () => {
        const config = { project: "acme", region: "europe-west4" };
        const inputs = {
            name: "main",
            databaseVersion: "POSTGRES_17",
            settings: { tier: "t", ipConfiguration: { ipv4Enabled: false, privateNetwork: "n" } },
        };
        const { id, outputs } = ask(sql, inputs, config);
        expect(id).toBe("main");
        expect(outputs).toMatchObject({
            connectionName: "acme:europe-west4:main",
            publicIpAddress: "",
            firstIpAddress: outputs["privateIpAddress"],
        });
        const role = ask(
            "aws:iam/role:Role",
            { name: "nodes", assumeRolePolicy: "{}" },
            { allowedAccountIds: '["210987654321"]' },
        );
        expect(role).toMatchObject({ id: "nodes", outputs: { arn: "arn:aws:iam::210987654321:role/nodes" } });
        const vpc = ask("digitalocean:index/vpc:Vpc", { name: "main", region: "fra1" });
        expect(vpc.outputs["vpcUrn"]).toBe(`do:vpc:${vpc.id}`);
        expect(vpc.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    });

    test("are the same for the same question, and others for a replacement", () => {
        const type = "aws:ec2/vpc:Vpc";
        expect(ask(type, { cidrBlock: "10.0.0.0/16" })).toEqual(ask(type, { cidrBlock: "10.0.0.0/16" }));
        expect(ask(type, { cidrBlock: "10.0.0.0/16" }).id).not.toBe(ask(type, { cidrBlock: "10.1.0.0/16" }).id);
        expect(ask(type, { cidrBlock: "10.0.0.0/16" }).id).not.toBe(
            ask(type, { cidrBlock: "10.0.0.0/16" }, {}, "urn:2").id,
        );
    });

    test("TLS has a port of its own in Memorystore, and an authority", () => {
        const { outputs } = ask(redis, {
            name: "c",
            memorySizeGb: 1,
            transitEncryptionMode: "SERVER_AUTHENTICATION",
            authEnabled: true,
        });
        expect(outputs).toMatchObject({ port: 6378, serverCaCerts: [{ cert: recordedAuthority }] });
        expect(outputs["authString"]).not.toBe("");
        expect(ask(redis, { name: "c", memorySizeGb: 1 }).outputs).toMatchObject({
            port: 6379,
            authString: "",
            serverCaCerts: [],
        });
    });

    test("the authority is a certificate that can be parsed and lasts", () => {
        const certificate = new X509Certificate(recordedAuthority);
        expect(certificate.ca).toBe(true);
        expect(new Date(certificate.validTo).getFullYear()).toBe(2126);
    });

    test("what the program gives of a block stays, the rest is filled in", () => {
        const computed = { masterAuth: { clusterCaCertificate: "ca", clientKey: "" }, endpoint: "e" };
        expect(withInputs(computed, { masterAuth: { clientKey: "mine" }, name: null, __defaults: [] })).toEqual({
            masterAuth: { clusterCaCertificate: "ca", clientKey: "mine" },
            endpoint: "e",
        });
    });

    test("functions are a closed list", async () => {
        const ca = answer("digitalocean:index/getDatabaseCa:getDatabaseCa", { clusterId: "c" });
        expect(ca).toMatchObject({ certificate: recordedAuthority });
        expect(answer("digitalocean:index/getImages:getImages", {})).toBeUndefined();
        const provider = await createRecordingProvider("digitalocean");
        await expect(
            provider.invoke!({ token: "digitalocean:index/getImages:getImages", args: {} } as never),
        ).rejects.toThrow(/does not have digitalocean:index\/getImages/);
    });
});
