// Servers outside the environment's namespace that it knows by a Service of its own: what a cloud runs, what another
// environment lends, what is somewhere else. Who may connect, NetworkPolicies say by port and address range.
import { numberOf, textOf } from "../../../policy/kubernetes.ts";
import { addressesOf } from "../../../policy/needs.ts";
import { allowsOutside, isIsolated, networkPolicies, rulesIn, rulesOf } from "../../../policy/network-view.ts";
import {
    componentLabel,
    metadataOf,
    reachesPrefix,
    type PlanView,
    type Service,
    type Workload,
} from "../../../policy/plan-view.ts";
import type { PolicyResource } from "../../../policy/resource.ts";
import { contains } from "./addresses.ts";
import type { Cloud } from "./clouds.ts";
import type { Part } from "./part.ts";

export interface OutsideStore {
    /** The Service's, which is what the app calls. */
    readonly name: string;
    /** More Services of the same server: of its replicas. */
    readonly aliases: readonly string[];
    readonly role: "database" | "cache" | "broker" | "other";
    readonly port: number | undefined;
    /** What a cloud of this stack runs. */
    readonly part?: Part;
    /** The namespace of the environment that lends it. */
    readonly lentBy?: string;
    /** Of one that is lent: whether its server is no pod of the cluster, by the policy that lets clients out. */
    readonly beyondCluster?: boolean;
    /** Whose server it is otherwise: an address, or what is not known yet. */
    readonly address?: string;
}

const endpointSlice = "kubernetes:discovery.k8s.io/v1:EndpointSlice";

export function outsideStores(view: PlanView, clouds: readonly Cloud[], namespace: string): OutsideStore[] {
    const parts = new Map(clouds.flatMap(({ parts: all }) => all.map((part) => [part.urn, part] as const)));
    const found = view.services
        .filter((service) => service.namespace === namespace && leadsOutside(service))
        .map((service) => outsideStore(view, service, parts));
    const stores: OutsideStore[] = [];
    // The first name of a server is the shortest: `cache` before `cache-replica`.
    for (const store of found.toSorted((a, b) => a.name.length - b.name.length || a.name.localeCompare(b.name))) {
        const same = stores.findIndex(({ part }) => part !== undefined && part === store.part);
        if (same === -1) {
            stores.push(store);
        } else {
            stores[same] = { ...stores[same]!, aliases: [...stores[same]!.aliases, store.name] };
        }
    }
    const roles = ["database", "cache", "broker", "other"];
    return stores.toSorted((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role) || a.name.localeCompare(b.name));
}

/** Without a selector, nothing in the cluster answers. */
function leadsOutside({ spec }: Service): boolean {
    return spec.type === "ExternalName" || Object.keys(spec.selector ?? {}).length === 0;
}

function outsideStore(view: PlanView, service: Service, parts: ReadonlyMap<string, Part>): OutsideStore {
    const { resource, spec } = service;
    const name = service.name ?? resource.name;
    const part = serverOf(view, service, parts);
    const component = metadataOf(resource).labels?.[componentLabel];
    const host = textOf(spec.externalName);
    const lender = host === undefined ? undefined : /^[^.]+\.([^.]+)\.svc(\.|$)/.exec(host)?.[1];
    return {
        name,
        aliases: [],
        role: component === "database" || component === "cache" || component === "broker" ? component : "other",
        port: portOf(view, service),
        ...(part !== undefined
            ? { part }
            : lender !== undefined
              ? { lentBy: lender, beyondCluster: opensAddresses(view, service) }
              : { address: host ?? addressOf(view, service) ?? "not known yet" }),
    };
}

function slicesOf(view: PlanView, { name, namespace }: Service): readonly PolicyResource[] {
    return view.ofType(endpointSlice).filter((slice) => {
        const metadata = metadataOf(slice);
        // In a preview the label may be unknown; a slice of ours has its Service's name.
        const of = textOf(metadata.labels?.["kubernetes.io/service-name"]) ?? textOf(metadata.name);
        return of === name && textOf(metadata.namespace) === namespace;
    });
}

/** What the Service's address, or that of its endpoints, is made from: a server, or something that belongs to one. */
function serverOf(view: PlanView, service: Service, parts: ReadonlyMap<string, Part>): Part | undefined {
    const made = [service.resource, ...slicesOf(view, service)].flatMap(({ dependencies }) => dependencies);
    const isServer = (urn: string): Part | undefined => {
        const part = parts.get(urn);
        return part?.role === "database" || part?.role === "cache" ? part : undefined;
    };
    const ofCloud = made.filter((urn) => view.get(urn)?.type.startsWith("kubernetes:") === false);
    // A pool of connections is not the server, but depends on it.
    const near = ofCloud.flatMap((urn) => [urn, ...(view.get(urn)?.dependencies ?? [])]);
    return near.map(isServer).find((part) => part !== undefined);
}

function addressOf(view: PlanView, service: Service): string | undefined {
    for (const slice of slicesOf(view, service)) {
        const endpoints = slice.props["endpoints"];
        const [endpoint] = Array.isArray(endpoints)
            ? (endpoints as ReadonlyArray<{ readonly addresses?: unknown }>)
            : [];
        const address = Array.isArray(endpoint?.addresses) ? textOf(endpoint.addresses[0]) : undefined;
        if (address !== undefined) {
            return address;
        }
    }
    return undefined;
}

/** Its own, else the one in the app's addresses, else what its clients' policy opens: an ExternalName has no ports. */
function portOf(view: PlanView, service: Service): number | undefined {
    const own = numberOf(service.spec.ports?.[0]?.port);
    if (own !== undefined) {
        return own;
    }
    for (const workload of view.workloads.filter(({ namespace }) => namespace === service.namespace)) {
        for (const { address } of addressesOf(view, workload)) {
            if (view.serviceAt(address.host, workload.namespace) === service) {
                return address.port;
            }
        }
    }
    const clients = `${reachesPrefix}${service.name ?? ""}`;
    return numberOf(rulesOfClients(view, service, clients)[0]?.ports[0]?.port);
}

/** Whether the way to it is open by addresses, and not by labels of pods. */
function opensAddresses(view: PlanView, service: Service): boolean {
    return rulesOfClients(view, service, `${reachesPrefix}${service.name ?? ""}`).some(({ peers }) =>
        peers.some(({ ipBlock }) => ipBlock !== undefined),
    );
}

function rulesOfClients(view: PlanView, service: Service, clients: string): ReturnType<typeof rulesIn> {
    return networkPolicies(view)
        .filter(
            ({ namespace, spec }) =>
                namespace === service.namespace && spec.podSelector?.matchLabels?.[clients] !== undefined,
        )
        .flatMap((policy) => rulesIn(policy, "Egress"));
}

/** Whether policies let a workload's pods connect to a server outside. */
export function reachesOutside(view: PlanView, from: Workload, store: OutsideStore): boolean {
    if (store.port === undefined || from.namespace === undefined) {
        return false;
    }
    const port = { protocol: "TCP", number: store.port } as const;
    if (!allowsOutside(view, from, "Egress", port)) {
        return false;
    }
    const service = view.services.find(({ name, namespace }) => name === store.name && namespace === from.namespace);
    const address = service === undefined ? undefined : addressOf(view, service);
    if (address === undefined || !isIsolated(view, from, "Egress")) {
        return true;
    }
    return rulesOf(view, from, "Egress").some(
        ({ peers, ports }) =>
            ports.some((open) => numberOf(open.port) === store.port) &&
            (peers.length === 0 ||
                peers.some(({ ipBlock }) => ipBlock !== undefined && contains(ipBlock.cidr, address))),
    );
}
