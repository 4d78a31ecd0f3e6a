// From a plan to what a person pictures: who serves, who works, where the data is, who reaches whom, what a release does.
import type { Labels } from "../../policy/kubernetes.ts";
import { numberOf, selectsAll, textOf } from "../../policy/kubernetes.ts";
import { connects, containerPort, networkPolicies, rulesIn, rulesOf, type NetworkRule } from "../../policy/network-view.ts";
import { replicationSource } from "../../policy/needs.ts";
import {
    commandLine,
    componentLabel,
    examine,
    metadataOf,
    objectName,
    podsOf,
    viewOf,
    type PlanView,
    type Role,
    type Service,
    type Workload,
} from "../../policy/plan-view.ts";
import type { Plan, PlannedResource } from "./plan.ts";

export interface Node {
    readonly name: string;
    readonly role: Role;
    /** Of a store that copies another, the other's name. */
    readonly copies?: string;
    readonly kind: string;
    readonly pods: { readonly min: number; readonly max: number };
    readonly image: string;
    readonly cpu: string | undefined;
    readonly memory: string | undefined;
    readonly ports: ReadonlyArray<{ readonly name?: string; readonly containerPort?: number }>;
    /** Volumes that outlive the pods. */
    readonly volumes: ReadonlyArray<{ readonly name: string; readonly size: string }>;
    /** Names of stores that its pods may connect to, by all policies together. */
    readonly reaches: readonly string[];
    readonly command: string;
    readonly protected: boolean;
}

export interface Step {
    readonly name: string;
    readonly command: string;
    readonly seconds: number | undefined;
    readonly writes: readonly string[];
}

export interface Entry {
    readonly name: string;
    readonly url: string | undefined;
    readonly hosts: readonly string[];
    readonly className: string;
    readonly listeners: ReadonlyArray<{ readonly protocol: string; readonly port: number }>;
    readonly issuer: string | undefined;
    readonly redirects: boolean;
    /** Names of the workloads behind the route. */
    readonly targets: readonly string[];
}

export interface SharedVolume {
    readonly name: string;
    readonly size: string;
    readonly component: string;
    readonly writtenBy: readonly string[];
    readonly readBy: readonly string[];
}

export interface Topology {
    readonly project: string;
    readonly stack: string;
    readonly kind: string | undefined;
    readonly resources: number;
    readonly kinds: number;
    readonly namespace: {
        readonly name: string;
        readonly podSecurity: string | undefined;
        /** Whether all traffic is refused that no policy opens. */
        readonly refuses: boolean;
        readonly protected: boolean;
    };
    readonly entry: Entry | undefined;
    /** In words, who may call the web's pods. */
    readonly callers: readonly string[];
    readonly nodes: readonly Node[];
    readonly steps: readonly Step[];
    readonly volumes: readonly SharedVolume[];
    /** In words, what pods may reach outside besides DNS. */
    readonly outside: readonly string[];
    readonly counts: {
        readonly policies: number;
        readonly configMaps: number;
        readonly secrets: number;
        readonly passwords: number;
        readonly accounts: number;
    };
    /** Configuration files that are mounted whole, by path. */
    readonly files: readonly string[];
}

const order: readonly Role[] = ["web", "worker", "beat", "shell", "app", "database", "cache", "broker", "other"];
const stores: ReadonlySet<Role> = new Set(["database", "cache", "broker", "other"]);

export function topologyOf(plan: Plan): Topology {
    const view = viewOf(plan);
    const running = view.workloads.filter(({ role }) => role !== "release");
    const nodes = running
        .map((workload) => nodeOf(view, workload))
        .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
    const count = (type: string): number => view.ofType(`kubernetes:core/v1:${type}`).length;
    return {
        project: plan.project,
        stack: plan.stack,
        kind: view.environmentKind,
        resources: plan.resources.filter(({ custom }) => custom).length,
        kinds: new Set(plan.resources.filter(({ custom }) => custom).map(({ type }) => type)).size,
        namespace: namespaceOf(view),
        entry: entryOf(view, plan),
        callers: callersOf(view),
        nodes,
        steps: stepsOf(view),
        volumes: sharedVolumes(view),
        outside: outsideOf(view),
        counts: {
            policies: networkPolicies(view).length,
            configMaps: count("ConfigMap"),
            secrets: count("Secret"),
            passwords: plan.resources.filter(({ type }) => type.startsWith("random:")).length,
            accounts: count("ServiceAccount"),
        },
        files: mountedFiles(view),
    };
}

function rank({ role, copies }: Node): number {
    return order.indexOf(role) * 2 + (copies === undefined ? 0 : 1);
}

function nodeOf(view: PlanView, workload: Workload): Node {
    const { resource, kind, name, role, spec, containers } = workload;
    const main = containers.find(({ init }) => !init) ?? containers[0];
    const copies = copiedBy(view, workload);
    const requests = main?.resources?.requests;
    return {
        name,
        role,
        ...(copies !== undefined && { copies }),
        kind,
        pods: podsOf(view, workload),
        image: textOf(main?.image) ?? "",
        cpu: quantity(requests?.["cpu"]),
        memory: quantity(main?.resources?.limits?.["memory"] ?? requests?.["memory"]),
        ports: main?.ports ?? [],
        volumes: (spec.volumeClaimTemplates ?? []).map(({ metadata, spec: claim }) => ({
            name: metadata?.name ?? "data",
            size: claim?.resources?.requests?.storage ?? "",
        })),
        reaches: reachedBy(view, workload),
        command: main === undefined ? "" : commandLine(main).join(" "),
        protected: resource.protect,
    };
}

function quantity(value: unknown): string | undefined {
    return typeof value === "number" ? String(value) : textOf(value);
}

/** The stores whose policies and whose client's let a connection through, at a port of their Service. */
function reachedBy(view: PlanView, from: Workload): string[] {
    const reached = view.workloads.filter((to) => to !== from && stores.has(to.role) && portsOf(view, to).some(
        (number) => connects(view, from, to, { protocol: "TCP", number }),
    ));
    return reached.map(({ name }) => name);
}

function portsOf(view: PlanView, workload: Workload): number[] {
    return view.services
        .filter(({ workloads }) => workloads.includes(workload))
        .flatMap(({ spec }) => spec.ports ?? [])
        .flatMap(({ targetPort, port }) => numberOf(targetPort ?? port) ?? containerPort(workload.containers, String(targetPort)) ?? []);
}

function copiedBy(view: PlanView, workload: Workload): string | undefined {
    for (const container of workload.containers) {
        for (const file of view.filesOf(workload, container).values()) {
            const source = examine(file, replicationSource);
            const service: Service | undefined = source && view.serviceAt(source.host, workload.namespace);
            if (service !== undefined) {
                return service.workloads[0]?.name;
            }
        }
    }
    return undefined;
}

function namespaceOf(view: PlanView): Topology["namespace"] {
    const resource = view.ofType("kubernetes:core/v1:Namespace")[0];
    const metadata = resource === undefined ? {} : metadataOf(resource);
    const labels: Labels = metadata.labels ?? {};
    const refuses = networkPolicies(view).some(
        (policy) =>
            policy.types.length === 2 &&
            selectsAll(policy.spec.podSelector ?? {}) &&
            policy.types.every((direction) => rulesIn(policy, direction).length === 0),
    );
    return {
        name: textOf(metadata.name) ?? "",
        podSecurity: labels["pod-security.kubernetes.io/enforce"],
        refuses,
        protected: resource?.protect ?? false,
    };
}

interface GatewaySpec {
    readonly gatewayClassName?: string;
    readonly listeners?: ReadonlyArray<{ readonly name: string; readonly protocol: string; readonly port: number }>;
}

interface RouteSpec {
    readonly hostnames?: readonly string[];
    readonly rules?: ReadonlyArray<{
        readonly filters?: ReadonlyArray<{ readonly type: string }>;
        readonly backendRefs?: ReadonlyArray<{ readonly name: string }>;
    }>;
}

function entryOf(view: PlanView, plan: Plan): Entry | undefined {
    const gateway = view.resources.find(({ type }) => type.endsWith(":Gateway") && type.startsWith("kubernetes:"));
    if (gateway === undefined) {
        return undefined;
    }
    const spec = (gateway.props["spec"] ?? {}) as GatewaySpec;
    const routes = view.resources
        .filter(({ type }) => type.endsWith(":HTTPRoute"))
        .map(({ props }) => (props["spec"] ?? {}) as RouteSpec);
    const rules = routes.flatMap(({ rules: all = [] }) => all);
    const backends = new Set(rules.flatMap(({ backendRefs = [] }) => backendRefs.map(({ name }) => name)));
    const certificate = view.resources.find(({ type }) => type.endsWith(":Certificate"));
    const { issuerRef } = (certificate?.props["spec"] ?? {}) as { readonly issuerRef?: { readonly name?: string } };
    return {
        name: metadataOf(gateway).name ?? gateway.name,
        url: textOf((plan.outputs["app"] as { readonly url?: unknown } | undefined)?.url),
        hosts: [...new Set(routes.flatMap(({ hostnames = [] }) => hostnames))],
        className: spec.gatewayClassName ?? "",
        listeners: (spec.listeners ?? []).map(({ protocol, port }) => ({ protocol, port })),
        issuer: issuerRef?.name,
        redirects: rules.some(({ filters = [] }) => filters.some(({ type }) => type === "RequestRedirect")),
        targets: view.services
            .filter(({ name }) => name !== undefined && backends.has(name))
            .flatMap(({ workloads }) => workloads.map(({ name }) => name)),
    };
}

/** Peers of the web's ingress that are no pods of the plan. */
function callersOf(view: PlanView): string[] {
    const rules = view.withRole("web").flatMap((web) => rulesOf(view, web, "Ingress"));
    const words = rules.flatMap(({ peers }) =>
        peers.length === 0
            ? ["anyone"]
            : peers.map(({ namespaceSelector, ipBlock }) =>
                  ipBlock === undefined ? `namespace ${Object.values(namespaceSelector?.matchLabels ?? {}).join(", ")}` : ipBlock.cidr,
              ),
    );
    return [...new Set(words)];
}

/** Addresses beyond the cluster that some policy opens. */
function outsideOf(view: PlanView): string[] {
    const rules: NetworkRule[] = networkPolicies(view).flatMap((policy) => rulesIn(policy, "Egress"));
    const words = rules.flatMap(({ peers, ports }) => {
        const where = ports.map(({ port }) => port).join(", ");
        return peers.flatMap(({ ipBlock }) => {
            if (ipBlock === undefined) {
                return [];
            }
            const isPublic = ipBlock.cidr === "0.0.0.0/0" && (ipBlock.except ?? []).length > 0;
            return [`${isPublic ? "public addresses" : ipBlock.cidr}, port ${where}`];
        });
    });
    return [...new Set(words)];
}

/** The release's jobs in the order in which they run. */
function stepsOf(view: PlanView): Step[] {
    const jobs = view.withRole("release");
    const isBefore = (a: Workload, b: Workload): boolean => view.before(b.resource.urn).has(a.resource.urn);
    return jobs
        .toSorted((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0))
        .map((job) => ({
            name: job.containers[0]?.name ?? job.name,
            command: job.containers[0] === undefined ? "" : (commandLine(job.containers[0]).join(" ").split("\n")[0] ?? ""),
            seconds: numberOf(job.spec.activeDeadlineSeconds),
            writes: claimsOf(job, "written"),
        }));
}

function sharedVolumes(view: PlanView): SharedVolume[] {
    return view.ofType("kubernetes:core/v1:PersistentVolumeClaim").map((claim) => {
        const metadata = metadataOf(claim);
        const name = objectName(claim) ?? claim.name;
        const spec = (claim as PlannedResource).props["spec"] as
            | { readonly resources?: { readonly requests?: { readonly storage?: string } } }
            | undefined;
        const using = (how: "read" | "written"): string[] =>
            view.workloads
                .filter((workload) => claimsOf(workload, how).includes(name))
                .map((workload) => (workload.role === "release" ? (workload.containers[0]?.name ?? workload.name) : workload.name));
        return {
            name,
            size: spec?.resources?.requests?.storage ?? "",
            component: metadata.labels?.[componentLabel] ?? "",
            writtenBy: using("written"),
            readBy: using("read"),
        };
    });
}

function claimsOf({ pod, containers }: Workload, how: "read" | "written"): string[] {
    return (pod.volumes ?? []).flatMap(({ name, persistentVolumeClaim }) => {
        const mounts = containers.flatMap(({ volumeMounts = [] }) => volumeMounts.filter((mount) => mount.name === name));
        const writes = mounts.some(({ readOnly }) => readOnly !== true);
        const fits = mounts.length > 0 && (how === "written") === writes;
        return fits && persistentVolumeClaim?.claimName !== undefined ? [persistentVolumeClaim.claimName] : [];
    });
}

function mountedFiles(view: PlanView): string[] {
    const paths = view
        .withRole("web", "worker", "beat", "shell", "app")
        .flatMap(({ containers }) => containers.flatMap(({ volumeMounts = [] }) => volumeMounts))
        .flatMap(({ mountPath, subPath }) => (subPath === undefined ? [] : [mountPath]));
    return [...new Set(paths)];
}

export function isStore({ role }: Node): boolean {
    return stores.has(role);
}
