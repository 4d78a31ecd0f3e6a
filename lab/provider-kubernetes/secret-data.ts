// A Secret's stringData is only taken, never given back: the API server moves it to data. Server-side apply records the
// ownership of fields before that, so a key that the program drops later would stay in the cluster for ever. Writing
// data ourselves keeps every key owned.
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

/** Text; anything else the API server would refuse with a message about base64, so it gets it as it is. */
const encode = (value: Json | undefined): Json | undefined =>
    typeof value === "string" ? Buffer.from(value, "utf8").toString("base64") : value;
