// What states and keys of settings call this project.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";

/** @throws when the folder is none of a Pulumi project */
export async function stackProject(directory: string): Promise<string> {
    const text = await readFile(join(directory, "Pulumi.yaml"), "utf8").catch(() => undefined);
    const { name } = ((text === undefined ? undefined : parse(text)) ?? {}) as { readonly name?: unknown };
    if (typeof name !== "string") {
        throw new Error(`${directory} has no Pulumi.yaml with a name. Fix: run it in the project's folder.`);
    }
    return name;
}
