// Runs the CLI so that a cancelled command is cancelled by the engine, which then ends its steps and writes its state.
import { execa, type Options } from "execa";
import type { Engine } from "./engine.ts";

export interface RunOptions {
    readonly engine: Engine;
    /** @default the current directory */
    readonly cwd?: string;
    /** On top of the engine's environment and this process's. */
    readonly env?: Record<string, string>;
    /** `inherit`: the user sees and answers; `pipe`: the output is in the result, and there is nobody to answer. */
    readonly stdio: "inherit" | "pipe";
    /** What is typed, for `pipe`. @default nothing */
    readonly input?: string;
    /** With `pipe`: every line of stdout and stderr as it comes, for showing progress. */
    readonly onLine?: (line: string) => void;
}

export interface RunResult {
    /** undefined if it could not be started or ended by a signal. */
    readonly exitCode: number | undefined;
    /** Empty with `inherit`. */
    readonly stdout: string;
    readonly stderr: string;
    /** This process was told to stop while it ran. */
    readonly cancelled: boolean;
}

/** Runs `pulumi` with these arguments. Does not throw for an exit code; throws if it cannot be started. */
export async function runPulumi(args: readonly string[], options: RunOptions): Promise<RunResult> {
    // Ctrl-C reaches every process of the terminal's foreground group by itself, and a second one makes the engine stop
    // without cleaning up. So either the CLI is in that group and gets nothing from here, or it is in a group of its
    // own, out of the terminal's reach, and gets exactly what this process gets.
    const inTerminal = options.stdio === "inherit" && process.stdin.isTTY;
    const lines = options.onLine;
    const output =
        lines === undefined ? {} : { stdout: ["pipe", forEachLine(lines)], stderr: ["pipe", forEachLine(lines)] };
    const child = execa(options.engine.pulumi, args, {
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        env: { ...options.engine.env, ...options.env },
        stdin: options.stdio === "inherit" ? "inherit" : options.input === undefined ? "ignore" : "pipe",
        stdout: options.stdio,
        stderr: options.stdio,
        ...(output as Options),
        ...(options.input === undefined ? {} : { input: options.input }),
        detached: !inTerminal,
        // Its own clean-up would kill the CLI when this process ends; the CLI has to end first.
        cleanup: false,
        reject: false,
        maxBuffer: 200_000_000,
    });
    let cancelled = false;
    const cancel = (signal: NodeJS.Signals) => {
        cancelled = true;
        if (!inTerminal || signal === "SIGTERM") {
            child.kill("SIGINT");
        }
    };
    process.on("SIGINT", cancel).on("SIGTERM", cancel);
    try {
        const result = await child;
        if (result.exitCode === undefined && result.signal === undefined) {
            throw new Error(result.shortMessage);
        }
        return { exitCode: result.exitCode, stdout: text(result.stdout), stderr: text(result.stderr), cancelled };
    } finally {
        process.off("SIGINT", cancel).off("SIGTERM", cancel);
    }
}

/** A transform of execa that passes every line on and looks at it. */
function forEachLine(look: (line: string) => void) {
    return function* (line: unknown) {
        look(String(line));
        yield line;
    };
}

function text(output: unknown): string {
    return typeof output === "string" ? output : "";
}
