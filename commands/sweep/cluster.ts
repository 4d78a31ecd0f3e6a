// What a cluster has of environments that end by themselves.
import { CoreV1Api, type KubeConfig, type V1Namespace } from "@kubernetes/client-node";
import { environmentLabel, timeToLiveLabel } from "../../lib/labels.ts";
import { keepLabel, lastPushAnnotation, pullRequestLabel, pullRequestUrlAnnotation } from "../../lib/pull-request.ts";
import { dateOf, type ClusterConnection } from "../backend/environment.ts";
import { clusterOf } from "../dumps/job.ts";
import { volumesOf, type FoundVolume } from "./volumes.ts";

export interface FoundNamespace {
    readonly name: string;
    readonly created: Date;
    /** Since when it is to be deleted. @default it is not */
    readonly deleting?: Date;
    readonly pullRequest?: { readonly number: number; readonly url?: string };
    readonly timeToLive?: string;
    readonly lastPush?: Date;
    readonly kept: boolean;
}

export type FoundCluster = {
    readonly name: string;
    readonly connection: ClusterConnection;
} & (
    | {
          readonly namespaces: readonly FoundNamespace[];
          /** Of all namespaces, whatever is in them. */
          readonly names: readonly string[];
          /** Or why they cannot be read: they are the cluster's, and the right to them may be absent. */
          readonly volumes: readonly FoundVolume[] | { readonly unreadable: string };
      }
    | { readonly unreachable: string }
);

/** None of a cluster that does not answer, or shows none. */
export function volumesIn(cluster: FoundCluster): readonly FoundVolume[] {
    return "volumes" in cluster && !("unreadable" in cluster.volumes) ? cluster.volumes : [];
}

/** A cluster that is gone would let each sweep wait for minutes. */
const seconds = 20;

export async function lookInto(connection: ClusterConnection): Promise<FoundCluster> {
    const name = connection.clusterIdentifier.split("/").at(-1)!;
    try {
        const core = clusterOf(connection).makeApiClient(CoreV1Api);
        const { items } = await inTime(core.listNamespace());
        return {
            name,
            connection,
            namespaces: items.filter(({ metadata }) => metadata?.labels?.[environmentLabel] === "ephemeral").map(found),
            names: items.flatMap(({ metadata }) => metadata?.name ?? []),
            volumes: await inTime(volumesOf(core)).catch((error: unknown) => ({ unreadable: reasonOf(error) })),
        };
    } catch (error) {
        return { name, connection, unreachable: reasonOf(error) };
    }
}

/** @throws when it does not come in time */
export async function inTime<Value>(asked: Promise<Value>): Promise<Value> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer in ${seconds} s`)), seconds * 1000);
    });
    try {
        return await Promise.race([asked, late]);
    } finally {
        clearTimeout(timer);
    }
}

/** Of an error of the client's, which says the whole answer: its first line, and below `fetch failed` what failed. */
export function reasonOf(error: unknown): string {
    if (!(error instanceof Error)) {
        return String(error);
    }
    const { cause } = error;
    const line = error.message.split("\n", 1)[0]!.slice(0, 200);
    return cause instanceof Error ? `${line}: ${cause.message.split("\n", 1)[0]}` : line;
}

export function found({ metadata, status }: V1Namespace): FoundNamespace {
    const {
        name = "",
        creationTimestamp,
        deletionTimestamp,
        labels: has = {},
        annotations: told = {},
    } = metadata ?? {};
    const number = Number(has[pullRequestLabel]);
    const lastPush = dateOf(told[lastPushAnnotation]);
    const timeToLive = has[timeToLiveLabel];
    const url = told[pullRequestUrlAnnotation];
    return {
        name,
        created: new Date(creationTimestamp ?? 0),
        kept: has[keepLabel] === "true",
        ...((deletionTimestamp !== undefined || status?.phase === "Terminating") && {
            deleting: new Date(deletionTimestamp ?? 0),
        }),
        ...(Number.isSafeInteger(number) &&
            number > 0 && { pullRequest: { number, ...(url !== undefined && { url }) } }),
        ...(timeToLive !== undefined && { timeToLive }),
        ...(lastPush !== undefined && { lastPush }),
    };
}

/** With all that is in it; its volumes and its objects' controllers see to the rest. */
export async function deleteNamespace(config: KubeConfig, name: string): Promise<void> {
    await config.makeApiClient(CoreV1Api).deleteNamespace({ name });
}
