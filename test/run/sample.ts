// The sample project's own tests, in a virtual environment with its pinned requirements.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDir, projectRoot } from "../../lab/support/paths.ts";

const project = join(projectRoot, "examples/django");

/** @returns what is missing, with the command that installs it */
export async function missingPython(): Promise<string | undefined> {
    const { exitCode } = await execa("python3", ["-c", "import ensurepip, venv"], { reject: false });
    return exitCode === 0 ? undefined : "python3 with venv is not installed. Install it: apt-get install python3-venv";
}

/** @returns whether every test passed */
export async function testSample(): Promise<boolean> {
    const python = await virtualEnvironment();
    const { exitCode } = await execa(python, ["manage.py", "test"], { cwd: project, stdio: "inherit", reject: false });
    return exitCode === 0;
}

async function virtualEnvironment(): Promise<string> {
    const requirements = join(project, "requirements.txt");
    const hash = createHash("sha256")
        .update(await readFile(requirements))
        .digest("hex")
        .slice(0, 12);
    const directory = join(cacheDir, `sample-venv-${hash}`);
    const done = join(directory, "installed");
    const python = join(directory, "bin/python");
    if (!existsSync(done)) {
        await execa("python3", ["-m", "venv", "--clear", directory], { stdio: "inherit" });
        await execa(python, ["-m", "pip", "install", "--quiet", "--requirement", requirements], { stdio: "inherit" });
        await execa("touch", [done]);
    }
    return python;
}
