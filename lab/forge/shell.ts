// A step's command, as GitHub's runner runs it and ends it: the shell is told by SIGINT, 7.5 s later by SIGTERM, and 2.5 s later all that it
// began is killed.
// @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
import { writeFile } from "node:fs/promises";
import { execa } from "execa";
import type { Values } from "./workflow-file.ts";

export interface Ended {
    /** undefined: by a signal. */
    readonly code: number | undefined;
    readonly output: string;
}

/**
 * @param script a file for the words: a shell that has them from its command line ends in the one command's favour, and that would be told
 *     too
 */
export async function shell(
    words: string,
    { script, cwd, env }: { readonly script: string; readonly cwd: string; readonly env: Values },
    cancelled: AbortSignal,
): Promise<Ended> {
    await writeFile(script, words);
    const child = execa("bash", ["-e", script], {
        ...{ cwd, env, extendEnv: false },
        ...{ reject: false, detached: true, all: true, stdin: "ignore", maxBuffer: 100_000_000 },
    });
    const timers: NodeJS.Timeout[] = [];
    const cancel = (): void => {
        child.kill("SIGINT");
        timers.push(
            setTimeout(() => child.kill("SIGTERM"), 7500),
            setTimeout(() => endAll(child.pid), 10_000),
        );
    };
    if (cancelled.aborted) {
        cancel();
    }
    cancelled.addEventListener("abort", cancel, { once: true });
    try {
        const { exitCode, all } = await child;
        return { code: exitCode, output: all ?? "" };
    } finally {
        cancelled.removeEventListener("abort", cancel);
        timers.forEach(clearTimeout);
    }
}

function endAll(leader: number | undefined): void {
    try {
        process.kill(-leader!, "SIGKILL");
    } catch {
        // The last of them ended by itself.
    }
}
