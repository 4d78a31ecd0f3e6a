import { expect, test } from "vitest";
import { secretText } from "../../components/secrets/secret-text.ts";

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString("base64");

test("a key's value is its text, whatever characters it has", () => {
    const text = "p@ss:w/ord\n\u00fc\u{1f600}";
    expect(secretText({ password: base64(text) }, "password", "shop/stores")).toBe(text);
});

test("an empty value is a value", () => {
    expect(secretText({ password: "" }, "password", "shop/stores")).toBe("");
});

test.each([
    [{ user: base64("a"), pass: base64("b") }, "user, pass"],
    [{}, "none"],
    [undefined, "none"],
])("a key that is not there is named, with those that are (%#)", (values, keys) => {
    expect(() => secretText(values, "password", "shop/stores")).toThrow(
        `The Secret shop/stores has no key password; it has ${keys}. Name one of these in existingSecrets, or add the key to the Secret.`,
    );
});

test("bytes that are no text are refused, not changed", () => {
    expect(() => secretText({ keystore: base64(Uint8Array.of(0xfe, 0xed, 0xff)) }, "keystore", "shop/stores")).toThrow(
        "The key keystore of the Secret shop/stores holds bytes that are no text",
    );
});
