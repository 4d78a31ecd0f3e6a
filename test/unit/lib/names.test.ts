// Does not prove that a name is free in the cluster, nor that every caller leaves room for what is appended to it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dnsLabel, labelLimit } from "../../../lib/names.ts";

const word = fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/);
const words = fc.array(word, { minLength: 1, maxLength: 6 });
const limit = fc.integer({ min: 16, max: labelLimit });

describe("dnsLabel", () => {
    test.each([
        { parts: ["shop"], name: "shop" },
        { parts: ["shop", "worker", "mail"], name: "shop-worker-mail" },
        { parts: ["a".repeat(63)], name: "a".repeat(63) },
    ])("joins $parts to $name", ({ parts, name }) => {
        expect(dnsLabel(parts)).toBe(name);
    });

    test("keeps the beginning of a name that is too long, and ends in a hash of the whole", () => {
        expect(dnsLabel(["a".repeat(64)])).toMatch(/^a{54}-[0-9a-f]{8}$/);
        expect(dnsLabel(["a".repeat(64)])).toBe(dnsLabel(["a".repeat(64)]));
    });

    test("leaves no two hyphens where the name was cut at one", () => {
        expect(dnsLabel(["abcdefg", "hijklmnopq"], 17)).toMatch(/^abcdefg-[0-9a-f]{8}$/);
    });

    test("is a DNS label within the limit, whatever the parts", () => {
        fc.assert(
            fc.property(words, limit, (parts, most) => {
                const name = dnsLabel(parts, most);
                expect(name.length).toBeLessThanOrEqual(most);
                expect(name).toMatch(/^[a-z]([a-z0-9-]*[a-z0-9])?$/);
            }),
        );
    });

    test("is different for different long names, also when they differ only at their end", () => {
        const beginning = fc.stringMatching(/^[a-z][a-z0-9]{59}$/);
        const end = fc.stringMatching(/^[a-z0-9]{4,12}$/);
        fc.assert(
            fc.property(beginning, end, end, (start, one, other) => {
                fc.pre(one !== other);
                expect(dnsLabel([start, one])).not.toBe(dnsLabel([start, other]));
            }),
        );
    });
});
