// Work behind the web that takes long or comes at its time. Tasks of Celery, Django Q2 and db_worker that run while their pods are evicted, as
// `kubectl drain` does, and while a release takes their place: each is finished by the pod that began it, once. Commands at certain times, by
// clocks of odd zones; one that is not done when its time comes again, and one that is never done. One environment of two apps, one story,
// in order. Not proved here: the autoscalers that read a pod's annotations, spot nodes, and the hour that summer time skips or repeats.
import { setTimeout as sleep } from "node:timers/promises";
import { BatchV1Api, type V1Job, type V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { RunningWatch } from "../cluster/support/running-watch.ts";
import { notes, python, slowApp, type Note } from "./support/slow-app.ts";

type App = "sample" | "desk";

/** Longer than who drains a node waits by itself: such pods are marked. */
const taskTimeLimit = 600;

/** Of a command that is never done. */
const deadline = 20;

/** Of the worker that a task outlasts. */
const shortLimit = 15;

interface Sender {
    readonly app: App;
    readonly workload: string;
    /** The line of Python that sends a task. */
    readonly send: (name: string, seconds: number) => string;
}

const senders: Readonly<Record<string, Sender>> = {
    celery: {
        app: "sample",
        workload: "sample-worker-default",
        send: (name, seconds) => `from slow import nap; nap.delay("${name}", ${seconds})`,
    },
    "django-q2": {
        app: "sample",
        workload: "sample-worker-reports",
        send: (name, seconds) =>
            `from django_q.tasks import async_task; async_task("slow.work", "${name}", ${seconds})`,
    },
    "db-worker": {
        app: "desk",
        workload: "desk-worker-tasks",
        send: (name, seconds) => `from slow_tasks import nap; nap.enqueue("${name}", ${seconds})`,
    },
};

const kinds = Object.keys(senders);

let environment: TestEnvironment;
let cluster: Cluster;
let batch: BatchV1Api;
/** When the commands of the third story are due. */
let due: Date;
let overlapping: RunningWatch;

function config(edit: (sample: StackConfig, desk: StackConfig) => void = () => undefined) {
    return (config: StackConfig): void => {
        const [app] = config["apps"];
        Object.assign(app, slowApp);
        app.web = { size: "small", replicas: { min: 1, max: 1 }, processes: 1, threads: 2 };
        delete app.beat;
        delete app.shell;
        const { superuser: _, ...release } = app.release;
        const desk = {
            ...app,
            name: "desk",
            hosts: [`desk.${environment.host}`],
            environment: { ...slowApp.environment, DJANGO_APP_TASKS_LIBRARY: "django-tasks" },
            workers: { tasks: { kind: "db-worker", queues: ["*"], size: "small", taskTimeLimit } },
            release,
        };
        app.workers.default.taskTimeLimit = taskTimeLimit;
        app.workers.reports = { kind: "django-q2", concurrency: 1, size: "small", taskTimeLimit };
        app.workers.short = { ...app.workers.default, queues: ["short"], taskTimeLimit: shortLimit };
        config["environment"].mainApp = app.name;
        config["apps"].push(desk);
        config["cache"] = { variant: "none" };
        edit(app, desk);
    };
}

async function podOf(workload: string): Promise<V1Pod> {
    const [pod] = await cluster.serving(environment.namespace, workload);
    if (pod === undefined) {
        throw new Error(`${workload} has no pod that is ready`);
    }
    return pod;
}

/** All notes of both apps. */
async function allNotes(): Promise<readonly Note[]> {
    const lists = await Promise.all(
        (["sample", "desk"] as const).map(async (app) => await notes(cluster, await podOf(`${app}-web`))),
    );
    return lists.flat();
}

async function send(kind: string, name: string, seconds: number): Promise<void> {
    const { app, send } = senders[kind]!;
    await python(cluster, await podOf(`${app}-web`), send(name, seconds));
}

/** Sends one of each kind, and waits until each is worked on. @returns the pods that do */
async function begin(prefix: string, seconds: number): Promise<ReadonlyMap<string, V1Pod>> {
    const pods = new Map<string, V1Pod>();
    for (const kind of kinds) {
        pods.set(kind, await podOf(senders[kind]!.workload));
        await send(kind, `${prefix}-${kind}`, seconds);
    }
    await eventually(async () => {
        const begun = (await allNotes()).filter(({ name }) => name.startsWith(`${prefix}-`));
        return begun.length === kinds.length ? undefined : JSON.stringify(begun);
    }, 60);
    return pods;
}

/** @returns undefined once it is gone */
async function read({ metadata }: V1Pod): Promise<V1Pod | undefined> {
    const pods = await cluster.pods(environment.namespace);
    return pods.find((pod) => pod.metadata?.uid === metadata?.uid);
}

async function gone(pod: V1Pod, seconds: number): Promise<void> {
    await eventually(async () => {
        const now = await read(pod);
        return now === undefined ? undefined : `${pod.metadata?.name} is still there`;
    }, seconds);
}

async function evict(pod: V1Pod): Promise<void> {
    const metadata = { name: pod.metadata!.name!, namespace: environment.namespace };
    await cluster.core.createNamespacedPodEviction({ ...metadata, body: { metadata } });
}

/** Each task was begun once, by the pod that had it, and done by the same. */
function expectOnce(prefix: string, pods: ReadonlyMap<string, V1Pod>, all: readonly Note[]): void {
    for (const [kind, pod] of pods) {
        const story = all.filter(({ name }) => name === `${prefix}-${kind}`).map(({ what, pod }) => `${what} ${pod}`);
        expect(story, kind).toEqual([`begun ${pod.metadata!.name}`, `done ${pod.metadata!.name}`]);
    }
}

/** The clock of a zone as the schedule of that minute. @param date whether the day is said too */
function scheduleAt(at: Date, timeZone: string, { date = false }: { readonly date?: boolean } = {}): string {
    const parts = new Intl.DateTimeFormat("en-GB", {
        timeZone,
        hourCycle: "h23",
        ...({ minute: "2-digit", hour: "2-digit", day: "numeric", month: "numeric" } as const),
    }).formatToParts(at);
    const of = (type: string): number => Number(parts.find((part) => part.type === type)!.value);
    return [of("minute"), of("hour"), ...(date ? [of("day"), of("month")] : ["*", "*"]), "*"].join(" ");
}

function noted(name: string): string[] {
    return ["python", "-c", `import django; django.setup(); import slow; slow.note("${name} begun")`];
}

async function jobsOf(name: string): Promise<readonly V1Job[]> {
    const { items } = await batch.listNamespacedJob({ namespace: environment.namespace });
    return items.filter(({ metadata }) =>
        metadata?.ownerReferences?.some((owner) => owner.name === `sample-scheduled-${name}`),
    );
}

async function up(): Promise<void> {
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
}

beforeAll(async () => {
    environment = await TestEnvironment.create("background");
    cluster = new Cluster();
    batch = cluster.config.makeApiClient(BatchV1Api);
    await environment.configure(config());
    await up();
});

afterAll(async () => {
    overlapping?.stop();
    await environment?.remove();
});

describe("a long task whose pod is evicted", () => {
    const seconds = 120;
    let pods: ReadonlyMap<string, V1Pod>;

    test("is marked for who scales nodes, and has the time that the task may take", async () => {
        pods = await begin("evicted", seconds);
        for (const pod of pods.values()) {
            expect(pod.metadata!.annotations).toMatchObject({
                "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
                "karpenter.sh/do-not-disrupt": "true",
            });
            expect(pod.spec!.terminationGracePeriodSeconds).toBe(taskTimeLimit + 30);
        }
        const { metadata } = await podOf("sample-worker-short");
        expect(Object.keys(metadata!.annotations ?? {})).not.toContain("karpenter.sh/do-not-disrupt");
    });

    test("is finished by that pod, while the next one takes what comes; once", async () => {
        const start = Date.now();
        await Promise.all([...pods.values()].map(evict));
        for (const kind of kinds) {
            await eventually(async () => {
                const { metadata } = await podOf(senders[kind]!.workload);
                return metadata!.uid === pods.get(kind)!.metadata!.uid ? "the old one is not told to end" : undefined;
            }, 60);
            await send(kind, `meanwhile-${kind}`, 1);
        }
        await eventually(async () => {
            const done = (await allNotes()).filter(
                ({ name, what }) => name.startsWith("meanwhile-") && what === "done",
            );
            return done.length === kinds.length ? undefined : JSON.stringify(done);
        }, 40);
        const meanwhile = await allNotes();
        for (const [kind, pod] of pods) {
            expect((await read(pod))?.metadata?.deletionTimestamp, kind).toBeDefined();
            expect(meanwhile.find(({ name }) => name === `meanwhile-${kind}`)!.pod, kind).not.toBe(pod.metadata!.name);
        }
        expect(meanwhile.filter(({ name, what }) => name.startsWith("evicted-") && what === "done")).toEqual([]);
        await Promise.all(
            [...pods].map(async ([kind, pod]) => {
                await gone(pod, seconds + 60);
                console.log(
                    `${kind}: the pod was gone ${Math.round((Date.now() - start) / 1000)} s after its eviction`,
                );
            }),
        );
        // What is given back is taken by the next worker at once.
        await sleep(10_000);
        expectOnce("evicted", pods, await allNotes());
    });
});

describe("a task that outlasts its limit", () => {
    const long = `from slow import nap; nap.apply_async(("NAME", 300), queue="short")`;
    const begun = async (name: string): Promise<void> =>
        await eventually(async () => {
            const found = (await allNotes()).some((note) => note.name === name);
            return found ? undefined : `${name} has not begun`;
        }, 40);

    test("is killed by then, and not begun again", async () => {
        await python(cluster, await podOf("sample-web"), long.replace("NAME", "cut"));
        await begun("cut");
        const start = Date.now();
        await python(
            cluster,
            await podOf("sample-web"),
            `from slow import nap; nap.apply_async(("next", 1), queue="short")`,
        );
        await begun("next");
        console.log(`the next task began ${Math.round((Date.now() - start) / 1000)} s after the one that was killed`);
        const story = (await allNotes()).filter(({ name }) => name === "cut" || name === "next");
        expect(story.slice(0, 2).map(({ name, what }) => `${name} ${what}`)).toEqual(["cut begun", "next begun"]);
        expect(story[1]!.at - story[0]!.at).toBeGreaterThan((shortLimit - 1) * 1000);
        expect(story[1]!.at - story[0]!.at).toBeLessThan((shortLimit + 15) * 1000);
    });

    test("does not keep its pod longer than half a minute more", async () => {
        const pod = await podOf("sample-worker-short");
        await python(cluster, await podOf("sample-web"), long.replace("NAME", "endless"));
        await begun("endless");
        const start = Date.now();
        await evict(pod);
        await gone(pod, shortLimit + 30 + 15);
        console.log(`its pod was gone ${Math.round((Date.now() - start) / 1000)} s after its eviction`);
        const all = await allNotes();
        console.log(JSON.stringify(all.filter(({ name }) => name === "cut" || name === "endless")));
        expect(all.filter(({ name }) => name === "cut").map(({ what }) => what)).toEqual(["begun"]);
    });
});

describe("a long task during a release", () => {
    test("is finished by the pod of the old one, once", async () => {
        // Time for an image and for the update, which has jobs of two apps.
        due = new Date(Math.ceil((Date.now() + 240_000) / 60_000) * 60_000);
        await environment.configure(
            config((sample, desk) => {
                sample.image = desk.image = "localhost/django-sample:green";
                const kathmandu = scheduleAt(due, "Asia/Kathmandu");
                sample.scheduled = {
                    kathmandu: { schedule: kathmandu, timeZone: "Asia/Kathmandu", command: noted("kathmandu") },
                    // Summer time in December, and mostly another day.
                    chatham: {
                        schedule: scheduleAt(due, "Pacific/Chatham", { date: true }),
                        timeZone: "Pacific/Chatham",
                        command: noted("chatham"),
                    },
                    plain: { schedule: scheduleAt(due, "UTC"), command: noted("plain") },
                    // The numbers of Kathmandu's clock, where the time is another.
                    unzoned: { schedule: kathmandu, command: noted("unzoned") },
                    kolkata: { schedule: kathmandu, timeZone: "Asia/Kolkata", command: noted("kolkata") },
                    overlapping: {
                        schedule: "* * * * *",
                        command: [
                            "python",
                            "-c",
                            `import django; django.setup(); import slow; slow.work("overlapping", 80)`,
                        ],
                    },
                    overdue: {
                        schedule: "* * * * *",
                        deadline,
                        command: [
                            "python",
                            "-c",
                            `import django; django.setup(); import slow; print("overdue began", flush=True); slow.work("overdue", 300)`,
                        ],
                    },
                };
            }),
        );
        const pods = await begin("released", 150);
        overlapping = await RunningWatch.start(cluster, environment.namespace, "sample-scheduled-overlapping");
        const start = Date.now();
        await up();
        console.log(`the update took ${Math.round((Date.now() - start) / 1000)} s`);
        const during = await allNotes();
        for (const [kind, pod] of pods) {
            expect((await read(pod))?.metadata?.deletionTimestamp, kind).toBeDefined();
        }
        expect(during.filter(({ name, what }) => name.startsWith("released-") && what === "done")).toEqual([]);
        await Promise.all([...pods.values()].map((pod) => gone(pod, 180)));
        await sleep(10_000);
        expectOnce("released", pods, await allNotes());
    });
});

describe("a scheduled command", () => {
    test("runs by the clock of its time zone, and by no other", async () => {
        expect(Date.now(), "the update took too long").toBeLessThan(due.getTime());
        await sleep(due.getTime() + 45_000 - Date.now());
        const all = await allNotes();
        for (const name of ["kathmandu", "chatham", "plain"]) {
            const runs = all.filter((note) => note.name === name);
            expect(runs.length, name).toBe(1);
            expect(runs[0]!.at, name).toBeGreaterThanOrEqual(due.getTime());
        }
        for (const name of ["unzoned", "kolkata"]) {
            expect(await jobsOf(name), name).toEqual([]);
        }
        expect(all.filter(({ name }) => ["unzoned", "kolkata"].includes(name))).toEqual([]);
    });

    test("that still runs when its time comes again is not begun beside it, but after it", async () => {
        const runs = async (): Promise<readonly Note[]> =>
            (await allNotes()).filter(({ name }) => name === "overlapping");
        await eventually(async () => {
            const ended = (await runs()).filter(({ what }) => what === "done");
            return ended.length >= 2 ? undefined : `${ended.length} runs have ended`;
        }, 240);
        const { seen, most } = overlapping.stop();
        expect(most).toBe(1);
        expect(seen).toBeGreaterThanOrEqual(2);
        const story = await runs();
        expect(story.slice(0, 4).map(({ what }) => what)).toEqual(["begun", "done", "begun", "done"]);
        // Not at the next full minute: it was due already.
        expect(story[2]!.at - story[1]!.at).toBeLessThan(20_000);
    });

    test("that is not done by its deadline is stopped, and stays to be looked at, failed, with its log", async () => {
        const failed = async (): Promise<V1Pod[]> => {
            const pods = await cluster.pods(environment.namespace, "sample-scheduled-overdue");
            return pods.filter(({ status }) => status?.phase === "Failed");
        };
        await eventually(async () => ((await failed()).length > 0 ? undefined : "no run has failed"), 90);
        const jobs = await jobsOf("overdue");
        for (const { metadata, status } of await failed()) {
            expect(status!.reason).toBe("DeadlineExceeded");
            const job = jobs.find((each) => each.metadata!.name === metadata!.labels!["job-name"]);
            expect(job?.status?.failed).toBe(1);
            const log = await cluster.core.readNamespacedPodLog({
                name: metadata!.name!,
                namespace: environment.namespace,
            });
            expect(log).toContain("overdue began");
            const started = status!.startTime!.getTime();
            const ended = status!.containerStatuses![0]!.state!.terminated!.finishedAt!.getTime();
            console.log(`a run with a deadline of ${deadline} s had ended after ${(ended - started) / 1000} s`);
            expect((ended - started) / 1000).toBeLessThan(deadline + 30 + 15);
        }
        expect((await allNotes()).filter(({ name, what }) => name === "overdue" && what === "done")).toEqual([]);
    });
});
