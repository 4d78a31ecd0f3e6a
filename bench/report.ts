// A benchmark's result: a table for people, JSON for later.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cpus, totalmem } from "node:os";
import Table from "cli-table3";
import { projectRoot } from "../commands/support/paths.ts";

export interface Comparison {
    /** What is compared. */
    readonly name: string;
    readonly floor: { readonly name: string; readonly seconds: number; readonly megabytes?: number };
    readonly ours: { readonly name: string; readonly seconds: number; readonly megabytes?: number };
    /** The ratio of seconds that we aim to stay under. */
    readonly goal?: number;
}

export async function report(benchmark: string, comparisons: readonly Comparison[], details: object): Promise<void> {
    const table = new Table({
        head: ["what", "floor", "ours", "time", "memory", "goal"],
        style: { head: [], border: [] },
    });
    for (const { name, floor, ours, goal } of comparisons) {
        const ratio = ours.seconds / floor.seconds;
        const verdict = goal === undefined ? "" : `${ratio < goal ? "met" : "missed"}: under ${goal}`;
        const memory =
            floor.megabytes !== undefined && ours.megabytes !== undefined
                ? (ours.megabytes / floor.megabytes).toFixed(2)
                : "";
        table.push([name, shown(floor), shown(ours), ratio.toFixed(2), memory, verdict]);
    }
    console.log(`\n${benchmark}\n${table.toString()}`);
    const directory = join(projectRoot, "bench/results");
    await mkdir(directory, { recursive: true });
    const machine = { processors: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
    const date = new Date().toISOString().slice(0, 10);
    await writeFile(
        join(directory, `${benchmark}.json`),
        `${JSON.stringify({ benchmark, date, machine, comparisons, details }, null, 2)}\n`,
    );
}

function shown({ name, seconds, megabytes }: Comparison["floor"]): string {
    const memory = megabytes === undefined ? "" : `, ${Math.round(megabytes)} MB`;
    return `${name}: ${seconds.toFixed(2)} s${memory}`;
}
