// The app stops while its database is emptied or left, and goes on afterwards with as many pods as before.
import { AppsV1Api, BatchV1Api, CoreV1Api, type KubeConfig, type V1Scale } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { optional } from "./cluster.ts";

/** The numbers of before: so that another run, after a kill, knows them. */
const record = "database-move-paused";

const django = "app.kubernetes.io/component=django";

type Kind = "Deployment" | "StatefulSet" | "CronJob";

export class AppPause {
    private readonly namespace: string;
    private readonly core: CoreV1Api;
    private readonly apps: AppsV1Api;
    private readonly batch: BatchV1Api;

    constructor(config: KubeConfig, namespace: string) {
        this.namespace = namespace;
        this.core = config.makeApiClient(CoreV1Api);
        this.apps = config.makeApiClient(AppsV1Api);
        this.batch = config.makeApiClient(BatchV1Api);
    }

    /** Until no pod of the app is left. An autoscaler pauses by itself while there are none. */
    async begin(): Promise<void> {
        const { namespace } = this;
        if ((await this.recorded()) === undefined) {
            const data = Object.fromEntries(
                (await this.numbers()).map(([kind, name, number]) => [`${kind}.${name}`, String(number)]),
            );
            const labels = { "app.kubernetes.io/managed-by": "make", "app.kubernetes.io/component": "database-move" };
            await this.core.createNamespacedConfigMap({
                namespace,
                body: { metadata: { name: record, namespace, labels }, data },
            });
        }
        for (const [kind, name] of await this.numbers()) {
            await this.set(kind, name, kind === "CronJob" ? 1 : 0);
        }
        for (;;) {
            const { items } = await this.core.listNamespacedPod({ namespace, labelSelector: django });
            const running = items.filter(({ status }) => status?.phase === "Running" || status?.phase === "Pending");
            if (running.length === 0) {
                return;
            }
            await sleep(1000);
        }
    }

    /** @returns whether it was paused */
    async end(): Promise<boolean> {
        const data = await this.recorded();
        if (data === undefined) {
            return false;
        }
        for (const [key, number] of Object.entries(data)) {
            const [kind, name] = [key.slice(0, key.indexOf(".")) as Kind, key.slice(key.indexOf(".") + 1)];
            await this.set(kind, name, Number(number));
        }
        await optional(this.core.deleteNamespacedConfigMap({ namespace: this.namespace, name: record }));
        return true;
    }

    private async recorded(): Promise<Readonly<Record<string, string>> | undefined> {
        const map = await optional(this.core.readNamespacedConfigMap({ namespace: this.namespace, name: record }));
        return map === undefined ? undefined : (map.data ?? {});
    }

    /** Pods of a workload; of a schedule 1 when it is suspended. */
    private async numbers(): Promise<ReadonlyArray<readonly [Kind, string, number]>> {
        const query = { namespace: this.namespace, labelSelector: django };
        const [deployments, statefulSets, schedules] = await Promise.all([
            this.apps.listNamespacedDeployment(query),
            this.apps.listNamespacedStatefulSet(query),
            this.batch.listNamespacedCronJob(query),
        ]);
        const name = ({ metadata }: { metadata?: { name?: string } }): string => metadata?.name ?? "";
        return [
            ...deployments.items.map((each) => ["Deployment", name(each), each.spec?.replicas ?? 1] as const),
            ...statefulSets.items.map((each) => ["StatefulSet", name(each), each.spec?.replicas ?? 1] as const),
            ...schedules.items.map((each) => ["CronJob", name(each), each.spec?.suspend === true ? 1 : 0] as const),
        ];
    }

    private async set(kind: Kind, name: string, number: number): Promise<void> {
        const { namespace, apps, batch } = this;
        switch (kind) {
            case "Deployment": {
                const scale = await optional(apps.readNamespacedDeploymentScale({ namespace, name }));
                if (scale !== undefined) {
                    await apps.replaceNamespacedDeploymentScale({ namespace, name, body: scaled(scale, number) });
                }
                return;
            }
            case "StatefulSet": {
                const scale = await optional(apps.readNamespacedStatefulSetScale({ namespace, name }));
                if (scale !== undefined) {
                    await apps.replaceNamespacedStatefulSetScale({ namespace, name, body: scaled(scale, number) });
                }
                return;
            }
            case "CronJob": {
                const schedule = await optional(batch.readNamespacedCronJob({ namespace, name }));
                if (schedule?.spec !== undefined && schedule.spec.suspend !== (number === 1)) {
                    schedule.spec.suspend = number === 1;
                    await batch.replaceNamespacedCronJob({ namespace, name, body: schedule });
                }
                return;
            }
        }
    }
}

function scaled(scale: V1Scale, replicas: number): V1Scale {
    scale.spec = { replicas };
    return scale;
}
