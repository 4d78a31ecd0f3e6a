// What a stack in a cloud takes, against programs that do nothing but load that cloud's SDK; and what more of everything takes.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureAlone } from "./clouds/alone.ts";
import { measureGrowth, measurePlatform, showGrowth } from "./clouds/growth.ts";
import { measurePreviews } from "./clouds/previews.ts";
import { report } from "./report.ts";

const borrowers = 50;

/**
 * Needs no cluster and no account.
 *
 * @param runs counted ones
 */
export async function clouds(runs = { alone: 5, growth: 3, previews: 3 }): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), "bench-clouds-"));
    try {
        console.log("The programs alone ...");
        const { comparisons, details } = await measureAlone(directory, runs.alone);
        console.log("More of everything ...");
        const growth = await measureGrowth(directory, runs.growth);
        const platform = await measurePlatform(borrowers);
        console.log("Previews ...");
        const previews = await measurePreviews(runs.previews);
        await report("clouds", [...comparisons, ...previews], {
            runs,
            ...details,
            growth,
            platform: { borrowers, ...platform },
        });
        showGrowth(growth);
        console.log(
            `The platform's stack: ${platform.resources} resources with 0 and with ${borrowers} environments on it.`,
        );
    } finally {
        await rm(directory, { recursive: true, force: true });
    }
}
