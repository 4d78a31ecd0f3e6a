// Whatever somebody writes into a stack's file, it ends in a plan that keeps every mandatory rule, or in findings: each with its place,
// what is there, what is allowed and what mends it; within seconds, without another error, and without what stands under `secrets`.
// Settings are those of the schemas: one to five of a stack that is right become other right values, or are broken in one of many ways.
// Does not prove that a finding is about what its reader meant, nor what a plain value that looks like a secret becomes.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { settingsIn, type Setting } from "../../../commands/docs/setting-list.ts";
import { planTable } from "../../../commands/plan/table.ts";
import { topologyOf } from "../../../commands/plan/topology.ts";
import { SettingsError } from "../../../settings/problems.ts";
import { sectionNames, sections } from "../../../settings/sections.ts";
import { checkSettings } from "../../../settings/settings.ts";
import { otherValues } from "../support/other-values.ts";
import { broken, type Secrets } from "../support/plans.ts";
import { bases, planBase, type Base } from "../support/setting-bases.ts";

const seed = Number(process.env["PROPERTY_SEED"] ?? 20261201);

/** Planted where nothing may be shown. */
const canary = "cAnArY7f3e";

type Path = readonly (string | number)[];
type Group = Record<string | number, unknown>;

/** Every place of a stack's sections, groups too. */
function placesIn(value: unknown, path: Path = []): Path[] {
    const here = path.length === 0 ? [] : [path];
    if (value === null || typeof value !== "object" || path.length > 12) {
        return here;
    }
    const keys: (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
    return [...here, ...keys.flatMap((key) => placesIn((value as Group)[key], [...path, key]))];
}

const everySetting = sectionNames.flatMap((name) => settingsIn(sections[name], [name]));

/** Where a setting of the schema belongs in a stack; a name that the user gives is `x`. */
const placeOf = ({ path }: Setting): Path => path.map((key) => (key === "[]" ? 0 : key === "<name>" ? "x" : key));

const names = fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "",
    "a b",
    "é",
    "env",
    "domain",
    "x".repeat(5000),
);

/** What YAML makes of a slip, and what is simply something else. */
const wrongValue: fc.Arbitrary<unknown> = fc.oneof(
    fc.constantFrom<unknown>(
        null,
        true,
        false,
        0,
        -1,
        1.3,
        1e300,
        70000,
        "",
        " ",
        "yes",
        "1GB",
        "0Gi",
        "1e3",
        "~",
        "null",
        "NaN",
    ),
    fc.constantFrom<unknown>(
        "a: b",
        "- a",
        "#",
        "'",
        '"',
        "$(id)",
        "`id`",
        "a\nb",
        "\u0000",
        "\ud800",
        "{}",
        "[]",
        "0x10",
        "012",
        "1_000",
    ),
    fc.constantFrom<unknown>(
        "https://x.example.org/",
        "Example.ORG",
        "10.0.0.1",
        "0.0.0.0/0",
        "::/0",
        "in_cluster",
        "17",
        "72",
        "5m",
    ),
    fc.constantFrom(
        "a".repeat(100_000),
        "a.".repeat(50_000),
        "-".repeat(100_000),
        "/".repeat(100_000),
        " ".repeat(100_000),
        "1".repeat(100_000),
    ),
    // Of these a message shows the rest.
    fc.constantFrom(
        `u:${canary}@registry.example.org/shop:1`,
        `https://u:${canary}@shop.example.org/`,
        `postgres://shop:${canary}@10.0.0.1:5432/shop`,
        `https://shop.example.org/?token=${canary}`,
        `password=${canary}`,
        `sk_live_${canary}${"0".repeat(16)}`,
    ),
    fc.string({ unit: "binary", maxLength: 20 }),
    fc.double(),
    fc.constantFrom<() => unknown>(
        () => ({}),
        () => [],
        () => ({ a: { secret: [[canary]] } }),
        () => [[[canary]]],
        () => [{ name: "A", value: [[canary]] }],
        () => Array.from({ length: 500 }, () => ({ a: 1 })),
        () => JSON.parse(`{"__proto__":{"a":[["${canary}"]]}}`) as unknown,
        () => JSON.parse(`${"[".repeat(2000)}${"]".repeat(2000)}`) as unknown,
    ),
);

type Step =
    | { readonly kind: "replace"; readonly at: number; readonly value: unknown }
    | { readonly kind: "delete"; readonly at: number }
    | { readonly kind: "add"; readonly at: number; readonly name: string; readonly value: unknown }
    | { readonly kind: "set"; readonly setting: number; readonly value: unknown }
    | { readonly kind: "swap"; readonly at: number; readonly with: number }
    | { readonly kind: "other"; readonly setting: number; readonly choice: number };

const index = fc.nat(1_000_000);
const breaking: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constant("replace" as const), at: index, value: wrongValue }),
    fc.record({ kind: fc.constant("delete" as const), at: index }),
    fc.record({
        kind: fc.constant("add" as const),
        at: index,
        name: fc.oneof(names, fc.string({ maxLength: 12 })),
        value: wrongValue,
    }),
    fc.record({ kind: fc.constant("set" as const), setting: index, value: wrongValue }),
    fc.record({ kind: fc.constant("swap" as const), at: index, with: index }),
);
const turning: fc.Arbitrary<Step> = fc.record({ kind: fc.constant("other" as const), setting: index, choice: index });

/** Great ones are made late, or a failure could not be printed. */
function made(value: unknown): unknown {
    return typeof value === "function" ? (value as () => unknown)() : value;
}

/** Puts a value where nothing may be above it yet. */
function put(root: Group, path: Path, value: unknown): void {
    let at = root;
    for (const key of path.slice(0, -1)) {
        const below = at[key];
        if (below === null || typeof below !== "object") {
            Object.defineProperty(at, key, { value: {}, writable: true, enumerable: true, configurable: true });
        }
        at = at[key] as Group;
    }
    // An own property, whatever its name is.
    Object.defineProperty(at, path.at(-1)!, { value, writable: true, enumerable: true, configurable: true });
}

function valueAt(root: unknown, path: Path): unknown {
    return path.reduce<unknown>(
        (at, key) => (at !== null && typeof at === "object" ? (at as Group)[key] : undefined),
        root,
    );
}

function holds(value: unknown, text: string): boolean {
    return value !== null && typeof value === "object"
        ? Object.values(value).some((below) => holds(below, text))
        : String(value).includes(text);
}

/** structuredClone has no stack for what is as deep as the deepest of the wrong values. */
function copied(value: unknown): unknown {
    if (value === null || typeof value !== "object") {
        return value;
    }
    return Array.isArray(value)
        ? value.map(copied)
        : Object.fromEntries(Object.entries(value).map(([key, below]) => [key, copied(below)]));
}

function isGroup(value: unknown): boolean {
    return value !== null && typeof value === "object" && !Array.isArray(value);
}

function changed(whole: Group, step: Step): void {
    const places = placesIn(whole);
    const at = "at" in step ? places[step.at % places.length]! : [];
    const setting = "setting" in step ? everySetting[step.setting % everySetting.length]! : undefined;
    switch (step.kind) {
        case "replace":
            return put(whole, at, made(step.value));
        case "delete":
            Reflect.deleteProperty(valueAt(whole, at.slice(0, -1)) as Group, at.at(-1)!);
            return;
        case "add": {
            const groups = places.filter((place) => isGroup(valueAt(whole, place)));
            return put(whole, [...(groups[step.at % groups.length] ?? []), step.name], made(step.value));
        }
        case "set":
            return put(whole, placeOf(setting!), made(step.value));
        case "swap": {
            const other = valueAt(whole, places[step.with % places.length]!);
            // A secret in a plain place is one no more, and may be shown there.
            return holds(other, canary) ? undefined : put(whole, at, copied(other));
        }
        case "other": {
            const place = placeOf(setting!);
            const others = otherValues(setting!, setting!.path.join("."), valueAt(whole, place));
            const isChoice = setting!.kind === "choice";
            if (others.length > 0) {
                put(whole, isChoice ? place.slice(0, -1) : place, structuredClone(others[step.choice % others.length]));
            }
            return;
        }
        default:
            return step satisfies never;
    }
}

/** A stack that is right, with secrets that nothing may show. */
function copyOf({ sections: given, secrets }: Base): Group {
    const hide = (value: Secrets | string): unknown =>
        typeof value === "string"
            ? `${canary}${value}`
            : Object.fromEntries(Object.entries(value).map(([name, below]) => [name, hide(below)]));
    return structuredClone({ ...given, secrets: hide({ ...secrets, environment: { PLANTED: "" } }) });
}

function findingsOf(whole: Group): SettingsError | undefined {
    try {
        checkSettings(whole, "test");
        return undefined;
    } catch (error) {
        if (error instanceof SettingsError) {
            return error;
        }
        throw error;
    }
}

/** Nothing is empty, nothing has the words of a program, and no command is without its value. */
function expectClear(error: SettingsError): void {
    expect(error.problems.length).toBeGreaterThan(0);
    for (const problem of error.problems) {
        for (const text of Object.values(problem)) {
            expect(text).not.toBe("");
            expect(text).not.toMatch(/\bundefined\b|\[object |\bNaN,|function |(?<!NAME: |value: |value' )\bVALUE\b/);
        }
        expect(problem.fix).not.toMatch(/config set (?:--type \w+ )?--path '(?:[^']|'\\'')*'(?:$| &&)/);
    }
    expect(error.message.length).toBeLessThan(200_000);
    expect(error.message).not.toContain(canary);
}

const limit = 5000;
let plans = 0;
let refusals = 0;

async function endsWell(base: Base, whole: Group): Promise<void> {
    const begun = performance.now();
    const error = findingsOf(whole);
    expect(performance.now() - begun).toBeLessThan(limit);
    if (error !== undefined) {
        refusals++;
        return expectClear(error);
    }
    const { secrets, ...others } = whole;
    const plan = await planBase({ ...base, sections: others, secrets: secrets as Secrets }).catch(
        (thrown: unknown) => thrown,
    );
    if (plan instanceof SettingsError) {
        refusals++;
        return expectClear(plan);
    }
    if (plan instanceof Error) {
        throw plan;
    }
    plans++;
    const whatIsMade = plan as Awaited<ReturnType<typeof planBase>>;
    // Where a credential is a right value, of a variable for example, this rule is what refuses it.
    const plain = Object.entries(others).some(([, section]) => holds(section, canary));
    expect(broken(whatIsMade).filter((found) => !(plain && found.includes("R50")))).toEqual([]);
    expect(planTable(topologyOf(whatIsMade))).not.toContain(canary);
}

const base = fc.constantFrom(...bases);

describe(`any settings, from seed ${seed}`, () => {
    test("broken in one to five places end in clear findings, or in a plan", async () => {
        await fc.assert(
            fc.asyncProperty(base, fc.array(breaking, { minLength: 1, maxLength: 5 }), async (from, steps) => {
                const whole = copyOf(from);
                for (const step of steps) {
                    changed(whole, step);
                }
                await endsWell(from, whole);
            }),
            { numRuns: 2000, seed, endOnFailure: true },
        );
        expect(refusals).toBeGreaterThan(1500);
    }, 300_000);

    test("with other right values end in a plan that keeps every mandatory rule, or in clear findings", async () => {
        const before = plans;
        await fc.assert(
            fc.asyncProperty(base, fc.array(turning, { minLength: 1, maxLength: 3 }), async (from, steps) => {
                const whole = copyOf(from);
                for (const step of steps) {
                    changed(whole, step);
                }
                await endsWell(from, whole);
            }),
            { numRuns: 300, seed, endOnFailure: true },
        );
        expect(plans - before).toBeGreaterThan(20);
    }, 300_000);
});
