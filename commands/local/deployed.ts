// What is deployed, for the commands that need it.
import { openStack, outputsOf, type LocalOutputs } from "./stack.ts";
import { recordedTarget } from "./target.ts";

/** @throws when nothing is */
export async function deployedOutputs(): Promise<LocalOutputs> {
    const outputs =
        (await recordedTarget()) === undefined
            ? undefined
            : await outputsOf(await openStack((message) => console.error(message)));
    if (outputs === undefined) {
        throw new Error("Nothing runs yet. Bring it up: make up");
    }
    return outputs;
}
