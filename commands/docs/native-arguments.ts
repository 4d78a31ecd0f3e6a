// Makes settings/native/arguments.json of the schemas that the plan has: which arguments `native` may set.
import { join } from "node:path";
import { projectRoot } from "../support/paths.ts";
import { cloudOf, loadSchema } from "../plan/answers/schema/load.ts";
import type { CloudSchema, TypeText } from "../plan/answers/schema/schema.ts";
import type { Members } from "../../settings/native/arguments.ts";
import { nativeTypes, tokenOf } from "../../settings/native/types.ts";
import { generate } from "./generated.ts";

const types: Record<string, Members> = {};
const objects: Record<string, Members> = {};

for (const type of nativeTypes) {
    const token = tokenOf(type);
    const schema = await loadSchema(cloudOf(token)!);
    const resource = schema.resources[token];
    if (resource === undefined) {
        throw new Error(`settings/native/types.ts names ${type}, and the schema has no ${token}`);
    }
    types[type] = membersOf(schema, resource.properties);
}
await generate(join(projectRoot, "settings/native/arguments.json"), text());

function membersOf(schema: CloudSchema, properties: Readonly<Record<string, TypeText>>): Members {
    return Object.fromEntries(Object.entries(properties).map(([name, type]) => [name, objectIn(schema, type)]));
}

/** The object that a property is, or is a list of; with `{}` behind it one that it is a map of. */
function objectIn(schema: CloudSchema, type: TypeText): string {
    const element = type.replace(/^(\[\]|\{\})+/, "");
    const members = schema.types[element];
    if (members === undefined) {
        return "";
    }
    // Two clouds may call an object alike.
    const name = `${schema.cloud}.${element}`;
    if (!(name in objects)) {
        objects[name] = {};
        objects[name] = membersOf(schema, members.properties);
    }
    return `${name}${"{}".repeat((type.match(/\{\}/g) ?? []).length)}`;
}

/** One line for each type: differences stay readable. */
function text(): string {
    const lines = (entries: Readonly<Record<string, Members>>): string =>
        Object.entries(entries)
            .toSorted(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, members]) => `  ${JSON.stringify(name)}: ${JSON.stringify(members)}`)
            .join(",\n");
    return `{\n "types": {\n${lines(types)}\n },\n "objects": {\n${lines(objects)}\n }\n}\n`;
}
