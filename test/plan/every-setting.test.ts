// Every setting acts: changed, it changes what is planned. A setting that is only in the schema fails here, for every one that the
// schema has is tried; `native` reaches the resource whose arguments it is said to take. Does not prove that a setting does what its
// description says, nor that it acts wherever it may be set.
import { describe, expect, test } from "vitest";
import type { Plan } from "../../commands/plan/plan.ts";
import { SecretValue, UnknownValue } from "../../commands/plan/plan.ts";
import { settingsIn, type Setting } from "../../commands/docs/setting-list.ts";
import { tokenOf } from "../../settings/native/types.ts";
import { sectionNames, sections, type SectionName } from "../../settings/sections.ts";
import { otherValues } from "./support/other-values.ts";
import type { Secrets, Sections } from "./support/plans.ts";
import { bases, basesFor, planBase, type Base } from "./support/setting-bases.ts";

/** What a setting does instead of changing a plan. */
const withoutEffect: Readonly<Record<string, string>> = {
    "operator.limits.replicas": "only refuses",
    "operator.limits.concurrency": "only refuses",
    "operator.limits.storage": "only refuses",
    "database.server.edition (cloud-sql, create)": "the tier says which one it is: another is refused",
    "cache.server.version (digitalocean, create)": "there is one",
};

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
    return JSON.stringify(shown({ sorted, outputs }));
}

function shown(value: unknown): unknown {
    if (value instanceof SecretValue) {
        return { secret: value.examine(shown) };
    }
    if (value instanceof UnknownValue) {
        return "unknown";
    }
    if (Array.isArray(value)) {
        return value.map(shown);
    }
    return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shown(item)])) : value;
}

/** The types of the resources that have arguments of `native` in one plan and not in another. */
function reachedBy(native: object, before: Plan, after: Plan): string[] {
    const has = ({ resources }: Plan) => resources.filter(({ custom, props }) => custom && holds(shown(props), native));
    const had = new Set(has(before).map(({ urn }) => urn));
    const types = has(after).flatMap(({ urn, type }) => (had.has(urn) ? [] : [type]));
    return [...new Set(types)];
}

/** Whether the arguments stand in the inputs, at any depth. */
function holds(inputs: unknown, native: object): boolean {
    return isObject(inputs) && (includes(inputs, native) || Object.values(inputs).some((one) => holds(one, native)));
}

function includes(whole: unknown, part: unknown): boolean {
    return isObject(part) && !Array.isArray(part)
        ? isObject(whole) &&
              Object.entries(part).every(([key, value]) => includes((whole as Record<string, unknown>)[key], value))
        : JSON.stringify(whole) === JSON.stringify(part);
}

/** What `native` of no resource of a cloud reaches. */
const objectsOfNative: Readonly<Record<string, string>> = {
    "platform.gateway.loadBalancer": "kubernetes:gateway.k8s.aws/v1beta1:LoadBalancerConfiguration",
    "platform.gateway.native": "kubernetes:helm.sh/v3:Release",
    "platform.gateway.native.gateway": "kubernetes:gateway.networking.k8s.io/v1:Gateway",
    "platform.gateway.native.backendPolicy": "kubernetes:networking.gke.io/v1:GCPBackendPolicy",
};

const planned = new Map<Base, string>();

async function fingerprintOf(base: Base): Promise<string> {
    const known = planned.get(base) ?? fingerprint(await planBase(base));
    planned.set(base, known);
    return known;
}

/** Tries values until one makes another plan. */
async function effectOf(setting: Setting): Promise<string> {
    let tried = false;
    let refused = "no stack of support/setting-bases.ts has it";
    for (const base of basesFor(nameOf(setting))) {
        for (const other of othersOf(base, setting)) {
            const plan = await planBase(other).catch((error: unknown) => {
                refused = `${base.name}: ${(error as Error).message}`;
                return undefined;
            });
            if (plan !== undefined && fingerprint(plan) !== (await fingerprintOf(base))) {
                return setting.about.typeName === "native" ? await reach(setting, base, other, plan) : "acts";
            }
            tried ||= plan !== undefined;
        }
    }
    return tried ? "does nothing" : `is never right: ${refused}`;
}

/** Of `native`, which may change more than what it stands in: whether it reaches what the tables name, and nothing else. */
async function reach(setting: Setting, base: Base, other: Base, plan: Plan): Promise<string> {
    const { nativeOf } = setting.about;
    const type = nativeOf === undefined ? objectsOfNative[nameOf(setting)] : tokenOf(nativeOf);
    const native = valueAt(other.sections, placeIn(base, setting)!) as object;
    const types = reachedBy(native, await planBase(base), plan);
    return types.length === 1 && types[0] === type ? "acts" : `reaches ${types.join(", ") || "nothing"}, not ${type!}`;
}

/** The base with other values of the setting; none where it does not have it. */
function othersOf(base: Base, setting: Setting): Base[] {
    const place = placeIn(base, setting);
    if (place === undefined) {
        return [];
    }
    const present = valueAt(completedOf(base), place);
    const values = otherValues(setting, nameOf(setting), present);
    if (setting.kind !== "choice") {
        return values.map((value) => changed(base, place, value));
    }
    const union = place.slice(0, -1);
    return [
        ...values.map((value) => changed(base, union, value)),
        ...bases.flatMap((other) => {
            const at = placeIn(other, setting);
            const whole = at && valueAt(other.sections, at.slice(0, -1));
            return isObject(whole) && valueAt(completedOf(other), at!) !== present
                ? [changed({ ...base, ...(other.secrets && { secrets: other.secrets }) }, union, whole)]
                : [];
        }),
    ];
}

test.each(bases)("$name is planned the same twice", async (base) => {
    expect(fingerprint(await planBase(base))).toBe(await fingerprintOf(base));
});

describe.each(sectionNames)("%s", (section) => {
    const settings = settingsOf(section);
    test.each(settings.map((setting) => [titleOf(setting), setting] as const))("%s", async (title, setting) => {
        const effect = await effectOf(setting);
        if (title in withoutEffect) {
            expect(effect).not.toBe("acts");
        } else {
            expect(effect).toBe("acts");
        }
    });
});

test("no reason is given for a setting that there is not", () => {
    const titles = sectionNames.flatMap(settingsOf).map(titleOf);
    expect(Object.keys(withoutEffect).filter((title) => !titles.includes(title))).toEqual([]);
});
