// What is deployed, for the commands that need it.
import { makeWith } from "./make.ts";
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
