// Somebody's checkout of the repository.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import type { StackConfig } from "../../cluster/support/environment.ts";

const project = "django-on-kubernetes:";

export class Checkout {
    readonly directory: string;

    constructor(directory: string) {
        this.directory = directory;
    }

    async branch(name: string): Promise<void> {
        await git(this.directory, "checkout", "--quiet", "-b", name, "origin/main");
    }

    async edit(file: string, change: (text: string) => string): Promise<void> {
        const path = join(this.directory, file);
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, change(await readFile(path, "utf8").catch(() => "")));
    }

    /** Settings of staging, whose keys lack the project's name. */
    async settings(change: (config: StackConfig) => void): Promise<void> {
        await this.edit("Pulumi.staging.yaml", (text) => {
            const { config, ...rest } = parse(text) as { config: StackConfig };
            const own = renamed(config, (key) => key.replace(project, ""));
            change(own);
            return stringify({ ...rest, config: renamed(own, (key) => `${project}${key}`) });
        });
    }

    async head(): Promise<string> {
        return await git(this.directory, "rev-parse", "HEAD");
    }

    /** @returns the commit */
    async push(branch: string, message: string): Promise<string> {
        await git(this.directory, "add", "--all");
        await git(this.directory, "commit", "--quiet", "--message", message);
        await git(this.directory, "push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
        return await this.head();
    }
}

function renamed(config: StackConfig, rename: (key: string) => string): StackConfig {
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [rename(key), value as unknown]));
}

/** Without the settings of whoever runs this. @returns what it printed */
export async function git(directory: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await execa("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
        cwd: directory,
        env: { GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
    });
    return stdout.trim();
}
