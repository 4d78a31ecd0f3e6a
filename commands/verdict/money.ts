// What a month costs before and after, item by item.
import type { MonthlyCost } from "../plan/cost.ts";

export interface CostChange {
    /** US dollars. */
    readonly before: number;
    readonly after: number;
    readonly delta: number;
    /** Those that differ, the largest difference first. @default before and after: there is none of it */
    readonly items: ReadonlyArray<{ readonly name: string; readonly before: number; readonly after: number }>;
    /** What is billed then and has no price in the list, that had not to be paid before. */
    readonly unpriced: readonly string[];
    readonly pricesOf: readonly string[];
}

/** @returns undefined where neither has anything in a cloud */
export function costChange(before: MonthlyCost | undefined, after: MonthlyCost | undefined): CostChange | undefined {
    if (before === undefined && after === undefined) {
        return undefined;
    }
    const [old, next] = [amounts(before), amounts(after)];
    const items = [...new Set([...old.keys(), ...next.keys()])]
        .map((name) => ({ name, before: old.get(name) ?? 0, after: next.get(name) ?? 0 }))
        .filter((item) => cents(item.before) !== cents(item.after))
        .toSorted((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
    const [was, is] = [before?.monthly ?? 0, after?.monthly ?? 0];
    const known = new Set(before?.unpriced);
    return {
        before: was,
        after: is,
        delta: Math.round((is - was) * 100) / 100,
        items,
        unpriced: (after?.unpriced ?? []).filter((name) => !known.has(name)),
        pricesOf: [...new Set([...(before?.pricesOf ?? []), ...(after?.pricesOf ?? [])])],
    };
}

function amounts(cost: MonthlyCost | undefined): ReadonlyMap<string, number> {
    const sums = new Map<string, number>();
    for (const { name, monthly } of cost?.items ?? []) {
        sums.set(name, (sums.get(name) ?? 0) + monthly);
    }
    return sums;
}

function cents(dollars: number): number {
    return Math.round(dollars * 100);
}

/** "USD 1,062", "USD 7.54": two dollar signs in a line are mathematics to a forge. */
export function dollars(amount: number): string {
    const digits = Math.abs(amount) < 100 && !Number.isInteger(amount) ? 2 : 0;
    const text = Math.abs(amount).toLocaleString("en-US", {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
    });
    return `${amount < 0 ? "-" : ""}USD ${text}`;
}
