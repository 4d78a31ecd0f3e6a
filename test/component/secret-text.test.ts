import { RunError } from "@pulumi/pulumi/errors.js";
import { expect, test } from "vitest";
import { oneLine, secretText } from "../../components/secrets/secret-text.ts";

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

test.each(["p@ss word", "\u00fc\u{1f600}", " "])("one line is taken as it is (%j)", (text) => {
    expect(oneLine(text, "password", "shop/stores")).toBe(text);
});

test.each([
    ["", "is empty"],
    ["s3cret\n", "ends with a line break"],
    ["s3cret\r\n", "ends with a line break"],
    ["s3cret\nline", "has several lines"],
])("a credential that is not one line is refused, and not shown (%j)", (text, fault) => {
    const refused = () => oneLine(text, "password", "shop/stores");
    expect(refused).toThrow(
        `The key password of the Secret shop/stores ${fault}, and the setting that names it takes one line. Make it anew without: ` +
            'printf %s "$VALUE" | kubectl create secret generic NAME --from-file=password=/dev/stdin.',
    );
    expect(refused).not.toThrow("s3cret");
});

test("what is refused is an error for whoever runs the program", () => {
    for (const refused of [() => oneLine("", "a", "b/c"), () => secretText({}, "a", "b/c")]) {
        expect(refused).toThrow(RunError);
    }
});
