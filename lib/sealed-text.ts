// What kubeseal makes of a value, by its form.

/**
 * Two bytes with the length of a key that RSA encrypted (512 bytes, `0x0200`, of the controller's 4096-bit key; 256 of a shorter
 * one), that key, and what was encrypted with it: in base64 it begins with `Ag` or `AQ`.
 *
 * @see https://github.com/bitnami-labs/sealed-secrets pkg/crypto/crypto.go, HybridEncrypt
 */
export const sealedForm = /^A[gQ][A-D][A-Za-z0-9+/]{340,}={0,2}$/;

export function isSealed(text: string): boolean {
    return sealedForm.test(text);
}
