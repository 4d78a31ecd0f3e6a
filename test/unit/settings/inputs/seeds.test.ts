// Seeds: whose rows may be served unmasked, and what a seed needs beside it. Not proved: that a mask masks (test/unit/seed-scripts.test.ts).
import { describe, expect, test } from "vitest";
import { refused } from "../../../support/findings.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const lent: Change = ["lends.database", true];
const borrowers: Change = ["lends.borrowers", { environments: 2, connections: 5 }];
const mask = { sql: ["update auth_user set email = ''"] };
const staging: Change = ["environment.kind", "staging"];
const backups: readonly Change[] = [
    ["database.backups", { to: { endpoint: "https://s3.example.org", bucket: "shop-backups" } }],
    ["secrets.databaseBackupsAccessKeyId", "AKIDEXAMPLE"],
    ["secrets.databaseBackupsSecretAccessKey", "s3cret"],
    ["secrets.databaseBackupsPassphrase", "correct horse battery staple"],
];
const from = "shop/production/database";

describe("seeds that are right", () => {
    test.each<readonly [string, readonly Change[]]>([
        ["of staging's own rows, as they are", [staging, ["lends.seed", {}]]],
        ["masked by statements", [["lends.seed", { mask }]]],
        ["masked by a command", [["lends.seed", { mask: { command: ["python", "manage.py", "mask"] } }]]],
        ["each night, of another stack's dumps", [...backups, ["lends.seed", { from, mask, schedule: "0 2 * * *" }]]],
    ])("%s", (_, changes) => {
        expect(problemsAfter(lent, borrowers, ...changes)).toEqual([]);
    });
});

const path = "lends.seed.mask";
const production: readonly Change[] = [
    ["environment.kind", "production"],
    ["platform.issuer", { name: "letsencrypt" }],
    ["platform.enforcesNetworkPolicy", true],
];

refused("seeds of rows that may be somebody's", [
    [
        "of production's own, without a mask",
        [lent, borrowers, ...production, ["lends.seed", {}]],
        [
            {
                path,
                found: "nothing",
                allowed:
                    "what masks the rows: this environment is production, and whoever opens a pull request reads its seeds",
                fix: expect.stringContaining("mask: { sql: [") as string,
            },
        ],
    ],
    [
        "of dumps, without a mask",
        [lent, borrowers, staging, ...backups, ["lends.seed", { from }]],
        [
            {
                path,
                found: "nothing",
                allowed: `what masks the rows: of dumps at ${from} nobody knows that they are not production's, and whoever opens a pull request reads its seeds`,
                fix: expect.stringContaining("mask: { sql: [") as string,
            },
        ],
    ],
]);

describe("a seed is refused", () => {
    test.each<readonly [string, readonly Change[], string]>([
        ["where no server is lent", [["lends.seed", { mask }]], "lends.seed"],
        ["of dumps, where no bucket is named", [lent, borrowers, ["lends.seed", { from, mask }]], "lends.seed.from"],
        ["with a mask that says nothing", [lent, borrowers, ["lends.seed", { mask: {} }]], "lends.seed.mask"],
        ["with a mask of no statement", [lent, borrowers, ["lends.seed", { mask: { sql: [] } }]], "lends.seed.mask"],
        ["with a name that no database has", [lent, borrowers, ["lends.seed", { name: "Seeds!" }]], "lends.seed.name"],
        ["that keeps none", [lent, borrowers, ["lends.seed", { keep: 0, mask }]], "lends.seed.keep"],
        [
            "with a schedule that is none",
            [lent, borrowers, ["lends.seed", { schedule: "nightly", mask }]],
            "lends.seed.schedule",
        ],
    ])("%s", (_, changes, at) => {
        expect(problemsAfter(...changes).map((problem) => problem.path)).toContain(at);
    });
});
