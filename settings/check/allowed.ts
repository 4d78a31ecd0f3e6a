// "allowed: ..." for what a schema rejected without a message of its own.
import { z } from "zod";
import { chosen, metaOf, shapeOf, unwrap, variantsAt, wordsOf } from "./alternatives.ts";
import type { Finding } from "./finding.ts";
import { limitsOf } from "./mend.ts";

export function allowedBy(finding: Finding): string {
    const { issue, alternatives } = finding;
    const numbers = alternatives.flatMap(({ schema, declared }) =>
        schema instanceof z.ZodNumber ? [{ schema, unit: metaOf(declared).unit }] : [],
    );
    if (numbers.length > 0) {
        return numberText(issue.code, numbers[0]!.schema, numbers[0]!.unit);
    }
    switch (issue.code) {
        case "invalid_type":
            return issue.expected === "object" ? settingsOf(finding) : typeText(finding, issue.expected);
        case "invalid_value":
        case "invalid_union":
            return wordsOf(alternatives).join(", ");
        case "too_small":
        case "too_big":
            return amount(finding, issue);
        default:
            return "another value";
    }
}

/** What kind of number, to whom wrote none; what ends, to all. */
function numberText(code: string | undefined, schema: z.ZodNumber, unit: string | undefined): string {
    const kind = schema.format === "safeint" ? "a whole number" : "a number";
    const { least, most } = limitsOf(schema);
    const ends =
        least !== undefined && most !== undefined
            ? `${least} to ${most}`
            : least !== undefined
              ? `at least ${least}`
              : most !== undefined
                ? `at most ${most}`
                : "";
    const parts = [...(code === "invalid_type" || ends === "" ? [kind] : []), ...(ends === "" ? [] : [ends])];
    return `${parts.join(", ")}${unit === undefined ? "" : ` ${unit}`}`;
}

const typeNames: Readonly<Record<string, string>> = {
    string: "text",
    boolean: "true or false",
    record: "names with values",
};

function typeText({ alternatives }: Finding, expected: string): string {
    if (expected !== "array") {
        return typeNames[expected] ?? expected;
    }
    const element = alternatives.map(({ schema }) =>
        schema instanceof z.ZodArray ? schema._zod.def.element : undefined,
    )[0];
    if (element === undefined) {
        return "a list";
    }
    const { allowed } = metaOf(element);
    const inner = unwrap(element);
    const group = inner instanceof z.ZodObject || inner instanceof z.ZodDiscriminatedUnion;
    return group
        ? "a list: each entry begins with a hyphen"
        : allowed === undefined
          ? "a list"
          : `a list; each entry ${allowed}`;
}

/** What an object may hold; of a union its variants, because all else depends on the one that is chosen. */
function settingsOf({ alternatives, keys, section }: Finding): string {
    const variants = variantsAt(alternatives, keys);
    if (variants !== undefined) {
        return `settings with ${variants.discriminator}: ${variants.names.join(", ")}`;
    }
    const settings = chosen(alternatives, section).flatMap(({ schema }) => Object.keys(shapeOf(schema) ?? {}));
    return `settings: ${[...new Set(settings)].join(", ")}`;
}

const units: Readonly<Record<string, readonly [one: string, many: string]>> = {
    string: ["character", "characters"],
    array: ["entry", "entries"],
    record: ["entry", "entries"],
};

/** Both ends where the schema has both. */
function amount({ alternatives }: Finding, issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
    const [one, many] = units[issue.origin] ?? ["", ""];
    const { minimum, maximum } = { ...lengthsOf(alternatives[0]?.schema), ...issue };
    if (minimum !== undefined && maximum !== undefined) {
        return `${minimum} to ${maximum} ${many}`.trim();
    }
    const limit = minimum ?? maximum;
    return `at ${minimum === undefined ? "most" : "least"} ${String(limit)} ${Number(limit) === 1 ? one : many}`.trim();
}

/** How many entries or characters a schema asks for. */
function lengthsOf(schema: z.core.$ZodType | undefined): { minimum?: number; maximum?: number } {
    const checks = (schema?._zod.def.checks ?? []).map(({ _zod: { def } }) => def);
    const isLength = ({ check }: z.core.$ZodCheckDef): boolean => check === "min_length" || check === "max_length";
    return Object.assign(
        {},
        ...checks.filter(isLength).map((def) => {
            const { minimum, maximum } = def as { minimum?: number; maximum?: number };
            return minimum === undefined ? { maximum } : { minimum };
        }),
    ) as { minimum?: number; maximum?: number };
}
