// Whether what runs is what was meant: each workload of the namespace at its newest revision, with all the pods that it wants.
import { AppsV1Api, type KubeConfig, type V1Deployment, type V1StatefulSet } from "@kubernetes/client-node";

export interface Watch {
    readonly config: KubeConfig;
    readonly namespace: string;
    readonly seconds: number;
}

/** @returns what to say @throws with what is not ready when the time is over */
export async function rolledOut({ config, namespace, seconds }: Watch): Promise<string> {
    const api = config.makeApiClient(AppsV1Api);
    const end = Date.now() + seconds * 1000;
    for (;;) {
        const [deployments, sets] = await Promise.all([
            api.listNamespacedDeployment({ namespace }),
            api.listNamespacedStatefulSet({ namespace }),
        ]);
        const waiting = [...deployments.items.flatMap(deploymentWaits), ...sets.items.flatMap(setWaits)];
        if (waiting.length === 0) {
            const count = deployments.items.length + sets.items.length;
            return `All ${count} workloads of ${namespace} run what was released.`;
        }
        if (Date.now() >= end) {
            throw new Error(
                [
                    `After ${seconds} seconds the rollout in ${namespace} is not done:`,
                    ...waiting,
                    "It goes on in the cluster.",
                ].join("\n"),
            );
        }
        await new Promise((resolve) => setTimeout(resolve, Math.min(2000, Math.max(0, end - Date.now()))));
    }
}

/** @returns nothing where it is done */
export function deploymentWaits({ metadata, spec, status }: V1Deployment): string[] {
    const wanted = spec?.replicas ?? 1;
    const { observedGeneration = 0, updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = status ?? {};
    const done =
        observedGeneration >= (metadata?.generation ?? 0) &&
        updatedReplicas >= wanted &&
        replicas <= updatedReplicas &&
        availableReplicas >= wanted;
    return done ? [] : [waits("Deployment", metadata?.name, availableReplicas, updatedReplicas, wanted)];
}

/** One whose pods are changed by hand alone (`OnDelete`) is done as it is. */
export function setWaits({ metadata, spec, status }: V1StatefulSet): string[] {
    const wanted = spec?.replicas ?? 1;
    const {
        observedGeneration = 0,
        readyReplicas = 0,
        updatedReplicas = 0,
        currentRevision,
        updateRevision,
    } = status ?? {};
    const isNewest = spec?.updateStrategy?.type === "OnDelete" || wanted === 0 || currentRevision === updateRevision;
    const done = observedGeneration >= (metadata?.generation ?? 0) && readyReplicas >= wanted && isNewest;
    return done ? [] : [waits("StatefulSet", metadata?.name, readyReplicas, updatedReplicas, wanted)];
}

function waits(kind: string, name: string | undefined, ready: number, updated: number, wanted: number): string {
    return `${kind} ${name ?? ""}: ${ready} of ${wanted} pods ready, ${updated} of the release`;
}
