// The layers of `make test`, from the quickest to the one that proves the promise.
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { failuresOf, type Failure } from "./failures.ts";
import { proofFiles, recordProof, type FileResult } from "./record.ts";
import { testSample } from "./sample.ts";
import { localDir, projectRoot } from "../../commands/support/paths.ts";
import { missingForWorkflows, workflowFindings } from "../../lab/lint/workflows.ts";
import { missingPython } from "../../lab/support/python.ts";

export interface Counts {
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
    /** @default none, the layer has told them itself */
    readonly failures?: readonly Failure[];
}

export interface Layer {
    readonly name: string;
    /** What it needs beyond Node; undefined when the machine has it. */
    readonly missing?: () => Promise<string | undefined>;
    /** Runs only when it is named. */
    readonly byHand?: true;
    readonly run: () => Promise<Counts>;
}

/** Counts as one test. */
function single(name: string, passes: () => Promise<boolean>, missing?: Layer["missing"]): Layer {
    return {
        name,
        ...(missing && { missing }),
        run: async () =>
            (await passes()) ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 },
    };
}

function command(name: string, ...argv: [string, ...string[]]): Layer {
    return single(name, async () => {
        const { exitCode } = await execa(argv[0], argv.slice(1), { cwd: projectRoot, stdio: "inherit", reject: false });
        return exitCode === 0;
    });
}

function vitest(name: string, missing?: Layer["missing"]): Layer {
    return { name, ...(missing && { missing }), run: () => runVitest(name) };
}

/**
 * @param record gets what each file found
 * @param files @default all of the layer
 */
async function runVitest(
    name: string,
    record?: (files: readonly FileResult[]) => Promise<void>,
    files: readonly string[] = [],
): Promise<Counts> {
    const report = join(localDir, "test", `${name}.json`);
    await rm(report, { force: true });
    const { exitCode } = await execa(
        "node",
        [
            join(projectRoot, "node_modules/vitest/vitest.mjs"),
            "run",
            "--project",
            name,
            ...files,
            "--reporter=default",
            "--reporter=json",
            `--outputFile.json=${report}`,
        ],
        { cwd: projectRoot, stdio: "inherit", reject: false },
    );
    const text = await readFile(report, "utf8").catch(() => undefined);
    if (text === undefined) {
        return { passed: 0, failed: 1, skipped: 0 };
    }
    const result = JSON.parse(text) as {
        readonly numPassedTests: number;
        readonly numFailedTests: number;
        readonly numPendingTests: number;
        readonly testResults: readonly FileResult[];
    };
    await record?.(result.testResults);
    // A file that cannot be loaded fails without a test of its own; a layer without tests proves nothing.
    const failed =
        result.numFailedTests > 0 || (exitCode === 0 && result.numPassedTests > 0) ? result.numFailedTests : 1;
    return {
        passed: result.numPassedTests,
        failed,
        skipped: result.numPendingTests,
        failures: failuresOf(result.testResults),
    };
}

async function workflowsAreFine(): Promise<boolean> {
    const findings = await workflowFindings(join(projectRoot, "examples/ci/github"), (message) => console.log(message));
    console.log(findings === "" ? "The workflows of examples/ci/github have no findings." : findings);
    return findings === "";
}

async function noEngine(): Promise<string | undefined> {
    const { engineSupport } = await import("../../lab/engine/index.ts");
    const support = engineSupport();
    return support.ok ? undefined : `${support.reason}. ${support.fix}`;
}

async function noCluster(): Promise<string | undefined> {
    const { machineRunsCluster } = await import("../../lab/cluster/index.ts");
    const { machineMakesImages } = await import("../../lab/images/index.ts");
    for (const machine of [machineRunsCluster(), machineMakesImages()]) {
        if (!machine.ok) {
            return `${machine.reason}. ${machine.fix}`;
        }
    }
    return await noEngine();
}

/** All proofs, or those that PROOFS names: "secrets seeds". */
async function prove(): Promise<Counts> {
    const there = await proofFiles();
    const chosen = (process.env["PROOFS"] ?? "").split(/[\s,]+/).filter((name) => name !== "");
    const files = chosen.map((name) => `${name.replace(/\.test\.ts$/, "")}.test.ts`);
    const unknown = files.filter((file) => !there.includes(file));
    if (unknown.length > 0) {
        console.error(`PROOFS: there is no test/prove/${unknown.join(", ")}. Allowed: ${there.join(", ")}`);
        return { passed: 0, failed: 1, skipped: 0 };
    }
    return await runVitest(
        "prove",
        recordProof,
        files.map((file) => `test/prove/${file}`),
    );
}

export const layers: readonly Layer[] = [
    command("lint", "npm", "run", "--silent", "lint"),
    command("types", "npm", "run", "--silent", "typecheck"),
    vitest("unit"),
    vitest("lab"),
    vitest("component"),
    vitest("stacks"),
    vitest("plan"),
    single("workflows", workflowsAreFine, missingForWorkflows),
    single("sample", testSample, missingPython),
    vitest("moto", missingPython),
    vitest("engine", noCluster),
    vitest("cluster", noCluster),
    { ...vitest("prove", noCluster), byHand: true, run: prove },
];
