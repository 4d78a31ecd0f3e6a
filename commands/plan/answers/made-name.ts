// Names as the official plugins make them: the resource's name, a dash, and seven hexadecimal digits of the engine's seed.
import { createHash, randomBytes } from "node:crypto";
import type { AutonameSchema } from "./schema/schema.ts";

const suffixLength = 7;

/** @throws when the name is too long: the official plugins shorten nothing either */
export function madeName(
    resourceName: string,
    seed: Uint8Array | undefined,
    { limit, property, lowerCase }: AutonameSchema,
): string {
    const digits =
        seed === undefined || seed.length === 0
            ? randomBytes(4).toString("hex")
            : createHash("sha512").update(seed).update(`${resourceName}-`).digest("hex");
    const name = `${lowerCase === true ? resourceName.toLowerCase() : resourceName}-${digits.slice(0, suffixLength)}`;
    if (name.length > limit) {
        throw new Error(
            `${property} would be ${name} with ${name.length} characters; allowed are ${limit}. Fix: set ${property}, or shorten the resource's name.`,
        );
    }
    return name;
}
