// Stack files of pull requests in the project's folder: copies that were made for a run, and that nobody commits.
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { numberInName } from "../backend/environment.ts";

export interface FoundFile {
    readonly stack: string;
    readonly path: string;
    /** @default it says none that can be read */
    readonly kind?: string;
    /** @default it is of no pull request */
    readonly pullRequest?: number;
    /** Somebody committed it. */
    readonly tracked: boolean;
}

const run = promisify(execFile);

/** @param project its name, which the keys begin with */
export async function stackFiles(directory: string, project: string): Promise<FoundFile[]> {
    const names = (await readdir(directory)).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    const tracked = await trackedIn(directory);
    return await Promise.all(
        names.toSorted().map(async (stack) => {
            const path = join(directory, `Pulumi.${stack}.yaml`);
            const { kind, pullRequest } = environmentOf(await readFile(path, "utf8"), project);
            const number = pullRequest ?? numberInName(stack);
            return {
                stack,
                path,
                tracked: tracked.has(`Pulumi.${stack}.yaml`),
                ...(kind !== undefined && { kind }),
                ...(number !== undefined && { pullRequest: number }),
            };
        }),
    );
}

export function environmentOf(
    text: string,
    project: string,
): { readonly kind?: string; readonly pullRequest?: number } {
    let document: unknown;
    try {
        document = parse(text);
    } catch {
        return {};
    }
    const { config } = (document ?? {}) as { readonly config?: Readonly<Record<string, unknown>> };
    const environment = (config?.[`${project}:environment`] ?? {}) as {
        readonly kind?: unknown;
        readonly pullRequest?: { readonly number?: unknown };
    };
    const number = environment.pullRequest?.number;
    return {
        ...(typeof environment.kind === "string" && { kind: environment.kind }),
        ...(typeof number === "number" && { pullRequest: number }),
    };
}

/** Where there is no git, nothing is committed. */
async function trackedIn(directory: string): Promise<ReadonlySet<string>> {
    try {
        const { stdout } = await run("git", ["ls-files", "-z", "--", "Pulumi.*.yaml"], { cwd: directory });
        return new Set(stdout.split("\0"));
    } catch {
        return new Set();
    }
}
