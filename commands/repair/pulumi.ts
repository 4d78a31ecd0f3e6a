// The engine's commands that a repair is made of, run as the user would run them.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { readExport, type Export } from "./deployment.ts";

export interface Stack {
    export(): Promise<Export>;
    import(state: Export): Promise<void>;
    /** Asks the provider what is there; what is not leaves the state. */
    refresh(urns: readonly string[]): Promise<void>;
}

/** @param name of a stack of the project in the current directory */
export function openStack(name: string): Stack {
    const pulumi = async (...args: string[]): Promise<string> => {
        const all = [...args, "--stack", name, "--non-interactive", "--color=never"];
        const { stdout, stderr, exitCode, shortMessage } = await execa("pulumi", all, {
            reject: false,
            maxBuffer: 500_000_000,
        });
        if (exitCode !== 0) {
            throw new Error(exitCode === undefined ? shortMessage : `pulumi ${args[0]!} failed:\n${stderr || stdout}`);
        }
        return stdout;
    };
    return {
        export: async () => readExport(await pulumi("stack", "export")),
        import: async (state) => {
            const directory = await mkdtemp(join(tmpdir(), "repair-"));
            try {
                const file = join(directory, "state.json");
                await writeFile(file, JSON.stringify(state), { mode: 0o600 });
                await pulumi("stack", "import", "--file", file);
            } finally {
                await rm(directory, { recursive: true, force: true });
            }
        },
        refresh: async (urns) => {
            await pulumi("refresh", "--yes", "--skip-preview", ...urns.flatMap((urn) => ["--target", urn]));
        },
    };
}
