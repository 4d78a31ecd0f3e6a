// The engine's commands that a release is made of, run as the user would run them, on a stack of the project in the current directory.
import { spawn } from "node:child_process";

export interface Ran {
    readonly code: number;
    /** What it printed on stdout. */
    readonly output: string;
}

export interface Pulumi {
    /** What it prints is for people. */
    shown(args: readonly string[]): Promise<number>;
    /** Its stdout is for the program; what goes wrong is for people. */
    read(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
}

export function pulumiOf(stack: string): Pulumi {
    const all = (args: readonly string[]): string[] => [...args, "--stack", stack, "--non-interactive"];
    return {
        shown: async (args) => (await run(all(args), "inherit", {})).code,
        read: (args, env = {}) => run(all(args), "pipe", env),
    };
}

function run(args: readonly string[], stdout: "inherit" | "pipe", env: Readonly<Record<string, string>>): Promise<Ran> {
    return new Promise((resolve, reject) => {
        const child = spawn("pulumi", args, {
            stdio: ["ignore", stdout, "inherit"],
            env: { ...process.env, ...env },
        });
        const chunks: Buffer[] = [];
        child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
        child
            .once("error", () => {
                reject(new Error(`pulumi is not installed. It would have run: pulumi ${args.join(" ")}`));
            })
            .once("close", (code) => {
                resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString("utf8") });
            });
    });
}
