// The escape hatch: a cloud's own arguments over ours, by their own names.
import { deepmergeCustom } from "deepmerge-ts";

/** Lists are replaced, not joined: a list of ranges or flags is meant as a whole. Anything that is no plain object is a leaf. */
const merge = deepmergeCustom({ mergeArrays: false });

/**
 * @param ours the arguments that a component computed
 * @param native what the settings say, in the provider's own names; it wins
 * @returns both, objects merged at every depth
 */
export function withNative<Arguments extends object>(
    ours: Arguments,
    native: Readonly<Record<string, unknown>> | undefined,
): Arguments {
    return native === undefined ? ours : (merge(ours, native) as Arguments);
}
