// A Job made from a CronJob of the stack, as `kubectl create job --from` makes one, and followed to its end.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
    BatchV1Api,
    CoreV1Api,
    KubeConfig,
    type V1Container,
    type V1CronJob,
    type V1Job,
    type V1Pod,
} from "@kubernetes/client-node";
import { operationIn, operationOf, type DataOperation } from "../../lib/data-operations.ts";
import { projectRoot } from "../support/paths.ts";
import type { Report } from "../support/report.ts";
import type { Connection } from "./found.ts";

/** By the names of containers: values of variables. */
export type Told = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Started {
    readonly namespace: string;
    readonly name: string;
}

export function clusterOf({ kubeconfig, context }: Connection): KubeConfig {
    const config = new KubeConfig();
    const path = kubeconfig === undefined ? undefined : resolve(projectRoot, kubeconfig);
    if (kubeconfig === undefined) {
        config.loadFromDefault();
    } else if (!kubeconfig.includes("\n") && !kubeconfig.startsWith("{") && existsSync(path!)) {
        config.loadFromFile(path!);
    } else {
        config.loadFromString(kubeconfig);
    }
    if (context !== undefined) {
        config.setCurrentContext(context);
    }
    return config;
}

/** The template's Job, with some variables of its containers told otherwise. */
export function jobFrom({ metadata, spec }: V1CronJob, told: Told): V1Job {
    const { labels, annotations } = spec.jobTemplate.metadata ?? {};
    const template = structuredClone(spec.jobTemplate.spec!);
    const pod = template.template.spec!;
    for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
        tell(container, told[container.name] ?? {});
    }
    return {
        metadata: {
            generateName: `${metadata!.name}-`,
            namespace: metadata!.namespace,
            labels,
            annotations: { ...annotations, "cronjob.kubernetes.io/instantiate": "manual" },
            // With the CronJob it goes, and among its Jobs it is counted.
            ownerReferences: [
                {
                    apiVersion: "batch/v1",
                    kind: "CronJob",
                    name: metadata!.name!,
                    uid: metadata!.uid!,
                    controller: true,
                },
            ],
        },
        spec: template,
    };
}

function tell(container: V1Container, variables: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(variables)) {
        const known = (container.env ?? []).find((each) => each.name === name);
        if (known === undefined) {
            throw new Error(
                `The container ${container.name} reads no ${name}: the cluster has a CronJob of another release of this program. Fix: pulumi up.`,
            );
        }
        known.value = value;
    }
}

export async function startFrom(config: KubeConfig, { namespace, name }: Started, told: Told = {}): Promise<Started> {
    const batch = config.makeApiClient(BatchV1Api);
    const cronJob = await batch.readNamespacedCronJob({ namespace, name });
    const { metadata } = await batch.createNamespacedJob({ namespace, body: jobFrom(cronJob, told) });
    return { namespace, name: metadata!.name! };
}

/** One each second. What passes by itself, such as a volume that is being made, is not said. */
const looksUntilSaid = 5;

/**
 * Shows what its containers say, until it has ended.
 *
 * @returns what came of it; of several attempts, of the last
 */
export async function follow(config: KubeConfig, { namespace, name }: Started, say: Report): Promise<DataOperation> {
    const batch = config.makeApiClient(BatchV1Api);
    const core = config.makeApiClient(CoreV1Api);
    const shown = new Map<string, number>();
    const labelSelector = `batch.kubernetes.io/job-name=${name}`;
    let waiting = "";
    let looks = 0;
    for (;;) {
        const { status } = await batch.readNamespacedJob({ namespace, name });
        const { items } = await core.listNamespacedPod({ namespace, labelSelector });
        const pods = items.toSorted((a, b) => time(a) - time(b));
        for (const pod of pods) {
            await show(core, pod, shown, say);
        }
        const ended = (status?.conditions ?? []).find(
            (each) => (each.type === "Complete" || each.type === "Failed") && each.status === "True",
        );
        const last = pods.at(-1);
        if (ended !== undefined && (last === undefined || finished(last))) {
            return (last && operationOf(last)) ?? unsaid(name, ended.message ?? "");
        }
        const reason = last === undefined ? "" : whyWaiting(last);
        looks = reason === waiting ? looks + 1 : 1;
        if (reason !== "" && looks === looksUntilSaid) {
            say(`Waiting: ${reason}`);
        }
        waiting = reason;
        await sleep(1000);
    }
}

function unsaid(name: string, what: string): DataOperation {
    const now = new Date().toISOString();
    return {
        kind: "dump",
        store: name,
        started: now,
        ended: now,
        result: "failed",
        what: `The Job ${name} ended: ${what}`,
    };
}

function time({ metadata }: V1Pod): number {
    return metadata?.creationTimestamp?.getTime() ?? 0;
}

function finished({ status }: V1Pod): boolean {
    return status?.phase === "Succeeded" || status?.phase === "Failed";
}

function statesOf({ status }: V1Pod) {
    return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

function whyWaiting(pod: V1Pod): string {
    const unscheduled = (pod.status?.conditions ?? []).find(
        ({ type, status }) => type === "PodScheduled" && status === "False",
    );
    const container = statesOf(pod).find(
        ({ state }) => state?.waiting?.message !== undefined && state.waiting.reason !== "PodInitializing",
    );
    return unscheduled?.message ?? container?.state?.waiting?.message ?? "";
}

/** Lines that were not shown before. The result, a line of JSON, is told as a sentence by who asked. */
async function show(core: CoreV1Api, pod: V1Pod, shown: Map<string, number>, say: Report): Promise<void> {
    const { name = "", namespace = "" } = pod.metadata ?? {};
    for (const { name: container, state } of statesOf(pod)) {
        if (state?.running === undefined && state?.terminated === undefined) {
            continue;
        }
        const key = `${name}/${container}`;
        const log = await core.readNamespacedPodLog({ name, namespace, container }).catch(() => "");
        const lines = (log ?? "").split("\n").slice(0, -1);
        for (const line of lines.slice(shown.get(key) ?? 0)) {
            if (operationIn(line) === undefined) {
                say(`${container}: ${line}`);
            }
        }
        shown.set(key, lines.length);
    }
}
