// Drills in a cluster: the pod of one restores the last dump of a real bucket, holds the app's own migrations against it, and is gone with
// its volume; one of a broken bucket fails, and `make status` says why. Not proved here: copies of a server's files
// (drill-files.test.ts), the other ways in which a backup is broken (test/unit/drill-scripts.test.ts), and servers of a cloud.
import { afterAll, beforeAll, expect, test } from "vitest";
import { judgeBackups, type JudgedBackups } from "../../commands/status/backups.ts";
import { backupsTable } from "../../commands/status/backups-table.ts";
import { findBackups } from "../../commands/status/cluster.ts";
import { nodeAddress, startObjectStorage, stopObjectStorage, type ObjectStorage } from "../../lab/cluster/index.ts";
import type { BackupPromise } from "../../lib/backup-promise.ts";
import { ownerOf, removeBucket } from "../cluster/support/buckets.ts";
import { Client } from "../cluster/support/client.ts";
import { holdDrill, type Drill } from "../cluster/support/drill.ts";
import { TestEnvironment } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { startServer } from "../cluster/support/servers.ts";

const namespace = "test-drill-server";
const bucket = "drills";
const password = "the database's password";
const passphrase = "a passphrase of some length, for a test";

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;
let storage: ObjectStorage;

function report(message: string): void {
    console.log(message);
}

async function drill(name: string): Promise<Drill> {
    return await holdDrill(cluster, environment.namespace, name);
}

async function judged(): Promise<JudgedBackups> {
    const promise: BackupPromise = {
        by: ["dump"],
        to: bucket,
        at: "02:17",
        recoveryPoint: 1440,
        days: 30,
        drill: { every: 7, maxAge: 8 },
    };
    return judgeBackups(await findBackups(cluster.config, environment.namespace, { database: promise }), new Date());
}

beforeAll(async () => {
    environment = await TestEnvironment.create("drill");
    cluster = new Cluster();
    client = new Client(environment.host);
    storage = await startObjectStorage(report, [{ name: bucket, writtenBy: ["backups"] }]);
    await cluster.core.createNamespace({ body: { metadata: { name: namespace } } });
    const server = await startServer(cluster, namespace, {
        name: "postgres",
        port: 5432,
        image: "localhost/postgres:15",
        args: ["postgres"],
        environment: { POSTGRES_USER: "shop", POSTGRES_PASSWORD: password },
    });
    await environment.configure((config) => {
        config["apps"][0].web.replicas = { min: 1, max: 1 };
        config["cache"].replicas = 0;
        config["database"] = {
            variant: "external",
            host: server.host,
            cidrs: [`${server.address}/32`],
            database: "shop",
            user: "shop",
            tls: { mode: "disable" },
            maxConnections: 90,
            backups: {
                to: { endpoint: storage.endpoint, bucket, cidrs: [`${nodeAddress}/32`] },
                clientImage: "localhost/postgres:15",
                dumpImage: "localhost/rclone:1.60",
                dumpStorage: "100Mi",
                drill: { sql: ["SELECT count(*) = 1 FROM auth_user WHERE is_superuser"] },
            },
        };
    });
    await environment.setSecret("secrets.databasePassword", password);
    await environment.setSecret("secrets.databaseBackupsAccessKeyId", storage.users["backups"]!.accessKey);
    await environment.setSecret("secrets.databaseBackupsSecretAccessKey", storage.users["backups"]!.secretKey);
    await environment.setSecret("secrets.databaseBackupsPassphrase", passphrase);
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
});

afterAll(async () => {
    client?.close();
    await environment?.remove();
    await cluster?.core.deleteNamespace({ name: namespace }).catch(() => undefined);
    await removeBucket(storage, bucket);
    await stopObjectStorage(report);
});

test("before there is a backup, a drill fails and says so; that none is there yet is no fault of a new environment", async () => {
    const { said } = await drill("drill-empty");
    expect(said).toMatchObject({ kind: "drill", store: "database", result: "failed" });
    expect(said.what).toMatch(/There is no good dump|could not be listed/);
    const { stores, broken } = await judged();
    expect(stores[0]!.backup).toBe("no dump yet");
    expect(broken).toEqual([`database: the last drill failed. ${said.what}`]);
});

test("a drill restores the last dump, the owner's statement is true of it, and the app's migrations fit it", async () => {
    await eventually(async () => {
        const { status } = await client.send("GET", "/");
        return status === 200 ? undefined : `the page answers ${status}`;
    }, 60);
    await client.addVisit();
    const taken = await environment.command("dumps/main.ts", "take");
    expect(taken.exitCode, taken.output).toBe(0);
    const { said, pod } = await drill("drill-good");
    expect(said.what).toMatch(/^Restored the dump \S+ in \d+ s: \d+ rows in \d+ tables, all migrations applied\.$/);
    expect(said).toMatchObject({ kind: "drill", store: "database", result: "succeeded" });
    expect(said.checks!.map(({ name, ok }) => [name, ok])).toEqual([
        ["backup", true],
        ["files", true],
        ["rows", true],
        ["sql SELECT count(*) = 1 FROM auth_user WHERE is_superuser", true],
        ["migrations", true],
    ]);
    const { broken, stores, operations } = await judged();
    expect(broken).toEqual([]);
    expect(stores[0]!.drill).toMatch(/^[01] min ago, succeeded$/);
    expect(operations.map(({ kind }) => kind)).toEqual(["drill", "dump", "drill"]);
    // What the pod had is gone with it: its volume is its own.
    await cluster.deletePod(pod);
    await eventually(async () => {
        const { items } = await cluster.core.listNamespacedPersistentVolumeClaim({ namespace: environment.namespace });
        const left = items.filter(({ metadata }) => metadata?.name?.startsWith(pod.metadata!.name!));
        return left.length === 0 ? undefined : "its volume is there";
    }, 60);
});

test("of a dump that somebody has damaged a drill fails, and `make status` says why", async () => {
    const list = await (await ownerOf(storage).fetch(`${storage.endpoint}/${bucket}?list-type=2`)).text();
    const key = [...list.matchAll(/<Key>([^<]+\/dump\.bin)<\/Key>/g)].map(([, found]) => found!).at(-1)!;
    const object = await ownerOf(storage).fetch(`${storage.endpoint}/${bucket}/${key}`);
    const half = new Uint8Array(await object.arrayBuffer()).subarray(0, 300);
    expect(
        (await ownerOf(storage).fetch(`${storage.endpoint}/${bucket}/${key}`, { method: "PUT", body: half })).status,
    ).toBe(200);
    const { said } = await drill("drill-damaged");
    expect(said.result).toBe("failed");
    expect(said.what).toMatch(/^The dump \S+ (is damaged|could not be read)/);
    const all = await judged();
    expect(all.broken).toEqual([`database: the last drill failed. ${said.what}`]);
    expect(backupsTable(all, 120)).toContain("Not as promised:");
    expect(JSON.stringify(all)).not.toMatch(new RegExp([password, passphrase].join("|")));
});
