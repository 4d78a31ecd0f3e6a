// Property values on the wire: google.protobuf.Struct, in which signed objects and magic strings carry the marks.
import { Struct, type StructMessage } from "./messages.ts";
import {
    isPropertyList,
    isPropertyMap,
    isSecret,
    isUnknown,
    Secret,
    unknownValue,
    type PropertyMap,
    type PropertyValue,
} from "../../commands/plan/answers/values.ts";

// The protocol's constants (sdk/go/common/resource/sig and plugin/rpc.go of Pulumi).
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** One sentinel per expected type; to a provider they all say the same. */
const unknownStrings = new Set([
    unknownString,
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** The properties of a request; a missing struct is an empty map. */
export function fromWire(struct: StructMessage | undefined): PropertyMap {
    return decodeMembers(struct?.toJavaScript() ?? {});
}

/** The properties of an answer. */
export function toWire(properties: PropertyMap): StructMessage {
    return Struct.fromJavaScript(encodeMembers(properties));
}

/** One decoded JSON value. Exported for tests. */
export function decode(value: unknown): PropertyValue {
    if (typeof value === "string") {
        return unknownStrings.has(value) ? unknownValue : value;
    }
    if (Array.isArray(value)) {
        return value.map(decode);
    }
    if (typeof value !== "object" || value === null) {
        return value as boolean | number | null;
    }
    const members = value as Record<string, unknown>;
    switch (members[signatureKey]) {
        case secretSignature:
            return new Secret(decode(members["value"]));
        case outputSignature: {
            const inner = "value" in members ? decode(members["value"]) : unknownValue;
            return members["secret"] === true ? new Secret(inner) : inner;
        }
        default:
            // Assets, archives and resource references pass through as they are.
            return decodeMembers(members);
    }
}

/** One value as JSON. Exported for tests. */
export function encode(value: PropertyValue): unknown {
    if (isSecret(value)) {
        return { [signatureKey]: secretSignature, value: encode(value.value) };
    }
    if (isUnknown(value)) {
        return unknownString;
    }
    if (isPropertyList(value)) {
        return value.map(encode);
    }
    if (isPropertyMap(value)) {
        return encodeMembers(value);
    }
    return value;
}

function decodeMembers(members: Record<string, unknown>): PropertyMap {
    return Object.fromEntries(Object.entries(members).map(([key, value]) => [key, decode(value)]));
}

function encodeMembers(map: PropertyMap): object {
    return Object.fromEntries(
        Object.entries(map).flatMap(([key, value]) => (value === undefined ? [] : [[key, encode(value)]])),
    );
}
