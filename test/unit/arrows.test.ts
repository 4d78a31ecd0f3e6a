// Each rule of .dependency-cruiser.cjs fires: a small project in a temporary folder breaks every one of them, once.
// Does not prove that this project keeps them: that is `npm run lint`.
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

/** Right: what each folder may do. */
const allowed: Record<string, string[]> = {
    "index.ts": [
        'import "./settings/load.ts"',
        'import "./stacks/environment.ts"',
        'import "./stacks/aws.ts"',
        'import "./stacks/gcp.ts"',
    ],
    "settings/load.ts": ['import "zod"', 'import "@pulumi/pulumi"', 'import "../lib/names.ts"'],
    "stacks/environment.ts": [
        'import type {} from "../settings/load.ts"',
        'await import("../components/cache/in-cluster.ts")',
        'import "../components/django/django.ts"',
        'import "../components/redis/pod.ts"',
        'import "../lib/names.ts"',
    ],
    "stacks/aws.ts": ['import "@pulumi/aws"', 'import "../components/cluster/aws/eks.ts"'],
    "stacks/gcp.ts": ['import "@pulumi/gcp"'],
    "components/contract.ts": ['import type {} from "@pulumi/pulumi"'],
    "components/cache/contract.ts": ['import type {} from "../../lib/names.ts"'],
    "components/answered.ts": ['import type {} from "@pulumi/pulumi"'],
    "components/variants.ts": ['import type {} from "@pulumi/pulumi"'],
    "components/cache/in-cluster.ts": [
        'import "./contract.ts"',
        'import "../contract.ts"',
        'import "../answered.ts"',
        'import "../variants.ts"',
        'import "../redis/pod.ts"',
    ],
    "components/cluster/aws/eks.ts": ['import "../../contract.ts"'],
    "components/django/django.ts": ['import type {} from "../cache/contract.ts"', 'import "../password/password.ts"'],
    "components/password/password.ts": ['import "../contract.ts"'],
    "components/redis/pod.ts": ['import "../../lib/names.ts"'],
    "lib/names.ts": ['import type {} from "@pulumi/kubernetes/types/input.js"', 'import "node:crypto"'],
    "policy/rule.ts": ['import "../lib/names.ts"'],
    "commands/plan.ts": ['import "../index.ts"', 'import "../policy/rule.ts"', 'import "zod"'],
    "commands/local/lab.ts": ['import "../../lab/index.ts"'],
    "lab/index.ts": ['import "./engine.ts"'],
    "lab/engine.ts": ['import "../commands/plan.ts"', 'import "vitest"'],
    "test/plan.test.ts": ['import "../commands/plan.ts"', 'import "vitest"'],
    "bench/main.ts": ['import "../commands/plan.ts"'],
};

/** Wrong: one import more in one file, and the rule that it breaks. */
const forbidden: [rule: string, file: string, line: string][] = [
    ["index-to-settings-and-stacks", "index.ts", 'import "./components/contract.ts"'],
    ["index-to-settings-and-stacks", "index.ts", 'import "./lib/names.ts"'],
    ["stacks-arrow", "stacks/environment.ts", 'import "../commands/support.ts"'],
    ["components-arrow", "components/cache/in-cluster.ts", 'import type {} from "../../settings/load.ts"'],
    ["components-arrow", "components/cache/in-cluster.ts", 'import "../../stacks/gcp.ts"'],
    ["components-arrow", "components/cache/in-cluster.ts", 'import "../../policy/rule.ts"'],
    ["settings-arrow", "settings/load.ts", 'import type {} from "../components/contract.ts"'],
    ["lib-arrow", "lib/names.ts", 'import type {} from "../settings/other.ts"'],
    ["policy-arrow", "policy/rule.ts", 'import "../commands/support.ts"'],
    ["commands-arrow", "commands/plan.ts", 'import "../test/support.ts"'],
    ["commands-arrow", "commands/plan.ts", 'import "../lab/index.ts"'],
    ["lab-asked-for-in-one-place", "commands/local/lab.ts", 'import "../../lab/engine.ts"'],
    ["lab-arrow", "lab/engine.ts", 'import "../test/support.ts"'],
    ["components-by-contract", "components/django/django.ts", 'import "../cache/in-cluster.ts"'],
    ["components-by-contract", "components/cache/in-cluster.ts", 'import "../broker/redis.ts"'],
    ["django-knows-no-engine", "components/django/django.ts", 'import "../redis/pod.ts"'],
    ["building-blocks-below-components", "components/password/password.ts", 'import "../cache/contract.ts"'],
    ["lib-has-types-only", "lib/names.ts", 'import "@pulumi/kubernetes/core/v1/index.js"'],
    ["lib-knows-kubernetes-types-alone", "lib/names.ts", 'import type {} from "@pulumi/pulumi"'],
    ["settings-create-nothing", "settings/load.ts", 'import "@pulumi/kubernetes"'],
    ["settings-create-nothing", "settings/load.ts", 'import type {} from "@pulumi/random"'],
    ["clouds-apart", "components/cluster/aws/eks.ts", 'import "../gcp/contract.ts"'],
    ["clouds-apart", "stacks/gcp.ts", 'import "../components/cluster/aws/eks.ts"'],
    ["cloud-sdk-in-its-cloud", "stacks/environment.ts", 'import type {} from "@pulumi/aws"'],
    ["cloud-sdk-of-the-same-cloud", "stacks/gcp.ts", 'import "@pulumi/aws"'],
    ["program-without-development-packages", "stacks/environment.ts", 'import "vitest"'],
    ["program-without-development-packages", "commands/plan.ts", 'import "vitest"'],
    ["no-cycle", "components/cache/contract.ts", 'import type {} from "./in-cluster.ts"'],
    ["no-unresolvable", "stacks/environment.ts", 'import "./gone.ts"'],
    ["no-dead-module", "components/broker/unused.ts", 'import "../contract.ts"'],
    ["no-orphan", "lab/orphan.ts", ""],
];

/** What only the wrong lines import. */
const others = [
    "components/broker/redis.ts",
    "components/cluster/gcp/contract.ts",
    "settings/other.ts",
    "test/support.ts",
    "commands/support.ts",
];

interface Violation {
    readonly rule: string;
    readonly from: string;
    readonly to: string;
}

const folders: string[] = [];

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** Writes a project of these files and runs the rules on it, as `npm run lint` does. */
async function cruise(files: Readonly<Record<string, readonly string[]>>): Promise<Violation[]> {
    const folder = await mkdtemp(join(tmpdir(), "arrows-"));
    folders.push(folder);
    for (const [file, lines] of Object.entries(files)) {
        await mkdir(dirname(join(folder, file)), { recursive: true });
        await writeFile(join(folder, file), [...lines, "export {};"].join(";\n"));
    }
    await writePackages(folder);
    for (const name of [".dependency-cruiser.cjs", "tsconfig.json"]) {
        await copyFile(join(root, name), join(folder, name));
    }
    const tops = [...new Set(Object.keys(files).map((file) => file.split("/")[0]!))];
    return violations(folder, ["--config", ".dependency-cruiser.cjs", "--output-type", "json", ...tops]);
}

/** The real packages, and empty ones for clouds that are not installed. */
async function writePackages(folder: string): Promise<void> {
    const version = "1.0.0";
    const dependencies = Object.fromEntries(
        ["pulumi", "kubernetes", "random", "aws", "gcp"].map((name) => [`@pulumi/${name}`, version]),
    );
    const manifest = {
        type: "module",
        dependencies: { ...dependencies, zod: version },
        devDependencies: { vitest: version },
    };
    await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
    for (const name of ["zod", "vitest", "@pulumi/pulumi", "@pulumi/kubernetes", "@pulumi/random"]) {
        await mkdir(dirname(join(folder, "node_modules", name)), { recursive: true });
        await symlink(join(root, "node_modules", name), join(folder, "node_modules", name));
    }
    for (const name of ["aws", "gcp"]) {
        const place = join(folder, "node_modules/@pulumi", name);
        await mkdir(place);
        await writeFile(
            join(place, "package.json"),
            JSON.stringify({ name: `@pulumi/${name}`, version, main: "index.js" }),
        );
        await writeFile(join(place, "index.js"), "");
    }
}

function violations(folder: string, args: readonly string[]): Promise<Violation[]> {
    const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
    return new Promise((done, failed) => {
        execFile(process.execPath, [cruiser, ...args], { cwd: folder, maxBuffer: 1 << 26 }, (_, stdout, stderr) => {
            try {
                const { summary } = JSON.parse(stdout) as {
                    summary: { violations: { rule: { name: string }; from: string; to: string }[] };
                };
                done(summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })));
            } catch (error) {
                failed(new Error(`${String(error)}\n${stdout.slice(0, 500)}\n${stderr}`));
            }
        });
    });
}

describe("arrows", () => {
    let found: Violation[] = [];

    beforeAll(async () => {
        const files: Record<string, string[]> = Object.fromEntries(others.map((file) => [file, []]));
        for (const [file, lines] of Object.entries(allowed)) {
            files[file] = [...lines];
        }
        for (const [, file, line] of forbidden) {
            files[file] = [...(files[file] ?? []), ...(line === "" ? [] : [line])];
        }
        found = await cruise(files);
    });

    test.each(forbidden)("%s: %s may not %s", (rule, file, line) => {
        const broken = found.filter((violation) => violation.rule === rule);
        if (rule === "no-dead-module") {
            expect(broken.map(({ to }) => to)).toContain(file);
            return;
        }
        const target = /"[./]*([^"]+)"/.exec(line)?.[1] ?? file;
        const hits = broken.filter(({ from, to }) => from === file && (to.includes(target) || rule === "no-cycle"));
        expect(hits).not.toEqual([]);
    });

    test("every rule of the configuration is among them", () => {
        const load = createRequire(import.meta.url);
        const configuration = load("../../.dependency-cruiser.cjs") as { forbidden: { name: string }[] };
        const names = configuration.forbidden.map(({ name }) => name);
        expect([...new Set(forbidden.map(([rule]) => rule))].sort()).toEqual(names.sort());
    });

    test("a project that keeps them has no violation", async () => {
        expect(await cruise(allowed)).toEqual([]);
    });
});
