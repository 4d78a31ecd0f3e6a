// Encrypted values, as the stack's file holds them.

/** `secure: v1:...`, alone in its map: what Pulumi writes for a secret. */
export function isEncrypted(value: unknown): value is { readonly secure: string } {
    return (
        value !== null &&
        typeof value === "object" &&
        Object.keys(value).join() === "secure" &&
        typeof (value as { readonly secure: unknown }).secure === "string"
    );
}

/** Whether anything in the value is. */
export function holdsEncrypted(value: unknown): boolean {
    return (
        isEncrypted(value) ||
        (value !== null && typeof value === "object" && Object.values(value).some((item) => holdsEncrypted(item)))
    );
}

/** What stands in place of a secret where only its ciphertext is there: in a plan without the engine. */
export const notDecrypted = "encrypted";
