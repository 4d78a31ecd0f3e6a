// What the check says of settings, as tables: each case in full, refused or told.
import { describe, expect, test } from "vitest";
import type { Problem } from "../../settings/problems.ts";
import { adviceOn, checkSettings } from "../../settings/settings.ts";
import { problemsAfter, smallestSettings, withSettings, type Change } from "./settings.ts";

/** Of the smallest settings, what is told beside the plan and is not what a case is about. */
export const quiet: readonly Change[] = [
    ["platform.issuer", { name: "letsencrypt" }],
    ["platform.enforcesNetworkPolicy", true],
];

/** Everything that is told of the smallest settings after these changes. @throws SettingsError when they are wrong */
export function adviceAfter(...changes: readonly Change[]): readonly Problem[] {
    return adviceOn(checkSettings(withSettings(smallestSettings(), changes), "staging"));
}

/** What, the changes, and everything that is found then. */
export type FindingCase = readonly [what: string, changes: readonly Change[], found: readonly Problem[]];

/** @param cases the smallest settings, changed, are refused for exactly this */
export function refused(title: string, cases: readonly FindingCase[]): void {
    describe(title, () => {
        test.each(cases)("%s", (_, changes, found) => {
            expect(problemsAfter(...changes)).toEqual(found);
        });
    });
}

/** @param cases the smallest settings, changed, are right, and exactly this is told; nothing where nothing is found */
export function told(title: string, cases: readonly FindingCase[]): void {
    describe(title, () => {
        test.each(cases)("%s", (_, changes, found) => {
            expect(problemsAfter(...changes)).toEqual([]);
            expect(adviceAfter(...changes)).toEqual(found);
        });
    });
}
