// What a changed program changes in a cloud resource: the inputs compared, with the properties that need a new one.
import {
    diffProperties,
    isPropertyList,
    isPropertyMap,
    withoutSecrets,
    type DiffCall,
    type DiffResult,
    type PropertyMap,
    type PropertyPath,
    type PropertyValue,
} from "../provider-host/index.ts";
import { isAutonamed, physicalName } from "./autoname.ts";
import type { ReplaceCondition, ResourceSchema } from "../../commands/plan/answers/schema/schema.ts";

export function diffInputs(
    resource: ResourceSchema,
    { oldInputs, newInputs }: Pick<DiffCall, "oldInputs" | "newInputs">,
): DiffResult {
    const [before, after] = [withoutSecrets(oldInputs), withoutSecrets(newInputs)];
    const changes = diffProperties(oldInputs, newInputs, {
        replaces: (path) =>
            resource.replace.some((text) => concerns(text.split("."), path, before, after)) ||
            Object.entries(resource.replaceWhen ?? {}).some(
                ([text, condition]) =>
                    names(path).join(".") === text && conditions[condition](at(before, path), at(after, path)),
            ),
        ignores: (path) => String(path[0]).startsWith("__") || keepsWhatWasFilledIn(resource, path, newInputs),
    });
    const replacing = changes.some(({ replace }) => replace === true);
    return { changes, deleteBeforeReplace: replacing && mustDeleteFirst(resource, oldInputs, newInputs) };
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
    return has(at(before, path), rest) || has(at(after, path), rest);
}

function at(value: PropertyValue | undefined, path: PropertyPath): PropertyValue | undefined {
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

/** An optional input that the cloud fills in stays as it is when the program no longer says anything of it. */
function keepsWhatWasFilledIn({ computed = [] }: ResourceSchema, path: PropertyPath, newInputs: PropertyMap): boolean {
    const [name] = path;
    return path.length === 1 && computed.includes(String(name)) && (newInputs[String(name)] ?? undefined) === undefined;
}

/** Two things cannot have one name: where the program fixed it, the old one goes first. */
function mustDeleteFirst({ autoname }: ResourceSchema, oldInputs: PropertyMap, newInputs: PropertyMap): boolean {
    if (autoname === undefined || isAutonamed(newInputs, autoname)) {
        return false;
    }
    return physicalName(oldInputs, autoname) === physicalName(newInputs, autoname);
}
