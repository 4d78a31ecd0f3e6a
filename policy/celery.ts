// Celery's workers and its scheduler.
import { defaultConsumerTimeout } from "../lib/consumer-timeout.ts";
import { consumerTimeoutAnnotation } from "../lib/labels.ts";
import { serversIn } from "../lib/urls.ts";
import { defaultVisibilityTimeout } from "../lib/visibility-timeout.ts";
import { numberOf } from "./kubernetes.ts";
import { consumerTimeoutOf } from "./rabbitmq.ts";
import { autoscalersOf, commandLine, examine, metadataOf, option } from "./plan-view.ts";
import { rule, type Rule } from "./rule.ts";

const shells = /(^|\/)(sh|bash|dash|ash|zsh|busybox)$/;

/** Commands of manage.py whose workers take their tasks from the database or from Redis, never from RabbitMQ. */
const queuesElsewhere: ReadonlySet<string> = new Set(["qcluster", "db_worker"]);

/** The user and the virtual host that a URL of AMQP names, each with its server. */
function ownIn(text: string): (readonly [what: string, key: string])[] {
    const [, user, server, virtualHost] = /^amqps?:\/\/([^:@/]*):[^@/]*@([^/]*)\/(.*)$/.exec(text) ?? [];
    return server === undefined
        ? []
        : [
              ["the user", `${server} user ${user}`],
              ["the virtual host", `${server} virtual host ${virtualHost}`],
          ];
}

export const celeryRules: readonly Rule[] = [
    rule("R15", "a worker's grace period is longer than its longest task", function* (view) {
        for (const worker of view.withRole("worker")) {
            for (const container of worker.containers.filter(({ init }) => !init)) {
                const grace = worker.pod.terminationGracePeriodSeconds ?? 30;
                const limit = numberOf(option(container, "--time-limit"));
                // Without a limit in its command the plan does not show how long a task may take; 30 s is Kubernetes' default.
                const needed = limit === undefined ? 31 : limit + 30;
                if (grace < needed) {
                    yield {
                        resource: worker.resource,
                        path: `${worker.templatePath}.spec.terminationGracePeriodSeconds`,
                        found: grace,
                        allowed: `at least ${needed}: ${limit === undefined ? "more than the default" : "the task time limit and 30"}`,
                        fix: "raise it: a task that is cut off runs again, from its beginning",
                    };
                }
            }
        }
    }),
    rule("R16", "a worker runs without a shell around it", function* (view) {
        for (const worker of view.withRole("worker")) {
            for (const container of worker.containers.filter(({ init }) => !init)) {
                const [program = ""] = commandLine(container);
                if (shells.test(program)) {
                    yield {
                        resource: worker.resource,
                        path: `${container.path}.command`,
                        found: commandLine(container).join(" "),
                        allowed: "the worker itself as process 1",
                        fix: "name the program and its arguments: a shell keeps SIGTERM from Celery, which then loses its tasks",
                    };
                }
            }
        }
    }),
    rule("R17", "a worker that ends softly has time for it", function* (view) {
        for (const worker of view.withRole("worker")) {
            for (const container of worker.containers.filter(({ init }) => !init)) {
                const environment = view.environmentOf(worker, container);
                const grace = worker.pod.terminationGracePeriodSeconds ?? 30;
                const name = [...environment.keys()].find((each) => each.endsWith("SOFT_SHUTDOWN_TIMEOUT"));
                const soft = numberOf(name && examine(environment.get(name), (text) => text));
                if (environment.has("REMAP_SIGTERM") && !(soft !== undefined && soft > 0 && soft < grace)) {
                    yield {
                        resource: worker.resource,
                        path: `${container.path}.env`,
                        found: `REMAP_SIGTERM with ${name === undefined ? "no soft shutdown timeout" : `${name}=${soft ?? "something unknown"}`}, and ${grace} s of grace`,
                        allowed: `a variable ...SOFT_SHUTDOWN_TIMEOUT between 1 and ${grace - 1}`,
                        fix: "set it, and worker_soft_shutdown_timeout from it: else SIGTERM ends a task at once, or SIGKILL comes first",
                    };
                }
            }
        }
    }),
    rule("R18", "a task ends before RabbitMQ hands it out again", function* (view) {
        for (const worker of view.withRole("worker")) {
            for (const container of worker.containers.filter(({ init }) => !init)) {
                const hosts = examine(view.environmentOf(worker, container).get("CELERY_BROKER_URL"), (text) =>
                    serversIn(text).flatMap(({ scheme, host }) => (/^amqps?$/.test(scheme) ? [host] : [])),
                );
                const [host] = hosts ?? [];
                if (host === undefined) {
                    continue;
                }
                const words = commandLine(container)
                    .flatMap((word) => word.split(/\s+/))
                    .map((word) => word.split("/").at(-1)!);
                if (words.some((word) => queuesElsewhere.has(word))) {
                    continue;
                }
                const service = view.serviceAt(host, worker.namespace);
                const shown = consumerTimeoutOf(view, service);
                const told = numberOf(service && metadataOf(service.resource).annotations?.[consumerTimeoutAnnotation]);
                const timeout = shown ?? told ?? defaultConsumerTimeout;
                const said = numberOf(option(container, "--time-limit"));
                // A program that only the image knows has no such option: what its pod waits for it when it stops says the same.
                const limit =
                    said ??
                    (words.includes("celery") ? undefined : (worker.pod.terminationGracePeriodSeconds ?? 30) - 30);
                if (limit === undefined || limit >= timeout) {
                    yield {
                        resource: worker.resource,
                        path: `${container.path}.command`,
                        found:
                            said === undefined
                                ? limit === undefined
                                    ? "no --time-limit"
                                    : `a grace period for tasks of ${limit} s`
                                : `--time-limit=${said}`,
                        allowed: `less than ${timeout}, RabbitMQ's consumer_timeout${shown !== undefined ? "" : told === undefined ? " by default" : " (broker.consumerTimeout)"}`,
                        fix: `${limit === undefined ? "--time-limit=SECONDS in the command, with fewer; or " : ""}${
                            shown === undefined
                                ? "a shorter apps[].workers.<name>.taskTimeLimit, or raise consumer_timeout at the server and say it in broker.consumerTimeout"
                                : "set apps[].workers.<name>.taskTimeLimit to as much as the command takes: the broker's time-out follows from it"
                        }: RabbitMQ closes the channel, and the task runs again while it still runs`,
                    };
                }
            }
        }
    }),
    rule("R101", "apps that share RabbitMQ have a user and a virtual host each", function* (view) {
        const taken = new Map<string, string>();
        for (const [app, workloads] of view.apps()) {
            for (const workload of workloads) {
                for (const container of workload.containers) {
                    const url = view.environmentOf(workload, container).get("CELERY_BROKER_URL");
                    for (const [what, key] of examine(url, ownIn) ?? []) {
                        const owner = taken.get(key) ?? app;
                        taken.set(key, owner);
                        if (owner !== app) {
                            yield {
                                resource: workload.resource,
                                path: `${container.path}.envFrom`,
                                found: `${what} of ${owner.split("::").at(-1) ?? owner} in CELERY_BROKER_URL`,
                                allowed: "a user and a virtual host of the app's own",
                                fix: "give each app its own: else its workers take the others' tasks, which they do not know",
                            };
                        }
                    }
                }
            }
        }
    }),
    rule("R89", "a task ends before Redis hands it out again", function* (view) {
        for (const worker of view.withRole("worker")) {
            for (const container of worker.containers.filter(({ init }) => !init)) {
                const environment = view.environmentOf(worker, container);
                const redis = examine(environment.get("CELERY_BROKER_URL"), (text) => /^rediss?:/.test(text));
                const name = [...environment.keys()].find((each) => each.endsWith("BROKER_VISIBILITY_TIMEOUT"));
                const told = numberOf(name && examine(environment.get(name), (text) => text));
                const timeout = told ?? defaultVisibilityTimeout;
                const limit = numberOf(option(container, "--time-limit"));
                if (redis === true && limit !== undefined && limit >= timeout) {
                    yield {
                        resource: worker.resource,
                        path: `${container.path}.command`,
                        found: `--time-limit=${limit}`,
                        allowed: `less than ${timeout}, the broker's visibility time-out${told === undefined ? " by default" : ` (${name!})`}`,
                        fix: "set the worker's taskTimeLimit, from which the time-out follows, instead of its own command's: Redis hands a task out again that is not acknowledged by then, and it runs twice",
                    };
                }
            }
        }
    }),
    rule("R19", "beat runs exactly once", function* (view) {
        for (const workloads of view.apps().values()) {
            const beats = workloads.filter(({ role }) => role === "beat");
            for (const beat of beats.slice(1)) {
                yield {
                    resource: beat.resource,
                    path: "",
                    found: `a second scheduler beside ${beats[0]!.name}`,
                    allowed: "one scheduler per app",
                    fix: "remove it: every periodic task would be sent twice",
                };
            }
            for (const { resource, kind, spec } of beats) {
                const ordered = kind === "StatefulSet" || (kind === "Deployment" && spec.strategy?.type === "Recreate");
                if (!ordered) {
                    yield {
                        resource,
                        path: kind === "Deployment" ? "spec.strategy.type" : "",
                        found: `${kind}${kind === "Deployment" ? ` with ${spec.strategy?.type ?? "RollingUpdate"}` : ""}`,
                        allowed: "a StatefulSet, or a Deployment with Recreate",
                        fix: "use a StatefulSet: it starts a pod only when the last one is gone",
                    };
                }
                if ((spec.replicas ?? 1) !== 1) {
                    yield {
                        resource,
                        path: "spec.replicas",
                        found: spec.replicas,
                        allowed: "1",
                        fix: "set it to 1: every further one sends every periodic task again",
                    };
                }
            }
            for (const autoscaler of beats.flatMap((beat) => autoscalersOf(view, beat))) {
                yield {
                    resource: autoscaler,
                    path: "spec.scaleTargetRef",
                    found: "an autoscaler on the scheduler",
                    allowed: "none",
                    fix: "remove it",
                };
            }
        }
    }),
    rule("R20", "no worker has a scheduler inside", function* (view) {
        for (const worker of view.withRole("worker", "app")) {
            for (const container of worker.containers) {
                const words = commandLine(container).join(" ").split(/\s+/);
                const flag = words.find((word) => word === "-B" || word === "--beat" || word.startsWith("--beat="));
                if (flag !== undefined) {
                    yield {
                        resource: worker.resource,
                        path: `${container.path}.command`,
                        found: flag,
                        allowed: "a worker without it",
                        fix: "remove it, and let the scheduler run alone, apps[].beat {}: with several workers every periodic task is sent several times",
                    };
                }
            }
        }
    }),
];
