// What is deployed, for the commands that need it.
import { projectRoot } from "../support/paths.ts";
import { makeWith } from "./make.ts";
import { ensureEngine, localBackend, runPulumi } from "./lab.ts";
import { openStack, outputsOf, stackNames, type LocalOutputs } from "./stack.ts";
import { recordedTarget } from "./target.ts";

/** @throws when nothing is */
export async function deployedOutputs(name: string): Promise<LocalOutputs> {
    const report = (message: string): void => console.error(message);
    // Asked first: opening a stack would make it.
    const known = (await recordedTarget()) !== undefined && (await stackNames(report)).includes(name);
    const outputs = known ? await outputsOf(await openStack(name, report)) : undefined;
    if (outputs === undefined) {
        throw new Error(`The stack ${name} does not run yet. Bring it up: ${makeWith("up", name)}`);
    }
    return outputs;
}

/**
 * Of a stack that `make up` did not make: in the backend that PULUMI_BACKEND_URL names, as the other commands on such stacks have it.
 *
 * @throws when it is not deployed
 */
export async function outputsElsewhere(name: string): Promise<LocalOutputs> {
    const engine = await ensureEngine((message) => console.error(message));
    const env = process.env["PULUMI_BACKEND_URL"] === undefined ? localBackend() : {};
    const args = ["stack", "output", "--json", "--stack", name, "--non-interactive"];
    const { exitCode, stdout, stderr } = await runPulumi(args, { engine, cwd: projectRoot, env, stdio: "pipe" });
    const outputs = exitCode === 0 ? (JSON.parse(stdout ?? "{}") as Partial<LocalOutputs>) : {};
    if (outputs.apps === undefined) {
        throw new Error(
            `The stack ${name} has no outputs yet${exitCode === 0 ? "" : `:\n${stderr}`}\nFix: pulumi up -s ${name}; where its state is elsewhere, PULUMI_BACKEND_URL says where.`,
        );
    }
    return outputs as LocalOutputs;
}
