// A server that is made of another's backups. Does not prove that DigitalOcean makes it so: only an account does.
import { describe, expect, test } from "vitest";
import {
    DigitalOceanPostgresql,
    type CreatedPostgresql,
    type DigitalOceanPostgresqlArgs,
} from "../../../../components/database/digitalocean/postgresql.ts";
import { expectOneFamily, placement } from "../../../support/component.ts";
import { remembered } from "../../../support/remembered.ts";
import { recordDigitalOcean } from "./support.ts";

const created: CreatedPostgresql = {
    variant: "create",
    region: "fra1",
    network: { vpcId: "vpc-id", range: "10.110.0.0/20", clusters: ["cluster-id"], addresses: [] },
    version: "17",
    size: "db-s-2vcpu-4gb",
    nodes: 2,
    storageIncrement: "10Gi",
    readReplica: false,
    maintenance: { day: "sunday", hour: "03:00" },
};

const record = remembered(
    (changes: Partial<CreatedPostgresql> = {}, others: Partial<DigitalOceanPostgresqlArgs> = {}) =>
        recordDigitalOcean((opts) => {
            const server = { ...created, ...changes };
            const database = new DigitalOceanPostgresql(
                "database",
                { ...placement, server, owner: "shop", ...others },
                opts,
            );
            const { name, user, password, clusterId } = database;
            return { name, user, password, clusterId };
        }),
);

const name = "database-at-20261201102030";
const restore = { what: { at: "2026-12-01T10:20:30Z" }, original: "kept" } as const;

describe("a restored server", () => {
    test("is made beside the first, whose every resource is as it was", async () => {
        const before = await record();
        const after = await record({ restore });
        expect(after.created.filter((one) => !before.created.includes(one))).toEqual([
            `DatabaseCluster ${name}`,
            `DatabaseFirewall ${name}-firewall`,
            `Job ${name}-grants`,
            `Secret ${name}-grants-login`,
            `ServiceAccount ${name}-grants-account`,
        ]);
        expect(before.created.filter((one) => !after.created.includes(one))).toEqual([]);
        for (const resource of before.resources.filter(({ type }) => type.startsWith("digitalocean:"))) {
            expect(after.resources.find(({ urn }) => urn === resource.urn)?.props, resource.urn).toEqual(
                resource.props,
            );
        }
        expectOneFamily(after, ["DigitalOceanPostgresql", "database"]);
    });

    test("has the first's data of that moment, as large, as closed, and no user or database is made in it", async () => {
        const plan = await record({ restore });
        const first = plan.get("DatabaseCluster", "database-cluster").props;
        const { backupRestore, ...props } = plan.get("DatabaseCluster", name).props;
        expect(backupRestore).toEqual({
            databaseName: expect.stringMatching(/^database-cluster-\w{7}$/) as string,
            backupCreatedAt: "2026-12-01T10:20:30Z",
        });
        expect(props).toEqual(first);
        expect(plan.get("DatabaseFirewall", `${name}-firewall`).props["rules"]).toEqual(
            plan.get("DatabaseFirewall", "database-firewall").props["rules"],
        );
    });

    test("is what the app is told of, with the login that came with the data", async () => {
        const { outputs } = await record({ restore });
        expect(outputs).toMatchObject({ name: "shop", user: "shop", password: "recorded" });
        expect(outputs["clusterId"]).not.toBe((await record()).outputs["clusterId"]);
    });

    test("latest is the newest that there is; another's by its name", async () => {
        const plan = await record({ restore: { what: { at: "latest" }, original: "removed", from: "other-1a2b3c4" } });
        expect(plan.get("DatabaseCluster", "database-at-latest").props["backupRestore"]).toEqual({
            databaseName: "other-1a2b3c4",
        });
        expect(plan.created.filter((one) => / database-(cluster|db|user|firewall)$/.test(one))).toEqual([]);
    });

    test("with the original gone its source has a name that no cluster has", async () => {
        const plan = await record({ restore: { ...restore, original: "removed" } });
        expect(plan.get("DatabaseCluster", name).props["backupRestore"]).toMatchObject({
            databaseName: `${name}-is-gone`,
        });
    });

    test("is protected as the first was; the first, and what is in it, only until it is unlocked", async () => {
        const plan = await record({ restore: { ...restore, original: "unlocked" } }, { data: "protected" });
        const protectedOnes = plan.resources.filter(({ protect }) => protect).map((one) => one.name);
        expect(protectedOnes.sort()).toEqual([name, `${name}-firewall`]);
    });

    test("has the pool and the read replica", async () => {
        const plan = await record({ restore, readReplica: true, pool: { mode: "transaction", size: 10 } });
        expect(plan.get("DatabaseConnectionPool", `${name}-pool`).props).toMatchObject({
            dbName: "shop",
            user: "shop",
        });
        expect(plan.created).toContain(`DatabaseReplica ${name}-replica`);
        expect(plan.created).not.toContain("DatabaseReplica database-replica");
    });
});
