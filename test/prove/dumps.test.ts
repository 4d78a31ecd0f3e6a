// The end of an environment and its return: `make destroy` leaves a last dump in a bucket, the database is lost, a new environment gets its
// rows back, and a second end collides with nothing. The database is somebody else's server; the bucket is behind a real server that
// speaks S3. The tests are one story, in order. Not proved here: TLS to the bucket, and servers of a cloud.
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeAddress, startObjectStorage, stopObjectStorage, type ObjectStorage } from "../../lab/cluster/index.ts";
import { removeBucket, ownerOf } from "../cluster/support/buckets.ts";
import { Client } from "../cluster/support/client.ts";
import { TestEnvironment } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { startServer, type RunningServer } from "../cluster/support/servers.ts";

const namespace = "test-dumps-server";
const bucket = "dumps";
const password = "the database's password";
const passphrase = "a passphrase of some length, for a test";

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;
let server: RunningServer;
let storage: ObjectStorage;
/** In a database that is new, with the first one added, and at the end. */
let first: number;
let visits: number;

function report(message: string): void {
    console.log(message);
}

async function psql(database: string, sql: string): Promise<string> {
    const pod = await cluster.core.readNamespacedPod({ namespace, name: "postgres" });
    return (await cluster.exec(pod, ["psql", "-U", "shop", "-d", database, "-XAtc", sql])).trim();
}

/** The names of the dumps that have a manifest. */
async function dumps(): Promise<string[]> {
    const list = await (await ownerOf(storage).fetch(`${storage.endpoint}/${bucket}?list-type=2`)).text();
    return [...list.matchAll(/\/(\d{8}T\d{6}Z)\/manifest\.json\.bin/g)].map(([, name]) => name!).toSorted();
}

async function up(): Promise<void> {
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    await eventually(async () => {
        const { status } = await client.send("GET", "/");
        return status === 200 ? undefined : `the page answers ${status}`;
    }, 60);
}

beforeAll(async () => {
    environment = await TestEnvironment.create("dumps");
    cluster = new Cluster();
    client = new Client(environment.host);
    storage = await startObjectStorage(report, [{ name: bucket, writtenBy: ["backups"] }]);
    await cluster.core.createNamespace({ body: { metadata: { name: namespace } } });
    server = await startServer(cluster, namespace, {
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
            },
        };
    });
    await environment.setSecret("secrets.databasePassword", password);
    await environment.setSecret("secrets.databaseBackupsAccessKeyId", storage.users["backups"]!.accessKey);
    await environment.setSecret("secrets.databaseBackupsSecretAccessKey", storage.users["backups"]!.secretKey);
    await environment.setSecret("secrets.databaseBackupsPassphrase", passphrase);
});

afterAll(async () => {
    client?.close();
    await environment?.remove();
    await cluster?.core.deleteNamespace({ name: namespace }).catch(() => undefined);
    await removeBucket(storage, bucket);
    await stopObjectStorage(report);
});

test("a dump by hand is in the bucket and good, and no secret is in what is shown", async () => {
    await up();
    first = await client.addVisit();
    const { exitCode, output } = await environment.command("dumps/main.ts", "take");
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(
        /Dump \d{8}T\d{6}Z of shop is at dumps\/sample\/\S+\/dumps\/\d{8}T\d{6}Z; 1 good dumps are kept\./,
    );
    for (const secret of [password, passphrase, storage.users["backups"]!.secretKey]) {
        expect(output).not.toContain(secret);
    }
    expect(await dumps()).toHaveLength(1);
});

test("without its bucket's key the end is refused, and nothing is destroyed", async () => {
    await environment.setSecret("secrets.databaseBackupsSecretAccessKey", "wrong".repeat(8));
    await up();
    const { exitCode, output } = await environment.command("destroy/main.ts", "--yes");
    expect(exitCode, output).toBe(1);
    expect(output).toContain(`${storage.endpoint} refuses the key.`);
    expect(output).toContain("nothing was destroyed. Mend the cause above, or destroy without: add NODUMP=1.");
    expect((await client.send("GET", "/")).status).toBe(200);
    await environment.setSecret("secrets.databaseBackupsSecretAccessKey", storage.users["backups"]!.secretKey);
    await up();
});

test("the end leaves a last dump, with the rows of the last moment", async () => {
    visits = await client.addVisit();
    const { exitCode, output } = await environment.command("destroy/main.ts", "--yes");
    expect(exitCode, output).toBe(0);
    expect(await dumps()).toHaveLength(2);
    await eventually(async () => {
        const { items } = await cluster.core.listNamespace();
        return items.some(({ metadata }) => metadata?.name === environment.namespace) ? "it is there" : undefined;
    }, 60);
});

test("the database is lost; in a new environment its rows are there again, once the database's name is said", async () => {
    await psql("postgres", "DROP DATABASE shop WITH (FORCE)");
    await psql("postgres", "CREATE DATABASE shop");
    await up();
    expect(await client.addVisit()).toBe(first);
    const refused = await environment.command("dumps/main.ts", "restore");
    expect(refused.exitCode, refused.output).toBe(1);
    expect(refused.output).toContain("The database shop is not empty: ");
    expect(refused.output).toContain("Allowed: an empty one, or CONFIRM=shop");
    expect(await client.addVisit()).toBe(first + 1);
    const { exitCode, output } = await environment.command("dumps/main.ts", "restore", "--confirm", "shop");
    expect(exitCode, output).toBe(0);
    expect(output).toContain("restore: processing data for table");
    expect(await client.addVisit()).toBe(visits + 1);
});

test("a second end leaves a dump beside the first one's", async () => {
    const { exitCode, output } = await environment.command("destroy/main.ts", "--yes");
    expect(exitCode, output).toBe(0);
    expect(await dumps()).toHaveLength(3);
});
