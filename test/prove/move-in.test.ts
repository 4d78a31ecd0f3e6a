// A database of another server moved into a running stack and out of it again, by the command: the Job under Pod Security and
// NetworkPolicies, its pod killed on the way, the app paused meanwhile. The tests are one story, in order. Not proved here: another major
// version, sizes and replication (test/prove/move.test.ts), and servers outside the cluster's network.
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KubeConfig } from "@kubernetes/client-node";
import { findBackups } from "../../commands/status/cluster.ts";
import { kubeconfigPath, projectRoot } from "../../commands/support/paths.ts";
import { Client } from "../cluster/support/client.ts";
import { TestEnvironment } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { certificateFor, hostOf, startServer, type RunningServer } from "../cluster/support/servers.ts";

const namespace = "test-move-source";
const password = String.raw`the old server's pässword: @/%\ "`;

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;
let server: RunningServer;
let folder: string;

async function old(sql: string, database = "shop"): Promise<string> {
    const [pod] = await cluster.pods(namespace);
    const command = ["psql", "--username=shop", "--no-align", "--tuples-only", "--command", sql, database];
    return (await cluster.exec(pod!, command)).trim();
}

async function own(sql: string): Promise<string> {
    const [pod] = await cluster.pods(environment.namespace, "database");
    return (
        await cluster.exec(pod!, ["psql", "--username=sample", "--no-align", "--tuples-only", "--command", sql])
    ).trim();
}

function command(direction: "in" | "out", ...args: string[]) {
    const all = [
        "--stack",
        environment.stack,
        "--namespace",
        environment.namespace,
        "--context",
        "local",
        "--storage",
        "1Gi",
    ];
    return execa(
        process.execPath,
        [join(projectRoot, "commands/move/main.ts"), direction, ...all, "--cidrs", `${server.address}/32`, ...args],
        { env: { KUBECONFIG: kubeconfigPath }, all: true, reject: false, stdin: "ignore" },
    );
}

async function whatIsLeft(): Promise<string[]> {
    const query = { namespace: environment.namespace, labelSelector: "app.kubernetes.io/component=database-move" };
    const { core } = cluster;
    const lists = await Promise.all([
        core.listNamespacedPod(query),
        core.listNamespacedSecret(query),
        core.listNamespacedConfigMap(query),
        core.listNamespacedPersistentVolumeClaim(query),
        core.listNamespacedServiceAccount(query),
    ]);
    return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata!.name!));
}

beforeAll(async () => {
    environment = await TestEnvironment.create("movein");
    cluster = new Cluster();
    client = new Client(environment.host);
    await environment.configure((config) => {
        config["apps"][0].web.replicas = { min: 1, max: 1 };
        config["cache"].replicas = 0;
    });
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    await cluster.core.createNamespace({ body: { metadata: { name: namespace } } });
    const certificate = await certificateFor(hostOf(namespace, "postgres"));
    server = await startServer(cluster, namespace, {
        name: "postgres",
        port: 5432,
        image: "localhost/postgres:15",
        args: ["postgres", "-c", "ssl=on", "-c", "ssl_cert_file=/tls/tls.crt", "-c", "ssl_key_file=/tls/tls.key"],
        environment: { POSTGRES_USER: "shop", POSTGRES_PASSWORD: password },
        certificate,
    });
    folder = await mkdtemp(join(tmpdir(), "move-in-"));
    await writeFile(join(folder, "ca.pem"), certificate.ca);
    for (const database of ["shop", "empty"]) {
        const address = `postgresql://shop:${encodeURIComponent(password)}@${server.host}:5432/${database}`;
        await writeFile(join(folder, database), address);
        await chmod(join(folder, database), 0o600);
    }
    // What the app has made of its own database is the old environment, with more visits.
    const [pod] = await cluster.pods(environment.namespace, "database");
    const dump = await cluster.exec(pod!, ["pg_dump", "--username=sample", "--no-owner", "sample"]);
    const [source] = await cluster.pods(namespace);
    const encoded = Buffer.from(dump.replace(/^\\(un)?restrict.*$/gm, "")).toString("base64");
    for (let at = 0; at < encoded.length; at += 60_000) {
        await cluster.exec(source!, ["sh", "-c", `echo '${encoded.slice(at, at + 60_000)}' >> /tmp/dump`]);
    }
    await cluster.exec(source!, [
        "sh",
        "-c",
        "base64 -d /tmp/dump | psql --username=shop --quiet --set=ON_ERROR_STOP=1 shop > /dev/null",
    ]);
    await old(
        "INSERT INTO sample_visit (recorded_at, recorded_by) SELECT now(), 'the old server' FROM generate_series(1, 4000)",
    );
    await old("CREATE DATABASE empty");
}, 30 * 60_000);

afterAll(async () => {
    client?.close();
    await environment?.remove();
    await cluster?.core.deleteNamespace({ name: namespace }).catch(() => undefined);
    if (folder !== undefined) {
        await rm(folder, { recursive: true, force: true });
    }
}, 15 * 60_000);

test("a database that the app has made tables in is left alone until its name is typed", async () => {
    const { exitCode, all } = await command("in", "--address", join(folder, "shop"), "--ca", join(folder, "ca.pem"));
    expect(exitCode, all).toBe(1);
    expect(all).toContain("The target sample is not empty");
    expect(all).toContain("CONFIRM=sample");
    expect(all).not.toContain(encodeURIComponent(password));
    expect(await old("SHOW default_transaction_read_only")).toBe("off");
    expect((await client.status()).database.rows).toBe(3);
});

test("with its name it is replaced, whatever happens to the pod, and the app goes on with all of it", async () => {
    // The address is there already, from the run before.
    const running = command("in", "--confirm", "sample", "--pause", "1");
    let killed = 0;
    running.stdout.on("data", (chunk: Buffer) => {
        // Early enough that a small database is not there already.
        if (killed === 0 && /source read-only: |dump: /.test(chunk.toString())) {
            killed++;
            void cluster.pods(environment.namespace, "database-move").then(([pod]) =>
                cluster.core.deleteNamespacedPod({
                    namespace: environment.namespace,
                    name: pod!.metadata!.name!,
                    gracePeriodSeconds: 0,
                }),
            );
        }
    });
    const { exitCode, all } = await running;
    expect(exitCode, all).toBe(0);
    expect(killed, all).toBe(1);
    expect(all).toContain("The app goes on, with as many pods as before.");
    await eventually(async () => {
        const rows = (await client.status()).database.rows;
        return rows === 4003 ? undefined : `${rows} rows`;
    }, 120);
    expect(await client.addVisit()).toBe(4004);
    expect(await old("SHOW default_transaction_read_only")).toBe("on");
    await eventually(async () => ((await whatIsLeft()).length === 0 ? undefined : (await whatIsLeft()).join(", ")), 60);
    const config = new KubeConfig();
    config.loadFromFile(kubeconfigPath);
    const { operations } = await findBackups(config, environment.namespace, {});
    const noted = operations.filter(({ kind }) => kind === "move");
    expect(noted).toMatchObject([{ store: "database", result: "succeeded" }]);
});

test("the stack is as Pulumi knows it", async () => {
    const { exitCode, output } = await environment.pulumi("up", "--expect-no-changes");
    expect(exitCode, output).toBe(0);
});

test("out of the stack it goes the same way, and BACK lets the stack write again", async () => {
    const args = ["--address", join(folder, "empty"), "--ca", join(folder, "ca.pem")];
    const { exitCode, all } = await command("out", ...args);
    expect(exitCode, all).toBe(0);
    expect(await old("SELECT count(*) FROM sample_visit", "empty")).toBe("4004");
    expect(await own("SHOW default_transaction_read_only")).toBe("on");
    const back = await command("out", "--back", "1", ...args);
    expect(back.exitCode, back.all).toBe(0);
    expect(await own("SHOW default_transaction_read_only")).toBe("off");
    await eventually(async () => {
        await client.addVisit();
        return undefined;
    }, 60);
});
