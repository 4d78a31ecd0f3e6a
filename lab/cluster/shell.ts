// Runs the system's commands, quietly; a failure says what the command said.
import { execa } from "execa";

export interface CommandResult {
    readonly exitCode: number;
    readonly stdout: string;
    readonly stderr: string;
}

/** Runs a command to its end, whatever its exit code; 127 when there is no such command. */
export async function attempt(command: string, args: readonly string[], input?: string): Promise<CommandResult> {
    const { exitCode, stdout, stderr } = await execa(command, args, {
        reject: false,
        ...(input === undefined ? { stdin: "ignore" } : { input }),
    });
    return { exitCode: exitCode ?? 127, stdout, stderr };
}

/** @throws when the command fails, with its own words */
export async function run(command: string, args: readonly string[], input?: string): Promise<string> {
    const { exitCode, stdout, stderr } = await attempt(command, args, input);
    if (exitCode !== 0) {
        throw new Error(
            `${command} ${args.join(" ")} failed (${exitCode}): ${(stderr || stdout).trim() || "it said nothing"}`,
        );
    }
    return stdout;
}
