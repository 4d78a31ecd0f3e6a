// Who owns which field of an object, from its managedFields.
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "./object.ts";

/**
 * The inputs for an apply under `ignoreChanges`: a field that only others own is left to them, any other ignored field
 * keeps the value that it has in the cluster, because leaving it out of an apply would remove it.
 */
export function withIgnoredFields(
    object: KubeObject,
    live: KubeObject,
    manager: string,
    ignored: readonly (readonly (string | number)[])[],
): KubeObject {
    const result = structuredClone(object) as unknown as JsonObject;
    for (const path of ignored) {
        if (path.includes("*")) {
            continue;
        }
        const entries = live.metadata?.managedFields ?? [];
        const owns = (ours: boolean): boolean =>
            entries.some((entry) => (entry.manager === manager) === ours && ownsField(entry.fieldsV1, path));
        const value = get(live as unknown as Json, path);
        if (owns(false) && !owns(true)) {
            remove(result, path);
        } else if (value !== undefined) {
            set(result, path, value);
        }
    }
    return result;
}

/** True if the field at the path, or something below it, is in a managedFields set. */
function ownsField(fields: JsonObject | undefined, path: readonly (string | number)[]): boolean {
    let current: Json | undefined = fields;
    for (const part of path) {
        if (!isJsonObject(current)) {
            return false;
        }
        // List elements are recorded by key or value, not by position: a set that has any element may have this one.
        const next: Json | undefined =
            typeof part === "number"
                ? Object.entries(current).find(([key]) => key.startsWith("k:") || key.startsWith("v:"))?.[1]
                : current[`f:${part}`];
        if (next === undefined) {
            return false;
        }
        current = next;
    }
    return true;
}

function get(value: Json | undefined, path: readonly (string | number)[]): Json | undefined {
    let current = value;
    for (const part of path) {
        if (Array.isArray(current)) {
            current = current[Number(part)];
        } else if (isJsonObject(current)) {
            current = current[String(part)];
        } else {
            return undefined;
        }
    }
    return current;
}

function parentOf(
    root: JsonObject,
    path: readonly (string | number)[],
    make: boolean,
): JsonObject | Json[] | undefined {
    let current: Json = root;
    for (const part of path.slice(0, -1)) {
        let next: Json | undefined = Array.isArray(current)
            ? current[Number(part)]
            : isJsonObject(current)
              ? current[String(part)]
              : undefined;
        if (next === undefined && make && isJsonObject(current)) {
            next = {};
            current[String(part)] = next;
        }
        if (next === undefined || next === null || typeof next !== "object") {
            return undefined;
        }
        current = next;
    }
    return isJsonObject(current) || Array.isArray(current) ? current : undefined;
}

function set(root: JsonObject, path: readonly (string | number)[], value: Json): void {
    const parent = parentOf(root, path, true);
    const last = path.at(-1);
    if (last === undefined || parent === undefined) {
        return;
    }
    if (Array.isArray(parent)) {
        parent[Number(last)] = value;
    } else {
        parent[String(last)] = value;
    }
}

function remove(root: JsonObject, path: readonly (string | number)[]): void {
    const parent = parentOf(root, path, false);
    const last = path.at(-1);
    if (last === undefined || parent === undefined) {
        return;
    }
    if (Array.isArray(parent)) {
        parent.splice(Number(last), 1);
    } else {
        parent[String(last)] = undefined;
    } // which JSON leaves out
}
