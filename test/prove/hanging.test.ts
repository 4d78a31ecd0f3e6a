// Processes that hang are started anew, within the time that docs/processes.md states: beat, the guard of a Django Q2 cluster, a
// db_worker and a program that touches its file no more are stopped by the kernel. All at once, in one environment of two apps, where what
// does not hang goes on. Workers of Celery: test/cluster/processes.test.ts. Not proved here: sandboxes without these numbers.
import { readFile } from "node:fs/promises";
import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestEnvironment } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { firstProcessOf } from "../cluster/support/traces.ts";

/** Seconds that a task of `db_worker` may take, and that the program's file may age. */
const taskTimeLimit = 30;
const heartbeat = 30;

/** Of docs/processes.md: seconds until it is started anew, by the names of workloads. */
const promised = {
    "sample-beat": 180,
    "sample-worker-reports": 180,
    "desk-worker-tasks": taskTimeLimit + 180,
    "desk-worker-loop": heartbeat + 120,
} as const;

type Workload = keyof typeof promised;

/** Seconds for which nothing is said of a process: an earlier start would not be the probe's. */
const silence: Readonly<Record<Workload, number>> = {
    "sample-beat": 60,
    "sample-worker-reports": 60,
    "desk-worker-tasks": taskTimeLimit + 60,
    "desk-worker-loop": heartbeat,
};

const loop = `import pathlib, time
while True:
    pathlib.Path("/tmp/heartbeat").touch()
    time.sleep(2)`;

let environment: TestEnvironment;
let cluster: Cluster;
/** Seconds until each was ready again. */
const found = new Map<Workload, number>();
/** How often each workload had been started anew before: a pod's first moments may be without its database. */
let before: Readonly<Record<string, number>>;

async function podOf(workload: string): Promise<V1Pod> {
    const pods = await cluster.pods(environment.namespace, workload);
    return pods.find(({ metadata }) => metadata?.deletionTimestamp === undefined)!;
}

function container(pod: V1Pod): V1ContainerStatus {
    return pod.status!.containerStatuses![0]!;
}

/** Runs Python with Django in the pod of an app's web. */
async function python(app: "sample" | "desk", code: string): Promise<string> {
    const command = ["python", "manage.py", "shell", "--no-imports", "-c", code];
    return (await cluster.exec(await podOf(`${app}-web`), command)).trim();
}

/** Stops the process of a pod that does its work, as the kernel does with one that waits for a disk which does not answer. */
async function stop(pod: V1Pod, word: string, of: "itself" | "child" = "itself"): Promise<void> {
    const first = await firstProcessOf(pod.metadata!.uid!, word);
    const [child] = (await readFile(`/proc/${first}/task/${first}/children`, "utf8")).split(" ");
    process.kill(of === "itself" ? first : Number(child), "SIGSTOP");
}

async function restarts(): Promise<Readonly<Record<string, number>>> {
    const pods = (await cluster.pods(environment.namespace)).filter(({ status }) => status?.phase === "Running");
    return Object.fromEntries(
        pods.map((pod) => [pod.metadata!.labels!["app.kubernetes.io/name"]!, container(pod).restartCount]),
    );
}

/** @returns the seconds until the pod has another container, which is ready */
async function secondsUntilAnew(workload: Workload, since: number): Promise<number> {
    const { uid } = (await podOf(workload)).metadata!;
    await eventually(async () => {
        const pod = await podOf(workload);
        const { restartCount, ready } = container(pod);
        return pod.metadata!.uid === uid && restartCount === before[workload]! + 1 && ready
            ? undefined
            : `${workload} has ${restartCount} restarts`;
    }, promised[workload] + 60);
    return (Date.now() - since) / 1000;
}

beforeAll(async () => {
    environment = await TestEnvironment.create("hanging");
    cluster = new Cluster();
    await environment.configure((config) => {
        const [app] = config["apps"];
        app.web = { size: "small", replicas: { min: 1, max: 1 }, processes: 1, threads: 2 };
        const { superuser: _, ...release } = app.release;
        config["environment"].mainApp = app.name;
        config["apps"].push({
            ...app,
            name: "desk",
            hosts: [`desk.${environment.host}`],
            environment: { DJANGO_APP_TASKS_LIBRARY: "django-tasks" },
            workers: {
                tasks: { kind: "db-worker", queues: ["*"], size: "small", taskTimeLimit },
                loop: {
                    kind: "command",
                    command: ["python", "-c", loop],
                    size: "small",
                    taskTimeLimit: 30,
                    heartbeat: { seconds: heartbeat },
                },
            },
            beat: undefined,
            shell: undefined,
            release,
        });
        app.workers.reports = { kind: "django-q2", concurrency: 1, size: "small", taskTimeLimit: 60 };
        delete app.shell;
        config["cache"] = { variant: "none" };
    });
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    await eventually(async () => {
        const beats = await python("sample", "from sample.models import Heartbeat; print(Heartbeat.objects.count())");
        return Number(beats) > 1 ? undefined : `${beats} heartbeats`;
    }, 90);
});

afterAll(async () => {
    await environment?.remove();
});

describe("processes that hang", () => {
    test("are each started anew within what the documentation states, and not before", async () => {
        before = await restarts();
        const since = Date.now();
        const pods = new Map<Workload, V1Pod>();
        for (const workload of Object.keys(promised) as Workload[]) {
            pods.set(workload, await podOf(workload));
        }
        await stop(pods.get("sample-beat")!, "celery");
        await stop(pods.get("sample-worker-reports")!, "qcluster", "child");
        await stop(pods.get("desk-worker-loop")!, "heartbeat");
        await stop(pods.get("desk-worker-tasks")!, "db_worker");
        const waits = [...pods.keys()].map(async (workload) => {
            found.set(workload, await secondsUntilAnew(workload, since));
        });
        const failed = (await Promise.allSettled(waits)).filter(({ status }) => status === "rejected");
        for (const [workload, seconds] of found) {
            console.log(`${workload} was ready again after ${Math.round(seconds)} s, of at most ${promised[workload]}`);
        }
        expect(failed).toEqual([]);
        for (const [workload, seconds] of found) {
            expect(seconds, workload).toBeLessThanOrEqual(promised[workload]);
            expect(seconds, workload).toBeGreaterThan(silence[workload]);
        }
    });

    test("work again: beat sends, Django Q2 and db_worker finish a task, the program touches its file", async () => {
        const done = (worker: string) =>
            `from sample.models import TaskResult; print(TaskResult.objects.filter(task='add', result='40 + 2 = 42', worker__startswith='${worker}').count())`;
        const beats =
            "from sample.models import Heartbeat; print(Heartbeat.objects.exclude(beat='Django Q2').order_by('-fired_at').first().fired_at.timestamp())";
        const first = Number(await python("sample", beats));
        await python("sample", "from sample import queues; queues.send(40, 2)");
        await python("desk", "from sample import queues; queues.send(40, 2)");
        await eventually(async () => {
            const last = Number(await python("sample", beats));
            const [reports, others] = [
                await python("sample", done("sample-worker-reports-")),
                await python("desk", done("desk-worker-tasks-")),
            ];
            return last > first && reports === "1" && others === "1"
                ? undefined
                : JSON.stringify({ last, first, reports, others });
        }, 90);
        const age = "import os, time; print(time.time() - os.stat('/tmp/heartbeat').st_mtime < 10)";
        const touched = await cluster.exec(await podOf("desk-worker-loop"), ["python", "-c", age]);
        expect(touched.trim()).toBe("True");
    });

    test("were the only ones: nothing else was started anew, and they once", async () => {
        const expected = Object.entries(before).map(([name, count]) => [name, count + (name in promised ? 1 : 0)]);
        expect(await restarts()).toEqual(Object.fromEntries(expected));
    });
});
