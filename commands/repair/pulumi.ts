// The engine's commands that a repair is made of, run as the user would run them.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiIn } from "../backend/pulumi.ts";
import { readExport, type Export } from "./deployment.ts";

export interface Stack {
    /** @param secrets encrypted, unless somebody needs them; then the state stays in memory. @default "encrypted" */
    export(secrets?: "encrypted" | "with secrets"): Promise<Export>;
    import(state: Export): Promise<void>;
    /** Asks the provider what is there; what is not leaves the state. */
    refresh(urns: readonly string[]): Promise<void>;
}

/** @param name of a stack of the project in the current directory */
export function openStack(name: string): Stack {
    const engine = pulumiIn(process.cwd());
    const pulumi = async (...args: string[]): Promise<string> => {
        const { code, stdout, stderr } = await engine([...args, "--stack", name]);
        if (code !== 0) {
            throw new Error(`pulumi ${args[0]!} failed:\n${stderr || stdout || `it ended with ${code}`}`);
        }
        return stdout;
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
