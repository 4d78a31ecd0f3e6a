// RandomBytes and RandomId: bytes from the system's generator, in several spellings.
import { randomBytes } from "node:crypto";
import { secret } from "../provider-host/index.ts";
import { checkCount, noId, type RandomResource } from "./resource.ts";

export const randomBytesResource: RandomResource = {
    defaults: { length: undefined, keepers: undefined },
    generated: ["base64", "hex"],
    validate: (inputs) => checkCount(inputs, "length", 1),
    generate: async ({ length }) => {
        const bytes = randomBytes(length as number);
        return {
            id: noId,
            values: { base64: secret(bytes.toString("base64")), hex: secret(bytes.toString("hex")) },
        };
    },
};

/** Not secret: an id for names. */
export const randomIdResource: RandomResource = {
    defaults: { byteLength: undefined, keepers: undefined, prefix: undefined },
    generated: ["b64Std", "b64Url", "dec", "hex"],
    validate: (inputs) => checkCount(inputs, "byteLength", 1),
    generate: async ({ byteLength, prefix }) => {
        const bytes = randomBytes(byteLength as number);
        const before = (prefix as string | undefined) ?? "";
        const hex = bytes.toString("hex");
        return {
            id: bytes.toString("base64url"),
            values: {
                b64Std: before + bytes.toString("base64"),
                b64Url: before + bytes.toString("base64url"),
                dec: before + BigInt(`0x${hex}`).toString(),
                hex: before + hex,
            },
        };
    },
};
