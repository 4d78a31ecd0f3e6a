// What is wrong with the settings, all at once: where, what was found, what is allowed, how to mend it (N1).
import { RunError } from "@pulumi/pulumi/errors.js";

/** One thing to mend. */
export interface Problem {
    /** The way to the setting, as `pulumi config set --path` takes it. */
    readonly path: string;
    /** What was found, as JSON; never shown for a secret. */
    readonly found: string;
    readonly allowed: string;
    readonly fix: string;
}

/** Stops the program before anything is planned. The message lists every problem; Pulumi prints it alone, for a RunError has no stack to read. */
export class SettingsError extends RunError {
    readonly problems: readonly Problem[];

    constructor(file: string, problems: readonly Problem[]) {
        const count = problems.length === 1 ? "1 setting needs" : `${problems.length} settings need`;
        super([`${file}: ${count} mending; nothing was changed.`, ...problems.map(describe)].join("\n"));
        this.name = "SettingsError";
        this.problems = problems;
    }
}

function describe({ path, found, allowed, fix }: Problem): string {
    return `\n  ${path}\n    found:   ${found}\n    allowed: ${allowed}\n    fix:     ${fix}`;
}

/** The same of a thing that stops nothing. */
export function adviceText({ path, found, allowed, fix }: Problem): string {
    return `${path}: found ${found}; better: ${allowed}; fix: ${fix}`;
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
