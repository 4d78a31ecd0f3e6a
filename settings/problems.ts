// What is wrong with the settings, all at once: where, what was found, what is allowed, how to mend it (N1).
import { z } from "zod";

/** One thing to mend. */
export interface Problem {
    /** The way to the setting, as `pulumi config set --path` takes it. */
    readonly path: string;
    /** What was found, as JSON; never shown for a secret. */
    readonly found: string;
    readonly allowed: string;
    readonly fix: string;
}

/** Stops the program before anything is planned. The message lists every problem; there is no stack to read. */
export class SettingsError extends Error {
    readonly problems: readonly Problem[];
    /** Tells Pulumi to print the message alone. */
    readonly hideStack = true;

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

/** `a.b[0]["c.d"]`: keys that are no plain words are quoted. */
export function settingPath(keys: readonly PropertyKey[]): string {
    return keys
        .map((key, index) => {
            if (typeof key === "number") {
                return `[${key}]`;
            }
            const word = String(key);
            if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(word)) {
                return `[${JSON.stringify(word)}]`;
            }
            return index === 0 ? word : `.${word}`;
        })
        .join("");
}

/**
 * Checks one section of the settings.
 *
 * @param section the section's name, the first part of every path
 * @returns the section with its defaults, or what is wrong with it
 */
export function checkSection<Schema extends z.ZodType>(
    section: string,
    schema: Schema,
    value: unknown,
): { readonly value: z.output<Schema> } | { readonly problems: readonly Problem[] } {
    const result = schema.safeParse(value, { error: explain, reportInput: true });
    if (result.success) {
        return { value: result.data };
    }
    return { problems: result.error.issues.flatMap((issue) => problemsOf(section, issue)) };
}

function problemsOf(section: string, issue: z.core.$ZodIssue): Problem[] {
    const keys = [section, ...issue.path];
    const [allowed = "", ...fixes] = issue.message.split("\n");
    if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key, index) => ({
            path: settingPath([...keys, key]),
            found: "a setting that does not exist here",
            allowed,
            fix: fixes[index] ?? "remove it",
        }));
    }
    // A wrong key of a record carries the reason inside.
    const reason = issue.code === "invalid_key" ? (issue.issues[0]?.message.split("\n")[0] ?? allowed) : allowed;
    const input = issue.code === "invalid_key" ? issue.path.at(-1) : issue.input;
    const path = settingPath(keys);
    return [
        {
            path,
            found: found(section, input),
            allowed: reason,
            fix: fixes[0] ?? fixFor(section, path, input),
        },
    ];
}

function found(section: string, input: unknown): string {
    if (input === undefined) {
        return "nothing";
    }
    if (section === "secrets") {
        return "a value that is not shown because it is secret";
    }
    const text = JSON.stringify(input);
    return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

function fixFor(section: string, path: string, input: unknown): string {
    if (section === "secrets") {
        return `pulumi config set --secret --path '${path}'`;
    }
    return input === undefined ? `add it: pulumi config set --path '${path}' VALUE` : `change it to what is allowed`;
}

/** Turns a raw issue into "what is allowed", and after a line break the fix where there is a better one than usual. */
function explain(issue: z.core.$ZodRawIssue): string | undefined {
    switch (issue.code) {
        case "invalid_type":
            return expectedType(issue.expected, issue.inst);
        case "invalid_value":
            return listed(issue.values, issue.input);
        case "invalid_union":
            return variants(issue);
        case "unrecognized_keys":
            return unknownKeys(issue);
        case "too_small":
            return `${origin(issue.origin)}at least ${issue.minimum}`;
        case "too_big":
            return `${origin(issue.origin)}at most ${issue.maximum}`;
        case "invalid_format":
            return issue.format === "ends_with" ? `text that ends in ${JSON.stringify(issue["suffix"])}` : undefined;
        default:
            return undefined;
    }
}

function expectedType(expected: string, schema: unknown): string {
    const shape = shapeOf(schema);
    if (shape !== undefined) {
        return `settings: ${Object.keys(shape).join(", ")}`;
    }
    const names: Record<string, string> = {
        string: "text",
        int: "a whole number",
        number: "a number",
        boolean: "true or false",
        array: "a list",
        record: "names with values",
    };
    return names[expected] ?? expected;
}

function origin(kind: string): string {
    return kind === "string" ? "characters: " : kind === "array" ? "entries: " : "";
}

function listed(values: readonly unknown[], input: unknown): string {
    const words = values.map(String);
    const nearest = typeof input === "string" ? nearestWord(input, words) : undefined;
    const allowed = words.join(", ");
    return nearest === undefined ? allowed : `${allowed}\nset it to ${nearest}`;
}

function variants(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string | undefined {
    const options = (issue.inst as z.ZodDiscriminatedUnion | undefined)?._zod?.def;
    if (options === undefined || !("discriminator" in options)) {
        return undefined;
    }
    const { discriminator } = options;
    const names = discriminatorValues(options.options as readonly z.ZodType[], discriminator);
    const input = (issue.input as Record<string, unknown> | undefined)?.[discriminator];
    return listed(names, input);
}

function discriminatorValues(options: readonly z.ZodType[], discriminator: string): string[] {
    return options.flatMap((option) => {
        const literal = shapeOf(option)?.[discriminator] as z.ZodLiteral | undefined;
        return literal === undefined ? [] : [...literal.values].map(String);
    });
}

function unknownKeys(issue: z.core.$ZodRawIssue<z.core.$ZodIssueUnrecognizedKeys>): string {
    const known = Object.keys(shapeOf(issue.inst) ?? {});
    const fixes = issue.keys.map((key) => {
        const nearest = nearestWord(key, known);
        return nearest === undefined ? "remove it; if another variant has it, choose that variant" : `rename it to ${nearest}`;
    });
    return [known.join(", "), ...fixes].join("\n");
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
    return schema instanceof z.ZodObject ? (schema.shape as Record<string, unknown>) : undefined;
}

/** The word that a typo was probably meant to be. */
export function nearestWord(typed: string, words: readonly string[]): string | undefined {
    let best: string | undefined;
    let bestDistance = Math.max(1, Math.floor(typed.length / 3)) + 1;
    for (const word of words) {
        const distance = editDistance(typed.toLowerCase(), word.toLowerCase());
        if (distance < bestDistance) {
            best = word;
            bestDistance = distance;
        }
    }
    return best;
}

function editDistance(a: string, b: string): number {
    let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let row = 1; row <= a.length; row++) {
        const current = [row];
        for (let column = 1; column <= b.length; column++) {
            const replaced = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
            current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
        }
        previous = current;
    }
    return previous[b.length]!;
}
