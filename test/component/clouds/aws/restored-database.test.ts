// An instance that is made of another's backups. Does not prove that RDS makes it so: test/moto asks for the same, and only an account
// proves the rest.
import { describe, expect, test } from "vitest";
import { RdsDatabase, type CreatedRdsServer, type RdsDatabaseArgs } from "../../../../components/database/aws/rds.ts";
import { expectOneFamily, placement } from "../../../support/component.ts";
import { remembered } from "../../../support/remembered.ts";
import { recordAws } from "./support.ts";

const created: CreatedRdsServer = {
    variant: "create",
    version: "17",
    majorUpgrade: false,
    instanceClass: "db.t4g.small",
    storage: 20,
    storageLimit: 40,
    multiAz: false,
    maxConnections: 100,
    backupDays: 7,
    network: {
        vpcId: "vpc-0a",
        subnetIds: ["subnet-0a", "subnet-0b"],
        cidrs: ["10.20.64.0/22"],
        clients: { cluster: { securityGroupId: "sg-0c" } },
    },
    encryption: { variant: "create" },
    applyImmediately: true,
    slowStatements: 1000,
    monitoringInterval: 0,
    insights: "standard",
    iamAuthentication: false,
    readReplica: false,
    logDays: 30,
    finalSnapshot: "shop-final",
};

const record = remembered((changes: Partial<CreatedRdsServer> = {}, others: Partial<RdsDatabaseArgs> = {}) =>
    recordAws((opts) => {
        const server = { ...created, ...changes };
        const database = new RdsDatabase("database", { ...placement, server, owner: "shop", ca: "", ...others }, opts);
        return { host: database.host, identifier: database.watched!.identifier };
    }),
);

const moment = "2026-12-01T11:20:30+01:00";
const name = "database-at-20261201102030";
const restore = { what: { at: moment }, original: "kept" } as const;

describe("a restored instance", () => {
    test("is made beside the first, whose every resource is as it was", async () => {
        const before = await record();
        const after = await record({ restore });
        const added = after.created.filter((one) => !before.created.includes(one));
        expect(added).toEqual([
            `Instance ${name}`,
            `LogGroup ${name}-log-postgresql`,
            `LogGroup ${name}-log-upgrade`,
            `RandomId ${name}-identifier`,
        ]);
        expect(before.created.filter((one) => !after.created.includes(one))).toEqual([]);
        for (const resource of before.resources.filter(({ type }) => type !== "kubernetes:core/v1:Service")) {
            expect(after.resources.find(({ urn }) => urn === resource.urn)?.props, resource.urn).toEqual(
                resource.props,
            );
        }
        expectOneFamily(after, ["Rds", "database"]);
    });

    test("has the first's data of that moment, its parameters, firewall and key, and a name of its own", async () => {
        const plan = await record({ restore });
        const first = plan.get("Instance", "database-server").props;
        const { props } = plan.get("Instance", name);
        expect(props).toMatchObject({
            restoreToPointInTime: {
                sourceDbInstanceIdentifier: first["identifier"] as string,
                restoreTime: "2026-12-01T10:20:30Z",
            },
            identifier: expect.stringMatching(/^database-at-20261201102030-[0-9a-f]{8}$/) as string,
            engineVersion: "17",
            kmsKeyId: first["kmsKeyId"] as string,
            parameterGroupName: first["parameterGroupName"] as string,
            vpcSecurityGroupIds: first["vpcSecurityGroupIds"] as string[],
            dbSubnetGroupName: first["dbSubnetGroupName"] as string,
            backupRetentionPeriod: 7,
            storageEncrypted: true,
        });
        // They came with the data, and no two final snapshots have one name.
        expect(props).not.toHaveProperty("dbName");
        expect(props).not.toHaveProperty("username");
        expect(first["finalSnapshotIdentifier"]).toMatch(/^shop-final-[0-9a-f]{8}$/);
        expect(props["finalSnapshotIdentifier"]).toMatch(/^shop-staging-database-at-20261201102030-[0-9a-f]{8}-final$/);
    });

    test("is what the app reaches, and what alarms watch", async () => {
        const plan = await record({ restore });
        const { identifier } = plan.get("Instance", name).props;
        expect(plan.outputs["identifier"]).toBe(identifier);
        expect(plan.get("Service", "database-service").props["spec"]).toMatchObject({
            externalName: expect.stringContaining(String(identifier)) as string,
        });
    });

    test("is not restored a second time, whatever becomes of its source", async () => {
        const { props } = (await record({ restore: { ...restore, original: "removed" } })).get("Instance", name);
        expect(props["restoreToPointInTime"]).toMatchObject({ sourceDbInstanceIdentifier: `${name}-is-gone` });
    });

    test.each([
        ["latest", { what: { at: "latest" } }, { useLatestRestorableTime: true }],
        ["of another", { from: "other-server-1a2b3c4d" }, { sourceDbInstanceIdentifier: "other-server-1a2b3c4d" }],
        [
            "of one that is deleted",
            { from: "arn:aws:rds:eu-central-1:123456789012:auto-backup:ab-1" },
            { sourceDbInstanceAutomatedBackupsArn: "arn:aws:rds:eu-central-1:123456789012:auto-backup:ab-1" },
        ],
    ])("%s", async (_, changes, origin) => {
        const plan = await record({ restore: { ...restore, ...changes } });
        const made = plan.resources.find(({ props }) => props["restoreToPointInTime"] !== undefined)!;
        expect(made.props["restoreToPointInTime"]).toMatchObject(origin);
        // Another's key comes with its data.
        expect(Object.hasOwn(made.props, "kmsKeyId")).toBe(!("from" in changes));
    });

    test("of a snapshot needs no instance", async () => {
        const plan = await record({ restore: { what: { backup: "shop-final" }, original: "removed" } });
        const { props } = plan.get("Instance", "database-of-shop-final");
        expect(props).toMatchObject({ snapshotIdentifier: "shop-final" });
        expect(props).not.toHaveProperty("restoreToPointInTime");
        expect(props).not.toHaveProperty("kmsKeyId");
        expect(plan.created).not.toContain("Instance database-server");
    });

    test("takes the copies: the one to read from is its own, backups go to the other region from both", async () => {
        const more = { readReplica: true, backupCopy: { region: "eu-west-1", days: 7 } };
        const plan = await record({ restore, ...more });
        expect(plan.created).not.toContain("Instance database-replica");
        expect(plan.get("Instance", `${name}-replica`).props["replicateSourceDb"]).toBe(
            plan.get("Instance", name).props["identifier"],
        );
        const copies = plan.created.filter((one) => one.startsWith("InstanceAutomatedBackupsReplication"));
        expect(copies.map((one) => one.split(" ")[1])).toEqual([`${name}-copy`, "database-copy"]);
        expect((await record(more)).created).toContain("InstanceAutomatedBackupsReplication database-copy");
    });

    test("is protected as the first was; the first only until it is unlocked", async () => {
        const states = async (original: "kept" | "unlocked") => {
            const plan = await record({ restore: { ...restore, original } }, { data: "protected" });
            return ["database-server", name].map((one) => {
                const { props, protect } = plan.get("Instance", one);
                return [
                    protect,
                    props["deletionProtection"],
                    props["deleteAutomatedBackups"],
                    props["skipFinalSnapshot"],
                ];
            });
        };
        expect(await states("kept")).toEqual([
            [true, true, false, false],
            [true, true, false, false],
        ]);
        expect(await states("unlocked")).toEqual([
            [false, false, false, false],
            [true, true, false, false],
        ]);
    });

    test("a name of the settings' own stays the first's", async () => {
        const plan = await record({ restore, native: { identifier: "shop", copyTagsToSnapshot: false } });
        expect(plan.get("Instance", "database-server").props["identifier"]).toBe("shop");
        expect(plan.get("Instance", name).props).toMatchObject({
            identifier: expect.stringMatching(/^database-at-/) as string,
            copyTagsToSnapshot: false,
        });
    });
});
