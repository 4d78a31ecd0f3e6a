// The cluster as a test sees it.
import { setTimeout as sleep } from "node:timers/promises";
import { PassThrough } from "node:stream";
import { AppsV1Api, CoreV1Api, DiscoveryV1Api, Exec, KubeConfig, type V1Pod } from "@kubernetes/client-node";
import { kubeconfigPath } from "../../../commands/support/paths.ts";

export class Cluster {
    readonly config: KubeConfig = new KubeConfig();
    readonly core: CoreV1Api;
    readonly apps: AppsV1Api;
    readonly discovery: DiscoveryV1Api;

    constructor() {
        this.config.loadFromFile(kubeconfigPath);
        this.core = this.config.makeApiClient(CoreV1Api);
        this.apps = this.config.makeApiClient(AppsV1Api);
        this.discovery = this.config.makeApiClient(DiscoveryV1Api);
    }

    /** @param workload the value of the label app.kubernetes.io/name; all when absent */
    async pods(namespace: string, workload?: string): Promise<V1Pod[]> {
        const labelSelector = workload === undefined ? undefined : `app.kubernetes.io/name=${workload}`;
        return (await this.core.listNamespacedPod({ namespace, ...(labelSelector && { labelSelector }) })).items;
    }

    /** Pods that should serve and do not; those of jobs never do. */
    async unready(namespace: string): Promise<string[]> {
        const ofJob = ({ metadata }: V1Pod): boolean =>
            (metadata?.ownerReferences ?? []).some(({ kind }) => kind === "Job");
        const pods = (await this.pods(namespace)).filter((pod) => !ofJob(pod));
        return pods
            .filter((pod) => pod.status?.conditions?.find(({ type }) => type === "Ready")?.status !== "True")
            .map((pod) => `${pod.metadata?.name}: ${pod.status?.phase}`);
    }

    /** @returns what the command printed; @throws when it failed */
    async exec(pod: V1Pod, command: string[]): Promise<string> {
        const output = new PassThrough();
        const chunks: Buffer[] = [];
        output.on("data", (chunk: Buffer) => chunks.push(chunk));
        const { name, namespace } = pod.metadata!;
        const container = pod.spec!.containers[0]!.name;
        const status = await new Promise<string | undefined>((resolve, reject) => {
            new Exec(this.config)
                .exec(namespace!, name!, container, command, output, output, null, false, (result) =>
                    resolve(result.status),
                )
                .catch(reject);
        });
        const text = Buffer.concat(chunks).toString("utf8");
        if (status !== "Success") {
            throw new Error(`${command.join(" ")} failed in ${name}:\n${text}`);
        }
        return text;
    }

    async deletePod(pod: V1Pod): Promise<void> {
        await this.core.deleteNamespacedPod({ namespace: pod.metadata!.namespace!, name: pod.metadata!.name! });
    }
}

/**
 * Asks until the answer is right.
 *
 * @param wrong says what is still wrong, undefined when nothing is
 * @throws with what was wrong last
 */
export async function eventually(wrong: () => Promise<string | undefined>, seconds: number): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
        const problem = await wrong().catch((error: unknown) => String(error));
        if (problem === undefined) {
            return;
        }
        if (Date.now() > deadline) {
            throw new Error(`Still after ${seconds} s: ${problem}`);
        }
        await sleep(500);
    }
}
