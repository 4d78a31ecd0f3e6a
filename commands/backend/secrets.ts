// A secret of a state is an object: its value is ciphertext, and only where secrets are shown plain text.

/** What marks an object of a state as something else than its fields, and what as a secret (the SDK's own constants). */
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

export function isSecret(value: unknown): boolean {
    return (
        typeof value === "object" && value !== null && (value as Record<string, unknown>)[signature] === secretSignature
    );
}

/** @returns undefined for a secret, and for what is no text */
export function plainSecret(value: unknown): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}
