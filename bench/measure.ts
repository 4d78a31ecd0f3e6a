// Runs commands in turn, A B A B, so that a machine that gets slower does so for all, and takes time and memory from outside.
import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

export interface Candidate {
    readonly name: string;
    readonly command: readonly [string, ...string[]];
    readonly cwd?: string;
    readonly env?: Readonly<Record<string, string>>;
    /** Whether its last line is JSON that says what it took: then nobody looks at it meanwhile, which takes time too. @default false */
    readonly reports?: boolean;
}

/** What a program says of itself. */
export interface Report {
    /** The most that were resident. */
    readonly megabytes: number;
    /** Of its own work, without the time that Node and the SDK take to start. */
    readonly seconds: number;
    /** Seconds of processor time of the whole process: hardly more when the machine has other things to do. */
    readonly processor: number;
    readonly resources: number;
}

export interface Run {
    readonly seconds: number;
    readonly megabytes: number;
    readonly report?: Report;
}

export interface Measurement {
    readonly name: string;
    /** Medians over the counted runs. */
    readonly seconds: number;
    readonly megabytes: number;
    /** Every counted run. */
    readonly runs: readonly Run[];
}

/** @param runs counted ones, after one that warms up */
export async function measure(candidates: readonly Candidate[], runs: number): Promise<Measurement[]> {
    const results = candidates.map(({ name }) => ({ name, runs: [] as Run[] }));
    for (let round = 0; round <= runs; round++) {
        for (const [index, candidate] of candidates.entries()) {
            const result = await runOnce(candidate);
            if (round > 0) {
                results[index]!.runs.push(result);
            }
        }
    }
    return results.map(({ name, runs: counted }) => ({
        name,
        seconds: median(counted.map(({ seconds }) => seconds)),
        megabytes: median(counted.map(({ megabytes }) => megabytes)),
        runs: counted,
    }));
}

async function runOnce({ name, command, cwd, env, reports = false }: Candidate): Promise<Run> {
    const start = process.hrtime.bigint();
    const child = spawn(command[0], command.slice(1), {
        cwd,
        env: { ...process.env, ...env },
        stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    let done = false;
    const ended = new Promise<number | null>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", resolve);
    }).finally(() => (done = true));
    let peak = 0;
    const watching = (async () => {
        while (!done && !reports) {
            peak = Math.max(peak, await treeMemory(child.pid!));
            await sleep(25);
        }
    })();
    const exitCode = await ended;
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    await watching;
    if (exitCode !== 0) {
        throw new Error(`${name} failed with ${exitCode}, so it cannot be measured:\n${output.slice(-4000)}`);
    }
    if (reports) {
        const report = JSON.parse(output.trimEnd().split("\n").at(-1)!) as Report;
        return { seconds, megabytes: report.megabytes, report };
    }
    return { seconds, megabytes: peak / 1024 };
}

/** Kibibytes of resident memory that a process and all below it have now. */
async function treeMemory(root: number): Promise<number> {
    const parents = new Map<number, { parent: number; memory: number }>();
    for (const entry of await readdir("/proc")) {
        if (!/^[0-9]+$/.test(entry)) {
            continue;
        }
        const status = await readFile(`/proc/${entry}/status`, "utf8").catch(() => "");
        const parent = /^PPid:\s+([0-9]+)/m.exec(status)?.[1];
        const memory = /^VmRSS:\s+([0-9]+)/m.exec(status)?.[1];
        if (parent !== undefined && memory !== undefined) {
            parents.set(Number(entry), { parent: Number(parent), memory: Number(memory) });
        }
    }
    let total = 0;
    for (const [pid, { memory }] of parents) {
        for (let at: number | undefined = pid; at !== undefined; at = parents.get(at)?.parent) {
            if (at === root) {
                total += memory;
                break;
            }
        }
    }
    return total;
}

export function median(values: readonly number[]): number {
    const sorted = values.toSorted((a, b) => a - b);
    const middle = Math.floor(sorted.length / 2);
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
