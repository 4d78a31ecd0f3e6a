// Runs a command that downloads, and gives up soon when nothing comes: a blocked network refuses at once, retries for
// long, or swallows everything, depending on how it is blocked.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

export interface Download {
    readonly command: string;
    readonly args: readonly string[];
    readonly env?: Record<string, string>;
    /** What the command prints when the other side refuses; it is stopped at the second time. @default only its end counts */
    readonly refusal?: RegExp;
    /** Seconds without a sign of life: no output and no byte in the temporary directory. @default 15 */
    readonly stallSeconds?: number;
}

export type DownloadResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Throws only if this process is told to stop meanwhile. */
export async function download(task: Download): Promise<DownloadResult> {
    // What these commands fetch goes to the temporary directory first; one of its own shows whether it grows.
    const temporary = mkdtempSync(join(tmpdir(), "download-"));
    const child = execa(task.command, task.args, {
        env: { ...task.env, TMPDIR: temporary },
        stdin: "ignore",
        all: true,
        reject: false,
        // A process group, because the ones that download are its children, and would go on without it.
        detached: true,
    });
    const stallSeconds = task.stallSeconds ?? 15;
    let [lastSign, size, refusals, stopped] = [Date.now(), 0, 0, ""];
    let force: NodeJS.Timeout | undefined;
    const stop = (reason: string) => {
        if (stopped !== "") {
            return;
        }
        stopped = reason;
        killGroup(child.pid, "SIGTERM");
        force = setTimeout(() => killGroup(child.pid, "SIGKILL"), 2000);
    };
    const cancel = () => stop(cancelled);
    process.on("SIGINT", cancel).on("SIGTERM", cancel);
    const watch = setInterval(() => {
        const now = sizeOf(temporary);
        if (now !== size) {
            [size, lastSign] = [now, Date.now()];
        }
        if (Date.now() - lastSign > stallSeconds * 1000) {
            stop(`nothing came for ${stallSeconds} seconds`);
        }
    }, 250);
    child.all.on("data", (chunk: Buffer) => {
        lastSign = Date.now();
        if (task.refusal === undefined) {
            return;
        }
        refusals += chunk.toString().match(new RegExp(task.refusal, "g"))?.length ?? 0;
        if (refusals >= 2) {
            stop("refused");
        }
    });
    try {
        const result = await child;
        if (stopped === cancelled) {
            throw new Error(cancelled);
        }
        if (stopped !== "") {
            return { ok: false, reason: stopped };
        }
        if (result.exitCode === 0) {
            return { ok: true };
        }
        return { ok: false, reason: lastLine(result.all) ?? result.shortMessage ?? "failed" };
    } finally {
        process.off("SIGINT", cancel).off("SIGTERM", cancel);
        clearInterval(watch);
        clearTimeout(force);
        rmSync(temporary, { recursive: true, force: true });
    }
}

const cancelled = "Cancelled.";

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
    try {
        if (pid !== undefined) {
            process.kill(-pid, signal);
        }
    } catch {
        // Gone already.
    }
}

function lastLine(text: string | undefined): string | undefined {
    return text
        ?.split("\n")
        .findLast((line) => line.trim() !== "")
        ?.trim();
}

function sizeOf(directory: string): number {
    let size = 0;
    for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
        // Files come and go while this looks.
        if (entry.isFile()) {
            size += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
        }
    }
    return size;
}
