// An environment that is used while it changes: 20 requests a second, and tasks that are counted.
import { expect } from "vitest";
import { Client } from "../../cluster/support/client.ts";
import type { TestEnvironment } from "../../cluster/support/environment.ts";
import type { Cluster } from "../../cluster/support/kubernetes.ts";
import { eventually } from "../../cluster/support/kubernetes.ts";

const django = "import os, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'sample.settings'); django.setup();";

export interface Traffic {
    readonly requests: number;
    readonly failures: readonly string[];
    readonly tasks: number;
    /** Of batches whose pod went while it sent them. */
    readonly unsure: number;
}

export class UsedEnvironment {
    private readonly environment: TestEnvironment;
    private readonly cluster: Cluster;

    constructor(environment: TestEnvironment, cluster: Cluster) {
        this.environment = environment;
        this.cluster = cluster;
    }

    /** Runs Python with Django in a web pod that stays. */
    async python(code: string): Promise<string> {
        const pods = await this.cluster.pods(this.environment.namespace, "sample-web");
        const running = pods
            .filter(({ metadata, status }) => !metadata?.deletionTimestamp && status?.phase === "Running")
            .toSorted((a, b) => Number(b.metadata?.creationTimestamp) - Number(a.metadata?.creationTimestamp));
        return (await this.cluster.exec(running[0]!, ["python", "-c", `${django}\n${code}`])).trim();
    }

    async up(): Promise<void> {
        const { exitCode, output } = await this.environment.pulumi("up");
        expect(exitCode, output).toBe(0);
    }

    /** Its page answers. */
    async serves(): Promise<void> {
        const client = new Client(this.environment.host);
        await eventually(async () => {
            const { status } = await client.send("GET", "/");
            return status === 200 ? undefined : `the page answers ${status}`;
        }, 60);
        client.close();
    }

    /** Tasks that are done, of those that `during` sends. */
    async done(): Promise<number> {
        return Number(await this.python("from sample.models import Heartbeat; print(Heartbeat.objects.count())"));
    }

    /** No request failed, and no task was lost or done twice. */
    async expectUnharmed({ requests, failures, tasks, unsure }: Traffic, before: number): Promise<void> {
        console.log(`${requests} requests, ${failures.length} failed; ${tasks} tasks, ${unsure} unsure`);
        expect(failures).toEqual([]);
        expect(requests).toBeGreaterThan(300);
        expect(tasks).toBeGreaterThan(20);
        await eventually(async () => {
            const now = (await this.done()) - before;
            return now >= tasks ? undefined : `${now} of ${tasks} tasks are done`;
        }, 60);
        expect((await this.done()) - before).toBeLessThanOrEqual(tasks + unsure);
    }

    /** 20 requests a second, each of the database and the cache, and now and then five tasks, until the work is done. */
    async during(work: () => Promise<void>): Promise<Traffic> {
        const client = new Client(this.environment.host);
        const failures: string[] = [];
        const open = new Set<Promise<void>>();
        let requests = 0;
        let tasks = 0;
        let unsure = 0;
        let over = false;
        const timer = setInterval(() => {
            const number = ++requests;
            const answer: Promise<void> = client
                .status()
                .then(
                    () => undefined,
                    (error: unknown) => void failures.push(`request ${number}: ${String(error)}`),
                )
                .finally(() => open.delete(answer));
            open.add(answer);
        }, 50);
        const send = async (): Promise<void> => {
            while (!over) {
                await this.python("from sample.tasks import heartbeat\nfor _ in range(5): heartbeat.delay()").then(
                    () => (tasks += 5),
                    () => (unsure += 5),
                );
                await new Promise((resolve) => setTimeout(resolve, 2000));
            }
        };
        const sending = send();
        try {
            await work();
        } finally {
            over = true;
            await sending;
            clearInterval(timer);
            await Promise.all(open);
            client.close();
        }
        return { requests, failures, tasks, unsure };
    }
}
