// Writes files that are made of others, or says which are out of date.
import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";

/** Without `--check` it writes, with it the process ends with 1 when a file is not what it would be. */
export async function generate(file: string, text: string): Promise<void> {
    const check = process.argv.includes("--check");
    const isSame = (await readFile(file, "utf8").catch(() => "")) === text;
    if (!isSame && !check) {
        await writeFile(file, text);
    }
    if (!isSame && check) {
        process.exitCode = 1;
    }
    const name = relative(process.cwd(), file);
    if (!check) {
        console.log(`${isSame ? "as it was" : "written"}: ${name}`);
    } else if (!isSame) {
        console.error(`${name} is out of date: make docs`);
    }
}
