// A registry that asks for a login, and an app whose image is nowhere else: what an update says of a wrong password and how soon, that
// everything of the app pulls with the right one, and what a new password needs. First as the key of a Secret that is there, then
// encrypted in the stack's file. One story, in order. Not proved here: registries with tokens instead of Basic, TLS, and logins that a cloud gives to
// its nodes.
import { readFile } from "node:fs/promises";
import type { CoreV1Event } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
    forgetImages,
    loadedImages,
    pushImage,
    registryServer,
    startRegistry,
    stopRegistry,
} from "../../lab/cluster/index.ts";
import { buildImages } from "../../lab/images/index.ts";
import { appearancesOf, filesBelow } from "../cluster/support/appearances.ts";
import { Client } from "../cluster/support/client.ts";
import { TestEnvironment, type CommandResult } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";

const username = "ci";
const passwords = {
    first: "firstPasswordOfTheRegistry",
    next: "nextPasswordOfTheRegistry",
    wrong: "passwordOfAnotherRegistry",
};
/** Of each release's jobs; seconds. */
const patience = 60;
const secret = { name: "shop-registry", key: "password" };

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;
/** By their tags. */
let images: Readonly<Record<"blue" | "green", string>>;

function report(message: string): void {
    console.log(message);
}

async function registryTakes(password: string): Promise<void> {
    await startRegistry(report, { username, password });
}

async function pushAll(password: string): Promise<typeof images> {
    const push = async (tag: keyof typeof images): Promise<string> => {
        const [built] = await buildImages(report, [`localhost/django-sample:${tag}`]);
        return pushImage(report, built!.archive, `shop:${tag}`, { username, password });
    };
    return { blue: await push("blue"), green: await push("green") };
}

async function configure(image: string, { existing }: { readonly existing: boolean }): Promise<void> {
    await environment.configure((config) => {
        const [app] = config["apps"];
        app.image = image;
        app.registry = { server: registryServer, username };
        app.web.replicas = { min: 1, max: 1 };
        app.release.migrate = { timeout: patience };
        app.scheduled = { clear: { schedule: "* * * * *", command: ["python", "manage.py", "clear_old"] } };
        config["cache"].replicas = 0;
        if (existing) {
            config["existingSecrets"] = { registryPassword: secret };
        }
    });
}

async function keep(password: string): Promise<void> {
    const body = { metadata: { name: secret.name }, stringData: { [secret.key]: password } };
    const { namespace } = environment;
    await cluster.core.deleteNamespacedSecret({ namespace, name: secret.name }).catch(() => undefined);
    await cluster.core.createNamespacedSecret({ namespace, body });
}

/** What was pulled, by pods. */
async function pulls(): Promise<CoreV1Event[]> {
    const { items } = await cluster.core.listNamespacedEvent({ namespace: environment.namespace });
    return items.filter(
        ({ reason, message }) => reason === "Pulled" && message?.startsWith("Successfully pulled image"),
    );
}

async function pulledBy(pod: string, image: string): Promise<boolean> {
    const found = await pulls();
    return found.some(
        ({ involvedObject, message }) => involvedObject.name?.startsWith(pod) && message?.includes(image),
    );
}

/** Nothing has it any more but the registry. */
async function forget(image: string): Promise<void> {
    const known = [...(await loadedImages())].filter((name) => name.startsWith(`${registryServer}/shop`));
    await forgetImages(known);
    expect(await loadedImages()).not.toContain(image);
}

async function serves(version: string): Promise<void> {
    await eventually(async () => {
        const { release } = await client.status();
        return release.version === version ? undefined : `the page is of ${release.version}`;
    }, 60);
}

/** Another web pod serves in place of the one. */
async function restarts(): Promise<void> {
    const [web] = await cluster.serving(environment.namespace, "sample-web");
    await cluster.deletePod(web!);
    await eventually(async () => {
        const [next] = await cluster.serving(environment.namespace, "sample-web");
        return next === undefined || next.metadata!.uid === web!.metadata!.uid ? "there is no other one" : undefined;
    }, 90);
}

function expectNoPassword(output: string): void {
    expect(Object.values(passwords).filter((each) => appearancesOf(each, output).length > 0)).toEqual([]);
}

/** It went well. */
async function up(): Promise<void> {
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    expectNoPassword(output);
}

/** It ended in time, at the first job of the release, and says what could not be pulled and why. */
async function refused(update: () => Promise<CommandResult>, image: string): Promise<void> {
    const start = Date.now();
    const { exitCode, output } = await update();
    expect(exitCode, output).not.toBe(0);
    // Of which the first update's are for the stores.
    expect((Date.now() - start) / 1000).toBeLessThan(patience + 60);
    const told = output.slice(output.indexOf("\nDiagnostics:"));
    expect(told).toContain("sample-migrate");
    expect(told).toContain("ImagePullBackOff");
    expect(told).toContain(image);
    expect(told).toContain("401 Unauthorized");
    expectNoPassword(output);
}

beforeAll(async () => {
    environment = await TestEnvironment.create("registry-login");
    cluster = new Cluster();
    client = new Client(environment.host);
    await registryTakes(passwords.first);
    images = await pushAll(passwords.first);
    await forget(images.green);
    await cluster.core.createNamespace({ body: { metadata: { name: environment.namespace } } });
});

afterAll(async () => {
    client?.close();
    await environment?.remove();
    await forget(images.green);
    await stopRegistry(report);
});

test("the registry hands out nothing without the login", async () => {
    const manifest = `http://${registryServer}/v2/shop/manifests/green`;
    const ask = (password: string): Promise<Response> =>
        fetch(manifest, { headers: { authorization: `Basic ${btoa(`${username}:${password}`)}` } });
    expect((await fetch(manifest)).status).toBe(401);
    expect((await ask(passwords.wrong)).status).toBe(401);
    expect((await ask(passwords.first)).status).toBe(200);
});

test("a wrong password in the Secret ends the first update at its first job, which says what was refused", async () => {
    await keep(passwords.wrong);
    await configure(images.green, { existing: true });
    // The namespace was made before, for the Secret.
    vi.stubEnv("PULUMI_K8S_UPSERT_EXISTING_OBJECTS", "true");
    await refused(() => environment.pulumi("up"), images.green);
    vi.unstubAllEnvs();
});

test("the right one mends it, and the page is of the image that only the registry has", async () => {
    await keep(passwords.first);
    await up();
    await serves("v2");
    expect(await pulledBy("sample-migrate-", images.green)).toBe(true);
});

test("every pod of the app names the login", async () => {
    const pods = (await cluster.pods(environment.namespace)).filter(({ spec }) =>
        spec!.containers.some(({ image }) => image === images.green),
    );
    const named = new Set(pods.flatMap(({ spec }) => spec!.imagePullSecrets?.map(({ name }) => name) ?? ["none"]));
    expect([...named]).toEqual([expect.stringMatching(/^sample-registry-/)]);
    const roles = new Set(pods.map(({ spec }) => spec!.containers[0]!.name));
    expect([...roles].filter((role) => role !== "scheduled").sort()).toEqual([
        "beat",
        "collectstatic",
        "createsuperuser",
        "migrate",
        "shell",
        "web",
        "worker",
    ]);
});

test("a scheduled command and a pod that is made anew pull it by themselves, on a node that does not have it", async () => {
    await forget(images.green);
    await eventually(
        async () => ((await pulledBy("sample-scheduled-clear-", images.green)) ? undefined : "no run has pulled it"),
        90,
    );
    await eventually(async () => {
        const { scheduled } = await client.status();
        return scheduled.by?.startsWith("sample-scheduled-clear-") ? undefined : JSON.stringify(scheduled);
    }, 60);
    await forget(images.green);
    await restarts();
    await serves("v2");
});

test("the same password encrypted in the stack's file instead is no change of the app", async () => {
    const uids = async (): Promise<unknown[]> =>
        (await cluster.pods(environment.namespace))
            .filter(({ metadata, spec }) => !metadata?.deletionTimestamp && spec!.containers[0]!.name !== "scheduled")
            .map(({ metadata }) => metadata!.uid)
            .sort();
    const before = await uids();
    await environment.setSecret("secrets.registryPassword", passwords.first);
    await configure(images.green, { existing: false });
    await up();
    expect(await uids()).toEqual(before);
    const { exitCode, output } = await environment.pulumi("preview", "--expect-no-changes");
    expect(exitCode, output).toBe(0);
});

test("with a wrong one there the next release ends at its first job, and the one before serves on", async () => {
    await environment.setSecret("secrets.registryPassword", passwords.wrong);
    await configure(images.blue, { existing: false });
    await refused(() => environment.pulumi("up"), images.blue);
    await serves("v2");
});

test("the registry's next password: pods start again where their image is, and the next release brings it", async () => {
    await registryTakes(passwords.next);
    await restarts();
    await serves("v2");
    await environment.setSecret("secrets.registryPassword", passwords.next);
    await up();
    await serves("v1");
    const { exitCode, output } = await environment.pulumi("preview", "--expect-no-changes");
    expect(exitCode, output).toBe(0);
});

test("no password is in the state, its backups and history, nor in the stack's file", async () => {
    for (const file of await filesBelow(environment.directory)) {
        expectNoPassword(await readFile(file, "utf8"));
    }
});
