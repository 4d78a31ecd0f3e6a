// Which section each key of the file is. A misspelt one is checked as the one that was meant: its cause is told, and not that a
// section is missing.
import { letters, nearestWord } from "../../lib/nearest-word.ts";
import { removeCommand, settingPath, type Problem } from "../problems.ts";
import { sectionNames, sections, type SectionName } from "../sections.ts";
import { settingsBelow } from "./every-setting.ts";
import { found } from "./found.ts";
import { isCalled } from "./unknown.ts";

export interface PlacedSections {
    /** The value of a section, and the name that it has in the file. */
    readonly written: ReadonlyMap<SectionName, { readonly value: unknown; readonly key: string }>;
    readonly problems: Problem[];
}

export function placeSections(raw: Readonly<Record<string, unknown>>): PlacedSections {
    const given = Object.keys(raw).filter((key) => raw[key] !== undefined);
    const written = new Map<SectionName, { readonly value: unknown; readonly key: string }>();
    for (const name of sectionNames.filter((one) => given.includes(one))) {
        written.set(name, { value: raw[name], key: name });
    }
    const problems = given
        .filter((key) => !Object.hasOwn(sections, key))
        .map((key) => {
            const meant = meantSections(key);
            const [only, ...others] = meant;
            if (only !== undefined && others.length === 0 && !written.has(only) && isGroup(raw[key])) {
                written.set(only, { value: raw[key], key });
            }
            return unknownSection(key, meant, given, raw[key]);
        });
    return { written, problems };
}

function isGroup(value: unknown): boolean {
    return value !== null && typeof value === "object";
}

/** By the same letters, by what others call it, or by a small mistake; several where a word may mean several. */
function meantSections(key: string): SectionName[] {
    const same = sectionNames.filter((name) => letters(name) === letters(key));
    if (same.length > 0) {
        return same;
    }
    const called = sectionNames.filter((name) => isCalled(key, sections[name]));
    const nearest = called.length === 0 ? nearestWord(key, sectionNames) : undefined;
    return nearest === undefined ? called : [nearest as SectionName];
}

function unknownSection(key: string, meant: readonly SectionName[], given: readonly string[], value: unknown): Problem {
    const [only] = meant;
    const isThere = only !== undefined && meant.length === 1 && given.includes(only);
    const setting = meant.length === 0 ? settingOf(key) : undefined;
    // As a path, such a name is that of a setting, which may be right.
    const remove = /[.[\]"]/.test(key) ? `take out the line that begins with ${key}` : removeCommand(key);
    const fix = isThere
        ? `move what is below it to ${only}, which is there beside it, then ${remove}`
        : meant.length > 0
          ? `rename it to ${meant.join(" or ")}`
          : `${setting === undefined ? "" : `did you mean ${setting}? set that, then `}${remove}`;
    return {
        path: settingPath([key]),
        found:
            isGroup(value) || value === undefined
                ? "a section that does not exist"
                : `a section that does not exist, ${found(value)}`,
        allowed: sectionNames.join(", "),
        fix,
    };
}

/** A setting of a section, which stands outside of it. */
function settingOf(key: string): string | undefined {
    for (const name of sectionNames) {
        const [place] = settingsBelow(sections[name])
            .filter(({ path, schema }) => letters(path.at(-1)!) === letters(key) || isCalled(key, schema))
            .toSorted((a, b) => a.path.length - b.path.length);
        if (place !== undefined) {
            return settingPath([
                name,
                ...place.path.map((step) => (step === "[]" ? 0 : step === "<name>" ? "NAME" : step)),
            ]);
        }
    }
    return undefined;
}
