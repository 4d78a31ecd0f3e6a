// What to write where nothing is: an example of a setting and of all that it needs below it.
import { z } from "zod";
import { metaOf, requiredKeys, shapeOf, unwrap, variantsOf } from "./alternatives.ts";

/** @param name of the setting: where only its owner knows the value, this in capitals stands for it */
export function exampleOf(schema: z.core.$ZodType, name: string): unknown {
    const { example, allowed, ...meta } = metaOf(schema);
    if (example !== undefined) {
        return example;
    }
    const inner = unwrap(schema);
    if (inner instanceof z.ZodDiscriminatedUnion) {
        const [first] = variantsOf(inner);
        return exampleOf(first!.schema, name);
    }
    if (inner instanceof z.ZodObject) {
        const shape = shapeOf(inner)!;
        return Object.fromEntries(requiredKeys(shape).map((key) => [key, exampleOf(shape[key]!, key)]));
    }
    if (inner instanceof z.ZodRecord) {
        return { NAME: exampleOf(inner._zod.def.valueType, name) };
    }
    if (inner instanceof z.ZodArray) {
        return [exampleOf(inner._zod.def.element, name)];
    }
    if (inner instanceof z.ZodEnum) {
        return inner.options[0];
    }
    if (inner instanceof z.ZodLiteral) {
        return [...inner.values][0];
    }
    if (inner instanceof z.ZodUnion) {
        return exampleOf(inner._zod.def.options[0]!, name);
    }
    if (inner instanceof z.ZodBoolean) {
        return true;
    }
    if (inner instanceof z.ZodNumber) {
        return inner.minValue !== null && inner.minValue > 0 ? inner.minValue : 1;
    }
    return inAllowed(allowed ?? (meta as { allowed?: string }).allowed) ?? capitals(name);
}

/** `..., for example "72h" or "7d"`: the first of what the words show. */
export function inAllowed(allowed: string | undefined): string | undefined {
    const [, quoted, word] = /for example (?:"([^"]+)"|(\S+?))(?=[,;:)]?(?:\s|$))/.exec(allowed ?? "") ?? [];
    return quoted ?? word;
}

/** `subnetIds` becomes SUBNET_IDS: a word that nobody takes for a value. */
export function capitals(name: string): string {
    return (
        name
            .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
            .replaceAll(/[^A-Za-z0-9]/g, "_")
            .toUpperCase()
            .slice(0, 40) || "NAME"
    );
}
