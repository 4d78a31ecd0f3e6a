// Whom a pod has to reach, read from what it is told: a connection URL in its environment is a need, whatever its labels say.
import { examine, reachesPrefix, type PlanView, type Service, type Value, type Workload } from "./plan-view.ts";
import { serversIn } from "../lib/urls.ts";
import { containerPort, type Port } from "./network-view.ts";
import { numberOf } from "./kubernetes.ts";

export interface Need {
    readonly from: Workload;
    readonly to: Workload;
    readonly service: Service;
    /** The port of the pods behind the Service. */
    readonly port: Port;
    /** What tells so: a variable, a file or a label. */
    readonly because: string;
}

interface Address {
    readonly host: string;
    readonly port: number;
}

/** Where a URL without a port leads. */
const defaultPorts: Readonly<Record<string, number>> = {
    postgres: 5432,
    postgresql: 5432,
    redis: 6379,
    amqp: 5672,
    rediss: 6379,
    amqps: 5671,
    http: 80,
    https: 443,
};

/** Every server of this plan that its pods have to reach. */
export function needsOf(view: PlanView): readonly Need[] {
    return view.workloads.flatMap((from) => {
        const needs = new Map<string, Need>();
        const add = (service: Service | undefined, port: number | undefined, because: string): void => {
            for (const need of toService(from, service, port, because)) {
                const key = `${need.to.resource.urn} ${need.port.number}`;
                if (!needs.has(key) && need.to !== from) {
                    needs.set(key, need);
                }
            }
        };
        for (const { address, because } of addressesOf(view, from)) {
            add(view.serviceAt(address.host, from.namespace), address.port, because);
        }
        // In a preview the URLs are unknown, and the labels are all there is.
        for (const [label, value] of Object.entries(from.podLabels)) {
            if (label.startsWith(reachesPrefix) && value === "true") {
                const store = label.slice(reachesPrefix.length);
                for (const service of view.services) {
                    if (
                        service.namespace === from.namespace &&
                        (service.name === store || service.name === `${store}-replica`)
                    ) {
                        add(service, undefined, `label ${label}`);
                    }
                }
            }
        }
        return [...needs.values()];
    });
}

export interface OutsideNeed {
    readonly from: Workload;
    /** The Service by which the pods know the server, or the server's own name. */
    readonly what: string;
    /** Of the server. */
    readonly port: number;
    readonly because: string;
}

/** Every server beyond the plan's pods that they are told to reach: by a Service without pods, and buckets by their address. */
export function outsideNeeds(view: PlanView): readonly OutsideNeed[] {
    return view.workloads.flatMap((from) => {
        const needs = new Map<string, OutsideNeed>();
        for (const { address, because } of addressesOf(view, from)) {
            const service = view.serviceAt(address.host, from.namespace);
            if (service !== undefined && service.spec.selector === undefined) {
                const entry = service.spec.ports?.find(({ port }) => port === address.port);
                const port = numberOf(entry?.targetPort) ?? address.port;
                needs.set(`${service.name} ${port}`, { from, what: service.name ?? address.host, port, because });
            } else if (service === undefined && because.endsWith("STORAGE_ENDPOINT")) {
                needs.set(`${address.host} ${address.port}`, { from, what: "buckets", port: address.port, because });
            }
        }
        return [...needs.values()];
    });
}

function* toService(
    from: Workload,
    service: Service | undefined,
    port: number | undefined,
    because: string,
): Generator<Need> {
    for (const entry of service?.spec.ports ?? []) {
        if (port !== undefined && entry.port !== port) {
            continue;
        }
        for (const to of service!.workloads) {
            const target = entry.targetPort ?? entry.port;
            const number = numberOf(target) ?? containerPort(to.containers, String(target));
            if (number !== undefined) {
                const protocol = entry.protocol === "UDP" ? "UDP" : "TCP";
                yield { from, to, service: service!, port: { protocol, number }, because };
            }
        }
    }
}

/** The servers that a workload's containers are told of. */
export function* addressesOf(
    view: PlanView,
    workload: Workload,
): Generator<{ readonly address: Address; readonly because: string }> {
    for (const container of workload.containers) {
        const environment = view.environmentOf(workload, container);
        for (const [name, value] of environment) {
            for (const address of addressesIn(value)) {
                yield { address, because: name };
            }
            // Memcached's servers, which have no scheme.
            if (name.endsWith("CACHE_LOCATION")) {
                for (const address of examine(value, hostsAndPorts) ?? []) {
                    yield { address, because: name };
                }
            }
            if (name.endsWith("_HOST")) {
                const host = examine(value, (text) => text);
                const port = numberOf(examine(environment.get(name.replace(/HOST$/, "PORT")), (text) => text));
                if (host !== undefined && port !== undefined) {
                    yield { address: { host, port }, because: name };
                }
            }
        }
        for (const [path, value] of view.filesOf(workload, container)) {
            const primary = examine(value, replicationSource);
            if (primary !== undefined) {
                yield { address: primary, because: path };
            }
        }
    }
}

/** Of `host:port host:port`. */
function hostsAndPorts(text: string): Address[] {
    return text.split(" ").flatMap((word) => {
        const [, host, port] = /^([A-Za-z0-9.-]+):([0-9]+)$/.exec(word) ?? [];
        return host === undefined ? [] : [{ host, port: Number(port) }];
    });
}

/** The hosts and ports of all URLs in a value, in their order. */
export function addressesIn(value: Value | undefined): readonly Address[] {
    return (
        examine(value, (text) =>
            serversIn(text).flatMap(({ scheme, host, port = defaultPorts[scheme] }) =>
                port === undefined ? [] : [{ host, port }],
            ),
        ) ?? []
    );
}

/** The primary that a Redis configuration copies from. */
export function replicationSource(configuration: string): Address | undefined {
    const match = /^[ \t]*(?:replicaof|slaveof)[ \t]+"?([^"\s]+)"?[ \t]+"?([0-9]+)"?[ \t\r]*$/m.exec(configuration);
    return match === null ? undefined : { host: match[1]!, port: Number(match[2]) };
}
