// The stack `local`, run by the real engine on a file backend in this checkout.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { ensureEngine, localBackend, runPulumi, type Engine } from "./lab.ts";
import { localDir, projectRoot } from "../support/paths.ts";
import type { Report } from "../support/report.ts";
import type { AppOutputs, StackOutputs } from "../../stacks/outputs.ts";

export const stackName = "local";

/** What the stack exported, as JSON: every Output is its value. */
export type LocalOutputs = Pick<StackOutputs, "environment" | "mainApp"> & {
    readonly namespace: string;
    readonly apps: Readonly<Record<string, Omit<AppOutputs, "service"> & { readonly service: string }>>;
};

export interface LocalStack {
    readonly engine: Engine;
    /** @param args for example ["up", "--yes"]; the stack is added */
    run(
        args: readonly string[],
        stdio: "inherit" | "pipe",
    ): Promise<{ readonly exitCode: number; readonly output: string }>;
}

export async function openStack(report: Report): Promise<LocalStack> {
    const engine = await ensureEngine(report);
    const env = localBackend();
    const stack: LocalStack = {
        engine,
        async run(args, stdio) {
            const { exitCode, stdout, stderr } = await runPulumi([...args, "--stack", stackName, "--non-interactive"], {
                engine,
                cwd: projectRoot,
                env,
                stdio,
            });
            return { exitCode: exitCode ?? 1, output: [stdout, stderr].filter(Boolean).join("\n") };
        },
    };
    const select = ["stack", "select", "--create", stackName, "--non-interactive"];
    const selected = await runPulumi(select, { engine, cwd: projectRoot, env, stdio: "pipe" });
    if (selected.exitCode !== 0) {
        throw new Error(`The stack ${stackName} could not be made:\n${selected.stderr}`);
    }
    return stack;
}

/** @returns undefined while nothing is deployed */
export async function outputsOf(stack: LocalStack): Promise<LocalOutputs | undefined> {
    const { exitCode, output } = await stack.run(["stack", "output", "--json"], "pipe");
    if (exitCode !== 0) {
        throw new Error(`The stack's outputs could not be read:\n${output}`);
    }
    const outputs = JSON.parse(output) as Partial<LocalOutputs>;
    return outputs.apps === undefined ? undefined : (outputs as LocalOutputs);
}

/** Forgets what was deployed: for when the cluster it was on is gone. */
export async function forgetStack(): Promise<void> {
    await rm(join(localDir, "pulumi"), { recursive: true, force: true });
}
