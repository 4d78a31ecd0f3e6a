// The web pods: probes, and updates in which no request is lost.
import { numberOf, selects, type Probe } from "./kubernetes.ts";
import {
    commandLine,
    examine,
    option,
    podsOf,
    type PlanView,
    type PlacedContainer,
    type Workload,
} from "./plan-view.ts";
import { rule, type Rule } from "./rule.ts";

const probeNames = ["startupProbe", "readinessProbe", "livenessProbe"] as const;

/** Seconds that gunicorn takes for open requests unless told otherwise. */
const gunicornDefault = 30;

export const webRules: readonly Rule[] = [
    rule("R1", "web has readiness, liveness and startup probes", function* (view) {
        for (const [app, workloads] of view.apps()) {
            const component = view.get(app) ?? workloads[0]!.resource;
            if (!workloads.some(({ role }) => role === "web")) {
                yield {
                    resource: component,
                    path: "",
                    found: `no web among ${workloads.map(({ name }) => name).join(", ")}`,
                    allowed: "one workload whose container is called web, or that a Service selects",
                    fix: "give the app its web pods and their Service",
                };
            }
        }
        for (const { web, container } of webContainers(view)) {
            for (const probe of probeNames.filter((name) => container[name] === undefined)) {
                yield {
                    resource: web.resource,
                    path: `${container.path}.${probe}`,
                    found: undefined,
                    allowed: "a probe",
                    fix: `add ${probe}: without it a pod gets requests it cannot answer, or hangs unnoticed`,
                };
            }
        }
    }),
    rule("R2", "probes send a Host header that is in ALLOWED_HOSTS", function* (view) {
        for (const { web, container } of webContainers(view)) {
            const allowed = allowedHosts(view, web, container);
            for (const [name, probe] of httpProbes(container)) {
                const host = probe.httpHeaders?.find((header) => header.name.toLowerCase() === "host")?.value;
                if (host === undefined || (allowed !== undefined && !isAllowed(host, allowed))) {
                    yield {
                        resource: web.resource,
                        path: `${container.path}.${name}.httpGet.httpHeaders`,
                        found: host === undefined ? "no Host header" : `Host: ${host}`,
                        allowed: allowed === undefined ? "a Host header" : `Host: one of ${allowed.join(", ")}`,
                        fix: "send a host of ALLOWED_HOSTS: Django answers 400 to the pod's own address, and the pod is restarted",
                    };
                }
            }
        }
    }),
    rule("R3", "no probe names a host", function* (view) {
        for (const workload of view.workloads) {
            for (const container of workload.containers) {
                for (const name of probeNames) {
                    for (const kind of ["httpGet", "tcpSocket"] as const) {
                        const host = container[name]?.[kind]?.host;
                        if (host !== undefined && host !== "") {
                            yield {
                                resource: workload.resource,
                                path: `${container.path}.${name}.${kind}.host`,
                                found: host,
                                allowed: "nothing: the probe goes to the pod",
                                fix: "remove it (Pod Security rejects the pod); to send a host name, set the Host header",
                            };
                        }
                    }
                }
            }
        }
    }),
    rule("R4", "the liveness path differs from the readiness path", function* (view) {
        for (const { web, container } of webContainers(view)) {
            const live = container.livenessProbe?.httpGet?.path;
            if (live !== undefined && live === container.readinessProbe?.httpGet?.path) {
                yield {
                    resource: web.resource,
                    path: `${container.path}.livenessProbe.httpGet.path`,
                    found: live,
                    allowed: "another path than the readiness probe's",
                    fix: "let liveness ask nothing of a store: else an outage there restarts every pod",
                };
            }
        }
    }),
    rule("R5", "web sleeps 5 s or more before it stops", function* (view) {
        for (const { web, container } of webContainers(view)) {
            const seconds = container.lifecycle?.preStop?.sleep?.seconds;
            if ((numberOf(seconds) ?? 0) < 5) {
                yield {
                    resource: web.resource,
                    path: `${container.path}.lifecycle.preStop.sleep.seconds`,
                    found: seconds,
                    allowed: "at least 5",
                    fix: "set it: requests still arrive until every proxy has heard that the pod is going",
                };
            }
        }
    }),
    rule("R6", "web's grace period covers the sleep and the open requests", function* (view) {
        for (const { web, container } of webContainers(view)) {
            const grace = web.pod.terminationGracePeriodSeconds ?? 30;
            const sleep = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
            const needed = sleep + gracefulTimeout(container) + 5;
            if (grace < needed) {
                yield {
                    resource: web.resource,
                    path: `${web.templatePath}.spec.terminationGracePeriodSeconds`,
                    found: grace,
                    allowed: `at least ${needed}: ${sleep} of sleep, ${gracefulTimeout(container)} for open requests, 5 to stop`,
                    fix: "set apps[].web.gracefulTimeout to what the server waits; a command of the app's own says it itself, with gunicorn's --graceful-timeout (30 without one)",
                };
            }
        }
    }),
    rule("R7", "web is updated with maxUnavailable 0 and maxSurge 1 or more", function* (view) {
        for (const web of view.withRole("web").filter(({ kind }) => kind === "Deployment")) {
            const { type = "RollingUpdate", rollingUpdate } = web.spec.strategy ?? {};
            const { maxUnavailable = "25%", maxSurge = "25%" } = rollingUpdate ?? {};
            if (type !== "RollingUpdate" || !isNone(maxUnavailable) || isNone(maxSurge)) {
                yield {
                    resource: web.resource,
                    path: "spec.strategy",
                    found: { type, maxUnavailable, maxSurge },
                    allowed: "RollingUpdate with maxUnavailable 0 and maxSurge at least 1",
                    fix: "set both: a new pod is ready before an old one goes",
                };
            }
        }
    }),
    rule("R8", "in production web has at least 2 pods", function* (view) {
        if (view.environmentKind !== "production") {
            return;
        }
        for (const web of view.withRole("web")) {
            const { min } = podsOf(view, web);
            if (min < 2) {
                yield {
                    resource: web.resource,
                    path: "spec.replicas",
                    found: min,
                    allowed: "at least 2",
                    fix: "raise apps[].web.replicas.min: one pod alone is down whenever its node is",
                };
            }
        }
    }),
    rule("R13", "web spreads over zones and hosts, release by release", function* (view) {
        for (const web of view.withRole("web").filter(({ kind }) => kind === "Deployment")) {
            for (const key of ["topology.kubernetes.io/zone", "kubernetes.io/hostname"]) {
                const constraint = web.pod.topologySpreadConstraints?.find(({ topologyKey }) => topologyKey === key);
                const right =
                    constraint !== undefined &&
                    (constraint.matchLabelKeys ?? []).includes("pod-template-hash") &&
                    selects(constraint.labelSelector, web.podLabels);
                if (!right) {
                    yield {
                        resource: web.resource,
                        path: `${web.templatePath}.spec.topologySpreadConstraints`,
                        found: constraint,
                        allowed: `a constraint on ${key} that selects these pods, with matchLabelKeys [pod-template-hash]`,
                        fix: "add it: else all pods may share a node, or the old release's push the new ones together",
                    };
                }
            }
        }
    }),
];

function* webContainers(view: PlanView): Generator<{ readonly web: Workload; readonly container: PlacedContainer }> {
    for (const web of view.withRole("web")) {
        const all = web.containers.filter(({ init }) => !init);
        // A sidecar need not be probed; without a container of the name, all are the server.
        const servers = all.filter(({ name }) => name === "web");
        for (const container of servers.length > 0 ? servers : all) {
            yield { web, container };
        }
    }
}

function httpProbes(container: PlacedContainer): ReadonlyArray<readonly [name: string, NonNullable<Probe["httpGet"]>]> {
    return probeNames.flatMap((name) => {
        const get = container[name]?.httpGet;
        return get === undefined ? [] : [[name, get] as const];
    });
}

/** @returns undefined when the pods are not told, or it is not known yet */
function allowedHosts(view: PlanView, web: Workload, container: PlacedContainer): readonly string[] | undefined {
    const environment = view.environmentOf(web, container);
    const name = [...environment.keys()].find((key) => key.endsWith("ALLOWED_HOSTS"));
    return name === undefined
        ? undefined
        : examine(environment.get(name), (text) => text.split(",").map((host) => host.trim()));
}

/** As Django's validate_host: a pattern that begins with a dot takes in the domain and all below it. */
function isAllowed(host: string, patterns: readonly string[]): boolean {
    return patterns.some(
        (pattern) =>
            pattern === "*" ||
            pattern === host ||
            (pattern.startsWith(".") && (host.endsWith(pattern) || host === pattern.slice(1))),
    );
}

function gracefulTimeout(container: PlacedContainer): number {
    const set = numberOf(option(container, "--graceful-timeout") ?? option(container, "--timeout-graceful-shutdown"));
    // Of another server than gunicorn a plan does not see how long it takes.
    return set ?? (commandLine(container).some((word) => word.includes("gunicorn")) ? gunicornDefault : 0);
}

function isNone(amount: number | string): boolean {
    return amount === 0 || amount === "0" || amount === "0%";
}
