// What was made, under a name that holds the fingerprint of all it was made from: found again, it need not be made again.
import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";

import { cacheDir } from "../support/paths.ts";

const storeDir = join(cacheDir, "images");

/** Days without use after which something goes: an image is written again from its layers in a second. */
const keepFor = { image: 1, layer: 30 };

/** Raise it when the tools change in a way that shows in no input. */
const generation = 1;

/** The path of `name` as made from `inputs`; `make` writes it to the path it is given, if it is not there yet. */
export async function stored(
    name: string,
    inputs: unknown,
    make: (out: string) => Promise<unknown>,
    extension = "tar",
): Promise<string> {
    const inputDigest = createHash("sha256")
        .update(JSON.stringify([generation, process.arch, inputs]))
        .digest("hex");
    const path = join(storeDir, `${name}-${inputDigest.slice(0, 16)}.${extension}`);
    if (await stat(path).catch(() => undefined)) {
        const now = new Date();
        await utimes(path, now, now);
        return path;
    }
    await mkdir(storeDir, { recursive: true });
    // Another process may be making the same: each writes its own, and the last rename wins over an equal file.
    const unfinished = `${path}.${process.pid}.part`;
    try {
        await make(unfinished);
        await rename(unfinished, path);
    } finally {
        await rm(unfinished, { force: true });
    }
    return path;
}

/** Runs `work` with a new directory that is gone afterwards. */
export async function withWorkDirectory<T>(name: string, work: (directory: string) => Promise<T>): Promise<T> {
    const directory = join(storeDir, `${name}.${process.pid}.work`);
    await mkdir(directory, { recursive: true });
    try {
        return await work(directory);
    } finally {
        await rm(directory, { recursive: true, force: true });
    }
}

/** Removes what no build has used for long, and what a process that is gone left unfinished. */
export async function tidyStore(): Promise<void> {
    for (const entry of await readdir(storeDir).catch(() => [])) {
        const path = join(storeDir, entry);
        const owner = /\.(\d+)\.(part|work)$/.exec(entry)?.[1];
        const usedAt = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
        const days = entry.startsWith("image-") ? keepFor.image : keepFor.layer;
        const expired = Date.now() - usedAt > days * 24 * 3600 * 1000;
        if (owner === undefined ? expired : !isRunning(Number(owner))) {
            await rm(path, { recursive: true, force: true });
        }
    }
}

function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}
