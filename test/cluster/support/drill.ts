// A drill that is held now, as `kubectl create job --from=cronjob/database-drill` holds one.
import { BatchV1Api, type V1Pod } from "@kubernetes/client-node";
import { operationOf, type DataOperation } from "../../../lib/data-operations.ts";
import { eventually, type Cluster } from "./kubernetes.ts";

export interface Drill {
    readonly said: DataOperation;
    readonly pod: V1Pod;
}

/** @returns once its pod has ended, well or not */
export async function holdDrill(cluster: Cluster, namespace: string, name: string): Promise<Drill> {
    const batch = cluster.config.makeApiClient(BatchV1Api);
    const { spec } = await batch.readNamespacedCronJob({ namespace, name: "database-drill" });
    await batch.createNamespacedJob({
        namespace,
        body: { metadata: { name, labels: spec.jobTemplate.metadata!.labels }, spec: spec.jobTemplate.spec },
    });
    let ended: V1Pod | undefined;
    await eventually(async () => {
        const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector: `job-name=${name}` });
        ended = items.find(({ status }) => status?.phase === "Succeeded" || status?.phase === "Failed");
        return ended === undefined ? `the drill is ${items[0]?.status?.phase ?? "not there"}` : undefined;
    }, 240);
    return { said: operationOf(ended!)!, pod: ended! };
}
