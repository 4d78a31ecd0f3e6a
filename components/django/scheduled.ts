// Commands that run at certain times: a CronJob each, of the release's image and configuration.
import type { ComponentResource, Resource } from "@pulumi/pulumi";
import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { objectLabels, workloadLabels } from "../../lib/labels.ts";
import type { ScheduledCommand } from "./contract.ts";
import { onceDatabaseIsReached } from "./new-pod.ts";
import { djangoPod, type PodBase } from "./pod.ts";

/** Seconds beyond its deadline for which a run may wait until its pod starts, on a node that has yet to come, and until it has stopped. */
const beyondDeadline = 300;

/** Runs whose pods and logs stay to be looked at, of those that went well and of those that did not. */
const kept = 3;

/**
 * Changed only when the jobs of the release have ended well: until then, and when the release fails, the next run is one of the old
 * release, with its image and its configuration. A run that has begun goes on.
 */
export function createScheduled(
    name: string,
    base: PodBase,
    scheduled: ScheduledCommand,
    dependsOn: Resource[],
    parent: ComponentResource,
): void {
    const { args } = base;
    const fullName = `${name}-scheduled-${scheduled.name}`;
    const labels = workloadLabels({ name: fullName, instance: args.instance });
    const metadata = { name: fullName, namespace: args.namespace, labels: objectLabels(args.instance, "django") };
    new CronJob(
        fullName,
        {
            metadata,
            spec: {
                schedule: scheduled.schedule,
                timeZone: scheduled.timeZone,
                concurrencyPolicy: "Forbid",
                startingDeadlineSeconds: scheduled.startingDeadline,
                successfulJobsHistoryLimit: kept,
                failedJobsHistoryLimit: kept,
                jobTemplate: {
                    metadata: { labels: metadata.labels },
                    spec: {
                        // A run that failed half-way may not be fit to run again: the next one is on the schedule.
                        backoffLimit: 0,
                        activeDeadlineSeconds: scheduled.deadline + beyondDeadline,
                        template: djangoPod(base, {
                            role: "scheduled",
                            labels,
                            command: onceDatabaseIsReached(scheduled.command, args),
                            size: scheduled.size,
                            ...(scheduled.tmp && { tmp: scheduled.tmp }),
                            gracePeriod: 30,
                            stays: true,
                            // A Job deletes the pod that is past its deadline, and what it wrote; a pod stays, failed, with its log.
                            pod: { restartPolicy: "Never", activeDeadlineSeconds: scheduled.deadline },
                        }),
                    },
                },
            },
        },
        { parent, dependsOn },
    );
}
