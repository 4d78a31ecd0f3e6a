// GitHub's workflows, read by the two programs that know them best: actionlint for what is wrong, zizmor for what is dangerous. Neither
// asks the network, so that a pinned commit is the action's that its comment says, is not proved.
import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { Report } from "../../commands/support/report.ts";
import { goProgram, type GoProgram } from "../cluster/go-build.ts";
import { missingPython, virtualEnvironment } from "../support/python.ts";

const actionlint: GoProgram = {
    name: "actionlint",
    source: join(import.meta.dirname, "actionlint"),
    package: "github.com/rhysd/actionlint/cmd/actionlint",
    packages: 150,
};

/** @returns what is missing, with the command that installs it */
export async function missingForWorkflows(): Promise<string | undefined> {
    const { exitCode } = await execa("go", ["version"], { reject: false });
    return exitCode === 0 ? await missingPython() : "go is not installed: https://go.dev/doc/install";
}

/**
 * @param folder workflows, and beside them `actions/` with those of the repository
 * @returns what they found, nothing where it is fine
 */
export async function workflowFindings(folder: string, report: Report): Promise<string> {
    const [program, python] = await Promise.all([
        goProgram(actionlint, (message) => report(`Building actionlint from source: ${message}`)),
        virtualEnvironment("workflows", join(import.meta.dirname, "requirements.txt")),
    ]);
    // As a repository has them: paths of actions are looked up from its root.
    const repository = await mkdtemp(join(tmpdir(), "workflows-"));
    try {
        const github = join(repository, ".github");
        await mkdir(join(github, "workflows"), { recursive: true });
        await mkdir(join(repository, ".git"));
        for (const entry of await readdir(folder)) {
            await cp(join(folder, entry), join(github, entry === "actions" ? entry : join("workflows", entry)), {
                recursive: true,
            });
        }
        // What else is on the machine, a shell's linter for example, changes nothing here.
        const lint = await execa(program, ["-no-color", "-shellcheck=", "-pyflakes="], {
            cwd: repository,
            reject: false,
            all: true,
        });
        const audit = await execa(
            join(dirname(python), "zizmor"),
            [
                "--offline",
                "--no-progress",
                "--color=never",
                "--quiet",
                "--config",
                join(import.meta.dirname, "zizmor.yml"),
                ".",
            ],
            { cwd: repository, reject: false, all: true },
        );
        return [lint, audit]
            .filter(({ exitCode }) => exitCode !== 0)
            .map(({ all, shortMessage }) => (all ?? "") || (shortMessage ?? "it could not be run"))
            .join("\n");
    } finally {
        await rm(repository, { recursive: true, force: true });
    }
}
