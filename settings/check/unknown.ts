// A setting that nobody knows: which one was probably meant, here, in another variant, or at another level.
import { z } from "zod";
import { editDistance, letters, nearestWord } from "../../lib/nearest-word.ts";
import { removeCommand, setSecretCommand, settingPath, type Problem } from "../problems.ts";
import {
    alternatives,
    chosen,
    isMade,
    metaOf,
    shapeOf,
    unwrap,
    valueAt,
    type Alternative,
    type Choice,
} from "./alternatives.ts";
import { valueCommand } from "./command.ts";
import { exampleOf } from "./example.ts";
import { settingsBelow, type Place } from "./every-setting.ts";
import type { Section } from "./finding.ts";
import { mended } from "./mend.ts";

export interface UnknownSetting {
    readonly problem: Problem;
    /** Of the group it stands in, where it is clear that this one was meant. */
    readonly renameTo?: string;
    /** Whether another variant has it. */
    readonly ofOtherVariant: boolean;
}

/** All sections by their names, for what stands in the wrong one. */
export type Sections = Readonly<Record<string, z.core.$ZodType>>;

export function unknownSetting(
    section: Section,
    at: readonly PropertyKey[],
    key: string,
    sections: Sections,
): UnknownSetting {
    const all = alternatives(section.schema, at);
    const right = chosen(all, section.value);
    const here = right.length > 0 ? right : all;
    const known = [...new Set(here.flatMap(keysOf))];
    const path = section.shown([...at, key]);
    const problem = (fix: string): Problem => ({
        path,
        found: "a setting that does not exist here",
        allowed: known.join(", "),
        fix,
    });
    const others = all.filter((one) => !here.includes(one));
    const exact = mostAlike(
        others.filter((other) => keysOf(other).includes(key)),
        valueAt(section.value, at),
    );
    if (exact !== undefined) {
        const choice = otherChoices(exact.choices, section);
        return {
            problem: problem(`${removeCommand(path)}, or choose the variant that has it: ${choice}`),
            ofOtherVariant: true,
        };
    }
    const meant = close(key, here);
    if (meant.length > 0) {
        return renaming(section, at, key, meant, here, problem);
    }
    const wandered =
        otherVariant(section, key, others, path) ??
        otherLevel(section, at, key, sections) ??
        asVariable(section, at, key, here);
    if (wandered !== undefined) {
        return { problem: problem(wandered), ofOtherVariant: false };
    }
    const nearest = nearestWord(key, known);
    if (nearest !== undefined) {
        return renaming(section, at, key, [nearest], here, problem);
    }
    const nearby = others.find((other) => nearestWord(key, keysOf(other)) !== undefined);
    const fix =
        nearby === undefined
            ? removeCommand(path)
            : inOtherVariant(section, path, nearestWord(key, keysOf(nearby))!, nearby);
    return { problem: problem(fix), ofOtherVariant: false };
}

/** The one that has most of what was given, so that all that is given leads to the same. */
function mostAlike(all: readonly Alternative[], given: unknown): Alternative | undefined {
    const names = Object.keys(given ?? {});
    const alike = all.map((one) => ({ one, common: keysOf(one).filter((key) => names.includes(key)).length }));
    return alike.toSorted((a, b) => b.common - a.common)[0]?.one;
}

function keysOf({ schema }: Alternative): string[] {
    return Object.keys(shapeOf(schema) ?? {});
}

/** Those with the same letters, else those that others call so, else the one with one letter wrong. */
function close(typed: string, here: readonly Alternative[]): string[] {
    const exact = synonyms(typed, here);
    const isNear = (name: string): boolean =>
        typed.length > 3 && typed.length < 64 && editDistance(typed.toLowerCase(), name.toLowerCase()) === 1;
    return exact.length > 0 ? exact : here.flatMap(keysOf).filter(isNear).slice(0, 1);
}

function synonyms(typed: string, here: readonly Alternative[]): string[] {
    const entries = here.flatMap(({ schema }) => Object.entries(shapeOf(schema) ?? {}));
    const same = entries.filter(([name]) => letters(name) === letters(typed));
    const meant = same.length > 0 ? same : entries.filter(([, schema]) => isCalled(typed, schema));
    return [...new Set(meant.map(([name]) => name))];
}

/** Other words for a variant are no settings. */
export function isCalled(typed: string, schema: z.core.$ZodType): boolean {
    return unwrap(schema) instanceof z.ZodLiteral
        ? false
        : (metaOf(schema).alsoCalled ?? []).some((other) => letters(other) === letters(typed));
}

function renaming(
    section: Section,
    at: readonly PropertyKey[],
    key: string,
    meant: readonly string[],
    here: readonly Alternative[],
    problem: (fix: string) => Problem,
): UnknownSetting {
    const [name, ...others] = meant;
    const schema = here.map((one) => shapeOf(one.schema)?.[name!]).find((one) => one !== undefined)!;
    const value = valueAt(section.value, [...at, key]);
    const target = [...at, name!];
    const path = section.shown([...at, key]);
    if (others.length > 0) {
        return { problem: problem(`rename it to ${meant.join(" or ")}`), ofOtherVariant: false };
    }
    if (valueAt(section.value, target) !== undefined) {
        const fix = `${removeCommand(path)}: ${name!} is there beside it, and is what counts`;
        return { problem: problem(fix), ofOtherVariant: false };
    }
    const rename = `rename it to ${name!}`;
    const renamed = (more: string): UnknownSetting => ({
        problem: problem(`${rename}${more}`),
        renameTo: name!,
        ofOtherVariant: false,
    });
    const { typeName, allowed } = metaOf(schema);
    // Any word could be a size's name.
    const isSize = typeName === "size" && isCalled(key, schema);
    if (section.secret || (z.safeParse(schema, value).success && !isSize)) {
        return renamed("");
    }
    const fitting = isSize ? undefined : mended(schema, value);
    const command =
        fitting === undefined || !isShown(key, value) ? undefined : valueCommand(section.shown(target), fitting);
    return renamed(command === undefined ? shapeOfValue(schema, allowed) : `: ${command} && ${removeCommand(path)}`);
}

/** Whether a value may be repeated in a command: it is no group, and no secret that has a wrong name. */
function isShown(key: string, value: unknown): boolean {
    return (value === null || typeof value !== "object") && !/pass|secret|token|key|cred|auth/i.test(key);
}

/** What has to stand there instead of what does. */
function shapeOfValue(schema: z.core.$ZodType, allowed: string | undefined): string {
    const inner = unwrap(schema);
    if (inner instanceof z.ZodObject) {
        return `, which has settings below it: ${Object.keys(inner.shape).join(", ")}`;
    }
    if (inner instanceof z.ZodArray) {
        return ", which is a list";
    }
    return inner instanceof z.ZodRecord
        ? ", which has names with values below it"
        : allowed === undefined
          ? ""
          : `: ${allowed}`;
}

function otherVariant(section: Section, key: string, others: readonly Alternative[], path: string): string | undefined {
    const other = others.find((one) => synonyms(key, [one]).length > 0);
    return other && inOtherVariant(section, path, synonyms(key, [other])[0]!, other);
}

function inOtherVariant(section: Section, path: string, name: string, { choices }: Alternative): string {
    const choice = otherChoices(choices, section);
    return `${removeCommand(path)}, or rename it to ${name} and choose the variant that has it: ${choice}`;
}

/** What would have to be chosen differently. */
function otherChoices(choices: readonly Choice[], { shown, value }: Section): string {
    return choices
        .filter((choice) => !isMade(choice, valueAt(value, choice.path)))
        .map(({ path, variant }) => `${shown(path)} ${variant}`)
        .join(", ");
}

/** The same name, or one that others give it, further down, further up, or in another section. */
function otherLevel(section: Section, at: readonly PropertyKey[], key: string, sections: Sections): string | undefined {
    // A list was not meant as how many of them there are.
    const isList = Array.isArray(valueAt(section.value, [...at, key]));
    const isMeant = ({ path, schema }: Place): boolean =>
        (letters(path.at(-1)!) === letters(key) || isCalled(key, schema)) && (!isList || takesLists(unwrap(schema)));
    const ranked = settingsBelow(section.schema)
        .filter(isMeant)
        .map((place) => ({ place, rank: rankOf(place, section, at, key) }))
        .toSorted((a, b) => a.rank - b.rank);
    const own = ranked[0]?.place;
    if (own !== undefined) {
        return moving(section, at, key, section.name, own);
    }
    const whole = Object.keys(sections).find(
        (name) => letters(name) === letters(key) || isCalled(key, sections[name]!),
    );
    const value = valueAt(section.value, [...at, key]);
    if (
        whole !== undefined &&
        value !== null &&
        typeof value === "object" &&
        !(section.secret && whole === section.name)
    ) {
        return `did you mean the section ${whole}? ${removeCommand(section.shown([...at, key]))}`;
    }
    const everywhere = Object.entries(sections).flatMap(([name, schema]) => {
        const isOther = name !== section.name && !(stores.has(name) && stores.has(section.name));
        const place = isOther ? settingsBelow(schema).find(isMeant) : undefined;
        return place === undefined ? [] : [{ name, place }];
    });
    // The very same setting in two of them, as `tls` of every server that is there, is no rival of one that is in a single section.
    const elsewhere = everywhere.filter(({ name, place: { schema } }) =>
        everywhere.every((other) => other.name === name || other.place.schema !== schema),
    );
    // What several sections have is meant in none of them, unless an app itself has it too, and not something of it that has a name.
    const ofApp = elsewhere.find(({ name, place }) => name === "apps" && !place.path.includes("<name>"));
    const meant = ofApp ?? (elsewhere.length === 1 ? elsewhere[0] : undefined);
    return meant && moving(section, at, key, meant.name, meant.place);
}

function takesLists(schema: z.core.$ZodType): boolean {
    return schema instanceof z.ZodArray || schema instanceof z.ZodRecord;
}

/** What is said of one server is not meant of another. */
const stores: ReadonlySet<string> = new Set(["database", "cache", "broker"]);

/** Less is nearer: what the chosen variants have, below the place, then beside it, few levels away. */
function rankOf({ path, choices }: Place, { value }: Section, at: readonly PropertyKey[], key: string): number {
    const common = sharedLength(path, at);
    const unchosen = choices.filter((choice) => {
        const place = concrete(choice.path.map(String), at, value);
        return !isMade(choice, valueAt(value, place));
    }).length;
    const isSame = letters(path.at(-1)!) === letters(key) ? 0 : 50;
    return unchosen * 100 + isSame + (at.length - common) * 10 + path.length - common;
}

function sharedLength(path: readonly string[], at: readonly PropertyKey[]): number {
    const differs = path.findIndex(
        (key, index) =>
            index >= at.length ||
            !(key === at[index] || (key === "[]" && typeof at[index] === "number") || key === "<name>"),
    );
    return differs === -1 ? path.length : differs;
}

/** With the entries and names of the place where the wrong setting is; elsewhere the first that there is. */
function concrete(path: readonly string[], at: readonly PropertyKey[], value: unknown): PropertyKey[] {
    const common = sharedLength(path, at);
    const place: PropertyKey[] = [];
    for (const [index, key] of path.entries()) {
        const [first = "NAME"] = Object.keys(valueAt(value, place) ?? {});
        place.push(index < common ? at[index]! : key === "[]" ? 0 : key === "<name>" ? first : key);
    }
    return place;
}

function moving(
    section: Section,
    at: readonly PropertyKey[],
    key: string,
    name: string,
    { path, schema, choices }: Place,
): string {
    const inSection = name === section.name;
    const place = inSection ? concrete(path, at, section.value) : concrete(path, [], undefined);
    const target = inSection ? section.shown(place) : settingPath([name, ...place]);
    const wrong = section.shown([...at, key]);
    if (section.secret || name === "secrets") {
        return `did you mean ${target}? ${setSecretCommand(target)}, then ${removeCommand(wrong)}`;
    }
    const unmet = inSection ? otherChoices(choicesAt(choices, at, section), section) : "";
    if (unmet !== "") {
        return `${removeCommand(wrong)}, or write ${target} and choose the variant that has it: ${unmet}`;
    }
    const value = valueAt(section.value, [...at, key]);
    const example = exampleOf(schema, path.at(-1)!);
    const isSize = metaOf(schema).typeName === "size" && isCalled(key, schema);
    const fitting =
        isSize || !isShown(key, value) ? undefined : z.safeParse(schema, value).success ? value : mended(schema, value);
    if (value !== null && typeof value === "object" && z.safeParse(schema, value).success) {
        return `did you mean ${target}? move it there`;
    }
    const command = valueCommand(target, fitting ?? example);
    return `did you mean ${target}? ${command === undefined ? "" : `${command} && `}${removeCommand(wrong)}`;
}

function choicesAt(choices: readonly Choice[], at: readonly PropertyKey[], { value }: Section): Choice[] {
    return choices.map((choice) => ({ ...choice, path: concrete(choice.path.map(String), at, value) }));
}

/** An environment variable, directly in what has a group of them. */
function asVariable(
    section: Section,
    at: readonly PropertyKey[],
    key: string,
    here: readonly Alternative[],
): string | undefined {
    const takesVariables = here.some(({ schema }) => {
        const group = shapeOf(schema)?.["environment"];
        return group !== undefined && group instanceof z.ZodDefault;
    });
    if (!takesVariables || !/^[A-Z][A-Z0-9_]*$/.test(key)) {
        return undefined;
    }
    const target = section.shown([...at, "environment", key]);
    const wrong = removeCommand(section.shown([...at, key]));
    return section.secret
        ? `did you mean ${target}? ${setSecretCommand(target)}, then ${wrong}`
        : `did you mean ${target}? write it there, then ${wrong}; a secret: ${setSecretCommand(settingPath(["secrets", "environment", key]))}`;
}
