// Secrets of the namespace that the settings name are read by the real engine, at every preview and update. Does not prove that
// a controller makes any of a SealedSecret, nor what an API server answers: here a test puts them into the recorded cluster.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Store } from "../../../lab/provider-recording/store.ts";
import { EngineStack } from "./support/engine-stack.ts";

const namespace = "shop-staging";
const variables = "shop-secret-environment";
const canary = "c4n4ryOfASecretInTheCluster";

let stack: EngineStack;

/** What somebody else does in the cluster: `kubectl create secret generic`. */
function putSecret(name: string, values: Readonly<Record<string, string>>): void {
    const object = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, namespace },
        data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, btoa(value)])),
    };
    new Store(stack.recording).put({
        type: "kubernetes:core/v1:Secret",
        // By the context that the stack's file names.
        id: `staging ${namespace}/${name}`,
        urn: "",
        inputs: object,
        outputs: object,
    });
}

/** What a preview that fails says of Secrets in the end, without a stack trace. */
async function refusals(): Promise<readonly string[]> {
    const { exitCode, output } = await stack.run(["preview", "--stack", "staging"]);
    expect(exitCode).not.toBe(0);
    expect(output).not.toMatch(/^\s+at /m);
    expect(output).not.toContain(canary);
    const [, diagnostics = ""] = output.split("Diagnostics:");
    return diagnostics.split("\n").filter((line) => line.includes(`${namespace}/`));
}

beforeAll(async () => {
    stack = await EngineStack.create({ name: "staging", file: "examples/stacks/existing/Pulumi.staging.yaml" });
    await stack.edit((config) => {
        config["existingSecrets"] = {
            databasePassword: { name: "shop-stores", key: "database" },
            environment: { STRIPE_KEY: { name: "shop-stripe", key: "live" } },
        };
    });
}, 10 * 60_000);

afterAll(async () => {
    await stack?.remove();
});

describe("before the first update", () => {
    test("a Secret that is not there is named once, whichever it is; of two the engine may end at the first", async () => {
        const missing = (name: string) =>
            expect.stringContaining(`resource 'shop-staging/${name}' does not exist`) as string;
        const both = await refusals();
        expect([
            [missing("shop-stores")],
            [missing("shop-stripe")],
            [missing("shop-stores"), missing("shop-stripe")],
        ]).toContainEqual(both.toSorted());
        putSecret("shop-stores", { database: "d" });
        expect(await refusals()).toEqual([missing("shop-stripe")]);
        await stack.edit((config) => (config["existingSecrets"].databasePassword.name = "shop-absent"));
        putSecret("shop-stripe", { live: `${canary}-1` });
        expect(await refusals()).toEqual([missing("shop-absent")]);
        await stack.edit((config) => (config["existingSecrets"].databasePassword.name = "shop-stores"));
    });

    test("a key that is not there is named once, with those that are, however many need it; so is a password of more than a line", async () => {
        putSecret("shop-stores", { cache: `${canary}\n` });
        putSecret("shop-stripe", { live: `${canary}-1` });
        await stack.edit((config) => {
            config["existingSecrets"].cachePassword = { name: "shop-stores", key: "cache" };
            config["existingSecrets"].environment.DATABASE = { name: "shop-stores", key: "database" };
            config["existingSecrets"].environment.CACHE = { name: "shop-stores", key: "cache" };
        });
        // In the order of the alphabet.
        expect((await refusals()).toSorted()).toEqual([
            expect.stringContaining(
                "The Secret shop-staging/shop-stores has no key database; it has cache. Name one of",
            ),
            expect.stringContaining("The key cache of the Secret shop-staging/shop-stores ends with a line break"),
        ]);
        await stack.edit((config) => {
            const { cachePassword: _, environment, ...others } = config["existingSecrets"];
            config["existingSecrets"] = { ...others, environment: { STRIPE_KEY: environment.STRIPE_KEY } };
        });
    });

    test("one that a SealedSecret is still to become is no obstacle", async () => {
        putSecret("shop-stores", { database: `${canary}-database` });
        await stack.edit((config) => {
            config["secretObjects"] = {
                sealed: { "shop-mail": { encryptedData: { token: `AgB${"x".repeat(400)}` } } },
            };
            config["existingSecrets"].environment.MAIL_TOKEN = { name: "shop-mail", key: "token" };
        });
        const { exitCode, output, changes } = await stack.preview();
        expect(exitCode, output).toBe(0);
        expect(output).not.toContain(canary);
        expect(changes.map(({ name }) => name)).toEqual(
            expect.arrayContaining(["secrets-sealed-shop-mail", variables]),
        );
    });
});

describe("the values", () => {
    test("reach the app's variables, and are nowhere in plain text", async () => {
        putSecret("shop-mail", { token: `${canary}-mail` });
        const { exitCode, output, steps } = await stack.up();
        expect(exitCode, output).toBe(0);
        const read = steps.filter(({ op }) => op === "read").map(({ name }) => name);
        expect(read.toSorted()).toEqual(["secrets-shop-mail", "secrets-shop-stores", "secrets-shop-stripe"]);
        expect(await variablesOf()).toMatchObject({
            DJANGO_APP_DB_PASSWORD: `${canary}-database`,
            STRIPE_KEY: `${canary}-1`,
            MAIL_TOKEN: `${canary}-mail`,
        });
        expect(output).not.toContain(canary);
        const state = join(stack.directory, "state");
        const entries = await readdir(state, { recursive: true, withFileTypes: true });
        const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
        expect(files.length).toBeGreaterThan(1);
        for (const file of files) {
            const text = await readFile(file, "utf8");
            expect([text.includes(canary), text.includes(btoa(canary).slice(0, 20))], file).toEqual([false, false]);
        }
    });

    test("are the same the second time", async () => {
        const { exitCode, output } = await stack.preview("--expect-no-changes");
        expect(exitCode, output).toBe(0);
    });

    test("that somebody changed are a release, with the next update", async () => {
        putSecret("shop-stripe", { live: `${canary}-2` });
        const { exitCode, output, changes } = await stack.preview();
        expect(exitCode, output).toBe(0);
        const changed = changes.map(({ op, name }) => `${op} ${name}`);
        expect(changed).toEqual(expect.arrayContaining([`create-replacement ${variables}`, "update shop-web"]));
        expect(output).not.toContain(canary);
    });
});

/** The app's secret variables, as the state has them decrypted. */
async function variablesOf(): Promise<Record<string, string>> {
    const { stdout } = await stack.runApart(["stack", "export", "--show-secrets", "--stack", "staging"]);
    const { deployment } = JSON.parse(stdout) as {
        deployment: { resources: { urn: string; inputs?: { stringData?: { plaintext: string } } }[] };
    };
    const found = deployment.resources.find(({ urn }) => urn.endsWith(`::${variables}`));
    return JSON.parse(found!.inputs!.stringData!.plaintext) as Record<string, string>;
}
