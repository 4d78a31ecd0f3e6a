// What one more ephemeral stack costs, and one more app in a stack: the same, however many there are already.
import Table from "cli-table3";
import { planOf } from "../../test/plan/support/plans.ts";
import { recordPlan } from "../../commands/plan/recorder.ts";
import { runProgram } from "../../commands/plan/record-stack.ts";
import { measure, median, type Measurement } from "../measure.ts";
import { realProgram } from "./alone.ts";
import { ephemeralSections, ephemeralStacks, platformStack, stackWithApps } from "./stacks.ts";

export interface Growth {
    /** What there is more of. */
    readonly of: string;
    readonly steps: readonly Step[];
    /** What one more costs in the last step, as a multiple of the step before: 1 is linear. */
    readonly time: number;
    readonly memory: number;
    readonly resources: number;
    /** The last step's seconds by those of the step before, by the same of the counts: under 1, for starting costs the same always. */
    readonly whole: number;
}

interface Step {
    readonly count: number;
    readonly resources: number;
    /** Of the program's own work: without the start of Node and the SDK. */
    readonly seconds: number;
    readonly megabytes: number;
    /** What each of those costs that are more than in the step before. */
    readonly each?: { readonly seconds: number; readonly megabytes: number; readonly resources: number };
}

export async function measureGrowth(directory: string, runs: number): Promise<Growth[]> {
    const stacks = [1, 10, 50];
    const apps = [1, 10, 100];
    const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `pr-${index + 1}`);
    const candidates = await Promise.all([
        ...stacks.map(async (count) =>
            realProgram(`stacks ${count}`, await ephemeralStacks("gcp", names(count)), directory),
        ),
        ...apps.map(async (count) => realProgram(`apps ${count}`, [await stackWithApps(count)], directory)),
    ]);
    const results = await measure(candidates, runs);
    return [
        growth("ephemeral stacks", stacks, results.slice(0, stacks.length)),
        growth("apps in one stack", apps, results.slice(stacks.length)),
    ];
}

function growth(of: string, counts: readonly number[], results: readonly Measurement[]): Growth {
    const steps: Step[] = [];
    for (const [index, { runs }] of results.entries()) {
        const reports = runs.map(({ report }) => report!);
        const count = counts[index]!;
        const seconds = median(reports.map((report) => report.seconds));
        const megabytes = median(reports.map((report) => report.megabytes));
        const { resources } = reports[0]!;
        const before = steps.at(-1);
        const more = count - (before?.count ?? 0);
        const each = before && {
            seconds: (seconds - before.seconds) / more,
            megabytes: (megabytes - before.megabytes) / more,
            resources: (resources - before.resources) / more,
        };
        steps.push({ count, resources, seconds, megabytes, ...(each && { each }) });
    }
    const [before, last] = steps.slice(-2) as [Step, Step];
    const ratio = (key: keyof NonNullable<Step["each"]>): number => last.each![key] / before.each![key];
    return {
        of,
        steps,
        time: ratio("seconds"),
        memory: ratio("megabytes"),
        resources: ratio("resources"),
        whole: last.seconds / before.seconds / (last.count / before.count),
    };
}

/** What a platform's stack is, before and after that many environments were put on it. */
export interface PlatformSize {
    readonly resources: number;
    readonly outputBytes: number;
}

/** @throws when the platform's stack knows of those on it */
export async function measurePlatform(borrowers: number): Promise<PlatformSize> {
    const { platform } = await ephemeralSections("gcp");
    const before = await planOf(platform, { stack: platformStack });
    const names = Array.from({ length: borrowers }, (_, index) => `pr-${index + 1}`);
    for (const stack of await ephemeralStacks("gcp", names)) {
        await recordPlan(stack, runProgram);
    }
    const after = await planOf(platform, { stack: platformStack });
    if (JSON.stringify(after) !== JSON.stringify(before)) {
        throw new Error(`The platform's stack is another one with ${borrowers} environments on it.`);
    }
    return { resources: after.resources.length, outputBytes: JSON.stringify(after.outputs).length };
}

export function showGrowth(growths: readonly Growth[]): void {
    const table = new Table({
        head: ["growth", "", "resources", "time", "memory", "each more"],
        style: { head: [], border: [] },
    });
    for (const { of, steps } of growths) {
        for (const { count, resources, seconds, megabytes, each } of steps) {
            const more =
                each &&
                `${Math.round(each.seconds * 1000)} ms, ${each.megabytes.toFixed(1)} MB, ${each.resources} resources`;
            table.push([of, count, resources, `${seconds.toFixed(2)} s`, `${Math.round(megabytes)} MB`, more ?? ""]);
        }
    }
    console.log(table.toString());
    for (const { of, time, memory } of growths) {
        console.log(
            `${of}: the last cost ${time.toFixed(2)} of the time of those before, and ${memory.toFixed(2)} of the memory.`,
        );
    }
}
