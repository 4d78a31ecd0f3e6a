// A major upgrade of a server in the cluster. Does not prove that it works: test/prove/growth.test.ts.
import { expect } from "vitest";
import type { Problem } from "../../../../settings/problems.ts";
import { quiet, refused, told, type FindingCase } from "../../../support/findings.ts";
import type { Change } from "../../../support/settings.ts";

const upgrade = (version: string, from: string, ...more: Change[]): Change[] => [
    ["database.version", version],
    ["database.upgradeFrom.version", from],
    ...more,
];
const remove = (path: string): string => `pulumi config rm --path '${path}'`;

const backups = { to: { endpoint: "https://s3.example.org", bucket: "acme-backups", region: "eu-central-1" } };
const backupSecrets: Change[] = [
    ["secrets.databaseBackupsAccessKeyId", "id"],
    ["secrets.databaseBackupsSecretAccessKey", "key"],
    ["secrets.databaseBackupsPassphrase", "a passphrase of twenty or more"],
];

refused(
    "an upgrade to the same version, or back",
    [
        ["17", "17"],
        ["15", "18"],
    ].map(([version, from]): FindingCase => [
        `from ${from} to ${version}`,
        upgrade(version!, from!),
        [
            {
                path: "database.upgradeFrom.version",
                found: `"${from}"`,
                allowed: `a version below database.version, ${version}`,
                fix: `${remove("database.upgradeFrom")}: with \`original: kept\` the data of the older version is still there, and \`version\` leads to it`,
            },
        ],
    ]),
);

refused("an old image of another version", [
    [
        "16 for 15",
        upgrade("18", "15", ["database.upgradeFrom.image", "postgis/postgis:16-3.4"]),
        [
            {
                path: "database.upgradeFrom.image",
                found: '"postgis/postgis:16-3.4", PostgreSQL 16',
                allowed: "an image of PostgreSQL 15, as database.upgradeFrom.version says",
                fix: `${remove("database.upgradeFrom.image")}, for the official image of 15`,
            },
        ],
    ],
]);

refused("beside a restore, which puts other data in the same place", [
    [
        "of the last backup",
        upgrade("18", "17", ["database.restore.at", "latest"]),
        [
            {
                path: "database.upgradeFrom",
                found: "an upgrade, beside database.restore",
                allowed: "one of them: each puts other data in the place of what is there",
                fix: `pulumi config set --path 'database.restore.original' removed and up, then ${remove("database.restore")}, then upgrade`,
            },
            expect.objectContaining({ path: "database.restore" }) as Problem,
        ],
    ],
]);

refused("the end of one beside backups, which are filed by the folder's name", [
    [
        "removed",
        upgrade(
            "18",
            "17",
            ["database.upgradeFrom.original", "removed"],
            ["database.backups", backups],
            ...backupSecrets,
        ),
        [
            {
                path: "database.upgradeFrom.original",
                found: '"removed", beside database.backups',
                allowed:
                    "kept: the backups of the new version are filed under the name of its folder, which then would be the old one's",
                fix: remove("database.upgradeFrom.original"),
            },
        ],
    ],
    ["removed, without backups", upgrade("18", "17", ["database.upgradeFrom.original", "removed"]), []],
]);

told(
    "an upgrade",
    [
        ["to the next version", upgrade("18", "17"), []],
        ["over several", upgrade("18", "15"), []],
        [
            "by an image of that version",
            upgrade("18", "16", ["database.upgradeFrom.image", "postgis/postgis:16-3.4@sha256:" + "0".repeat(64)]),
            [],
        ],
        [
            "by an image whose tag says nothing of PostgreSQL",
            upgrade("18", "16", ["database.upgradeFrom.image", "registry.example.org/team/db:4f2a91c"]),
            [],
        ],
    ],
    quiet,
);
