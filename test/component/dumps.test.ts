// Does not prove what the scripts do: test/unit/dump-scripts.test.ts does, and test/prove/dumps.test.ts with real pods and a real bucket.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { rcloneImage } from "../../components/backups/bucket.ts";
import { DatabaseDumps, type DatabaseDumpsArgs } from "../../components/backups/dump/dump.ts";
import { postgresImages } from "../../components/database/versions.ts";
import { expectOneFamily, placement, recordComponent, secretData } from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const defaults: DatabaseDumpsArgs = {
    ...placement,
    store: "database",
    database: {
        host: "database",
        port: 5432,
        name: "shop",
        user: "shop",
        password: pulumi.secret("canary-password"),
        sslMode: "verify-ca",
        ca: pulumi.output("-----BEGIN CERTIFICATE-----"),
        clientLabels: { "django-on-kubernetes/reaches-database": "true" },
    },
    place: {
        endpoint: "https://s3.eu-central-1.amazonaws.com",
        port: 443,
        region: "eu-central-1",
        addressing: "path",
        bucket: "acme-backups",
        prefix: "shop/staging/database/dumps",
        accessKey: { id: pulumi.secret("canary-id"), secret: pulumi.secret("canary-secret") },
        passphrase: pulumi.secret("canary-passphrase"),
    },
    at: "02:17",
    daily: true,
    keep: { days: 30, atLeast: 3 },
    atEnd: "dump",
    clientImage: postgresImages["17"].image,
    storage: "20Gi",
};

const record = remembered((changes: Partial<DatabaseDumpsArgs> = {}) =>
    recordComponent((opts) => ({ made: new DatabaseDumps("database-dump", { ...defaults, ...changes }, opts).urn })),
);

const specOf = async (name: string, changes: Partial<DatabaseDumpsArgs> = {}) =>
    (await record(changes)).get("CronJob", name).props["spec"];
const podOf = async (name: string, changes: Partial<DatabaseDumpsArgs> = {}) =>
    (await specOf(name, changes)).jobTemplate.spec.template;

const values = ({ env }: { env: Array<{ name: string; value?: unknown }> }) =>
    Object.fromEntries(env.map(({ name, value }) => [name, value]));

test("a schedule for dumps, one that brings them back and never starts by itself, and what both need", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "ConfigMap database-dump-scripts",
        "CronJob database-dump",
        "CronJob database-dump-restore",
        "Dumps database-dump",
        "NetworkPolicy database-dump-to-bucket",
        "Secret database-dump-keys",
        "ServiceAccount database-dump-account",
    ]);
    expectOneFamily(plan, ["Dumps", "database-dump"]);
});

describe("when", () => {
    test("each day at its time, one at a time", async () => {
        expect(await specOf("database-dump")).toMatchObject({
            schedule: "17 2 * * *",
            timeZone: "Etc/UTC",
            suspend: false,
            concurrencyPolicy: "Forbid",
        });
    });

    test("only when asked, where the server's files are copied already", async () => {
        expect((await specOf("database-dump", { daily: false })).suspend).toBe(true);
    });

    test("one that failed is tried again; what brings a dump back is tried once", async () => {
        expect((await specOf("database-dump")).jobTemplate.spec.backoffLimit).toBe(2);
        const restore = await specOf("database-dump-restore");
        expect([restore.suspend, restore.jobTemplate.spec.backoffLimit]).toEqual([true, 0]);
    });

    test.each(["dump", "nothing"] as const)("the end leaves: %s", async (atEnd) => {
        const { props } = (await record({ atEnd })).get("CronJob", "database-dump");
        expect(props["metadata"].annotations).toEqual({ "django-on-kubernetes/at-end": atEnd });
    });
});

test("a dump: PostgreSQL's tools before rclone, with one volume that goes with the pod", async () => {
    const { spec, metadata } = await podOf("database-dump");
    const [dump] = spec.initContainers;
    const [upload] = spec.containers;
    expect([dump.image, upload.image]).toEqual([postgresImages["17"].image, rcloneImage]);
    expect([dump.command, upload.command]).toEqual([
        ["bash", "/scripts/dump.sh"],
        ["sh", "/scripts/upload.sh"],
    ]);
    expect(values(dump)).toMatchObject({
        STORE: "database",
        PGHOST: "database",
        PGPORT: "5432",
        PGUSER: "shop",
        PGDATABASE: "shop",
        PGSSLMODE: "verify-ca",
        PGSSLROOTCERT: "/scripts/server-ca.pem",
        REASON: "schedule",
    });
    expect(values(upload)).toMatchObject({
        BUCKET: "acme-backups",
        PREFIX: "shop/staging/database/dumps",
        RCLONE_CONFIG_BUCKET_PROVIDER: "AWS",
        RCLONE_CONFIG_BUCKET_FORCE_PATH_STYLE: "true",
        KEEP_DAYS: "30",
        KEEP_AT_LEAST: "3",
    });
    const work = spec.volumes.find(({ name }: { name: string }) => name === "work");
    expect(work.ephemeral.volumeClaimTemplate.spec.resources).toEqual({ requests: { storage: "20Gi" } });
    expect(metadata.labels).toMatchObject({
        "app.kubernetes.io/component": "database-dump",
        "django-on-kubernetes/store": "database",
        "django-on-kubernetes/reaches-database": "true",
        "django-on-kubernetes/reaches-database-dump-bucket": "true",
    });
    expect(metadata.annotations).toMatchObject({ "karpenter.sh/do-not-disrupt": "true" });
});

test("a restore: rclone before PostgreSQL's tools, which are told nothing yet", async () => {
    const { spec, metadata } = await podOf("database-dump-restore");
    expect(values(spec.initContainers[0])).toMatchObject({ DUMP: "latest", FROM: "", BUCKET: "acme-backups" });
    expect(values(spec.containers[0])).toMatchObject({ CONFIRM: "", PGDATABASE: "shop" });
    expect(metadata.labels["app.kubernetes.io/component"]).toBe("database-restore");
});

test("secrets are files, and stand in the Secret alone", async () => {
    const plan = await record();
    expect(secretData(plan.get("Secret", "database-dump-keys"))).toEqual({
        "access-key-id": "canary-id",
        "secret-access-key": "canary-secret",
        passphrase: "canary-passphrase",
        "database-password": "canary-password",
    });
    const others = plan.resources.filter(({ type }) => !type.endsWith(":Secret"));
    expect(JSON.stringify(others)).not.toContain("canary");
});

test("the certificates that everybody trusts come from rclone's image: PostgreSQL's has none", async () => {
    const database = { ...defaults.database, sslMode: "verify-full", ca: "public" } as const;
    const { spec } = await podOf("database-dump", { database });
    expect(spec.initContainers.map(({ name, image }: { name: string; image: string }) => [name, image])).toEqual([
        ["authorities", rcloneImage],
        ["dump", postgresImages["17"].image],
    ]);
    expect(values(spec.initContainers[1])["PGSSLROOTCERT"]).toBe("/tmp/authorities.pem");
});

test("pods go to the bucket's server alone: public addresses, or those that are named", async () => {
    const egress = async (changes: Partial<DatabaseDumpsArgs> = {}) =>
        (await record(changes)).get("NetworkPolicy", "database-dump-to-bucket").props["spec"].egress;
    expect((await egress())[0]).toMatchObject({ ports: [{ protocol: "TCP", port: 443 }] });
    expect((await egress())[0].to[0].ipBlock.except).toContain("169.254.0.0/16");
    const place = { ...defaults.place, port: 9000, cidrs: ["10.20.0.0/24"] };
    expect(await egress({ place })).toEqual([
        { to: [{ ipBlock: { cidr: "10.20.0.0/24" } }], ports: [{ protocol: "TCP", port: 9000 }] },
    ]);
});
