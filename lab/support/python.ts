// Python packages with their exact versions, in a virtual environment of their own: shared by all checkouts, made once.
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDir } from "./paths.ts";

/** @returns what is missing, with the command that installs it */
export async function missingPython(): Promise<string | undefined> {
    const { exitCode } = await execa("python3", ["-c", "import ensurepip, venv"], { reject: false });
    return exitCode === 0 ? undefined : "python3 with venv is not installed. Install it: apt-get install python3-venv";
}

/**
 * @param name of what it is for, for example `sample`
 * @param requirements a file as pip reads it; another content makes another environment
 * @returns its interpreter
 */
export async function virtualEnvironment(name: string, requirements: string): Promise<string> {
    const hash = createHash("sha256")
        .update(await readFile(requirements))
        .digest("hex")
        .slice(0, 12);
    const directory = join(cacheDir, `${name}-venv-${hash}`);
    const python = join(directory, "bin/python");
    const done = join(directory, "installed");
    if (!existsSync(done)) {
        await execa("python3", ["-m", "venv", "--clear", directory], { stdio: "inherit" });
        await execa(python, ["-m", "pip", "install", "--quiet", "--requirement", requirements], { stdio: "inherit" });
        await writeFile(done, "");
    }
    return python;
}
