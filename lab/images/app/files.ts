// Which files of an app's folder go into its image.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import dockerIgnore from "@balena/dockerignore";

/** What no image needs; left out where the folder has no .dockerignore. `.env` is there for the secrets that such files hold. */
export const leftOutByDefault = [
    ...["**/.git", "**/.hg", "**/.venv", "**/venv", "**/node_modules", "**/__pycache__", "**/*.py[cod]", "**/.*_cache"],
    ...[
        "**/.tox",
        "**/.nox",
        "**/.idea",
        "**/.vscode",
        "**/.DS_Store",
        "**/.env",
        "**/.env.*",
        "**/*.sqlite3",
        "**/*.log",
    ],
] as const;

export interface AppFiles {
    /** Relative paths, folders too, sorted. */
    readonly paths: readonly string[];
    /** Whether the folder's own .dockerignore said what to leave out. */
    readonly ownIgnoreFile: boolean;
}

/** By the rules of Docker: https://docs.docker.com/build/concepts/context/#dockerignore-files */
export async function appFiles(folder: string): Promise<AppFiles> {
    const own = await readFile(join(folder, ".dockerignore"), "utf8").catch(() => undefined);
    const ignore = dockerIgnore.default().add(own ?? leftOutByDefault.join("\n"));
    // Only an exception makes it necessary to look into a folder that is left out.
    const exceptions = own?.split("\n").some((line) => line.startsWith("!")) ?? false;
    const paths: string[] = [];
    const walk = async (below: string): Promise<void> => {
        for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
            const path = join(below, entry.name);
            const ignored = ignore.ignores(path);
            if (!ignored) {
                paths.push(path);
            }
            if (entry.isDirectory() && (!ignored || exceptions)) {
                await walk(path);
            }
        }
    };
    await walk("");
    return { paths: paths.sort(), ownIgnoreFile: own !== undefined };
}
