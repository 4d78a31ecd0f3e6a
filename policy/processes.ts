// Processes beside the web's probes: what asks them whether they work, what runs at certain times, what may not be cut off, and what ASGI needs.
import { undisturbed, volumesThatMayGo } from "../lib/eviction.ts";
import { servesAsgi } from "../lib/web-servers.ts";
import { numberOf, textOf } from "./kubernetes.ts";
import { commandLine, djangoRoles, examine, podsOf, type PlanView, type Workload } from "./plan-view.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

const probeNames = ["startupProbe", "readinessProbe", "livenessProbe"] as const;

/** What loads the whole app. */
const loadsApp = /(?:^|[\s/"'])(?:celery|manage\.py|django-admin)(?:$|[\s"'])/;

/** Seconds that the cluster autoscaler waits for pods that stop. */
const autoscalerWaits = 600;

export const processRules: readonly Rule[] = [
    rule("R80", "a node is given back when only what may go is on it, and not before", function* (view) {
        for (const workload of view.workloads) {
            if (isAloneWithData(view, workload) || isOtherJob(workload)) {
                yield* missingMarks(
                    workload,
                    "set it: it would be stopped in the middle when its node is not needed any more",
                );
            } else {
                yield* keptByFolders(workload);
            }
        }
        for (const release of view.ofType("kubernetes:helm.sh/v3:Release")) {
            if (textOf(release.props["chart"]) === "cluster-autoscaler") {
                yield* keptByControllers(release);
            }
        }
    }),
    rule("R102", "no probe starts Celery or Django", function* (view) {
        for (const workload of view.withRole(...djangoRoles)) {
            for (const container of workload.containers) {
                for (const name of probeNames) {
                    const words = container[name]?.exec?.command ?? [];
                    if (loadsApp.test(words.join(" "))) {
                        yield {
                            resource: workload.resource,
                            path: `${container.path}.${name}.exec.command`,
                            found: words.join(" "),
                            allowed: "a probe that loads nothing of the app and asks no store",
                            fix: "look at a file that the process touches: this one takes a second of a processor each time, and fails when the broker is away",
                        };
                    }
                }
            }
        }
    }),
    rule("R103", "a command at certain times runs once at a time, and ends", function* (view) {
        for (const workload of view.withRole("scheduled")) {
            yield* unboundedRuns(workload);
        }
    }),
    rule("R104", "who removes nodes leaves alone what would lose its work", function* (view) {
        const lasting = view
            .withRole("worker")
            .filter(({ pod }) => (pod.terminationGracePeriodSeconds ?? 30) > autoscalerWaits);
        for (const workload of [...view.withRole("release", "scheduled"), ...lasting]) {
            yield* missingMarks(
                workload,
                workload.role === "worker"
                    ? `set it: a task may take longer than the ${autoscalerWaits} s that the cluster autoscaler waits`
                    : "set it: the run would end in the middle when its node is not needed any more",
            );
        }
    }),
    rule("R105", "under ASGI the app keeps no connection to the database", function* (view) {
        for (const web of view.withRole("web")) {
            yield* keptConnections(view, web);
        }
    }),
];

function* missingMarks({ resource, templatePath, podAnnotations }: Workload, fix: string): Generator<Finding> {
    for (const [name, wanted] of Object.entries(undisturbed)) {
        const found = textOf(podAnnotations[name]);
        if (found !== wanted) {
            yield {
                resource,
                path: `${templatePath}.metadata.annotations["${name}"]`,
                found,
                allowed: JSON.stringify(wanted),
                fix,
            };
        }
    }
}

/** A server that nothing stands in for while it moves. */
function isAloneWithData(view: PlanView, workload: Workload): boolean {
    return (workload.role === "database" || workload.role === "broker") && podsOf(view, workload).max === 1;
}

/** What an app runs to its end has R104. */
function isOtherJob({ kind, role }: Workload): boolean {
    return (kind === "Job" || kind === "CronJob") && role !== "release" && role !== "scheduled";
}

/** A cluster autoscaler never removes the node of a pod with a folder on its disk that it was not told of. */
function* keptByFolders({ resource, kind, role, pod, podAnnotations, templatePath }: Workload): Generator<Finding> {
    const stays = podAnnotations["cluster-autoscaler.kubernetes.io/safe-to-evict"] !== undefined;
    if (stays || kind === "DaemonSet" || role === "release" || role === "scheduled") {
        return;
    }
    const named = textOf(podAnnotations[volumesThatMayGo])?.split(",") ?? [];
    const folders = (pod.volumes ?? []).flatMap(({ name = "", emptyDir }) =>
        emptyDir === undefined || emptyDir.medium === "Memory" ? [] : [name],
    );
    const forgotten = folders.filter((name) => !named.includes(name));
    if (forgotten.length > 0) {
        yield {
            resource,
            path: `${templatePath}.metadata.annotations["${volumesThatMayGo}"]`,
            found: podAnnotations[volumesThatMayGo],
            allowed: JSON.stringify(folders.join(",")),
            fix: `name ${forgotten.join(", ")}: the autoscaler keeps the node for ever otherwise, and what was added for a peak stays`,
        };
    }
}

function* keptByControllers(resource: PolicyResource): Generator<Finding> {
    const { extraArgs } = (resource.props["values"] ?? {}) as {
        readonly extraArgs?: Readonly<Record<string, unknown>>;
    };
    const found = extraArgs?.["skip-nodes-with-local-storage"];
    if (found !== false && found !== "false" && !(found instanceof UnknownValue)) {
        yield {
            resource,
            path: 'values.extraArgs["skip-nodes-with-local-storage"]',
            found: found ?? "nothing, which means true",
            allowed: "false",
            fix: "set it: controllers have folders on the node's disk, and a node with one of them would never be given back",
        };
    }
}

interface CronJobSpec {
    readonly concurrencyPolicy?: string;
    readonly timeZone?: string;
    readonly jobTemplate?: {
        readonly spec?: { readonly activeDeadlineSeconds?: number; readonly backoffLimit?: number };
    };
}

function* unboundedRuns({ resource, pod, templatePath }: Workload): Generator<Finding> {
    const spec = (resource.props["spec"] ?? {}) as CronJobSpec;
    const job = spec.jobTemplate?.spec ?? {};
    const { concurrencyPolicy } = spec;
    if (concurrencyPolicy !== "Forbid") {
        yield {
            resource,
            path: "spec.concurrencyPolicy",
            found: concurrencyPolicy,
            allowed: "Forbid",
            fix: "set it: a run that takes longer than usual meets the next one otherwise, and both do the same work",
        };
    }
    if (spec.timeZone === undefined) {
        yield {
            resource,
            path: "spec.timeZone",
            found: undefined,
            allowed: "a time zone, for example UTC",
            fix: "set it: otherwise it is the control plane's own, which a cloud chooses",
        };
    }
    if (numberOf(job.activeDeadlineSeconds) === undefined) {
        yield {
            resource,
            path: "spec.jobTemplate.spec.activeDeadlineSeconds",
            found: job.activeDeadlineSeconds,
            allowed: "seconds",
            fix: "set it: one run that hangs keeps all later ones from starting",
        };
    }
    if (job.backoffLimit !== 0) {
        yield {
            resource,
            path: "spec.jobTemplate.spec.backoffLimit",
            found: job.backoffLimit,
            allowed: "0",
            fix: "set it: a run that failed half-way is not tried again, six times, without anybody having looked",
        };
    }
    if (pod.restartPolicy !== "Never") {
        yield {
            resource,
            path: `${templatePath}.spec.restartPolicy`,
            found: pod.restartPolicy,
            allowed: "Never",
            fix: "set it: OnFailure runs the command again in the same pod",
        };
    }
}

function* keptConnections(view: PlanView, web: Workload): Generator<Finding> {
    for (const container of web.containers.filter(({ init }) => !init)) {
        const environment = view.environmentOf(web, container);
        const read = (name: string): string | undefined => examine(environment.get(name), (text) => text);
        const gunicornArguments = read("GUNICORN_CMD_ARGS");
        const variables: Record<string, string> =
            gunicornArguments === undefined ? {} : { GUNICORN_CMD_ARGS: gunicornArguments };
        if (environment.size === 0 || !servesAsgi(commandLine(container), variables)) {
            continue;
        }
        const name = [...environment.keys()].find((key) => key.endsWith("CONN_MAX_AGE"));
        const age = name && read(name);
        if (name === undefined || (age !== undefined && age !== "0")) {
            yield {
                resource: web.resource,
                path: `${container.path}.envFrom`,
                found: name === undefined ? "no variable ...CONN_MAX_AGE" : `${name}=${age}`,
                allowed: 'a variable ...CONN_MAX_AGE of "0"',
                fix: "set it: each open request has a thread of its own, and a connection that is kept outlives it until the server has no more to give",
            };
        }
    }
}
