// Every setting below a schema, with the variants that have to be chosen for it.
import { z } from "zod";
import { choiceOf, metaOf, shapeOf, unwrap, variantsOf, type Choice } from "./alternatives.ts";

export interface Place {
    /** `[]` is any entry of a list, `<name>` a name that the user gives. */
    readonly path: readonly string[];
    readonly schema: z.core.$ZodType;
    readonly choices: readonly Choice[];
}

/** What stands in a section of its own too (`sameAs`) is there once, without what is below. */
export function settingsBelow(
    declared: z.core.$ZodType,
    path: readonly string[] = [],
    choices: readonly Choice[] = [],
): Place[] {
    const schema = unwrap(declared);
    const here: Place[] = path.length === 0 ? [] : [{ path, schema: declared, choices }];
    if (metaOf(declared).sameAs !== undefined && path.length > 0) {
        return here;
    }
    return [...here, ...below(schema, path, choices)];
}

function below(schema: z.core.$ZodType, path: readonly string[], choices: readonly Choice[]): Place[] {
    if (schema instanceof z.ZodDiscriminatedUnion) {
        const at = [...path, schema._zod.def.discriminator];
        return variantsOf(schema).flatMap(({ word, schema: option, byDefault }) =>
            below(unwrap(option), path, [...choices, choiceOf(at, word, byDefault)]),
        );
    }
    if (schema instanceof z.ZodRecord) {
        return settingsBelow(schema._zod.def.valueType, [...path, "<name>"], choices);
    }
    if (schema instanceof z.ZodArray) {
        return settingsBelow(schema._zod.def.element, [...path, "[]"], choices);
    }
    return Object.entries(shapeOf(schema) ?? {}).flatMap(([key, child]) =>
        settingsBelow(child, [...path, key], choices),
    );
}
