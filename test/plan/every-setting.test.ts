// Every setting acts: changed, it changes what is planned. A setting that is only in the schema fails here, for every one that the
// schema has is tried. Does not prove that it does what its description says, nor that it acts wherever it may be set.
import { describe, expect, test } from "vitest";
import type { Plan } from "../../commands/plan/plan.ts";
import { SecretValue, UnknownValue } from "../../commands/plan/plan.ts";
import { settingsIn, type Setting } from "../../commands/docs/setting-list.ts";
import { sectionNames, sections, type SectionName } from "../../settings/sections.ts";
import { settingPath } from "../../settings/problems.ts";
import { otherValues } from "./support/other-values.ts";
import type { Secrets, Sections } from "./support/plans.ts";
import { bases, planBase, type Base } from "./support/setting-bases.ts";

/** What a setting does instead of changing a plan. */
const withoutEffect: Readonly<Record<string, string>> = {};

/** Of a section, with its name in front; what both contracts of an app have once. */
function settingsOf(section: SectionName): Setting[] {
    const all = settingsIn(sections[section], [section]).filter(({ kind }) => kind !== "group");
    return all.filter(
        (setting, index) =>
            all.findIndex((other) => other.schema === setting.schema && nameOf(other) === nameOf(setting)) === index,
    );
}

function nameOf({ path }: Setting): string {
    return path.join(".");
}

const titleOf = (setting: Setting): string => {
    const variants = setting.choices.map(({ variant }) => variant).join(", ");
    return variants === "" ? nameOf(setting) : `${nameOf(setting)} (${variants})`;
};

/** With defaults, by the base. */
const completed = new Map<Base, Sections>();

function completedOf(base: Base): Sections {
    const known = completed.get(base);
    if (known !== undefined) {
        return known;
    }
    const given: Sections = { ...base.sections, secrets: base.secrets ?? {} };
    const whole = Object.fromEntries(sectionNames.map((name) => [name, sections[name].parse(given[name])]));
    completed.set(base, whole);
    return whole;
}

type Path = readonly (string | number)[];

/** Where a setting is in a base; undefined when something that has to be chosen or written for it is not. */
function placeIn(base: Base, { path, choices }: Setting): Path | undefined {
    const whole = completedOf(base);
    const place = concrete(whole, path);
    const chosen = choices.every((choice) => {
        const at = concrete(whole, choice.path);
        return at !== undefined && valueAt(whole, at) === choice.variant;
    });
    return chosen && place !== undefined && isObject(valueAt(whole, place.slice(0, -1))) ? place : undefined;
}

/** The first of a list, and the first name of a record. */
function concrete(whole: unknown, path: readonly string[]): Path | undefined {
    const place: (string | number)[] = [];
    for (const key of path) {
        const here = valueAt(whole, place);
        if (!isObject(here)) {
            return undefined;
        }
        const first = Object.keys(here)[0];
        if ((key === "[]" || key === "<name>") && first === undefined) {
            return undefined;
        }
        place.push(key === "[]" ? 0 : key === "<name>" ? nameIn(place, here) : key);
    }
    return place;
}

/** Of the sizes, one that something has. */
function nameIn(place: Path, here: object): string {
    return place.join(".") === "operator.sizes" ? "medium" : Object.keys(here)[0]!;
}

function isObject(value: unknown): value is object {
    return value !== null && typeof value === "object";
}

function valueAt(value: unknown, path: Path): unknown {
    return path.reduce<unknown>(
        (at, key) => (isObject(at) ? (at as Record<string | number, unknown>)[key] : undefined),
        value,
    );
}

/** The base with another value at a place. What is above it and only a default is written down. */
function changed(base: Base, place: Path, value: unknown): Base {
    const copy = structuredClone({ ...base.sections, secrets: base.secrets ?? {} }) as Sections;
    const whole = completedOf(base);
    let at = copy as Record<string | number, unknown>;
    for (const [index, key] of place.slice(0, -1).entries()) {
        at[key] ??= structuredClone(valueAt(whole, place.slice(0, index + 1)));
        at = at[key] as Record<string | number, unknown>;
    }
    at[place.at(-1)!] = value;
    const { secrets, ...others } = copy;
    return { ...base, sections: others, ...(Object.keys(secrets).length > 0 && { secrets: secrets as Secrets }) };
}

/** Everything that is told of a plan, secrets too. */
function fingerprint({ resources, outputs }: Plan): string {
    const sorted = resources.toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
    return JSON.stringify({ sorted, outputs }, (_, value: unknown) =>
        value instanceof SecretValue
            ? { secret: value.examine((secret) => secret) }
            : value instanceof UnknownValue
              ? "unknown"
              : value,
    );
}

const planned = new Map<Base, string>();

async function fingerprintOf(base: Base): Promise<string> {
    const known = planned.get(base) ?? fingerprint(await planBase(base));
    planned.set(base, known);
    return known;
}

/** Tries values until a stack is right with one, and looks whether its plan is another. */
async function effectOf(setting: Setting): Promise<"acts" | "does nothing" | { readonly untried: string }> {
    let tried = "";
    let refused = "no stack of support/setting-bases.ts has it";
    for (const base of bases) {
        const place = placeIn(base, setting);
        for (const value of place === undefined ? [] : otherValuesIn(base, setting, place)) {
            const other = changed(base, setting.kind === "choice" ? place!.slice(0, -1) : place!, value);
            const plan = await planBase(other).catch((error: unknown) => {
                refused = `${base.name}, ${JSON.stringify(value)}: ${(error as Error).message}`;
                return undefined;
            });
            if (plan !== undefined) {
                if (fingerprint(plan) !== (await fingerprintOf(base))) {
                    return "acts";
                }
                tried = base.name;
                break;
            }
        }
    }
    return tried === "" ? { untried: refused } : "does nothing";
}

/** A choice is made with all that belongs to the variant, as another base has it. */
function otherValuesIn(base: Base, setting: Setting, place: Path): unknown[] {
    const present = valueAt(completedOf(base), place);
    if (setting.kind !== "choice") {
        return otherValues(setting, nameOf(setting), present);
    }
    const elsewhere = bases.flatMap((other) => {
        const at = placeIn(other, setting);
        const variant = at === undefined ? undefined : valueAt(completedOf(other), at);
        return variant === undefined || variant === present
            ? []
            : [valueAt({ ...other.sections, secrets: other.secrets }, at!.slice(0, -1))];
    });
    return [...elsewhere.filter(isObject), ...otherValues(setting, nameOf(setting), undefined)];
}

test("the same stack is planned the same twice", async () => {
    for (const base of bases) {
        expect(fingerprint(await planBase(base))).toBe(await fingerprintOf(base));
    }
});

describe.each(sectionNames)("%s", (section) => {
    const settings = settingsOf(section);
    test.each(settings.map((setting) => [titleOf(setting), setting] as const))("%s", async (title, setting) => {
        expect(await effectOf(setting)).toBe(title in withoutEffect ? "does nothing" : "acts");
    });
});

test("no reason is given for a setting that there is not", () => {
    const titles = sectionNames.flatMap(settingsOf).map(titleOf);
    expect(Object.keys(withoutEffect).filter((title) => !titles.includes(title))).toEqual([]);
});
