// Removes the environment of a pull request to its end, whatever became of it before.
import { access, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { destroy } from "../destroy/destroy.ts";
import { mend, refuseStack, writeWhole, type Around } from "./open.ts";
import { stateOf, unlocked, type Result } from "./pulumi.ts";
import { bareFile, isEphemeral } from "./stack-file.ts";
import { encryptionIn, toldBy, type Told } from "./state.ts";

export interface Closed {
    readonly stack: string;
    /** False: there was nothing. */
    readonly removed: boolean;
    readonly namespaces: readonly string[];
    /** How many things a provider had made, by their kind. */
    readonly counts: Readonly<Record<string, number>>;
}

/** @throws Refusal before anything is done, Error when something stays */
export async function close(stack: string, number: number, around: Around): Promise<Closed> {
    const { engine, directory, say } = around;
    const path = join(directory, `Pulumi.${stack}.yaml`);
    const state = await stateOf(engine, stack);
    if (state === undefined) {
        const left = await readFile(path, "utf8").catch(() => undefined);
        if (left !== undefined && isEphemeral(left)) {
            await rm(path);
        }
        say(`There is no stack ${stack}: nothing to remove.`);
        return { stack, removed: false, namespaces: [], counts: {} };
    }
    const told = toldBy(state);
    refuseStack(stack, told, number);
    if (
        !(await access(path).then(
            () => true,
            () => false,
        ))
    ) {
        await writeWhole(path, bareFile(encryptionIn(state)));
    }
    if (told.isCutOff) {
        await mend(stack, around);
    }
    let last: Result | undefined;
    const pulumi = async (args: readonly string[]): Promise<number> => {
        last = await unlocked(engine, stack, around, () => engine.run(args, { shown: true }));
        return last.code;
    };
    const toItsEnd = (): Promise<number> =>
        destroy(["--stack", stack, "--yes", "--skip-preview", "--remove"], {
            pulumi,
            gcloud: () => Promise.resolve(1),
            state: async () => (await stateOf(engine, stack)) ?? state,
            say,
        });
    if ((await toItsEnd()) !== 0) {
        say("What is there is read anew, then once more.");
        await pulumi(["refresh", "--yes", "--skip-preview", "--stack", stack]);
        if ((await toItsEnd()) !== 0) {
            throw new Error(
                `Something of ${stack} stays: what is above says what. Fix that, then the same command goes on.`,
            );
        }
    }
    say(sentence(stack, told));
    return {
        stack,
        removed: true,
        namespaces: told.namespaces.map(({ name }) => name),
        counts: Object.fromEntries(told.counts),
    };
}

export function sentence(stack: string, { namespaces, made, counts }: Told): string {
    if (made === 0) {
        return `The stack ${stack} is removed; nothing had been made of it yet.`;
    }
    const kinds = [...counts].toSorted(([one, a], [other, b]) => b - a || one.localeCompare(other));
    const shown = kinds.map(([kind, count]) => `${count} ${kind}`).join(", ");
    const where =
        namespaces.length === 0
            ? ""
            : `, the namespace ${namespaces.map(({ name }) => name).join(", ")} with all that was in it among them`;
    return `The stack ${stack} is removed: ${made} ${made === 1 ? "thing" : "things"}${where} (${shown}).`;
}
