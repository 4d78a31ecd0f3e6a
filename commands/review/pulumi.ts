// The engine's commands that a review is made of, run as a person would run them, and past locks that nobody holds any more.
import { setTimeout as sleep } from "node:timers/promises";
import { holderOf, isLocked, locksIn } from "../backend/locks.ts";
import { pulumiIn } from "../backend/pulumi.ts";
import { readExport, type Export } from "../repair/deployment.ts";

export interface Result {
    readonly code: number;
    /** Of both streams. */
    readonly output: string;
    readonly stdout: string;
}

export interface RunOptions {
    /** What is typed: secrets never stand among the words. */
    readonly input?: string;
    /** Shown as it comes. @default false */
    readonly shown?: boolean;
}

export interface Engine {
    run(args: readonly string[], options?: RunOptions): Promise<Result>;
}

export interface Patience {
    /** Nobody else updates this stack: whatever lock there is was left. */
    readonly alone: boolean;
    /** Seconds for another's update of it. */
    readonly wait: number;
    readonly say: (line: string) => void;
}

/** @param show takes what a shown command prints */
export function pulumi(show: (chunk: string) => void): Engine {
    const engine = pulumiIn(process.cwd());
    return {
        run: async (args, { input, shown = false } = {}) => {
            let output = "";
            const { code, stdout } = await engine(args, {
                ...(input !== undefined && { input }),
                onText: (text) => {
                    output += text;
                    if (shown) {
                        show(text);
                    }
                },
            });
            return { code, output, stdout };
        },
    };
}

/** @returns undefined where there is no such stack */
export async function stateOf(engine: Engine, stack: string): Promise<Export | undefined> {
    const { code, output, stdout } = await engine.run(["stack", "export", "--stack", stack]);
    if (code === 0) {
        return readExport(stdout);
    }
    if (/no stack named/.test(output)) {
        return undefined;
    }
    throw new Error(`The state of ${stack} cannot be read:\n${output.trim()}`);
}

/** Runs what needs the stack for itself, again once a lock is gone. */
export async function unlocked(
    engine: Engine,
    stack: string,
    { alone, wait, say }: Patience,
    action: () => Promise<Result>,
): Promise<Result> {
    const until = Date.now() + wait * 1000;
    for (let told = false, cancelled = 0; ;) {
        const result = await action();
        if (result.code === 0 || !isLocked(result.output)) {
            return result;
        }
        const locks = locksIn(result.output);
        const who = locks
            .map(({ host, pid, since }) => `process ${pid} on ${host}, since ${since.toISOString()}`)
            .join("; ");
        const isLeft = locks.length > 0 && locks.every((lock) => holderOf(lock) === "dead");
        if ((alone || isLeft) && cancelled < 2) {
            cancelled += 1;
            say(`The lock of an update that was killed is taken away (${who || "the backend does not say whose"}).`);
            const { code, output } = await engine.run(["cancel", "--yes", "--stack", stack]);
            if (code !== 0) {
                throw new Error(`The lock of ${stack} cannot be taken away:\n${output.trim()}`);
            }
        } else if (Date.now() < until) {
            if (!told) {
                say(
                    `Another update of ${stack} runs (${who || "the backend does not say whose"}): this one waits for it.`,
                );
                told = true;
            }
            await sleep(2000);
        } else {
            throw new Error(
                `The stack ${stack} is locked (${who || "the backend does not say whose"}), and was for ${wait} seconds. ` +
                    "Fix: where that update runs no more, ALONE=1 takes the lock away; else wait for it.",
            );
        }
    }
}
