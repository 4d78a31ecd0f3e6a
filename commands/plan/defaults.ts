// Every effective setting of a stack, and where its value comes from. No secret is in it: of those the names alone are told.
import { environmentKinds } from "../../settings/environment.ts";
import { settingPath } from "../../settings/problems.ts";
import { resolveSettings } from "../../settings/resolve/settings.ts";
import { sectionNames, sections, type SectionName, type Settings } from "../../settings/sections.ts";
import { checkSettings } from "../../settings/settings.ts";
import { settingsIn, type Setting } from "../docs/setting-list.ts";
import type { StackFile } from "./stack-file.ts";

/** `kind` of environment; `others` are other settings, the stack's name among them. */
export type SettingSource = "file" | "default" | "kind" | "others";

export interface EffectiveSetting {
    readonly section: SectionName;
    /** As `pulumi config set --path` takes it. */
    readonly path: string;
    /** Absent of a secret, and of what is decided where it is used. */
    readonly value?: unknown;
    /** What holds, where that is no value. */
    readonly words?: string;
    readonly from: SettingSource;
}

type Path = readonly (string | number)[];

interface Leaf {
    readonly path: Path;
    readonly value: unknown;
}

/** @throws SettingsError when a setting is wrong */
export function effectiveSettings(file: StackFile, stack: string): EffectiveSetting[] {
    const raw = sectionsOf(file);
    const settings = checkSettings(raw, stack);
    const resolved = resolvedLeaves(settings);
    const byKind = otherKinds(settings).map((other) => new Map(resolvedLeaves(other).map(keyed)));
    const changes = ({ path, value }: Leaf): boolean =>
        byKind.some((leaves) => JSON.stringify(leaves.get(settingPath(path))) !== JSON.stringify(value));
    return sectionNames.flatMap((section) => {
        if (section === "secrets") {
            return secretNames(raw[section]);
        }
        const parsed = new Map(leavesOf(sections[section].parse(raw[section]), [section]).map(keyed));
        const checked = leavesOf(settings[section], [section]);
        const schema = settingsIn(sections[section]);
        const found = [...checked, ...added(checked, resolved, section, schema)].map((leaf): EffectiveSetting => {
            const path = settingPath(leaf.path);
            const from: SettingSource = isGiven(raw, leaf.path)
                ? "file"
                : parsed.has(path)
                  ? "default"
                  : changes(leaf)
                    ? "kind"
                    : "others";
            return { section, path, value: leaf.value, from };
        });
        // What is missing of the environment once it is checked, its kind has no use for.
        return section === "environment" ? found : [...found, ...inWords(section, schema, settings[section], found)];
    });
}

/** A line each, below its section. */
export function defaultsText(settings: readonly EffectiveSetting[]): string {
    const from = { file: "file", default: "default", kind: "kind of environment", others: "other settings" };
    return [...Map.groupBy(settings, ({ section }) => section)]
        .map(([section, own]) =>
            [
                section,
                ...own.map(({ path, value, words, from: source }) => {
                    const shown = words ?? (value === undefined ? "a secret" : JSON.stringify(value));
                    return `  ${path} = ${shown}  (${from[source]})`;
                }),
            ].join("\n"),
        )
        .join("\n\n");
}

function sectionsOf({ project, config }: StackFile): Record<string, unknown> {
    const own = Object.entries(config).filter(([key]) => key.startsWith(`${project}:`));
    return Object.fromEntries(own.map(([key, text]) => [key.slice(project.length + 1), valueOf(text)]));
}

/** A structured value is JSON, a simple one its text. */
function valueOf(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}

const keyed = ({ path, value }: Leaf): readonly [string, unknown] => [settingPath(path), value];

function leavesOf(value: unknown, path: Path): Leaf[] {
    if (value === null || typeof value !== "object" || Object.keys(value).length === 0) {
        return value === undefined ? [] : [{ path, value }];
    }
    // A list of words is one value; one of apps has settings below it.
    if (Array.isArray(value) && !value.some((item) => item !== null && typeof item === "object")) {
        return [{ path, value }];
    }
    return Object.entries(value as Readonly<Record<string, unknown>>).flatMap(([key, item]) =>
        leavesOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
    );
}

/** What composes a stack is told, at the path of the setting that it is made of. */
function resolvedLeaves(settings: Settings): Leaf[] {
    const { platform, environment, apps, stores } = resolveSettings<unknown>(
        settings,
        () => undefined,
        () => undefined,
    );
    return [
        ...leavesOf(platform, ["platform"]),
        ...leavesOf(environment, ["environment"]),
        ...apps.flatMap((app, index) => leavesOf(app, ["apps", index])),
        ...Object.values<ReadonlyArray<{ readonly path: Path; readonly store?: unknown }>>({ ...stores })
            .flat()
            .flatMap(({ path, store }) => leavesOf(store, path)),
    ];
}

function otherKinds(settings: Settings): Settings[] {
    return environmentKinds
        .filter((kind) => kind !== settings.environment.kind)
        .map((kind) => ({ ...settings, environment: { ...settings.environment, kind } }));
}

/** Settings that only their resolution gives a value. */
function added(
    checked: readonly Leaf[],
    resolved: readonly Leaf[],
    section: SectionName,
    schema: readonly Setting[],
): Leaf[] {
    const known = checked.map(({ path }) => settingPath(path));
    const isBelow = (path: string, other: string): boolean => path === other || path.startsWith(`${other}.`);
    return resolved.filter(({ path }) => {
        const [first, ...rest] = path;
        const own = settingPath(path);
        return (
            first === section &&
            !known.some((other) => isBelow(own, other) || isBelow(other, own)) &&
            schema.some(({ kind, path: form }) => kind !== "group" && matches(rest, form))
        );
    });
}

function matches(path: Path, form: readonly string[]): boolean {
    return (
        path.length === form.length &&
        form.every((part, index) =>
            part === "<name>" ? true : part === "[]" ? typeof path[index] === "number" : part === path[index],
        )
    );
}

function isGiven(raw: unknown, path: Path): boolean {
    let value = raw;
    for (const key of path) {
        if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) {
            return false;
        }
        value = (value as Record<string | number, unknown>)[key];
    }
    return true;
}

/** Optional settings without a value, which say themselves what holds then. */
function inWords(
    section: SectionName,
    schema: readonly Setting[],
    value: unknown,
    found: readonly EffectiveSetting[],
): EffectiveSetting[] {
    const told = found.map(({ path }) => path);
    const places = (form: readonly string[], at: unknown, path: Path): Path[] => {
        const [part, ...rest] = form;
        if (part === undefined) {
            return [path];
        }
        if (part === "[]") {
            return Array.isArray(at) ? at.flatMap((item, index) => places(rest, item, [...path, index])) : [];
        }
        // Below what is not there nothing holds.
        const isThere = at !== null && typeof at === "object" && !Array.isArray(at) && part !== "<name>";
        return isThere ? places(rest, (at as Record<string, unknown>)[part], [...path, part]) : [];
    };
    return schema
        .filter(({ choices }) => choices.every(({ path, variant }) => chosenAt(value, path) === variant))
        .flatMap(({ path, about: { defaultsTo } }) =>
            defaultsTo === undefined
                ? []
                : places(path, value, [section]).map((place) => ({ place: settingPath(place), defaultsTo })),
        )
        .filter(
            ({ place }) =>
                !told.some((path) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`)),
        )
        .map(({ place, defaultsTo }) => ({ section, path: place, words: defaultsTo, from: "default" }));
}

function chosenAt(value: unknown, path: readonly string[]): unknown {
    return path.reduce<unknown>(
        (at, key) => (at !== null && typeof at === "object" ? (at as Record<string, unknown>)[key] : undefined),
        value,
    );
}

function secretNames(secrets: unknown): EffectiveSetting[] {
    return leavesOf(secrets, ["secrets"]).map(({ path }) => ({
        section: "secrets",
        path: settingPath(path),
        from: "file",
    }));
}
