// What `make prove` found, for those who cannot run it: bench/results/prove.json. All of them take hours, so each file's last run is
// recorded with its day and commit; what has no run is named.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../commands/support/paths.ts";

/** What Vitest's JSON reporter writes of one file; times are milliseconds. */
export interface FileResult {
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
    /** `failed` also where what is done before the tests of a group failed, which leaves them skipped. @default passed */
    readonly status?: string;
    readonly assertionResults: readonly {
        readonly status: string;
        readonly fullName: string;
        /** Each with its stack below it. */
        readonly failureMessages?: readonly string[];
    }[];
    /** Why the file itself failed, where it did without a test. */
    readonly message?: string;
}

export interface Proof {
    readonly file: string;
    /** Of its last run. */
    readonly date: string;
    /** What was tried; `+` where the files were not as in that commit. */
    readonly commit: string;
    readonly passed: number;
    readonly failed: readonly string[];
    readonly skipped: readonly string[];
    /** Its tests alone; what starts the cluster and makes images first is not among them. */
    readonly seconds: number;
}

export interface ProofRecord {
    readonly benchmark: "prove";
    readonly machine: { readonly processors: number; readonly memoryGiB: number; readonly node: string };
    readonly files: readonly Proof[];
    readonly neverRun: readonly string[];
}

/**
 * @param files of `test/prove`, as they are now
 * @param earlier their last runs
 */
export function proofRecord(
    results: readonly FileResult[],
    files: readonly string[],
    earlier: readonly Proof[],
    { date, commit }: { readonly date: Date; readonly commit: string },
): ProofRecord {
    const machine = { processors: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
    const now = results.map(({ name, startTime, endTime, status, assertionResults, message }): Proof => {
        const named = (...statuses: readonly string[]): string[] =>
            assertionResults.filter((one) => statuses.includes(one.status)).map(({ fullName }) => fullName);
        const failed = named("failed");
        const broke = status === "failed" || (message ?? "") !== "";
        const itself = assertionResults.length === 0 || (failed.length === 0 && broke);
        return {
            file: basename(name),
            date: date.toISOString().slice(0, 10),
            commit,
            passed: named("passed").length,
            failed: itself ? [...failed, "the file itself"] : failed,
            skipped: named("skipped", "pending", "todo"),
            seconds: Math.round((endTime - startTime) / 1000),
        };
    });
    const ran = new Map([...earlier, ...now].map((proof) => [proof.file, proof]));
    const sorted = files.toSorted((one, other) => one.localeCompare(other));
    return {
        benchmark: "prove",
        machine,
        files: sorted.flatMap((file) => ran.get(file) ?? []),
        neverRun: sorted.filter((file) => !ran.has(file)),
    };
}

/** `examples.test.ts` and the like. */
export async function proofFiles(): Promise<string[]> {
    const names = await readdir(join(projectRoot, "test/prove"));
    return names.filter((name) => name.endsWith(".test.ts")).toSorted();
}

async function commitOfFiles(): Promise<string> {
    const git = async (...argv: readonly string[]): Promise<string> =>
        (await execa("git", argv, { cwd: projectRoot })).stdout.trim();
    const changed = await git("status", "--porcelain", "--", ".", ":!bench/results");
    return `${await git("rev-parse", "--short=10", "HEAD")}${changed === "" ? "" : "+"}`;
}

export async function recordProof(results: readonly FileResult[]): Promise<void> {
    const path = join(projectRoot, "bench/results/prove.json");
    const { files: earlier } = JSON.parse(await readFile(path, "utf8")) as ProofRecord;
    const record = proofRecord(results, await proofFiles(), earlier, {
        date: new Date(),
        commit: await commitOfFiles(),
    });
    await writeFile(path, `${JSON.stringify(record, null, 2)}\n`);
    console.log(`Recorded in ${path}`);
}
