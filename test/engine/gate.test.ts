// The gate reads what the real engine prints. Not proved: that a real cloud replaces on the same properties as the recording
// plugins, nor what the official plugins say in their detailed diffs.
import { execa } from "execa";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { ensureEngine, runPulumi, type Engine } from "../../lab/engine/index.ts";
import { installRecordingPlugins } from "../../lab/engine/plugins.ts";
import { projectRoot } from "../../commands/support/paths.ts";

const canary = "canary-f00d";

/** A database in the cluster, a bucket beside it, something that can be made again; what a test changes is in the config. */
const program = `
import * as pulumi from "@pulumi/pulumi";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Provider as Kubernetes } from "@pulumi/kubernetes/provider.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Provider as Aws } from "@pulumi/aws/provider.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import { Instance } from "@pulumi/aws/rds/instance.js";

const config = new pulumi.Config();
const kubernetes = new Kubernetes("kubernetes", { clusterIdentifier: "one", kubeconfig: "{}" });
const aws = new Aws("aws", { region: "eu-central-1" });
const labels = { app: config.get("app") ?? "database" };

new StatefulSet(config.get("name") ?? "database-server", {
    metadata: { name: "database", namespace: "shop" },
    spec: {
        serviceName: "database",
        replicas: Number(config.get("replicas") ?? 1),
        selector: { matchLabels: labels },
        template: {
            metadata: { labels },
            spec: { containers: [{ name: "postgresql", image: "postgres:17", env: [{ name: "PASSWORD", value: pulumi.secret("${canary}") }] }] },
        },
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"] } }],
    },
}, { provider: kubernetes, protect: config.getBoolean("protect") ?? false });
new ConfigMap("settings", { metadata: { namespace: config.get("settings") ?? "shop" }, data: {} }, { provider: kubernetes });
if (config.get("bucket") !== "none") {
    const media = new Bucket("media", { tags: { secret: pulumi.secret("${canary}") } }, { provider: aws, retainOnDelete: config.get("bucket") === "retained" });
    if (config.get("versions") !== "none") {
        new BucketVersioning("media-versions", { bucket: media.bucket, versioningConfiguration: { status: config.get("versions") ?? "Enabled" } }, { provider: aws });
    }
}
new Instance("orders", {
    engine: "postgres",
    instanceClass: "db.t4g.small",
    allocatedStorage: 20,
    username: "shop",
    password: pulumi.secret("${canary}"),
    backupRetentionPeriod: Number(config.get("days") ?? 14),
    deletionProtection: config.get("protection") !== "off",
    skipFinalSnapshot: true,
}, { provider: aws });
`;

let engine: Engine;
let directory: string;

/** How a preview is printed. */
type Form = Readonly<Record<string, string>>;

async function pulumi(args: readonly string[], form: Form = {}) {
    const { exitCode, stdout, stderr } = await runPulumi(
        [...args, "--non-interactive", "--color=never", "--stack=gate"],
        {
            engine,
            cwd: directory,
            stdio: "pipe",
            env: {
                PULUMI_HOME: join(directory, "home"),
                PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
                PULUMI_BACKEND_URL: `file://${directory}/state`,
                PULUMI_CONFIG_PASSPHRASE: "test",
                ...form,
            },
        },
    );
    return { exitCode, stdout, stderr };
}

async function configure(config: Readonly<Record<string, string>>): Promise<void> {
    const named = Object.fromEntries(Object.entries(config).map(([key, value]) => [`gate:${key}`, value]));
    const file = join(directory, "Pulumi.gate.yaml");
    const { config: _, ...rest } = parse(await readFile(file, "utf8")) as Record<string, unknown>;
    await writeFile(file, stringify({ ...rest, config: named }));
}

async function gate(input: string, ...args: string[]) {
    return command("gate", input, args);
}

async function command(name: "gate" | "verdict", input: string, args: readonly string[]) {
    const main = join(projectRoot, "commands", name, "main.ts");
    const { exitCode, stdout, stderr } = await execa(process.execPath, [main, ...args], { input, reject: false });
    return { exitCode, stdout, stderr };
}

beforeAll(async () => {
    engine = await ensureEngine((message) => console.log(message));
    directory = await mkdtemp(join(tmpdir(), "gate-"));
    await installRecordingPlugins(join(directory, "home"));
    await mkdir(join(directory, "state"));
    await writeFile(
        join(directory, "Pulumi.yaml"),
        JSON.stringify({
            name: "gate",
            main: "index.mjs",
            runtime: { name: "nodejs", options: { typescript: false } },
        }),
    );
    await writeFile(join(directory, "index.mjs"), program);
    await symlink(join(projectRoot, "node_modules"), join(directory, "node_modules"));
    for (const args of [
        ["stack", "init"],
        ["up", "--yes", "--skip-preview"],
    ]) {
        const { exitCode, stdout, stderr } = await pulumi(args);
        expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
    }
}, 15 * 60_000);

afterAll(async () => {
    await rm(directory, { recursive: true, force: true });
});

describe.each<[string, Form]>([
    ["a stream of events", { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" }],
    ["one document", {}],
])("the gate, reading %s,", (_, form) => {
    async function previewed(config: Readonly<Record<string, string>>, ...args: string[]): Promise<string> {
        await configure(config);
        const { exitCode, stdout, stderr } = await pulumi(["preview", "--json", ...args], form);
        expect(exitCode, `${stdout}\n${stderr}`).toBe(0);
        return stdout;
    }

    test("is open when nothing changes, and when what changes can be made again", async () => {
        expect(await gate(await previewed({}))).toMatchObject({ exitCode: 0 });
        const { exitCode, stdout } = await gate(
            await previewed({ replicas: "2", settings: "other" }, "--show-replacement-steps"),
        );
        expect(stdout).toContain("The gate is open: nothing that holds data is replaced or deleted.");
        expect(exitCode).toBe(0);
    });

    test.each([[[]], [["--show-replacement-steps"]]])(
        "refuses the replacement of a database, and names what forces it %j",
        async (flags) => {
            const preview = await previewed({ app: "renamed" }, ...flags);
            const { exitCode, stdout } = await gate(preview);
            expect(exitCode, stdout).toBe(1);
            expect(stdout).toContain("database-server");
            expect(stdout).toContain("spec.selector.matchLabels.app");
            expect(stdout).toContain("--allow database-server");
            expect(await gate(preview, "--allow", "database-server")).toMatchObject({ exitCode: 0, stderr: "" });
        },
    );

    test("refuses the deletion of a bucket", async () => {
        const preview = await previewed({ bucket: "none" });
        expect(await gate(preview)).toMatchObject({ exitCode: 1 });
        expect(await gate(preview, "--allow", "media")).toMatchObject({ exitCode: 0 });
        expect(await gate(preview, "--allow", "database-server")).toMatchObject({ exitCode: 2 });
    });

    test("refuses what keeps a database, and less of its backups, with both numbers", async () => {
        const preview = await previewed({ days: "3", protection: "off" });
        const { exitCode, stdout } = await gate(preview);
        expect(exitCode, stdout).toBe(1);
        expect(stdout).toContain("14 → 3");
        expect(stdout).toContain("deletionProtection: on");
        expect(stdout).toContain("--allow orders");
        expect(stdout).not.toContain(canary);
        expect(await gate(preview, "--allow", "orders")).toMatchObject({ exitCode: 0, stderr: "" });
        expect(await gate(await previewed({ days: "35" }))).toMatchObject({ exitCode: 0 });
    });

    test("refuses versions that end; with their bucket they are not named", async () => {
        expect((await gate(await previewed({ versions: "Suspended" }))).stdout).toContain("--allow media-versions");
        expect((await gate(await previewed({ versions: "none" }))).stdout).toContain("--allow media-versions");
        const { stdout } = await gate(await previewed({ bucket: "none" }));
        expect(stdout).toContain("--allow media");
        expect(stdout).not.toContain("media-versions");
    });

    test("refuses a rename, and says how it is meant to be done", async () => {
        const { exitCode, stdout } = await gate(await previewed({ name: "main-database" }));
        expect(exitCode).toBe(1);
        expect(stdout).toContain("alias");
    });

    test("reads a preview with a refresh", async () => {
        expect(await gate(await previewed({}, "--refresh"))).toMatchObject({ exitCode: 0 });
        expect(await gate(await previewed({ app: "renamed" }, "--refresh"))).toMatchObject({ exitCode: 1 });
    });

    test("reads a file", async () => {
        const file = join(directory, "preview.json");
        await writeFile(file, await previewed({ bucket: "none" }));
        expect(await gate("", file)).toMatchObject({ exitCode: 1 });
    });

    test("prints no secret of a resource that it shows", async () => {
        const { stdout, stderr } = await gate(await previewed({ app: "renamed", bucket: "none" }));
        expect(stdout).toContain("media");
        expect(`${stdout}${stderr}`).not.toContain(canary);
    });

    test("has a verdict beside it that names the same, and no secret", async () => {
        const preview = await previewed({ app: "renamed", bucket: "none", days: "3" }, "--show-replacement-steps");
        const file = join(directory, "comment.md");
        const args = ["--stack", "gate", "--preview", "-", "--markdown", file];
        const { exitCode, stdout, stderr } = await command("verdict", preview, args);
        expect(exitCode, stderr).toBe(1);
        const comment = await readFile(file, "utf8");
        expect(comment).toMatch(/^🔴 \*\*Red\.\*\* Data would be lost: `database-server`( and|,) `media`/);
        expect(comment).toContain("`backupRetentionPeriod: 14 → 3`");
        expect(comment).toMatch(/-\/\+ StatefulSet database-server is replaced\n.*spec\.selector\.matchLabels\.app/);
        expect(`${comment}${stdout}${stderr}`).not.toContain(canary);
        const nothing = await command("verdict", await previewed({}), ["--stack", "gate", "--preview", "-"]);
        expect(nothing).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Green\./) as string });
    });

    test("does not judge a preview that failed", async () => {
        await configure({ replicas: "not a number" });
        await writeFile(join(directory, "index.mjs"), `${program}\nthrow new Error("no such setting");\n`);
        const { exitCode, stdout } = await pulumi(["preview", "--json"], form);
        expect(exitCode).not.toBe(0);
        const judged = await gate(stdout);
        expect(judged.exitCode, judged.stdout).toBe(2);
        expect(judged.stderr).toContain("The preview failed");
        await writeFile(join(directory, "index.mjs"), program);
    });

    test("says what else it cannot read", async () => {
        expect(await gate("")).toMatchObject({
            exitCode: 2,
            stderr: expect.stringContaining("Nothing to read") as string,
        });
        expect(await gate("", "/no/such/file")).toMatchObject({
            exitCode: 2,
            stderr: "/no/such/file cannot be read: ENOENT",
        });
        expect(await gate("{}", "--nonsense")).toMatchObject({ exitCode: 2 });
        expect(await gate("", "--help")).toMatchObject({ exitCode: 0 });
    });
});
