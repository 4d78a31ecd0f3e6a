// The stand-in for the random plugin: what it makes, hides, refuses and replaces. Does not prove that the engine
// encrypts what is marked: see test/engine.
import { compare } from "bcryptjs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
    isSecret,
    secret,
    secretPaths,
    unknownValue,
    type PropertyMap,
    type ResourceCall,
} from "../provider-host/index.ts";
import { randomCharacters } from "../provider-random/characters.ts";
import { createRandomProvider } from "../provider-random/provider.ts";

const passwordType = "random:index/randomPassword:RandomPassword";
const stringType = "random:index/randomString:RandomString";
const bytesType = "random:index/randomBytes:RandomBytes";
const idType = "random:index/randomId:RandomId";

const provider = createRandomProvider();
const about = (type: string): ResourceCall => ({
    urn: `urn::${type}`,
    type,
    name: "x",
    signal: new AbortController().signal,
    log: () => {},
});
const check = (type: string, newInputs: PropertyMap) =>
    provider.check({ ...about(type), oldInputs: undefined, newInputs, randomSeed: undefined });

async function make(type: string, inputs: PropertyMap, preview = false) {
    const checked = await check(type, inputs);
    expect(checked.failures).toEqual([]);
    return provider.create({ ...about(type), inputs: checked.inputs, preview, timeoutSeconds: undefined });
}

const reveal = (value: unknown) => (isSecret(value) ? (value.value as string) : undefined);

describe("values", () => {
    test("a password is secret, with its hash, and never the same", async () => {
        const { id, outputs } = await make(passwordType, { length: 24 });
        expect(id).toBe("none");
        expect(secretPaths(outputs)).toEqual([["result"], ["bcryptHash"]]);
        expect(reveal(outputs["result"])).toHaveLength(24);
        expect(reveal(outputs["bcryptHash"])).toMatch(/^\$2a\$10\$.{53}$/);
        expect(await compare(reveal(outputs["result"])!, reveal(outputs["bcryptHash"])!)).toBe(true);
        expect(reveal((await make(passwordType, { length: 24 })).outputs["result"])).not.toBe(
            reveal(outputs["result"]),
        );
    });

    test("bytes are secret in both spellings, which say the same", async () => {
        const { outputs } = await make(bytesType, { length: 33 });
        expect(secretPaths(outputs)).toEqual([["base64"], ["hex"]]);
        expect(Buffer.from(reveal(outputs["base64"]) as string, "base64").toString("hex")).toBe(reveal(outputs["hex"]));
        expect(reveal(outputs["hex"])).toHaveLength(66);
    });

    test("strings and ids are for names, so not secret; the id says the same in four spellings", async () => {
        const text = await make(stringType, { length: 6, special: false });
        expect(text).toMatchObject({
            id: text.outputs["result"],
            outputs: { length: 6, special: false, numeric: true },
        });
        const { id, outputs } = await make(idType, { byteLength: 8, prefix: "web-" });
        const hex = (outputs["hex"] as string).slice(4);
        expect(outputs).toMatchObject({
            hex: `web-${hex}`,
            dec: `web-${BigInt(`0x${hex}`)}`,
            b64Url: `web-${id}`,
            b64Std: `web-${Buffer.from(hex, "hex").toString("base64")}`,
        });
    });

    test("are unknown in a preview", async () => {
        const { id, outputs } = await make(passwordType, { length: 24 }, true);
        expect(id).toBe("");
        expect(outputs).toMatchObject({ length: 24, result: unknownValue, bcryptHash: unknownValue });
    });

    test("have what was demanded, only what was allowed, and the length", () => {
        const counts = fc.record({
            length: fc.integer({ min: 20, max: 60 }),
            minLower: fc.nat(5),
            minUpper: fc.nat(5),
            minNumeric: fc.nat(5),
            minSpecial: fc.nat(5),
            overrideSpecial: fc.constantFrom("-_", "!"),
        });
        fc.assert(
            fc.property(counts, (inputs) => {
                const text = randomCharacters({ lower: true, upper: false, numeric: true, special: true, ...inputs });
                const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
                expect(text).toHaveLength(inputs.length);
                expect(count(/[a-z]/g)).toBeGreaterThanOrEqual(inputs.minLower);
                expect(count(/[A-Z]/g)).toBe(inputs.minUpper);
                expect(count(/[0-9]/g)).toBeGreaterThanOrEqual(inputs.minNumeric);
                expect(count(/[-_!]/g)).toBeGreaterThanOrEqual(inputs.minSpecial);
                expect(
                    text
                        .replaceAll(/[a-zA-Z0-9]/g, "")
                        .split("")
                        .every((c) => inputs.overrideSpecial.includes(c)),
                ).toBe(true);
            }),
        );
    });

    test("every character is as likely as any other, at every place", () => {
        const inputs = { length: 10, upper: false, lower: false, special: false, minNumeric: 10 };
        const [byDigit, byPlace] = [new Array<number>(10).fill(0), new Array<number>(10).fill(0)];
        for (let round = 0; round < 20_000; round++) {
            Array.from(randomCharacters(inputs)).forEach((digit, place) => {
                byDigit[Number(digit)] = (byDigit[Number(digit)] ?? 0) + 1;
                if (digit === "7") {
                    byPlace[place] = (byPlace[place] ?? 0) + 1;
                }
            });
        }
        // Nine standard deviations: fails by accident less often than the machine does.
        for (const count of byDigit) {
            expect(Math.abs(count - 20_000)).toBeLessThan(9 * Math.sqrt(200_000 * 0.1 * 0.9));
        }
        for (const count of byPlace) {
            expect(Math.abs(count - 2_000)).toBeLessThan(9 * Math.sqrt(20_000 * 0.1 * 0.9));
        }
    });
});

describe("inputs", () => {
    test.each([
        [passwordType, {}, "length", "is missing"],
        [passwordType, { length: 0 }, "length", "is 0; allowed is a whole number of at least 1"],
        [passwordType, { length: "8" }, "length", 'is "8"'],
        [passwordType, { length: 4, minLower: 3, minUpper: 3 }, "length", "demand 6. Fix: raise length"],
        [passwordType, { length: 4, minSpecial: -1 }, "minSpecial", "is -1"],
        [
            passwordType,
            { length: 4, lower: false, upper: false, number: false, special: false },
            undefined,
            "leaves no character",
        ],
        [passwordType, { length: 4, lenght: 5 }, "lenght", "is not an input; allowed are keepers, length"],
        [bytesType, { length: 1.5 }, "length", "is 1.5"],
        [idType, {}, "byteLength", "is missing"],
    ])("%s with %j: %s %s", async (type, inputs, property, reason) => {
        const { failures } = await check(type, inputs);
        expect(failures).toHaveLength(1);
        expect(failures?.[0]?.path[0]).toBe(property);
        expect(failures?.[0]?.reason).toContain(reason);
    });

    test("all failures at once, and no secret among the words", async () => {
        const { failures } = await check(passwordType, { length: secret("hunter2"), minLower: -1 });
        expect(failures).toHaveLength(2);
        expect(JSON.stringify(failures)).not.toContain("hunter2");
    });

    test("what a preview does not know yet is not wrong", async () => {
        expect((await check(passwordType, { length: unknownValue, keepers: { a: unknownValue } })).failures).toEqual(
            [],
        );
    });
});

describe("life", () => {
    const diff = (oldInputs: PropertyMap, newInputs: PropertyMap) =>
        provider.diff({ ...about(passwordType), id: "none", oldInputs, oldOutputs: {}, newInputs, ignoreChanges: [] });

    test("no change of inputs is no change, also for what the official plugin had made", async () => {
        const { inputs } = await check(passwordType, { length: 8 });
        expect((await diff(inputs, inputs)).changes).toEqual([]);
        expect((await diff({ __defaults: [], length: 8 }, inputs)).changes).toEqual([]);
    });

    test.each([
        [{ length: 9 }, "length"],
        [{ length: 8, special: false }, "special"],
        [{ length: 8, keepers: { a: "1" } }, "keepers"],
        [{ length: 8, keepers: unknownValue }, "keepers"],
    ])("a change to %j replaces", async (changed, property) => {
        const [before, after] = [await check(passwordType, { length: 8 }), await check(passwordType, changed)];
        expect((await diff(before.inputs, after.inputs)).changes).toMatchObject([{ path: [property], replace: true }]);
    });

    test("a refresh keeps it; from elsewhere it cannot be had", async () => {
        const { id, outputs } = await make(passwordType, { length: 8 });
        const call = { ...about(passwordType), id, timeoutSeconds: undefined };
        expect(await provider.read({ ...call, inputs: { length: 8 }, outputs })).toMatchObject({ id, outputs });
        await expect(provider.read({ ...call, inputs: undefined, outputs: {} })).rejects.toThrow(
            "secret setting instead",
        );
    });

    test("another type is refused by name, with what there is", async () => {
        await expect(check("random:index/randomPet:RandomPet", {})).rejects.toThrow(
            /does not have random:index\/randomPet:RandomPet\. It has .*RandomId/,
        );
    });
});
