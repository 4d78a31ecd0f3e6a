// Looks into a schema: what can stand at a path, and which variants have to be chosen for it.
import { z } from "zod";

/** A variant chosen on the way: `app.contract` is `django`. */
export interface Choice {
    /** Below the section. */
    readonly path: readonly PropertyKey[];
    readonly variant: string;
    /** Whether it is the one where nothing chooses. @default false */
    readonly byDefault?: boolean;
}

/** Whether what stands at the choice's path makes it. */
export function isMade({ variant, byDefault }: Choice, given: unknown): boolean {
    return given === variant || (given === undefined && byDefault === true);
}

/** A schema that can stand at a path once these choices are made. */
export interface Alternative {
    /** Without defaults and the like. */
    readonly schema: z.core.$ZodType;
    /** As it stands in the schema above; where that is a union, the whole of it. */
    readonly declared: z.core.$ZodType;
    readonly choices: readonly Choice[];
}

/** Everything that can stand at the path; several where there are variants on the way, or at its end. */
export function alternatives(section: z.core.$ZodType, path: readonly PropertyKey[]): Alternative[] {
    let found = expand(section, [], []);
    for (const [index, key] of path.entries()) {
        const here = path.slice(0, index + 1);
        found = found.flatMap(({ schema, choices }) => {
            const child = childOf(schema, key);
            return child === undefined ? [] : expand(child, choices, here);
        });
    }
    return found;
}

/** Those of the alternatives that the given value has chosen. */
export function chosen(all: readonly Alternative[], section: unknown): Alternative[] {
    return all.filter(({ choices }) => choices.every((choice) => isMade(choice, valueAt(section, choice.path))));
}

/** Those that the variants chosen on the way to the path leave: what others have there is no answer. */
export function reachable(all: readonly Alternative[], section: unknown, to: readonly PropertyKey[]): Alternative[] {
    const isOnTheWay = ({ path }: Choice): boolean =>
        path.length <= to.length && path.some((key, index) => key !== to[index]);
    return all.filter(({ choices }) =>
        choices.every((choice) => !isOnTheWay(choice) || isMade(choice, valueAt(section, choice.path))),
    );
}

/** The settings of an object; undefined when the schema is none. */
export function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
    return schema instanceof z.ZodObject ? schema.shape : undefined;
}

/** The settings of an object that have no default. */
export function requiredKeys(shape: Readonly<Record<string, z.core.$ZodType>>): string[] {
    return Object.keys(shape).filter((key) => !z.safeParse(shape[key]!, undefined).success);
}

/** The variants that are to be chosen right at the path; undefined when there is no union, or nothing need be chosen. */
export function variantsAt(
    all: readonly Alternative[],
    path: readonly PropertyKey[],
): { readonly discriminator: string; readonly names: readonly string[] } | undefined {
    const here = all.flatMap(({ choices }) => choices.filter((choice) => choice.path.length === path.length + 1));
    const [first] = here.some(({ byDefault }) => byDefault) ? [] : here;
    return first && { discriminator: String(first.path.at(-1)), names: here.map(({ variant }) => variant) };
}

/** The words that a setting may be: of an enumeration, or of the variants of a union. */
export function wordsOf(all: readonly Alternative[]): string[] {
    return all.flatMap(({ schema }) =>
        schema instanceof z.ZodEnum
            ? schema.options.map(String)
            : schema instanceof z.ZodLiteral
              ? [...schema.values].map(String)
              : [],
    );
}

/** The variants of a union: what its discriminator may be, and what else belongs to it then. */
export function variantsOf(union: z.ZodDiscriminatedUnion): {
    readonly word: string;
    readonly literal: z.core.$ZodType;
    readonly schema: z.core.$ZodType;
    /** Whether it is the one where the discriminator is not there. */
    readonly byDefault: boolean;
}[] {
    const { discriminator, options } = union._zod.def;
    return options.flatMap((schema) => {
        const literal = shapeOf(schema)?.[discriminator];
        const words = literal && unwrap(literal);
        return literal !== undefined && words instanceof z.ZodLiteral
            ? [...words.values].map((word) => ({
                  word: String(word),
                  literal,
                  schema,
                  byDefault: words !== literal,
              }))
            : [];
    });
}

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
    return path.reduce<unknown>(
        (at, key) =>
            at !== null && typeof at === "object" && Object.hasOwn(at, key)
                ? (at as Record<PropertyKey, unknown>)[key]
                : undefined,
        value,
    );
}

/** What a schema says of itself; of wrappers like a default, the outermost counts. */
export function metaOf(schema: z.core.$ZodType): Readonly<z.GlobalMeta> {
    const inner = innerOf(schema);
    return { ...(inner && metaOf(inner)), ...z.globalRegistry.get(schema) };
}

/** Takes off defaults and the like; a union becomes its variants. */
function expand(
    declared: z.core.$ZodType,
    choices: readonly Choice[],
    path: readonly PropertyKey[],
    outermost: z.core.$ZodType = declared,
): Alternative[] {
    const schema = unwrap(declared);
    if (!(schema instanceof z.ZodDiscriminatedUnion)) {
        return [{ schema, declared: outermost, choices }];
    }
    const at = [...path, schema._zod.def.discriminator];
    return variantsOf(schema).flatMap(({ word, schema: option, byDefault }) =>
        expand(option, [...choices, choiceOf(at, word, byDefault)], path, outermost),
    );
}

export function choiceOf<Key extends PropertyKey>(
    path: readonly Key[],
    variant: string,
    byDefault: boolean,
): Choice & { readonly path: readonly Key[] } {
    return { path, variant, ...(byDefault && { byDefault }) };
}

/** A schema without defaults and the like. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
    const inner = innerOf(schema);
    return inner === undefined ? schema : unwrap(inner);
}

function innerOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
    if (schema instanceof z.ZodPipe) {
        return schema._zod.def.in;
    }
    return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
        ? schema._zod.def.innerType
        : undefined;
}

function childOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
    if (schema instanceof z.ZodRecord) {
        return schema._zod.def.valueType;
    }
    if (schema instanceof z.ZodArray) {
        return schema._zod.def.element;
    }
    const shape = shapeOf(schema);
    return shape !== undefined && Object.hasOwn(shape, key) ? shape[String(key)] : undefined;
}
