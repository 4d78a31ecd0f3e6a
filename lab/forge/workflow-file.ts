// A workflow of GitHub's, as far as those of examples/ci go.
import { readFile } from "node:fs/promises";
import { parse } from "yaml";

export type Values = Readonly<Record<string, string>>;

export interface Step {
    readonly if?: string;
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly env?: Values;
}

export interface Job {
    readonly if?: string;
    readonly needs?: string;
    readonly env?: Values;
    readonly permissions: Values;
    readonly concurrency: { readonly group: string; readonly "cancel-in-progress": boolean };
    readonly strategy?: { readonly matrix: Readonly<Record<string, readonly string[]>> };
    readonly steps: readonly Step[];
}

export interface Workflow {
    readonly name: string;
    readonly env?: Values;
    readonly jobs: Readonly<Record<string, Job>>;
}

export async function readWorkflow(path: string): Promise<Workflow> {
    return parse(await readFile(path, "utf8")) as Workflow;
}

/** Each that the job is run for; of one axis at most. */
export function matrixOf({ strategy }: Job): readonly Values[] {
    const [axis] = Object.entries(strategy?.matrix ?? {});
    return axis === undefined ? [{}] : axis[1].map((value) => ({ [axis[0]]: value }));
}
