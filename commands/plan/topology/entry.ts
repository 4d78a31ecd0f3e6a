// The way in: a Gateway of one's own or another environment's, its names, and who may call the web's pods.
import { textOf } from "../../../policy/kubernetes.ts";
import { rulesOf } from "../../../policy/network-view.ts";
import { isWayIn } from "../../../policy/ways-in.ts";
import { metadataOf, type PlanView, type Workload } from "../../../policy/plan-view.ts";
import type { Plan } from "../plan.ts";
import { guardsOf } from "./guards.ts";
import { componentName, ranges, textAt, textsAt } from "./part.ts";

export interface Entry {
    readonly name: string;
    readonly url: string | undefined;
    readonly hosts: readonly string[];
    /** Whose requests those are, the main app first. */
    readonly apps: ReadonlyArray<{ readonly name: string; readonly hosts: readonly string[] }>;
    /** Whether HTTPS is asked for and nothing of the plan makes a certificate for it: the cloud has to have one. */
    readonly lacksCertificate: boolean;
    /** What it is: a Gateway, a load balancer for each app, or ports of the nodes. */
    readonly kind: "gateway" | "load-balancers" | "node-ports";
    readonly className: string;
    /** What the class makes in the cloud, where that is known. */
    readonly balancer?: string;
    readonly listeners: ReadonlyArray<{ readonly protocol: string; readonly port: number }>;
    readonly issuer: string | undefined;
    /** The Secret with a certificate that nothing here issues. */
    readonly certificate?: string;
    readonly redirects: boolean;
    /** Names of the workloads behind the route. */
    readonly targets: readonly string[];
    /** The namespace of the environment that lends the Gateway. */
    readonly lentBy?: string;
    /** Who may connect, a firewall, where requests are written down; of a Gateway. */
    readonly guards?: readonly string[];
}

interface GatewaySpec {
    readonly gatewayClassName?: string;
    readonly listeners?: ReadonlyArray<{
        readonly name: string;
        readonly protocol: string;
        readonly port: number;
        readonly tls?: { readonly certificateRefs?: ReadonlyArray<{ readonly name?: unknown }> };
    }>;
}

interface RouteSpec {
    readonly hostnames?: readonly string[];
    readonly parentRefs?: ReadonlyArray<{ readonly name?: string; readonly namespace?: string }>;
    readonly rules?: ReadonlyArray<{
        readonly filters?: ReadonlyArray<{ readonly type: string }>;
        readonly backendRefs?: ReadonlyArray<{ readonly name: string }>;
    }>;
}

const balancers: Readonly<Record<string, string>> = {
    "gke-l7-global-external-managed": "Application Load Balancer",
    "gke-l7-regional-external-managed": "Application Load Balancer",
    "aws-alb": "Application Load Balancer",
};

export function entryOf(view: PlanView, plan: Plan): Entry | undefined {
    const gateway = view.resources.find(({ type }) => type.endsWith(":Gateway") && type.startsWith("kubernetes:"));
    const routes = view.resources
        .filter(({ type }) => type.endsWith(":HTTPRoute"))
        .map(({ props }) => (props["spec"] ?? {}) as RouteSpec);
    const parent = routes.flatMap(({ parentRefs = [] }) => parentRefs)[0];
    if (gateway === undefined && parent === undefined) {
        return servicesEntry(view, plan);
    }
    const spec = (gateway?.props["spec"] ?? {}) as GatewaySpec;
    const className = textOf(spec.gatewayClassName) ?? "";
    const rules = routes.flatMap(({ rules: all = [] }) => all);
    const backends = new Set(rules.flatMap(({ backendRefs = [] }) => backendRefs.map(({ name }) => name)));
    const certificate = view.resources.find(({ type }) => type === "kubernetes:cert-manager.io/v1:Certificate");
    const { issuerRef } = (certificate?.props["spec"] ?? {}) as { readonly issuerRef?: { readonly name?: string } };
    const listeners = (spec.listeners ?? []).map(({ protocol, port }) => ({ protocol, port }));
    const listensTo = (protocol: string): boolean => listeners.some((listener) => listener.protocol === protocol);
    const balancer = balancers[className] ?? (onDigitalOcean(view) ? "DigitalOcean Load Balancer" : undefined);
    const url = urlOf(plan);
    const hosts = hostsOf(routes, url);
    return {
        kind: "gateway",
        name: gateway === undefined ? (textOf(parent?.name) ?? "gateway") : (metadataOf(gateway).name ?? gateway.name),
        url,
        hosts,
        apps: appsOf(view, routes, hosts),
        lacksCertificate:
            className === "aws-alb" && listensTo("HTTPS") && !hosts.some((host) => isCertified(view, host)),
        className,
        ...(balancer !== undefined && { balancer }),
        listeners: listeners.filter(
            ({ protocol, port }, index) =>
                listeners.findIndex((other) => other.protocol === protocol && other.port === port) === index,
        ),
        issuer: issuerRef?.name,
        ...ownCertificate(spec, issuerRef?.name),
        redirects: rules.some(({ filters = [] }) => filters.some(({ type }) => type === "RequestRedirect")),
        targets: view.services
            .filter(({ name }) => name !== undefined && backends.has(name))
            .flatMap(({ workloads }) => workloads.map(({ name }) => name)),
        ...(gateway === undefined && { lentBy: textOf(parent?.namespace) ?? "another environment" }),
        ...guards(view),
    };
}

function guards(view: PlanView): Pick<Entry, "guards"> {
    const all = guardsOf(view);
    return all.length === 0 ? {} : { guards: all };
}

/** A Secret that the listener names and no Certificate of the plan makes. */
function ownCertificate({ listeners = [] }: GatewaySpec, issuer: string | undefined): Pick<Entry, "certificate"> {
    const secret = listeners.flatMap(({ tls }) => tls?.certificateRefs ?? [])[0]?.name;
    return issuer !== undefined || secret === undefined ? {} : { certificate: textOf(secret) ?? "a Secret" };
}

/** Services that the settings named as the way in. */
function servicesEntry(view: PlanView, plan: Plan): Entry | undefined {
    const services = view.services.filter(({ resource }) => isWayIn(resource));
    const [first] = services;
    if (first === undefined) {
        return undefined;
    }
    const isBalanced = first.spec.type === "LoadBalancer";
    const url = urlOf(plan);
    const main = url === undefined ? undefined : new URL(url).hostname;
    const apps = services
        .flatMap(({ workloads }) => workloads)
        .map((web) => ({ name: componentName(web.resource), hosts: answeredBy(view, web) }))
        .toSorted((a, b) => Number(b.hosts[0] === main) - Number(a.hosts[0] === main));
    return {
        kind: isBalanced ? "load-balancers" : "node-ports",
        name: first.name ?? first.resource.name,
        url,
        hosts: apps.flatMap(({ hosts }) => hosts),
        apps,
        lacksCertificate: false,
        className: "",
        listeners: services.flatMap(({ spec: { ports = [] } }) =>
            ports.map(({ port, nodePort }) => ({ protocol: "HTTP", port: (isBalanced ? port : nodePort) ?? 0 })),
        ),
        issuer: undefined,
        redirects: false,
        targets: services.flatMap(({ workloads }) => workloads.map(({ name }) => name)),
    };
}

/** The host names that pods are told to answer to; none while nothing is known of it. */
function answeredBy(view: PlanView, web: Workload): readonly string[] {
    const told = web.containers.flatMap((container) => [...view.environmentOf(web, container)]);
    const hosts = told.find(([name]) => name.endsWith("_ALLOWED_HOSTS"))?.[1];
    // Beside the names, a pod's own address may be one.
    return typeof hosts === "string" ? hosts.split(",").filter((host) => !host.includes("$(")) : [];
}

function onDigitalOcean(view: PlanView): boolean {
    return view.ofType("digitalocean:index/kubernetesCluster:KubernetesCluster").length > 0;
}

/** The main app's host first. */
function hostsOf(routes: readonly RouteSpec[], url: string | undefined): readonly string[] {
    const hosts = [...new Set(routes.flatMap(({ hostnames = [] }) => hostnames))];
    const main = url?.replace(/^https?:\/\//, "").replace(/[:/].*$/, "");
    return hosts.toSorted((a, b) => Number(b === main) - Number(a === main));
}

/** A route leads to a Service of the app whose component its pods belong to. */
function appsOf(view: PlanView, routes: readonly RouteSpec[], hosts: readonly string[]): Entry["apps"] {
    const found = new Map<string, Set<string>>();
    for (const { hostnames = [], rules = [] } of routes) {
        const backends = new Set(rules.flatMap(({ backendRefs = [] }) => backendRefs.map(({ name }) => name)));
        for (const { workloads } of view.services.filter(({ name }) => name !== undefined && backends.has(name))) {
            for (const { resource } of workloads) {
                const app = componentName(resource);
                found.set(app, new Set([...(found.get(app) ?? []), ...hostnames]));
            }
        }
    }
    return [...found]
        .map(([name, names]) => ({ name, hosts: hosts.filter((host) => names.has(host)) }))
        .toSorted((a, b) => hosts.indexOf(a.hosts[0] ?? "") - hosts.indexOf(b.hosts[0] ?? ""));
}

function isCertified(view: PlanView, host: string): boolean {
    return view
        .ofType("aws:acm/certificate:Certificate")
        .some((certificate) =>
            [textAt(certificate, "domainName"), ...textsAt(certificate, "subjectAlternativeNames")].includes(host),
        );
}

function urlOf({ outputs }: Plan): string | undefined {
    const { apps, mainApp } = outputs as {
        readonly apps?: Readonly<Record<string, { readonly url?: unknown } | undefined>>;
        readonly mainApp?: unknown;
    };
    return textOf(apps?.[textOf(mainApp) ?? ""]?.url);
}

/** Peers of the web's ingress that are no pods of the plan. */
export function callersOf(view: PlanView): string[] {
    const rules = view.withRole("web").flatMap((web) => rulesOf(view, web, "Ingress"));
    const words = rules.flatMap(({ peers }) => {
        const cidrs = peers.flatMap(({ ipBlock }) => (ipBlock === undefined ? [] : [ipBlock.cidr]));
        const namespaces = peers.flatMap(({ ipBlock, namespaceSelector }) =>
            ipBlock === undefined
                ? [`namespace ${Object.values(namespaceSelector?.matchLabels ?? {}).join(", ")}`]
                : [],
        );
        return peers.length === 0 ? ["anyone"] : [...namespaces, ...(cidrs.length > 0 ? [ranges(cidrs)] : [])];
    });
    return [...new Set(words)];
}
