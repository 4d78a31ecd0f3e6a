// An environment with every store, put to sleep and woken: how long a request waits until its page is there, that nothing of its data is
// lost, and that updates, drift and the end of it all go on as without. The figures are in docs/ephemeral.md. Not proved: load balancers
// of clouds, whose proxies hear of a pod's labels later.
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Client } from "../cluster/support/client.ts";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";

const browser = { Accept: "text/html" };

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;
const figures: Record<string, number> = {};

function settings(config: StackConfig): void {
    const [app] = config["apps"];
    config["environment"] = { kind: "ephemeral", timeToLive: "4h", sleep: { after: "1m" } };
    app.web.replicas = { min: 1, max: 2 };
    app.shell = {};
    config["cache"].replicas = 0;
}

async function names(): Promise<string[]> {
    const pods = await cluster.pods(environment.namespace);
    return pods
        .filter(({ metadata }) => (metadata!.ownerReferences ?? []).every(({ kind }) => kind !== "Job"))
        .map(({ metadata }) => metadata!.name!.replace(/-[a-z0-9]{6,10}-[a-z0-9]{5}$/, ""))
        .toSorted();
}

/** Nobody comes but the kubelet. */
async function asleep(): Promise<void> {
    const left = ["sample-doorkeeper-0", "sample-shell"];
    await eventually(async () => {
        const there = await names();
        return there.join() === left.join() ? undefined : `there are ${there.join(", ")}`;
    }, 300);
}

/** @returns seconds from the first request to the first answer of the app itself */
async function woken(path: string = "/"): Promise<number> {
    const start = performance.now();
    const first = await client.send("GET", path, browser);
    expect([first.status, first.headers["retry-after"]]).toEqual([503, "5"]);
    expect(first.body).toContain("Waking up");
    for (;;) {
        const { status } = await client.send("GET", path, browser);
        if (status === 200) {
            return Math.round((performance.now() - start) / 100) / 10;
        }
        // The waiting page, and nothing of a proxy's own.
        expect(status).toBe(503);
        await pause(250);
        expect(performance.now() - start, "milliseconds that it has waited").toBeLessThan(180_000);
    }
}

beforeAll(async () => {
    environment = await TestEnvironment.create("doze");
    cluster = new Cluster();
    client = new Client(environment.host);
    await environment.configure(settings);
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    await eventually(async () => {
        const { status } = await client.send("GET", "/");
        return status === 200 ? undefined : `the page answers ${status}`;
    }, 60);
}, 20 * 60_000);

afterAll(async () => {
    client?.close();
    await environment?.remove();
    console.log(JSON.stringify(figures));
}, 20 * 60_000);

test(
    "while somebody comes it stays awake, and then it sleeps",
    async () => {
        const start = performance.now();
        while (performance.now() - start < 100_000) {
            expect((await client.send("GET", "/")).status).toBe(200);
            await pause(10_000);
        }
        expect(await names()).toContain("sample-web");
        const idle = performance.now();
        await asleep();
        figures["asleep"] = Math.round((performance.now() - idle) / 1000);
    },
    10 * 60_000,
);

test(
    "asleep it is no drift, and the fleet's table says so",
    async () => {
        const { exitCode, output } = await environment.pulumi("preview", "--refresh", "--expect-no-changes");
        expect(exitCode, output).toBe(0);
        const fleet = await environment.commandOnAll("fleet/main.ts", "list");
        expect(fleet.output).toContain("2 of 2, asleep");
        expect(await names()).toEqual(["sample-doorkeeper-0", "sample-shell"]);
    },
    5 * 60_000,
);

test(
    "a request wakes it, with all that it knew",
    async () => {
        figures["woken"] = await woken();
        await eventually(async () => {
            const there = await names();
            return ["sample-worker-default", "sample-beat-0", "database-0", "broker-0"].every((name) =>
                there.includes(name),
            )
                ? undefined
                : `there are ${there.join(", ")}`;
        }, 60);
        // Nothing of the doorkeeper is left in the way.
        const answers = await Promise.all(Array.from({ length: 40 }, () => client.send("GET", "/")));
        expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    },
    5 * 60_000,
);

test(
    "an update of a sleeping one wakes it, and is done when it serves",
    async () => {
        await asleep();
        await environment.configure((config) => {
            settings(config);
            config["apps"][0].environment = { ...config["apps"][0].environment, WOKEN: "by an update" };
        });
        const start = performance.now();
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode, output).toBe(0);
        figures["updated"] = Math.round((performance.now() - start) / 1000);
        expect((await client.send("GET", "/")).status).toBe(200);
    },
    15 * 60_000,
);

test(
    "woken again, and asleep at the end: it is removed as it is",
    async () => {
        await asleep();
        figures["wokenAgain"] = await woken();
        await asleep();
    },
    10 * 60_000,
);
