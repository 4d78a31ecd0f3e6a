// The promise itself: the real program, engine, cluster and Django, over real HTTP, from the first `up` to the last `destroy`.
// The tests are one story, in order. Not proved here: what NetworkPolicies refuse (network-policy.test.ts), anything about more than
// one node, and TLS (test/prove/https.test.ts).
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clusterDir } from "../../lab/support/paths.ts";
import { tracesOf } from "./support/traces.ts";
import { Client } from "./support/client.ts";
import { TestEnvironment } from "./support/environment.ts";
import { Cluster, eventually } from "./support/kubernetes.ts";
import { Load } from "./support/load.ts";
import { RunningWatch } from "./support/running-watch.ts";

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;

/** What must never get lost: the rows that were there when last looked. */
let rows = 0;

async function release(colour: string): Promise<{ exitCode: number; output: string }> {
    await environment.configure((config) => {
        config["apps"][0].image = `localhost/django-sample:${colour}`;
    });
    return await environment.pulumi("up");
}

async function everythingAnswers(): Promise<string | undefined> {
    const { cache, task, beat } = await client.status();
    if (cache.role !== "slave") {
        return `the cache answers as ${cache.role}, not from a replica`;
    }
    if (task === null) {
        return "no task has finished";
    }
    return beat.last_fired_at === null ? "beat has not fired" : undefined;
}

beforeAll(async () => {
    environment = await TestEnvironment.create("story");
    cluster = new Cluster();
    client = new Client(environment.host);
}, 30 * 60_000);

afterAll(async () => {
    client?.close();
    await environment?.remove();
}, 10 * 60_000);

describe("an environment", () => {
    test("comes up, and its page, database, cache replica, task and beat are live", async () => {
        const { exitCode, output } = await release("blue");
        expect(exitCode, output).toBe(0);

        await eventually(async () => {
            const { status } = await client.send("GET", "/");
            return status === 200 ? undefined : `the page answers ${status}`;
        }, 30);
        await eventually(everythingAnswers, 60);
        const status = await client.status();
        expect(status.release.colour).toBe("blue");
        expect(status.database.engine).toContain("postgresql");

        await client.addVisit();
        rows = await client.addVisit();
        expect(rows).toBeGreaterThanOrEqual(2);
    });

    test("has every pod ready under Pod Security 'restricted'", async () => {
        const namespace = await cluster.core.readNamespace({ name: environment.namespace });
        expect(namespace.metadata?.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
        // The autoscaler brings the web to its minimum of two after the update has ended.
        await eventually(async () => {
            const [unready, web] = await Promise.all([
                cluster.unready(environment.namespace),
                cluster.pods(environment.namespace, "sample-web"),
            ]);
            return unready.length === 0 && web.length >= 2
                ? undefined
                : `${web.length} web pods; ${unready.join(", ")}`;
        }, 120);
    });

    test("serves a hashed static file that may be cached for ever", async () => {
        const { static: files } = await client.status();
        const { status, headers } = await client.send("GET", files.css, { "accept-encoding": "gzip" });
        expect(status).toBe(200);
        expect(files.css).toMatch(/\.[0-9a-f]{12}\.css$/);
        expect(headers["cache-control"]).toContain("immutable");
        expect(headers["content-encoding"]).toBe("gzip");
    });

    test("has nothing to change in a second update", async () => {
        const { exitCode, output } = await environment.pulumi("up", "--expect-no-changes");
        expect(exitCode, output).toBe(0);
        const preview = await environment.pulumi("preview", "--expect-no-changes");
        expect(preview.exitCode, preview.output).toBe(0);
    });

    test("rolls over to a new image with no failed request and never two schedulers", async () => {
        const load = new Load(environment.host, 8);
        const beats = await RunningWatch.start(cluster, environment.namespace, "sample-beat");
        let rolledOver = false;
        const loading = load.run({ atLeast: 2000, until: () => rolledOver });
        const { exitCode, output } = await release("green");
        // Until the news of the last old pod's end has reached the Gateway.
        await sleep(10_000);
        rolledOver = true;
        const { answers, failures } = await loading;
        const schedulers = beats.stop();

        expect(exitCode, output).toBe(0);
        expect(failures).toEqual([]);
        expect(answers.length).toBeGreaterThanOrEqual(2000);
        expect(answers[0]).toBe("blue");
        expect(new Set(answers.slice(-100))).toEqual(new Set(["green"]));
        expect(new Set(answers)).toEqual(new Set(["blue", "green"]));
        expect((await client.status()).release.colour).toBe("green");
        expect(schedulers.seen).toBeGreaterThanOrEqual(2);
        expect(schedulers.most).toBe(1);
    });

    test("stops at a migration that fails: its log is in the error, the old release serves on", async () => {
        const load = new Load(environment.host, 2);
        let stopped = false;
        const loading = load.run({ atLeast: 100, until: () => stopped });
        const { exitCode, output } = await release("broken");
        stopped = true;
        const { answers, failures } = await loading;

        expect(exitCode).not.toBe(0);
        expect(output).toContain("sample-migrate");
        expect(output).toContain("broken on purpose: this migration never succeeds");
        expect(failures).toEqual([]);
        expect(new Set(answers)).toEqual(new Set(["green"]));
        const images = (await cluster.pods(environment.namespace, "sample-web")).map(
            ({ spec }) => spec?.containers[0]?.image,
        );
        expect(new Set(images)).toEqual(new Set(["localhost/django-sample:green"]));

        const mended = await release("green");
        expect(mended.exitCode, mended.output).toBe(0);
        expect((await client.status()).release.colour).toBe("green");
    });

    test("heals after the loss of any pod, and loses no row", async () => {
        rows = await client.addVisit();
        const workloads = ["sample-web", "sample-worker-default", "sample-beat", "cache", "cache-replica", "database"];
        for (const workload of workloads) {
            const pods = await cluster.pods(environment.namespace, workload);
            expect(pods.length, workload).toBeGreaterThan(0);
            await cluster.deletePod(pods[0]!);
            const lost = pods[0]!.metadata!.uid;
            await eventually(async () => {
                const now = await cluster.pods(environment.namespace, workload);
                const unready = await cluster.unready(environment.namespace);
                const back = now.length >= pods.length && now.every(({ metadata }) => metadata?.uid !== lost);
                return back && unready.length === 0 ? undefined : `${workload}: ${unready.join(", ") || "not back"}`;
            }, 120);
        }
        await eventually(everythingAnswers, 60);
        expect((await client.status()).database.rows).toBe(rows);
        const before = (await client.status()).beat.count;
        await eventually(
            async () => ((await client.status()).beat.count > before ? undefined : "beat does not fire"),
            60,
        );
    });

    test("runs manage.py in the shell", async () => {
        const [pod] = await cluster.pods(environment.namespace, "sample-shell");
        const output = await cluster.exec(pod!, ["python", "manage.py", "showmigrations", "--plan"]);
        expect(output).toContain("[X]");
        expect(output).not.toContain("[ ]");
    });

    test("is destroyed without a trace", async () => {
        const uids = (await cluster.pods(environment.namespace)).map(({ metadata }) => metadata!.uid!);
        expect((await tracesOf(uids)).length).toBeGreaterThan(0);
        const { exitCode, output } = await environment.pulumi("destroy");
        expect(exitCode, output).toBe(0);

        const { items: namespaces } = await cluster.core.listNamespace();
        expect(namespaces.map(({ metadata }) => metadata?.name)).not.toContain(environment.namespace);
        await eventually(async () => {
            const { items: volumes } = await cluster.core.listPersistentVolume();
            const left = volumes.filter(({ spec }) => spec?.claimRef?.namespace === environment.namespace);
            return left.length === 0 ? undefined : `volumes: ${left.map(({ metadata }) => metadata?.name).join(", ")}`;
        }, 60);
        await eventually(async () => {
            const directories = await readdir(join(clusterDir, "volumes"));
            const left = [
                ...(await tracesOf(uids)),
                ...directories.filter((name) => name.includes(`_${environment.namespace}_`)),
            ];
            return left.length === 0 ? undefined : left.join("\n");
        }, 60);
    });
});
