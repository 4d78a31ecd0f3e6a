// What is wrong with the inputs of a cloud resource, told all at once.
import type { CheckFailure } from "../provider-host/provider.ts";
import {
    formatPath,
    isPropertyList,
    isPropertyMap,
    isSecret,
    isUnknown,
    type PropertyMap,
    type PropertyPath,
    type PropertyValue,
} from "../../commands/plan/answers/values.ts";
import { nearest } from "./nearest.ts";
import type { CloudSchema, ObjectSchema, ResourceSchema, TypeText } from "../../commands/plan/answers/schema/schema.ts";

/** The engine's and the bridge's own members among the inputs. */
const marks = new Set(["__defaults", "__meta"]);

export function checkInputs(schema: CloudSchema, resource: ResourceSchema, inputs: PropertyMap): CheckFailure[] {
    return [...checkObject(schema, resource, inputs, []), ...conflicts(resource, inputs)];
}

function checkObject(
    schema: CloudSchema,
    object: ObjectSchema,
    value: PropertyMap,
    path: PropertyPath,
): CheckFailure[] {
    const failures: CheckFailure[] = [];
    for (const [name, member] of Object.entries(value)) {
        if (member === undefined || marks.has(name)) {
            continue;
        }
        const type = object.properties[name];
        if (type === undefined) {
            failures.push(unknownProperty(name, object, path));
        } else {
            failures.push(...checkValue(schema, type, member, [...path, name], object.values?.[name]));
        }
    }
    for (const name of object.required ?? []) {
        if (isAbsent(value[name])) {
            failures.push({ path: [...path, name], reason: "is missing, and the cloud requires it. Fix: set it." });
        }
    }
    return failures;
}

function unknownProperty(name: string, object: ObjectSchema, path: PropertyPath): CheckFailure {
    const names = Object.keys(object.properties);
    const similar = nearest(name, names);
    const meant = similar === undefined ? `Allowed: ${names.join(", ")}.` : `Fix: ${similar}?`;
    return { path: [...path, name], reason: `there is no such input. ${meant}` };
}

function checkValue(
    schema: CloudSchema,
    type: TypeText,
    value: PropertyValue,
    path: PropertyPath,
    values: readonly string[] | undefined,
): CheckFailure[] {
    if (isSecret(value)) {
        return checkValue(schema, type, value.value, path, values).map(withoutValue);
    }
    if (isUnknown(value) || value === null || type === "any") {
        return [];
    }
    if (type.startsWith("[]")) {
        if (!isPropertyList(value)) {
            return [wrongType(path, "a list", value)];
        }
        return value.flatMap((element, index) => checkValue(schema, type.slice(2), element, [...path, index], values));
    }
    if (type.startsWith("{}")) {
        if (!isPropertyMap(value)) {
            return [wrongType(path, "an object", value)];
        }
        return Object.entries(value).flatMap(([key, member]) =>
            member === undefined ? [] : checkValue(schema, type.slice(2), member, [...path, key], values),
        );
    }
    if (type === "string" || type === "number" || type === "boolean") {
        if (!isScalar(value) || !fits(type, value)) {
            return [wrongType(path, `a ${type}`, value)];
        }
        if (values === undefined || values.includes(String(value))) {
            return [];
        }
        return [
            {
                path,
                reason: `is ${JSON.stringify(value)}; allowed are ${values.map((allowed) => JSON.stringify(allowed)).join(", ")}. Fix: use one of them.`,
            },
        ];
    }
    if (!isPropertyMap(value)) {
        return [wrongType(path, "an object", value)];
    }
    return checkObject(schema, schema.types[type]!, value, path);
}

function isScalar(value: PropertyValue): value is string | number | boolean {
    return ["string", "number", "boolean"].includes(typeof value);
}

/** The bridge reads "5" as a number and true as "true", so that is no error there. */
function fits(type: "string" | "number" | "boolean", value: string | number | boolean): boolean {
    if (typeof value === type || type === "string") {
        return true;
    }
    if (typeof value !== "string") {
        return false;
    }
    return type === "number" ? value !== "" && Number.isFinite(Number(value)) : value === "true" || value === "false";
}

function wrongType(path: PropertyPath, wanted: string, value: PropertyValue): CheckFailure {
    const got = isPropertyList(value) ? "a list" : isPropertyMap(value) ? "an object" : `a ${typeof value}`;
    return { path, reason: `is ${got}; the cloud takes ${wanted}. Fix: give it that.` };
}

/** A secret's value is never told. */
function withoutValue({ path, reason }: CheckFailure): CheckFailure {
    return { path, reason: reason.replace(/^is ".*"; allowed/s, "is a secret that is not allowed; allowed") };
}

function conflicts({ conflicts: groups = [] }: ResourceSchema, inputs: PropertyMap): CheckFailure[] {
    return groups.flatMap((group) => {
        const given = group.filter((path) => isGiven(inputs, path.split(".")));
        if (given.length < 2) {
            return [];
        }
        return [
            { path: [], reason: `${given.join(" and ")} cannot be set together. Fix: remove all but one of them.` },
        ];
    });
}

function isGiven(value: PropertyValue | undefined, path: readonly string[]): boolean {
    if (isSecret(value)) {
        return isGiven(value.value, path);
    }
    const [first, ...rest] = path;
    if (first === undefined) {
        return !isAbsent(value) && !(isPropertyList(value) && value.length === 0);
    }
    if (isPropertyList(value)) {
        return value.some((element) => isGiven(element, path));
    }
    return isPropertyMap(value) && isGiven(value[first], rest);
}

function isAbsent(value: PropertyValue | undefined): boolean {
    return value === undefined || value === null;
}

/** All failures as text, for a plan, which has no engine to show them. */
export function failureText({ path, reason }: CheckFailure): string {
    return path.length === 0 ? reason : `${formatPath(path)} ${reason}`;
}
