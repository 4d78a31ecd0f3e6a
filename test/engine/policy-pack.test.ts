// `pulumi preview --policy-pack policy` under the real engine: a good stack passes, a bad one is stopped with rule, place and fix.
// The engine and the SDK's policy server are real, and the pack is started by this project's language host where the CLI was
// built from source; no cluster is asked. Not proved: how Pulumi's own language host starts it (by the same file of the SDK).
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { rules } from "../../policy/index.ts";
import { policyName } from "../../policy/policy-name.ts";
import { ensureEngine, runPulumi, type Engine } from "../../tools/engine/index.ts";
import { projectRoot } from "../../tools/support/paths.ts";

const project = "django-on-kubernetes";
const stack = "judged";
const canary = "c4n4ryThatNobodyPrints";

/** Nobody answers there: a preview of what is not there yet asks no cluster. */
const kubeconfig = stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "local", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "local", user: {} }],
    contexts: [{ name: "local", context: { cluster: "local", user: "local" } }],
    "current-context": "local",
});

/** The program itself, and beside it what breaks rules. */
const badProgram = `
    import * as pulumi from "@pulumi/pulumi";
    import { Provider } from "@pulumi/kubernetes/provider.js";
    import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
    import { Service } from "@pulumi/kubernetes/core/v1/service.js";
    await import("./index.ts");
    const provider = new Provider("other", { kubeconfig: "kubeconfig", clusterIdentifier: "other" });
    const parent = new (class extends pulumi.ComponentResource {})("${project}:test:Bad", "bad", {}, {});
    new Service("open", { metadata: { name: "open", namespace: "sample-${stack}" }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } }, { provider, parent });
    new ConfigMap("talkative", { metadata: { name: "talkative", namespace: "sample-${stack}" }, data: { HINT: pulumi.secret("${canary}") } }, { provider, parent });
`;

let engine: Engine;
let directory: string;

async function run(...args: string[]): Promise<{ exitCode: number; output: string }> {
    const { exitCode, stdout, stderr } = await runPulumi([...args, "--non-interactive", "--color=never"], {
        engine,
        cwd: directory,
        stdio: "pipe",
        env: { PULUMI_BACKEND_URL: `file://${directory}/state`, PULUMI_CONFIG_PASSPHRASE: "test" },
    });
    return { exitCode: exitCode ?? 1, output: `${stdout}\n${stderr}` };
}

async function choose(program: "index.ts" | "bad.ts"): Promise<void> {
    const file = parse(await readFile(join(projectRoot, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;
    await writeFile(join(directory, "Pulumi.yaml"), stringify({ ...file, main: program }));
}

async function preview(program: "index.ts" | "bad.ts", ...args: string[]): Promise<{ exitCode: number; output: string }> {
    await choose(program);
    return await run("preview", "--stack", stack, "--policy-pack", "policy", ...args);
}

const nameOf = (id: string): string => policyName(rules.find((rule) => rule.id === id)!);

/** The part of the output that says what rules found. */
const verdict = (output: string): string => output.slice(output.indexOf("Policies:"));

beforeAll(async () => {
    engine = await ensureEngine((message) => console.log(message));
    directory = await mkdtemp(join(tmpdir(), "policy-pack-"));
    for (const name of ["index.ts", "package.json", "node_modules", "policy", "settings", "stacks", "components", "lib"]) {
        await symlink(join(projectRoot, name), join(directory, name));
    }
    await writeFile(join(directory, "bad.ts"), badProgram);
    await writeFile(join(directory, "kubeconfig"), kubeconfig, { mode: 0o600 });
    const local = parse(await readFile(join(projectRoot, "Pulumi.local.yaml"), "utf8")) as { config: Record<string, Record<string, unknown>> };
    local.config[`${project}:platform`]!["kubeconfig"] = join(directory, "kubeconfig");
    await writeFile(join(directory, `Pulumi.${stack}.yaml`), stringify({ config: local.config }));
    await mkdir(join(directory, "state"));
    await choose("index.ts");
    const { exitCode, output } = await run("stack", "init", stack);
    expect(exitCode, output).toBe(0);
}, 30 * 60_000);

afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
});

describe("pulumi preview --policy-pack policy", () => {
    test("passes for a good stack, in its first preview with everything unknown", async () => {
        const { exitCode, output } = await preview("index.ts");
        expect(exitCode, output).toBe(0);
        expect(output).toContain("django-on-kubernetes@v0.1.0");
        expect(verdict(output)).not.toContain("[mandatory]");
        expect(output).not.toContain("can't run policy");
    });

    test("stops a bad one, and names rule, place and fix", async () => {
        const { exitCode, output } = await preview("bad.ts");
        expect(exitCode, output).not.toBe(0);
        const said = verdict(output);
        expect(said).toContain(`[mandatory]  ${nameOf("R52")}`);
        expect(said).toContain("R52: nothing but the public entry is reachable from outside the cluster");
        expect(said).toMatch(/where\s+open: spec\.type/);
        expect(said).toMatch(/found\s+LoadBalancer/);
        expect(said).toMatch(/fix\s+remove it and route through the Gateway/);
    });

    test("knows what is secret, and does not print it", async () => {
        const { output } = await preview("bad.ts", "--diff");
        expect(output).toContain(nameOf("R50"));
        expect(output).toMatch(/where\s+talkative: data\.HINT/);
        expect(output).not.toContain(canary);
    });

    test("takes a rule's level from a file", async () => {
        const levels = { [nameOf("R52")]: "advisory", [nameOf("R50")]: { enforcementLevel: "disabled" } };
        await writeFile(join(directory, "levels.json"), JSON.stringify(levels));
        const { exitCode, output } = await preview("bad.ts", "--policy-pack-config", "levels.json");
        expect(exitCode, output).toBe(0);
        expect(verdict(output)).toContain(`[advisory]  ${nameOf("R52")}`);
        expect(output).not.toContain(nameOf("R50"));
    });
});
