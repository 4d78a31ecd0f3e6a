// The state as it was before a repair, for who wants it back.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { localDir } from "../support/paths.ts";
import type { Export } from "./deployment.ts";

/**
 * What is secret in it is encrypted.
 *
 * @returns what to say of it
 */
export async function keepState(stack: string, state: Export): Promise<string> {
    const directory = join(localDir, "repair");
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const file = join(directory, `${stack.replaceAll("/", ".")}-${new Date().toISOString().replaceAll(":", "-")}.json`);
    await writeFile(file, JSON.stringify(state, undefined, 4), { mode: 0o600 });
    return `The state as it was: ${file}. To go back: pulumi stack import --stack ${stack} --file ${file}`;
}
