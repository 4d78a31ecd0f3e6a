// What is wrong with the settings, all at once: where, what was found, what is allowed, how to mend it (N1).
import { RunError } from "@pulumi/pulumi/errors.js";
import { masked } from "../lib/secret-text.ts";

/** Counted from 1, as editors do. */
export interface Place {
    readonly line: number;
    readonly column: number;
}

/** One thing to mend. */
export interface Problem {
    /** The way to the setting, as `pulumi config set --path` takes it. */
    readonly path: string;
    /** What was found, as JSON; never shown for a secret. */
    readonly found: string;
    readonly allowed: string;
    readonly fix: string;
    /** Where it stands in the file. @default not known */
    readonly place?: Place;
    /** The file, where it is another than the error's. */
    readonly file?: string;
}

/**
 * Stops the program before anything is planned. The message lists every problem, and shows nothing that looks like a credential;
 * Pulumi prints it alone, for a RunError has no stack to read.
 */
export class SettingsError extends RunError {
    readonly file: string;
    readonly problems: readonly Problem[];

    /** @param file the name of the stack's file */
    constructor(file: string, problems: readonly Problem[]) {
        const shown = problems.map(withoutCredentials);
        const count = shown.length === 1 ? "1 setting needs" : `${shown.length} settings need`;
        const lines = shown.map((problem) => describe(problem, file));
        super([`${file}: ${count} mending; nothing was changed.`, ...lines].join("\n"));
        this.name = "SettingsError";
        this.file = file;
        this.problems = shown;
    }
}

/** Whoever writes a message cannot forget it: what was found may hold a URL with a login, and a fix repeats it. */
function withoutCredentials(problem: Problem): Problem {
    const { path, found, allowed, fix } = problem;
    return { ...problem, path: shown(path), found: shown(found), allowed: shown(allowed), fix: shown(fix) };
}

/** Longer than any name, path and command together; what is longer is a value, or a name made to hurt. */
const longestText = 6000;

function shown(text: string): string {
    return masked(text.length <= longestText ? text : `${text.slice(0, 200)}... (${text.length} characters)`);
}

function describe(problem: Problem, file: string): string {
    const { path, found, allowed, fix } = problem;
    return `\n  ${where(problem, file)}${path}\n    found:   ${found}\n    allowed: ${allowed}\n    fix:     ${fix}`;
}

/** `Pulumi.staging.yaml:14:9  `, which terminals and editors make a link of. */
function where({ place, file }: Problem, ofError: string): string {
    const name = file ?? ofError;
    if (place === undefined) {
        return file === undefined ? "" : `${name}  `;
    }
    return `${name}:${place.line}:${place.column}  `;
}

/**
 * The same of a thing that stops nothing.
 *
 * @param file the name of the stack's file, for where it stands
 */
export function adviceText(problem: Problem, file?: string): string {
    const { path, found, allowed, fix, place } = withoutCredentials(problem);
    const at = file === undefined || place === undefined ? "" : `${file}:${place.line}:${place.column} `;
    return `${at}${path}: found ${found}; better: ${allowed}; fix: ${fix}`;
}

/** `a.b[0]["c.d"]`: keys that are no plain words are quoted, as Pulumi's own parser of such paths unquotes them. */
export function settingPath(keys: readonly PropertyKey[]): string {
    return keys
        .map((key, index) => {
            if (typeof key === "number") {
                return `[${key}]`;
            }
            const word = String(key);
            // The section is never quoted: Pulumi reads it as the name of a configuration value.
            if (index === 0) {
                return word;
            }
            return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(word) ? `.${word}` : `["${word.replaceAll('"', '\\"')}"]`;
        })
        .join("");
}

/** What `settingPath` was made of. A text that is no path is one key. */
export function settingKeys(path: string): PropertyKey[] {
    const [, section = "", rest = ""] = /^([^.[]*)(.*)$/s.exec(path) ?? [];
    const keys: PropertyKey[] = [section];
    const part = /\["((?:\\"|[^"])*)"\]|\[([0-9]+)\]|\.([^.[]+)/gy;
    for (let match = part.exec(rest); match !== null; match = part.exec(rest)) {
        const [, quotedKey, index, word] = match;
        keys.push(index === undefined ? (word ?? quotedKey!.replaceAll('\\"', '"')) : Number(index));
    }
    return keys;
}

/** The command that puts a value at a path. Text that reads as a number is otherwise saved as one. */
export function setCommand(path: string, value: string, options: "" | "--type string " = ""): string {
    return `pulumi config set ${options}--path ${quoted(path)} ${value}`;
}

/** The command that asks for a secret value and puts it at a path, encrypted. */
export function setSecretCommand(path: string): string {
    return `pulumi config set --secret --path ${quoted(path)}`;
}

/** The command that takes a setting out. */
export function removeCommand(path: string): string {
    return `pulumi config rm --path ${quoted(path)}`;
}

/** One word of a POSIX shell. */
function quoted(path: string): string {
    return `'${path.replaceAll("'", `'\\''`)}'`;
}
