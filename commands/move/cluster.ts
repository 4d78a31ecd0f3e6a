// The cluster, as far as a move needs it.
import {
    ApiException,
    AppsV1Api,
    BatchV1Api,
    CoreV1Api,
    NetworkingV1Api,
    PatchStrategy,
    setHeaderOptions,
    type KubeConfig,
    type V1Job,
    type V1Pod,
} from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { operationAnnotation, operationOf } from "../../lib/data-operations.ts";
import {
    addressSecret,
    job,
    moveName,
    scriptsMap,
    serviceAccount,
    volumeClaim,
    waysOut,
    type Move,
    type Outside,
} from "./objects.ts";
import type { AppWorkload, Found } from "./stack-database.ts";

const django = "app.kubernetes.io/component=django";
const ofMove = `app.kubernetes.io/component=${moveName}`;

export class MoveCluster {
    readonly namespace: string;
    private readonly core: CoreV1Api;
    private readonly apps: AppsV1Api;
    private readonly batch: BatchV1Api;
    private readonly networking: NetworkingV1Api;

    constructor(config: KubeConfig, namespace: string) {
        this.namespace = namespace;
        this.core = config.makeApiClient(CoreV1Api);
        this.apps = config.makeApiClient(AppsV1Api);
        this.batch = config.makeApiClient(BatchV1Api);
        this.networking = config.makeApiClient(NetworkingV1Api);
    }

    /** What tells where the stack's database is. */
    async found(): Promise<Found> {
        const { namespace } = this;
        const [jobs, deployments, statefulSets] = await Promise.all([
            this.batch.listNamespacedJob({ namespace, labelSelector: django }),
            this.apps.listNamespacedDeployment({ namespace, labelSelector: django }),
            this.apps.listNamespacedStatefulSet({ namespace }),
        ]);
        const workloads: AppWorkload[] = [
            ...jobs.items.map(({ metadata, spec }) => ({
                kind: "Job" as const,
                name: metadata?.name ?? "",
                template: spec!.template,
            })),
            ...deployments.items.map(({ metadata, spec }) => ({
                kind: "Deployment" as const,
                name: metadata?.name ?? "",
                template: spec!.template,
            })),
        ];
        const names = workloads.flatMap(({ template }) =>
            (template.spec?.containers[0]?.envFrom ?? []).flatMap(({ secretRef }) => secretRef?.name ?? []),
        );
        const secretKeys = new Map<string, readonly string[]>();
        for (const name of new Set(names)) {
            const secret = await optional(this.core.readNamespacedSecret({ namespace, name }));
            secretKeys.set(name, Object.keys(secret?.data ?? {}));
        }
        return { workloads, statefulSets: statefulSets.items, secretKeys };
    }

    async hasAddress(): Promise<boolean> {
        const { namespace } = this;
        return (await optional(this.core.readNamespacedSecret({ namespace, name: moveName }))) !== undefined;
    }

    async currentJob(): Promise<V1Job | undefined> {
        return await optional(this.batch.readNamespacedJob({ namespace: this.namespace, name: moveName }));
    }

    /** @param outside undefined: its address is there already */
    async begin(move: Move, outside: Outside | undefined): Promise<void> {
        const { namespace } = this;
        await ensured(this.core.createNamespacedServiceAccount({ namespace, body: serviceAccount(move) }));
        await ensured(this.core.createNamespacedPersistentVolumeClaim({ namespace, body: volumeClaim(move) }));
        await this.removeJob();
        await optional(this.core.deleteNamespacedConfigMap({ namespace, name: moveName }));
        await this.core.createNamespacedConfigMap({ namespace, body: scriptsMap(move) });
        if (outside !== undefined) {
            await optional(this.core.deleteNamespacedSecret({ namespace, name: moveName }));
            await this.core.createNamespacedSecret({ namespace, body: addressSecret(move, outside) });
            for (const body of waysOut(move, outside)) {
                await optional(
                    this.networking.deleteNamespacedNetworkPolicy({ namespace, name: body.metadata!.name! }),
                );
                await this.networking.createNamespacedNetworkPolicy({ namespace, body });
            }
        }
        await this.batch.createNamespacedJob({ namespace, body: job(move) });
    }

    /** For `make status`, which finds no pod any more. */
    private async noteResult(): Promise<void> {
        const pod = await this.pod();
        const operation = pod && operationOf(pod);
        if (operation !== undefined) {
            const body = { metadata: { annotations: { [operationAnnotation]: JSON.stringify(operation) } } };
            await this.batch.patchNamespacedJob(
                { namespace: this.namespace, name: moveName, body },
                setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
            );
        }
    }

    private async removeJob(): Promise<void> {
        const { namespace } = this;
        await optional(this.batch.deleteNamespacedJob({ namespace, name: moveName, propagationPolicy: "Foreground" }));
        for (let left: unknown = true; left !== undefined;) {
            left = await this.currentJob();
            await sleep(left === undefined ? 0 : 500);
        }
    }

    /** The newest pod of the Job. */
    async pod(): Promise<V1Pod | undefined> {
        const { items } = await this.core.listNamespacedPod({ namespace: this.namespace, labelSelector: ofMove });
        const age = ({ metadata }: V1Pod): number => metadata?.creationTimestamp?.getTime() ?? 0;
        return items.toSorted((one, other) => age(one) - age(other)).at(-1);
    }

    async log(pod: string): Promise<string> {
        return (await optional(this.core.readNamespacedPodLog({ namespace: this.namespace, name: pod }))) ?? "";
    }

    /** What went wrong with the pod before it ran: the last of the events about it. */
    async lastEvent(pod: string): Promise<string | undefined> {
        const fieldSelector = `involvedObject.name=${pod},type=Warning`;
        const { items } = await this.core.listNamespacedEvent({ namespace: this.namespace, fieldSelector });
        return items.at(-1)?.message;
    }

    /** Everything of the move but the record of it, which holds no secret: the Job with what came of it, without its pods. */
    async end(keepJob: boolean): Promise<void> {
        const { namespace } = this;
        if (keepJob) {
            await this.noteResult();
        } else {
            await this.removeJob();
        }
        await this.core.deleteCollectionNamespacedPod({ namespace, labelSelector: ofMove });
        await optional(this.core.deleteNamespacedSecret({ namespace, name: moveName }));
        await optional(this.core.deleteNamespacedConfigMap({ namespace, name: moveName }));
        await this.networking.deleteCollectionNamespacedNetworkPolicy({ namespace, labelSelector: ofMove });
        await optional(this.core.deleteNamespacedPersistentVolumeClaim({ namespace, name: moveName }));
        await optional(this.core.deleteNamespacedServiceAccount({ namespace, name: moveName }));
    }
}

/** @returns undefined for what is not there */
export async function optional<T>(request: Promise<T>): Promise<T | undefined> {
    try {
        return await request;
    } catch (error) {
        if (error instanceof ApiException && error.code === 404) {
            return undefined;
        }
        throw error;
    }
}

/** What is there already stays as it is. */
async function ensured(request: Promise<unknown>): Promise<void> {
    try {
        await request;
    } catch (error) {
        if (!(error instanceof ApiException && error.code === 409)) {
            throw error;
        }
    }
}
