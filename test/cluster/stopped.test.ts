// What the embedded cluster keeps when it is stopped and started again, and when its machine restarts without notice. The tests
// are one story, in order. Not proved here: that the kernel had written everything before a true power cut; etcd does not wait for it.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { podCgroups, podProcesses } from "../../lab/cluster/cgroups.ts";
import { clusterStatus, haltCluster, startCluster } from "../../lab/cluster/index.ts";
import { places } from "../../lab/cluster/layout.ts";
import { markedProcesses } from "../../lab/cluster/processes.ts";
import { cutPower } from "../../lab/cluster/teardown.ts";
import { Client } from "./support/client.ts";
import { TestEnvironment } from "./support/environment.ts";
import { Cluster, eventually } from "./support/kubernetes.ts";

const report = (message: string): void => console.log(message);

let environment: TestEnvironment;
let client: Client;

/** What must be there afterwards. */
let rows = 0;
let claims: readonly string[] = [];

async function volumeClaims(): Promise<readonly string[]> {
    const { items } = await new Cluster().core.listNamespacedPersistentVolumeClaim({
        namespace: environment.namespace,
    });
    return items.map(({ metadata }) => metadata!.uid!).sort();
}

/** What all pods together weigh for the kernel's scheduler, in the unit of whichever version of its groups the machine has. */
async function podWeights(): Promise<readonly string[]> {
    const tops = (await podCgroups()).filter((path) => basename(path) === "kubepods");
    const files = tops
        .flatMap((path) => ["cpu.shares", "cpu.weight"].map((name) => join(path, name)))
        .filter(existsSync);
    return await Promise.all(files.map(async (file) => `${basename(file)} ${(await readFile(file, "utf8")).trim()}`));
}

/** As docs/lab/cluster.md says; the kubelet would have given a share for each processor. */
async function podsHaveTheirShare(): Promise<void> {
    expect(["cpu.shares 32768", "cpu.weight 400"].map((weight) => [weight])).toContainEqual(await podWeights());
}

async function everythingIsThere(): Promise<void> {
    await eventually(async () => {
        const { status } = await client.send("GET", "/").catch(() => ({ status: 0 }));
        return status === 200 ? undefined : `the page answers ${status}`;
    }, 180);
    expect(await volumeClaims()).toEqual(claims);
    expect(await client.addVisit()).toBe(++rows);
    await podsHaveTheirShare();
    const { exitCode, output } = await environment.pulumi("up", "--expect-no-changes");
    expect(exitCode, output).toBe(0);
}

beforeAll(async () => {
    environment = await TestEnvironment.create("stopped");
    await environment.configure((config) => {
        config["apps"][0].web.replicas = { min: 1, max: 1 };
        config["cache"].replicas = 0;
    });
    client = new Client(environment.host);
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    await eventually(async () => {
        const { status } = await client.send("GET", "/").catch(() => ({ status: 0 }));
        return status === 200 ? undefined : `the page answers ${status}`;
    }, 60);
    rows = await client.addVisit();
    claims = await volumeClaims();
}, 30 * 60_000);

afterAll(async () => {
    client?.close();
    await environment?.remove();
}, 10 * 60_000);

describe("the embedded cluster", () => {
    test("gives all pods together their share of the machine", podsHaveTheirShare);

    test("ends when it is stopped: no process, no pod, and nothing of the machine's that a restart would not have left", async () => {
        await haltCluster(report);
        expect(await clusterStatus()).toEqual([]);
        expect(await markedProcesses()).toEqual([]);
        expect(await podProcesses()).toEqual([]);
        expect(existsSync(places.run)).toBe(false);
        expect(existsSync(join(places.root, "etcd"))).toBe(true);
        await expect(client.send("GET", "/")).rejects.toThrow("ECONNREFUSED");
    });

    test("has its objects, its rows and its images again when it is started", async () => {
        await startCluster(report);
        await everythingIsThere();
    });

    test("has them after a restart of the machine that nobody announced", async () => {
        await cutPower();
        expect((await clusterStatus()).filter(({ state }) => state === "running")).toEqual([]);
        await startCluster(report);
        await everythingIsThere();
    });
});
