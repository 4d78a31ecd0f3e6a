// The engine's commands as a program asks for them: nobody is at a terminal, what they print is kept, and none lasts for ever.
import { spawn } from "node:child_process";

export interface Answer {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
    /** It was told to stop because its time was over. */
    readonly late: boolean;
}

export interface Ask {
    /** The folder of Pulumi.yaml. @default the current one */
    readonly directory?: string;
    /** Minutes after which it is told to stop, as by Ctrl+C; a minute later it is killed. @default none */
    readonly patience?: number;
    /** Variables besides this process's own. @default none */
    readonly env?: Readonly<Record<string, string>>;
    /** Each line of both outputs, as it comes. */
    readonly onLine?: (line: string) => void;
}

export type Pulumi = (args: readonly string[], ask?: Ask) => Promise<Answer>;

const minute = 60_000;

/** @throws when there is no such program */
export function pulumiIn(directory: string): Pulumi {
    return (args, ask = {}) => run("pulumi", [...args, "--non-interactive", "--color=never"], { directory, ...ask });
}

function run(program: string, args: readonly string[], { directory, patience, env, onLine }: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
        // A group of its own: Ctrl+C at a terminal reaches this program, which passes it on once. A second one would cut the engine off.
        const child = spawn(program, args, {
            cwd: directory,
            env: { ...process.env, ...env },
            stdio: ["ignore", "pipe", "pipe"],
            detached: true,
        });
        const said = { stdout: "", stderr: "" };
        for (const name of ["stdout", "stderr"] as const) {
            let rest = "";
            child[name].setEncoding("utf8").on("data", (text: string) => {
                said[name] += text;
                const lines = (rest + text).split("\n");
                rest = lines.pop()!;
                lines.forEach((line) => onLine?.(line));
            });
        }
        let late = false;
        const stop = (): void => {
            child.kill("SIGINT");
        };
        const timers =
            patience === undefined
                ? []
                : [
                      setTimeout(() => {
                          late = true;
                          stop();
                      }, patience * minute),
                      setTimeout(() => child.kill("SIGKILL"), (patience + 1) * minute),
                  ];
        process.on("SIGINT", stop).on("SIGTERM", stop);
        const end = (): void => {
            timers.forEach((timer) => clearTimeout(timer));
            process.off("SIGINT", stop).off("SIGTERM", stop);
        };
        child.once("error", () => {
            end();
            reject(new Error(`${program} is not installed. It would have run: ${program} ${args.join(" ")}`));
        });
        child.once("close", (code) => {
            end();
            resolve({ code: code ?? 1, ...said, late });
        });
    });
}

/** What went wrong, in its own words: the lines that say `error:`, or the last ones. */
export function complaint({ stdout, stderr, late }: Answer): string {
    const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim());
    const errors = lines.filter((line) => /^(?:error|Error)\b/.test(line));
    const said = errors.length > 0 ? errors : lines.filter((line) => line !== "").slice(-3);
    return [...(late ? ["its time was over"] : []), ...new Set(said)].join("\n");
}
