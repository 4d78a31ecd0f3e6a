// "allowed: ..." for what a schema rejected without a message of its own.
import type { z } from "zod";
import { chosen, shapeOf, variantsAt, wordsOf } from "./alternatives.ts";
import type { Finding } from "./finding.ts";

export function allowedBy(finding: Finding): string {
    const { issue, alternatives } = finding;
    switch (issue.code) {
        case "invalid_type":
            return issue.expected === "object" ? settingsOf(finding) : (typeNames[issue.expected] ?? issue.expected);
        case "invalid_value":
        case "invalid_union":
            return wordsOf(alternatives).join(", ");
        case "too_small":
            return `at least ${amount(issue)}`;
        case "too_big":
            return `at most ${amount(issue)}`;
        default:
            return "another value";
    }
}

const typeNames: Readonly<Record<string, string>> = {
    string: "text",
    int: "a whole number",
    number: "a number",
    boolean: "true or false",
    array: "a list",
    record: "names with values",
};

/** What an object may hold; of a union its variants, because all else depends on the one that is chosen. */
function settingsOf({ alternatives, keys, section }: Finding): string {
    const variants = variantsAt(alternatives, keys);
    if (variants !== undefined) {
        return `settings with ${variants.discriminator}: ${variants.names.join(", ")}`;
    }
    const settings = chosen(alternatives, section).flatMap(({ schema }) => Object.keys(shapeOf(schema) ?? {}));
    return `settings: ${settings.join(", ")}`;
}

const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
    string: ["character", "characters"],
    array: ["entry", "entries"],
};

function amount(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
    const limit = issue.code === "too_small" ? issue.minimum : issue.maximum;
    const unit = units[issue.origin];
    return unit === undefined ? String(limit) : `${limit} ${unit[limit === 1 ? 0 : 1]}`;
}
