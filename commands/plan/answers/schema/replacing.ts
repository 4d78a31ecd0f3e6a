// What of a type's schema makes a changed input a new resource, and what no change at all: the recording providers and the verdict read the same.
import {
    isPropertyList,
    isPropertyMap,
    type PropertyMap,
    type PropertyPath,
    type PropertyValue,
    type PlainMap,
    type PlainValue,
} from "../values.ts";
import type { CloudSchema, ObjectSchema, ReplaceCondition, ResourceSchema } from "./schema.ts";

/** Whether a change at this path needs a new resource. */
export function replacesAt(
    resource: ResourceSchema,
    path: PropertyPath,
    before: PropertyValue,
    after: PropertyValue,
): boolean {
    return resource.replace.some((text) => concerns(text.split("."), path, before, after));
}

/** Whether it does because of what the value was and is to be. */
export function replacesByValue(
    resource: ResourceSchema,
    path: PropertyPath,
    before: PropertyValue,
    after: PropertyValue,
): boolean {
    return Object.entries(resource.replaceWhen ?? {}).some(
        ([text, condition]) =>
            names(path).join(".") === text && conditions[condition](valueAt(before, path), valueAt(after, path)),
    );
}

const conditions: Readonly<
    Record<ReplaceCondition, (before: PropertyValue | undefined, after: PropertyValue | undefined) => boolean>
> = {
    smaller: (before, after) => isKnown(after) && Number(after) < Number(before),
    older: (before, after) => isKnown(after) && isKnown(before) && isOlder(digitsOf(after), digitsOf(before)),
    removed: (before, after) => (before ?? "") !== "" && (after ?? "") === "",
    narrower: (before, after) => isKnown(after) && isKnown(before) && !holds(String(after), String(before)),
};

function isKnown(value: PropertyValue | undefined): value is string | number {
    return typeof value === "string" || typeof value === "number";
}

/** `REDIS_7_2`, `1.34.1-do.2` */
function digitsOf(version: string | number): number[] {
    return [...String(version).matchAll(/\d+/g)].map(([digits]) => Number(digits));
}

function isOlder(a: readonly number[], b: readonly number[]): boolean {
    const index = a.findIndex((number, position) => number !== b[position]);
    return index >= 0 && a[index]! < (b[index] ?? 0);
}

/** Whether a range of IPv4 addresses has all of another in it. */
function holds(range: string, other: string): boolean {
    const [[start, size], [otherStart, otherSize]] = [cidr(range), cidr(other)];
    return start <= otherStart && start + size >= otherStart + otherSize;
}

function cidr(range: string): [start: number, size: number] {
    const [address = "", bits = "32"] = range.split("/");
    const size = 2 ** (32 - Number(bits));
    const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    return [Math.floor(number / size) * size, size];
}

function names(path: PropertyPath): string[] {
    return path.filter((part) => typeof part === "string");
}

/** The change is of this property or below it; or of an object above it, which had or gets this property. */
function concerns(
    property: readonly string[],
    path: PropertyPath,
    before: PropertyValue,
    after: PropertyValue,
): boolean {
    const changed = names(path);
    const length = Math.min(property.length, changed.length);
    if (!property.slice(0, length).every((part, index) => part === changed[index])) {
        return false;
    }
    if (changed.length >= property.length) {
        return true;
    }
    const rest = property.slice(changed.length);
    return has(valueAt(before, path), rest) || has(valueAt(after, path), rest);
}

function valueAt(value: PropertyValue | undefined, path: PropertyPath): PropertyValue | undefined {
    let current = value;
    for (const part of path) {
        if (isPropertyList(current)) {
            current = current[Number(part)];
        } else {
            current = isPropertyMap(current) ? current[String(part)] : undefined;
        }
    }
    return current;
}

function has(value: PropertyValue | undefined, path: readonly string[]): boolean {
    if (isPropertyList(value)) {
        return value.some((element) => has(element, path));
    }
    const [first, ...rest] = path;
    if (first === undefined) {
        return value !== undefined && value !== null;
    }
    return isPropertyMap(value) && has(value[first], rest);
}

/** Taken away, an input that the cloud fills in is what it was, and one with a default may be. */
export function staysAsItIs(
    schema: CloudSchema,
    resource: ResourceSchema,
    path: PropertyPath,
    before: PropertyMap,
    after: PropertyMap,
): boolean {
    const name = String(path.at(-1));
    const holder = objectAt(schema, resource, path.slice(0, -1));
    const [old, now] = [valueAt(before, path) ?? undefined, valueAt(after, path) ?? undefined];
    if (holder?.computed?.includes(name) === true && now === undefined) {
        return true;
    }
    const byDefault = holder?.defaults?.[name];
    return byDefault !== undefined && textOf(old ?? byDefault) === textOf(now ?? byDefault);
}

/** The bridge reads "true" as true. */
function textOf(value: PropertyValue): string {
    return typeof value === "string" ? value : JSON.stringify(value);
}

/** The object type at a path through lists and maps; undefined where there is none. */
function objectAt(schema: CloudSchema, resource: ObjectSchema, path: PropertyPath): ObjectSchema | undefined {
    let object: ObjectSchema | undefined = resource;
    let inMap = 0;
    for (const part of path) {
        if (typeof part === "number") {
            continue;
        }
        if (inMap > 0) {
            inMap--;
            continue;
        }
        const type: string = object?.properties[part] ?? "";
        inMap = (type.match(/\{\}/g) ?? []).length;
        object = schema.types[type.replace(/^(\[\]|\{\})+/, "")];
    }
    return inMap > 0 ? undefined : object;
}

/** The inputs whose change makes another resource, by path. */
export function identifyingInputs({ replace }: ResourceSchema, inputs: PlainMap): PlainMap {
    return Object.fromEntries(
        replace.map((path) => [path, path.split(".").reduce<PlainValue | undefined>(below, inputs)]),
    );
}

/** Of a list what each of its elements has. */
function below(value: PlainValue | undefined, key: string): PlainValue | undefined {
    return Array.isArray(value)
        ? value.map((element) => below(element, key) ?? null)
        : value !== null && typeof value === "object"
          ? value[key]
          : undefined;
}
