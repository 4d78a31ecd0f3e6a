// The engine's commands as a program asks for them: nobody is at a terminal, what they print is kept, and none lasts for ever.
import { spawn } from "node:child_process";
import { dropHalfAttributes, readsNoAttributes } from "./attributes.ts";

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
    /** What is typed: secrets never stand among the words. @default nothing */
    readonly input?: string;
    /** Each line of both outputs, as it comes. */
    readonly onLine?: (line: string) => void;
    /** Both outputs, as they come. */
    readonly onText?: (text: string, from: "stdout" | "stderr") => void;
}

export type Pulumi = (args: readonly string[], ask?: Ask) => Promise<Answer>;

const minute = 60_000;

/** Somebody ended this program: no other of the engine's commands is begun. */
export class InterruptedError extends Error {
    constructor() {
        super("Interrupted: Pulumi has ended its steps and written its state. The next run goes on.");
    }
}

let interrupted = false;

export function isInterrupted(): boolean {
    return interrupted;
}

/** @throws when there is no such program, InterruptedError */
export function pulumiIn(directory: string): Pulumi {
    return async (args, ask = {}) => {
        const once = (): Promise<Answer> =>
            run("pulumi", [...args, "--non-interactive", "--color=never"], { directory, ...ask });
        const answer = await once();
        if (answer.code === 0 || !readsNoAttributes(answer.stderr)) {
            return answer;
        }
        const backend = { ...process.env, ...ask.env }["PULUMI_BACKEND_URL"];
        return (await dropHalfAttributes(backend)) ? await once() : answer;
    };
}

function run(program: string, args: readonly string[], ask: Ask): Promise<Answer> {
    const { directory, patience, env, input, onLine, onText } = ask;
    return new Promise((resolve, reject) => {
        if (interrupted) {
            reject(new InterruptedError());
            return;
        }
        const child = spawn(program, args, {
            cwd: directory,
            env: { ...process.env, ...env },
            stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
        });
        const said = { stdout: "", stderr: "" };
        for (const from of ["stdout", "stderr"] as const) {
            let rest = "";
            child[from]!.setEncoding("utf8").on("data", (text: string) => {
                said[from] += text;
                onText?.(text, from);
                const lines = (rest + text).split("\n");
                rest = lines.pop()!;
                lines.forEach((line) => onLine?.(line));
            });
        }
        // A command that ends before it has read all is told by its exit code.
        child.stdin?.on("error", () => undefined).end(input);
        let late = false;
        const timers =
            patience === undefined
                ? []
                : [
                      setTimeout(() => {
                          late = true;
                          child.kill("SIGINT");
                      }, patience * minute),
                      setTimeout(() => child.kill("SIGKILL"), (patience + 1) * minute),
                  ];
        let passedOn = false;
        // The engine ends its steps and writes its state; told twice it does neither. Ctrl+C of a terminal reaches it by itself.
        const interrupt = (signal: NodeJS.Signals): void => {
            if (!passedOn && (signal === "SIGTERM" || !process.stdin.isTTY)) {
                child.kill("SIGINT");
            }
            passedOn = true;
            interrupted = true;
        };
        process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
        const end = (): void => {
            timers.forEach((timer) => clearTimeout(timer));
            process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
        };
        child.once("error", () => {
            end();
            reject(new Error(`${program} is not installed. It would have run: ${program} ${args.join(" ")}`));
        });
        child.once("close", (code) => {
            end();
            if (passedOn) {
                reject(new InterruptedError());
            } else {
                resolve({ code: code ?? 1, ...said, late });
            }
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
