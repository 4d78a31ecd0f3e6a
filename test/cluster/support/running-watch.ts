// Counts the pods of a workload that run at the same time, from every change of them.
import { Watch, type V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "./kubernetes.ts";

export class RunningWatch {
    private readonly cluster: Cluster;
    private readonly namespace: string;
    private readonly workload: string;
    private readonly running: Map<string, boolean> = new Map();
    private readonly stopping: AbortController = new AbortController();
    private most = 0;

    private constructor(cluster: Cluster, namespace: string, workload: string) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.workload = workload;
    }

    static async start(cluster: Cluster, namespace: string, workload: string): Promise<RunningWatch> {
        const watch = new RunningWatch(cluster, namespace, workload);
        await watch.follow();
        return watch;
    }

    /** The client ends a watch after a while; the next one begins with all pods, as a watch without a version does. */
    private async follow(): Promise<void> {
        const request = await new Watch(this.cluster.config).watch(
            `/api/v1/namespaces/${this.namespace}/pods`,
            { labelSelector: `app.kubernetes.io/name=${this.workload}` },
            (phase, pod: V1Pod) => {
                this.note(phase, pod);
            },
            () => {
                if (!this.stopping.signal.aborted) {
                    void this.follow();
                }
            },
        );
        this.stopping.signal.addEventListener("abort", () => {
            request.abort();
        });
    }

    /** By the pod's uid: the next pod of a StatefulSet has the same name. */
    private note(phase: string, pod: V1Pod): void {
        const container = pod.status?.containerStatuses?.[0];
        this.running.set(pod.metadata!.uid!, phase !== "DELETED" && container?.state?.running !== undefined);
        this.most = Math.max(this.most, [...this.running.values()].filter(Boolean).length);
    }

    /** @returns how many pods were seen, and the most that ran at one time */
    stop(): { readonly seen: number; readonly most: number } {
        this.stopping.abort();
        return { seen: this.running.size, most: this.most };
    }
}
