// Something is missing in the variant that is meant where nothing chooses, and all that is given is another one's.
import { z } from "zod";
import { alternatives, valueAt } from "./alternatives.ts";

export interface FittingVariant {
    /** Of what chooses it, below the section. */
    readonly path: readonly PropertyKey[];
    readonly variant: string;
}

/**
 * @param missing the way to what is missing
 * @returns undefined where something chooses already, or not exactly one other variant takes what is given
 */
export function fittingVariant(
    schema: z.core.$ZodType,
    section: unknown,
    missing: readonly PropertyKey[],
): FittingVariant | undefined {
    const group = missing.slice(0, -1);
    const given = valueAt(section, group);
    const variants = alternatives(schema, group).flatMap(({ schema: option, choices }) =>
        choices.filter(({ path }) => path.length === missing.length).map((choice) => ({ ...choice, option })),
    );
    const chosen = variants.some(({ path }) => valueAt(section, path) !== undefined);
    if (chosen || given === null || typeof given !== "object" || !variants.some(({ byDefault }) => byDefault)) {
        return undefined;
    }
    const [fitting, ...others] = variants.filter(
        ({ byDefault, option, path, variant }) =>
            byDefault !== true && z.safeParse(option, { ...given, [path.at(-1)!]: variant }).success,
    );
    return fitting === undefined || others.length > 0 ? undefined : { path: fitting.path, variant: fitting.variant };
}
