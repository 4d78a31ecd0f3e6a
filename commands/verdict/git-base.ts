// A checkout of another commit beside this one, with packages, for as long as it takes to plan it.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectRoot } from "../support/paths.ts";
import { VerdictInputError } from "./failure.ts";
import { lendPackages } from "./packages.ts";

const execute = promisify(execFile);

/**
 * @param ref whatever git takes for a commit
 * @throws VerdictInputError when there is no such commit
 */
export async function withBase<Result>(ref: string, use: (checkout: string) => Promise<Result>): Promise<Result> {
    const commit = await commitOf(ref);
    const folder = await mkdtemp(join(tmpdir(), "verdict-base-"));
    const checkout = join(folder, "base");
    try {
        await git("worktree", "add", "--detach", "--quiet", checkout, commit);
        await givePackages(checkout);
        return await use(checkout);
    } finally {
        await git("worktree", "remove", "--force", checkout).catch(() => undefined);
        await rm(folder, { recursive: true, force: true });
        await git("worktree", "prune").catch(() => undefined);
    }
}

async function commitOf(ref: string): Promise<string> {
    try {
        const { stdout } = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
        return stdout.trim();
    } catch (error) {
        const found = (error as NodeJS.ErrnoException).code === "ENOENT" ? "no git" : `no commit of that name`;
        throw new VerdictInputError(
            `BASE=${ref}: found ${found}. Allowed: a branch, a tag or a commit of this repository. Fix: git fetch origin ${ref}, or BASE=origin/main`,
        );
    }
}

/** Those of this checkout, or those that it names. */
async function givePackages(checkout: string): Promise<void> {
    if ((await lendPackages(checkout)) !== undefined) {
        return;
    }
    try {
        await execute("npm", ["ci", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: checkout });
    } catch (error) {
        const [first = ""] = String((error as { readonly stderr?: unknown }).stderr ?? error).split("\n");
        throw new VerdictInputError(
            `The base has other packages, and they were not installed: ${first}. Fix: npm ci in a checkout of it, and --base`,
        );
    }
}

async function git(...args: readonly string[]): Promise<{ readonly stdout: string }> {
    return execute("git", ["-C", projectRoot, ...args]);
}
