// Values with marks, on the wire and compared. Does not prove that the engine reads them so: see test/engine.
import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
    containsSecret,
    containsUnknown,
    copySecrets,
    diffProperties,
    formatPath,
    isSecret,
    markSecrets,
    markUnknown,
    secret,
    secretPaths,
    toPlain,
    unknownValue,
    unknownPaths,
    withoutSecrets,
    type PropertyMap,
    type PropertyValue,
} from "../provider-host/index.ts";
import { decode, encode, fromWire, toWire } from "../provider-host/wire.ts";

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

// The protobuf library loses a member of this name, in the SDK as here.
const key = fc.string().filter((name) => name !== "__proto__");
const value: fc.Arbitrary<PropertyValue> = fc.letrec<{ value: PropertyValue }>((tie) => ({
    value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.integer(),
        fc.string(),
        fc.constant(unknownValue),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(key, tie("value"), { maxKeys: 3 }),
        tie("value").map(secret),
    ),
})).value;
const map = fc.dictionary(key, value);

describe("on the wire", () => {
    test("every value comes back as it went", () => {
        fc.assert(
            fc.property(value, (original) => {
                expect(decode(JSON.parse(JSON.stringify(encode(original))))).toEqual(original);
            }),
        );
        fc.assert(
            fc.property(map, (original) => {
                expect(fromWire(toWire(original))).toEqual(original);
            }),
        );
    });

    test("a secret is a signed object, an unknown a magic string, undefined nothing", () => {
        expect(encode({ a: secret("x"), b: unknownValue, c: undefined })).toEqual({
            a: { [signatureKey]: secretSignature, value: "x" },
            b: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        });
    });

    test("unknowns of every type, and output values", () => {
        expect(decode("3eeb2bf0-c639-47a8-9e75-3b44932eb421")).toBe(unknownValue);
        expect(decode({ [signatureKey]: outputSignature })).toBe(unknownValue);
        expect(decode({ [signatureKey]: outputSignature, value: 1 })).toBe(1);
        const hidden = decode({ [signatureKey]: outputSignature, value: 1, secret: true });
        expect(isSecret(hidden) && hidden.value).toBe(1);
    });

    test("a missing struct is an empty map", () => {
        expect(fromWire(undefined)).toEqual({});
    });
});

describe("a secret", () => {
    test("is not shown by any way of printing", () => {
        const hidden = { password: secret("hunter2") };
        for (const text of [
            String(hidden.password),
            JSON.stringify(hidden),
            inspect(hidden, { depth: 9, showHidden: true }),
        ]) {
            expect(text).not.toContain("hunter2");
        }
    });

    test("is not wrapped twice", () => {
        expect(secret(secret(1))).toEqual(secret(1));
    });
});

describe("marks", () => {
    const marked: PropertyMap = {
        a: secret({ deep: 1 }),
        list: [1, secret(2)],
        later: unknownValue,
        both: secret([unknownValue]),
    };

    test("are found", () => {
        expect(secretPaths(marked)).toEqual([["a"], ["list", 1], ["both"]]);
        expect(unknownPaths(marked)).toEqual([["later"], ["both"]]);
        expect([
            containsSecret(marked),
            containsUnknown(marked),
            containsSecret({}),
            containsUnknown(undefined),
        ]).toEqual([true, true, false, false]);
    });

    test("are taken off", () => {
        expect(withoutSecrets(marked)).toEqual({
            a: { deep: 1 },
            list: [1, 2],
            later: unknownValue,
            both: [unknownValue],
        });
        expect(toPlain(marked)).toEqual({ a: { deep: 1 }, list: [1, 2], both: [] });
    });

    test("are put back where they were", () => {
        fc.assert(
            fc.property(map, (original) => {
                // Marks inside of marks are not put back, and need not be.
                const bare = withoutSecrets(original);
                expect(secretPaths(markSecrets(bare, secretPaths(original)))).toEqual(secretPaths(original));
            }),
        );
        expect(markSecrets({ a: 1 }, [["b"]])).toEqual({ a: 1 });
        expect(
            markUnknown({ a: { x: 1 } }, [
                ["a", "y"],
                ["status", "ip"],
            ]),
        ).toEqual({
            a: { x: 1, y: unknownValue },
            status: { ip: unknownValue },
        });
    });

    test("are copied to what a server answered, member by member, arrays as a whole", () => {
        const from = { data: { a: secret("1"), b: "2" }, list: ["x", secret("y")], gone: secret(1) };
        const to = { data: { a: "1", b: "2", c: "3" }, list: ["y", "x"], uid: "u" };
        expect(secretPaths(copySecrets(from, to))).toEqual([["data", "a"], ["list"]]);
    });
});

describe("paths", () => {
    test.each([
        [["spec", "containers", 0, "image"], "spec.containers[0].image"],
        [["metadata", "annotations", "a.b/c"], 'metadata.annotations["a.b/c"]'],
        // A slash needs no quotes, in the engine's own way of writing.
        [["metadata", "labels", "a/b"], "metadata.labels.a/b"],
        [['say "x"'], '["say \\"x\\""]'],
        [[], ""],
    ])("%j is %s", (path, text) => expect(formatPath(path)).toBe(text));
});

describe("differences", () => {
    test("a value equals itself", () => {
        fc.assert(
            fc.property(map, (original) => {
                expect(diffProperties(original, original)).toEqual([]);
            }),
        );
    });

    test("are as deep as possible, by kind", () => {
        const before = { same: 1, gone: 1, deep: { list: [1, 2, 3], x: 1 } };
        const after = { same: 1, added: 1, deep: { list: [1, 9], x: unknownValue } };
        expect(diffProperties(before, after)).toEqual([
            { path: ["gone"], kind: "delete" },
            { path: ["deep", "list", 1], kind: "update" },
            { path: ["deep", "list", 2], kind: "delete" },
            { path: ["deep", "x"], kind: "update" },
            { path: ["added"], kind: "add" },
        ]);
    });

    test("marks of secrets do not count, nor does null against nothing", () => {
        expect(
            diffProperties({ a: "1", b: secret({ c: 1 }), n: null }, { a: secret("1"), b: { c: secret(1) } }),
        ).toEqual([]);
    });

    test("know what replaces and what is ignored", () => {
        const options = {
            replaces: ([first]: readonly unknown[]) => first === "id",
            ignores: ([first]: readonly unknown[]) => first === "skip",
        };
        expect(diffProperties({ id: 1, skip: 1, x: 1 }, { id: 2, skip: 2, x: 2 }, options)).toEqual([
            { path: ["id"], kind: "update", replace: true },
            { path: ["x"], kind: "update" },
        ]);
    });
});
