// The program without an engine: each cloud's stacks against programs that load that cloud's SDK and make one resource.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RecordOptions } from "../../commands/plan/recorder.ts";
import { projectRoot } from "../../commands/support/paths.ts";
import { measure, median, type Candidate, type Measurement } from "../measure.ts";
import type { Comparison } from "../report.ts";
import { clouds, ephemeralStacks, exampleStack, type Cloud } from "./stacks.ts";

const programs = join(projectRoot, "bench/programs/clouds");

/** @param directory for files of this run */
export async function measureAlone(
    directory: string,
    runs: number,
): Promise<{ comparisons: Comparison[]; details: object }> {
    const comparisons: Comparison[] = [];
    const details: Record<string, object> = {};
    for (const cloud of clouds) {
        const [whole, oneClass, ...stacks] = await measure(
            [
                program(`${cloud} SDK`, join(programs, `${cloud}.ts`)),
                program(`${cloud} class`, join(programs, `${cloud}-class.ts`)),
                ...(await stacksOf(cloud, directory)),
            ],
            runs,
        );
        comparisons.push(...stacks.map((ours) => ({ name: "program alone", floor: whole!, ours, goal: 1.5 })));
        const ratios = (of: (measured: Measurement) => number, floor: Measurement) =>
            Object.fromEntries(stacks.map((stack) => [stack.name, of(stack) / of(floor)]));
        const processorRatios = ratios(processor, whole!);
        const shown = Object.entries(processorRatios).map(([name, ratio]) => `${name} ${ratio.toFixed(2)}`);
        console.log(`Processor time, by that of the floor: ${shown.join(", ")}`);
        details[cloud] = {
            processor: processorRatios,
            againstOneClass: ratios(({ seconds }) => seconds, oneClass!),
            oneClass,
        };
    }
    return { comparisons, details };
}

async function stacksOf(cloud: Cloud, directory: string): Promise<Candidate[]> {
    const stacks: Record<string, RecordOptions[]> = {
        production: [await exampleStack(cloud, "production")],
        staging: [await exampleStack(cloud, "staging")],
        ephemeral: await ephemeralStacks(cloud, ["pr-1"]),
    };
    const named = Object.entries(stacks).map(([kind, options]) => realProgram(`${cloud} ${kind}`, options, directory));
    return await Promise.all(named);
}

function processor({ runs }: Measurement): number {
    return median(runs.map(({ report }) => report!.processor));
}

/** The real program with these stacks, one after the other. */
export async function realProgram(
    name: string,
    stacks: readonly RecordOptions[],
    directory: string,
): Promise<Candidate> {
    const file = join(directory, `${name.replaceAll(" ", "-")}.json`);
    await writeFile(file, JSON.stringify(stacks));
    return program(name, join(projectRoot, "index.ts"), file);
}

function program(name: string, ...args: readonly string[]): Candidate {
    return { name, command: [process.execPath, join(programs, "run.ts"), ...args], reports: true };
}
