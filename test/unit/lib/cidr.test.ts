// Does not prove that a cloud takes a range: each has reserved ones of its own.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRange, overlapping, overlaps, range, subnets } from "../../../lib/cidr.ts";

const dotted = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

/** Any range, as text. */
const anyRange = fc
    .record({ address: fc.integer({ min: 0, max: 2 ** 32 - 1 }), bits: fc.integer({ min: 0, max: 32 }) })
    .map(({ address, bits }) => `${dotted(address - (address % 2 ** (32 - bits)))}/${bits}`);

describe("range", () => {
    test.each([
        ["10.20.0.0/16", { first: 10 * 2 ** 24 + 20 * 2 ** 16, bits: 16 }],
        ["0.0.0.0/0", { first: 0, bits: 0 }],
        ["255.255.255.255/32", { first: 2 ** 32 - 1, bits: 32 }],
    ])("%s", (cidr, expected) => expect(range(cidr)).toEqual(expected));

    test.each(["10.20.0.0", "10.20.0/16", "10.20.0.256/32", "10.20.0.0/33", "fd00::/8", "", "10.20.0.0/16 "])(
        "%j is none",
        (cidr) => {
            expect(() => range(cidr)).toThrow(`${cidr} is no IPv4 address range`);
            expect(isRange(cidr)).toBe(false);
        },
    );

    test("an address inside a range is refused, with the range's first", () => {
        expect(() => range("10.20.30.40/20")).toThrow(
            "10.20.30.40/20 does not begin with its first address, 10.20.16.0",
        );
    });
});

describe("overlaps", () => {
    test.each([
        ["10.0.0.0/16", "10.0.0.0/16", true],
        ["10.0.0.0/8", "10.20.0.0/16", true],
        ["10.20.0.0/16", "10.0.0.0/8", true],
        ["10.0.0.0/16", "10.1.0.0/16", false],
        ["10.0.0.0/20", "10.0.16.0/20", false],
        ["0.0.0.0/0", "255.255.255.255/32", true],
    ])("%s and %s: %s", (one, other, expected) => expect(overlaps(one, other)).toBe(expected));

    test("is the same both ways, and of two ranges that overlap one holds the other", () => {
        fc.assert(
            fc.property(anyRange, anyRange, (one, other) => {
                const [a, b] = [range(one), range(other)];
                const outer = a.bits <= b.bits ? a : b;
                const inner = a.bits <= b.bits ? b : a;
                const held =
                    Math.floor(inner.first / 2 ** (32 - outer.bits)) ===
                    Math.floor(outer.first / 2 ** (32 - outer.bits));
                return overlaps(one, other) === overlaps(other, one) && overlaps(one, other) === held;
            }),
        );
    });

    test("names the first two of several", () => {
        expect(overlapping({ nodes: "10.0.0.0/20", pods: "10.16.0.0/14", services: "10.18.0.0/20" })).toEqual([
            "pods",
            "services",
        ]);
        expect(overlapping({ nodes: "10.0.0.0/20", pods: "10.16.0.0/14" })).toBeUndefined();
    });
});

describe("subnets", () => {
    test("the first parts, in order", () => {
        expect(subnets("10.20.0.0/16", 4, 3)).toEqual(["10.20.0.0/20", "10.20.16.0/20", "10.20.32.0/20"]);
        expect(subnets("192.168.255.0/24", 1, 2)).toEqual(["192.168.255.0/25", "192.168.255.128/25"]);
    });

    test("a greater count moves none, and no two overlap", () => {
        fc.assert(
            fc.property(
                anyRange.filter((cidr) => range(cidr).bits <= 28),
                fc.integer({ min: 1, max: 15 }),
                (cidr, count) => {
                    const parts = subnets(cidr, 4, count + 1);
                    expect(parts.slice(0, count)).toEqual(subnets(cidr, 4, count));
                    expect(overlapping(Object.fromEntries(parts.entries()))).toBeUndefined();
                    expect(parts.every((part) => overlaps(part, cidr))).toBe(true);
                },
            ),
        );
    });

    test("more than there are is refused", () => {
        expect(() => subnets("10.20.0.0/16", 2, 5)).toThrow("10.20.0.0/16 does not have 5 parts of /18");
        expect(() => subnets("10.20.0.0/30", 4, 1)).toThrow("10.20.0.0/30 does not have 1 parts of /34");
    });
});
