// Between the engine's property values and the API server's JSON.
import {
    isPropertyMap,
    isSecret,
    toPlain,
    withoutSecrets,
    type PropertyMap,
    type PropertyValue,
} from "../provider-host/index.ts";
import type { Json, JsonObject, KubeObject } from "./object.ts";

/** The SDK's typed CustomResourceDefinition spells these keys with underscores, as the official plugin does in its state. */
const dashedNames: Readonly<Record<string, string>> = Object.fromEntries(
    [
        "x-kubernetes-embedded-resource",
        "x-kubernetes-int-or-string",
        "x-kubernetes-list-map-keys",
        "x-kubernetes-list-type",
        "x-kubernetes-map-type",
        "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-validations",
    ].map((dashed) => [dashed.replaceAll("-", "_"), dashed]),
);
const underscoredNames: Readonly<Record<string, string>> = Object.fromEntries(
    Object.entries(dashedNames).map(([a, b]) => [b, a]),
);

/** What goes to the API server. Nulls are left out, as the official plugin does: for server-side apply they would claim a field. */
export function toKube(inputs: PropertyMap): KubeObject {
    return renamed(toPlain(inputs), dashedNames, true) as unknown as KubeObject;
}

/** What the API server answered, as the program reads it. */
export function fromKube(object: KubeObject): PropertyMap {
    return renamed(object as unknown as Json, underscoredNames, false) as PropertyMap;
}

function renamed(value: Json, names: Readonly<Record<string, string>>, dropNulls: boolean): Json {
    if (Array.isArray(value)) {
        return value.map((element) => renamed(element, names, dropNulls));
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const result: JsonObject = {};
    for (const [key, member] of Object.entries(value)) {
        if (member === undefined || (dropNulls && member === null)) {
            continue;
        }
        result[names[key] ?? key] = renamed(member, names, dropNulls);
    }
    return result;
}

/** A member of an object that may be secret as a whole. */
export function member(value: PropertyValue | undefined, key: string): PropertyValue | undefined {
    const bare = isSecret(value) ? withoutSecrets(value) : value;
    return isPropertyMap(bare) ? bare[key] : undefined;
}

/** The value at a path, through secrets. */
export function valueAt(
    value: PropertyValue | undefined,
    path: readonly (string | number)[],
): PropertyValue | undefined {
    let current = isSecret(value) ? withoutSecrets(value) : value;
    for (const part of path) {
        if (Array.isArray(current)) {
            current = (current as readonly PropertyValue[])[Number(part)];
        } else {
            current = member(current, String(part));
        }
        if (isSecret(current)) {
            current = withoutSecrets(current);
        }
    }
    return current;
}
