// Secrets from elsewhere, for real: keys of a Secret that was there before the first `up`, a SealedSecret and an ExternalSecret, each made
// into a Secret by its own controller; what a change of one does, and what a wrong one says. One story, in order.
// Not proved here: a store of the External Secrets Operator other than its `fake`, and what a cluster without the controllers says.
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

/** What the stack's file has of it all, changed test by test. */
const given = {
    greeting: { name: "shop-made", key: "greeting" },
    encryptedData: { token: "" },
};

function settings(config: StackConfig): void {
    const [app] = config["apps"];
    app.web.replicas = { min: 2, max: 2 };
    delete app.beat;
    config["cache"].replicas = 0;
    config["existingSecrets"] = {
        databasePassword: { name: "shop-made", key: "database" },
        secretKey: { name: "shop-made", key: "secret-key" },
        environment: {
            GREETING: given.greeting,
            SEALED_TOKEN: { name: "shop-sealed", key: "token" },
            FETCHED_TOKEN: { name: "shop-fetched", key: "token" },
        },
    };
    config["secretObjects"] = {
        sealed: { "shop-sealed": { encryptedData: given.encryptedData } },
        external: {
            "shop-fetched": { store: { name: store }, data: { token: { key: entry } }, refreshInterval: "2s" },
        },
    };
}

async function pulumi(command: "up" | "preview", ...args: string[]): Promise<CommandResult> {
    await environment.configure(settings);
    return environment.pulumi(command, ...args);
}

/** As `kubectl apply` would. */
async function apply(object: Parameters<KubernetesObjectApi["create"]>[0]): Promise<void> {
    const api = KubernetesObjectApi.makeApiClient(cluster.config);
    await api.patch(object, undefined, undefined, "test", true, "application/apply-patch+yaml");
}

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

async function sealFor(name: string, text: string): Promise<string> {
    return seal(text, { namespace: environment.namespace, name });
}

/** Of every web pod that is to stay: who it is, and what it was told. */
async function web(): Promise<{ readonly uids: string[]; readonly told: string[] }> {
    const pods = await cluster.pods(environment.namespace, "sample-web");
    const staying = pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    const code =
        "import os; print(*[os.environ[name] for name in ('GREETING', 'SEALED_TOKEN', 'FETCHED_TOKEN', 'DJANGO_APP_SECRET_KEY', 'DJANGO_APP_DB_PASSWORD')])";
    const told = await Promise.all(staying.map((pod) => cluster.exec(pod, ["python", "-c", code])));
    return { uids: staying.map(({ metadata }) => metadata!.uid!).sort(), told: told.map((text) => text.trim()) };
}

async function twoWebPods(): Promise<void> {
    await eventually(async () => {
        const pods = await cluster.pods(environment.namespace, "sample-web");
        const unready = await cluster.unready(environment.namespace);
        return pods.length === 2 && unready.length === 0 ? undefined : `${pods.length} pods; ${unready.join(", ")}`;
    }, 120);
}

/** An update while people click: it succeeds and nobody notices. */
async function upUnderLoad(): Promise<void> {
    const load = new Load(environment.host, 2);
    let rolledOver = false;
    const loading = load.run({ atLeast: 100, until: () => rolledOver });
    const { exitCode, output } = await pulumi("up");
    // Until the news of the last old pod's end has reached the Gateway.
    await sleep(10_000);
    rolledOver = true;
    const { failures } = await loading;
    expect(exitCode, output).toBe(0);
    expect(failures).toEqual([]);
    await twoWebPods();
}

/** In what is told at the end, after the lines that show how it went. */
function timesIn(output: string, sentence: string): number {
    return output.slice(output.indexOf("\nDiagnostics:")).split(sentence).length - 1;
}

/** It ends with that sentence, told once and without where in the program it was; the pods are the same, with what they had. */
async function refused(commands: readonly ("up" | "preview")[], sentence: string): Promise<void> {
    const before = await web();
    for (const command of commands) {
        const { exitCode, output } = await pulumi(command);
        expect(exitCode, output).not.toBe(0);
        expect(timesIn(output, sentence), output).toBe(1);
        expect(output).not.toMatch(/^\s+at .*[:(]/m);
        expect(values.filter((text) => appearancesOf(text, output).length > 0)).toEqual([]);
    }
    expect(await web()).toEqual(before);
    expect((await client.send("GET", "/")).status).toBe(200);
}

const database = value("databasePassword");
const secretKey = value("secretKeyWithFiftyCharactersAtLeastAsDjangoWantsOne");
const greetings = [value("firstGreeting"), value("secondGreeting")] as const;
const sealedTokens = [value("firstSealedToken"), value("secondSealedToken")] as const;
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
    given.encryptedData.token = await sealFor("shop-sealed", sealedTokens[0]);
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
    const { exitCode, output } = await pulumi("preview");
    expect(exitCode, output).not.toBe(0);
    expect(timesIn(output, `resource '${environment.namespace}/shop-made' does not exist`), output).toBe(1);
    expect(output).not.toMatch(/^\s+at .*[:(]/m);
});

test("the first update takes them all, those also that are made only in its course", async () => {
    await applySecret({ database, "secret-key": secretKey, greeting: greetings[0] });
    const preview = await pulumi("preview");
    expect(preview.exitCode, preview.output).toBe(0);
    // The namespace was made before, for the Secret.
    vi.stubEnv("PULUMI_K8S_UPSERT_EXISTING_OBJECTS", "true");
    const { exitCode, output } = await pulumi("up");
    vi.unstubAllEnvs();
    expect(exitCode, output).toBe(0);
    await eventually(async () => {
        const { status } = await client.send("GET", "/");
        return status === 200 ? undefined : `the page answers ${status}`;
    }, 60);
    await twoWebPods();
    const all = [greetings[0], sealedTokens[0], fetchedTokens[0], secretKey, database].join(" ");
    expect((await web()).told).toEqual([all, all]);
});

test("the second update takes back the leave to take over what is there, and the third has nothing to change", async () => {
    const before = await web();
    const { exitCode, output } = await pulumi("up");
    expect(exitCode, output).toBe(0);
    expect(output).toContain("~ 1 updated");
    expect(output).toContain("diff: -upsertExistingObjects");
    const third = await pulumi("up", "--expect-no-changes");
    expect(third.exitCode, third.output).toBe(0);
    expect(await web()).toEqual(before);
});

test("a Secret that somebody changes reaches the pods with the next update, and no request fails", async () => {
    const before = await web();
    await applySecret({ database, "secret-key": secretKey, greeting: greetings[1] });
    await sleep(15_000);
    expect(await web()).toEqual(before);
    await upUnderLoad();
    const { uids, told } = await web();
    expect(uids.filter((uid) => before.uids.includes(uid))).toEqual([]);
    expect(told.map((text) => text.split(" ")[0])).toEqual([greetings[1], greetings[1]]);
});

test("another entry of the store likewise, once the operator has fetched it", async () => {
    const before = await web();
    await applyStore(fetchedTokens[1]);
    await eventually(async () => {
        const { data } = await cluster.core.readNamespacedSecret({
            namespace: environment.namespace,
            name: "shop-fetched",
        });
        const token = Buffer.from(data?.["token"] ?? "", "base64").toString();
        return token === fetchedTokens[1] ? undefined : "the Secret still has the value of before";
    }, 60);
    expect(await web()).toEqual(before);
    await upUnderLoad();
    const { uids, told } = await web();
    expect(uids.filter((uid) => before.uids.includes(uid))).toEqual([]);
    expect(told.map((text) => text.split(" ")[2])).toEqual([fetchedTokens[1], fetchedTokens[1]]);
});

test("another sealed value likewise", async () => {
    const before = await web();
    given.encryptedData.token = await sealFor("shop-sealed", sealedTokens[1]);
    await upUnderLoad();
    const { uids, told } = await web();
    expect(uids.filter((uid) => before.uids.includes(uid))).toEqual([]);
    expect(told.map((text) => text.split(" ")[1])).toEqual([sealedTokens[1], sealedTokens[1]]);
});

test("a key that the Secret does not have is named beside those that it has", async () => {
    const { greeting } = given;
    given.greeting = { name: "shop-made", key: "greetings" };
    const sentence = `The Secret ${environment.namespace}/shop-made has no key greetings; it has database, greeting, secret-key.`;
    await refused(["preview", "up"], sentence);
    given.greeting = greeting;
});

test("a Secret that is not there is named", async () => {
    const { greeting } = given;
    given.greeting = { name: "shop-mode", key: "greeting" };
    await refused(["preview", "up"], `resource '${environment.namespace}/shop-mode' does not exist`);
    given.greeting = greeting;
});

test("a value that was sealed for another name ends the update with the controller's words, and the right one mends it", async () => {
    const { token } = given.encryptedData;
    given.encryptedData.token = await sealFor("shop-soiled", sealedTokens[0]);
    await refused(["up"], "no key could decrypt secret");
    given.encryptedData.token = token;
    const { exitCode, output } = await pulumi("up");
    expect(exitCode, output).toBe(0);
    const after = await pulumi("up", "--expect-no-changes");
    expect(after.exitCode, after.output).toBe(0);
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
    expect(exported.output).not.toContain("secrets-sealed-shop-sealed");
});
