// Who may talk to whom: nobody, but what was opened; and what was opened is enough for every pod to do its work.
import { numberOf, selectsAll, textOf } from "./kubernetes.ts";
import { isWayIn } from "./ways-in.ts";
import { needsOf, outsideNeeds } from "./needs.ts";
import {
    allows,
    allowsOutside,
    containerPort,
    isIsolated,
    networkPolicies,
    rulesIn,
    rulesOf,
    takesInPod,
    type Direction,
    type NetworkPolicy,
} from "./network-view.ts";
import { isWayToApi } from "./doorkeeper.ts";
import { metadataOf, objectName, podsOf, type PlanView, type Workload } from "./plan-view.ts";
import { rabbitClusterPorts, rabbitPods } from "./rabbitmq.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

const directions: readonly Direction[] = ["Ingress", "Egress"];

export const networkRules: readonly Rule[] = [
    rule("R43", "the way in is the Gateway API, no Ingress", function* (view) {
        for (const resource of view.resources) {
            if (/:(Ingress|IngressClass)$/.test(resource.type)) {
                yield {
                    resource,
                    path: "",
                    found: resource.type.split(":").at(-1),
                    allowed: "Gateway and HTTPRoute",
                    fix: "use components/edge: ingress-nginx was retired in March 2026",
                };
            }
        }
    }),
    rule("R46", "all is refused by default, and what each pod needs is open on both sides", function* (view) {
        yield* notRefused(view);
        yield* notOpened(view);
        yield* openedTooFar(view);
    }),
    rule("R47", "every pod may ask for names, over UDP and TCP", function* (view) {
        for (const workload of view.workloads) {
            for (const protocol of ["UDP", "TCP"] as const) {
                if (!allowsOutside(view, workload, "Egress", { protocol, number: 53 })) {
                    yield {
                        resource: workload.resource,
                        path: `${workload.templatePath}.metadata.labels`,
                        found: `egress to port 53 over ${protocol} is refused`,
                        allowed: "UDP and TCP 53",
                        fix: "add both to the policy that allows DNS: long answers come over TCP",
                    };
                }
            }
        }
    }),
    rule("R48", "to the database there is its own port and nothing else", function* (view) {
        for (const { policy, path, peers, ports } of ownPolicies(view).flatMap((one) => rulesIn(one, "Egress"))) {
            const names = ports.length > 0 && ports.every(({ port }) => numberOf(port) === 53);
            if (peers.length === 0 && !names && !isWayToApi(view, policy, ports)) {
                yield {
                    resource: policy.resource,
                    path,
                    found: `any address, ${ports.length === 0 ? "any port" : `ports ${ports.map(({ port }) => port).join(", ")}`}`,
                    allowed:
                        "addresses by selector or range; only DNS may be anywhere, and for the doorkeeper the API of Kubernetes",
                    fix: "name the peers: a pod that is broken into must not carry the data away",
                };
            }
        }
        for (const database of view.withRole("database")) {
            const own = new Set(
                database.containers.flatMap(({ ports = [] }) => ports.map(({ containerPort: port }) => port)),
            );
            for (const client of view.workloads.filter((workload) => workload !== database)) {
                for (const { policy, path, peers, ports } of rulesOf(view, client, "Egress")) {
                    if (peers.length === 0 || !takesInPod(view, { policy, path, peers, ports }, database)) {
                        continue;
                    }
                    const others = ports.filter(({ port, endPort }) => {
                        const number = numberOf(port) ?? containerPort(database.containers, String(port));
                        return (
                            number === undefined || !own.has(number) || (endPort !== undefined && endPort !== number)
                        );
                    });
                    if (ports.length === 0 || others.length > 0) {
                        yield {
                            resource: policy.resource,
                            path: `${path}.ports`,
                            found:
                                ports.length === 0 ? "every port" : `port ${others.map(({ port }) => port).join(", ")}`,
                            allowed: `port ${[...own].join(", ")} of ${database.name}`,
                            fix: "name the database's port only",
                        };
                    }
                }
            }
        }
    }),
    rule("R52", "nothing but the public entry is reachable from outside the cluster", function* (view) {
        for (const { resource, spec } of view.services) {
            const { type = "ClusterIP", externalIPs = [] } = spec;
            if (externalIPs.length > 0 || ((type === "LoadBalancer" || type === "NodePort") && !isWayIn(resource))) {
                yield {
                    resource,
                    path: externalIPs.length > 0 ? "spec.externalIPs" : "spec.type",
                    found: externalIPs.length > 0 ? externalIPs.join(", ") : type,
                    allowed: "ClusterIP, unless the settings name it as the way in (exposure.variant)",
                    fix: "remove it and route through the way in",
                };
            }
        }
    }),
];

/** Policies for pods of the plan: those of a chart talk to the cloud's API, wherever that is. */
function ownPolicies(view: PlanView): readonly NetworkPolicy[] {
    const addons = new Set(
        view
            .ofType("kubernetes:core/v1:Namespace")
            .filter((namespace) => view.isAddon(namespace))
            .map(objectName),
    );
    return networkPolicies(view).filter(({ namespace }) => namespace === undefined || !addons.has(namespace));
}

/** Pods, and namespaces, in which something is allowed that no policy speaks of. */
function* notRefused(view: PlanView): Generator<Finding> {
    for (const namespace of view.ofType("kubernetes:core/v1:Namespace")) {
        const name = objectName(namespace);
        for (const direction of directions) {
            // Of a chart's pods a plan shows nothing: what they need is opened for all of them in one policy.
            const denied = networkPolicies(view).some(
                (policy) =>
                    policy.namespace === name &&
                    policy.types.includes(direction) &&
                    selectsAll(policy.spec.podSelector ?? {}) &&
                    (view.isAddon(namespace) || rulesIn(policy, direction).length === 0),
            );
            if (!denied) {
                yield {
                    resource: namespace,
                    path: "",
                    found: `no policy that refuses all ${direction.toLowerCase()}`,
                    allowed: "a NetworkPolicy with an empty podSelector, both policyTypes and no rule",
                    fix: "add it: pods that nobody thought of are open otherwise",
                };
            }
        }
    }
    for (const workload of view.workloads) {
        for (const direction of directions.filter((one) => !isIsolated(view, workload, one))) {
            yield {
                resource: workload.resource,
                path: `${workload.templatePath}.metadata.labels`,
                found: `no NetworkPolicy selects these pods for ${direction.toLowerCase()}`,
                allowed: "a policy of its namespace that refuses all by default",
                fix: "create it in the namespace that is refused by default",
            };
        }
    }
}

/** Connections that a pod is told to make, or that a route makes to it, and that the policies refuse. */
function* notOpened(view: PlanView): Generator<Finding> {
    for (const { from, to, port, because } of needsOf(view)) {
        const sides = [
            ["Egress", from, to],
            ["Ingress", to, from],
        ] as const;
        for (const [direction, workload, other] of sides) {
            if (!allows(view, workload, direction, other, port)) {
                yield {
                    resource: workload.resource,
                    path: `${workload.templatePath}.metadata.labels`,
                    found: `${direction.toLowerCase()} ${direction === "Egress" ? "to" : "from"} ${other.name}:${port.number} is refused`,
                    allowed: `what ${from.name} is told by ${because}`,
                    fix: `open ${port.protocol} ${port.number} on both sides (components/network/store-access.ts), or carry the label that is let through`,
                };
            }
        }
    }
    for (const { from, port, what, because } of outsideNeeds(view)) {
        if (!allowsOutside(view, from, "Egress", { protocol: "TCP", number: port })) {
            yield {
                resource: from.resource,
                path: `${from.templatePath}.metadata.labels`,
                found: `egress to ${what}, port ${port} outside, is refused`,
                allowed: `what ${from.name} is told by ${because}`,
                fix: "open the port to the server's addresses, and let the pods carry the label that is let through",
            };
        }
    }
    for (const { workload, number, what } of waysIn(view)) {
        if (!allowsOutside(view, workload, "Ingress", { protocol: "TCP", number })) {
            yield {
                resource: workload.resource,
                path: `${workload.templatePath}.metadata.labels`,
                found: `ingress from outside the namespace to port ${number} is refused`,
                allowed: `requests that ${what} sends`,
                fix: "open the port to those who send them (platform.gateway.from, exposure.sourceRanges)",
            };
        }
    }
    yield* divided(view);
}

/** Nodes of a broker that cannot form the one cluster that they are. */
function* divided(view: PlanView): Generator<Finding> {
    for (const nodes of rabbitPods(view).filter((workload) => podsOf(view, workload).max > 1)) {
        for (const number of rabbitClusterPorts) {
            const port = { protocol: "TCP", number } as const;
            for (const direction of directions.filter((one) => !allows(view, nodes, one, nodes, port))) {
                yield {
                    resource: nodes.resource,
                    path: `${nodes.templatePath}.metadata.labels`,
                    found: `${direction.toLowerCase()} among its own pods at port ${number} is refused`,
                    allowed: `TCP ${rabbitClusterPorts.join(" and ")} from node to node`,
                    fix: "open both among these pods: each node would be a broker of its own, with its own messages",
                };
            }
        }
    }
}

/** Stores that take in more than named pods. */
function* openedTooFar(view: PlanView): Generator<Finding> {
    for (const store of view.withRole("pooler", "database", "cache", "broker")) {
        for (const { policy, path, peers, ports } of rulesOf(view, store, "Ingress")) {
            const wide = peers.some(
                ({ podSelector, ipBlock }) =>
                    ipBlock !== undefined || podSelector === undefined || selectsAll(podSelector),
            );
            if (peers.length === 0 || wide || ports.length === 0) {
                yield {
                    resource: policy.resource,
                    path,
                    found:
                        peers.length === 0
                            ? "from anyone"
                            : ports.length === 0
                              ? "every port"
                              : "from whole namespaces or address ranges",
                    allowed: "named pods, at the store's port",
                    fix: "select the pods by the label that clients carry",
                };
            }
        }
    }
}

/** Pods that something outside the namespace sends requests to: a route's Gateway, or whoever connects to a Service that is a way in. */
function* waysIn(
    view: PlanView,
): Generator<{ readonly workload: Workload; readonly number: number; readonly what: string }> {
    const entries = [
        ...routedServices(view).map(({ resource, ...rest }) => ({ ...rest, what: `the route ${resource.name}` })),
        ...view.services
            .filter(({ resource }) => isWayIn(resource))
            .flatMap((service) =>
                (service.spec.ports ?? []).map(({ port }) => ({ service, port, what: service.resource.name })),
            ),
    ];
    for (const { service, port: wanted, what } of entries) {
        for (const workload of service?.workloads ?? []) {
            const entry = service!.spec.ports?.find(({ port }) => port === wanted);
            const target = entry?.targetPort ?? entry?.port;
            const number = numberOf(target) ?? containerPort(workload.containers, String(target));
            if (number !== undefined) {
                yield { workload, number, what };
            }
        }
    }
}

/** The Services that routes send requests to. */
function routedServices(view: PlanView) {
    return view.resources
        .filter(({ type }) => type.endsWith(":HTTPRoute"))
        .flatMap((resource) => {
            const namespace = textOf(metadataOf(resource).namespace);
            const { rules = [] } = (resource.props["spec"] ?? {}) as {
                readonly rules?: ReadonlyArray<{
                    readonly backendRefs?: ReadonlyArray<{
                        readonly name?: string;
                        readonly port?: number;
                        readonly namespace?: string;
                    }>;
                }>;
            };
            return rules.flatMap(({ backendRefs = [] }) =>
                backendRefs.map((backend) => ({
                    resource,
                    port: backend.port,
                    service: view.services.find(
                        (service) =>
                            service.name === backend.name && service.namespace === (backend.namespace ?? namespace),
                    ),
                })),
            );
        });
}
