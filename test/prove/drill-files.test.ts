// Drills of a database in the cluster: the pod of one restores the last copy of its files and every change since, and says what it found;
// with a segment of changes gone from the bucket it fails and names it. `make status` reads both. Not proved here: drills of dumps
// (drill.test.ts), and the other ways in which a backup is broken (test/unit/drill-scripts.test.ts).
import type { V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judgeBackups, type JudgedBackups } from "../../commands/status/backups.ts";
import { findBackups } from "../../commands/status/cluster.ts";
import { startObjectStorage, stopObjectStorage, type ObjectStorage } from "../../lab/cluster/index.ts";
import type { BackupPromise } from "../../lib/backup-promise.ts";
import { bucketAddress, type BucketAddress } from "../cluster/support/bucket-address.ts";
import { ownerOf, removeBucket } from "../cluster/support/buckets.ts";
import { holdDrill } from "../cluster/support/drill.ts";
import { TestEnvironment } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";

const bucket = "drilled-files";
const place = "test-drill-bucket";

let environment: TestEnvironment;
let cluster: Cluster;
let storage: ObjectStorage;
let address: BucketAddress;

function report(message: string): void {
    console.log(message);
}

async function sql(statement: string): Promise<string> {
    const [pod] = await cluster.pods(environment.namespace, "database");
    return (await cluster.exec(pod as V1Pod, ["psql", "-U", "sample", "-d", "sample", "-XAtqc", statement])).trim();
}

async function judged(): Promise<JudgedBackups> {
    const promise: BackupPromise = {
        by: ["files"],
        to: bucket,
        at: "02:17",
        recoveryPoint: 5,
        days: 30,
        drill: { every: 7, maxAge: 8 },
    };
    return judgeBackups(await findBackups(cluster.config, environment.namespace, { database: promise }), new Date());
}

async function keysInBucket(): Promise<string[]> {
    const list = await (await ownerOf(storage).fetch(`${storage.endpoint}/${bucket}?list-type=2`)).text();
    return [...list.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key!);
}

/** Segments of changes that are in the bucket, the oldest first. */
async function segments(): Promise<string[]> {
    return (await keysInBucket()).filter((key) => /\/archive\/.*\/[0-9A-F]{24}-/.test(key)).toSorted();
}

async function written(row: string): Promise<void> {
    const before = (await segments()).length;
    await sql(`INSERT INTO proof VALUES ('${row}')`);
    await sql("SELECT pg_switch_wal()");
    await eventually(async () => ((await segments()).length > before ? undefined : "it is not in the bucket"), 90);
}

beforeAll(async () => {
    environment = await TestEnvironment.create("drillfiles");
    cluster = new Cluster();
    storage = await startObjectStorage(report, [{ name: bucket, writtenBy: ["backups"] }]);
    await cluster.core.createNamespace({ body: { metadata: { name: place } } });
    address = await bucketAddress(cluster, place, storage.endpoint);
    const { endpoint, ca, cidrs } = address;
    await environment.configure((config) => {
        config["apps"][0].web.replicas = { min: 1, max: 1 };
        config["cache"].replicas = 0;
        config["database"].backups = {
            to: { endpoint, ca, cidrs, bucket },
            image: "localhost/pgbackrest:2",
            drill: { sql: ["SELECT count(*) >= 1 FROM proof"] },
        };
    });
    const { accessKey, secretKey } = storage.users["backups"]!;
    await environment.setSecret("secrets.databaseBackupsAccessKeyId", accessKey);
    await environment.setSecret("secrets.databaseBackupsSecretAccessKey", secretKey);
    await environment.setSecret("secrets.databaseBackupsPassphrase", "a passphrase of some length, for a test");
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    await eventually(async () => {
        const { stores } = await judged();
        return /ago/.test(stores[0]!.backup) ? undefined : stores[0]!.backup;
    }, 180);
});

afterAll(async () => {
    await environment?.remove();
    await address?.close();
    await cluster?.core.deleteNamespace({ name: place }).catch(() => undefined);
    await removeBucket(storage, bucket);
    await stopObjectStorage(report);
});

test("a drill restores the last backup and what was written after it, and the app's migrations fit", async () => {
    await sql("CREATE TABLE proof (name text)");
    await written("Ada");
    const { said } = await holdDrill(cluster, environment.namespace, "drill-good");
    expect(said.what).toMatch(/^Restored \d{8}-\d{6}F in \d+ s: \d+ rows in \d+ tables, all migrations applied\.$/);
    expect(said.checks!.map(({ name, ok }) => [name, ok])).toEqual([
        ["backup", true],
        ["files", true],
        ["wal", true],
        ["rows", true],
        ["sql SELECT count(*) >= 1 FROM proof", true],
        ["migrations", true],
    ]);
    const { broken, stores } = await judged();
    expect(broken).toEqual([]);
    expect(stores[0]).toMatchObject({ drill: expect.stringMatching(/^[01] min ago, succeeded$/) as string });
});

test("with a segment of changes gone from the bucket it fails and names it", async () => {
    const known = new Set(await segments());
    await written("Grace");
    const [gone] = (await segments()).filter((key) => !known.has(key));
    await written("Barbara");
    await ownerOf(storage).fetch(`${storage.endpoint}/${bucket}/${gone!}`, { method: "DELETE" });
    const { said } = await holdDrill(cluster, environment.namespace, "drill-gap");
    expect(said.result).toBe("failed");
    expect(said.what).toContain(`The segment ${/([0-9A-F]{24})-/.exec(gone!)![1]!} of WAL is not in the archive`);
    expect((await judged()).broken).toEqual([`database: the last drill failed. ${said.what}`]);
});
