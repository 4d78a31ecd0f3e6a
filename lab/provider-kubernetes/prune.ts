// What `refresh` writes into the state as inputs: the fields that the program set, with the values that they have in the
// cluster now. Fields that the API server filled in are left out, and a value that means the same as the program's
// keeps the program's spelling; so a refresh without drift changes nothing.
import { isEmpty, sameScalar } from "./equality.ts";
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "./object.ts";

/** Lists whose elements have a name of their own; server-side apply merges them by it, so others may add elements. */
const listKeys = [
    "name",
    "key",
    "mountPath",
    "devicePath",
    "containerPort",
    "port",
    "topologyKey",
    "ip",
    "uid",
    "type",
] as const;

/** Sets to which controllers add their own elements. */
const sharedSets = new Set(["metadata.finalizers"]);

/** Fields that the API server takes and does not give back. */
const writeOnly = new Set(["stringData"]);

export function pruneToInputs(live: KubeObject, inputs: KubeObject): KubeObject {
    return pruneObject(live as unknown as JsonObject, inputs as unknown as JsonObject, []);
}

function prune(live: Json | undefined, input: Json, path: readonly (string | number)[]): Json | undefined {
    if (live === undefined || live === null) {
        return isEmpty(input) ? input : undefined;
    }
    if (isJsonObject(input)) {
        return isJsonObject(live) ? pruneObject(live, input, path) : live;
    }
    if (Array.isArray(input)) {
        return Array.isArray(live) ? pruneList(live, input, path) : live;
    }
    return sameScalar(path, live, input) ? input : live;
}

function pruneObject(live: JsonObject, input: JsonObject, path: readonly (string | number)[]): JsonObject {
    const result: JsonObject = {};
    for (const [key, value] of Object.entries(input)) {
        if (value === undefined) {
            continue;
        }
        if (path.length === 0 && writeOnly.has(key)) {
            result[key] = key === "stringData" ? pruneStringData(live["data"], value) : value;
            continue;
        }
        const pruned = prune(live[key], value, [...path, key]);
        if (pruned !== undefined) {
            result[key] = pruned;
        }
    }
    return result;
}

function pruneList(live: readonly Json[], input: readonly Json[], path: readonly (string | number)[]): Json[] {
    if (sharedSets.has(path.join("."))) {
        return input.filter((element) => live.includes(element));
    }
    const name = commonName(live, input);
    if (name === undefined) {
        const length = live.length;
        return Array.from({ length }, (_, index) => {
            const element = live[index] as Json;
            const wanted = input[index];
            return wanted === undefined ? element : (prune(element, wanted, [...path, index]) ?? element);
        });
    }
    // Elements that others added are theirs; the program's, in the program's order.
    return input.flatMap((element, index) => {
        const found = live.find(
            (candidate) => isJsonObject(candidate) && isJsonObject(element) && candidate[name] === element[name],
        );
        const pruned = found === undefined ? undefined : prune(found, element, [...path, index]);
        return pruned === undefined ? [] : [pruned];
    });
}

function commonName(live: readonly Json[], input: readonly Json[]): string | undefined {
    if (input.length === 0) {
        return undefined;
    }
    return listKeys.find((name) =>
        [live, input].every((list) => {
            const names = list.map((element) => (isJsonObject(element) ? element[name] : undefined));
            return names.every((value) => value !== undefined) && new Set(names).size === names.length;
        }),
    );
}

/** A Secret's text values come back base64-encoded under `data`. */
function pruneStringData(data: Json | undefined, input: Json): Json {
    if (!isJsonObject(input)) {
        return input;
    }
    const live = isJsonObject(data) ? data : {};
    return Object.fromEntries(
        Object.keys(input).flatMap((key) => {
            const encoded = live[key];
            return typeof encoded === "string" ? [[key, Buffer.from(encoded, "base64").toString("utf8")]] : [];
        }),
    );
}

/** For an import, where no program has set anything yet: everything but what only the API server writes. */
export function importedInputs(live: KubeObject): KubeObject {
    const { status: _status, ...rest } = live as KubeObject & { status?: Json };
    const { name, namespace, labels, annotations } = live.metadata ?? {};
    const own = Object.entries(annotations ?? {}).filter(
        ([key]) =>
            !/^(deployment\.kubernetes\.io|kubectl\.kubernetes\.io|control-plane\.alpha\.kubernetes\.io|pv\.kubernetes\.io|volume\.kubernetes\.io)\//.test(
                key,
            ),
    );
    return {
        ...rest,
        metadata: {
            ...(name === undefined ? {} : { name }),
            ...(namespace === undefined ? {} : { namespace }),
            ...(labels === undefined ? {} : { labels }),
            ...(own.length === 0 ? {} : { annotations: Object.fromEntries(own) }),
        },
    };
}
