// Secrets of a namespace's own store: a SecretStore of the External Secrets Operator, of its kind `kubernetes`, which reads another
// namespace as an account of the app's own. What a first update says whose namespace has no such store yet, and that the next one goes
// on; keys of buckets for static and uploaded files and for backups, from the store and from a Secret that is there; what a change of each does,
// under load. One story, in order. Not proved here: stores of clouds and vaults, and what is sealed (secrets.test.ts).
import { setTimeout as sleep } from "node:timers/promises";
import { KubernetesObjectApi, type V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
    nodeAddress,
    prepareCluster,
    startCluster,
    startObjectStorage,
    stopObjectStorage,
    type ObjectStorage,
} from "../../lab/cluster/index.ts";
import { appearancesOf } from "../cluster/support/appearances.ts";
import { bucketAddress, type BucketAddress } from "../cluster/support/bucket-address.ts";
import { ownerOf, removeBucket } from "../cluster/support/buckets.ts";
import { Client } from "../cluster/support/client.ts";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { upload } from "../cluster/support/upload.ts";

/** Where the store's values are. */
const vault = "test-vault";
const entry = "prod-shop";
const store = "own-vault";
const reader = "reads-the-vault";
/** Of the bucket's TLS address, which pods need for backups. */
const server = "test-stores-bucket";
const buckets = { static: "stores-static", media: "stores-media", backups: "stores-backups" };
const passphrase = "a passphrase of some length, for a test";
const turns = ["first", "next"] as const;

type Turn = (typeof turns)[number];

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;
let storage: ObjectStorage;
let address: BucketAddress;

function report(message: string): void {
    console.log(message);
}

/** As `kubectl apply` would. */
async function apply(object: object): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(cluster.config);
    await api.patch(object, undefined, undefined, "test", true, "application/apply-patch+yaml");
}

async function applySecret(namespace: string, name: string, texts: Readonly<Record<string, string>>): Promise<void> {
    const data = Object.fromEntries(
        Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
    );
    await apply({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, data });
}

const greetings: Readonly<Record<Turn, string>> = { first: "firstGreetingOfTheVault", next: "nextGreetingOfTheVault" };

/** What the vault has, of the greeting and of the key for uploads. */
async function fill(turn: Turn): Promise<void> {
    const { accessKey, secretKey } = storage.users[`media-${turn}`]!;
    await applySecret(vault, entry, { greeting: greetings[turn], "media-id": accessKey, "media-secret": secretKey });
}

/** The keys that somebody put into the app's namespace. */
async function put(turn: Turn): Promise<void> {
    const { [`static-${turn}`]: release, [`backups-${turn}`]: backups } = storage.users;
    await applySecret(environment.namespace, "shop-buckets", {
        "static-id": release!.accessKey,
        "static-secret": release!.secretKey,
        "backups-id": backups!.accessKey,
        "backups-secret": backups!.secretKey,
        passphrase,
    });
}

/** Who may write where, from now on. */
async function letIn(...allowed: readonly Turn[]): Promise<void> {
    const users = (what: string): string[] => allowed.map((turn) => `${what}-${turn}`);
    storage = await startObjectStorage(report, [
        { name: buckets.static, readBy: [`http://${environment.host}:8080`], writtenBy: users("static") },
        { name: buckets.media, writtenBy: users("media") },
        { name: buckets.backups, writtenBy: users("backups") },
    ]);
}

/** Made by whoever runs the namespace: a store that reads the vault, and nothing else there, as an account of the namespace. */
async function applyStore(): Promise<void> {
    const { namespace } = environment;
    const group = "rbac.authorization.k8s.io";
    await apply({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: reader, namespace } });
    await apply({
        apiVersion: "external-secrets.io/v1",
        kind: "SecretStore",
        metadata: { name: store, namespace },
        spec: {
            provider: {
                kubernetes: {
                    remoteNamespace: vault,
                    server: {
                        url: cluster.config.getCurrentCluster()!.server,
                        caProvider: { type: "ConfigMap", name: "kube-root-ca.crt", key: "ca.crt" },
                    },
                    auth: { serviceAccount: { name: reader } },
                },
            },
        },
    });
    await apply({
        apiVersion: `${group}/v1`,
        kind: "Role",
        metadata: { name: reader, namespace: vault },
        rules: [{ apiGroups: [""], resources: ["secrets"], resourceNames: [entry], verbs: ["get"] }],
    });
    await apply({
        apiVersion: `${group}/v1`,
        kind: "RoleBinding",
        metadata: { name: reader, namespace: vault },
        roleRef: { apiGroup: group, kind: "Role", name: reader },
        subjects: [{ kind: "ServiceAccount", name: reader, namespace }],
    });
}

function fromStore(config: StackConfig): void {
    const [app] = config["apps"];
    app.web.replicas = { min: 2, max: 2 };
    delete app.beat;
    config["cache"].replicas = 0;
    const of = (property: string) => ({ key: entry, property });
    config["secretObjects"] = {
        external: {
            "shop-fetched": {
                store: { kind: "SecretStore", name: store },
                data: { greeting: of("greeting"), id: of("media-id"), secret: of("media-secret") },
                refreshInterval: "2s",
            },
        },
    };
    config["existingSecrets"] = { environment: { GREETING: { name: "shop-fetched", key: "greeting" } } };
}

function withBuckets(config: StackConfig): void {
    fromStore(config);
    const { endpoint, region } = storage;
    config["assets"] = {
        variant: "s3-compatible",
        endpoint,
        region,
        cidrs: [`${nodeAddress}/32`],
        static: { bucket: buckets.static, url: `${endpoint}/${buckets.static}/` },
        media: { bucket: buckets.media },
    };
    const { endpoint: secured, ca, cidrs } = address;
    config["database"].backups = {
        to: { endpoint: secured, ca, cidrs, bucket: buckets.backups },
        recoveryPoint: 1,
        image: "localhost/pgbackrest:2",
    };
    const there = (key: string) => ({ name: "shop-buckets", key });
    Object.assign(config["existingSecrets"], {
        assetsAccessKeyId: { name: "shop-fetched", key: "id" },
        assetsSecretAccessKey: { name: "shop-fetched", key: "secret" },
        assetsStaticAccessKeyId: there("static-id"),
        assetsStaticSecretAccessKey: there("static-secret"),
        databaseBackupsAccessKeyId: there("backups-id"),
        databaseBackupsSecretAccessKey: there("backups-secret"),
        databaseBackupsPassphrase: there("passphrase"),
    });
}

function secretsOf(users: ObjectStorage["users"]): string[] {
    return [...Object.values(greetings), ...Object.values(users).map(({ secretKey }) => secretKey)];
}

function expectNoValue(output: string): void {
    expect(secretsOf(storage.users).filter((value) => appearancesOf(value, output).length > 0)).toEqual([]);
}

async function up(): Promise<void> {
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    expectNoValue(output);
}

async function serves(): Promise<void> {
    await eventually(async () => {
        const { status } = await client.send("GET", "/");
        return status === 200 ? undefined : `the page answers ${status}`;
    }, 60);
}

const telling = `
import json, os
print(json.dumps([os.environ["GREETING"], os.environ.get("AWS_ACCESS_KEY_ID")]))
`;

type Told = readonly [greeting: string, accessKeyId: string | null];

/** Of both web pods: who it is, and which greeting and key it has. */
async function web(): Promise<{ readonly uids: string[]; readonly told: Told[] }> {
    let pods: V1Pod[] = [];
    await eventually(async () => {
        pods = await cluster.serving(environment.namespace, "sample-web");
        return pods.length === 2 ? undefined : `${pods.length} pods serve`;
    }, 60);
    const told = await Promise.all(pods.map((pod) => cluster.exec(pod, ["python", "-c", telling])));
    return {
        uids: pods.map(({ metadata }) => metadata!.uid!).sort(),
        told: told.map((text) => JSON.parse(text) as Told),
    };
}

async function send(file: string): Promise<void> {
    const content = Buffer.from(`this is ${file}`);
    await upload(client, environment.host, { file, size: content.length, content: [content] });
    const { uploads } = await client.status();
    expect(uploads.place).toBe(`bucket ${buckets.media}`);
    expect(await (await fetch(uploads.url!)).text()).toBe(`this is ${file}`);
}

async function styles(): Promise<void> {
    const { css, place } = (await client.status()).static;
    expect(place).toBe(`bucket ${buckets.static}`);
    expect((await fetch(css)).status).toBe(200);
}

async function inDatabase(...command: string[]): Promise<string> {
    const [pod] = await cluster.pods(environment.namespace, "database");
    return (await cluster.exec(pod!, command)).trim();
}

/** A segment of the log that is written from now on is in the bucket. */
async function archives(): Promise<void> {
    const sql = (text: string) => inDatabase("psql", "-U", "sample", "-d", "sample", "-XAtqc", text);
    await eventually(async () => {
        const state = await inDatabase("cat", "/var/run/django-on-kubernetes/archive/archive.json");
        return (JSON.parse(state) as { readonly error: string }).error === "" ? undefined : state;
    }, 120);
    await sql("create table if not exists proof (made timestamptz default clock_timestamp())");
    await sql("insert into proof default values");
    const segment = await sql("select pg_walfile_name(pg_switch_wal())");
    await eventually(async () => {
        const last = await sql("select last_archived_wal from pg_stat_archiver");
        return last >= segment ? undefined : `${last} was archived last, and not yet ${segment}`;
    }, 60);
}

beforeAll(async () => {
    environment = await TestEnvironment.create("stores-of-secrets");
    await prepareCluster(report, ["external-secrets"]);
    await startCluster(report, ["external-secrets"]);
    cluster = new Cluster();
    client = new Client(environment.host);
    await letIn(...turns);
    for (const name of [vault, server]) {
        await cluster.core.createNamespace({ body: { metadata: { name } } });
    }
    address = await bucketAddress(cluster, server, storage.endpoint);
    await fill("first");
}, 30 * 60_000);

afterAll(async () => {
    client?.close();
    await environment?.remove();
    await address?.close();
    for (const name of [vault, server]) {
        await cluster?.core.deleteNamespace({ name }).catch(() => undefined);
    }
    for (const name of Object.values(buckets)) {
        await removeBucket(storage, name);
    }
    await stopObjectStorage(report);
}, 10 * 60_000);

test("the first update of a namespace without its store ends within three minutes, and names the store", async () => {
    await environment.configure(fromStore);
    const preview = await environment.pulumi("preview");
    expect(preview.exitCode, preview.output).toBe(0);
    const start = Date.now();
    const { exitCode, output } = await environment.pulumi("up");
    const seconds = (Date.now() - start) / 1000;
    report(`It ended after ${Math.round(seconds)} s`);
    expect(exitCode, output).not.toBe(0);
    const told = output.slice(output.indexOf("\nDiagnostics:"));
    expect(told).toContain("shop-fetched");
    expect(told).toContain(`could not get SecretStore "${store}"`);
    expect(seconds).toBeLessThan(180);
});

test("with the store, which can be made now that the namespace is there, the next update goes on, and the app has the value", async () => {
    await applyStore();
    const start = Date.now();
    await up();
    report(`It took ${Math.round((Date.now() - start) / 1000)} s`);
    await serves();
    expect((await web()).told).toEqual([
        [greetings.first, null],
        [greetings.first, null],
    ]);
});

test("keys of buckets come from the store and from a Secret: static files, uploads and backups", async () => {
    await put("first");
    await environment.configure(withBuckets);
    await up();
    await serves();
    const { accessKey } = storage.users["media-first"]!;
    expect((await web()).told).toEqual([
        [greetings.first, accessKey],
        [greetings.first, accessKey],
    ]);
    await styles();
    await send("first.txt");
    await archives();
});

test("what changes in the vault and in the Secret reaches no pod before the next update", async () => {
    const before = await web();
    await fill("next");
    await put("next");
    await eventually(async () => {
        const { namespace } = environment;
        const { data } = await cluster.core.readNamespacedSecret({ namespace, name: "shop-fetched" });
        const greeting = Buffer.from(data?.["greeting"] ?? "", "base64").toString();
        return greeting === greetings.next ? undefined : `the Secret still has ${greeting}`;
    }, 60);
    // As long as a Deployment takes to follow what it mounts.
    await sleep(5000);
    expect(await web()).toEqual(before);
    await send("still.txt");
});

test("the next update gives every pod the new keys; what is written waits for the database's own start and nothing else", async () => {
    const before = await web();
    let over = false;
    let written = Date.now();
    let longest = 0;
    const writing = (async () => {
        while (!over) {
            await client.addVisit().then(
                () => {
                    longest = Math.max(longest, Date.now() - written);
                    written = Date.now();
                },
                () => undefined,
            );
            await sleep(200);
        }
    })();
    await up();
    await sleep(10_000);
    over = true;
    await writing;
    report(`At most ${Math.round(longest / 1000)} s without a row`);
    expect(longest).toBeLessThan(60_000);
    await serves();
    const { uids, told } = await web();
    expect(uids.filter((uid) => before.uids.includes(uid))).toEqual([]);
    const { accessKey } = storage.users["media-next"]!;
    expect(told).toEqual([
        [greetings.next, accessKey],
        [greetings.next, accessKey],
    ]);
    const preview = await environment.pulumi("preview", "--expect-no-changes");
    expect(preview.exitCode, preview.output).toBe(0);
});

test("the server takes the first keys no more, and all goes on: styles, uploads, backups", async () => {
    const { users } = storage;
    await letIn("next");
    for (const [what, bucket] of Object.entries(buckets)) {
        const tried = await Promise.all(
            turns.map(async (turn) => {
                const user = ownerOf({ ...storage, ...users[`${what}-${turn}`] });
                return (await user.fetch(`${storage.endpoint}/${bucket}/tried`, { method: "PUT", body: "x" })).status;
            }),
        );
        expect(tried, what).toEqual([403, 200]);
    }
    await styles();
    await send("next.txt");
    await archives();
});
