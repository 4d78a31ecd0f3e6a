// The whole command against an API server in memory: what it makes, pauses, shows and removes. Not proved: that a pod runs
// (test/prove/move-in.test.ts).
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { projectRoot } from "../../../../commands/support/paths.ts";
import { operationIn } from "../../../../lib/data-operations.ts";
import { FakeCluster, type Item } from "./fake-cluster.ts";

const address = "postgresql://old:gehe%2Fim@192.0.2.7:6543/olddb";

// Each is a process that loads its packages.
vi.setConfig({ testTimeout: 120_000 });

let cluster: FakeCluster;
let folder: string;

function put(path: string, item: Omit<Item, "metadata"> & { metadata: Omit<Item["metadata"], "name"> }): void {
    const name = path.slice(path.lastIndexOf("/") + 1);
    cluster.objects.set(path, { ...item, metadata: { ...item.metadata, name, namespace: "shop" } });
}

const django = { "app.kubernetes.io/component": "django", "app.kubernetes.io/part-of": "shop" };

function workload(replicas: number): Omit<Item, "metadata"> & { metadata: Omit<Item["metadata"], "name"> } {
    return {
        metadata: { labels: django },
        spec: {
            replicas,
            template: {
                metadata: {
                    labels: {
                        ...django,
                        "app.kubernetes.io/instance": "shop-staging",
                        "django-on-kubernetes/reaches-database": "true",
                    },
                },
                spec: { containers: [{ name: "web", envFrom: [{ secretRef: { name: "shop-secret" } }] }] },
            },
        },
    };
}

beforeEach(async () => {
    cluster = new FakeCluster();
    folder = await mkdtemp(join(tmpdir(), "move-command-"));
    await writeFile(join(folder, "kubeconfig"), await cluster.start());
    put("/apis/apps/v1/namespaces/shop/deployments/shop-web", workload(3));
    put("/apis/apps/v1/namespaces/shop/statefulsets/shop-beat", workload(1));
    put("/apis/batch/v1/namespaces/shop/cronjobs/shop-clear", {
        metadata: { labels: django },
        spec: { suspend: false },
    });
    put("/api/v1/namespaces/shop/secrets/shop-secret", { metadata: {}, data: { DATABASE_URL: "eA==" } });
});

afterEach(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true });
});

async function move(...args: string[]): Promise<{ readonly code: number; readonly output: string }> {
    const all = [join(projectRoot, "commands/move/main.ts"), ...args, "--context", "fake", "--namespace", "shop"];
    const env = { PATH: process.env["PATH"], KUBECONFIG: join(folder, "kubeconfig"), MOVE_ADDRESS: address };
    return await new Promise((resolve) => {
        execFile(process.execPath, all, { env }, (error, stdout, stderr) => {
            resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
        }).stdin?.end();
    });
}

function said(phase: string, state: string, text: string): string {
    return JSON.stringify({ time: "2026-12-01T10:00:00Z", phase, state, text });
}

function namesLeft(): string[] {
    return [...cluster.objects.keys()].filter((path) => path.includes("database-move")).sort();
}

const moved = {
    kind: "move",
    store: "database",
    started: "2026-12-01T10:00:00Z",
    ended: "2026-12-01T10:05:00Z",
    result: "succeeded",
    what: "moved.",
};

test("a move that succeeds: the app waits and comes back as it was, and only the record of the Job is left", async () => {
    cluster.ending = {
        log: [said("data", "done", "all rows are there"), said("end", "done", "moved.")].join("\n"),
        succeeded: true,
        message: JSON.stringify(moved),
    };
    const { code, output } = await move("in", "--pause", "1", "--confirm", "shop");
    expect(code, output).toBe(0);
    expect(output).toContain("10:00:00 rows: all rows are there");
    expect(output).toContain("moved.");
    expect(output).toContain("The app goes on, with as many pods as before.");
    expect(output).not.toContain("gehe");
    expect(namesLeft()).toEqual(["/apis/batch/v1/namespaces/shop/jobs/database-move"]);
    const job = JSON.stringify(cluster.objects.get("/apis/batch/v1/namespaces/shop/jobs/database-move"));
    expect(job).toContain('{"name":"MOVE_CONFIRM","value":"shop"}');
    // For `make status`.
    const noted = (JSON.parse(job) as Item).metadata.annotations?.["django-on-kubernetes/operation"] ?? "";
    expect(operationIn(noted)).toEqual(moved);
    expect(cluster.objects.get("/apis/apps/v1/namespaces/shop/deployments/shop-web")!.spec!["replicas"]).toBe(3);
    expect(cluster.objects.get("/apis/apps/v1/namespaces/shop/statefulsets/shop-beat")!.spec!["replicas"]).toBe(1);
    expect(cluster.objects.get("/apis/batch/v1/namespaces/shop/cronjobs/shop-clear")!.spec!["suspend"]).toBe(false);
    const position = (change: string): number => cluster.changes.findIndex((each) => each.startsWith(change));
    const begun = position("POST /apis/batch/v1/namespaces/shop/jobs");
    // Pods end first; the address and the way out are there before the Job is.
    for (const earlier of [
        "PUT /apis/apps/v1/namespaces/shop/deployments/shop-web/scale",
        "PUT /apis/batch/v1/namespaces/shop/cronjobs/shop-clear",
        "POST /api/v1/namespaces/shop/secrets",
        "POST /apis/networking.k8s.io/v1/namespaces/shop/networkpolicies",
        "POST /api/v1/namespaces/shop/persistentvolumeclaims",
    ]) {
        expect(position(earlier), earlier).toBeGreaterThanOrEqual(0);
        expect(position(earlier), earlier).toBeLessThan(begun);
    }
});

test("one that fails keeps its volume and the address for the next run, which is asked for none", async () => {
    cluster.ending = { log: said("end", "failed", "The target shop is not empty. CONFIRM=shop"), succeeded: false };
    const { code, output } = await move("in", "--pause", "1");
    expect(code).toBe(1);
    expect(output).toContain("The target shop is not empty. CONFIRM=shop");
    expect(output).toContain("BACK=1");
    expect(cluster.objects.get("/api/v1/namespaces/shop/secrets/database-move")!["stringData"]).toEqual({
        URL: "postgresql://old@192.0.2.7:6543/olddb?sslmode=require",
        PASSWORD: "gehe/im",
    });
    expect(namesLeft()).toContain("/api/v1/namespaces/shop/persistentvolumeclaims/database-move");
    // The app has not come back: its database may be half there.
    expect(cluster.objects.get("/apis/apps/v1/namespaces/shop/deployments/shop-web")!.spec!["replicas"]).toBe(0);

    cluster.ending = { log: said("end", "done", "the source takes writes again"), succeeded: true };
    const back = await move("in", "--back", "1");
    expect(back.code, back.output).toBe(0);
    expect(namesLeft()).toEqual([]);
    expect(cluster.objects.get("/apis/apps/v1/namespaces/shop/deployments/shop-web")!.spec!["replicas"]).toBe(3);
});

test("while it follows the source everything stays, and the app comes back at the cut-over", async () => {
    cluster.ending = { log: said("end", "done", "the target follows the source"), succeeded: true };
    expect((await move("in", "--mode", "replication", "--pause", "1")).code).toBe(0);
    expect(namesLeft()).toContain("/api/v1/namespaces/shop/secrets/database-move");
    expect(cluster.objects.get("/apis/apps/v1/namespaces/shop/deployments/shop-web")!.spec!["replicas"]).toBe(0);
    cluster.ending = {
        log: [said("cutover", "done", "ready"), said("end", "done", "moved.")].join("\n"),
        succeeded: true,
    };
    const { code, output } = await move("in", "--cutover", "1");
    expect(code, output).toBe(0);
    // The log is shown as it comes; the last sentence is the command's own.
    expect(output.indexOf("The app goes on")).toBeLessThan(output.lastIndexOf("moved."));
    expect(namesLeft()).toEqual(["/apis/batch/v1/namespaces/shop/jobs/database-move"]);
});

test.each([
    [["in", "--mode", "copy"], 'MODE is "copy". Allowed: dump, replication.'],
    [["in", "--read-only", "maybe"], "READ_ONLY is"],
    [["in", "--jobs", "0"], 'JOBS is "0"'],
    [["out", "--mode", "replication"], "MODE=replication goes into a stack only"],
    [["in", "--address", "postgresql://a:b@c/d"], "everybody on this machine can see"],
    [["in", "--app", "blog"], "The namespace has no app blog"],
])("%j is refused, and nothing is made", async (args, message) => {
    const { code, output } = await move(...args);
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(cluster.changes).toEqual([]);
});
