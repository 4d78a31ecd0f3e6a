// An instance that is made of another's backups. Does not prove that Cloud SQL makes it so: only an account does.
import { Provider } from "@pulumi/gcp/provider.js";
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import {
    CloudSqlDatabase,
    type CloudSqlDatabaseArgs,
    type CreatedCloudSqlServer,
} from "../../../../components/database/gcp/cloud-sql.ts";
import { expectOneFamily, placement, recordComponent } from "../../../support/component.ts";
import { remembered } from "../../../support/remembered.ts";

const created: CreatedCloudSqlServer = {
    variant: "create",
    region: "europe-west1",
    network: "projects/acme/global/networks/main",
    version: "17",
    edition: "enterprise",
    tier: "db-custom-2-7680",
    storage: "20Gi",
    storageType: "ssd",
    flags: {},
    iamAuthentication: false,
    readReplica: false,
    backups: { retained: 14, startTime: "02:00", logDays: 7 },
    maintenance: { day: 7, hour: 3, track: "stable" },
};

const record = remembered((changes: Partial<CreatedCloudSqlServer> = {}, others: Partial<CloudSqlDatabaseArgs> = {}) =>
    recordComponent(({ providers }) => {
        const google = new Provider("gcp", { project: "acme", region: "europe-west1" });
        const database = new CloudSqlDatabase(
            "database",
            { ...placement, server: { ...created, ...changes }, owner: "shop", ...others },
            { providers: [...(providers as pulumi.ProviderResource[]), google] },
        );
        return { cidrs: database.cidrs, databaseId: database.watched!.databaseId };
    }),
);

const name = "database-at-20261201102030";
const restore = { what: { at: "2026-12-01T10:20:30Z" }, original: "kept" } as const;

describe("a restored instance", () => {
    test("is made beside the first, whose every resource is as it was", async () => {
        const before = await record();
        const after = await record({ restore });
        expect(after.created.filter((one) => !before.created.includes(one))).toEqual([
            `DatabaseInstance ${name}`,
            // Its databases came with the data.
            `User ${name}-owner`,
        ]);
        expect(before.created.filter((one) => !after.created.includes(one))).toEqual([]);
        for (const resource of before.resources.filter(({ type }) => type.startsWith("gcp:"))) {
            expect(after.resources.find(({ urn }) => urn === resource.urn)?.props, resource.urn).toEqual(
                resource.props,
            );
        }
        expectOneFamily(after, ["CloudSql", "database"]);
    });

    test("is a copy as of that moment, with settings of its own, and the owner's password of today", async () => {
        const plan = await record({ restore });
        const first = plan.get("DatabaseInstance", "database-instance").props;
        const { props } = plan.get("DatabaseInstance", name);
        const { clone, ...others } = props;
        expect(clone).toEqual({
            sourceInstanceName: expect.stringMatching(/^database-instance-\w{7}$/) as string,
            pointInTime: "2026-12-01T10:20:30Z",
        });
        expect(others).toEqual(first);
        const { instance, ...owner } = plan.get("User", `${name}-owner`).props;
        expect(instance).toMatch(/^database-at-20261201102030-\w{7}$/);
        const { instance: _, ...firsts } = plan.get("User", "database-owner").props;
        expect(owner).toEqual(firsts);
    });

    test("is what the app reaches, and what alarms watch", async () => {
        const before = await record();
        const plan = await record({ restore });
        expect(plan.outputs["databaseId"]).toMatch(/^acme:database-at-20261201102030-\w{7}$/);
        expect(plan.outputs["databaseId"]).not.toBe(before.outputs["databaseId"]);
    });

    test("latest is a copy of what is there now", async () => {
        const plan = await record({ restore: { ...restore, what: { at: "latest" }, from: "other-1a2b3c4" } });
        expect(plan.get("DatabaseInstance", "database-at-latest").props["clone"]).toEqual({
            sourceInstanceName: "other-1a2b3c4",
        });
    });

    test("of a backup is a new instance into which that is read", async () => {
        const plan = await record({
            restore: { what: { backup: "1764552000000" }, original: "removed", from: "gone-1a2b3c4" },
        });
        const { props } = plan.get("DatabaseInstance", "database-of-1764552000000");
        expect(props["restoreBackupContext"]).toEqual({ backupRunId: 1764552000000, instanceId: "gone-1a2b3c4" });
        expect(props).not.toHaveProperty("clone");
        expect(plan.created.filter((one) => /database-(instance|database|owner)/.test(one))).toEqual([]);
    });

    test("with the original gone its source has a name that no instance has", async () => {
        const plan = await record({ restore: { ...restore, original: "removed" } });
        expect(plan.get("DatabaseInstance", name).props["clone"]).toMatchObject({
            sourceInstanceName: `${name}-is-gone`,
        });
    });

    test("is protected as the first was; the first only until it is unlocked", async () => {
        const plan = await record({ restore: { ...restore, original: "unlocked" } }, { data: "protected" });
        const of = (one: string) => {
            const { props, protect } = plan.get("DatabaseInstance", one);
            const { deletionProtectionEnabled, retainBackupsOnDelete } = props["settings"];
            return [protect, props["deletionProtection"], deletionProtectionEnabled, retainBackupsOnDelete];
        };
        expect(of("database-instance")).toEqual([false, false, false, true]);
        expect(of(name)).toEqual([true, true, true, true]);
        expect(plan.get("Database", "database-database").protect).toBe(false);
    });

    test("has the read replica, and a name of the settings' own stays the first's", async () => {
        const plan = await record({ restore, readReplica: true, native: { name: "shop" } });
        expect(plan.get("DatabaseInstance", "database-instance").props["name"]).toBe("shop");
        const { props } = plan.get("DatabaseInstance", name);
        expect(props["name"]).not.toBe("shop");
        expect(plan.get("DatabaseInstance", `${name}-replica`).props["masterInstanceName"]).toMatch(
            /^database-at-20261201102030-\w{7}$/,
        );
        expect(plan.created).not.toContain("DatabaseInstance database-replica");
    });
});
