// Mutation testing of one folder: StrykerJS changes a copy of the program, one thing at a time, and runs the folder's tests.
import { globSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MutantResult } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { localDir, projectRoot } from "../../commands/support/paths.ts";
import { folders } from "./folders.ts";
import { notInSample } from "./sample-checker.ts";
import { mutantsOf, sampleOf } from "./sample.ts";

export interface RunOptions {
    /** How many mutants, chosen by the seed. @default all */
    readonly sample?: number;
    readonly seed: number;
    /** Processes. */
    readonly concurrency: number;
}

export interface FolderRun {
    readonly folder: string;
    /** All mutants that there are. */
    readonly population: number;
    /** Those that were tested. */
    readonly mutants: readonly MutantResult[];
}

const directory = join(localDir, "mutation");
/** Not for tests, or made anew by them. */
const notCopied = [".local", ".git", "docs/images", "bench/results", "examples/django/staticfiles"];

export async function runFolder(folder: string, { sample, seed, concurrency }: RunOptions): Promise<FolderRun> {
    const { loading = false } = folders[folder]!;
    const files = globSync(`${folder}/**/*.ts`, { cwd: projectRoot });
    const all = await mutantsOf(files.toSorted().map((file) => join(projectRoot, file)));
    const name = folder.replaceAll("/", "-");
    await mkdir(directory, { recursive: true });
    process.env["MUTATED_FOLDER"] = folder;
    if (sample !== undefined) {
        const list = join(directory, `${name}-sample.json`);
        await writeFile(list, JSON.stringify(sampleOf(all, sample, seed)));
        process.env["MUTATION_SAMPLE"] = list;
    }
    const stryker = new Stryker({
        mutate: [`${folder}/**/*.ts`],
        testRunner: "vitest",
        vitest: { configFile: "bench/mutation/vitest.config.ts", related: false },
        plugins: [
            "@stryker-mutator/vitest-runner",
            join(import.meta.dirname, "sample-checker.ts"),
            join(import.meta.dirname, "ignore-descriptions.ts"),
        ],
        checkers: sample === undefined ? [] : ["sample"],
        ignorers: ["descriptions"],
        coverageAnalysis: "perTest",
        ignoreStatic: !loading,
        concurrency,
        timeoutMS: 60_000,
        dryRunTimeoutMinutes: 60,
        ignorePatterns: notCopied,
        tempDirName: join(".local", "mutation", `${name}-copy`),
        // What was tested already and has not changed is not tested again. A sample is no such state: it leaves mutants out.
        incremental: sample === undefined,
        incrementalFile: join(".local", "mutation", `${name}-incremental.json`),
        reporters: ["progress-append-only"],
        allowConsoleColors: false,
        tsconfigFile: "no-tsconfig-to-rewrite.json",
    });
    try {
        const mutants = await stryker.runMutationTest();
        return {
            folder,
            population: all.length,
            mutants: mutants.filter(({ statusReason }) => statusReason !== notInSample),
        };
    } finally {
        await rm(join(directory, `${name}-copy`), { recursive: true, force: true });
    }
}
