// How many pods of an environment are ready, of those that it wants.
import { AppsV1Api } from "@kubernetes/client-node";
import { sleeps } from "../../lib/sleeping.ts";
import type { EnvironmentState } from "../backend/environment.ts";
import { clusterOf } from "../dumps/job.ts";
import { inTime, reasonOf } from "../sweep/cluster.ts";

export type Health =
    | {
          readonly ready: number;
          readonly wanted: number;
          /** Those that lack some. */ readonly lacking: readonly string[];
          /** Whether it waits for a request, of those that sleep. */ readonly asleep: boolean;
      }
    | { readonly unknown: string };

export async function healthOf({ connection, namespace }: EnvironmentState): Promise<Health> {
    if (connection === undefined || namespace === undefined) {
        return { unknown: "its state names no cluster" };
    }
    try {
        const apps = clusterOf(connection).makeApiClient(AppsV1Api);
        const [deployments, sets] = await inTime(
            Promise.all([apps.listNamespacedDeployment({ namespace }), apps.listNamespacedStatefulSet({ namespace })]),
        );
        return counted(
            [...deployments.items, ...sets.items].map(({ metadata, spec, status }) => ({
                name: metadata?.name ?? "",
                wanted: spec?.replicas ?? 1,
                ready: status?.readyReplicas ?? 0,
                sleeps: Object.entries(sleeps).every(([key, value]) => metadata?.labels?.[key] === value),
            })),
        );
    } catch (error) {
        return { unknown: reasonOf(error) };
    }
}

export function counted(
    workloads: ReadonlyArray<{
        readonly name: string;
        readonly wanted: number;
        readonly ready: number;
        /** Whether its doorkeeper says how many it wants. @default false */
        readonly sleeps?: boolean;
    }>,
): Health {
    const sleepers = workloads.filter(({ sleeps: one = false }) => one);
    return {
        asleep: sleepers.length > 0 && sleepers.every(({ wanted }) => wanted === 0),
        ready: workloads.reduce((sum, { ready, wanted }) => sum + Math.min(ready, wanted), 0),
        wanted: workloads.reduce((sum, { wanted }) => sum + wanted, 0),
        lacking: workloads.filter(({ ready, wanted }) => ready < wanted).map(({ name }) => name),
    };
}
