// The engine's commands that a review is made of, run as a person would run them, and past locks that nobody holds any more.
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { readExport, type Export } from "../repair/deployment.ts";
import { isLeft, locksIn } from "./lock.ts";

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
    return {
        run: (args, { input, shown = false } = {}) =>
            new Promise((resolve, reject) => {
                const child = spawn("pulumi", [...args, "--non-interactive", "--color=never"], {
                    stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
                });
                let interrupted = false;
                // The engine ends its steps and writes its state; told twice it does neither. Ctrl+C of a terminal reaches it by itself.
                const interrupt = (signal: NodeJS.Signals): void => {
                    if (!interrupted && (signal === "SIGTERM" || !process.stdin.isTTY)) {
                        child.kill("SIGINT");
                    }
                    interrupted = true;
                };
                process.on("SIGTERM", interrupt).on("SIGINT", interrupt);
                let stdout = "";
                let output = "";
                const take = (chunk: string): void => {
                    output += chunk;
                    if (shown) {
                        show(chunk);
                    }
                };
                child.stdout!.setEncoding("utf8").on("data", (chunk: string) => {
                    stdout += chunk;
                    take(chunk);
                });
                child.stderr!.setEncoding("utf8").on("data", take);
                child.once("error", () =>
                    reject(new Error(`pulumi is not installed. It would have run: pulumi ${args.join(" ")}`)),
                );
                child.once("close", (code) => {
                    process.off("SIGTERM", interrupt).off("SIGINT", interrupt);
                    if (interrupted) {
                        reject(
                            new Error(
                                "Interrupted: Pulumi has ended its steps and written its state. The next run goes on.",
                            ),
                        );
                    } else {
                        resolve({ code: code ?? 130, output, stdout });
                    }
                });
                child.stdin?.end(input);
            }),
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
        const locks = result.code === 0 ? undefined : locksIn(result.output);
        if (locks === undefined) {
            return result;
        }
        const who = locks.map(({ host, pid, since }) => `process ${pid} on ${host}, since ${since}`).join("; ");
        if ((alone || isLeft(locks)) && cancelled < 2) {
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
