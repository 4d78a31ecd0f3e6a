// The words of the real engine as the release reads them: outputs, history, a preview, a refresh. Not proved: a rollout, which needs a cluster
// (the update below is done, and then nobody answers), and a drift in a cloud.
import { execa } from "execa";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { readPreview } from "../../commands/gate/preview.ts";
import { ensureEngine, runPulumi, type Engine } from "../../lab/engine/index.ts";
import { installRecordingPlugins } from "../../lab/engine/plugins.ts";
import { projectRoot } from "../../commands/support/paths.ts";

const canary = "canary-0ddba11";

const program = `
import * as pulumi from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Provider } from "@pulumi/kubernetes/provider.js";

const [shop] = new pulumi.Config().requireObject("apps");
const provider = new Provider("kubernetes", { clusterIdentifier: "one", kubeconfig: "{}" });
new ConfigMap("image", { metadata: { namespace: "shop" }, data: { image: shop.image } }, { provider });
new Secret("login", { metadata: { namespace: "shop" }, stringData: { password: pulumi.secret("${canary}") } }, { provider });

const cluster = { name: "nobody", cluster: { server: "https://127.0.0.1:1" } };
export const namespace = "shop";
export const platform = { connection: { kubeconfig: JSON.stringify({ clusters: [cluster], users: [{ name: "nobody", user: {} }], contexts: [{ name: "nobody", context: { cluster: "nobody", user: "nobody" } }], "current-context": "nobody" }) } };
export const apps = { shop: { image: shop.image } };
`;

let engine: Engine;
let directory: string;
let env: Record<string, string>;

async function pulumi(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await runPulumi([...args, "--non-interactive", "--stack=released"], {
        engine,
        cwd: directory,
        stdio: "pipe",
        env,
    });
    expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
    return stdout ?? "";
}

async function release(...args: string[]) {
    const { exitCode, all } = await execa(
        "node",
        [join(projectRoot, "commands/release/main.ts"), ...args, "--stack", "released"],
        {
            cwd: directory,
            env: { ...engine.env, ...env },
            reject: false,
            all: true,
        },
    );
    return { exitCode, output: all };
}

async function deploy(image: string): Promise<void> {
    await writeFile(
        join(directory, "Pulumi.released.yaml"),
        stringify({ config: { "released:apps": [{ name: "shop", image }] } }),
    );
    await pulumi("up", "--yes", "--skip-preview");
}

const running = async (): Promise<string> =>
    (JSON.parse(await pulumi("stack", "output", "--json")) as { apps: { shop: { image: string } } }).apps.shop.image;

beforeAll(async () => {
    engine = await ensureEngine((message) => console.log(message));
    directory = await mkdtemp(join(tmpdir(), "release-engine-"));
    await mkdir(join(directory, "state"));
    env = {
        PULUMI_HOME: join(directory, "home"),
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_BACKEND_URL: `file://${directory}/state`,
        PULUMI_CONFIG_PASSPHRASE: "test",
    };
    await installRecordingPlugins(env["PULUMI_HOME"]!);
    await writeFile(
        join(directory, "Pulumi.yaml"),
        stringify({ name: "released", runtime: { name: "nodejs", options: { typescript: false } }, main: "index.mjs" }),
    );
    await writeFile(join(directory, "index.mjs"), program);
    await writeFile(join(directory, "package.json"), JSON.stringify({ type: "module", main: "index.mjs" }));
    await symlink(join(projectRoot, "node_modules"), join(directory, "node_modules"));
    await writeFile(join(directory, "Pulumi.released.yaml"), stringify({ config: {} }));
    await runPulumi(["stack", "init", "released", "--non-interactive"], { engine, cwd: directory, env, stdio: "pipe" });
    await deploy("registry.example.org/shop:1");
    await deploy("registry.example.org/shop:2");
});
afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
});

test("a preview has the image that runs, is kept for the gate, and shows no secret", async () => {
    const file = join(directory, "Pulumi.released.yaml");
    const before = await readFile(file, "utf8");
    await writeFile(file, before.replace("shop:2", "shop:0"));
    const { exitCode, output } = await release("preview", "--no-rules", "--output", "preview.json");
    expect(exitCode, output).toBe(0);
    const printed = await readFile(join(directory, "preview.json"), "utf8");
    expect(readPreview(printed).steps.filter(({ op }) => op !== "same")).toEqual([]);
    expect(printed).not.toContain(canary);
    expect(await readFile(file, "utf8")).toContain("shop:0");
    await writeFile(file, before);
});

test("nothing has drifted", async () => {
    const { exitCode, output } = await release("drift");
    expect(output).toContain("released is as its state has it.");
    expect(exitCode).toBe(0);
});

test("the way back brings out what the history has, and waits for what runs", async () => {
    expect(await running()).toBe("registry.example.org/shop:2");
    const { exitCode, output } = await release("back", "--no-rules", "--wait", "1");
    expect(await running(), output).toBe("registry.example.org/shop:1");
    expect(output).toContain("shop: registry.example.org/shop:1");
    expect(output).toContain("The gate is open");
    expect(output).not.toContain(canary);
    // Of the cluster nobody answers.
    expect(exitCode).toBe(1);
});
