// A database in the cluster that is backed up into a bucket: while rows are written, its pod and its volume are destroyed at random
// moments, and it comes back by itself; then a moment is restored to the row, beside the data. BACKUPS_LOSSES says how often (two);
// BACKUPS_RECORD=1 writes what was measured to bench/results/backups.json. Not proved here: a cloud's own buckets and volumes.
import { readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import type { V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { startObjectStorage, stopObjectStorage, type ObjectStorage } from "../../lab/cluster/index.ts";
import { bucketAddress, type BucketAddress } from "../cluster/support/bucket-address.ts";
import { TestEnvironment } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";

const losses = Number(process.env["BACKUPS_LOSSES"] ?? 2);
const bucket = "proof-backups";
const server = "test-backups-bucket";
const passphrase = "a passphrase of some length, for a test";
/** Minutes. */
const recoveryPoint = 1;

interface Row {
    readonly id: number;
    /** Milliseconds, by the server's clock. */
    readonly made: number;
}

interface Loss {
    readonly rowsWritten: number;
    readonly rowsMissing: number;
    /** Of writing, before the volume went. */
    readonly secondsMissing: number;
    /** From then until it could be written to again. */
    readonly secondsUntilBack: number;
}

let environment: TestEnvironment;
let cluster: Cluster;
let storage: ObjectStorage;
let address: BucketAddress;
const found: Loss[] = [];

function report(message: string): void {
    console.log(message);
}

async function databasePod(): Promise<V1Pod> {
    const [pod] = await cluster.pods(environment.namespace, "database");
    if (pod === undefined) {
        throw new Error("there is no pod of the database");
    }
    return pod;
}

async function sql(pod: V1Pod, statement: string): Promise<string> {
    return (await cluster.exec(pod, ["psql", "-U", "sample", "-d", "sample", "-XAtqc", statement])).trim();
}

async function write(pod: V1Pod): Promise<Row> {
    const text = await sql(
        pod,
        "insert into proof default values returning id || ' ' || extract(epoch from made) * 1000",
    );
    const [id, made] = text.split(" ").map(Number);
    return { id: id!, made: made! };
}

async function rows(pod: V1Pod): Promise<Row[]> {
    const text = await sql(pod, "select id || ' ' || extract(epoch from made) * 1000 from proof order by id");
    return text.split("\n").map((line) => {
        const [id, made] = line.split(" ").map(Number);
        return { id: id!, made: made! };
    });
}

async function state(pod: V1Pod, file: string): Promise<Readonly<Record<string, number | string | null>>> {
    const text = await cluster.exec(pod, ["cat", `/var/run/django-on-kubernetes/archive/${file}`]);
    return JSON.parse(text) as Record<string, number | string | null>;
}

async function configure(more: object = {}): Promise<void> {
    await environment.configure((config) => {
        config["apps"][0].web.replicas = { min: 1, max: 1 };
        config["cache"].replicas = 0;
        const { endpoint, ca, cidrs } = address;
        config["database"].backups = {
            to: { endpoint, ca, cidrs, bucket },
            recoveryPoint,
            image: "localhost/pgbackrest:2",
        };
        Object.assign(config["database"], more);
    });
}

async function up(): Promise<void> {
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
}

/** By its uid, so that the pod before is not taken for the next. */
async function servingAgain(before?: string): Promise<V1Pod> {
    let serving: V1Pod | undefined;
    await eventually(async () => {
        const pod = await databasePod();
        const ready = pod.status?.conditions?.find(({ type }) => type === "Ready")?.status;
        if (pod.metadata?.uid === before || ready !== "True") {
            return `the database's pod is not ready: ${JSON.stringify(pod.status?.initContainerStatuses?.map(({ name, state: now }) => [name, now]))}`;
        }
        await sql(
            pod,
            "create table if not exists proof (id bigserial, made timestamptz not null default clock_timestamp())",
        );
        serving = pod;
        return undefined;
    }, 300);
    return serving!;
}

beforeAll(async () => {
    environment = await TestEnvironment.create("backups");
    cluster = new Cluster();
    storage = await startObjectStorage(report, [{ name: bucket, writtenBy: ["backups"] }]);
    await cluster.core.createNamespace({ body: { metadata: { name: server } } });
    address = await bucketAddress(cluster, server, storage.endpoint);
    await configure();
    const { accessKey, secretKey } = storage.users["backups"]!;
    await environment.setSecret("secrets.databaseBackupsAccessKeyId", accessKey);
    await environment.setSecret("secrets.databaseBackupsSecretAccessKey", secretKey);
    await environment.setSecret("secrets.databaseBackupsPassphrase", passphrase);
    await up();
});

afterAll(async () => {
    await environment?.remove();
    await address?.close();
    await cluster?.core.deleteNamespace({ name: server }).catch(() => undefined);
    await stopObjectStorage(report);
});

test("its first backup is there soon", async () => {
    const pod = await servingAgain();
    await eventually(async () => {
        const { count, error } = await state(pod, "backups.json");
        return Number(count) > 0 ? undefined : `no backup yet: ${String(error)}`;
    }, 120);
});

test(`its volume is destroyed ${losses} times while rows are written, and it comes back`, async () => {
    for (let time = 0; time < losses; time++) {
        let pod = await servingAgain();
        const written: Row[] = [];
        const end = Date.now() + 15_000 + Math.random() * (recoveryPoint * 60_000 + 15_000);
        while (Date.now() < end) {
            written.push(await write(pod));
        }
        const { uid } = pod.metadata!;
        const name = `data-${pod.metadata!.name!}`;
        await cluster.core.deleteNamespacedPersistentVolumeClaim({ namespace: environment.namespace, name });
        await cluster.core.deleteNamespacedPod({
            namespace: environment.namespace,
            name: pod.metadata!.name!,
            gracePeriodSeconds: 0,
        });
        const gone = Date.now();
        pod = await servingAgain(uid);
        const back = Date.now();
        const there = new Set((await rows(pod)).map(({ id }) => id));
        const kept = written.filter(({ id }) => there.has(id));
        const last = written.at(-1)!;
        const secondsMissing = (last.made - (kept.at(-1)?.made ?? written[0]!.made)) / 1000;
        const loss = {
            rowsWritten: written.length,
            rowsMissing: written.length - kept.length,
            secondsMissing: Math.round(secondsMissing * 10) / 10,
            secondsUntilBack: Math.round((back - gone) / 100) / 10,
        };
        report(JSON.stringify(loss));
        found.push(loss);
        // What is missing is the end, and nothing in between.
        expect(kept).toEqual(written.slice(0, kept.length));
        expect(secondsMissing).toBeLessThanOrEqual(recoveryPoint * 60);
        await eventually(async () => {
            const { waiting, error } = await state(pod, "archive.json");
            return error === "" ? undefined : `${waiting} segments wait: ${String(error)}`;
        }, 60);
    }
});

let moment: { readonly at: string; readonly off: number };

/** Rows, of which the first half was there at the moment; all are in the archive. */
async function writtenAround(pod: V1Pod): Promise<{ readonly at: string; readonly written: readonly Row[] }> {
    const written: Row[] = [];
    const from = Date.now();
    while (Date.now() < from + 6000) {
        written.push(await write(pod));
    }
    // Between two, not just behind one: a row's moment is that of its commit, a little after it was made.
    const half = Math.floor(written.length / 2);
    const at = new Date(Math.round((written[half - 1]!.made + written[half]!.made) / 2)).toISOString();
    const segment = await sql(pod, "select pg_walfile_name(pg_switch_wal())");
    await eventually(async () => {
        const last = await sql(pod, "select last_archived_wal from pg_stat_archiver");
        return last >= segment ? undefined : `${last} was archived last, and not yet ${segment}`;
    }, 60);
    return { at, written };
}

let original: readonly Row[];

test("a moment is restored beside the data, to the row", async () => {
    let pod = await servingAgain();
    const { at, written } = await writtenAround(pod);
    original = await rows(pod);
    const uid = pod.metadata?.uid;
    await configure({ restore: { at } });
    // Without quotes, as people write it.
    expect(await readFile(environment.configFile, "utf8")).toContain(`at: ${at}\n`);
    await up();
    pod = await servingAgain(uid);
    const restored = (await rows(pod)).filter(({ id }) => id >= written[0]!.id);
    expect(restored).toEqual(written.filter(({ made }) => made <= Date.parse(at)));
    const last = restored.at(-1)!;
    moment = { at, off: Math.abs(Date.parse(at) - last.made) / 1000 };
    expect(moment.off).toBeLessThan(1);
});

test("make restore does it in one command, of the data that was restored before", async () => {
    let pod = await servingAgain();
    await eventually(async () => {
        const { count, stanza } = await state(pod, "backups.json");
        return stanza !== "main" && Number(count) > 0 ? undefined : "no backup of what was restored";
    }, 120);
    const { at, written } = await writtenAround(pod);
    const uid = pod.metadata?.uid;
    const { exitCode, output } = await environment.command("restore/main.ts", "--at", at);
    expect(exitCode, output).toBe(0);
    expect(output).toContain(`database serves the data of ${at}`);
    expect(output).toContain(`restore: Restoring ${at} of restored-`);
    pod = await servingAgain(uid);
    const restored = (await rows(pod)).filter(({ id }) => id >= written[0]!.id);
    expect(restored).toEqual(written.filter(({ made }) => made <= Date.parse(at)));
});

test("taken out, the data before is there again, every row of it", async () => {
    const uid = (await databasePod()).metadata?.uid;
    await environment.removeSetting("database.restore");
    await up();
    expect(await rows(await servingAgain(uid))).toEqual(original);
});

test("what was measured is recorded where that was asked for", async () => {
    expect(found).toHaveLength(losses);
    if (process.env["BACKUPS_RECORD"] === undefined) {
        return;
    }
    const record = {
        benchmark: "backups",
        date: new Date().toISOString().slice(0, 10),
        machine: { processors: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version },
        recoveryPointMinutes: recoveryPoint,
        losses: found,
        mostSecondsMissing: Math.max(...found.map(({ secondsMissing }) => secondsMissing)),
        mostSecondsUntilBack: Math.max(...found.map(({ secondsUntilBack }) => secondsUntilBack)),
        pointInTimeSecondsOff: moment.off,
    };
    const path = join(projectRoot, "bench/results/backups.json");
    await writeFile(path, `${JSON.stringify(record, null, 2)}\n`);
    report(`Recorded in ${path}`);
});
