// An object is created by a plain create and changed by server-side apply: to Kubernetes these are two owners of its fields,
// also under one name. Before the first change the apply takes over what the create set; fields would be in conflict, and
// what the program leaves out would stay in the cluster.
import type { Client } from "./client.ts";
import {
    asJson,
    asObject,
    isJsonObject,
    type Json,
    type JsonObject,
    type KubeObject,
    type ManagedFieldsEntry,
} from "./object.ts";

const creator = "pulumi-kubernetes";

/** What a create of this provider, or of the official one, has set; nothing after the first change. */
export function createdFields(live: KubeObject): readonly ManagedFieldsEntry[] {
    return (live.metadata?.managedFields ?? []).filter(
        ({ manager, operation, subresource = "" }) =>
            manager?.startsWith(creator) === true && operation === "Update" && subresource === "",
    );
}

/** @returns the object as it is then */
export async function takeOver(
    client: Client,
    path: string,
    live: KubeObject,
    manager: string,
    signal: AbortSignal,
): Promise<KubeObject> {
    const created = createdFields(live);
    if (created.length === 0) {
        return live;
    }
    const value = [...merged(live, created, manager)].map((entry) => asJson(entry as KubeObject));
    const { resourceVersion = "" } = live.metadata ?? {};
    return asObject(
        await client.json({
            method: "PATCH",
            path,
            contentType: "application/json-patch+json",
            body: [
                { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
                { op: "replace", path: "/metadata/managedFields", value },
            ],
            signal,
        }),
    );
}

function merged(
    live: KubeObject,
    created: readonly ManagedFieldsEntry[],
    manager: string,
): readonly ManagedFieldsEntry[] {
    const all = live.metadata?.managedFields ?? [];
    const isOurs = (entry: ManagedFieldsEntry): boolean =>
        entry.manager === manager && entry.operation === "Apply" && (entry.subresource ?? "") === "";
    const ours = [...all.filter(isOurs), ...created];
    const fieldsV1 = ours.reduce<JsonObject>((fields, entry) => union(fields, entry.fieldsV1 ?? {}), {});
    return [
        { ...ours[0], manager, operation: "Apply", fieldsV1 },
        ...all.filter((entry) => !isOurs(entry) && !created.includes(entry)),
    ];
}

/** Sets of fields are trees whose leaves are empty objects. */
function union(a: JsonObject, b: JsonObject): JsonObject {
    const result: JsonObject = { ...a };
    for (const [key, value] of Object.entries(b)) {
        const known: Json | undefined = result[key];
        result[key] = isJsonObject(known) && isJsonObject(value) ? union(known, value) : value;
    }
    return result;
}
