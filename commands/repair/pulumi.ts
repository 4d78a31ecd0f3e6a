// The engine's commands that a repair is made of, run as the user would run them.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readExport, type Export } from "./deployment.ts";

export interface Stack {
    /** @param secrets encrypted, unless somebody needs them; then the state stays in memory. @default "encrypted" */
    export(secrets?: "encrypted" | "with secrets"): Promise<Export>;
    import(state: Export): Promise<void>;
    /** Asks the provider what is there; what is not leaves the state. */
    refresh(urns: readonly string[]): Promise<void>;
}

const run = promisify(execFile);

/** @param name of a stack of the project in the current directory */
export function openStack(name: string): Stack {
    const pulumi = async (...args: string[]): Promise<string> => {
        const all = [...args, "--stack", name, "--non-interactive", "--color=never"];
        try {
            return (await run("pulumi", all, { maxBuffer: 500_000_000 })).stdout;
        } catch (error) {
            const {
                stdout = "",
                stderr = "",
                message,
            } = error as { stdout?: string; stderr?: string; message: string };
            throw new Error(`pulumi ${args[0]!} failed:\n${stderr || stdout || message}`, { cause: error });
        }
    };
    return {
        export: async (secrets = "encrypted") =>
            readExport(await pulumi("stack", "export", ...(secrets === "with secrets" ? ["--show-secrets"] : []))),
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
