// What a wrong value was probably meant to be: of the spellings that others use, the first that the schema takes.
import { z } from "zod";
import { letters, nearestWord } from "../../lib/nearest-word.ts";
import { metaOf, shapeOf, unwrap, variantsOf } from "./alternatives.ts";
import { hostFrom, imageFrom, rangeFrom, serverFrom } from "./spellings/addresses.ts";
import { momentsFrom, scheduleFrom } from "./spellings/moments.ts";
import { bytesFrom, clockFrom, hoursOrDaysFrom, processorsFrom, secondsFrom } from "./spellings/quantities.ts";
import { littleChanges, nameFrom } from "./spellings/texts.ts";

/** Longer texts are no typing mistake of something short. */
const longest = 2000;

/** @returns what the schema takes and the value probably means; undefined when nothing is near */
export function mended(schema: z.core.$ZodType, value: unknown): unknown {
    if (value === undefined || (typeof value === "string" && value.length > longest)) {
        return undefined;
    }
    return candidates(schema, value).find((candidate) => z.safeParse(schema, candidate).success);
}

/** The word that was meant: by its letters, by what others call it, or by a small mistake. */
export function meantWord(typed: string, schema: z.core.$ZodType): string | undefined {
    const inner = unwrap(schema);
    const words =
        inner instanceof z.ZodDiscriminatedUnion
            ? variantsOf(inner).map(({ word, literal }) => ({ word, called: calledOf(literal) }))
            : wordsIn(inner).map((word) => ({
                  word: String(word),
                  called: inner instanceof z.ZodLiteral ? calledOf(schema) : [],
              }));
    const said = Object.entries(metaOf(schema).alsoSaid ?? {});
    const same = (other: string): boolean => letters(other) === letters(typed);
    return (
        words.find(({ word }) => same(word))?.word ??
        words.find(({ called }) => called.some(same))?.word ??
        said.find(([other]) => same(other))?.[1] ??
        nearestWord(
            typed,
            words.map(({ word }) => word),
        )
    );
}

function calledOf(schema: z.core.$ZodType): readonly string[] {
    return metaOf(schema).alsoCalled ?? [];
}

function wordsIn(schema: z.core.$ZodType): readonly unknown[] {
    if (schema instanceof z.ZodEnum) {
        return schema.options;
    }
    if (schema instanceof z.ZodLiteral) {
        return [...schema.values];
    }
    return schema instanceof z.ZodUnion && !(schema instanceof z.ZodDiscriminatedUnion)
        ? schema._zod.def.options.flatMap(wordsIn)
        : [];
}

function candidates(schema: z.core.$ZodType, value: unknown): unknown[] {
    const inner = unwrap(schema);
    if (inner instanceof z.ZodDiscriminatedUnion) {
        return ofUnion(inner, value);
    }
    if (inner instanceof z.ZodEnum || inner instanceof z.ZodLiteral || inner instanceof z.ZodUnion) {
        return ofWords(inner, schema, value);
    }
    if (inner instanceof z.ZodBoolean) {
        return ofBoolean(value);
    }
    if (inner instanceof z.ZodNumber) {
        return ofNumber(inner, metaOf(schema), value);
    }
    if (inner instanceof z.ZodArray) {
        return ofList(inner._zod.def.element, value);
    }
    if (inner instanceof z.ZodRecord) {
        return ofRecord(inner._zod.def.valueType, value);
    }
    if (inner instanceof z.ZodObject) {
        return ofObject(inner, value);
    }
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
        ? ofText(metaOf(schema), value)
        : [];
}

/** `cache: none` for `cache: { variant: none }`; nothing, where there is a variant for that. */
function ofUnion(union: z.ZodDiscriminatedUnion, value: unknown): unknown[] {
    const typed = value === null || value === false ? "none" : value;
    const word = typeof typed === "string" ? meantWord(typed, union) : undefined;
    return word === undefined ? [] : [{ [union._zod.def.discriminator]: word }];
}

function ofWords(words: z.core.$ZodType, schema: z.core.$ZodType, value: unknown): unknown[] {
    const all = wordsIn(words);
    const text = typeof value === "string" || typeof value === "number" ? String(value) : undefined;
    if (text === undefined) {
        return [];
    }
    const number = toNumber(text);
    const meant = meantWord(text, schema);
    return [
        // 1.3 is what YAML reads of 1.30.
        ...all.filter((word) => String(word) === text || (number !== undefined && Number(word) === number)),
        ...(number === undefined ? [] : nearestNumber(number, all)),
        ...all.filter((word) => String(word) === meant),
    ];
}

const truths: Readonly<Record<string, boolean>> = {
    true: true,
    yes: true,
    y: true,
    on: true,
    enabled: true,
    1: true,
    false: false,
    no: false,
    n: false,
    off: false,
    disabled: false,
    none: false,
    0: false,
};

function ofBoolean(value: unknown): unknown[] {
    const word = typeof value === "string" || typeof value === "number" ? String(value).trim().toLowerCase() : "";
    return Object.hasOwn(truths, word) ? [truths[word]] : [];
}

/** What a number with this unit is counted in. */
const unitSeconds: Readonly<Record<string, number>> = { seconds: 1, days: 86400, milliseconds: 0.001 };

function ofNumber(schema: z.ZodNumber, { unit, enum: listed }: Readonly<z.GlobalMeta>, value: unknown): unknown[] {
    const number = typeof value === "number" ? value : numberIn(String(value), unit);
    if (number === undefined || Number.isNaN(number) || typeof value === "boolean") {
        return [];
    }
    const { least, most } = limitsOf(schema);
    const near = Math.min(Math.max(number, least ?? -Infinity), most ?? Infinity);
    return [
        number,
        Math.round(number),
        near,
        Math.round(near),
        ...(Array.isArray(listed) ? nearestNumber(number, listed) : []),
    ];
}

/** Both ends where they are known; a whole number that only has to be safe has none. */
export function limitsOf(schema: z.ZodNumber): { readonly least?: number; readonly most?: number } {
    const { minValue, maxValue } = schema;
    const isEnd = (end: number | null): end is number => end !== null && Math.abs(end) < Number.MAX_SAFE_INTEGER;
    return { ...(isEnd(minValue) && { least: minValue }), ...(isEnd(maxValue) && { most: maxValue }) };
}

function numberIn(text: string, unit: string | undefined): number | undefined {
    const plain = toNumber(text);
    if (plain !== undefined) {
        return plain;
    }
    if (unit === "GiB" || unit === "GB") {
        const [, amount, suffix] = /^([0-9]+)(Ki|Mi|Gi|Ti)$/.exec(bytesFrom(text) ?? "") ?? [];
        const inGibibytes = { Ki: 2 ** -20, Mi: 2 ** -10, Gi: 1, Ti: 2 ** 10 }[suffix ?? ""];
        return inGibibytes === undefined ? undefined : Number(amount) * inGibibytes;
    }
    const percent = unit === "percent" ? /^\s*([0-9]{1,3})\s*%\s*$/.exec(text) : null;
    if (percent !== null) {
        return Number(percent[1]);
    }
    const seconds = secondsFrom(text);
    const each = unitSeconds[unit ?? ""];
    return seconds === undefined || each === undefined ? undefined : seconds / each;
}

/** Of a text with nothing but a number in it, perhaps with separators. */
function toNumber(text: string): number | undefined {
    const bare = text.trim().replaceAll(/(?<=[0-9])[_,](?=[0-9]{3})/g, "");
    return /^[-+]?[0-9]{1,17}(\.[0-9]{1,17})?$/.test(bare) ? Number(bare) : undefined;
}

function nearestNumber(number: number, among: readonly unknown[]): unknown[] {
    const numbers = among.filter((one) => Number.isFinite(Number(one)));
    return numbers.toSorted((a, b) => Math.abs(Number(a) - number) - Math.abs(Number(b) - number)).slice(0, 1);
}

/** One value instead of a list, several in one text, or wrong entries. */
function ofList(element: z.core.$ZodType, value: unknown): unknown[] {
    const single = (one: unknown): unknown => (z.safeParse(element, one).success ? one : mended(element, one));
    if (Array.isArray(value)) {
        const entries = value.map(single);
        return [entries, [...new Set(entries)]];
    }
    if (value === null || typeof value === "object") {
        const entries: [string, unknown][] = Object.entries(value ?? {});
        return [
            [value],
            entries.map(([name, below]) => ({ name, ...(below as object) })),
            entries.map(([, below]) => below),
        ];
    }
    const parts = typeof value === "string" ? [/\s*,\s*/, /\s+/].map((by) => value.trim().split(by)) : [];
    const [commas = [], spaces = []] = parts;
    return [...(commas.length > 1 ? [commas] : []), ...(spaces.length > 1 ? [spaces] : []), [value]].map((all) =>
        all.map(single),
    );
}

/** Kubernetes and Compose write names with values as lists. */
function ofRecord(valueType: z.core.$ZodType, value: unknown): unknown[] {
    const single = (one: unknown): unknown => (z.safeParse(valueType, one).success ? one : mended(valueType, one));
    if (!Array.isArray(value)) {
        return value === null ? [{}] : [];
    }
    const pairs = value.map((entry: unknown): readonly [string, unknown] | undefined => {
        if (typeof entry === "string") {
            const at = entry.indexOf("=");
            return at > 0 ? [entry.slice(0, at), entry.slice(at + 1)] : undefined;
        }
        const { name, value: given, ...rest } = (entry ?? {}) as Record<string, unknown>;
        return typeof name === "string" ? [name, given ?? rest] : undefined;
    });
    return pairs.every((pair) => pair !== undefined)
        ? [Object.fromEntries(pairs.map(([name, one]) => [name, single(one)]))]
        : [];
}

/** `replicas: 3` for both ends; `beat: true` for a group of defaults. */
function ofObject(schema: z.ZodObject, value: unknown): unknown[] {
    const names = Object.keys(shapeOf(schema) ?? {});
    const number = typeof value === "number" ? value : typeof value === "string" ? toNumber(value) : undefined;
    if (number !== undefined && names.includes("min") && names.includes("max")) {
        return [{ min: Math.max(1, Math.round(number)), max: Math.max(1, Math.round(number)) }];
    }
    // `tls: require`, `tls: false`.
    const modes = names.includes("mode")
        ? [...(typeof value === "string" ? [value] : value === false ? ["disable"] : [])]
        : [];
    return [
        ...(value === null || value === true ? [{}] : []),
        ...modes.map((mode) => ({ mode: mended(shapeOf(schema)!["mode"]!, mode) })),
    ];
}

/** By what the tables call the type; then whatever needs little. */
function ofText({ typeName, allowed = "" }: Readonly<z.GlobalMeta>, value: string | number | boolean): unknown[] {
    const text = String(value);
    const special =
        byType[typeName ?? ""] ??
        (/range|IPv4/.test(allowed) ? rangeFrom : /\bmoment as\b/.test(allowed) ? momentsFrom : undefined);
    const numbers =
        typeof value === "number" && Number.isFinite(value)
            ? [text, value.toFixed(2), value.toFixed(1), text.padStart(12, "0"), clockFrom(text)]
            : [];
    const times = /hours/.test(allowed) ? [hoursOrDaysFrom(text), clockFrom(text)] : [clockFrom(text)];
    return [...numbers, ...(special?.(text) ?? []), ...littleChanges(text), ...times].filter(
        (one) => one !== undefined && one !== "",
    );
}

const byType: Readonly<Record<string, (text: string) => readonly (string | undefined)[]>> = {
    quantity: (text) => [bytesFrom(text)],
    processors: (text) => [processorsFrom(text)],
    image: (text) => [imageFrom(text)],
    server: (text) => [hostFrom(text)],
    "DNS name": (text) => [hostFrom(text)],
    "DNS name, with or without port": (text) => [serverFrom(text), hostFrom(text)],
    range: rangeFrom,
    name: (text) => [nameFrom(text, 20)],
    "object name": (text) => [nameFrom(text, 63)],
    schedule: scheduleFrom,
    "time zone": (text) => [Intl.supportedValuesOf("timeZone").find((zone) => letters(zone) === letters(text))],
};
