// Every setting that a schema has, with what it says of itself. A setting of two variants is there twice.
import { z } from "zod";

/** A variant that has to be chosen for a setting to be there. */
export interface Choice {
    /** Of the setting that chooses. */
    readonly path: readonly string[];
    readonly variant: string;
}

export interface Setting {
    /** Below the schema; `<name>` is a name that the user gives, `[]` any entry of a list. */
    readonly path: readonly string[];
    readonly choices: readonly Choice[];
    /** `choice` is what chooses a variant, `group` has settings below it. */
    readonly kind: "value" | "choice" | "group";
    /** Without optional, default and the like. */
    readonly schema: z.core.$ZodType;
    readonly about: Readonly<z.GlobalMeta>;
    readonly required: boolean;
    /** In the schema. Others are told by `about.defaultsTo`. */
    readonly default?: unknown;
}

interface Unwrapped {
    readonly schema: z.core.$ZodType;
    readonly about: Readonly<z.GlobalMeta>;
    readonly required: boolean;
    readonly default?: unknown;
}

/** @param given what a default above says of it */
export function settingsIn(
    schema: z.core.$ZodType,
    path: readonly string[] = [],
    choices: readonly Choice[] = [],
    given?: unknown,
): Setting[] {
    const setting = unwrap(schema, given);
    const { schema: inner, about } = setting;
    const here: Setting = { ...setting, path, choices, kind: "value" };
    const group: Setting[] = path.length === 0 ? [] : [{ ...here, kind: "group" }];
    if (about.sameAs !== undefined) {
        return [here];
    }
    if (inner instanceof z.ZodObject) {
        return [...group, ...settingsOfShape(inner.shape, path, choices, setting.default)];
    }
    if (inner instanceof z.ZodDiscriminatedUnion) {
        return settingsOfVariants(here, inner);
    }
    const [name, below] = elementOf(inner);
    const elements = below === undefined ? [] : settingsIn(below, [...path, name], choices);
    const isEntry = ({ kind, path: at }: Setting): boolean => kind === "group" && at.length === path.length + 1;
    return elements.some(({ kind }) => kind !== "value")
        ? [...group, ...elements.filter((element) => !isEntry(element))]
        : [here];
}

/** What the values of a record, or the entries of a list, are. */
function elementOf(schema: z.core.$ZodType): [name: string, schema?: z.core.$ZodType] {
    if (schema instanceof z.ZodRecord) {
        return ["<name>", schema._zod.def.valueType];
    }
    return schema instanceof z.ZodArray ? ["[]", schema._zod.def.element] : [""];
}

function settingsOfShape(
    shape: Readonly<Record<string, z.core.$ZodType>>,
    path: readonly string[],
    choices: readonly Choice[],
    given: unknown,
): Setting[] {
    return Object.entries(shape).flatMap(([key, child]) =>
        settingsIn(child, [...path, key], choices, (given as Record<string, unknown> | undefined)?.[key]),
    );
}

function settingsOfVariants(union: Setting, { _zod: { def } }: z.ZodDiscriminatedUnion): Setting[] {
    const path = [...union.path, def.discriminator];
    const given = (union.default as Record<string, unknown> | undefined)?.[def.discriminator];
    const { default: _, ...rest } = union;
    const variants = variantsOf(union.schema);
    const usual = given ?? variants.find(({ byDefault }) => byDefault)?.variant;
    const choice: Setting = {
        ...rest,
        path,
        kind: "choice",
        ...(usual !== undefined && { required: false, default: usual }),
    };
    const below = variants.flatMap(({ variant, option }) => {
        const { [def.discriminator]: _literal, ...shape } = option.shape;
        return settingsOfShape(shape, union.path, [...union.choices, { path, variant }], undefined);
    });
    return [choice, ...below];
}

/** The variants of a union, in the order of the schema. */
export function variantsOf(schema: z.core.$ZodType): {
    readonly variant: string;
    readonly option: z.ZodObject;
    /** Whether it is the one where nothing chooses. */
    readonly byDefault: boolean;
}[] {
    const { schema: inner } = unwrap(schema);
    if (!(inner instanceof z.ZodDiscriminatedUnion)) {
        return [];
    }
    const { discriminator, options } = inner._zod.def;
    return options.map((option) => {
        const object = option as z.ZodObject;
        const declared = object.shape[discriminator] as z.core.$ZodType;
        const literal = unwrap(declared).schema as z.ZodLiteral;
        return { variant: String([...literal.values][0]), option: object, byDefault: literal !== declared };
    });
}

/** What a schema says of itself, by whatever it is wrapped in. */
export function aboutOf(schema: z.core.$ZodType): Readonly<z.GlobalMeta> {
    return unwrap(schema).about;
}

/** Metadata and default of the outermost wrapper count. */
function unwrap(schema: z.core.$ZodType, given?: unknown): Unwrapped {
    const about = z.globalRegistry.get(schema) ?? {};
    const known = given === undefined ? {} : { default: given };
    if (schema instanceof z.ZodPipe) {
        const inner = unwrap(schema._zod.def.in, given);
        return { ...inner, about: { ...inner.about, ...about } };
    }
    if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
        const inner = unwrap(schema._zod.def.innerType);
        const value = { default: schema._zod.def.defaultValue };
        return { ...inner, ...value, ...known, required: false, about: { ...inner.about, ...about } };
    }
    if (schema instanceof z.ZodOptional) {
        const inner = unwrap(schema._zod.def.innerType);
        return { ...inner, ...known, required: false, about: { ...inner.about, ...about } };
    }
    return { schema, about, required: given === undefined, ...known };
}
