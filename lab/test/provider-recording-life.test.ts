// The life of recorded resources, without an engine: created, read, updated, refused, deleted; the store and the journal.
// What the engine makes of it is test/engine/clouds/recording.test.ts.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isSecret, isUnknown, secret, type PropertyMap, type ResourceProvider } from "../provider-host/index.ts";
import { createRecordedKubernetes } from "../provider-recording/kubernetes/provider.ts";
import { createRecordingProvider } from "../provider-recording/provider.ts";
import { readJournal, Store } from "../provider-recording/store.ts";

let directory: string;
let store: Store;

beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "recording-"));
    store = new Store(directory);
});

afterEach(async () => {
    await rm(directory, { recursive: true });
});

const call = (type: string, name: string) => ({
    urn: `urn:pulumi:s::p::${type}::${name}`,
    type,
    name,
    signal: new AbortController().signal,
    log: () => undefined,
    timeoutSeconds: undefined,
});

async function create(provider: ResourceProvider, type: string, name: string, inputs: PropertyMap) {
    return { ...(await provider.create({ ...call(type, name), inputs, preview: false })), inputs };
}

const remove = (
    provider: ResourceProvider,
    type: string,
    name: string,
    made: { id: string; inputs: PropertyMap; outputs: PropertyMap },
) => provider.delete({ ...call(type, name), id: made.id, inputs: made.inputs, outputs: made.outputs });

const sql = "gcp:sql/databaseInstance:DatabaseInstance";
const network = "gcp:compute/network:Network";
const peering = "gcp:servicenetworking/connection:Connection";

describe("a resource", () => {
    const inputs = {
        name: "main",
        databaseVersion: "POSTGRES_17",
        settings: { tier: "t" },
        rootPassword: secret("s3cret"),
    };

    test("is unknown in a preview where the cloud decides, and known where the program does", async () => {
        const gcp = await createRecordingProvider("gcp", store);
        const { id, outputs } = await gcp.create({ ...call(sql, "db"), inputs, preview: true });
        expect(id).toBe("");
        expect(isUnknown(outputs["connectionName"])).toBe(true);
        expect(outputs["databaseVersion"]).toBe("POSTGRES_17");
        expect(await readdir(join(directory, "resources"))).toEqual([]);
    });

    test("has its secrets marked, and none of them in a file", async () => {
        const gcp = await createRecordingProvider("gcp", store);
        const { outputs } = await create(gcp, sql, "db", inputs);
        expect(isSecret(outputs["rootPassword"]) && isSecret(outputs["serverCaCerts"])).toBe(true);
        const [file] = await readdir(join(directory, "resources"));
        expect(await readFile(join(directory, "resources", file!), "utf8")).not.toContain("s3cret");
    });

    test("is read as it is there, with the secrets of the state", async () => {
        const gcp = await createRecordingProvider("gcp", store);
        const made = await create(gcp, sql, "db", inputs);
        const read = await gcp.read({ ...call(sql, "db"), id: made.id, inputs, outputs: made.outputs });
        expect(read).toEqual({ id: "main", inputs, outputs: made.outputs });
        store.remove(sql, made.id);
        expect(await gcp.read({ ...call(sql, "db"), id: made.id, inputs, outputs: made.outputs })).toBeUndefined();
    });

    test("exists once", async () => {
        const gcp = await createRecordingProvider("gcp", store);
        await create(gcp, sql, "db", inputs);
        await expect(create(gcp, sql, "other", inputs)).rejects.toThrow("409: DatabaseInstance main already exists");
    });

    test("whose id the cloud makes up is another one each time, also beside what a stack left behind", async () => {
        const aws = await createRecordingProvider("aws", store);
        const key = "aws:kms/key:Key";
        const left = await create(aws, key, "secrets", {
            description: "Secrets of the stack",
            enableKeyRotation: true,
        });
        const next = await create(aws, key, "secrets", {
            description: "Secrets of the stack",
            enableKeyRotation: true,
        });
        expect(next.id).not.toBe(left.id);
        expect(next.outputs["arn"]).not.toBe(left.outputs["arn"]);
    });

    test("keeps its addresses when it is updated; a launch template counts", async () => {
        const aws = await createRecordingProvider("aws", store);
        const type = "aws:ec2/launchTemplate:LaunchTemplate";
        const made = await create(aws, type, "nodes", { name: "nodes" });
        const update = {
            ...call(type, "nodes"),
            id: made.id,
            oldInputs: made.inputs,
            oldOutputs: made.outputs,
            ignoreChanges: [],
        };
        const newInputs = { name: "nodes", description: "new" };
        const planned = await aws.update({ ...update, newInputs, preview: true });
        expect(isUnknown(planned.outputs["latestVersion"])).toBe(true);
        const { outputs } = await aws.update({ ...update, newInputs, preview: false });
        expect(outputs).toEqual({ ...made.outputs, description: "new", latestVersion: 2 });
    });

    test("of another type is refused, with those that are known", async () => {
        const gcp = await createRecordingProvider("gcp", store);
        const check = gcp.check({
            ...call("gcp:pubsub/topic:Topic", "t"),
            oldInputs: undefined,
            newInputs: {},
            randomSeed: undefined,
        });
        await expect(check).rejects.toThrow(
            /does not have gcp:pubsub\/topic:Topic.*It has gcp:compute\/network:Network/,
        );
    });
});

describe("deleting is refused", () => {
    test.each([
        [
            "gcp",
            sql,
            { name: "a", settings: { tier: "t" } },
            /deletionProtection is on, which it is unless set to false/,
        ],
        [
            "gcp",
            sql,
            { name: "a", deletionProtection: false, settings: { deletionProtectionEnabled: true } },
            /The instance is protected/,
        ],
        ["gcp", "gcp:redis/instance:Instance", { name: "a", memorySizeGb: 1 }, /deletionProtection is on/],
        [
            "aws",
            "aws:rds/instance:Instance",
            { identifier: "a", deletionProtection: true, skipFinalSnapshot: true },
            /disable deletion protection/,
        ],
        ["aws", "aws:rds/instance:Instance", { identifier: "a" }, /finalSnapshotIdentifier is required/],
        ["aws", "aws:eks/cluster:Cluster", { name: "a", deletionProtection: true }, /deletion protection/],
    ] as const)("%s %s %o", async (cloud, type, inputs, message) => {
        const provider = await createRecordingProvider(cloud, store);
        const made = await create(provider, type, "x", inputs);
        await expect(remove(provider, type, "x", made)).rejects.toThrow(message);
        expect(readJournal(directory).at(-1)).toMatchObject({
            operation: "delete",
            refused: expect.stringMatching(message) as string,
        });
        expect(store.get(type, made.id)).toBeDefined();
    });

    test("of a network while something is in it, of a peering while a server uses it", async () => {
        const gcp = await createRecordingProvider("gcp", store);
        const vpc = await create(gcp, network, "vpc", { name: "vpc" });
        const link = await create(gcp, peering, "peering", {
            network: vpc.id,
            service: "servicenetworking.googleapis.com",
            reservedPeeringRanges: [],
        });
        const privateNetwork = vpc.outputs["selfLink"]!;
        const settings = { tier: "t", ipConfiguration: { ipv4Enabled: false, privateNetwork } };
        const db = await create(gcp, sql, "db", { name: "db", deletionProtection: false, settings });
        await expect(remove(gcp, network, "vpc", vpc)).rejects.toThrow(/Connection .* still uses it/);
        await expect(remove(gcp, peering, "peering", link)).rejects.toThrow(/DatabaseInstance db \(db\) still uses it/);
        await remove(gcp, sql, "db", db);
        await remove(gcp, peering, "peering", link);
        await remove(gcp, network, "vpc", vpc);
        expect(store.all()).toEqual([]);
    });

    test("of what is abandoned is asked of nobody, of what is prevented never", async () => {
        const gcp = await createRecordingProvider("gcp", store);
        const inputs = { name: "a", settings: { tier: "t" } };
        const abandoned = await create(gcp, sql, "a", { ...inputs, deletionPolicy: "ABANDON" });
        await remove(gcp, sql, "a", abandoned);
        const prevented = await create(gcp, sql, "a", {
            ...inputs,
            deletionProtection: false,
            deletionPolicy: "PREVENT",
        });
        await expect(remove(gcp, sql, "a", prevented)).rejects.toThrow(/deletionPolicy is PREVENT/);
    });

    test("of an EKS cluster while it has node groups, of a VPC while it has subnets", async () => {
        const aws = await createRecordingProvider("aws", store);
        const vpc = await create(aws, "aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
        const subnet = await create(aws, "aws:ec2/subnet:Subnet", "a", { vpcId: vpc.id });
        const cluster = await create(aws, "aws:eks/cluster:Cluster", "main", {
            name: "main",
            vpcConfig: { subnetIds: [subnet.id] },
        });
        await create(aws, "aws:eks/nodeGroup:NodeGroup", "general", {
            clusterName: "main",
            nodeGroupName: "general",
            subnetIds: [],
        });
        await expect(remove(aws, "aws:ec2/vpc:Vpc", "vpc", vpc)).rejects.toThrow(/Subnet subnet-/);
        await expect(remove(aws, "aws:ec2/subnet:Subnet", "a", subnet)).rejects.toThrow(/Cluster main/);
        await expect(remove(aws, "aws:eks/cluster:Cluster", "main", cluster)).rejects.toThrow(/NodeGroup main:general/);
    });

    test("of a DigitalOcean VPC while it has members", async () => {
        const digitalocean = await createRecordingProvider("digitalocean", store);
        const vpc = await create(digitalocean, "digitalocean:index/vpc:Vpc", "vpc", { name: "vpc", region: "fra1" });
        await create(digitalocean, "digitalocean:index/databaseCluster:DatabaseCluster", "db", {
            name: "db",
            engine: "pg",
            privateNetworkUuid: vpc.id,
        });
        await expect(remove(digitalocean, "digitalocean:index/vpc:Vpc", "vpc", vpc)).rejects.toThrow(/DatabaseCluster/);
    });
});

describe("on a recorded cluster", () => {
    const namespace = "kubernetes:core/v1:Namespace";
    const configMap = "kubernetes:core/v1:ConfigMap";
    const cluster = "gcp:container/cluster:Cluster";

    async function kubernetes(endpoint: unknown): Promise<ResourceProvider> {
        const provider = createRecordedKubernetes(store);
        const kubeconfig = `clusters:\n  - name: c\n    cluster:\n      server: https://${String(endpoint)}\n`;
        await provider.configure!({ urn: undefined, config: { kubeconfig } });
        return provider;
    }

    test("objects need their namespace, and go with it", async () => {
        const provider = await kubernetes("203.0.113.7");
        const object = { metadata: { name: "settings", namespace: "shop" }, data: {} };
        await expect(create(provider, configMap, "settings", object)).rejects.toThrow('namespaces "shop" not found');
        const made = await create(provider, namespace, "shop", { metadata: { name: "shop" } });
        await create(provider, configMap, "settings", object);
        await create(await kubernetes("203.0.113.8"), namespace, "shop", { metadata: { name: "shop" } });
        await remove(provider, namespace, "shop", made);
        expect(store.all()).toHaveLength(1);
        await create(provider, configMap, "own", { metadata: { name: "own", namespace: "kube-system" } });
    });

    test("nothing answers once the cluster is deleted", async () => {
        const gcp = await createRecordingProvider("gcp", store);
        const made = await create(gcp, cluster, "main", { name: "main", deletionProtection: false });
        const provider = await kubernetes(made.outputs["endpoint"]);
        const object = await create(provider, namespace, "shop", { metadata: { name: "shop" } });
        await remove(gcp, cluster, "main", made);
        await expect(remove(provider, namespace, "shop", object)).rejects.toThrow(
            /does not answer: the cluster is deleted already/,
        );
        const read = provider.read({
            ...call(namespace, "shop"),
            id: object.id,
            inputs: object.inputs,
            outputs: object.outputs,
        });
        await expect(read).rejects.toThrow(/does not answer/);
    });

    test("names, namespaces and replacements are those of the stand-in", async () => {
        const provider = await kubernetes("203.0.113.7");
        const asked = {
            ...call(configMap, "settings"),
            oldInputs: undefined,
            newInputs: { data: { a: "1" } },
            randomSeed: new Uint8Array(32),
        };
        const { inputs } = await provider.check(asked);
        expect(inputs["metadata"]).toMatchObject({
            name: expect.stringMatching(/^settings-[0-9a-f]{8}$/) as string,
            namespace: "default",
        });
        const diff = {
            ...call(configMap, "settings"),
            id: "x",
            oldInputs: inputs,
            oldOutputs: inputs,
            ignoreChanges: [],
        };
        const { changes } = await provider.diff({ ...diff, newInputs: { ...inputs, data: { a: "2" } } });
        expect(changes).toMatchObject([{ path: ["data", "a"], replace: true }]);
    });

    test("Helm releases are named, kept and moved", async () => {
        const type = "kubernetes:helm.sh/v3:Release";
        const provider = await kubernetes("203.0.113.7");
        const asked = { ...call(type, "cilium"), oldInputs: undefined, randomSeed: new Uint8Array(32) };
        expect((await provider.check({ ...asked, newInputs: {} })).failures).toHaveLength(1);
        const { inputs } = await provider.check({
            ...asked,
            newInputs: { chart: "cilium", namespace: "kube-system", values: { a: 1 } },
        });
        const made = await create(provider, type, "cilium", inputs);
        expect(made.id).toMatch(/^kube-system\/cilium-[0-9a-f]{8}$/);
        expect(made.outputs["status"]).toMatchObject({ status: "deployed", namespace: "kube-system" });
        const diff = {
            ...call(type, "cilium"),
            id: made.id,
            oldInputs: inputs,
            oldOutputs: made.outputs,
            ignoreChanges: [],
        };
        expect((await provider.diff({ ...diff, newInputs: { ...inputs, values: { a: 2 } } })).changes).toMatchObject([
            { path: ["values", "a"] },
        ]);
        expect((await provider.diff({ ...diff, newInputs: { ...inputs, namespace: "other" } })).changes).toMatchObject([
            { replace: true },
        ]);
    });

    test("a Secret's values are in no file, marked or not, and read as they were", async () => {
        const provider = await kubernetes("203.0.113.7");
        const type = "kubernetes:core/v1:Secret";
        const inputs = {
            kind: "Secret",
            metadata: { name: "s", namespace: "default" },
            stringData: { password: "pl41n" },
        };
        const made = await create(provider, type, "s", inputs);
        const [file] = await readdir(join(directory, "resources"));
        expect(await readFile(join(directory, "resources", file!), "utf8")).not.toContain("pl41n");
        const read = await provider.read({ ...call(type, "s"), id: made.id, inputs, outputs: made.outputs });
        expect(read).toEqual({ id: "default/s", inputs, outputs: made.outputs });
    });

    test("charts that are rendered are refused", async () => {
        const provider = await kubernetes("203.0.113.7");
        const check = provider.check({
            ...call("kubernetes:helm.sh/v4:Chart", "x"),
            oldInputs: undefined,
            newInputs: {},
            randomSeed: undefined,
        });
        await expect(check).rejects.toThrow(/does not run Helm charts/);
    });
});

test("without a directory there is neither store nor journal: the state is all there is", async () => {
    const provider = await createRecordingProvider("gcp", new Store(""));
    const made = await create(provider, network, "vpc", { name: "vpc" });
    await create(provider, network, "vpc", { name: "vpc" });
    expect(
        await provider.read({ ...call(network, "vpc"), id: made.id, inputs: made.inputs, outputs: made.outputs }),
    ).toMatchObject({ id: made.id });
    expect(
        await provider.read({ ...call(network, "vpc"), id: made.id, inputs: undefined, outputs: {} }),
    ).toBeUndefined();
});
