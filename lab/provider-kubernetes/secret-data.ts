// A Secret's stringData is only taken, never given back: the API server moves it to data. Server-side apply records the
// ownership of fields before that, so a key that the program drops later would stay in the cluster for ever. Writing
// data ourselves keeps every key owned.
import { isPropertyMap, isUnknown, type PropertyMap } from "../provider-host/index.ts";
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "./object.ts";

type SecretObject = KubeObject & { data?: JsonObject; stringData?: JsonObject };

export function withEncodedStringData(object: KubeObject): KubeObject {
    if (object.kind !== "Secret" || object.apiVersion !== "v1") {
        return object;
    }
    const { stringData, data, ...rest } = object as SecretObject;
    if (!isJsonObject(stringData)) {
        return object;
    }
    const encoded: JsonObject = {};
    for (const [key, value] of Object.entries(stringData)) {
        encoded[key] = encode(value);
    }
    return { ...rest, data: { ...data, ...encoded } } as KubeObject;
}

/** The same for the inputs of a program, plain, in which values may be unknown: they are compared as the cluster has them. */
export function encodedSecret(inputs: PropertyMap): PropertyMap {
    const { stringData, data, ...rest } = inputs;
    if (!isPropertyMap(stringData) || !(data === undefined || isPropertyMap(data))) {
        return inputs;
    }
    const encoded = Object.entries(stringData).map(([key, value]) => [
        key,
        typeof value === "string" && !isUnknown(value) ? Buffer.from(value, "utf8").toString("base64") : value,
    ]);
    return { ...rest, data: { ...data, ...(Object.fromEntries(encoded) as PropertyMap) } };
}

/** Text; anything else the API server would refuse with a message about base64, so it gets it as it is. */
const encode = (value: Json | undefined): Json | undefined =>
    typeof value === "string" ? Buffer.from(value, "utf8").toString("base64") : value;
