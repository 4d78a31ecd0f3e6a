// Plans a stack by running index.ts itself, so that a plan shows what `pulumi up` runs and not a copy of it.
import { readdir } from "node:fs/promises";
import { projectRoot } from "../support/paths.ts";
import type { Plan } from "./plan.ts";
import { recordPlan } from "./recorder.ts";
import type { StackFile } from "./stack-file.ts";

let runs = 0;

/** @throws SettingsError when a setting is wrong */
export async function recordStack(file: StackFile, stack: string, { preview = false } = {}): Promise<Plan> {
    return recordPlan({ ...file, stack, preview }, async () => {
        // A module runs once; under another query it is another module, and what it imports stays loaded.
        const again = runs++ === 0 ? "" : `?run=${runs}`;
        const exported = (await import(/* @vite-ignore */ `../../index.ts${again}`)) as Record<string, unknown>;
        return { ...exported };
    });
}

/** The stacks that have a file in the project. */
export async function stackNames(directory: string = projectRoot): Promise<string[]> {
    const names = (await readdir(directory)).flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? []);
    return names.toSorted();
}
