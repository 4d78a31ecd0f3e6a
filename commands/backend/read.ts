// Reads the states of a backend's stacks. `pulumi stack export` decrypts nothing, so no passphrase is needed, and no secret is here.
import { readExport, type Export } from "../repair/deployment.ts";
import { inTurns } from "../support/in-turns.ts";
import { environmentIn, type EnvironmentState } from "./environment.ts";
import { complaint, type Pulumi } from "./pulumi.ts";
import type { BackendStack } from "./stacks.ts";

export interface ReadStack {
    readonly stack: BackendStack;
    readonly state: EnvironmentState | Unreadable;
}

export interface Unreadable {
    /** In the engine's words. */
    readonly unreadable: string;
}

/** So many processes of the engine at a time. */
const atATime = 4;

export async function readStates(pulumi: Pulumi, stacks: readonly BackendStack[]): Promise<ReadStack[]> {
    return await inTurns(atATime, stacks, async (stack) => ({ stack, state: await readState(pulumi, stack.name) }));
}

export async function readState(pulumi: Pulumi, stack: string): Promise<EnvironmentState | Unreadable> {
    try {
        return environmentIn((await exported(pulumi, stack)).deployment);
    } catch (error) {
        return { unreadable: error instanceof Error ? error.message : String(error) };
    }
}

/** @throws in the engine's words */
export async function exported(pulumi: Pulumi, stack: string): Promise<Export> {
    const answer = await pulumi(["stack", "export", "--stack", stack]);
    if (answer.code !== 0) {
        throw new Error(complaint(answer));
    }
    return readExport(answer.stdout);
}
