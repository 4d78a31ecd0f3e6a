// "fix: ..." for what a schema rejected: the command or the edit that mends it.
import { z } from "zod";
import { removeCommand, setCommand, settingKeys } from "../problems.ts";
import { chosen, metaOf, requiredKeys, shapeOf, variantsAt, wordsOf, type Alternative } from "./alternatives.ts";
import { insteadCommand, valueCommand } from "./command.ts";
import { capitals, exampleOf, inAllowed } from "./example.ts";
import type { Finding } from "./finding.ts";
import { mended } from "./mend.ts";
import { commandsOfUrl } from "./server-url.ts";
import { tagPlaceholder } from "./spellings/addresses.ts";

/** @param allowed the words of the message */
export function fixFor(finding: Finding, allowed: string): string {
    const { input, path, issue } = finding;
    if (input === undefined && issue.code !== "custom") {
        return missingFix(finding);
    }
    const split = partsOfUrl(finding);
    if (split !== undefined) {
        return split;
    }
    const rule = issue.code === "custom" || fits(finding) ? ruleFix(finding, allowed) : undefined;
    if (rule !== undefined) {
        return rule;
    }
    // What is in a group may be secret, and a command would show it.
    const isGroup = input !== null && typeof input === "object";
    const meant = fits(finding) || isGroup ? undefined : meantBy(finding);
    const command = meant === undefined ? undefined : insteadCommand(path, meant);
    if (command === undefined) {
        return otherwise(finding, allowed);
    }
    return `${remark(input, meant)}${command}`;
}

/** A URL, where only the server of it belongs. */
function partsOfUrl({ alternatives, input, path }: Finding): string | undefined {
    const isServer = alternatives.some(({ declared }) => metaOf(declared).typeName === "server");
    return isServer && typeof input === "string" ? commandsOfUrl(settingKeys(path), input) : undefined;
}

/** Whether the value is right by itself, and only not beside others. */
function fits({ alternatives, input }: Finding): boolean {
    return alternatives.some(({ declared }) => z.safeParse(declared, input).success);
}

/** @returns what the value was probably meant to be */
export function meantBy({ alternatives, input }: Pick<Finding, "alternatives" | "input">): unknown {
    for (const { declared } of alternatives) {
        const meant = mended(declared, input);
        if (meant !== undefined) {
            return meant;
        }
    }
    return undefined;
}

function remark(input: unknown, meant: unknown): string {
    if ((typeof input === "number" || typeof input === "boolean") && typeof meant === "string") {
        return /^[\d.:]+$|^(true|false)$/.test(meant) ? "put it in quotes: " : "";
    }
    const unquoted = typeof input === "string" && (typeof meant === "number" || typeof meant === "boolean");
    if (unquoted) {
        return String(meant) === input.trim() ? "write it without quotes: " : "";
    }
    return typeof meant === "string" && meant.endsWith(tagPlaceholder) ? "name the tag that was pushed: " : "";
}

/** Nothing is there: a command with an example of all that is needed. */
function missingFix({ alternatives, section, path, keys }: Finding): string {
    const name = keys.findLast((key) => typeof key === "string") ?? path;
    const [first] = chosen(alternatives, section);
    const example = exampleOf((first ?? alternatives[0])!.declared, name);
    return valueCommand(path, example) ?? `write it into the stack's file, below ${path}`;
}

/** What the words of a rule say that is to be done. */
function ruleFix({ path, input, alternatives }: Finding, allowed: string): string | undefined {
    if (/^nothing\b/.test(allowed)) {
        return removeCommand(path);
    }
    const takes = (value: unknown): boolean =>
        value !== input && alternatives.some(({ declared }) => z.safeParse(declared, value).success);
    const [, bound] = /^(?:at (?:most|least)|from)(?: \w+,)? ([0-9]+(?:[KMGT]i)?)(?![\w.])/.exec(allowed) ?? [];
    const isWord = wordsOf(alternatives).length > 0;
    const [, quoted] = /^"([^"]+)"/.exec(allowed) ?? [];
    const [word = ""] = /^[\w.-]+(?=[,:; ]|$)/.exec(allowed) ?? [];
    const said = [
        ...(bound === undefined ? [] : [Number(bound), bound]),
        ...(quoted === undefined ? [] : [quoted]),
        ...(isWord || /^(true|false|[0-9][\d.]*)$/.test(word) ? [word, word === "true", Number(word)] : []),
    ].find(takes);
    return said === undefined ? undefined : valueCommand(path, said);
}

/** Nothing is near: an example of what may stand here, or what to edit. */
function otherwise(finding: Finding, allowed: string): string {
    const { issue, path, input, alternatives, keys } = finding;
    if (issue.code === "invalid_type") {
        return fixShape(finding, issue.expected);
    }
    if (Array.isArray(input)) {
        return input.length === 0 ? emptyListFix(finding, allowed) : listFix(path, issue);
    }
    if (input !== null && typeof input === "object") {
        return `change what stands below it: ${allowed}`;
    }
    const name = capitals(String(keys.findLast((key) => typeof key === "string")));
    // What is right by itself and wrong beside others has no example: any would be right by itself.
    const example = fits(finding) ? undefined : exampleFor(alternatives, keys, allowed);
    return (example === undefined ? undefined : valueCommand(path, example)) ?? setCommand(path, name);
}

/** What the message shows, else what the schema does; a word in capitals is no value, and so need not fit. */
function exampleFor(alternatives: readonly Alternative[], keys: readonly PropertyKey[], allowed: string): unknown {
    for (const { declared } of alternatives) {
        const { example } = metaOf(declared);
        const fitting = [example, inAllowed(allowed), exampleOf(declared, String(keys.at(-1)))].find(
            (one) =>
                one !== undefined &&
                (z.safeParse(declared, one).success || (typeof one === "string" && /^[A-Z_]+$/.test(one))),
        );
        if (fitting !== undefined) {
            return fitting;
        }
    }
    return undefined;
}

function emptyListFix({ path, alternatives, keys }: Finding, allowed: string): string {
    const elements = alternatives.flatMap(({ schema }) =>
        schema instanceof z.ZodArray ? [schema._zod.def.element] : [],
    );
    const example = exampleFor(
        elements.map((element) => ({ schema: element, declared: element, choices: [] })),
        keys,
        allowed,
    );
    return valueCommand(`${path}[0]`, example) ?? setCommand(`${path}[0]`, capitals(String(keys.at(-1))));
}

function listFix(path: string, issue: z.core.$ZodIssue): string {
    return issue.code === "too_big"
        ? `take entries out of it until ${String(issue.maximum)} are left, for example the last: ${removeCommand(`${path}[${String(issue.maximum)}]`)}`
        : "change the list in the stack's file";
}

function fixShape(finding: Finding, expected: string): string {
    const { path, input, alternatives, keys } = finding;
    switch (expected) {
        case "object":
            return fixObject(finding);
        case "record":
            return `write NAME: VALUE below it, or ${removeCommand(path)}`;
        case "array": {
            const list = alternatives[0]!.declared;
            const name = String(keys.at(-1) ?? "ENTRY");
            return input !== null && typeof input === "object"
                ? `write it as a list, each entry behind a hyphen: ${entryOf(list, name)}`
                : (insteadCommand(path, exampleOf(list, name)) ?? removeCommand(path));
        }
        default: {
            const example = alternatives.map(({ declared }) => exampleOf(declared, String(keys.at(-1))))[0];
            return insteadCommand(path, example) ?? removeCommand(path);
        }
    }
}

/** One line of YAML. */
function entryOf(list: z.core.$ZodType, name: string): string {
    const [entry] = exampleOf(list, name) as [unknown];
    return entry !== null && typeof entry === "object"
        ? `- { ${Object.entries(entry)
              .map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
              .join(", ")} }`
        : `- ${String(entry)}`;
}

function fixObject({ alternatives, path, input, section, keys }: Finding): string {
    const [first] = alternatives;
    const name = String(keys.at(-1) ?? path);
    if (variantsAt(alternatives, keys) !== undefined) {
        return insteadCommand(path, exampleOf(first!.declared, name)) ?? "write settings below it";
    }
    const required = chosen(alternatives, section).flatMap(({ schema }) => requiredKeys(shapeOf(schema) ?? {}));
    if (required.length > 0) {
        const example = insteadCommand(path, exampleOf(first!.declared, name));
        return `write at least ${[...new Set(required)].join(" and ")} below it${example === undefined ? "" : `: ${example}`}`;
    }
    // A key with nothing behind it is null to YAML.
    return input === null || typeof input === "boolean"
        ? "write {} behind it for the defaults, or remove it"
        : "write settings below it, or {} for the defaults";
}
