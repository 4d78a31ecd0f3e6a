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
import type {
    CloudSchema,
    Limit,
    ObjectSchema,
    ResourceSchema,
    TypeText,
} from "../../commands/plan/answers/schema/schema.ts";

/** The engine's and the bridge's own members among the inputs. */
const marks = new Set(["__defaults", "__meta"]);

export function checkInputs(schema: CloudSchema, resource: ResourceSchema, inputs: PropertyMap): CheckFailure[] {
    return [
        ...checkObject(schema, resource, inputs, []),
        ...Object.entries(resource.limits ?? {}).flatMap(([path, limit]) => beyond(limit, inputs, path.split("."), [])),
        ...missing(resource, inputs),
        ...conflicts(resource, inputs),
    ];
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
            failures.push(...checkValue(schema, type, member, [...path, name], allowedFor(object, name)));
        }
    }
    for (const name of object.required ?? []) {
        if (isAbsent(value[name])) {
            failures.push({ path: [...path, name], reason: "is missing, and the cloud requires it. Fix: set it." });
        }
    }
    return failures;
}

interface Allowed {
    readonly values: readonly string[];
    readonly anyCase: boolean;
}

function allowedFor({ values, anyCase }: ObjectSchema, name: string): Allowed | undefined {
    const listed = values?.[name];
    return listed === undefined ? undefined : { values: listed, anyCase: anyCase?.includes(name) === true };
}

function isAllowed({ values, anyCase }: Allowed, value: string): boolean {
    return values.some((one) => one === value || (anyCase && one.toLowerCase() === value.toLowerCase()));
}

/** What a limit says of every value at a path. */
function beyond(
    limit: Limit,
    value: PropertyValue | undefined,
    rest: readonly string[],
    path: PropertyPath,
): CheckFailure[] {
    if (value === undefined || value === null || isUnknown(value)) {
        return [];
    }
    if (isSecret(value)) {
        return beyond(limit, value.value, rest, path).map((failure) => ({
            ...failure,
            reason: failure.reason.replace(/^is [^;]*;/, "is a secret;"),
        }));
    }
    const [first, ...others] = rest;
    if (first !== undefined && isPropertyMap(value)) {
        return beyond(limit, value[first], others, [...path, first]);
    }
    if (limit.readOnly === true && first === undefined) {
        return [{ path, reason: "is filled in by the cloud alone. Fix: remove it." }];
    }
    if (isPropertyList(value)) {
        return value.flatMap((element, index) => beyond(limit, element, rest, [...path, index]));
    }
    const allowed = first === undefined && isScalar(value) ? wantedBy(limit, value) : undefined;
    return allowed === undefined
        ? []
        : [{ path, reason: `is ${JSON.stringify(value)}; ${allowed}. Fix: give it such a value.` }];
}

/** @returns what is allowed, where the value is not */
function wantedBy({ notEmpty, least, form }: Limit, value: string | number | boolean): string | undefined {
    if (notEmpty === true && (value === "" || value === 0)) {
        return "the provider takes none that is empty or zero";
    }
    if (least !== undefined && Number(value) < least) {
        return `the provider takes ${least} or more`;
    }
    return form !== undefined && !new RegExp(form).test(String(value)) ? `the provider takes ${form}` : undefined;
}

function missing({ requiredWhen = [] }: ResourceSchema, inputs: PropertyMap): CheckFailure[] {
    return requiredWhen.flatMap(({ path, when }) => {
        const applies = Object.entries(when).every(([name, value]) => inputs[name] === value);
        const conditions = Object.entries(when).map(([name, value]) => `${name} is ${value}`);
        return applies && isAbsent(inputs[path])
            ? [{ path: [path], reason: `is missing, and required where ${conditions.join(" and ")}. Fix: set it.` }]
            : [];
    });
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
    allowed: Allowed | undefined,
): CheckFailure[] {
    if (isSecret(value)) {
        return checkValue(schema, type, value.value, path, allowed).map(withoutValue);
    }
    if (isUnknown(value) || value === null || type === "any") {
        return [];
    }
    if (type.startsWith("[]")) {
        if (!isPropertyList(value)) {
            return [wrongType(path, "a list", value)];
        }
        return value.flatMap((element, index) => checkValue(schema, type.slice(2), element, [...path, index], allowed));
    }
    if (type.startsWith("{}")) {
        if (!isPropertyMap(value)) {
            return [wrongType(path, "an object", value)];
        }
        return Object.entries(value).flatMap(([key, member]) =>
            member === undefined ? [] : checkValue(schema, type.slice(2), member, [...path, key], allowed),
        );
    }
    if (type === "string" || type === "number" || type === "boolean") {
        if (!isScalar(value) || !fits(type, value)) {
            return [wrongType(path, `a ${type}`, value)];
        }
        if (allowed === undefined || isAllowed(allowed, String(value))) {
            return [];
        }
        return [
            {
                path,
                reason: `is ${JSON.stringify(value)}; allowed are ${allowed.values.map((one) => JSON.stringify(one)).join(", ")}. Fix: use one of them.`,
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
