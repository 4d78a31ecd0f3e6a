// A backend that is a folder has a second file beside each, with its attributes. The engine writes that one in place: a run that is killed
// just then leaves it empty, and the engine reads neither that state nor a list of stacks any more ("failed to load checkpoint: EOF"). What
// stands beside it is whole, old or new: the engine puts it there by a new name.
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Milliseconds in which who writes one has written it. */
const writing = 1000;

/** As the engine says it where one of these files ends too early. */
export function readsNoAttributes(said: string): boolean {
    return /\b(?:unexpected )?EOF\s*$/im.test(said);
}

/**
 * Takes away the attributes that were not written to their end: a file without any is as good as one with them.
 *
 * @param backend its address, as PULUMI_BACKEND_URL has it
 * @returns whether there were some
 */
export async function dropHalfAttributes(backend: string | undefined): Promise<boolean> {
    if (backend?.startsWith("file:///") !== true) {
        return false;
    }
    const folder = join(fileURLToPath(new URL(backend)), ".pulumi");
    const names = await readdir(folder, { recursive: true }).catch(() => []);
    let dropped = false;
    for (const path of names.filter((name) => name.endsWith(".attrs")).map((name) => join(folder, name))) {
        if (await isHalf(path)) {
            await rm(path, { force: true });
            dropped = true;
        }
    }
    return dropped;
}

async function isHalf(path: string): Promise<boolean> {
    try {
        JSON.parse(await readFile(path, "utf8"));
        return false;
    } catch (error) {
        return error instanceof SyntaxError && Date.now() - (await stat(path)).mtimeMs > writing;
    }
}
