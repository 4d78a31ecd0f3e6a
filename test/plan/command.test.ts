// `make plan` as a person runs it: what it prints, where, and how it ends.
// Does not prove: that the picture is beautiful; somebody looked at it.
import { execFile, spawnSync } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { committed } from "./support/plans.ts";

interface Result {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

let folder: string;

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "plan-"));
});
afterAll(async () => {
    await rm(folder, { recursive: true });
});

async function plan(...args: string[]): Promise<Result> {
    return new Promise((resolve) => {
        const program = join(projectRoot, "commands/plan/main.ts");
        // No PATH, no home, no cluster: Node alone.
        const options = { cwd: projectRoot, env: { PATH: "", TMPDIR: folder } };
        execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
            resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
        });
    });
}

describe("make plan", () => {
    it.each(committed)("shows %s within 80 columns, without colour in a pipe, and draws it", async (stack) => {
        const svg = join(folder, `${stack}.svg`);
        const { stdout, stderr } = await plan(
            "--stack",
            stack,
            "--svg",
            svg,
            ...(stack === "local" ? [] : ["--directory", "examples/stacks/existing"]),
        );
        expect(stderr).toBe("");
        expect(stdout).not.toContain("\u001b");
        expect(stdout.split("\n").filter((line) => line.length > 80 && !line.startsWith("Picture:"))).toEqual([]);
        for (const role of ["edge", "web", "worker", "beat", "shell", "release", "database", "cache", "broker"]) {
            expect(stdout).toMatch(new RegExp(`^${role} `, "m"));
        }
        expect(stdout).toMatch(/^\d+ rules hold/m);
        const picture = await readFile(svg, "utf8");
        expect(picture).toMatch(/^<svg [^>]*viewBox="0 0 960 \d+"/);
        expect(picture).not.toMatch(/NaN|undefined|<script|href=/);
    });

    it("prints the plan as JSON and nothing else", async () => {
        const { code, stdout } = await plan("--stack", "local", "--json", "--svg", join(folder, "json.svg"));
        const read = JSON.parse(stdout) as { stack: string; resources: unknown[]; violations: unknown[] };
        expect(code).toBe(0);
        expect(read.stack).toBe("local");
        expect(read.resources.length).toBeGreaterThan(40);
        expect(read.violations).toEqual([]);
    });

    it("names the stacks that exist when asked for another", async () => {
        const { code, stdout, stderr } = await plan("--stack", "nowhere");
        expect(code).toBe(1);
        expect(stdout).toBe("");
        expect(stderr).toContain("There is no stack nowhere. There are: ");
        expect(stderr).toContain("local, production");
    });

    it("lists wrong settings without a stack trace", async () => {
        const text = await readFile(join(projectRoot, "Pulumi.local.yaml"), "utf8");
        await copyFile(join(projectRoot, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
        await writeFile(
            join(folder, "Pulumi.wrong.yaml"),
            text.replace("threads: 4", "threads: 0").replace("concurrency: 1", "concurency: 1"),
        );
        const { code, stdout, stderr } = await plan("--stack", "wrong", "--directory", folder);
        expect(code).toBe(1);
        expect(stdout).toBe("");
        expect(stderr).toContain("apps[0].web.threads");
        expect(stderr).toContain("concurency");
        expect(stderr).toContain("fix:");
        expect(stderr).not.toMatch(/^\s+at /m);

        const asJson = await plan("--stack", "wrong", "--directory", folder, "--json");
        const { problems } = JSON.parse(asJson.stdout) as { problems: { path: string; fix: string }[] };
        expect(asJson.code).toBe(1);
        expect(problems.map(({ path }) => path)).toEqual(
            expect.arrayContaining(["apps[0].web.threads", "apps[0].workers.default.concurency"]),
        );
        expect(problems.every(({ fix }) => fix !== "")).toBe(true);
    });
});

describe("after `npm ci --omit=dev`", () => {
    /** The folders of packages that it leaves out. */
    async function leftOut(): Promise<string[]> {
        const { packages } = JSON.parse(await readFile(join(projectRoot, "package-lock.json"), "utf8")) as {
            packages: Record<string, { readonly dev?: true }>;
        };
        return Object.entries(packages).flatMap(([folder, { dev }]) => (dev === true ? [folder] : []));
    }

    it.each([
        ["plan", "commands/plan/main.ts", ["--stack", "local", "--json"], ""],
        ["gate", "commands/gate/main.ts", [], '{ "steps": [] }'],
        ["repair", "commands/repair/main.ts", ["--help"], ""],
        ["destroy", "commands/destroy/main.ts", ["--help"], ""],
    ])("%s finds all that it loads", async (name, program, args, input) => {
        const file = join(folder, `${name}-loaded.json`);
        const hook = join(projectRoot, "test/plan/support/record-loaded.ts");
        const { status, stderr } = spawnSync(process.execPath, ["--import", hook, program, ...args], {
            cwd: projectRoot,
            env: { PATH: "", TMPDIR: folder, LOADED: file },
            input,
            encoding: "utf8",
        });
        expect(stderr).toBe("");
        expect(status).toBe(0);
        const loaded = JSON.parse(await readFile(file, "utf8")) as string[];
        expect(loaded.some((url) => url.includes("/node_modules/commander/"))).toBe(true);
        const without = await leftOut();
        expect(without).toContain("node_modules/execa");
        const missing = without.filter((part) =>
            loaded.some((url) => url.startsWith(`file://${projectRoot}/${part}/`)),
        );
        // `debug`, of the Kubernetes client, takes supports-color where it happens to be there.
        const optional = ["node_modules/has-flag", "node_modules/supports-color"];
        expect(missing.filter((part) => !optional.includes(part))).toEqual([]);
        expect(loaded.filter((url) => url.startsWith(`file://${projectRoot}/lab/`))).toEqual([]);
    });
});
