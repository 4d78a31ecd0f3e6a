// Tells whether secrets of two plans are the same, without a word of either: whoever compares two plans makes a key for that one
// comparison, and gives it to both.
import { createHmac } from "node:crypto";
import { SecretValue } from "./plan.ts";

/** Where the key stands while the two plans are made. */
export const fingerprintVariable = "PLAN_FINGERPRINT_KEY";

/** For JSON.stringify: a secret becomes `[secret MARK]`, one that is a map a map of such. @default `[secret]`, as everywhere */
export function marking(
    key: string | undefined,
): ((this: Readonly<Record<string, unknown>>, name: string, value: unknown) => unknown) | undefined {
    if (key === undefined || key === "") {
        return undefined;
    }
    return function (name, value) {
        const original = this[name];
        return original instanceof SecretValue ? marked(original, key) : value;
    };
}

function marked(secret: SecretValue, key: string): unknown {
    return secret.examine((value): unknown => {
        if (value instanceof SecretValue) {
            return marked(value, key);
        }
        if (typeof value === "object" && value !== null && !Array.isArray(value) && !("toJSON" in value)) {
            return Object.fromEntries(
                Object.entries(value).map(([name, part]) => [name, marked(new SecretValue(part), key)]),
            );
        }
        return `[secret ${createHmac("sha256", key).update(plain(value)).digest("hex").slice(0, 16)}]`;
    });
}

/** With what is secret inside: two of those differ where that does. */
function plain(value: unknown): string {
    return value instanceof SecretValue
        ? value.examine(plain)
        : Array.isArray(value)
          ? value.map(plain).join("\n")
          : (JSON.stringify(value) ?? "nothing");
}
