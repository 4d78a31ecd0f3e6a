// A copy of what was read that every later step can take: without names that JavaScript keeps for itself, and not endlessly deep.
import { removeCommand, settingPath, type Problem } from "../problems.ts";

/** No setting is deeper than a dozen; arguments of `native` may be. */
const deepest = 64;

/** With the way below the section. */
interface Unfit extends Problem {
    readonly keys: readonly PropertyKey[];
}

export interface PlainCopy {
    readonly value: unknown;
    readonly problems: readonly Unfit[];
}

/** @param name the section's */
export function plainCopy(name: string, value: unknown): PlainCopy {
    const problems: Unfit[] = [];
    return { value: copy(value, [name], problems), problems };
}

function copy(value: unknown, path: readonly PropertyKey[], problems: Unfit[]): unknown {
    if (value === null || typeof value !== "object") {
        return value;
    }
    if (path.length > deepest) {
        problems.push(tooDeep(path));
        return null;
    }
    if (Array.isArray(value)) {
        return value.map((entry, index) => copy(entry, [...path, index], problems));
    }
    const plain: Record<string, unknown> = {};
    for (const [key, below] of Object.entries(value)) {
        if (key === "__proto__") {
            problems.push(keptByJavaScript([...path, key]));
        } else {
            plain[key] = copy(below, [...path, key], problems);
        }
    }
    return plain;
}

function keptByJavaScript(keys: readonly PropertyKey[]): Unfit {
    const path = settingPath(keys);
    return {
        keys: keys.slice(1),
        path,
        found: 'the name "__proto__"',
        allowed: "any other name: JavaScript keeps this one for itself",
        fix: `rename it, or ${removeCommand(path)}`,
    };
}

function tooDeep(keys: readonly PropertyKey[]): Unfit {
    const path = settingPath(keys.slice(0, 8));
    return {
        keys: keys.slice(1),
        path,
        found: `more than ${deepest} levels, one in another`,
        allowed: `at most ${deepest} levels`,
        fix: removeCommand(path),
    };
}
