// Secrets from elsewhere, for real: every password of an environment as a key of a Secret that was there before the first `up`; SealedSecrets
// of each scope and an ExternalSecret, each made into a Secret by its own controller; what a change of one does, and what a wrong one
// says. One story, in order; what can be changed in one update is.
// Not proved here: what a cluster without the controllers says; a store of the External Secrets Operator other than its `fake`, and keys of
// buckets and backups (secrets-from-stores.test.ts); a registry that asks for the login (registry-login.test.ts).
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { KubernetesObjectApi } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { prepareCluster, seal, startCluster } from "../../lab/cluster/index.ts";
import { appearancesOf, filesBelow } from "../cluster/support/appearances.ts";
import { Client } from "../cluster/support/client.ts";
import { TestEnvironment, type CommandResult, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { Load } from "../cluster/support/load.ts";

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;

/** Every value that the test gives, to look for in what must not show any. */
const values: string[] = [];

function value(name: string): string {
    const text = `${name}OfThisTestAlone`;
    values.push(text);
    return text;
}

const store = "secrets-test";
const entry = "prod/token";
const licence = "/etc/shop/licence.key";

/** Of a SealedSecret: whose it has to be when it is opened. */
const scopes = ["strict", "namespace-wide", "cluster-wide"] as const;

type Scope = (typeof scopes)[number];

type Texts = Readonly<Record<Scope, string>>;

/** What the stack's file has of it all. */
interface Given {
    readonly greeting: { readonly name: string; readonly key: string };
    /** Which entry of the store. */
    readonly entry: string;
    readonly sealed: Readonly<Record<Scope, string>>;
}

let given: Given;

/** What was sealed first. */
let firstTexts: Texts;

const made = (key: string) => ({ name: "shop-made", key });

function settings({ greeting, entry: key, sealed }: Given): (config: StackConfig) => void {
    return (config) => {
        const [app] = config["apps"];
        app.web.replicas = { min: 2, max: 2 };
        app.registry = { server: "localhost", username: "ci" };
        delete app.beat;
        config["cache"].replicas = 0;
        config["existingSecrets"] = {
            databasePassword: made("database"),
            cachePassword: made("cache"),
            brokerPassword: made("broker"),
            registryPassword: made("registry"),
            superuserPassword: made("superuser"),
            secretKey: made("secret-key"),
            environment: {
                GREETING: greeting,
                FETCHED_TOKEN: { name: "shop-fetched", key: "token" },
                ...Object.fromEntries(
                    scopes.map((scope) => [variableOf(scope), { name: `shop-${scope}`, key: "token" }]),
                ),
            },
            files: { [licence]: made("licence") },
        };
        config["secretObjects"] = {
            sealed: Object.fromEntries(
                scopes.map((scope) => [`shop-${scope}`, { scope, encryptedData: { token: sealed[scope] } }]),
            ),
            external: { "shop-fetched": { store: { name: store }, data: { token: { key } }, refreshInterval: "2s" } },
        };
    };
}

function variableOf(scope: Scope): string {
    return `SEALED_${scope.toUpperCase().replace("-", "_")}`;
}

/** @param otherwise what the stack's file has instead for this once */
async function pulumi(
    [command, ...args]: readonly ["up" | "preview", ...string[]],
    otherwise: Partial<Given> = {},
): Promise<CommandResult> {
    await environment.configure(settings({ ...given, ...otherwise }));
    return environment.pulumi(command, ...args);
}

/** As `kubectl apply` would. */
async function apply(object: Parameters<KubernetesObjectApi["create"]>[0]): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(cluster.config);
    await api.patch(object, undefined, undefined, "test", true, "application/apply-patch+yaml");
}

/** What somebody else keeps: the values of now. */
const kept = {
    database: value("databasePassword"),
    cache: value("cachePassword"),
    broker: value("brokerPassword"),
    registry: value("registryPassword"),
    superuser: value("superuserPassword"),
    "secret-key": value("secretKeyWithFiftyCharactersAtLeastAsDjangoWantsOne"),
    greeting: value("firstGreeting"),
    licence: value("firstLicence"),
};

async function applySecret(stringData: Readonly<Record<string, string>>): Promise<void> {
    const metadata = { name: "shop-made", namespace: environment.namespace };
    const data = Object.fromEntries(
        Object.entries(stringData).map(([key, text]) => [key, Buffer.from(text).toString("base64")]),
    );
    await apply({ apiVersion: "v1", kind: "Secret", metadata, data } as Parameters<typeof apply>[0]);
}

async function applyStore(token: string): Promise<void> {
    const spec = { provider: { fake: { data: [{ key: entry, value: token }] } } };
    const metadata = { name: store };
    await apply({
        apiVersion: "external-secrets.io/v1",
        kind: "ClusterSecretStore",
        metadata,
        spec,
    } as Parameters<typeof apply>[0]);
}

/** Other than its own name, or namespace, where the scope does not ask for it. */
async function sealFor(scope: Scope, text: string): Promise<string> {
    const name = scope === "strict" ? `shop-${scope}` : "of-another-name";
    return seal(text, { scope, name, namespace: scope === "cluster-wide" ? "elsewhere" : environment.namespace });
}

/** `first` or `second` of each. */
async function sealAll(turn: string): Promise<{ readonly texts: Texts; readonly sealed: Given["sealed"] }> {
    const texts = Object.fromEntries(
        scopes.map((scope) => [scope, value(`${turn}${variableOf(scope)}`.replaceAll("_", ""))]),
    );
    const sealed = await Promise.all(
        scopes.map(async (scope) => [scope, await sealFor(scope, texts[scope]!)] as const),
    );
    return { texts: texts as Texts, sealed: Object.fromEntries(sealed) as Given["sealed"] };
}

/** What a pod has of it all, by what it is; it cannot tell the passwords of servers that do not take them. */
type Told = Readonly<Record<string, string>>;

const telling = `
import json, os, redis
from urllib.parse import urlsplit
told = {name: os.environ[name] for name in ${JSON.stringify(["GREETING", "FETCHED_TOKEN", ...scopes.map(variableOf)])}}
told |= {"secret-key": os.environ["DJANGO_APP_SECRET_KEY"], "database": os.environ["DJANGO_APP_DB_PASSWORD"]}
told["licence"] = open(${JSON.stringify(licence)}).read()
for role, name in {"cache": "REDIS_URL", "broker": "CELERY_BROKER_URL"}.items():
    server = redis.from_url(os.environ[name])
    server.ping()
    try:
        redis.Redis(server.connection_pool.connection_kwargs["host"], password="another").ping()
    except redis.AuthenticationError:
        told[role] = urlsplit(os.environ[name]).password
print(json.dumps(told))
`;

/** Of every web pod that is to stay: who it is, and what it was told. */
async function web(): Promise<{ readonly uids: string[]; readonly told: Told[] }> {
    const pods = await cluster.pods(environment.namespace, "sample-web");
    const staying = pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    const told = await Promise.all(staying.map((pod) => cluster.exec(pod, ["python", "-c", telling])));
    return {
        uids: staying.map(({ metadata }) => metadata!.uid!).sort(),
        told: told.map((text) => JSON.parse(text) as Told),
    };
}

/** What it has to be. */
function toldOf(texts: Texts, fetched: string): Told {
    const { greeting, registry: _, superuser: __, ...others } = kept;
    const sealed = Object.fromEntries(scopes.map((scope) => [variableOf(scope), texts[scope]]));
    return { ...others, ...sealed, GREETING: greeting, FETCHED_TOKEN: fetched };
}

/** By which images are pulled. */
async function registryLogins(): Promise<unknown[]> {
    const { items } = await cluster.core.listNamespacedSecret({ namespace: environment.namespace });
    return items
        .filter(({ type }) => type === "kubernetes.io/dockerconfigjson")
        .map(({ data }) => JSON.parse(Buffer.from(data![".dockerconfigjson"]!, "base64").toString()) as unknown);
}

/** Whether Django lets the superuser in. */
async function letsIn(password: string): Promise<boolean> {
    const [pod] = await cluster.serving(environment.namespace, "sample-web");
    const code = `
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sample.settings")
django.setup()
from django.contrib.auth import authenticate
print(authenticate(username="admin", password=${JSON.stringify(password)}) is not None)
`;
    return (await cluster.exec(pod!, ["python", "-c", code])).trim() === "True";
}

async function twoWebPods(): Promise<void> {
    await eventually(async () => {
        const pods = await cluster.pods(environment.namespace, "sample-web");
        const unready = await cluster.unready(environment.namespace);
        return pods.length === 2 && unready.length === 0 ? undefined : `${pods.length} pods; ${unready.join(", ")}`;
    }, 120);
}

/** An update while people click: it succeeds and nobody notices. */
async function upUnderLoad(): Promise<CommandResult> {
    const load = new Load(environment.host, 2);
    let rolledOver = false;
    const loading = load.run({ atLeast: 100, until: () => rolledOver });
    const result = await pulumi(["up"]);
    // Until the news of the last old pod's end has reached the Gateway.
    await sleep(10_000);
    rolledOver = true;
    const { failures } = await loading;
    expect(result.exitCode, result.output).toBe(0);
    expect(failures).toEqual([]);
    await twoWebPods();
    return result;
}

/** In what is told at the end, after the lines that show how it went. */
function timesIn(output: string, sentence: string): number {
    return output.slice(output.indexOf("\nDiagnostics:")).split(sentence).length - 1;
}

/** It ended with these sentences, each told once and without where in the program it was, and without a value. */
function expectRefusal({ exitCode, output }: CommandResult, ...sentences: readonly string[]): void {
    expect(exitCode, output).not.toBe(0);
    for (const sentence of sentences) {
        expect(timesIn(output, sentence), `${sentence}\n${output}`).toBe(1);
    }
    expect(output).not.toMatch(/^\s+at .*[:(]/m);
    expect(values.filter((text) => appearancesOf(text, output).length > 0)).toEqual([]);
}

/** The pods are the same, with what they had. */
async function unchanged(action: () => Promise<void>): Promise<void> {
    const before = await web();
    await action();
    expect(await web()).toEqual(before);
    expect((await client.send("GET", "/")).status).toBe(200);
}

const fetchedTokens = [value("firstFetchedToken"), value("secondFetchedToken")] as const;

beforeAll(async () => {
    const report = (message: string): void => console.log(message);
    environment = await TestEnvironment.create("secrets");
    await prepareCluster(report, ["sealed-secrets", "external-secrets"]);
    await startCluster(report, ["sealed-secrets", "external-secrets"]);
    cluster = new Cluster();
    client = new Client(environment.host);
    await cluster.core.createNamespace({ body: { metadata: { name: environment.namespace } } });
    await applyStore(fetchedTokens[0]);
}, 30 * 60_000);

afterAll(async () => {
    client?.close();
    await environment?.remove();
    const custom = KubernetesObjectApi.makeApiClient(cluster.config);
    await custom.delete({
        apiVersion: "external-secrets.io/v1",
        kind: "ClusterSecretStore",
        metadata: { name: store },
    });
}, 10 * 60_000);

test("a Secret that is not there yet ends the first preview, which names it", async () => {
    const { texts, sealed } = await sealAll("first");
    firstTexts = texts;
    given = { greeting: made("greeting"), entry, sealed };
    expectRefusal(await pulumi(["preview"]), `resource '${environment.namespace}/shop-made' does not exist`);
});

test("the first update takes them all, those also that are made only in its course", async () => {
    await applySecret(kept);
    // The namespace was made before, for the Secret.
    vi.stubEnv("PULUMI_K8S_UPSERT_EXISTING_OBJECTS", "true");
    const { exitCode, output } = await pulumi(["up"]);
    vi.unstubAllEnvs();
    expect(exitCode, output).toBe(0);
    await eventually(async () => {
        const { status } = await client.send("GET", "/");
        return status === 200 ? undefined : `the page answers ${status}`;
    }, 60);
    await twoWebPods();
    const all = toldOf(firstTexts, fetchedTokens[0]);
    expect((await web()).told).toEqual([all, all]);
    const auth = Buffer.from(`ci:${kept.registry}`).toString("base64");
    expect(await registryLogins()).toMatchObject([{ auths: { localhost: { auth } } }]);
    expect([await letsIn(kept.superuser), await letsIn("another")]).toEqual([true, false]);
});

test("the next one would take back the leave to take over what is there, and nothing else", async () => {
    const { exitCode, output } = await pulumi(["preview", "--diff"]);
    expect(exitCode, output).toBe(0);
    expect(output).toContain("upsertExistingObjects");
    expect(output).toMatch(/\n {4}~ 1 to update\n/);
    expect(output).not.toMatch(/to (create|delete|replace)/);
});

test("what somebody changes reaches the pods with the next update, and no request fails", async () => {
    await unchanged(async () => {
        Object.assign(kept, { greeting: value("secondGreeting"), licence: value("secondLicence") });
        await applySecret(kept);
        await applyStore(fetchedTokens[1]);
        await eventually(async () => {
            const { data } = await cluster.core.readNamespacedSecret({
                namespace: environment.namespace,
                name: "shop-fetched",
            });
            const token = Buffer.from(data?.["token"] ?? "", "base64").toString();
            return token === fetchedTokens[1] ? undefined : "the Secret still has the value of before";
        }, 60);
        // As long as a Deployment takes to follow what it mounts.
        await sleep(5000);
    });
    const before = await web();
    const { texts, sealed } = await sealAll("second");
    given = { ...given, sealed };
    await upUnderLoad();
    const { uids, told } = await web();
    expect(uids.filter((uid) => before.uids.includes(uid))).toEqual([]);
    const all = toldOf(texts, fetchedTokens[1]);
    expect(told).toEqual([all, all]);
    await unchanged(async () => {
        const after = await pulumi(["up", "--expect-no-changes"]);
        expect(after.exitCode, after.output).toBe(0);
    });
});

test("a key that the Secret does not have is named beside those that it has", async () => {
    const sentence = `The Secret ${environment.namespace}/shop-made has no key greetings; it has ${Object.keys(kept).toSorted().join(", ")}.`;
    await unchanged(async () => {
        expectRefusal(await pulumi(["preview"], { greeting: made("greetings") }), sentence);
        expectRefusal(await pulumi(["up"], { greeting: made("greetings") }), sentence);
    });
});

test("a Secret that is not there is named", async () => {
    const greeting = { name: "shop-mode", key: "greeting" };
    await unchanged(async () => {
        const sentence = `resource '${environment.namespace}/shop-mode' does not exist`;
        expectRefusal(await pulumi(["up"], { greeting }), sentence);
    });
});

test("a value that was sealed for another name, and an entry that the store has not, end the update with the controllers' words; the right ones mend it", async () => {
    const strict = await seal(kept.greeting, { namespace: environment.namespace, name: "shop-soiled" });
    await unchanged(async () => {
        const wrong = { sealed: { ...given.sealed, strict }, entry: "prod/absent" };
        expectRefusal(await pulumi(["up"], wrong), "no key could decrypt secret", "prod/absent");
        const { exitCode, output } = await pulumi(["up"]);
        expect(exitCode, output).toBe(0);
    });
});

test("no value is in the state, its backups and history, nor in the stack's file", async () => {
    const files = await filesBelow(environment.directory);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
        const text = await readFile(file, "utf8");
        expect(
            values.filter((each) => appearancesOf(each, text).length > 0),
            file,
        ).toEqual([]);
    }
});

test("is destroyed without a trace, sealed and fetched ones too", async () => {
    const { exitCode, output } = await environment.pulumi("destroy");
    expect(exitCode, output).toBe(0);
    const { items } = await cluster.core.listNamespace();
    expect(items.map(({ metadata }) => metadata?.name)).not.toContain(environment.namespace);
    const exported = await environment.run(["stack", "export", "--stack", environment.stack]);
    expect(exported.output).not.toContain("secrets-sealed-shop-strict");
});
