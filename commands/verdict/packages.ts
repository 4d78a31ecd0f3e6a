// Packages of another checkout: where its lock file is this one's, they are the same folder.
import { existsSync } from "node:fs";
import { readFile, symlink, unlink } from "node:fs/promises";
import { join } from "node:path";
import { projectRoot } from "../support/paths.ts";

/**
 * @returns what takes them away again; undefined where the checkout has none and needs others
 */
export async function lendPackages(checkout: string): Promise<(() => Promise<void>) | undefined> {
    const folder = join(checkout, "node_modules");
    if (existsSync(folder)) {
        return () => Promise.resolve();
    }
    const [own, other] = await Promise.all([lockOf(projectRoot), lockOf(checkout)]);
    if (own === undefined || own !== other) {
        return undefined;
    }
    await symlink(join(projectRoot, "node_modules"), folder);
    return () => unlink(folder);
}

async function lockOf(checkout: string): Promise<string | undefined> {
    return readFile(join(checkout, "package-lock.json"), "utf8").catch(() => undefined);
}
