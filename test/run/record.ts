// What `make prove` found, for those who cannot run it: bench/results/prove.json. Only a run of the whole layer is recorded.
import { writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { basename, join } from "node:path";
import { projectRoot } from "../../commands/support/paths.ts";

/** What Vitest's JSON reporter writes of one file; times are milliseconds. */
export interface FileResult {
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly {
        readonly status: string;
        readonly fullName: string;
        /** Each with its stack below it. */
        readonly failureMessages?: readonly string[];
    }[];
    /** Why the file itself failed, where it did without a test. */
    readonly message?: string;
}

export interface ProofRecord {
    readonly benchmark: "prove";
    readonly date: string;
    readonly machine: { readonly processors: number; readonly memoryGiB: number; readonly node: string };
    readonly files: readonly {
        readonly file: string;
        readonly passed: number;
        readonly failed: readonly string[];
        readonly skipped: readonly string[];
        /** Its tests alone; what starts the cluster and makes images first is not among them. */
        readonly seconds: number;
    }[];
}

export function proofRecord(results: readonly FileResult[], date: Date): ProofRecord {
    const machine = { processors: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
    const files = results
        .map(({ name, startTime, endTime, assertionResults }) => {
            const named = (...statuses: readonly string[]): string[] =>
                assertionResults.filter(({ status }) => statuses.includes(status)).map(({ fullName }) => fullName);
            return {
                file: basename(name),
                passed: named("passed").length,
                failed: named("failed"),
                skipped: named("skipped", "pending", "todo"),
                seconds: Math.round((endTime - startTime) / 1000),
            };
        })
        .toSorted((one, other) => one.file.localeCompare(other.file));
    return { benchmark: "prove", date: date.toISOString().slice(0, 10), machine, files };
}

export async function recordProof(results: readonly FileResult[]): Promise<void> {
    const path = join(projectRoot, "bench/results/prove.json");
    await writeFile(path, `${JSON.stringify(proofRecord(results, new Date()), null, 2)}\n`);
    console.log(`Recorded in ${path}`);
}
