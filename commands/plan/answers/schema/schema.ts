// What is known of a cloud's resource types: the shape of schema/<cloud>.json.
import type { Cloud } from "./resources.ts";

/**
 * The type of a property: `string`, `number`, `boolean`, `any`, `[]T` a list, `{}T` a map, else the name of an object type.
 */
export type TypeText = string;

export interface ObjectSchema {
    readonly properties: Readonly<Record<string, TypeText>>;
    /** @default none */
    readonly required?: readonly string[];
    /** The only values that are allowed, by property. @default any of the type */
    readonly values?: Readonly<Record<string, readonly string[]>>;
    /** Properties whose values may be written in capitals too. @default none */
    readonly anyCase?: readonly string[];
    /** Inputs that the cloud fills in when the program gives none: taken away, they stay. @default none */
    readonly computed?: readonly string[];
    /** What the provider takes for an input that is left out. @default nothing is known */
    readonly defaults?: Readonly<Record<string, Scalar>>;
}

export type Scalar = string | number | boolean;

/** What the provider refuses of an input, by itself. */
export interface Limit {
    /** An empty text, zero. */
    readonly notEmpty?: true;
    /** Less. */
    readonly least?: number;
    /** A text of another form: a regular expression. */
    readonly form?: string;
    /** Any value: only the cloud has it. */
    readonly readOnly?: true;
}

/** An input that is missing when others have a certain value. */
export interface Requirement {
    readonly path: string;
    readonly when: Readonly<Record<string, string>>;
}

export interface AutonameSchema {
    /** The property that gets a name when the program gives none. */
    readonly property: string;
    /** Longest name. */
    readonly limit: number;
    /** Capitals become small letters. @default false */
    readonly lowerCase?: boolean;
}

/**
 * `smaller`: a number gets less; `older`: a version does; `removed`: a value is taken away; `narrower`: a CIDR range no longer
 * holds all that it held.
 */
export type ReplaceCondition = "smaller" | "older" | "removed" | "narrower";

export interface ResourceSchema extends ObjectSchema {
    /** Outputs that are not inputs as well. */
    readonly outputs: Readonly<Record<string, TypeText>>;
    /** Outputs that the SDK marks secret. @default none */
    readonly secret?: readonly string[];
    /** Paths whose change makes a new resource; `a.b` goes through lists and maps. */
    readonly replace: readonly string[];
    /** Paths whose change makes a new resource only if it is such a change. @default none */
    readonly replaceWhen?: Readonly<Record<string, ReplaceCondition>>;
    /** Paths that cannot be set together, in groups. @default none */
    readonly conflicts?: readonly (readonly string[])[];
    /** By path, through lists and maps. @default nothing is refused */
    readonly limits?: Readonly<Record<string, Limit>>;
    /** @default none */
    readonly requiredWhen?: readonly Requirement[];
    /** @default the resource has no name, or the program has to give it */
    readonly autoname?: AutonameSchema;
    /** Where `replace`, `conflicts` and closed values were looked up, beside the SDK's own documentation. */
    readonly source?: string;
}

export interface CloudSchema {
    readonly cloud: Cloud;
    /** The SDK that names, types and requirements were read from. */
    readonly sdk: string;
    /** When facts were looked up upstream. */
    readonly date: string;
    readonly resources: Readonly<Record<string, ResourceSchema>>;
    /** Object types of properties. */
    readonly types: Readonly<Record<string, ObjectSchema>>;
}

/** What was looked up upstream about one resource type, see schema/facts/. */
export interface ResourceFacts {
    /** Every path whose change makes a new resource. @default what the SDK's documentation says */
    readonly replace?: readonly string[];
    readonly replaceWhen?: Readonly<Record<string, ReplaceCondition>>;
    readonly conflicts?: readonly (readonly string[])[];
    /** Closed values by path. `null`: open, though the documentation reads as if closed. */
    readonly values?: Readonly<Record<string, readonly string[] | null>>;
    /** Paths whose closed values may be written in capitals too. */
    readonly anyCase?: readonly string[];
    /** Paths that the cloud fills in, and of those that the typings say so of, the ones that it does not. */
    readonly computed?: readonly string[];
    readonly notComputed?: readonly string[];
    /** By path: what the provider takes where nothing is given. */
    readonly defaults?: Readonly<Record<string, Scalar>>;
    /** Required by the provider, though not by the typings. */
    readonly required?: readonly string[];
    readonly limits?: Readonly<Record<string, Limit>>;
    readonly requiredWhen?: readonly Requirement[];
    /** `null`: the program has to name it. */
    readonly autoname?: AutonameSchema | null;
    /** Where: repository, path, commit. */
    readonly source: string;
}

export type CloudFacts = Readonly<Record<string, ResourceFacts>>;
