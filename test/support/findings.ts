// What the check says of settings, as tables: each case in full, refused or told.
import { describe, expect, test } from "vitest";
import type { Problem } from "../../settings/problems.ts";
import { adviceAfter, problemsAfter, type Change } from "./settings.ts";

/** Of the smallest settings, what is told beside the plan and is not what a case is about. */
export const quiet: readonly Change[] = [
    ["platform.issuer", { name: "letsencrypt" }],
    ["platform.enforcesNetworkPolicy", true],
    ["database.backups", { to: { endpoint: "https://s3.example.org", bucket: "shop-backups" } }],
    ["secrets.databaseBackupsAccessKeyId", "AKIDBACKUPS"],
    ["secrets.databaseBackupsSecretAccessKey", "s3cret of backups"],
    ["secrets.databaseBackupsPassphrase", "correct horse battery staple"],
];

/** What, the changes, and everything that is found then. */
export type FindingCase = readonly [what: string, changes: readonly Change[], found: readonly Problem[]];

/**
 * @param cases the smallest settings, changed, are refused for exactly this
 * @param first is changed before. @default nothing
 */
export function refused(title: string, cases: readonly FindingCase[], first: readonly Change[] = []): void {
    describe(title, () => {
        test.each(cases)("%s", (_, changes, found) => {
            expect(problemsAfter(...first, ...changes)).toEqual(found);
        });
    });
}

/**
 * @param cases the smallest settings, changed, are right, and exactly this is told; nothing where nothing is found
 * @param first is changed before. @default nothing
 */
export function told(title: string, cases: readonly FindingCase[], first: readonly Change[] = []): void {
    describe(title, () => {
        test.each(cases)("%s", (_, changes, found) => {
            expect(problemsAfter(...first, ...changes)).toEqual([]);
            expect(adviceAfter(...first, ...changes)).toEqual(found);
        });
    });
}
