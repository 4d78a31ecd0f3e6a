// Which of the files that a verdict relies on are not the same in the head: the rules, what data is, what things cost, the commands.
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** What a plan says of itself comes from these, and the rest is judged by them. */
const folders = ["policy", "lib/catalogue", "lib/prices", "commands/plan", "commands/gate", "commands/verdict"];

/** @returns paths from the project's folder, sorted */
export async function changedJudges(base: string, head: string): Promise<readonly string[]> {
    const [old, next] = await Promise.all([filesOf(base), filesOf(head)]);
    return [...new Set([...old.keys(), ...next.keys()])].filter((file) => old.get(file) !== next.get(file)).toSorted();
}

async function filesOf(checkout: string): Promise<ReadonlyMap<string, string>> {
    const files = await Promise.all(
        folders.map(async (folder) => {
            const entries = await readdir(join(checkout, folder), { recursive: true, withFileTypes: true }).catch(
                () => [],
            );
            return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
        }),
    );
    return new Map(
        await Promise.all(
            files.flat().map(async (file) => [relative(checkout, file), await readFile(file, "utf8")] as const),
        ),
    );
}
