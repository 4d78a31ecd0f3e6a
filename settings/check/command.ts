// Commands that put a value at a path, as a shell and `pulumi config set` read them.
import { removeCommand, setCommand } from "../problems.ts";

/** So many commands are pasted at once; more are an edit of the file. */
const mostCommands = 8;

/** A word that no shell reads as anything else. */
const plainWord = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * @param value text, number, boolean; or lists and maps of them
 * @returns a command for each, joined; undefined where that would be too many, or a text has several lines
 */
export function valueCommand(path: string, value: unknown): string | undefined {
    const commands = commandsFor(path, value);
    return commands.length === 0 || commands.length > mostCommands || commands.includes(undefined)
        ? undefined
        : commands.join(" && ");
}

function commandsFor(path: string, value: unknown): (string | undefined)[] {
    if (Array.isArray(value)) {
        return value.flatMap((entry, index) => commandsFor(`${path}[${index}]`, entry));
    }
    if (value !== null && typeof value === "object") {
        return Object.entries(value).flatMap(([name, below]) => commandsFor(`${path}.${name}`, below));
    }
    return [scalarCommand(path, value)];
}

function scalarCommand(path: string, value: unknown): string | undefined {
    if (typeof value === "string") {
        return setText(path, value);
    }
    if (typeof value !== "number" && typeof value !== "boolean") {
        return undefined;
    }
    // Only whole numbers are saved as numbers.
    const options = typeof value === "number" && !Number.isInteger(value) ? "--type float " : "";
    return setCommand(path, argument(String(value)), options as "");
}

function setText(path: string, text: string): string | undefined {
    if (/[\n\r]/.test(text) || text.length > 300) {
        return undefined;
    }
    const readsAsOther = /^(true|false|[-+]?[0-9]+(\.[0-9]*)?)$/.test(text);
    return setCommand(path, argument(text), readsAsOther ? "--type string " : "");
}

/** One word of a POSIX shell; `--` ends the options before what would look like one. */
function argument(text: string): string {
    const word = plainWord.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
    return text.startsWith("-") ? `-- ${word}` : word;
}

/** Where something of another shape is, a path below it cannot be set. */
export function insteadCommand(path: string, value: unknown): string | undefined {
    const command = valueCommand(path, value);
    return command && value !== null && typeof value === "object" ? `${removeCommand(path)} && ${command}` : command;
}
