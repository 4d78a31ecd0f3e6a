// `pulumi preview` of each cloud's stacks with the recording providers, against that of a program with one resource.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EngineStack } from "../../test/engine/clouds/support/engine-stack.ts";
import { project } from "../../test/plan/support/plans.ts";
import type { RecordOptions } from "../../commands/plan/recorder.ts";
import { projectRoot } from "../../commands/support/paths.ts";
import { median } from "../measure.ts";
import type { Comparison } from "../report.ts";
import { clouds, ephemeralSections, exampleStack, platformStack } from "./stacks.ts";

/** What a program without settings needs that uses the default providers. */
const defaultProviders = {
    "gcp:project": "example-shop",
    "gcp:region": "europe-west1",
    "aws:region": "eu-central-1",
};

export async function measurePreviews(runs: number): Promise<Comparison[]> {
    const comparisons: Comparison[] = [];
    for (const cloud of clouds) {
        const made: EngineStack[] = [];
        const create = async (options: Parameters<typeof EngineStack.create>[0]): Promise<EngineStack> => {
            const stack = await EngineStack.create(options);
            made.push(stack);
            return stack;
        };
        try {
            const program = await readFile(join(projectRoot, "bench/programs/clouds", `${cloud}.ts`), "utf8");
            const floor = await create({ name: "floor", program, config: defaultProviders });
            const production = await create({
                name: "production",
                config: sections(await exampleStack(cloud, "production")),
            });
            const staging = await create({ name: "staging", config: sections(await exampleStack(cloud, "staging")) });
            const { sections: borrower, platform } = await ephemeralSections(cloud);
            const lender = await create({ name: platformStack, config: platform });
            succeed(await lender.up());
            const ephemeral = await create({ name: "pr-1", config: borrower, beside: lender });
            const results = await alternating({ floor, production, staging, ephemeral }, runs);
            const result = (name: string) => ({
                name: `${cloud} ${name}`,
                seconds: median(results.get(name)!),
                runs: results.get(name),
            });
            comparisons.push(
                ...["production", "staging", "ephemeral"].map((name) => ({
                    name: "pulumi preview",
                    floor: { ...result("floor"), name: `${cloud} SDK` },
                    ours: result(name),
                })),
            );
        } finally {
            await Promise.all(made.map((stack) => stack.remove()));
        }
    }
    return comparisons;
}

/** @returns the seconds of each run; one before them warms up */
async function alternating(
    stacks: Readonly<Record<string, EngineStack>>,
    runs: number,
): Promise<Map<string, number[]>> {
    const results = new Map(Object.keys(stacks).map((name) => [name, [] as number[]]));
    for (let round = 0; round <= runs; round++) {
        for (const [name, stack] of Object.entries(stacks)) {
            const start = performance.now();
            succeed(await stack.run(["preview", "--stack", stack.name]));
            if (round > 0) {
                results.get(name)!.push((performance.now() - start) / 1000);
            }
        }
    }
    return results;
}

function succeed({ exitCode, output }: { readonly exitCode: number; readonly output: string }): void {
    if (exitCode !== 0) {
        throw new Error(output);
    }
}

function sections({ config }: RecordOptions): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(config).map(([key, text]) => [key.slice(project.length + 1), JSON.parse(text) as unknown]),
    );
}
