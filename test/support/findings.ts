// Tables of settings and what is said of them: refused, told as advice, or nothing at all.
import { describe, expect, test } from "vitest";
import type { Problem } from "../../settings/problems.ts";
import { adviceAfter, problemsAfter, type Change } from "./settings.ts";

export interface FindingCase extends Problem {
    readonly what: string;
    readonly changes: readonly Change[];
}

/** @param cases the smallest settings, changed, have this one problem and no other */
export function refused(title: string, cases: readonly FindingCase[]): void {
    describe(title, () => {
        test.each(cases)("$what", ({ what: _, changes, ...problem }) => {
            expect(problemsAfter(...changes)).toEqual([problem]);
        });
    });
}

/** @param cases the smallest settings, changed, are right, and their owner is told this and nothing else */
export function advised(title: string, cases: readonly FindingCase[]): void {
    describe(title, () => {
        test.each(cases)("$what", ({ what: _, changes, ...problem }) => {
            expect(problemsAfter(...changes)).toEqual([]);
            expect(adviceAfter(...changes)).toEqual([problem]);
        });
    });
}

/** @param cases the smallest settings, changed, are right, and nothing is said of them */
export function passes(
    title: string,
    cases: ReadonlyArray<{ readonly what: string; readonly changes: readonly Change[] }>,
): void {
    describe(title, () => {
        test.each(cases)("$what", ({ changes }) => {
            expect(problemsAfter(...changes)).toEqual([]);
            expect(adviceAfter(...changes)).toEqual([]);
        });
    });
}
