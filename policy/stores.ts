// Database, cache and broker: each configured for its own purpose.
import { pooledAnnotation } from "../lib/labels.ts";
import { budgetsOf, clientsOf, poolerFactsOf, type Budget } from "./connections/budget.ts";
import { changesFor } from "./connections/changes.ts";
import { bytesOf, numberOf, textOf, type Container } from "./kubernetes.ts";
import { addressesIn, replicationSource } from "./needs.ts";
import { isIsolated } from "./network-view.ts";
import {
    djangoRoles,
    commandLine,
    examine,
    metadataOf,
    option,
    type PlacedContainer,
    type PlanView,
    type Value,
    type Workload,
} from "./plan-view.ts";
import { UnknownValue } from "./resource.ts";
import { configured, rabbitPods, rabbits } from "./rabbitmq.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

/** A Redis or Valkey server's directives; undefined while its configuration is unknown. */
type Directives = ReadonlyMap<string, readonly string[]>;

/** Where RabbitMQ keeps its data. */
const rabbitData = "/var/lib/rabbitmq";

/** PgBouncer's, and that of DigitalOcean's pools. */
const poolPorts: ReadonlySet<string> = new Set(["6432", "25061"]);

export const storeRules: readonly Rule[] = [
    rule("R29", "all pods together open no more connections than the database takes", function* (view) {
        for (const budget of budgetsOf(view)) {
            if (budget.free !== undefined && budget.free < 0) {
                const { resource, path, limit, reserve, sum, from } = budget;
                const changes = changesFor(view, budget);
                yield {
                    resource,
                    path,
                    found: `up to ${sum} for ${from} ${limit}: ${usersOf(budget)}`,
                    allowed: `at most ${limit! - reserve}${reserve > 0 ? `: ${reserve} are kept for administrators` : ""}`,
                    fix:
                        changes.length === 0
                            ? "another server, with more memory: these pods open more than this kind takes"
                            : changes.map(({ what, command }) => `${what}: ${command}`).join("; or "),
                    advice: view.environmentKind !== "production",
                };
            }
        }
    }),
    rule("R30", "behind a connection pool the app keeps no connection", function* (view) {
        const pools = new Set(
            view
                .ofType("digitalocean:index/databaseConnectionPool:DatabaseConnectionPool")
                .map(({ props }) => textOf(props["name"])),
        );
        for (const workload of view.withRole(...djangoRoles)) {
            for (const container of workload.containers) {
                const environment = view.environmentOf(workload, container);
                const read = (name: string) => examine(environment.get(name), (text) => text);
                const host = [...environment.keys()].find((name) => name.endsWith("DB_HOST"));
                const prefix = host?.slice(0, -"HOST".length) ?? "";
                const service = host && view.serviceAt(read(host) ?? "", workload.namespace)?.resource;
                const pooled =
                    poolPorts.has(read(`${prefix}PORT`) ?? "") ||
                    pools.has(read(`${prefix}NAME`)) ||
                    (service && metadataOf(service).annotations?.[pooledAnnotation] === "true");
                const age = read(`${prefix}CONN_MAX_AGE`);
                if (host !== undefined && pooled && age !== "0") {
                    yield {
                        resource: workload.resource,
                        path: `${container.path}.envFrom`,
                        found: `${prefix}CONN_MAX_AGE=${age ?? ""}`,
                        allowed: "0",
                        fix: "set it, and `pooled` of the database component: a connection that is kept holds a place in the pool",
                    };
                }
            }
        }
    }),
    rule("R31", "a broker evicts nothing and keeps its messages", function* (view) {
        for (const { workload, container, directives } of redisServers(view, "broker")) {
            yield* expect(
                workload,
                container,
                directives,
                "maxmemory-policy",
                ["noeviction"],
                "Celery's messages would vanish",
            );
            yield* expect(workload, container, directives, "appendonly", ["yes"], "a restart would lose all messages");
            const data = directives.get("dir")?.[0] ?? "/data";
            if (!isKept(workload, container, data)) {
                yield {
                    resource: workload.resource,
                    path: `${container.path}.volumeMounts`,
                    found: `${data} without a volume of its own`,
                    allowed: "a PersistentVolumeClaim",
                    fix: "mount a claim there: what is appended to a pod's own disk goes with the pod",
                };
            }
        }
        for (const workload of rabbitPods(view)) {
            for (const container of workload.containers.filter(({ init }) => !init)) {
                if (!isKept(workload, container, rabbitData)) {
                    yield {
                        resource: workload.resource,
                        path: `${container.path}.volumeMounts`,
                        found: `${rabbitData} without a volume of its own`,
                        allowed: "a PersistentVolumeClaim",
                        fix: "mount a claim there: a node's messages, and that it belongs to its cluster, go with the pod",
                    };
                }
            }
        }
    }),
    rule("R99", "a store without a login takes in named pods alone, over TCP", function* (view) {
        for (const { workload, container } of memcachedServers(view)) {
            if (!isIsolated(view, workload, "Ingress")) {
                yield {
                    resource: workload.resource,
                    path: `${workload.templatePath}.metadata.labels`,
                    found: "no NetworkPolicy says who may connect",
                    allowed: "one that names the pods of its apps",
                    fix: "open the port to the label that clients carry: Memcached asks nobody who he is, and what the app reads from it is unpickled",
                };
            }
            const udp = numberOf(option(container, "--udp-port") ?? option(container, "-U"));
            if (udp !== undefined && udp !== 0) {
                yield {
                    resource: workload.resource,
                    path: `${container.path}.command`,
                    found: `UDP port ${udp}`,
                    allowed: "--udp-port=0",
                    fix: "set it: over UDP answers are sent to whatever address a question claims to come from",
                };
            }
        }
    }),
    rule("R100", "a connection pooler takes all clients that may come", function* (view) {
        for (const pooler of view.withRole("pooler")) {
            for (const container of pooler.containers.filter(({ init }) => !init)) {
                const most = poolerFactsOf(view, pooler, container)?.mostClients;
                const clients = clientsOf(view, pooler);
                const sum = clients.reduce((all, { connections }) => all + connections, 0);
                if (most !== undefined && sum > most) {
                    yield {
                        resource: pooler.resource,
                        path: `${container.path}.volumeMounts`,
                        found: `max_client_conn ${most} for up to ${sum} clients: ${usersOf({ users: clients })}`,
                        allowed: "as many as may come at once, in each pod: the others may be away",
                        fix: "fewer pods, processes or threads (apps[].web, apps[].workers)",
                        advice: view.environmentKind !== "production",
                    };
                }
            }
        }
    }),
    rule("R32", "a cache evicts the least recently used, before its memory ends", function* (view) {
        for (const { workload, container, directives } of redisServers(view, "cache")) {
            yield* expect(
                workload,
                container,
                directives,
                "maxmemory-policy",
                ["allkeys-lru"],
                "a full cache would refuse writes",
            );
            const limit = bytesOf(container.resources?.limits?.["memory"]);
            const text = directives.get("maxmemory")?.[0];
            const maximum = bytesOf(text);
            if (
                directives.size > 0 &&
                (maximum === undefined || maximum === 0 || (limit !== undefined && maximum >= limit))
            ) {
                yield {
                    resource: workload.resource,
                    path: `${container.path}.command`,
                    found: text === undefined ? "no maxmemory" : `maxmemory ${text}`,
                    allowed: "maxmemory below the container's memory limit",
                    fix: "set it: without one the kernel ends the server instead of the server evicting",
                };
            }
        }
        for (const { workload, container } of memcachedServers(view)) {
            const limit = bytesOf(container.resources?.limits?.["memory"]);
            const mebibytes = numberOf(option(container, "--memory-limit") ?? option(container, "-m")) ?? 64;
            if (limit !== undefined && mebibytes * 2 ** 20 >= limit) {
                yield {
                    resource: workload.resource,
                    path: `${container.path}.command`,
                    found: `--memory-limit=${mebibytes}`,
                    allowed: "less than the container's memory limit",
                    fix: "lower it: values are not all that the server holds, and the kernel ends it instead of the server evicting",
                };
            }
        }
    }),
    rule("R33", "the cache is not the broker", function* (view) {
        for (const workload of view.withRole("web", "worker", "beat", "scheduled", "app")) {
            for (const container of workload.containers) {
                const environment = view.environmentOf(workload, container);
                const brokers = serversIn(view, workload, environment.get("CELERY_BROKER_URL"));
                const caches = [...environment]
                    .filter(([name]) => name.endsWith("CACHE_LOCATION"))
                    .flatMap(([, value]) => serversIn(view, workload, value));
                const both = brokers.find((server) => caches.includes(server));
                if (both !== undefined) {
                    yield {
                        resource: workload.resource,
                        path: `${container.path}.envFrom`,
                        found: `${both.name} as cache and as broker`,
                        allowed: "two servers",
                        fix: "give the broker its own: a cache evicts, and its clear() empties the whole database",
                    };
                }
            }
        }
    }),
    rule("R34", "the cache's location names the primary first", function* (view) {
        for (const workload of view.withRole(...djangoRoles)) {
            for (const container of workload.containers) {
                const environment = view.environmentOf(workload, container);
                for (const [name, value] of environment) {
                    if (!name.endsWith("CACHE_LOCATION")) {
                        continue;
                    }
                    const first = addressesIn(value)[0];
                    const servers =
                        first === undefined ? [] : (view.serviceAt(first.host, workload.namespace)?.workloads ?? []);
                    const replica = servers.find((server) => isReplica(view, server));
                    if (replica !== undefined) {
                        yield {
                            resource: workload.resource,
                            path: `${container.path}.envFrom`,
                            found: `${name} begins with the replica ${replica.name}`,
                            allowed: "the primary first, then the replicas",
                            fix: "change the order: Django writes to the first",
                        };
                    }
                }
            }
        }
    }),
    rule("R35", "in production RabbitMQ has 3 nodes or more, and quorum queues", function* (view) {
        if (view.environmentKind !== "production") {
            return;
        }
        for (const { resource, path, nodes } of rabbits(view)) {
            if (nodes < 3) {
                yield {
                    resource,
                    path,
                    found: nodes,
                    allowed: "at least 3",
                    fix: "raise it: a quorum of fewer does not survive the loss of one",
                };
            }
        }
        for (const workload of rabbitPods(view)) {
            const queue = configured(view, workload, "default_queue_type");
            if (queue !== undefined && queue !== "quorum") {
                yield {
                    resource: workload.resource,
                    path: `${workload.templatePath}.spec.containers`,
                    found: queue === "" ? "no default_queue_type" : `default_queue_type = ${queue}`,
                    allowed: "default_queue_type = quorum in rabbitmq.conf",
                    fix: "set it: a classic queue is on one node, and its messages go with it",
                };
            }
        }
    }),
];

function* expect(
    { resource }: Workload,
    container: PlacedContainer,
    directives: Directives,
    name: string,
    allowed: readonly string[],
    otherwise: string,
): Generator<Finding> {
    const found = directives.get(name)?.[0];
    // No directive at all means that the configuration is not known yet.
    if (directives.size > 0 && !allowed.includes(found ?? "")) {
        yield {
            resource,
            path: `${container.path}.command`,
            found: found === undefined ? `no ${name}` : `${name} ${found}`,
            allowed: `${name} ${allowed.join(" or ")}`,
            fix: `set it: ${otherwise}`,
        };
    }
}

function* redisServers(
    view: PlanView,
    role: "cache" | "broker",
): Generator<{ readonly workload: Workload; readonly container: PlacedContainer; readonly directives: Directives }> {
    for (const workload of view.withRole(role)) {
        for (const container of workload.containers) {
            const server = commandLine(container).some((word) => /(redis|valkey)-server$/.test(word));
            if (server || /(^|\/)(redis|valkey)[:@]/.test(container.image ?? "")) {
                yield { workload, container, directives: directivesOf(view, workload, container) };
            }
        }
    }
}

function* memcachedServers(
    view: PlanView,
): Generator<{ readonly workload: Workload; readonly container: PlacedContainer }> {
    for (const workload of view.withRole("cache")) {
        for (const container of workload.containers.filter(({ init }) => !init)) {
            if (
                commandLine(container).some((word) => /(^|\/)memcached$/.test(word)) ||
                /(^|\/)memcached[:@]/.test(container.image ?? "")
            ) {
                yield { workload, container };
            }
        }
    }
}

/** From the configuration file that its command names, and the arguments that follow. */
function directivesOf(view: PlanView, workload: Workload, container: PlacedContainer): Directives {
    const words = commandLine(container);
    const directives = new Map<string, readonly string[]>();
    const files = view.filesOf(workload, container);
    for (const word of words) {
        const file: Value | undefined = files.get(word);
        if (file instanceof UnknownValue) {
            return new Map();
        }
        examine(file, (text) => {
            for (const line of text.split("\n")) {
                const [name, ...args] = line
                    .trim()
                    .split(/\s+/)
                    .map((part) => part.replace(/^"(.*)"$/, "$1"));
                if (name !== undefined && name !== "" && !name.startsWith("#")) {
                    directives.set(name.toLowerCase(), args);
                }
            }
        });
    }
    for (const [index, word] of words.entries()) {
        if (word.startsWith("--")) {
            directives.set(word.slice(2).toLowerCase(), words.slice(index + 1, index + 2));
        }
    }
    return directives;
}

function isReplica(view: PlanView, workload: Workload): boolean {
    return workload.containers.some((container) =>
        [...view.filesOf(workload, container).values()].some(
            (file) => examine(file, (text) => replicationSource(text) !== undefined) === true,
        ),
    );
}

function isKept({ pod, spec }: Workload, { volumeMounts = [] }: Container, path: string): boolean {
    const mount = volumeMounts.find(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`));
    const claimed = (spec.volumeClaimTemplates ?? []).some(({ metadata }) => metadata?.name === mount?.name);
    const volume = (pod.volumes ?? []).find(({ name }) => name === mount?.name);
    return mount !== undefined && (claimed || volume?.persistentVolumeClaim !== undefined);
}

/** The workloads of this plan that the URLs in a value lead to. */
function serversIn(view: PlanView, { namespace }: Workload, value: Value | undefined): readonly Workload[] {
    return addressesIn(value).flatMap(({ host }) => view.serviceAt(host, namespace)?.workloads ?? []);
}

/** The largest first, as many as there is room for in what a rule shows of what it found. */
function usersOf({ users }: Pick<Budget, "users">): string {
    const words = users.map(({ name, arithmetic, connections }) =>
        arithmetic === "" ? `${name} ${connections}` : `${name} ${arithmetic} = ${connections}`,
    );
    const room = 100;
    const shown = words.filter((_, index) => index === 0 || words.slice(0, index + 1).join(", ").length <= room);
    const rest = users.slice(shown.length).reduce((sum, { connections }) => sum + connections, 0);
    return [...shown, ...(rest > 0 ? [`others ${rest}`] : [])].join(", ");
}
