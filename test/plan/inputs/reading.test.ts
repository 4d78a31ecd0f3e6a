// Wrong files of stacks, read and planned as `make plan` does: every one ends in findings with file and line, none in a trace.
// Does not prove: how the command prints them (command.test.ts), nor each mistake that YAML can have (unit/commands/stack-file.test.ts).
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, optionFailure } from "../../../commands/plan/failure.ts";
import { showPlan } from "../../../commands/plan/show.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import { SettingsError } from "../../../settings/problems.ts";

let base: string;
let root: string;
let count = 0;

beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "reading-"));
    base = await readFile(join(projectRoot, "Pulumi.local.yaml"), "utf8");
});
afterAll(async () => {
    await rm(root, { recursive: true });
});

/** @returns what planning the stack throws */
async function thrownBy(files: Readonly<Record<string, string>>, stack = "t"): Promise<unknown> {
    const directory = join(root, String(count++));
    await mkdir(directory);
    await copyFile(join(projectRoot, "Pulumi.yaml"), join(directory, "Pulumi.yaml"));
    await Promise.all(Object.entries(files).map(async ([name, text]) => writeFile(join(directory, name), text)));
    const svg = join(directory, "x.svg");
    return showPlan(stack, { directory, svg, print: () => undefined }).then(
        () => undefined,
        (error: unknown) => error,
    );
}

async function errorOf(files: Readonly<Record<string, string>>, stack = "t"): Promise<SettingsError> {
    const error = await thrownBy(files, stack);
    if (!(error instanceof SettingsError)) {
        throw new Error("no SettingsError", { cause: error });
    }
    return error;
}

const onStack = (stack: string): string =>
    base
        .replace(
            /django-on-kubernetes:platform:\n(?: {4}.*\n)+/,
            `django-on-kubernetes:platform: {variant: stack, stack: ${stack}}\n  `.trimEnd() + "\n",
        )
        .replace("variant: gateway", "variant: platform");

describe("a stack on a platform that", () => {
    it("no file is there for", async () => {
        const { problems } = await errorOf({ "Pulumi.t.yaml": onStack("stagin"), "Pulumi.staging.yaml": base });
        expect(problems).toEqual([
            {
                path: "platform.stack",
                found: '"stagin"',
                allowed: "a stack that has a file in this folder: staging",
                fix: "pulumi config set --path 'platform.stack' staging",
                place: expect.objectContaining({ line: expect.any(Number) }) as unknown,
            },
        ]);
    });

    it("is its own", async () => {
        const { problems, message } = await errorOf({ "Pulumi.t.yaml": onStack("t") });
        expect(problems[0]).toMatchObject({ path: "platform.stack", found: '"t", which is this stack itself' });
        expect(message).toMatch(/^ {2}Pulumi\.t\.yaml:\d+:\d+ {2}platform\.stack$/m);
    });

    it("is on others, in a circle", async () => {
        const files = { "Pulumi.a.yaml": onStack("b"), "Pulumi.b.yaml": onStack("c"), "Pulumi.c.yaml": onStack("a") };
        const { file, problems } = await errorOf(files, "a");
        expect(file).toBe("Pulumi.c.yaml");
        expect(problems[0]!.found).toBe('"b", in a circle: a is on b is on c is on a');
    });

    it("has mistakes of its own, beside those of this one", async () => {
        const files = {
            "Pulumi.t.yaml": onStack("b").replace("threads: 4", "threads: 0"),
            "Pulumi.b.yaml": base.replace("threads: 4", "threads: 0"),
        };
        const { file, message } = await errorOf(files);
        expect(file).toBe("Pulumi.t.yaml");
        expect(message).toMatch(/^ {2}Pulumi\.t\.yaml:\d+:\d+ {2}apps\[0\]\.web\.threads$/m);
        expect(message).toMatch(/^ {2}Pulumi\.b\.yaml:\d+:\d+ {2}apps\[0\]\.web\.threads$/m);
    });
});

it("all that is wrong in a file is told at once, and where", async () => {
    const wrong = `${base.replace("threads: 4", "threads: 0")}  django-on-kubernetes:operater: {}\n  django-on-kubernetes:secrets: {secretKey: c4n4ry}\n  aws:region: eu-west-1\n  django-on-kubernetes:lends: {}\n  django-on-kubernetes:lends: {}\nconfi: {}\n`;
    const { message, problems } = await errorOf({ "Pulumi.t.yaml": wrong });
    const line = base.split("\n").length;
    expect(problems.map(({ path, place }) => [path, place?.line])).toEqual([
        ["lends", line + 4],
        ["confi", line + 5],
        ["aws:region", line + 2],
        ["secrets.secretKey", line + 1],
        ["operater", line],
        ["apps[0].web.threads", base.split("\n").findIndex((text) => text.includes("threads: 4")) + 1],
    ]);
    expect(message).not.toContain("c4n4ry");
    expect(message.split("\n", 1)[0]).toBe("Pulumi.t.yaml: 6 settings need mending; nothing was changed.");
});

it.each([
    ["", "nothing"],
    ["- a\n", "a list"],
])("a file that says %j has one problem, not one of each section", async (text, found) => {
    expect((await errorOf({ "Pulumi.t.yaml": text })).problems).toMatchObject([{ path: "config", found }]);
});

it("a variable named like a method of objects is told", async () => {
    const text = base.replace("module: sample", "module: sample\n      environment: {toString: y}");
    expect((await errorOf({ "Pulumi.t.yaml": text })).problems).toMatchObject([
        { path: "apps[0].environment.toString" },
    ]);
});

it.each(["a", "a:", "://", "a://b:", "eyJaaaaaaaa-"])(
    "a file of a hundred kilobytes of %j is planned",
    async (part) => {
        const text = base.replace(
            "module: sample",
            `module: sample\n      environment: {LONG: "${part.repeat(100_000 / part.length)}"}`,
        );
        expect(await thrownBy({ "Pulumi.t.yaml": text })).toBeUndefined();
    },
);

describe("the project's file", () => {
    it("without a name, and as no YAML", async () => {
        expect(await errorOf({ "Pulumi.t.yaml": base, "Pulumi.yaml": "runtime: nodejs\n" })).toMatchObject({
            file: "Pulumi.yaml",
            problems: [{ path: "name", found: "nothing" }],
        });
        expect((await errorOf({ "Pulumi.t.yaml": base, "Pulumi.yaml": "a: [\n" })).problems[0]!.place).toEqual({
            line: 2,
            column: 1,
        });
    });
});

describe("what is no stack's file", () => {
    it.each([
        [{ "Pulumi.t.yml": "" }, "t", "Pulumi reads .yaml only: mv Pulumi.t.yml Pulumi.t.yaml"],
        [{ "Pulumi.staging.yaml": "" }, "stagign", "make plan STACK=staging"],
        [{ "Pulumi.staging.yaml": "" }, "organization/project/staging", "make plan STACK=staging"],
        [{ "Pulumi.staging.yaml": "" }, "..", "name a stack of letters, digits, dots, hyphens and underscores"],
        [{}, "new", "write Pulumi.new.yaml, for example from one in examples/stacks"],
    ])("%j for %s", async (files, stack, fix) => {
        const { problems, code } = failureOf(await thrownBy(files, stack));
        expect(code).toBe(1);
        expect(problems).toMatchObject([{ path: "--stack", fix }]);
    });

    it("a folder of that name", async () => {
        const directory = join(root, "folder");
        await mkdir(join(directory, "Pulumi.t.yaml"), { recursive: true });
        const error: unknown = await showPlan("t", { directory }).catch((reason: unknown) => reason);
        expect((error as SettingsError).problems).toMatchObject([{ path: "the file", found: "a folder" }]);
    });

    it("a directory that is not there", async () => {
        const error: unknown = await showPlan("t", { directory: join(root, "nowhere") }).catch(
            (reason: unknown) => reason,
        );
        expect(failureOf(error).problems).toMatchObject([{ path: "--directory", found: "nothing" }]);
    });
});

describe("other failures", () => {
    it("a mistake in the program is one line, without credentials and trace", () => {
        const { message, code } = failureOf(new TypeError("no redis://u:c4n4ry@h\nat more"));
        expect(code).toBe(2);
        expect(message).toBe(
            "This is a mistake in the program, not in your settings; nothing was changed. TypeError: no redis://***@h (PLAN_DEBUG=1 shows where.)",
        );
    });

    it("an option that does not exist", () => {
        expect(optionFailure("error: unknown option '--jsn'\n(Did you mean --json?)").problems).toEqual([
            {
                path: "--jsn",
                found: "unknown option '--jsn' (Did you mean --json?)",
                allowed: "--stack NAME, --svg FILE, --directory FOLDER, --json",
                fix: "node commands/plan/main.ts --help",
            },
        ]);
    });
});
