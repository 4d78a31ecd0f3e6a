// Counts the schedulers that run at the same time, from every change of their pods.
import { Watch, type V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "./kubernetes.ts";

export class BeatWatch {
    private readonly running: Map<string, boolean> = new Map();
    private most = 0;
    private lost: string | undefined;
    private stopped = false;
    private abort: AbortController | undefined;

    static async start(cluster: Cluster, namespace: string, workload: string): Promise<BeatWatch> {
        const seen = new BeatWatch();
        seen.abort = await new Watch(cluster.config).watch(
            `/api/v1/namespaces/${namespace}/pods`,
            { labelSelector: `app.kubernetes.io/name=${workload}` },
            (phase, pod: V1Pod) => {
                seen.note(phase, pod);
            },
            (error: unknown) => {
                seen.end(error);
            },
        );
        for (const pod of await cluster.pods(namespace, workload)) {
            seen.note("ADDED", pod);
        }
        return seen;
    }

    /** By the pod's uid: the next pod of a StatefulSet has the same name. */
    private note(phase: string, pod: V1Pod): void {
        const container = pod.status?.containerStatuses?.[0];
        this.running.set(pod.metadata!.uid!, phase !== "DELETED" && container?.state?.running !== undefined);
        this.most = Math.max(this.most, [...this.running.values()].filter(Boolean).length);
    }

    private end(error: unknown): void {
        if (!this.stopped) {
            this.lost = error instanceof Error ? error.message : "the watch ended early";
        }
    }

    /** @returns the most that ran at one time */
    async stop(): Promise<number> {
        this.stopped = true;
        this.abort?.abort();
        if (this.lost !== undefined) {
            throw new Error(`The schedulers were not watched all the time: ${this.lost}`);
        }
        return await Promise.resolve(this.most);
    }
}
