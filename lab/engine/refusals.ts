// Remembers that a download was refused, so that not every command on an offline machine waits for the same answer.
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../support/paths.ts";

const hoursRefused = 6;

/** True if it was refused within the last hours. */
export function recentlyRefused(what: string, now = Date.now(), directory = refusalsDir): boolean {
    const told = statSync(join(directory, what), { throwIfNoEntry: false });
    return told !== undefined && now - told.mtimeMs < hoursRefused * 3600_000;
}

export function rememberRefusal(what: string, reason: string, directory = refusalsDir): void {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, what), `${reason}\n`);
}

export function forgetRefusal(what: string, directory = refusalsDir): void {
    rmSync(join(directory, what), { force: true });
}

const refusalsDir = join(cacheDir, "refusals");
