// Property values as a provider sees them: plain JavaScript, with two marks that JSON does not have, secret and unknown.

/**
 * A value that must stay encrypted in the state and hidden in every message. May sit at any depth. Passing the same
 * object on (echoing an input as an output) keeps the mark.
 */
export class Secret {
    readonly #value: PropertyValue;

    constructor(value: PropertyValue) {
        this.#value = value;
    }

    /** The plain value. Never put it into a log line or an error. */
    get value(): PropertyValue {
        return this.#value;
    }

    // A private field plus these three: no printing, formatting or serialising of a request ever shows the value.
    toString(): string {
        return "[secret]";
    }

    toJSON(): string {
        return "[secret]";
    }

    [Symbol.for("nodejs.util.inspect.custom")](): string {
        return "[secret]";
    }
}

/** A value that only the real `up` will know. Only exists in previews. */
export class Unknown {
    // Makes the type nominal: without a member of its own every object would be an Unknown to the compiler.
    readonly #unknown = true;

    static is(value: unknown): value is Unknown {
        return typeof value === "object" && value !== null && #unknown in value && value.#unknown;
    }

    toString(): string {
        return "[unknown]";
    }
}

/** The one unknown value; compare with `isUnknown`. */
export const unknownValue: Unknown = new Unknown();

/** Any property value. `undefined` members of an object are left out on the wire. */
export type PropertyValue =
    null | boolean | number | string | Secret | Unknown | readonly PropertyValue[] | PropertyMap;

/** An object of property values: the inputs or the outputs of a resource. */
export interface PropertyMap {
    readonly [key: string]: PropertyValue | undefined;
}

/** A value without marks: what goes to an API server. */
export type PlainValue = null | boolean | number | string | PlainValue[] | PlainMap;
export interface PlainMap {
    [key: string]: PlainValue | undefined;
}

/** Where a value sits: object keys and array indices from the outside in. */
export type PropertyPath = readonly (string | number)[];

export const isSecret = (value: unknown): value is Secret => value instanceof Secret;
export const isUnknown = (value: unknown): value is Unknown => Unknown.is(value);

/** Array.isArray that knows readonly arrays. */
export const isPropertyList = (value: unknown): value is readonly PropertyValue[] => Array.isArray(value);

export function isPropertyMap(value: unknown): value is PropertyMap {
    return (
        typeof value === "object" && value !== null && !Array.isArray(value) && !isSecret(value) && !isUnknown(value)
    );
}

/** Marks a value as secret; one that is marked already stays as it is. */
export function secret(value: PropertyValue): Secret {
    return isSecret(value) ? value : new Secret(value);
}

/** The value without secret marks, at every depth. Unknowns stay. */
export function withoutSecrets(value: PropertyMap): PropertyMap;
export function withoutSecrets(value: PropertyValue): PropertyValue;
export function withoutSecrets(value: PropertyValue): PropertyValue {
    if (isSecret(value)) {
        return withoutSecrets(value.value);
    }
    if (isPropertyList(value)) {
        return value.map((element) => withoutSecrets(element));
    }
    if (isPropertyMap(value)) {
        return mapMembers(value, withoutSecrets);
    }
    return value;
}

/** True if something at any depth, inside secrets too, is unknown. */
export function containsUnknown(value: PropertyValue | undefined): boolean {
    if (isUnknown(value)) {
        return true;
    }
    if (isSecret(value)) {
        return containsUnknown(value.value);
    }
    if (isPropertyList(value)) {
        return value.some((element) => containsUnknown(element));
    }
    if (isPropertyMap(value)) {
        return Object.values(value).some(containsUnknown);
    }
    return false;
}

/** True if something at any depth is secret. */
export function containsSecret(value: PropertyValue | undefined): boolean {
    if (isSecret(value)) {
        return true;
    }
    if (isPropertyList(value)) {
        return value.some((element) => containsSecret(element));
    }
    if (isPropertyMap(value)) {
        return Object.values(value).some(containsSecret);
    }
    return false;
}

/**
 * The plain value for an API: no secret marks. What is unknown, or contains nothing but unknown, is left out: object
 * members vanish, array elements too. Ask `containsUnknown` first where a left-out field would change the meaning.
 */
export function toPlain(value: PropertyMap): PlainMap;
export function toPlain(value: PropertyValue): PlainValue | undefined;
export function toPlain(value: PropertyValue): PlainValue | undefined {
    if (isUnknown(value)) {
        return undefined;
    }
    if (isSecret(value)) {
        return toPlain(value.value);
    }
    if (isPropertyList(value)) {
        return value.map((element) => toPlain(element)).filter((element) => element !== undefined);
    }
    if (isPropertyMap(value)) {
        const plain: PlainMap = {};
        for (const [key, member] of Object.entries(value)) {
            const plainMember = member === undefined ? undefined : toPlain(member);
            if (plainMember !== undefined) {
                plain[key] = plainMember;
            }
        }
        return plain;
    }
    return value;
}

/** The paths of all outermost secrets. */
export function secretPaths(value: PropertyValue | undefined, at: PropertyPath = []): PropertyPath[] {
    return pathsOf(value, isSecret, at);
}

/** The paths of all unknowns outside of secrets, and of secrets that contain one. */
export function unknownPaths(value: PropertyValue | undefined, at: PropertyPath = []): PropertyPath[] {
    return pathsOf(value, (v) => isUnknown(v) || (isSecret(v) && containsUnknown(v)), at);
}

function pathsOf(
    value: PropertyValue | undefined,
    matches: (value: PropertyValue) => boolean,
    at: PropertyPath,
): PropertyPath[] {
    if (value === undefined) {
        return [];
    }
    if (matches(value)) {
        return [at];
    }
    if (isPropertyList(value)) {
        return value.flatMap((element, index) => pathsOf(element, matches, [...at, index]));
    }
    if (isPropertyMap(value)) {
        return Object.entries(value).flatMap(([key, member]) => pathsOf(member, matches, [...at, key]));
    }
    return [];
}

/** Puts marks back: the value at each path becomes secret. Paths that do not exist are passed over. */
export function markSecrets(value: PropertyMap, paths: readonly PropertyPath[]): PropertyMap;
export function markSecrets(value: PropertyValue, paths: readonly PropertyPath[]): PropertyValue;
export function markSecrets(value: PropertyValue, paths: readonly PropertyPath[]): PropertyValue {
    return replaceAt(value, paths, secret);
}

/** Makes the value at each path unknown, adding object members that are missing. */
export function markUnknown(value: PropertyMap, paths: readonly PropertyPath[]): PropertyMap;
export function markUnknown(value: PropertyValue, paths: readonly PropertyPath[]): PropertyValue;
export function markUnknown(value: PropertyValue, paths: readonly PropertyPath[]): PropertyValue {
    return replaceAt(value, paths, () => unknownValue, true);
}

/**
 * Copies secret marks from the inputs to what an API server answered. An array that is secret in one element becomes
 * secret as a whole, because servers may reorder; an object keeps its marks member by member.
 */
export function copySecrets(from: PropertyMap, to: PropertyMap): PropertyMap {
    return mapMembers(to, (value, key) => {
        const source = from[key];
        if (source === undefined || isSecret(value)) {
            return value;
        }
        if (isPropertyMap(source) && isPropertyMap(value)) {
            return copySecrets(source, value);
        }
        return containsSecret(source) ? secret(value) : value;
    });
}

/** `spec.containers[0].image`, with quotes where a key needs them: the way that the engine writes paths. */
export function formatPath(path: PropertyPath): string {
    return path
        .map((part, index) => {
            if (typeof part === "number") {
                return `[${part}]`;
            }
            if (/[."[\]]/.test(part)) {
                return `["${part.replaceAll('"', '\\"')}"]`;
            }
            return index === 0 ? part : `.${part}`;
        })
        .join("");
}

function replaceAt(
    value: PropertyValue,
    paths: readonly PropertyPath[],
    replace: (value: PropertyValue) => PropertyValue,
    addMissing = false,
): PropertyValue {
    if (paths.length === 0) {
        return value;
    }
    if (paths.some((path) => path.length === 0)) {
        return replace(value);
    }
    if (isSecret(value)) {
        return new Secret(replaceAt(value.value, paths, replace, addMissing));
    }
    const below = (key: string | number) => paths.filter((path) => path[0] === key).map((path) => path.slice(1));
    if (isPropertyList(value)) {
        return value.map((element, index) => replaceAt(element, below(index), replace, addMissing));
    }
    if (!isPropertyMap(value)) {
        return value;
    }
    const result: Record<string, PropertyValue | undefined> = { ...value };
    for (const key of new Set(paths.map((path) => String(path[0])))) {
        const member = value[key];
        if (member === undefined && !addMissing) {
            continue;
        }
        result[key] = replaceAt(member ?? {}, below(key), replace, addMissing);
    }
    return result;
}

function mapMembers(map: PropertyMap, change: (value: PropertyValue, key: string) => PropertyValue): PropertyMap {
    const result: Record<string, PropertyValue> = {};
    for (const [key, value] of Object.entries(map)) {
        if (value !== undefined) {
            result[key] = change(value, key);
        }
    }
    return result;
}
