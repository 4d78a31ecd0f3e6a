// What the programs behind `make` have in common at their edges.
import { spawn, type StdioOptions } from "node:child_process";
import { CommanderError } from "commander";

/** A Makefile passes on what is empty. */
export function given(value: string | undefined): string | undefined {
    return value === undefined || value.trim() === "" ? undefined : value.trim();
}

/**
 * What a command ends with that could not do its work.
 *
 * @param tell says it, and gives the exit code. @default its message, and 2 as for bad input
 */
export function failed(error: unknown, tell: (error: unknown) => number = (other) => said(other, 2)): number {
    if (error instanceof CommanderError) {
        // It has printed its message; `--help` is no error.
        return error.exitCode === 0 ? 0 : 2;
    }
    return tell(error);
}

/** @returns the exit code that it was given */
export function said(error: unknown, code: number): number {
    console.error(error instanceof Error ? error.message : error);
    return code;
}

/**
 * Another program, which shows what it does by itself.
 *
 * @param stdio @default the user's own terminal: it may ask there
 * @throws when there is no such program
 */
export function run(program: string, args: readonly string[], stdio: StdioOptions = "inherit"): Promise<number> {
    return new Promise((resolve, reject) => {
        spawn(program, args, { stdio })
            .once("error", () => {
                reject(new Error(`${program} is not installed. It would have run: ${program} ${args.join(" ")}`));
            })
            .once("close", (code) => resolve(code ?? 1));
    });
}
