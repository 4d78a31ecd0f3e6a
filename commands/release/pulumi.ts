// The engine's commands that a release is made of, on a stack of the project in the current directory.
import { pulumiIn } from "../backend/pulumi.ts";

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
    const engine = pulumiIn(process.cwd());
    const all = (args: readonly string[]): string[] => [...args, "--stack", stack];
    return {
        shown: async (args) => (await engine(all(args), { onText: (text, from) => process[from].write(text) })).code,
        read: async (args, env = {}) => {
            const { code, stdout } = await engine(all(args), {
                env,
                onText: (text, from) => from === "stderr" && process.stderr.write(text),
            });
            return { code, output: stdout };
        },
    };
}
