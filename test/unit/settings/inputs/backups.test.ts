// Backups of a database: their bucket, what opens it, when they are made and kept, and other data instead of what is there.
// Not proved here: that the server takes the key, which the archiver's log and `make status` show.
import { describe, expect, test } from "vitest";
import { moment } from "../../../../settings/backups.ts";
import { refused, type FindingCase } from "../../../support/findings.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const to = { endpoint: "https://s3.example.org", bucket: "shop-backups" };
const backups: Change = ["database.backups", { to }];
const passphrase: Change = ["secrets.databaseBackupsPassphrase", "correct horse battery staple"];
const keys: readonly Change[] = [
    ["secrets.databaseBackupsAccessKeyId", "AKIDEXAMPLE"],
    ["secrets.databaseBackupsSecretAccessKey", "s3cret"],
    passphrase,
];
const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

describe("backups that are right", () => {
    test.each<readonly [string, readonly Change[]]>([
        ["nothing but the bucket", []],
        [
            "each minute, at noon",
            [
                ["database.backups.recoveryPoint", 1],
                ["database.backups.at", "12:00"],
            ],
        ],
        [
            "at a private address",
            [
                ["database.backups.to.endpoint", "https://10.20.0.7:9000"],
                ["database.backups.to.cidrs", ["10.20.0.7/32"]],
            ],
        ],
        ["of a CA of one's own", [["database.backups.to.ca", ca]]],
        ["with a drill", [["database.backups.drill", { sql: ["select true"] }]]],
        ["the latest data", [["database.restore", { at: "latest" }]]],
        [
            "of a moment in another zone, of another stack",
            [["database.restore", { at: "2026-12-01T10:20:30.5+01:00", from: "shop/production/database" }]],
        ],
        ["a moment without quotes", [["database.restore", { at: "2026-12-01 10:20:30.185 +0000 UTC" }]]],
    ])("%s", (_, changes) => {
        expect(problemsAfter(...keys, backups, ...changes)).toEqual([]);
    });
});

const secretFix = (name: string): string => `pulumi config set --secret --path 'secrets.${name}'`;

refused("keys of backups", [
    [
        "none",
        [backups],
        [
            ...["databaseBackupsAccessKeyId", "databaseBackupsSecretAccessKey"].map((name) => ({
                path: `secrets.${name}`,
                found: "nothing",
                allowed:
                    "a key for the bucket at database.backups.to.endpoint: it may list, read, write and delete in it",
                fix: secretFix(name),
            })),
            {
                path: "secrets.databaseBackupsPassphrase",
                found: "nothing",
                allowed: "what the backups are encrypted with: 20 characters or more, kept elsewhere too",
                fix: secretFix("databaseBackupsPassphrase"),
            },
        ],
    ],
    [
        "for nothing",
        [passphrase],
        [
            {
                path: "secrets.databaseBackupsPassphrase",
                found: "a secret that nothing uses",
                allowed: "nothing, unless there is backups of a database",
                fix: "add backups of a database, or pulumi config rm --path 'secrets.databaseBackupsPassphrase'",
            },
        ],
    ],
]);

const form = {
    path: "secrets.databaseBackupsPassphrase",
    found: "a text of another form, which is not shown",
    allowed: "one line of 20 printable ASCII characters or more, without a space at either end",
    fix: secretFix("databaseBackupsPassphrase"),
};
refused(
    "passphrases of backups",
    ["nineteen characters", "two lines, of which the\nfirst would end it", "a space at its very end "].map((text) => [
        text,
        [...keys.slice(0, 2), ["secrets.databaseBackupsPassphrase", text], backups],
        [form],
    ]),
);

const endpoint = (value: string): Change[] => [...keys, backups, ["database.backups.to.endpoint", value]];

refused("servers of backups", [
    [
        "without TLS",
        endpoint("http://s3.example.org"),
        [
            {
                path: "database.backups.to.endpoint",
                found: '"http://s3.example.org"',
                allowed: "an https address: backups go through TLS; a CA of one's own stands in `ca`",
                fix: "pulumi config set --path 'database.backups.to.endpoint' https://s3.example.org",
            },
        ],
    ],
    [
        "the pod itself",
        endpoint("https://localhost:9000"),
        [
            {
                path: "database.backups.to.endpoint",
                found: '"https://localhost:9000", the pod itself',
                allowed: "a server that runs elsewhere, by a name that pods know",
                fix: "pulumi config set --path 'database.backups.to.endpoint' https://s3.example.org",
            },
        ],
    ],
    [
        "in the cluster, closed",
        endpoint("https://minio.minio.svc:9000"),
        [
            {
                path: "database.backups.to.cidrs",
                found: "nothing",
                allowed: "the addresses of minio.minio.svc, which is no public one: pods may go there and nowhere else",
                fix: "pulumi config set --path 'database.backups.to.cidrs[0]' 10.20.0.0/24",
            },
        ],
    ],
    [
        "a bucket with a dot before the host",
        [
            ...endpoint("https://s3.example.org"),
            ["database.backups.to.addressing", "virtual"],
            ["database.backups.to.bucket", "shop.backups"],
        ],
        [
            {
                path: "database.backups.to.bucket",
                found: '"shop.backups"',
                allowed:
                    "a name without dots, where addressing is virtual: no certificate is for shop.backups.s3.example.org",
                fix: "pulumi config set --path 'database.backups.to.addressing' path",
            },
        ],
    ],
    [
        "the bucket of uploaded files",
        [
            ...endpoint("https://s3.example.org"),
            ["assets.media", { from: "bucket", bucket: "shop-backups", endpoint: "https://s3.example.org" }],
            ["secrets.assetsAccessKeyId", "AKIDEXAMPLE"],
            ["secrets.assetsSecretAccessKey", "s3cret"],
        ],
        [
            {
                path: "database.backups.to.bucket",
                found: '"shop-backups", the bucket of assets.media.bucket',
                allowed: "a bucket that is theirs alone: the app's key opens the other one",
                fix: "pulumi config set --path 'database.backups.to.bucket' shop-backups-backups",
            },
        ],
    ],
]);

refused("times of backups", [
    [
        "kept for less than from one full one to the next",
        [...keys, backups, ["database.backups.keep.days", 5]],
        [
            {
                path: "database.backups.keep.days",
                found: "5",
                allowed: "at least fullEvery, 7",
                fix: "pulumi config set --path 'database.backups.keep.days' 7",
            },
        ],
    ],
]);

refused("a restore", [
    [
        "without backups",
        [["database.restore", { at: "latest" }]],
        [
            {
                path: "database.restore",
                found: "a restore without backups",
                allowed: "nothing, unless database.backups says where they are",
                fix: "add database.backups, or pulumi config rm --path 'database.restore'",
            },
        ],
    ],
]);

refused("a day alone", [
    ...["2026-12-01", "2026-12-01 00:00:00 +0000 UTC"].map((day): FindingCase => [
        day,
        [...keys, backups, ["database.restore", { at: day }]],
        [
            {
                path: "database.restore.at",
                found: `"${day}"`,
                allowed: "latest, or a moment as 2026-12-01T10:20:30Z, with Z or a distance from it such as +01:00",
                fix: "pulumi config set --path 'database.restore.at' 2026-12-01T00:00:00Z",
            },
        ],
    ]),
]);

test.each([
    ["2026-12-01 10:20:30 +0000 UTC", "2026-12-01T10:20:30Z"],
    ["2026-12-01 21:41:09.185 +0000 UTC", "2026-12-01T21:41:09.185Z"],
    ["2026-12-01 10:20:30.5 +0530 +0530", "2026-12-01T10:20:30.5+05:30"],
    ["2026-12-01 00:00:00 +0100 CET", "2026-12-01T00:00:00+01:00"],
    ["2026-12-01T10:20:30.180Z", "2026-12-01T10:20:30.18Z"],
    ["2026-12-01T10:20:30.000+00:00", "2026-12-01T10:20:30Z"],
    ["2026-12-01T10:20:30-03:00", "2026-12-01T10:20:30-03:00"],
    ["latest", "latest"],
])("the moment %s is %s, in quotes or without", (given, at) => {
    expect(moment.parse(given)).toBe(at);
});

test("no moment without its zone, no folder that leads out", () => {
    const paths = (...changes: Change[]): string[] =>
        problemsAfter(...keys, backups, ...changes).map(({ path }) => path);
    expect(paths(["database.restore", { at: "2026-12-01T10:20:30" }])).toEqual(["database.restore.at"]);
    expect(paths(["database.restore", { at: "2026-13-01T10:20:30Z" }])).toEqual(["database.restore.at"]);
    expect(paths(["database.restore", { at: "latest", from: "../other" }])).toEqual(["database.restore.from"]);
    expect(paths(["database.backups.to.prefix", "/shop"])).toEqual(["database.backups.to.prefix"]);
    expect(paths(["database.backups.at", "24:00"])).toEqual(["database.backups.at"]);
    expect(paths(["database.backups.drill", { every: 9 }])).toEqual(["database.backups.drill.maxAge"]);
});
