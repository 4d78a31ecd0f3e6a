// Words in which several clouds say that everybody may come.
import { isInternet } from "../internet.ts";

/** Whether address ranges take in everyone, in however many parts. What is no range, takes in nobody. */
export function takesInEveryone(ranges: readonly unknown[]): boolean {
    return isInternet(ranges.filter((range) => typeof range === "string"));
}

/** Of a list like `[{ value: "0.0.0.0/0" }]`. */
export function admitsEveryone(list: unknown): boolean {
    return Array.isArray(list) && takesInEveryone(list.map((entry) => (entry as { value?: unknown } | null)?.value));
}
