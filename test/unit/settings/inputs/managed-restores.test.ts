// Restores of servers that a cloud runs: what is right, and every message. Does not prove that a cloud has the backup.
import { describe, expect, test } from "vitest";
import { databaseSchema } from "../../../../settings/database.ts";
import { checkSection } from "../../../../settings/check/section.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const servers = {
    rds: { variant: "create", version: "17", instanceClass: "db.t4g.small", storage: "20Gi" },
    "cloud-sql": { variant: "create", version: "17", tier: "db-custom-2-7680", storage: "20Gi" },
    digitalocean: { variant: "create", version: "17", size: "db-s-2vcpu-4gb" },
} as const;
type Variant = keyof typeof servers;

const check = (variant: Variant, restore: object, server: object = {}) =>
    checkSection("database", databaseSchema, { variant, server: { ...servers[variant], ...server }, restore });

const paths = (variant: Variant, restore: object): string[] =>
    (check(variant, restore).problems ?? []).map(({ path }) => path);

const moment = "2026-12-01T10:20:30Z";

describe("a restore", () => {
    test.each<[Variant, object]>([
        ["rds", { at: "latest" }],
        ["rds", { at: moment, original: "unlocked" }],
        ["rds", { backup: "rds:shop-2026-12-01-02-00" }],
        ["rds", { at: "latest", from: "arn:aws:rds:eu-central-1:123456789012:auto-backup:ab-1" }],
        ["cloud-sql", { at: "2026-12-01T11:20:30.5+01:00", previous: moment }],
        ["cloud-sql", { backup: "1764552000000", from: "shop-1a2b3c4", original: "removed" }],
        ["digitalocean", { at: moment, previous: "latest" }],
        // Without quotes, as Pulumi hands them over.
        ["rds", { at: "2026-12-01 10:20:30 +0000 UTC", previous: "2026-11-20 08:00:00 +0000 UTC" }],
    ])("of %s may be %j", (variant, restore) => {
        expect(paths(variant, restore)).toEqual([]);
    });

    test.each<[Variant, object, string]>([
        ["rds", {}, "database.restore.at"],
        ["rds", { at: moment, backup: "shop-final" }, "database.restore.at"],
        ["rds", { at: "yesterday" }, "database.restore.at"],
        ["rds", { at: "2026-12-01 00:00:00 +0000 UTC" }, "database.restore.at"],
        ["digitalocean", { at: moment, previous: "2026-12-01 00:00:00 +0000 UTC" }, "database.restore.previous"],
        ["rds", { backup: "1-is no name" }, "database.restore.backup"],
        ["cloud-sql", { backup: "shop-final" }, "database.restore.backup"],
        ["cloud-sql", { at: moment, original: "deleted" }, "database.restore.original"],
        ["cloud-sql", { at: moment, from: "a b" }, "database.restore.from"],
        ["digitalocean", { at: moment, backup: "7" }, "database.restore.backup"],
        ["digitalocean", {}, "database.restore.at"],
    ])("of %s may not be %j", (variant, restore, path) => {
        expect(paths(variant, restore)).toContain(path);
    });
});

/** What is said of a whole stack with such a database, but for what does not matter here. */
function said(variant: Variant, restore: object, server: object = {}, ...changes: readonly Change[]): string[] {
    const clouds: Change[] = [
        ["clouds.aws", { account: "123456789012", region: "eu-central-1" }],
        ["clouds.gcp", { project: "example-shop", region: "europe-west1" }],
        ["clouds.digitalocean", { region: "fra1" }],
    ];
    const database = { variant, server: { ...servers[variant], ...server }, restore };
    return problemsAfter(...clouds, ["database", database], ...changes)
        .filter(({ path }) => path.startsWith("database.restore") || path === "secrets.databasePassword")
        .map(({ path, found }) => `${path}: ${found}`);
}

const kind = (of: string): Change => ["environment.kind", of];

describe("is refused:", () => {
    test("of RDS's data of another server, without the password in it", () => {
        const from = { at: moment, from: "other-server-1a2b3c4d" };
        expect(said("rds", from)).toEqual([
            "secrets.databasePassword: nothing, and data of another server (database.restore.from)",
        ]);
        expect(said("rds", from, {}, ["secrets.databasePassword", "given-to-the-owner"])).toEqual([]);
        expect(said("rds", { backup: "shop-final", from: "other" })).toEqual([]);
        expect(said("cloud-sql", from)).toEqual([]);
    });

    test("of a server that has no backups", () => {
        expect(said("rds", { at: moment }, { backupDays: 0 }, kind("staging"))).toEqual([
            "database.restore.from: nothing, and a server without backups",
        ]);
        expect(said("rds", { backup: "shop-final" }, { backupDays: 0 }, kind("staging"))).toEqual([]);
        expect(said("rds", { at: moment }, {}, kind("staging"))).toEqual([]);
        expect(said("cloud-sql", { at: moment }, {}, kind("local"))).toEqual([
            "database.restore.from: nothing, and a server of the kind local, which has no backups",
        ]);
        expect(said("cloud-sql", { at: moment, from: "other" }, {}, kind("local"))).toEqual([]);
        expect(said("cloud-sql", { at: moment }, {}, kind("staging"))).toEqual([]);
        expect(said("digitalocean", { at: moment }, {}, kind("local"))).toEqual([]);
    });

    test("of a server that is there", () => {
        const server = {
            variant: "existing",
            address: "shop.c9akciq32abc.eu-central-1.rds.amazonaws.com",
            database: "shop",
            user: "shop",
            maxConnections: 200,
        };
        const clouds: Change = ["clouds.aws", { account: "123456789012", region: "eu-central-1" }];
        const database: Change = ["database", { variant: "rds", server, restore: { at: moment } }];
        expect(problemsAfter(clouds, database, ["secrets.databasePassword", "given-to-the-owner"])).toContainEqual({
            path: "database.restore",
            found: "a restore of a server that is there",
            allowed: "nothing: it is restored where it was made, and its new address written here",
            fix: "pulumi config rm --path 'database.restore'",
        });
    });
});
