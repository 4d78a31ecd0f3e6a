// The sample project's own tests, in a virtual environment with its pinned requirements.
import { join } from "node:path";
import { execa } from "execa";
import { projectRoot } from "../../lab/support/paths.ts";
import { virtualEnvironment } from "../../lab/support/python.ts";

const project = join(projectRoot, "examples/django");

/** @returns whether every test passed */
export async function testSample(): Promise<boolean> {
    const python = await virtualEnvironment("sample", join(project, "requirements.txt"));
    const { exitCode } = await execa(python, ["manage.py", "test"], { cwd: project, stdio: "inherit", reject: false });
    return exitCode === 0;
}
