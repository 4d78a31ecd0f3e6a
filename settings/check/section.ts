// Checks one section against its schema, and says what is wrong in the words of Problem.
import type { z } from "zod";
import { nearestWord } from "../../lib/nearest-word.ts";
import { removeCommand, setSecretCommand, settingPath, type Problem } from "../problems.ts";
import { allowedBy } from "./allowed.ts";
import { alternatives, chosen, reachable, shapeOf, valueAt, type Alternative } from "./alternatives.ts";
import { fixFor } from "./fix.ts";

/** The section whose values are never shown. */
const secretSection = "secrets";

/** As much of a value as is shown. */
const shownCharacters = 120;

/**
 * Checks one section of the settings.
 *
 * @param name the section's name, the first part of every path
 * @returns the section with its defaults, or what is wrong with it
 */
export function checkSection<Schema extends z.ZodType>(
    name: string,
    schema: Schema,
    value: unknown,
): { readonly value: z.output<Schema> } | { readonly problems: readonly Problem[] } {
    // A schema's own messages are kept, and all others left empty for allowed.ts.
    const result = schema.safeParse(value, { error: () => "" });
    if (result.success) {
        return { value: result.data };
    }
    const section: Section = { name, schema, value };
    return { problems: result.error.issues.flatMap((issue) => problemsOf(section, issue)) };
}

interface Section {
    readonly name: string;
    readonly schema: z.ZodType;
    readonly value: unknown;
}

function problemsOf(section: Section, issue: z.core.$ZodIssue): Problem[] {
    switch (issue.code) {
        case "unrecognized_keys":
            return issue.keys.map((key) => unknownSetting(section, issue.path, key));
        case "invalid_key":
            return [unfitName(section, issue)];
        default:
            return [unfitValue(section, issue)];
    }
}

function unfitValue({ name, schema, value }: Section, issue: z.core.$ZodIssue): Problem {
    const finding = {
        issue,
        section: value,
        keys: issue.path,
        path: settingPath([name, ...issue.path]),
        input: valueAt(value, issue.path),
        alternatives: reachable(alternatives(schema, issue.path), value, issue.path),
    };
    return {
        path: finding.path,
        found: name === secretSection ? foundSecret(finding.input) : found(finding.input),
        allowed: issue.message === "" ? allowedBy(finding) : issue.message,
        fix: name === secretSection ? setSecretCommand(secretPath(finding)) : fixFor(finding),
    };
}

/** A name that the user chose, of an environment variable for example; names are not secret. */
function unfitName({ name }: Section, issue: z.core.$ZodIssueInvalidKey): Problem {
    return {
        path: settingPath([name, ...issue.path]),
        found: `the name ${JSON.stringify(issue.path.at(-1))}`,
        allowed: issue.issues.map(({ message }) => message).join("; "),
        fix: "rename it",
    };
}

function unknownSetting({ name, schema, value }: Section, at: readonly PropertyKey[], key: string): Problem {
    const all = alternatives(schema, at);
    const known = chosen(all, value).flatMap((here) => Object.keys(shapeOf(here.schema) ?? {}));
    const elsewhere = all.find((there) => key in (shapeOf(there.schema) ?? {}));
    const nearest = nearestWord(key, known);
    const path = settingPath([name, ...at, key]);
    const rename = nearest === undefined ? undefined : `rename it to ${nearest}`;
    return {
        path,
        found: "a setting that does not exist here",
        allowed: known.join(", "),
        fix: elsewhere
            ? `${removeCommand(path)}, or choose the variant that has it: ${otherChoices(elsewhere, name, value)}`
            : (rename ?? removeCommand(path)),
    };
}

/** What would have to be chosen differently. */
function otherChoices({ choices }: Alternative, name: string, value: unknown): string {
    return choices
        .filter(({ path, variant }) => valueAt(value, path) !== variant)
        .map(({ path, variant }) => `${settingPath([name, ...path])} ${variant}`)
        .join(", ");
}

function found(input: unknown): string {
    if (input === undefined) {
        return "nothing";
    }
    const text = JSON.stringify(input);
    return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}... (${text.length} characters)` : text;
}

function foundSecret(input: unknown): string {
    return input === undefined ? "nothing" : "a value that is not shown because it is secret";
}

/** Where names belong below, the command needs one. */
function secretPath({ issue, path }: { readonly issue: z.core.$ZodIssue; readonly path: string }): string {
    const group = issue.code === "invalid_type" && (issue.expected === "object" || issue.expected === "record");
    return group ? `${path}.NAME` : path;
}
