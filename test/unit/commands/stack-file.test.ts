// A stack's file as bytes: what is told of those that cannot be read, and how the others are read.
// Does not prove: that Pulumi reads the same; that was compared by hand with `pulumi config --json`.
import { describe, expect, test } from "vitest";
import type { Problem } from "../../../settings/problems.ts";
import { readDocument } from "../../../settings/stack-file/document.ts";

const read = (text: string | Uint8Array) => readDocument(typeof text === "string" ? Buffer.from(text) : text);
const one = (text: string | Uint8Array): Problem => {
    const { problems } = read(text);
    expect(problems).toHaveLength(1);
    return problems[0]!;
};

describe("what is wrong is told with its place:", () => {
    test.each([
        ["a tab", "a:\n\tb: 1\n", "a mistake in the YAML: Tabs are not allowed as indentation", 2, 1],
        [
            "an open bracket",
            "a: [1\nb: 2\n",
            "a mistake in the YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
            2,
            1,
        ],
        ["an open quote", 'a: "x\n', 'a mistake in the YAML: Missing closing "quote', 2, 1],
        [
            "a wrong indent",
            "a:\n  b: 1\n c: 2\n",
            "a mistake in the YAML: All mapping items must start at the same column",
            3,
            1,
        ],
        ["two documents", "a: 1\n---\nb: 1\n", "a second document", 2, 1],
        ["a key twice", "a: 1\na: 2\n", "the key a a second time", 2, 1],
        ["an unknown alias", "a: *x\n", "the alias *x, for which there is no anchor &x above", 1, 4],
        ["an alias in itself", "a: &a\n  b: *a\n", "the alias *a inside of what it stands for", 2, 6],
        ["a tag", "a: !foo bar\n", "the tag !foo", 1, 9],
        ["binary data", "a: !!binary aGk=\n", "the tag !!binary", 1, 13],
        ["a list as a key", "? [a]\n: b\n", "a list or a map as a key", 1, 3],
        ["no key", "? \n: b\n", "an entry without a key", 1, 3],
        ["a merge of text", "a:\n  <<: b\n", "something else than a map behind <<", 2, 7],
        ["a date", "a: 2020-01-01\n", "2020-01-01 without quotes", 1, 4],
        ["no number", "a: .inf\n", ".inf", 1, 4],
        ["a NUL in a value", 'a: "x\\0"\n', "text with a NUL character", 1, 4],
        ["a NUL in the file", "a: 1\n# \0\n", "the control character U+0000", 2, 3],
    ])("%s", (_, text, found, line, column) => {
        const problem = one(text);
        expect(problem).toMatchObject({ found, place: { line, column } });
        expect(problem.allowed).not.toBe("");
        expect(problem.fix).not.toBe("");
    });

    test("UTF-16", () => {
        expect(one(Buffer.from("\ufeffa: 1", "utf16le"))).toEqual({
            path: "the file",
            found: "text in UTF-16",
            allowed: "UTF-8: git compares UTF-16 as it compares pictures, so nobody sees what a change changes",
            fix: "save it as UTF-8, for example: iconv -f UTF-16 -t UTF-8 OLD > NEW",
            place: { line: 1, column: 1 },
        });
    });

    test("Latin-1", () => {
        expect(one(Buffer.from("a: 1\nb: café\n", "latin1"))).toMatchObject({
            found: "the byte 0xe9, which is not UTF-8 there",
            place: { line: 2, column: 7 },
        });
    });

    test("levels in each other", () => {
        expect(one(`a: ${"[".repeat(150)}${"]".repeat(150)}`).found).toBe("more than 100 lists and maps in each other");
        expect(read(`a: ${"[".repeat(3000)}${"]".repeat(3000)}`).problems.length).toBeGreaterThan(0);
        expect(read(`a: ${"[".repeat(1e5)}`).document).toBeUndefined();
    });

    test("aliases that repeat aliases", () => {
        const lines = Array.from(
            { length: 9 },
            (_, index) =>
                `k${index}: &k${index} [${Array(10)
                    .fill(index === 0 ? "1" : `*k${index - 1}`)
                    .join(", ")}]`,
        );
        expect(one(lines.join("\n")).found).toBe("more than 200000 values, with what aliases repeat");
    });

    test("a file that is too long", () => {
        expect(one(Buffer.alloc(5 * 2 ** 20, 0x23))).toMatchObject({ found: "5242880 bytes" });
    });

    test("many mistakes, of which the first twenty", () => {
        const { problems } = read(Array.from({ length: 100 }, () => "a: 1").join("\n"));
        expect(problems).toHaveLength(21);
        expect(problems.at(-1)!.found).toBe("the key a a second time, and 78 more mistakes below");
    });
});

describe("what Pulumi reads is read as Pulumi does:", () => {
    test.each([
        ["aliases", "a: &x {b: 1}\nc: *x\n", { a: { b: 1 }, c: { b: 1 } }],
        ["merges", "a: &x {b: 1, c: 1}\nd:\n  <<: *x\n  b: 2\n", { a: { b: 1, c: 1 }, d: { b: 2, c: 1 } }],
        ["a byte order mark", "\ufeffa: 1\n", { a: 1 }],
        ["CRLF", "a: 1\r\nb: x\r\n", { a: 1, b: "x" }],
        ["a first line ---", "---\na: 1\n", { a: 1 }],
        ["octal numbers", "a: 012\nb: 0o14\nc: 012345678901\n", { a: 10, b: 12, c: 12345678901 }],
        ["underlines and binary", "a: 1_000\nb: 0b11\nc: a_b\n", { a: 1000, b: 3, c: "a_b" }],
        ["words", "a: yes\nb: on\nc: True\nd: ~\n", { a: "yes", b: "on", c: true, d: null }],
        ["numbers as keys", "1: a\ntrue: b\n", { "1": "a", true: "b" }],
        ["a tab behind a colon", "a:\t1\n", { a: 1 }],
        ["text with a tag of text", "a: !!str 12\n", { a: "12" }],
    ])("%s", (_, text, value) => {
        const { problems, document } = read(text);
        expect(problems).toEqual([]);
        expect(document?.value).toEqual(value);
    });

    test("names of JavaScript's objects are keys like others", () => {
        const { document } = read("__proto__: 1\nconstructor: {toString: 2}\n");
        expect(Object.entries(document!.value as object)).toEqual([
            ["__proto__", 1],
            ["constructor", { toString: 2 }],
        ]);
    });
});

test("a setting's place is its key's, or that of what would hold it", () => {
    const { document } = read("config:\n  p:apps:\n    - &a\n      name: shop\n      version: 1.30\n    - *a\n");
    const at = (...keys: PropertyKey[]) => document!.placeOf(["config", "p:apps", ...keys]);
    expect(at()).toEqual({ line: 2, column: 3 });
    expect(at(0, "name")).toEqual({ line: 4, column: 7 });
    expect(at(0, "web", "threads")).toEqual({ line: 4, column: 7 });
    expect(at(1, "name")).toEqual({ line: 4, column: 7 });
    expect(document!.placeOf(["config", "p:cache"])).toEqual({ line: 1, column: 1 });
});
