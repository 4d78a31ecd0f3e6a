// Which arguments a resource type has: `native` is compared with them (R94), because an SDK drops a name that it does not know.
import { nearestWord } from "../../lib/nearest-word.ts";
import table from "./arguments.json" with { type: "json" };
import type { NativeType } from "./types.ts";

/** Members by name; each with the name of the object that it is, of which it may be a list or a map, or "" for anything else. */
export type Members = Readonly<Record<string, string>>;

/** What `npm run docs` makes of the schemas in commands/plan/answers/schema. A map of objects ends in `{}`. */
export interface ArgumentTable {
    readonly types: Readonly<Record<NativeType, Members>>;
    readonly objects: Readonly<Record<string, Members>>;
}

const { types, objects } = table as unknown as ArgumentTable;

export interface StrangeArgument {
    /** The way to it, below `native`. */
    readonly path: readonly PropertyKey[];
    /** What there is beside it. */
    readonly known: readonly string[];
    /** What was probably meant, if something was. */
    readonly meant: string | undefined;
}

/** @returns what the resource type does not have, at any depth */
export function strangeArguments(type: NativeType, native: unknown): StrangeArgument[] {
    return strange(types[type], native, []);
}

function strange(members: Members, value: unknown, path: readonly PropertyKey[]): StrangeArgument[] {
    if (Array.isArray(value)) {
        return value.flatMap((element, index) => strange(members, element, [...path, index]));
    }
    if (value === null || typeof value !== "object") {
        return [];
    }
    return Object.entries(value).flatMap(([name, given]: [string, unknown]) => {
        const at = [...path, name];
        if (!Object.hasOwn(members, name)) {
            const known = Object.keys(members);
            return [{ path: at, known, meant: nearestWord(name, known) }];
        }
        return below(members[name]!, given, at);
    });
}

function below(object: string, value: unknown, path: readonly PropertyKey[]): StrangeArgument[] {
    if (object === "") {
        return [];
    }
    if (!object.endsWith("{}")) {
        return strange(objects[object]!, value, path);
    }
    return Object.entries(value ?? {}).flatMap(([name, one]) => below(object.slice(0, -2), one, [...path, name]));
}
