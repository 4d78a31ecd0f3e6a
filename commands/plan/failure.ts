// What `make plan` says when it cannot show one.
import { masked } from "../../lib/secret-text.ts";
import type { Problem } from "../../settings/problems.ts";

export interface Failure {
    /** For a person; its first line says it all. */
    readonly message: string;
    /** 1: something has to be mended first. 2: a mistake in the program. */
    readonly code: 1 | 2;
    readonly problems: readonly Problem[];
    /** The file that the problems are of. */
    readonly file?: string;
}

/** Shows where in the program an unexpected error was noticed. */
const debugVariable = "PLAN_DEBUG";

export function failureOf(error: unknown): Failure {
    if (isTold(error)) {
        const { message, problems, problem, file } = error;
        // The message says it all; where in our code it was noticed helps nobody.
        return {
            message,
            code: 1,
            problems: problems ?? (problem === undefined ? [] : [problem]),
            ...(file !== undefined && { file }),
        };
    }
    const { name, message, stack, code, path } = error as NodeJS.ErrnoException;
    if (code !== undefined && path !== undefined) {
        const found = `${path} cannot be written or read (${code})`;
        return {
            message: found,
            code: 1,
            problems: [{ path, found: code, allowed: "a file that can be written", fix: "name another by --svg" }],
        };
    }
    if (process.env[debugVariable] !== undefined) {
        return { message: masked(stack ?? String(error)), code: 2, problems: [] };
    }
    const what = masked(error instanceof Error ? `${name}: ${message.split("\n", 1)[0]}` : String(error));
    return {
        message: `This is a mistake in the program, not in your settings; nothing was changed. ${what} (${debugVariable}=1 shows where.)`,
        code: 2,
        problems: [],
    };
}

interface Told {
    readonly message: string;
    readonly problems?: readonly Problem[];
    readonly problem?: Problem;
    readonly file?: string;
}

/** By name: to load their classes takes longer than to say that an option is wrong. */
function isTold(error: unknown): error is Told {
    return error instanceof Error && ["SettingsError", "UnknownStackError", "UnknownFolderError"].includes(error.name);
}

/** @param message of the parser of options */
export function optionFailure(message: string): Failure {
    const text = masked(message.replace(/^error: /, "").replaceAll("\n", " "));
    const [, option] = /'([^']*)'/.exec(text) ?? [];
    const fix = "node commands/plan/main.ts --help";
    return {
        message: `${text}. Fix: ${fix}`,
        code: 1,
        problems: [
            {
                path: option?.split(/[ =]/, 1)[0] ?? "the options",
                found: text,
                allowed: "--stack NAME, --svg FILE, --directory FOLDER, --json",
                fix,
            },
        ],
    };
}
