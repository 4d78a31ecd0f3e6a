// Kubernetes objects as the API server speaks them: plain JSON, no marks.

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
    [key: string]: Json | undefined;
}

export interface OwnerReference {
    readonly kind?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly controller?: boolean;
}

export interface ManagedFieldsEntry {
    readonly manager?: string;
    readonly operation?: string;
    readonly subresource?: string;
    readonly fieldsV1?: JsonObject;
}

export interface ObjectMeta {
    name?: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    finalizers?: string[];
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: OwnerReference[];
    managedFields?: ManagedFieldsEntry[];
}

export interface KubeObject {
    apiVersion?: string;
    kind?: string;
    metadata?: ObjectMeta;
}

/** What most statuses carry. */
export interface Condition {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
    readonly observedGeneration?: number;
    readonly lastTransitionTime?: string;
    readonly lastUpdateTime?: string;
}

export const isJsonObject = (value: unknown): value is JsonObject =>
    typeof value === "object" && value !== null && !Array.isArray(value);

/** The object's JSON, for code that walks over any field. */
export const asJson = (object: KubeObject): JsonObject => object as unknown as JsonObject;

/** JSON from the API server, as a Kubernetes object. */
export const asObject = (json: JsonObject): KubeObject => json;

export const annotationOf = (object: KubeObject, name: string): string | undefined =>
    object.metadata?.annotations?.[name];

export const nameOf = (object: KubeObject): string => object.metadata?.name ?? "";

/** `namespace/name`, or the name alone for what lives in no namespace: the id that the state records. */
export function idOf(object: KubeObject): string {
    const { name = "", namespace } = object.metadata ?? {};
    return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

export function parseId(id: string): { readonly namespace: string | undefined; readonly name: string } {
    const slash = id.indexOf("/");
    if (slash < 0) {
        return { namespace: undefined, name: id };
    }
    return { namespace: id.slice(0, slash) || undefined, name: id.slice(slash + 1) };
}

/** `Deployment web-1a2b3c4d in namespace shop`. */
export function describe(object: KubeObject): string {
    const { name = "?", namespace } = object.metadata ?? {};
    return `${object.kind ?? "Object"} ${name}${namespace === undefined ? "" : ` in namespace ${namespace}`}`;
}

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
    return conditions?.find((condition) => condition.type === type);
}
