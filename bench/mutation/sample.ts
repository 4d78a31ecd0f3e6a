// Which mutants there are, and a sample of them that is the same for the same seed.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import type { Mutant } from "@stryker-mutator/api/core";
import type { Logger } from "@stryker-mutator/api/logging";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import { projectRoot } from "../../commands/support/paths.ts";
import { strykerPlugins as ignorers } from "./ignore-descriptions.ts";

type Located = Pick<Mutant, "fileName" | "location" | "mutatorName" | "replacement">;

/** The same in the project and in StrykerJS's copy of it. */
export function keyOf({ fileName, location: { start, end }, mutatorName, replacement }: Located): string {
    const file = fileName.replace(/^.*\/sandbox[^/]*\//, "").replace(`${projectRoot}/`, "");
    return [file, start.line, start.column, end.line, end.column, mutatorName, replacement].join(":");
}

const silent: Logger = {
    isTraceEnabled: () => false,
    isDebugEnabled: () => false,
    isInfoEnabled: () => false,
    isWarnEnabled: () => false,
    isErrorEnabled: () => false,
    isFatalEnabled: () => false,
    trace: () => undefined,
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
    fatal: () => undefined,
};

/** @param files absolute paths */
export async function mutantsOf(files: readonly string[]): Promise<readonly Mutant[]> {
    const sources = await Promise.all(
        files.map(async (name) => ({
            name: relative(projectRoot, name),
            mutate: true,
            content: await readFile(name, "utf8"),
        })),
    );
    const options = { plugins: null, excludedMutations: [], ignorers: ignorers.map(({ value }) => value) };
    const { mutants } = await new Instrumenter(silent).instrument(sources, options);
    return mutants.filter(({ status }) => status === undefined);
}

/** @returns the keys of as many mutants, or of all when there are no more */
export function sampleOf(mutants: readonly Mutant[], size: number, seed: number): readonly string[] {
    const order = (key: string): string => createHash("sha256").update(`${seed}:${key}`).digest("hex");
    return mutants
        .map(keyOf)
        .map((key) => ({ key, order: order(key) }))
        .toSorted((a, b) => (a.order < b.order ? -1 : 1))
        .slice(0, size)
        .map(({ key }) => key);
}
