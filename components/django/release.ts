// The jobs of a release, one after the other: check, where there are servers of others, then migrate, collectstatic, media samples
// and createsuperuser (R21-R27).
import type { ComponentResource, Input, Resource } from "@pulumi/pulumi";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { objectLabels, workloadLabels } from "../../lib/labels.ts";
import type { ReleaseJob } from "./contract.ts";
import { onceDatabaseIsReached } from "./new-pod.ts";
import { djangoPod, type PodBase } from "./pod.ts";

/** After 10, 20, 40 and 80 seconds, each time in a new pod. @see https://kubernetes.io/docs/concepts/workloads/controllers/job/ */
const repeats = 4;

/**
 * A job is made anew whenever its pod changes, so with every image and configuration, and stays when it has finished,
 * for a refresh would otherwise run it again. When one fails, the update ends there and the old release serves on (N3).
 *
 * @param openings the network policies without which a job may not reach what it needs
 * @returns what a pod of the new release waits for
 */
export function createReleaseJobs(
    name: string,
    base: PodBase,
    jobs: readonly ReleaseJob[],
    openings: readonly Resource[],
    parent: ComponentResource,
): Resource[] {
    const created: Job[] = [];
    for (const job of jobs) {
        created.push(createJob(name, base, job, [...base.args.after, ...openings, ...created.slice(-1)], parent));
    }
    return created;
}

function createJob(
    name: string,
    base: PodBase,
    job: ReleaseJob,
    dependsOn: Input<Resource>[],
    parent: ComponentResource,
): Job {
    const { args, configuration } = base;
    const fullName = `${name}-${job.name}`;
    const labels = workloadLabels({ name: fullName, instance: args.instance });
    return new Job(
        fullName,
        {
            metadata: {
                // One name for every run: the API server has room for one at a time, whatever was cancelled or killed (R79).
                name: fullName,
                namespace: args.namespace,
                labels: objectLabels(args.instance, "django"),
                // A job that has not completed, because it failed or because the update that waited for it was cancelled, is
                // run anew by the next one, also when nothing in it has changed.
                annotations: { "pulumi.com/replaceUnready": "true" },
            },
            spec: {
                // A migration that failed half-way needs a person, not a second try. What may be repeated is, for two and a half
                // minutes: clouds take their time until a new identity may write.
                backoffLimit: job.repeatable ? repeats : 0,
                activeDeadlineSeconds: job.timeout,
                template: djangoPod(base, {
                    role: job.name,
                    labels,
                    // The check has patience of its own, and its own words.
                    command: job.files ? job.command : onceDatabaseIsReached(job.command, args),
                    size: args.processes.web.size,
                    ...(job.tmp && { tmp: job.tmp }),
                    gracePeriod: 30,
                    stays: true,
                    writesAssets: job.writesAssets ?? false,
                    ...(job.files && {
                        files: job.files,
                        // What it said last is what the update shows.
                        container: { terminationMessagePolicy: "FallbackToLogsOnError" },
                    }),
                    // A migration's locks and settings are its session's.
                    direct: true,
                    ...(job.createsSuperuser && configuration.superuser && { extraSecret: configuration.superuser }),
                    pod: { restartPolicy: "Never" },
                }),
            },
        },
        {
            parent,
            dependsOn,
            replaceOnChanges: ["spec"],
            // Its deletion ends when its pod has ended.
            deleteBeforeReplace: true,
            // Longer than the job's own deadline, so that the error is the job's and not the wait's (R23).
            customTimeouts: { create: `${job.timeout + 120}s` },
        },
    );
}
