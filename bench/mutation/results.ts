// What mutation testing found, as bench/results/mutation.json keeps it.
import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { MutantResult } from "@stryker-mutator/api/core";
import { projectRoot } from "../../commands/support/paths.ts";
import { reasonFor } from "./reasons.ts";
import type { FolderRun } from "./run.ts";

export const resultsFile = join(projectRoot, "bench/results/mutation.json");

export interface Survivor {
    /** `file:line:column`. */
    readonly at: string;
    readonly mutator: string;
    readonly replacement: string;
    /** Whether no test gets there at all. */
    readonly uncovered: boolean;
    /** Why it may stay. @default it is a gap */
    readonly reason?: string;
}

export interface FolderResult {
    readonly date: string;
    readonly commit: string;
    /** All mutants that there are, and how many of them were tested. */
    readonly population: number;
    readonly tested: number;
    /** There when it was a sample. */
    readonly seed?: number;
    readonly killed: number;
    readonly timedOut: number;
    readonly survived: number;
    readonly uncovered: number;
    /** Percent of the tested ones that were noticed. */
    readonly score: number;
    /** What the score of all of them lies in, with 95 % confidence (Wilson). */
    readonly confidence: readonly [number, number];
    readonly survivors: readonly Survivor[];
}

export type Results = Readonly<Record<string, FolderResult>>;

export function resultOf(
    { population, mutants }: FolderRun,
    about: { date: string; commit: string; seed?: number },
): FolderResult {
    const count = (...statuses: readonly MutantResult["status"][]): number =>
        mutants.filter(({ status }) => statuses.includes(status)).length;
    const killed = count("Killed");
    const timedOut = count("Timeout");
    const survived = count("Survived");
    const uncovered = count("NoCoverage");
    const tested = killed + timedOut + survived + uncovered;
    const share = (killed + timedOut) / tested;
    return {
        ...about,
        population,
        tested,
        killed,
        timedOut,
        survived,
        uncovered,
        score: percent(share),
        confidence: tested === population ? [percent(share), percent(share)] : wilson(share, tested),
        survivors: mutants
            .filter(({ status }) => status === "Survived" || status === "NoCoverage")
            .map(survivorOf)
            .toSorted((a, b) => a.at.localeCompare(b.at, "en", { numeric: true })),
    };
}

function survivorOf({ fileName, location: { start }, mutatorName, replacement, status }: MutantResult): Survivor {
    const file = relative(projectRoot, fileName);
    const reason = reasonFor({ file, mutator: mutatorName, replacement });
    return {
        at: `${file}:${start.line}:${start.column}`,
        mutator: mutatorName,
        replacement: replacement.slice(0, 120),
        uncovered: status === "NoCoverage",
        ...(reason !== undefined && { reason }),
    };
}

/** @see https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval */
function wilson(share: number, size: number): [number, number] {
    const z = 1.96;
    const middle = share + z ** 2 / (2 * size);
    const margin = z * Math.sqrt((share * (1 - share)) / size + z ** 2 / (4 * size ** 2));
    const scale = 1 + z ** 2 / size;
    return [percent((middle - margin) / scale), percent((middle + margin) / scale)];
}

function percent(share: number): number {
    return Math.round(share * 1000) / 10;
}

export async function readResults(): Promise<Results> {
    const text = await readFile(resultsFile, "utf8").catch(() => "{}");
    return JSON.parse(text) as Results;
}

/** Those of other folders stay as they are. */
export async function writeResult(folder: string, result: FolderResult): Promise<Results> {
    const results = { ...(await readResults()), [folder]: result };
    await writeFile(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
    return results;
}
