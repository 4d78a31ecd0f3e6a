// What the clouds offer, as lists that were read on a day: what they do not know may be new, and is told, never refused.
import { nearestWord } from "../nearest-word.ts";

/** Where a list comes from. */
export interface Dated {
    /** The day on which it was read, for example `2026-11-30`. */
    readonly asOf: string;
    readonly source: string;
}

/** Regions with the letters of their zones. Of DigitalOcean none has zones. */
export interface RegionList extends Dated {
    /** Any region's name, now and later. */
    readonly form: RegExp;
    /** A zone's name; its first group is the region's. */
    readonly zoneForm?: RegExp;
    readonly zones: ReadonlyMap<string, readonly string[]>;
}

/**
 * The known names that come nearest to one that is not known: the likeliest first.
 *
 * @returns at least one, and as many as `most`
 */
export function nearestOf(name: string, known: readonly string[], most = 3): readonly string[] {
    const likeliest = nearestWord(name, known);
    const alike = alikeTo(
        name,
        known.filter((one) => one !== likeliest),
    );
    return [...(likeliest === undefined ? [] : [likeliest]), ...alike].slice(0, most);
}

/** Those first that begin alike, and of these those that end alike: `e2-standard-4` for `e2-gigantic-4`. */
export function alikeTo(name: string, known: readonly string[]): readonly string[] {
    const backwards = (word: string): string => Array.from(word).toReversed().join("");
    const end = backwards(name);
    return known
        .map((one) => ({ one, start: commonStart(one, name), end: commonStart(backwards(one), end) }))
        .toSorted((a, b) => b.start - a.start || b.end - a.end)
        .map(({ one }) => one);
}

function commonStart(one: string, other: string): number {
    let length = 0;
    while (length < one.length && one[length] === other[length]) {
        length += 1;
    }
    return length;
}

/** `region a b c`, one a line. */
export function zonesOf(lines: string): ReadonlyMap<string, readonly string[]> {
    return new Map(
        lines
            .trim()
            .split("\n")
            .map((line) => {
                const [region = "", ...letters] = line.trim().split(" ");
                return [region, letters] as const;
            }),
    );
}
