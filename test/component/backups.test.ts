// What stands beside a database that is backed up. Not proved: that it restores (test/unit/backup-scripts.test.ts, test/prove/backups.test.ts).
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { InClusterDatabase, type InClusterDatabaseArgs } from "../../components/database/in-cluster.ts";
import { placement, recordComponent, secretData } from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const backups: NonNullable<InClusterDatabaseArgs["backups"]> = {
    place: {
        endpoint: "https://s3.example.org:9000",
        port: 9000,
        region: "eu-1",
        addressing: "virtual",
        bucket: "shop-backups",
        prefix: "shop/staging/database",
        accessKey: { id: pulumi.secret("AKID"), secret: pulumi.secret("s3cret") },
        passphrase: pulumi.secret("correct horse battery staple"),
    },
    at: "02:17",
    keep: { days: 30, atLeast: 3 },
    fullEvery: 7,
    recoveryPoint: 5,
};

const record = remembered((changes: Partial<InClusterDatabaseArgs> = {}) =>
    recordComponent((opts) => {
        const args: InClusterDatabaseArgs = {
            ...placement,
            version: "17",
            size: { cpu: "250m", memory: "1Gi" },
            storage: "10Gi",
            maxConnections: 120,
            owner: "shop",
            backups,
            ...changes,
        };
        new InClusterDatabase("database", args, opts);
        return {};
    }),
);

const template = async (changes: Partial<InClusterDatabaseArgs> = {}) =>
    (await record(changes)).get("StatefulSet", "database-server").props["spec"].template;

const variables = (container: { readonly env: ReadonlyArray<{ readonly name: string; readonly value?: string }> }) =>
    Object.fromEntries(container.env.map(({ name, value }) => [name, value]));

interface Step {
    readonly name: string;
    readonly env: ReadonlyArray<{ readonly name: string; readonly value?: string }>;
}

/** What restores the data, once it has been looked at. */
const restoring = ({ initContainers }: { readonly initContainers: readonly Step[] }): Step =>
    initContainers.find(({ name }) => name === "restore")!;

test("a Secret, two ConfigMaps and a way out come with it; the server's container has neither key nor passphrase", async () => {
    const plan = await record();
    expect(plan.created.filter((one) => one.includes("-backups-"))).toEqual([
        "ConfigMap database-backups-files",
        "ConfigMap database-backups-scripts",
        "NetworkPolicy database-backups-to-bucket",
        "Secret database-backups-keys",
    ]);
    expect(secretData(plan.get("Secret", "database-backups-keys"))["secrets.conf"]).toBe(
        "[global]\nrepo1-s3-key=AKID\nrepo1-s3-key-secret=s3cret\nrepo1-cipher-pass=correct horse battery staple\n",
    );
    const { spec } = await template();
    expect(spec.containers[0].volumeMounts.map(({ name }: { name: string }) => name)).not.toContain("pgbackrest");
    expect(spec.initContainers.map(({ name, restartPolicy }: Record<string, string>) => [name, restartPolicy])).toEqual(
        [
            ["check-data", undefined],
            ["restore", undefined],
            ["archiver", "Always"],
            ["backups", "Always"],
        ],
    );
});

test("pgBackRest is told of the bucket with its port, and of the data", async () => {
    const { data } = (await record()).get("ConfigMap", "database-backups-files").props;
    const lines = String(data["pgbackrest.conf"]).split("\n");
    for (const line of [
        "repo1-s3-endpoint=s3.example.org:9000",
        "repo1-s3-uri-style=host",
        "repo1-path=/shop/staging/database",
        "repo1-cipher-type=aes-256-cbc",
        "[main]",
        "pg1-path=/var/lib/postgresql/data/pgdata",
        "pg1-user=shop",
    ]) {
        expect(lines).toContain(line);
    }
});

test("changes are in the bucket before they may be lost, and nobody is let in while it recovers", async () => {
    const { args } = (await template()).spec.containers[0];
    expect(args).toContain("archive_timeout=270");
    expect(args).toContain("hot_standby=off");
    expect(args).toContain("archive_command=/bin/sh /etc/django-on-kubernetes/pgbackrest/hand-over.sh push %f");
});

test("the pod is let out to the bucket alone: public addresses at its port, or those that are named", async () => {
    const { metadata } = await template();
    expect(metadata.labels["django-on-kubernetes/reaches-database-backups"]).toBe("true");
    const rule = async (changes: Partial<InClusterDatabaseArgs> = {}) =>
        (await record(changes)).get("NetworkPolicy", "database-backups-to-bucket").props["spec"].egress;
    expect((await rule())[0].ports).toEqual([{ protocol: "TCP", port: 9000 }]);
    expect((await rule())[0].to[0].ipBlock.cidr).toBe("0.0.0.0/0");
    const place = { ...backups.place, cidrs: ["10.20.0.0/24"] };
    expect((await rule({ backups: { ...backups, place } }))[0].to).toEqual([{ ipBlock: { cidr: "10.20.0.0/24" } }]);
});

describe("a restore", () => {
    test("changes the folder, the stanza and what restore is told, and nothing that has a name (R75)", async () => {
        const [before, after] = [
            await record(),
            await record({ restore: { at: "2026-12-01T10:20:30Z", original: "kept" } }),
        ];
        expect(after.created).toEqual(before.created);
        const { spec } = await template({ restore: { at: "2026-12-01T10:20:30Z", original: "kept" } });
        expect(variables(spec.containers[0])["PGDATA"]).toBe("/var/lib/postgresql/data/restored-2026-12-01t10-20-30z");
        expect(variables(restoring(spec))).toMatchObject({
            STANZA: "restored-2026-12-01t10-20-30z",
            RESTORE_AT: "2026-12-01T10:20:30Z",
            RESTORE_SECONDS: "1796120430",
            RESTORE_TARGET: "2026-12-01 10:20:30+00",
            ORIGINAL: "kept",
        });
    });

    test("of another stack's latest data is a folder of its own", async () => {
        const { spec } = await template({
            restore: { at: "latest", from: "shop/production/database", original: "kept" },
        });
        expect(variables(spec.containers[0])["PGDATA"]).toMatch(/\/restored-latest-of-[0-9a-f]{8}$/);
        expect(variables(restoring(spec))["RESTORE_FROM"]).toBe("shop/production/database");
        expect(variables(restoring(spec))["RESTORE_SECONDS"]).toBeUndefined();
    });
});
