// Does not prove that the suggestion is what the user meant.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editDistance, nearestWord } from "../../../lib/nearest-word.ts";

describe("nearestWord", () => {
    const words = ["replicas", "port", "cache", "environment"];

    test.each([
        ["replica", "replicas"],
        ["repliacs", "replicas"],
        ["Replicas", "replicas"],
        ["prot", "port"],
        ["cahce", "cache"],
        ["enviroment", "environment"],
    ])("of %s is %s", (typed, word) => {
        expect(nearestWord(typed, words)).toBe(word);
    });

    test.each(["", "flavour", "x", "cpu"])("there is none of %j", (typed) => {
        expect(nearestWord(typed, words)).toBeUndefined();
    });

    test("there is none when there are no words", () => {
        expect(nearestWord("port", [])).toBeUndefined();
    });
});

describe("editDistance", () => {
    const text = fc.string({ maxLength: 12 });

    test.each([
        ["", "", 0],
        ["", "abc", 3],
        ["abc", "abc", 0],
        ["abc", "acb", 1],
        ["abc", "ab", 1],
        ["kitten", "sitting", 3],
    ])("from %j to %j is %d", (a, b, distance) => {
        expect(editDistance(a, b)).toBe(distance);
    });

    test("is the same both ways, zero only for equal texts, and never more than the longer text", () => {
        fc.assert(
            fc.property(text, text, (a, b) => {
                const distance = editDistance(a, b);
                expect(distance).toBe(editDistance(b, a));
                expect(distance === 0).toBe(a === b);
                expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
                expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
            }),
        );
    });
});
