// Looks into a schema: what can stand at a path, and which variants have to be chosen for it.
import { z } from "zod";

/** A variant chosen on the way: `app.contract` is `django`. */
export interface Choice {
    /** Below the section. */
    readonly path: readonly PropertyKey[];
    readonly variant: string;
}

/** A schema that can stand at a path once these choices are made. */
export interface Alternative {
    readonly schema: z.core.$ZodType;
    readonly choices: readonly Choice[];
}

/** Everything that can stand at the path; several where there are variants on the way, or at its end. */
export function alternatives(section: z.core.$ZodType, path: readonly PropertyKey[]): Alternative[] {
    let found = expand({ schema: section, choices: [] }, []);
    for (const [index, key] of path.entries()) {
        const here = path.slice(0, index + 1);
        found = found.flatMap(({ schema, choices }) => {
            const child = childOf(schema, key);
            return child === undefined ? [] : expand({ schema: child, choices }, here);
        });
    }
    return found;
}

/** Those of the alternatives that the given value has chosen. */
export function chosen(all: readonly Alternative[], section: unknown): Alternative[] {
    return all.filter(({ choices }) => choices.every(({ path, variant }) => valueAt(section, path) === variant));
}

/** Those that the variants chosen on the way to the path leave: what others have there is no answer. */
export function reachable(all: readonly Alternative[], section: unknown, to: readonly PropertyKey[]): Alternative[] {
    const isOnTheWay = ({ path }: Choice): boolean =>
        path.length <= to.length && path.some((key, index) => key !== to[index]);
    return all.filter(({ choices }) =>
        choices.every((choice) => !isOnTheWay(choice) || valueAt(section, choice.path) === choice.variant),
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

/** The variants that are to be chosen right at the path; undefined when there is no union. */
export function variantsAt(
    all: readonly Alternative[],
    path: readonly PropertyKey[],
): { readonly discriminator: string; readonly names: readonly string[] } | undefined {
    const here = all.flatMap(({ choices }) => choices.filter((choice) => choice.path.length === path.length + 1));
    const [first] = here;
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

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
    return path.reduce<unknown>(
        (at, key) => (at !== null && typeof at === "object" ? (at as Record<PropertyKey, unknown>)[key] : undefined),
        value,
    );
}

/** Takes off defaults and the like; a union becomes its variants. */
function expand({ schema, choices }: Alternative, path: readonly PropertyKey[]): Alternative[] {
    const inner = unwrap(schema);
    if (!(inner instanceof z.ZodDiscriminatedUnion)) {
        return [{ schema: inner, choices }];
    }
    const { discriminator, options } = inner._zod.def;
    return options.flatMap((option) => {
        const literal = shapeOf(option)?.[discriminator];
        const variants = literal instanceof z.ZodLiteral ? [...literal.values].map(String) : [];
        return variants.flatMap((variant) =>
            expand({ schema: option, choices: [...choices, { path: [...path, discriminator], variant }] }, path),
        );
    });
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
    if (schema instanceof z.ZodPipe) {
        return unwrap(schema._zod.def.in);
    }
    return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
        ? unwrap(schema._zod.def.innerType)
        : schema;
}

function childOf(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
    if (schema instanceof z.ZodRecord) {
        return schema._zod.def.valueType;
    }
    if (schema instanceof z.ZodArray) {
        return schema._zod.def.element;
    }
    return shapeOf(schema)?.[String(key)];
}
