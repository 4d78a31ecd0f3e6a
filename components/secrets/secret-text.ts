// What a Secret of the cluster holds.
import { RunError } from "@pulumi/pulumi/errors.js";

/**
 * @param values as the API has them, in base64
 * @param secret namespace and name, for the message
 * @throws RunError where there is no text of that key
 */
export function secretText(values: Readonly<Record<string, string>> | undefined, key: string, secret: string): string {
    const value = values?.[key];
    if (value === undefined) {
        const keys = Object.keys(values ?? {});
        throw new RunError(
            `The Secret ${secret} has no key ${key}; it has ${keys.length === 0 ? "none" : keys.join(", ")}. ` +
                "Name one of these in existingSecrets, or add the key to the Secret.",
        );
    }
    const bytes = Buffer.from(value, "base64");
    const text = bytes.toString("utf8");
    if (!Buffer.from(text, "utf8").equals(bytes)) {
        throw new RunError(
            `The key ${key} of the Secret ${secret} holds bytes that are no text: variables, passwords and files of the app are text.`,
        );
    }
    return text;
}

/**
 * Of a password, or of what else lets somebody in. What an editor or `echo` puts at the end would be part of it, and refused by a server
 * that has it without.
 *
 * @throws RunError where it is not one line
 */
export function oneLine(value: string, key: string, secret: string): string {
    const found = faultOf(value);
    if (found === undefined) {
        return value;
    }
    throw new RunError(
        `The key ${key} of the Secret ${secret} ${found}, and the setting that names it takes one line. Make it anew without: ` +
            `printf %s "$VALUE" | kubectl create secret generic NAME --from-file=${key}=/dev/stdin.`,
    );
}

function faultOf(value: string): string | undefined {
    if (value === "") {
        return "is empty";
    }
    if (/[\r\n]$/.test(value)) {
        return "ends with a line break";
    }
    return /[\r\n]/.test(value) ? "has several lines" : undefined;
}
