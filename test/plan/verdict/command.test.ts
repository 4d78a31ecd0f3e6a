// The command itself: what it takes, what it prints, how it ends. Not proved: `npm ci` in a base whose packages are others.
import { execa, type Options } from "execa";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectRoot } from "../../../commands/support/paths.ts";
import { preview, step, types } from "../../unit/commands/support/gate-steps.ts";

let folder: string;

/** A release that was unpacked has no commits. */
const { exitCode: withoutCommits } = await execa("git", ["rev-parse", "HEAD"], { cwd: projectRoot, reject: false });
const isRepository = withoutCommits === 0;

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "verdict-test-"));
});
afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
});

async function verdict(args: readonly string[], options: Options = {}) {
    const { exitCode, stdout, stderr } = await execa("node", ["commands/verdict/main.ts", ...args], {
        cwd: projectRoot,
        reject: false,
        ...options,
    });
    return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

const resource = (name: string, image: string) => ({
    urn: `urn:pulumi:test::shop::kubernetes:apps/v1:Deployment::${name}`,
    type: "kubernetes:apps/v1:Deployment",
    name,
    custom: true,
    props: {
        metadata: { name, namespace: "shop" },
        spec: { template: { spec: { containers: [{ name: "web", image }] } } },
    },
});

async function planFile(name: string, resources: readonly object[], more: object = {}): Promise<string> {
    const file = join(folder, `${name}.json`);
    await writeFile(
        file,
        JSON.stringify({ project: "shop", stack: "test", resources, outputs: {}, warnings: [], ...more }),
    );
    return file;
}

describe("the command", () => {
    test("writes the comment, prints the same for a terminal or as data, and ends with 0 or 1", async () => {
        const base = await planFile("base", [resource("shop-web", "shop:1")]);
        const head = await planFile("head", [resource("shop-web", "shop:2")]);
        const comment = join(folder, "comment.md");
        const said = await verdict(["--stack", "test", "--base", base, "--head", head, "--markdown", comment]);
        expect(said.stderr).toBe("");
        expect(said.exitCode).toBe(0);
        expect(said.stdout).toMatch(/^Yellow\. Nothing is lost; requests wait/);
        expect(await readFile(comment, "utf8")).toMatch(/^🟡 \*\*Yellow\.\*\* Nothing is lost/);
        const broken = {
            violations: [
                {
                    rule: "R1",
                    level: "mandatory",
                    urn: "u",
                    name: "shop-web",
                    path: "spec",
                    found: "x",
                    allowed: "y",
                    fix: "z",
                },
            ],
        };
        const red = await verdict([
            "--stack",
            "test",
            "--base",
            base,
            "--head",
            await planFile("red", [resource("shop-web", "shop:1")], broken),
            "--json",
        ]);
        expect(red.exitCode).toBe(1);
        expect(JSON.parse(red.stdout)).toMatchObject({ level: "red", rules: { broken: [{ rule: "R1" }] } });
    });

    test("takes a preview from standard input, and the gate's allowances", async () => {
        const input = preview([step("delete", types.bucket, "media")]);
        const refused = await verdict(["--stack", "test", "--preview", "-"], { input });
        expect(refused).toMatchObject({
            exitCode: 1,
            stdout: expect.stringMatching(/^Red\. Data would be lost: media/) as string,
        });
        expect((await verdict(["--stack", "test", "--preview", "-", "--allow", "media"], { input })).exitCode).toBe(0);
        expect(await verdict(["--stack", "test", "--preview", "-", "--allow", "other"], { input })).toMatchObject({
            exitCode: 2,
            stderr: expect.stringContaining("--allow other") as string,
        });
    });

    test.each([
        [["--stack", "test"], /neither a base nor a preview/],
        [["--base", "nowhere", "--stack", "test"], /nowhere: found nothing\. Allowed: a checkout/],
        [["--base-ref", "no-such-branch", "--stack", "test"], /BASE=no-such-branch: found no commit/],
        [["--base-ref=--exec=touch", "--stack", "test"], /found no commit/],
        [["--stack", "test", "--preview", "/nowhere.json"], /cannot be read \(ENOENT\)/],
        [["--stack", "test", "--preview", "package.json"], /without steps/],
        [["--stack", "test", "--preview", "-", "--limit", "10"], /4096 at least/],
        [["--stack", "test", "--preview", "-", "--log", "javascript:alert(1)"], /begins with http/],
        [[], /--stack/],
    ])("%j: ends with 2, and says why", async (args, why) => {
        const { exitCode, stderr } = await verdict(args, { input: "" });
        expect(stderr).toMatch(why);
        expect(exitCode).toBe(2);
    });

    test("of settings that need mending is red, and lists them", async () => {
        const base = await planFile("whole", []);
        const head = join(folder, "wrong.json");
        await writeFile(
            head,
            JSON.stringify({
                stack: "test",
                problems: [{ path: "database.size", found: "<b>huge</b>", allowed: "small", fix: "@admin" }],
            }),
        );
        const comment = join(folder, "wrong.md");
        const { exitCode, stdout } = await verdict([
            "--stack",
            "test",
            "--base",
            base,
            "--head",
            head,
            "--markdown",
            comment,
        ]);
        expect(exitCode).toBe(1);
        expect(stdout).toContain("database.size: found <b>huge</b>. Fix: @admin");
        expect(await readFile(comment, "utf8")).toContain("- `database.size`: found `<b>huge</b>`. Fix: `@admin`");
    });

    test.skipIf(!isRepository)(
        "plans a commit of this repository with its own program, and leaves no checkout",
        async () => {
            const { exitCode, stdout, stderr } = await verdict([
                "--stack",
                "production",
                "--directory",
                "examples/stacks/existing",
                "--base-ref",
                "HEAD",
                "--json",
            ]);
            expect(stderr).toBe("");
            expect(exitCode).toBeLessThan(2);
            expect(JSON.parse(stdout)).toMatchObject({ stack: "production", from: "plans", counts: { delete: 0 } });
            expect((await execa("git", ["worktree", "list"], { cwd: projectRoot })).stdout).not.toContain(
                "verdict-base-",
            );
        },
        120_000,
    );

    test("hands a plan nothing of what it is told itself", async () => {
        const program = join(folder, "stranger");
        await execa("mkdir", ["-p", join(program, "commands/plan"), join(program, "node_modules")]);
        await writeFile(
            join(program, "commands/plan/main.ts"),
            "console.log(JSON.stringify({ stack: 'test', problems: [{ path: Object.keys(process.env).sort().join(' '), found: '', fix: '' }] }));",
        );
        const base = await planFile("empty", []);
        const { stdout } = await verdict(["--stack", "test", "--base", base, "--head", program, "--json"], {
            env: { GITHUB_TOKEN: "not-for-strangers", AWS_SECRET_ACCESS_KEY: "nor-this" },
        });
        expect(stdout).toContain("PLAN_FINGERPRINT_KEY");
        expect(stdout).not.toMatch(/GITHUB_TOKEN|AWS_SECRET/);
    });
});
