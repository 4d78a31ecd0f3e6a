// Does not prove that a cluster has that much.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
    bytes,
    isByteQuantity,
    isCpuQuantity,
    megabytesOf,
    millicores,
    type ByteQuantity,
    type CpuQuantity,
} from "../../../lib/quantities.ts";

const units = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4 } as const;
const unitNames = ["Ki", "Mi", "Gi", "Ti"] as const;

const byteQuantity = fc
    .tuple(fc.integer({ min: 1, max: 4096 }), fc.constantFrom(...unitNames))
    .map(([count, unit]): { text: ByteQuantity; value: number } => ({
        text: `${count}${unit}`,
        value: count * units[unit],
    }));

describe("byte quantities", () => {
    test.each(["1Ki", "512Mi", "20Gi", "3Ti"])("%s is one", (text) => {
        expect(isByteQuantity(text)).toBe(true);
    });

    test.each(["", "1", "1G", "1GB", "1gi", "0Gi", "01Gi", "1.5Gi", "-1Gi", " 1Gi", "1Gi\n", "1 Gi", "Gi", "1Pi"])(
        "%j is none",
        (text) => {
            expect(isByteQuantity(text)).toBe(false);
        },
    );

    test("count in powers of 1024", () => {
        fc.assert(
            fc.property(byteQuantity, ({ text, value }) => {
                expect(isByteQuantity(text)).toBe(true);
                expect(bytes(text)).toBe(value);
            }),
        );
    });
});

describe("megabytesOf", () => {
    test.each([
        { quantity: "512Mi", share: 0.25, result: 128 },
        { quantity: "2Gi", share: 0.5, result: 1024 },
        { quantity: "256Mi", share: 0.7, result: 179 },
        { quantity: "1Ki", share: 0.5, result: 1 },
    ] as const)("$share of $quantity is $result", ({ quantity, share, result }) => {
        expect(megabytesOf(quantity, share)).toBe(result);
    });

    test("is whole, at least one, and never more than the share", () => {
        fc.assert(
            fc.property(byteQuantity, fc.double({ min: 0, max: 1, noNaN: true }), ({ text, value }, share) => {
                const result = megabytesOf(text, share);
                expect(Number.isInteger(result)).toBe(true);
                expect(result).toBeGreaterThanOrEqual(1);
                expect(result === 1 || result * units.Mi <= value * share).toBe(true);
            }),
        );
    });
});

describe("CPU quantities", () => {
    test.each<[CpuQuantity, number]>([
        ["1m", 1],
        ["250m", 250],
        ["1", 1000],
        ["12", 12000],
        ["0.5", 500],
        ["0.001", 1],
        ["1.25", 1250],
        ["1.0", 1000],
    ])("%s is %d thousandths", (text, thousandths) => {
        expect(isCpuQuantity(text)).toBe(true);
        expect(millicores(text)).toBe(thousandths);
    });

    test.each(["", "0", "0m", "0.0", "0.5m", "-1", "1e3", ".5", "1.", "01", "1 ", "m", "0.0001", "1.2345", "100M"])(
        "%j is none",
        (text) => {
            expect(isCpuQuantity(text)).toBe(false);
        },
    );
});
