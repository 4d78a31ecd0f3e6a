// Plans a stack by running index.ts itself, so that a plan shows what `pulumi up` runs and not a copy of it.
import { readdir } from "node:fs/promises";
import { projectRoot } from "../support/paths.ts";
import type { Plan } from "./plan.ts";
import { organization, recordPlan } from "./recorder.ts";
import { readStackFile, type StackFile } from "./stack-file.ts";

export interface RecordStackOptions {
    /** Whether outputs are unknown, as in the first preview. @default false */
    readonly preview?: boolean;
    /** Reads the file of another stack, whose platform this one is put on. @default from the project's folder */
    readonly read?: (stack: string) => Promise<StackFile>;
}

/** @throws SettingsError when a setting is wrong */
export async function recordStack(file: StackFile, stack: string, options: RecordStackOptions = {}): Promise<Plan> {
    const { preview = false, read = readStackFile } = options;
    const stacks = await stacksOf(file, read);
    return recordPlan({ ...file, stack, preview, stacks }, runProgram);
}

/** Runs index.ts itself, as the SDK does: what its default export returns are the outputs. */
export async function runProgram(): Promise<Readonly<Record<string, unknown>>> {
    const { default: program } = await import("../../index.ts");
    return { ...(await program()) };
}

/** The outputs of the stack whose platform this one uses: planned too, for here no engine keeps its state. */
async function stacksOf(
    { project, config }: StackFile,
    read: (stack: string) => Promise<StackFile>,
): Promise<Record<string, Readonly<Record<string, unknown>>>> {
    const platform = platformOf(config[`${project}:platform`]);
    if (platform?.variant !== "stack" || typeof platform.stack !== "string") {
        return {};
    }
    const name = platform.stack.split("/").at(-1)!;
    const fullName = platform.stack.includes("/") ? platform.stack : `${organization}/${project}/${name}`;
    const plan = await recordStack(await read(name), name, { read });
    return { [fullName]: plan.outputs };
}

function platformOf(text: string | undefined): { readonly variant?: unknown; readonly stack?: unknown } | undefined {
    try {
        return JSON.parse(text ?? "null") as { readonly variant?: unknown; readonly stack?: unknown };
    } catch {
        // What is wrong with it, the program says.
        return undefined;
    }
}

/** The stacks that have a file in the project. */
export async function stackNames(directory: string = projectRoot): Promise<string[]> {
    const names = (await readdir(directory)).flatMap((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1] ?? []);
    return names.toSorted();
}
