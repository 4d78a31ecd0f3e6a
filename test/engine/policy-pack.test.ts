// `pulumi preview --policy-pack policy` under the real engine: a good stack passes, a bad one is stopped with rule, place and fix.
// The engine and the SDK's policy server are real, and the pack is started by this project's language host where the CLI was
// built from source; no cluster is asked, and clouds are recorded. Not proved: how Pulumi's own language host starts it (by the
// same file of the SDK).
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { rules } from "../../policy/index.ts";
import { policyName } from "../../policy/policy-name.ts";
import { ensureEngine, runPulumi, type Engine } from "../../lab/engine/index.ts";
import { projectRoot } from "../../commands/support/paths.ts";
import { EngineStack, type StackConfig } from "./clouds/support/engine-stack.ts";

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

async function preview(
    program: "index.ts" | "bad.ts",
    ...args: string[]
): Promise<{ exitCode: number; output: string }> {
    await choose(program);
    return await run("preview", "--stack", stack, "--policy-pack", "policy", ...args);
}

const nameOf = (id: string): string => policyName(rules.find((rule) => rule.id === id)!);

/** The part of the output that says what rules found. */
const verdict = (output: string): string => output.slice(output.indexOf("Policies:"));

beforeAll(async () => {
    engine = await ensureEngine((message) => console.log(message));
    directory = await mkdtemp(join(tmpdir(), "policy-pack-"));
    for (const name of [
        "index.ts",
        "package.json",
        "node_modules",
        "policy",
        "settings",
        "stacks",
        "components",
        "lib",
    ]) {
        await symlink(join(projectRoot, name), join(directory, name));
    }
    await writeFile(join(directory, "bad.ts"), badProgram);
    await writeFile(join(directory, "kubeconfig"), kubeconfig, { mode: 0o600 });
    const local = parse(await readFile(join(projectRoot, "Pulumi.local.yaml"), "utf8")) as {
        config: Record<string, Record<string, unknown>>;
    };
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
        expect(said).toMatch(/fix\s+remove it and route through the way in/);
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

/** What somebody might write over a component's own arguments, and what the rules say to it. */
const spoiled: Record<
    string,
    {
        readonly spoil: (config: StackConfig) => void;
        readonly said: readonly (readonly [rule: string, where: RegExp])[];
    }
> = {
    aws: {
        spoil: (config) => (config["database"].server.native = { multiAz: false, deletionProtection: false }),
        said: [
            ["R58", /where +database\S*: multiAz\n +found +false/],
            ["R60", /where +database\S*: deletionProtection\n +found +false/],
        ],
    },
    gcp: {
        spoil: (config) =>
            (config["database"].server.native = {
                settings: { ipConfiguration: { sslMode: "ALLOW_UNENCRYPTED_AND_ENCRYPTED" } },
            }),
        said: [
            ["R62", /where +database\S*: settings\.ipConfiguration\.sslMode\n +found +ALLOW_UNENCRYPTED_AND_ENCRYPTED/],
        ],
    },
    digitalocean: {
        spoil: (config) => (config["platform"].native = { cluster: { ha: false } }),
        said: [["R57", /where +cluster\S*: ha\n +found +false/]],
    },
};

describe("with recording providers for the clouds", () => {
    const pack = ["--policy-pack", join(projectRoot, "policy")];

    for (const [cloud, { spoil, said }] of Object.entries(spoiled)) {
        test(`${cloud}: the example passes in its first preview, with every name on the cluster unknown; a spoiled one does not`, async () => {
            const cloudStack = await EngineStack.create({
                name: "production",
                file: `examples/stacks/${cloud}/Pulumi.production.yaml`,
            });
            try {
                const good = await cloudStack.preview(...pack);
                expect(good.exitCode, good.output).toBe(0);
                expect(good.changes.length).toBeGreaterThan(50);
                expect(good.output).toMatch(/Policy Packs run:/);
                expect(good.output).not.toMatch(/\[mandatory\]|can't run policy/);

                await cloudStack.edit(spoil);
                const bad = await cloudStack.preview(...pack);
                expect(bad.exitCode, bad.output).not.toBe(0);
                for (const [rule, where] of said) {
                    expect(bad.output).toContain(`[mandatory]  ${nameOf(rule)}`);
                    expect(bad.output).toMatch(where);
                }
            } finally {
                await cloudStack.remove();
            }
        });
    }

    test("an ephemeral stack on another's platform passes: what it only reads is not judged", async () => {
        const file = "examples/stacks/aws/Pulumi.staging.yaml";
        const staging = await EngineStack.create({ name: "staging", file });
        try {
            await staging.edit((config) => {
                config["lends"] = { domain: "previews.shop.example.org", database: true };
                config["database"] = { variant: "in-cluster", version: "17", storage: "10Gi" };
            });
            const up = await staging.up(...pack);
            expect(up.exitCode, up.output).toBe(0);

            const ephemeral = await EngineStack.create({ name: "pr-1", file, beside: staging });
            await ephemeral.edit((config) => {
                delete config["lends"];
                config["environment"] = { kind: "ephemeral" };
                config["platform"] = { variant: "stack", stack: "staging" };
                config["apps"][0].hosts = ["pr-1.previews.shop.example.org"];
                config["database"] = { variant: "platform" };
                config["cache"] = { variant: "in-cluster" };
                config["broker"] = { variant: "redis", storage: "1Gi" };
                config["assets"] = { variant: "whitenoise" };
                config["exposure"] = { variant: "platform" };
            });
            const { exitCode, output, changes } = await ephemeral.preview(...pack);
            expect(exitCode, output).toBe(0);
            expect(changes.length).toBeGreaterThan(20);
            expect(output).not.toMatch(/\[mandatory\]|can't run policy/);
        } finally {
            await staging.remove();
        }
    });

    test("what is there passes as well: inputs are judged, not what the cluster has filled in", async () => {
        const cloudStack = await EngineStack.create({
            name: "production",
            file: "examples/stacks/aws/Pulumi.production.yaml",
        });
        try {
            const up = await cloudStack.up(...pack);
            expect(up.exitCode, up.output).toBe(0);
            const again = await cloudStack.preview(...pack);
            expect(again.exitCode, again.output).toBe(0);
            expect(again.changes).toEqual([]);
            expect(again.output).not.toMatch(/\[mandatory\]/);
        } finally {
            await cloudStack.remove();
        }
    });
});
