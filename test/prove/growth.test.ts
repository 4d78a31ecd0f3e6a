// Volumes that grow and a server of the next but one major version, for real: each pod goes on as it is while its claim gets larger, and an
// upgrade has every row, keeps the data of before until that is said to go, and then leaves no trace. One story, in order.
// Not proved: that a file system gets larger, for which the embedded cluster has no driver; and a newer collation, of which its images have
// none: test/unit/database-data.test.ts.
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig, CoreV1Api, StorageV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubeconfigPath } from "../../commands/support/paths.ts";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";

const storageClass = "growing";

let environment: TestEnvironment;
let cluster: Cluster;
let storage: StorageV1Api;
let core: CoreV1Api;

/** What the tests change, one after the other. */
let database: Record<string, unknown> = { version: "15", image: "localhost/postgres:15" };
let size = "1Gi";

function stores(config: StackConfig): void {
    const [app] = config["apps"];
    app.web.replicas = { min: 1, max: 1 };
    delete app.beat;
    delete app.workers;
    config["platform"].storageClass = storageClass;
    config["cache"] = { variant: "in-cluster", engine: "redis", image: "localhost/redis:7", replicas: 0 };
    config["database"] = { variant: "in-cluster", storage: size, ...database };
    config["broker"].storage = size;
}

async function up(changes: Record<string, unknown> = {}): Promise<string> {
    database = { ...database, ...changes };
    await environment.configure(stores);
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    return output;
}

async function sql(statement: string): Promise<string> {
    const [pod] = await cluster.pods(environment.namespace, "database");
    const command = [
        "psql",
        "--username=sample",
        "--dbname=sample",
        "--no-align",
        "--tuples-only",
        "--command",
        statement,
    ];
    return (await cluster.exec(pod!, command)).trim();
}

async function directories(): Promise<string[]> {
    const [pod] = await cluster.pods(environment.namespace, "database");
    return (await cluster.exec(pod!, ["ls", "/var/lib/postgresql/data"])).trim().split("\n");
}

/** Each claim of a store with what it asks for. */
async function asked(): Promise<Record<string, string | undefined>> {
    const { items } = await core.listNamespacedPersistentVolumeClaim({ namespace: environment.namespace });
    return Object.fromEntries(
        items
            .filter(({ metadata }) => metadata?.name?.startsWith("data-"))
            .map(({ metadata, spec }) => [metadata!.name!, spec?.resources?.requests?.["storage"]]),
    );
}

async function uids(): Promise<(string | undefined)[]> {
    const pods = [
        ...(await cluster.pods(environment.namespace, "database")),
        ...(await cluster.pods(environment.namespace, "broker")),
    ];
    return pods.map(({ metadata }) => metadata?.uid);
}

beforeAll(async () => {
    environment = await TestEnvironment.create("growth");
    cluster = new Cluster();
    const config = new KubeConfig();
    config.loadFromFile(kubeconfigPath);
    storage = config.makeApiClient(StorageV1Api);
    core = config.makeApiClient(CoreV1Api);
    const { items } = await storage.listStorageClass();
    const usual = items.find(
        ({ metadata }) => metadata?.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
    )!;
    await storage.deleteStorageClass({ name: storageClass }).catch(() => undefined);
    await storage.createStorageClass({
        body: {
            metadata: { name: storageClass },
            provisioner: usual.provisioner,
            volumeBindingMode: "WaitForFirstConsumer",
            reclaimPolicy: "Delete",
            allowVolumeExpansion: true,
        },
    });
    await up();
    await sql("create table kept (at int primary key); insert into kept select generate_series(1, 1000)");
});

afterAll(async () => {
    await environment?.remove();
    await storage?.deleteStorageClass({ name: storageClass }).catch(() => undefined);
});

test("a larger size reaches the claims, while the pods go on", async () => {
    expect(await asked()).toEqual({ "data-database-0": "1Gi", "data-broker-0": "1Gi" });
    const before = await uids();
    size = "2Gi";
    await up();
    expect(await asked()).toEqual({ "data-database-0": "2Gi", "data-broker-0": "2Gi" });
    expect(await uids()).toEqual(before);
});

test("then there is nothing to do, also after a refresh", async () => {
    const { exitCode, output } = await environment.pulumi("preview", "--refresh", "--expect-no-changes");
    expect(exitCode, output).toBe(0);
});

test("a smaller size is refused in the preview, with the size that there is", async () => {
    size = "1Gi";
    await environment.configure(stores);
    const { exitCode, output } = await environment.pulumi("preview");
    expect(exitCode).not.toBe(0);
    expect(output).toContain("a volume does not shrink");
    size = "2Gi";
});

test("an upgrade has every row, and keeps what was there before", async () => {
    const started = Date.now();
    await up({
        version: "17",
        image: "localhost/postgres:17",
        upgradeFrom: { version: "15", image: "localhost/postgres:15" },
    });
    console.log(`upgrade of an empty shop: ${Math.round((Date.now() - started) / 1000)} s from up to up`);
    expect(await sql("show server_version_num")).toMatch(/^17/);
    expect(await sql("select count(*) from kept")).toBe("1000");
    expect(await directories()).toEqual(expect.arrayContaining(["pgdata", "pgdata-17"]));
    await sql("insert into kept values (2000)");
});

test("the data of before is removed when that is said, and the setting is not needed any more", async () => {
    await up({ upgradeFrom: { version: "15", image: "localhost/postgres:15", original: "removed" } });
    expect((await directories()).filter((name) => name.startsWith("pgdata"))).toEqual(["pgdata", "pgdata.collations"]);
    const { upgradeFrom: _, ...rest } = database;
    database = rest;
    await up();
    expect(await sql("show server_version_num")).toMatch(/^17/);
    expect(await sql("select count(*) from kept")).toBe("1001");
});

test("another version without an upgrade is refused before the server starts, and the way back is open", async () => {
    database = { ...database, version: "15", image: "localhost/postgres:15" };
    await environment.configure(stores);
    const stuck = environment.startUp();
    const refusal = async (): Promise<string> => {
        for (let second = 0; second < 180; second++) {
            const [pod] = await cluster.pods(environment.namespace, "database");
            const check = pod?.status?.initContainerStatuses?.find(({ name }) => name === "check-data");
            const message = (check?.state?.terminated ?? check?.lastState?.terminated)?.message;
            if (message !== undefined && message !== "") {
                return message;
            }
            await sleep(1000);
        }
        return "nothing was refused";
    };
    expect(await refusal()).toContain(
        'The volume has data of PostgreSQL 17, and database.version says 15, which cannot read it. Fix: set database.version back to "17", and when `pulumi up` waits for this pod, delete it',
    );
    stuck.interrupt();
    expect((await stuck.done).exitCode).not.toBe(0);
    // As the refusal says: Kubernetes does not replace a pod that never was ready.
    const back = up({ version: "17", image: "localhost/postgres:17" });
    await eventually(async () => {
        const server = await cluster.apps.readNamespacedStatefulSet({
            namespace: environment.namespace,
            name: "database",
        });
        const image = server.spec?.template.spec?.containers[0]?.image;
        return image === "localhost/postgres:17" ? undefined : `the server is still to be ${image}`;
    }, 120);
    const [refused] = await cluster.pods(environment.namespace, "database");
    await cluster.deletePod(refused!);
    await back;
    expect(await sql("select count(*) from kept")).toBe("1001");
});
