// Counts the schedulers that run at the same time, from every change of their pods.
import { Watch, type V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "./kubernetes.ts";

export class BeatWatch {
    private readonly running: Map<string, boolean> = new Map();
    private most = 0;
    private lost: unknown;
    private readonly abort: AbortController;

    private constructor(abort: AbortController) {
        this.abort = abort;
    }

    static async start(cluster: Cluster, namespace: string, workload: string): Promise<BeatWatch> {
        let seen: BeatWatch | undefined;
        const abort = await new Watch(cluster.config).watch(
            `/api/v1/namespaces/${namespace}/pods`,
            { labelSelector: `app.kubernetes.io/name=${workload}` },
            (phase, pod: V1Pod) => seen?.note(phase, pod),
            (error) => seen?.end(error),
        );
        seen = new BeatWatch(abort);
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
        if (!this.abort.signal.aborted) {
            this.lost = error ?? new Error("the watch ended early");
        }
    }

    /** @returns the most that ran at one time */
    async stop(): Promise<number> {
        this.abort.abort();
        if (this.lost !== undefined) {
            throw new Error(`The schedulers were not watched all the time: ${String(this.lost)}`);
        }
        return await Promise.resolve(this.most);
    }
}
