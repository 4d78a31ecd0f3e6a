// "fix: ..." for what a schema rejected: the command or the edit that mends it.
import { nearestWord } from "../../lib/nearest-word.ts";
import { removeCommand, setCommand, settingPath } from "../problems.ts";
import { chosen, requiredKeys, shapeOf, variantsAt, wordsOf } from "./alternatives.ts";
import type { Finding } from "./finding.ts";

export function fixFor(finding: Finding): string {
    const { issue } = finding;
    switch (issue.code) {
        case "invalid_value":
        case "invalid_union":
            return fixWord(finding);
        case "invalid_type":
            return fixType(finding, issue.expected);
        default:
            return fixRule(finding);
    }
}

/** For a value of the right type that breaks a rule. */
function fixRule({ path, input }: Finding): string {
    if (Array.isArray(input)) {
        return input.length === 0 ? setCommand(`${path}[0]`, "VALUE") : "change the list in the stack's file";
    }
    const group = input !== null && typeof input === "object";
    return group ? "change what stands below it" : setCommand(path, "VALUE");
}

/** For a setting that is one of some words. */
function fixWord({ path, input, alternatives }: Finding): string {
    const words = wordsOf(alternatives);
    if (words.includes(String(input))) {
        return inQuotes(path, input);
    }
    const nearest = typeof input === "string" ? nearestWord(input, words) : undefined;
    return setCommand(path, nearest ?? (words.length === 1 ? words[0]! : "VALUE"));
}

function fixType(finding: Finding, expected: string): string {
    const { path, input } = finding;
    switch (expected) {
        case "object":
            return fixObject(finding);
        case "record":
            return `write NAME: VALUE below it, or ${removeCommand(path)}`;
        case "array":
            return setCommand(`${path}[0]`, "VALUE");
        case "string":
            return typeof input === "number" || typeof input === "boolean"
                ? inQuotes(path, input)
                : setCommand(path, "VALUE");
        default:
            return typeof input === "string"
                ? `write it without quotes: ${setCommand(path, "VALUE")}`
                : setCommand(path, "VALUE");
    }
}

/** Unquoted, YAML reads 15 as a number and yes as true; so does `pulumi config set --path`. */
function inQuotes(path: string, input: unknown): string {
    return `put it in quotes: ${setCommand(path, String(input), "--type string ")}`;
}

function fixObject({ alternatives, keys, path, input, section }: Finding): string {
    const variants = variantsAt(alternatives, keys);
    if (variants !== undefined) {
        const [first, ...others] = variants.names;
        return setCommand(settingPath([path, variants.discriminator]), others.length === 0 ? first! : "VARIANT");
    }
    const required = chosen(alternatives, section).flatMap(({ schema }) => requiredKeys(shapeOf(schema) ?? {}));
    if (required.length > 0) {
        return `write at least ${required.join(" and ")} below it`;
    }
    // A key with nothing behind it is null to YAML.
    return input === null
        ? "write {} behind it for the defaults, or remove it"
        : "write settings below it, or {} for the defaults";
}
