// What is left when an update does not come to its end, and that the next one goes on from there without a hand: killed, cancelled, or
// of a release whose pods crash. The tests are one story, in order. Not proved here: that the official plugin does the same as the
// stand-in; docs/lab/provider-kubernetes.md says what was seen of it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "./support/client.ts";
import { TestEnvironment, type StackConfig } from "./support/environment.ts";
import { Cluster, eventually } from "./support/kubernetes.ts";
import { RunningWatch } from "./support/running-watch.ts";

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;

/** As small as an environment gets that still has every store and process. */
function small(config: StackConfig): void {
    config["apps"][0].web.replicas = { min: 1, max: 1 };
    config["cache"].replicas = 0;
}

async function statefulSets(): Promise<Readonly<Record<string, string>>> {
    const { items } = await cluster.apps.listNamespacedStatefulSet({ namespace: environment.namespace });
    return Object.fromEntries(items.map(({ metadata }) => [metadata!.name!, metadata!.uid!]));
}

beforeAll(async () => {
    environment = await TestEnvironment.create("cut-off");
    await environment.giveUpAfter(45);
    cluster = new Cluster();
    client = new Client(environment.host);
}, 30 * 60_000);

afterAll(async () => {
    client?.close();
    await environment?.remove();
}, 10 * 60_000);

describe("an update that did not come to its end", () => {
    test("killed while it made the stores: repaired by one command, and nothing is made twice", async () => {
        await environment.configure(small);
        const up = environment.startUp();
        await eventually(async () => {
            const there = Object.keys(await statefulSets());
            return there.length >= 2 ? undefined : `StatefulSets: ${there.join(", ")}`;
        }, 120);
        up.kill();
        await up.done;
        const made = await statefulSets();
        const cancelled = await environment.run(["cancel", "--yes", "--stack", environment.stack]);
        expect(cancelled.exitCode, cancelled.output).toBe(0);

        const next = await environment.pulumi("up");
        expect(next.exitCode).not.toBe(0);
        expect(next.output).toMatch(/statefulsets\.apps "\w+" already exists/);

        const repaired = await environment.repair();
        expect(repaired.exitCode, repaired.output).toBe(0);
        expect(repaired.output).toContain("taken into the state: StatefulSet");
        const mended = await environment.pulumi("up");
        expect(mended.exitCode, mended.output).toBe(0);
        expect(mended.output).not.toMatch(/replaced|deleted/);
        expect(await statefulSets()).toMatchObject(made);
        const preview = await environment.pulumi("preview", "--expect-no-changes");
        expect(preview.exitCode, preview.output).toBe(0);
        expect((await environment.repair()).output).toContain("Nothing to repair");
    });

    test("cancelled while it migrates: the next one runs one migration at a time (R79)", async () => {
        const slow = "trap 'exit 143' TERM; sleep 12 & wait; exec python manage.py migrate --noinput";
        await environment.configure((config) => {
            small(config);
            config["apps"][0].release.migrate = { command: ["sh", "-c", slow] };
        });
        const watch = await RunningWatch.start(cluster, environment.namespace, "sample-migrate");
        const up = environment.startUp();
        await eventually(async () => {
            const pods = await cluster.pods(environment.namespace, "sample-migrate");
            return pods.some(({ status }) => status?.phase === "Running") ? undefined : "no migration runs";
        }, 60);
        up.interrupt();
        const { exitCode, output } = await up.done;
        expect(exitCode, output).not.toBe(0);

        const next = await environment.pulumi("up");
        expect(next.exitCode, next.output).toBe(0);
        const { seen, most } = watch.stop();
        // The one before, the cancelled one, and the one that ended well.
        expect(seen).toBeGreaterThanOrEqual(2);
        expect(most).toBe(1);
    });

    test("of a release whose pods crash fails, and the one before mends them all (R78)", async () => {
        const crash = { command: ["sh", "-c", "sleep 3; exit 1"] };
        await environment.configure((config) => {
            small(config);
            const [app] = config["apps"];
            Object.assign(app.web, crash);
            Object.assign(app.workers.default, crash);
            app.beat = { ...app.beat, ...crash };
        });
        const bad = await environment.pulumi("up");
        expect(bad.exitCode).not.toBe(0);
        for (const workload of ["sample-web", "sample-worker-default", "sample-beat"]) {
            expect(bad.output, workload).toMatch(
                new RegExp(`${workload}[^ ]* in namespace [^ ]+: not ready within 45 s`),
            );
        }
        // The old pods serve on, but for beat, whose old pod has to go first.
        expect((await client.send("GET", "/")).status).toBe(200);
        expect(await cluster.unready(environment.namespace)).toContainEqual(expect.stringContaining("sample-beat-0"));

        await environment.configure(small);
        const good = await environment.pulumi("up");
        expect(good.exitCode, good.output).toBe(0);
        expect(await cluster.unready(environment.namespace)).toEqual([]);
    });
});
