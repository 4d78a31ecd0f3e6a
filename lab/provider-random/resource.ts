// What one type of random resource consists of, and checks that the types share.
import { isSecret, isUnknown, type CheckFailure, type PlainMap, type PropertyMap } from "../provider-host/index.ts";

export interface RandomResource {
    /** Every input with its default; `undefined` where there is none. */
    readonly defaults: PropertyMap;
    /** The outputs that are made here; unknown in a preview. */
    readonly generated: readonly string[];
    /** Everything that is wrong with the inputs, defaults filled in. Unknown inputs are not wrong. */
    readonly validate: (inputs: PropertyMap) => CheckFailure[];
    /** Makes the values; secret ones are marked. */
    readonly generate: (inputs: PlainMap) => Promise<{ readonly id: string; readonly values: PropertyMap }>;
}

/** The id of resources that have no name of their own, as the official plugin writes it. */
export const noId = "none";

/** Checks that a count is a whole number of at least `minimum`. */
export function checkCount(inputs: PropertyMap, name: string, minimum: number): CheckFailure[] {
    const input = inputs[name];
    const value = isSecret(input) ? input.value : input;
    if (isUnknown(value) || (typeof value === "number" && Number.isInteger(value) && value >= minimum)) {
        return [];
    }
    const got =
        value === undefined || value === null
            ? "is missing"
            : `is ${isSecret(input) ? "a secret" : JSON.stringify(value)}`;
    return [{ path: [name], reason: `${got}; allowed is a whole number of at least ${minimum}. Fix: set one.` }];
}
