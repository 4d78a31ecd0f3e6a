// A lock of a stack that stands in the way: whose it is, and whether that still runs.
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

export interface Lock {
    readonly host: string;
    readonly pid: number;
    readonly since: string;
}

export interface Here {
    readonly host: string;
    /** Whether a process of that number is an update of Pulumi. */
    readonly runs: (pid: number) => boolean;
}

/** @returns undefined where the command failed of something else; no locks where the backend does not say whose it is */
export function locksIn(output: string): readonly Lock[] | undefined {
    const isLocked =
        /the stack is currently locked by \d+ lock/.test(output) ||
        /Another update is currently in progress/.test(output);
    return isLocked
        ? [...output.matchAll(/created by .*@([^@\s]+) \(pid (\d+)\) at (\S+)/g)].map(([, host, pid, since]) => ({
              host: host!,
              pid: Number(pid),
              since: since!,
          }))
        : undefined;
}

/** Only of this machine that can be known. */
export function isLeft(locks: readonly Lock[], here: Here = thisMachine): boolean {
    return locks.length > 0 && locks.every(({ host, pid }) => host === here.host && !here.runs(pid));
}

const thisMachine: Here = {
    host: hostname(),
    runs: (pid) => {
        try {
            process.kill(pid, 0);
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code === "ESRCH") {
                return false;
            }
        }
        try {
            // Numbers are given again.
            return readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("pulumi");
        } catch {
            return true;
        }
    },
};
