// Makes a seed now.
import { BatchV1Api, type KubeConfig, type V1Job } from "@kubernetes/client-node";
import { seedContainers } from "../../lib/seeds.ts";
import { clusterOf, follow, startFrom } from "../dumps/job.ts";
import type { Report } from "../support/report.ts";
import type { StackSeed } from "./found.ts";

/** Another than the last, of a seed that is made of dumps. */
export interface WantedSeed {
    readonly dump?: string;
}

/** @returns whether it is served now */
export async function makeSeed(seed: StackSeed, { dump }: WantedSeed, say: Report): Promise<boolean> {
    const config = clusterOf(seed.connection);
    const running = await runningOf(config, seed);
    if (running !== undefined) {
        throw new Error(
            `A seed is being made by the Job ${running} in ${seed.namespace}. Fix: wait for its end: kubectl -n ${seed.namespace} wait --for=condition=complete --timeout=1h job/${running}, or end it: kubectl -n ${seed.namespace} delete job ${running}.`,
        );
    }
    say(`A seed, in the namespace ${seed.namespace}:`);
    const job = await startFrom(config, seed, dump === undefined ? {} : await toldOf(config, seed, dump));
    const { result, what } = await follow(config, job, say);
    say(what);
    return result === "succeeded";
}

async function toldOf(config: KubeConfig, { namespace, name }: StackSeed, dump: string) {
    const { spec } = await config.makeApiClient(BatchV1Api).readNamespacedCronJob({ namespace, name });
    const steps = spec.jobTemplate.spec?.template.spec?.initContainers ?? [];
    if (!steps.some((step) => step.name === seedContainers.fetch)) {
        throw new Error(
            `DUMP is ${dump}, and this seed is made of the stack's own database. Allowed: nothing, unless lends.seed.from names whose dumps it is made of.`,
        );
    }
    return { [seedContainers.fetch]: { DUMP: dump } };
}

/** Two that ran at a time would each take the other's for one that was killed. */
async function runningOf(config: KubeConfig, { namespace, name }: StackSeed): Promise<string | undefined> {
    const { items } = await config.makeApiClient(BatchV1Api).listNamespacedJob({ namespace });
    return unfinished(items, name)?.metadata?.name;
}

export function unfinished(jobs: readonly V1Job[], cronJob: string): V1Job | undefined {
    return jobs.find(
        ({ metadata, status }) =>
            (metadata?.ownerReferences ?? []).some((owner) => owner.kind === "CronJob" && owner.name === cronJob) &&
            !(status?.conditions ?? []).some(
                ({ type, status: value }) => (type === "Complete" || type === "Failed") && value === "True",
            ),
    );
}
