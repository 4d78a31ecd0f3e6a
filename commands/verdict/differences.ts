// What differs between a resource's inputs before and after, each place as deep as it goes.
import { SecretValue, UnknownValue } from "../../policy/resource.ts";

export interface Difference {
    /** Keys and indices, from the outside in. */
    readonly path: readonly (string | number)[];
    /** The same as a person reads it: `spec.template.spec.containers[web].image`. */
    readonly shown: string;
    /** undefined: it was not there. */
    readonly before: unknown;
    /** undefined: it is taken away. */
    readonly after: unknown;
}

type Inputs = Readonly<Record<string, unknown>>;

export function differencesOf(before: Inputs, after: Inputs): readonly Difference[] {
    const found: Difference[] = [];
    compare(before, after, [], "", found);
    return found;
}

function compare(
    before: unknown,
    after: unknown,
    path: readonly (string | number)[],
    shown: string,
    found: Difference[],
): void {
    // As the engine has it: null is nothing.
    const [from, to] = [before ?? undefined, after ?? undefined];
    if (from === to || isSameHidden(from, to)) {
        return;
    }
    if (Array.isArray(from) && Array.isArray(to)) {
        compareLists(from, to, path, shown, found);
    } else if (isMap(from) && isMap(to)) {
        for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
            compare(from[key], to[key], [...path, key], joined(shown, key), found);
        }
    } else {
        found.push({ path, shown, before: from, after: to });
    }
}

/** Elements that have names are compared by them: one that is put in between changes no other. */
function compareLists(
    before: readonly unknown[],
    after: readonly unknown[],
    path: readonly (string | number)[],
    shown: string,
    found: Difference[],
): void {
    const [old, next] = [namesOf(before), namesOf(after)];
    if (old !== undefined && next !== undefined) {
        for (const name of new Set([...old, ...next])) {
            const [from, to] = [old.indexOf(name), next.indexOf(name)];
            compare(before[from], after[to], [...path, to === -1 ? from : to], `${shown}[${name}]`, found);
        }
        return;
    }
    const isPlain = (value: unknown): boolean => value === null || typeof value !== "object";
    if (before.every(isPlain) && after.every(isPlain)) {
        if (JSON.stringify(before) !== JSON.stringify(after)) {
            found.push({ path, shown, before, after });
        }
        return;
    }
    for (let index = 0; index < Math.max(before.length, after.length); index++) {
        compare(before[index], after[index], [...path, index], `${shown}[${index}]`, found);
    }
}

/** @returns undefined unless each has one of its own */
function namesOf(list: readonly unknown[]): string[] | undefined {
    const names = list.map((element) => (isMap(element) ? element["name"] : undefined));
    return names.every((name) => typeof name === "string") && new Set(names).size === names.length ? names : undefined;
}

function isSameHidden(before: unknown, after: unknown): boolean {
    if (before instanceof UnknownValue && after instanceof UnknownValue) {
        return true;
    }
    // What a secret is is told by its mark alone; where one side has none, nothing is known of it, and nothing is said.
    if (isUnmarked(before) || isUnmarked(after)) {
        return before !== undefined && after !== undefined;
    }
    return before instanceof Hidden && after instanceof Hidden && before.mark === after.mark;
}

function isUnmarked(value: unknown): boolean {
    return value instanceof Hidden && value.mark === undefined;
}

/** A secret of a plan that was read: what it was is not in it, only whether it is the same as another. */
export class Hidden extends SecretValue {
    readonly mark: string | undefined;

    constructor(mark?: string) {
        // A rule that looks finds what no plan knows yet.
        super(new UnknownValue());
        this.mark = mark;
    }
}

function isMap(value: unknown): value is Inputs {
    return (
        typeof value === "object" &&
        value !== null &&
        !Array.isArray(value) &&
        !(value instanceof SecretValue) &&
        !(value instanceof UnknownValue)
    );
}

function joined(path: string, key: string): string {
    return path === "" ? key : /^[A-Za-z_$][\w$-]*$/.test(key) ? `${path}.${key}` : `${path}["${key}"]`;
}
