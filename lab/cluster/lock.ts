// One start or stop at a time on a machine, whichever checkout it comes from.
import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Report } from "../../commands/support/report.ts";
import { bootId, identify, isSame, type ProcessIdentity } from "./process-identity.ts";

/** Not in the cluster's directory, which goes while the lock is held. */
const path = "/run/django-on-kubernetes.lock";

export async function withLock<T>(report: Report, action: () => Promise<T>): Promise<T> {
    const own = identify(process.pid);
    while (!(await take(own))) {
        report("Waiting for another start or stop of the cluster to end");
        await sleep(200);
    }
    try {
        return await action();
    } finally {
        await rm(path, { force: true });
    }
}

async function take(own: ProcessIdentity | undefined): Promise<boolean> {
    try {
        await writeFile(path, JSON.stringify(own ?? { pid: process.pid, startTicks: "unknown", boot: bootId() }), {
            flag: "wx",
        });
        return true;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
            throw error;
        }
    }
    const holder = await readHolder();
    if (holder !== undefined && !isSame(holder)) {
        // It ended without letting go.
        await rm(path, { force: true });
    }
    return false;
}

/** Undefined also in the moment between its making and its writing. */
async function readHolder(): Promise<ProcessIdentity | undefined> {
    try {
        return JSON.parse(await readFile(path, "utf8")) as ProcessIdentity;
    } catch {
        return undefined;
    }
}
