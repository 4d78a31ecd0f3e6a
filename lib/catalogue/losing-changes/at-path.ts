// What stands at a way through inputs.
import type { Inputs } from "../contract.ts";

/** @param path with dots; a key that has dots itself stands in brackets: `metadata.annotations["a.b/c"]` */
export function atPath(inputs: Inputs | undefined, path: string): unknown {
    return keysOf(path).reduce<unknown>(
        (value, key) =>
            typeof value === "object" && value !== null && Object.hasOwn(value, key)
                ? (value as Inputs)[key]
                : undefined,
        inputs,
    );
}

function keysOf(path: string): string[] {
    return [...path.matchAll(/\["([^"]+)"\]|([^.[\]]+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}

/** The entries of a list that are objects; none of what is no list. */
export function objectsIn(list: unknown): readonly Inputs[] {
    return Array.isArray(list)
        ? list.filter((entry): entry is Inputs => typeof entry === "object" && entry !== null && !Array.isArray(entry))
        : [];
}

/** The least of the numbers; for ever where there is none: nothing ends it. What cannot be read is handed on. */
export function shortest(values: readonly unknown[]): unknown {
    const given = values.filter((value) => value !== undefined);
    return given.find((value) => typeof value !== "number") ?? Math.min(...(given as number[]), Infinity);
}
