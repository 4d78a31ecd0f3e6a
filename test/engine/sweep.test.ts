// A bucket of trouble under the real engine, on a backend of files: each is cleaned by one sweep, or told with the command that does it.
// Then the fleet. Not proved: updates that were killed, clusters, servers, forges; test/prove/sweep.test.ts has a cluster.
import { access, mkdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Member } from "../../commands/fleet/members.ts";
import type { Report } from "../../commands/sweep/sweep.ts";
import { EngineStack } from "./clouds/support/engine-stack.ts";

const canary = "canary-5ca1ab1e";

/** As much of an environment as a sweep reads. */
const program = `
import * as pulumi from "@pulumi/pulumi";
import * as k8s from "@pulumi/kubernetes";

const config = new pulumi.Config();
const { kind } = config.requireObject<{ kind: string }>("environment");
const stack = pulumi.getStack();
const provider = new k8s.Provider("kubernetes", { kubeconfig: '{"clusters": []}', clusterIdentifier: "cluster" });
const metadata = {
    name: \`shop-\${stack}\`,
    labels: {
        "app.kubernetes.io/managed-by": "pulumi",
        "app.kubernetes.io/instance": \`shop-\${stack}\`,
        "django-on-kubernetes/environment": kind,
        "django-on-kubernetes/ttl": "72h",
    },
};
const namespace = new k8s.core.v1.Namespace("namespace", { metadata }, { provider });
new k8s.core.v1.Secret("key", { metadata: { namespace: namespace.metadata.name }, stringData: { key: pulumi.secret("${canary}") } }, { provider });
new k8s.core.v1.ConfigMap("release", { metadata: { namespace: namespace.metadata.name }, data: { release: config.get("release") ?? "1" } }, { provider });
export const environment = { kind, name: stack, instance: \`shop-\${stack}\` };
export const outputsVersion = 2;
`;

let first: EngineStack;
const project = "django-on-kubernetes";

async function make(name: string, kind = "ephemeral"): Promise<EngineStack> {
    return await EngineStack.create({ name, config: { environment: { kind } }, beside: first });
}

const stateOf = (name: string): string => join(first.directory, "state/.pulumi/stacks", project, `${name}.json`);
const fileOf = (name: string): string => join(first.directory, `Pulumi.${name}.yaml`);

async function isThere(path: string): Promise<boolean> {
    return await access(path).then(
        () => true,
        () => false,
    );
}

async function up(stack: EngineStack): Promise<void> {
    const { exitCode, output } = await stack.up();
    expect(exitCode, output).toBe(0);
}

/** The first one's state under another name. */
async function alike(name: string): Promise<EngineStack> {
    const stack = await make(name);
    const { output } = await first.run(["stack", "export", "--stack", "pr-1"]);
    const state = output
        .replaceAll("urn:pulumi:pr-1::", `urn:pulumi:${name}::`)
        .replaceAll("shop-pr-1", `shop-${name}`);
    const file = join(first.directory, "state.json");
    await writeFile(file, state.replaceAll(`${project}-pr-1`, `${project}-${name}`));
    const imported = await stack.run(["stack", "import", "--stack", name, "--file", file]);
    expect(imported.exitCode, imported.output).toBe(0);
    return stack;
}

async function lock(name: string): Promise<void> {
    const folder = join(first.directory, "state/.pulumi/locks/organization", project, name);
    await mkdir(folder, { recursive: true });
    const held = { pid: 12, username: "ci", hostname: "runner-7.example", timestamp: "2026-01-01T00:00:00Z" };
    await writeFile(join(folder, "0a1b2c3d-0000-4000-8000-000000000000.json"), JSON.stringify(held));
}

async function sweep(...args: readonly string[]) {
    const list = join(first.directory, "open.json");
    const report = join(first.directory, "report.json");
    const open = { number: 8, branch: "b", head: "0".repeat(40), updatedAt: "2026-12-01T00:00:00Z" };
    await writeFile(list, JSON.stringify([open]));
    const { exitCode, output } = await first.command(
        "sweep/main.ts",
        "--pull-requests",
        list,
        "--json",
        report,
        ...args,
    );
    const { found, inUse } = JSON.parse(await readFile(report, "utf8").catch(() => output)) as Report;
    const outcomes = Object.fromEntries(found.map(({ kind, name, outcome }) => [`${kind} ${name}`, outcome]));
    return { exitCode, output, found, outcomes, inUse };
}

beforeAll(async () => {
    first = await EngineStack.create({ name: "pr-1", config: { environment: { kind: "ephemeral" } }, program });
    await up(first);
    await alike("pr-2");
    await rm(fileOf("pr-2"));
    await alike("pr-3");
    await lock("pr-3");
    await alike("pr-5");
    const whole = await readFile(stateOf("pr-5"), "utf8");
    await writeFile(stateOf("pr-5"), whole.slice(0, whole.length / 2));
    await make("pr-6");
    await up(await make("pr-7", "staging"));
    await alike("pr-8");
    await alike("pr-9");
    // Of another passphrase.
    const salt = '"salt": "v1:2rKAlBQN4e0=:v1:2Z2vJOrWUDcTQtZl:noOenLuXceMy04RQDlWrWhvzo4BEiQ=="';
    await writeFile(stateOf("pr-9"), (await readFile(stateOf("pr-9"), "utf8")).replace(/"salt":\s*"[^"]*"/, salt));
    await rm(fileOf("pr-9"));
    await writeFile(fileOf("pr-10"), await readFile(fileOf("pr-1"), "utf8"));
}, 10 * 60_000);

afterAll(async () => {
    await first?.remove();
});

describe("a sweep", () => {
    test("tells all of it, and changes nothing", async () => {
        const before = await first.run(["stack", "ls", "--json"]);
        const { exitCode, output, found, outcomes, inUse } = await sweep("--dry");
        expect(exitCode, output).toBe(1);
        expect(outcomes).toEqual({
            "stack pr-1": "due",
            "stack pr-2": "due",
            "stack pr-3": "due",
            "stack pr-5": "told",
            "stack pr-6": "due",
            "stack pr-9": "due",
            "file Pulumi.pr-10.yaml": "due",
        });
        expect(inUse).toEqual(["pr-8"]);
        expect(found.find(({ name }) => name === "pr-3")!.why).toContain("locked by ci@runner-7.example, process 12");
        expect(await first.run(["stack", "ls", "--json"])).toEqual(before);
        expect(await isThere(fileOf("pr-10"))).toBe(true);
    });

    test("removes what it can, goes on after each failure, and names the command for the rest", async () => {
        // As a run leaves them that is killed while the engine writes them.
        const attributes = `${stateOf("pr-6")}.attrs`;
        await writeFile(attributes, "");
        await utimes(attributes, 0, 0);
        expect((await first.run(["stack", "export", "--stack", "pr-6"])).output).toMatch(/checkpoint: EOF/);
        const { exitCode, output, outcomes, found } = await sweep("--no-dump");
        expect(exitCode, output).toBe(1);
        expect(outcomes, output).toEqual({
            "stack pr-1": "gone",
            "stack pr-2": "gone",
            "stack pr-3": "failed",
            "stack pr-5": "told",
            "stack pr-6": "gone",
            "stack pr-9": "failed",
            "file Pulumi.pr-10.yaml": "gone",
        });
        const told = Object.fromEntries(found.map(({ name, commands }) => [name, commands]));
        expect(told["pr-3"]).toEqual(["pulumi cancel --yes --stack pr-3"]);
        expect(told["pr-5"]).toEqual(["pulumi stack export --stack pr-5"]);
        expect(told["pr-9"]).toEqual(["PULUMI_CONFIG_PASSPHRASE_FILE=FILE make destroy STACK=pr-9"]);
        expect(output).not.toContain(canary);
        for (const name of ["pr-1", "pr-2", "pr-6", "pr-10"]) {
            expect(await isThere(fileOf(name)), name).toBe(false);
        }
    });

    test("removes a lock that is old enough, and does not touch what is staging or open", async () => {
        const { output, outcomes, inUse } = await sweep("--unlock-after", "2h");
        expect(outcomes, output).toEqual({ "stack pr-3": "gone", "stack pr-5": "told", "stack pr-9": "failed" });
        expect(inUse).toEqual(["pr-8"]);
        for (const name of ["pr-7", "pr-8"]) {
            expect(await isThere(stateOf(name)), name).toBe(true);
            expect(await isThere(fileOf(name)), name).toBe(true);
        }
    });

    test("refuses what it is not meant to be told", async () => {
        const wrong = await first.command("sweep/main.ts", "--unlock-after", "soon");
        expect(wrong.exitCode).toBe(2);
        expect(wrong.output).toContain('for example "30m", "2h", "1d"');
        const missing = await first.command("sweep/main.ts", "--pull-requests", "none.json");
        expect([missing.exitCode, missing.output]).toEqual([2, expect.stringContaining("none.json cannot be read")]);
    });
});

describe("the fleet", () => {
    test("is every stack of the backend, without a secret of one", async () => {
        const { exitCode, output } = await first.command("fleet/main.ts", "list", "--json");
        expect(exitCode, output).toBe(0);
        const members = JSON.parse(output) as Member[];
        expect(members.map(({ stack, kind }) => [stack, kind])).toEqual([
            ["pr-5", ""],
            ["pr-7", "staging"],
            ["pr-8", "ephemeral"],
            ["pr-9", "ephemeral"],
        ]);
        expect(members[1]!.update).toMatchObject({ kind: "update", result: "succeeded" });
        expect(output).not.toContain(canary);
    });

    test("is updated behind a canary, and no further after one that fails", async () => {
        // What cannot be read, no pattern chooses.
        const good = await first.command(
            "fleet/main.ts",
            "up",
            "pr-*",
            "--canary",
            "pr-7",
            "--json",
            "--parallel",
            "1",
        );
        expect(good.exitCode, good.output).toBe(1);
        const steps = JSON.parse(good.output.slice(good.output.indexOf("[\n"))) as object[];
        expect(steps).toMatchObject([
            { stack: "pr-7", outcome: "done", result: "nothing" },
            { stack: "pr-8", outcome: "done" },
            { stack: "pr-9", outcome: "failed" },
        ]);
        const stopped = await first.command("fleet/main.ts", "up", "pr-9 pr-8", "--json");
        expect(stopped.output).toMatch(/"pr-9",\s+"outcome": "failed"[^]*"pr-8",\s+"outcome": "not begun"/);
        expect(`${good.output}${stopped.output}`).not.toContain(canary);
    });
});
