// Pods: who serves, who works, who keeps data, what a release runs.
import { numberOf, textOf } from "../../../policy/kubernetes.ts";
import { replicationSource } from "../../../policy/needs.ts";
import { connects, containerPort } from "../../../policy/network-view.ts";
import {
    commandLine,
    componentLabel,
    examine,
    metadataOf,
    objectName,
    podsOf,
    type PlacedContainer,
    type PlanView,
    type Role,
    type Service,
    type Workload,
} from "../../../policy/plan-view.ts";
import { componentName, textAt } from "./part.ts";
import { reachesOutside, type OutsideStore } from "./stores.ts";

export interface Node {
    readonly name: string;
    /** The component that it belongs to: of a Django process its app. */
    readonly app: string;
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
    /** Whose release it is a step of: those of several apps run side by side. */
    readonly app: string;
    readonly command: string;
    readonly seconds: number | undefined;
    readonly writes: readonly string[];
}

/** A Job or CronJob that is no step of a release: it makes a database or sweeps one, or is an app's command at certain times. */
export interface Task {
    readonly name: string;
    readonly role: Role;
    readonly kind: string;
    readonly image: string;
    /** When a CronJob runs. */
    readonly schedule: string | undefined;
    /** By whose clock. @default the control plane's */
    readonly timeZone: string | undefined;
    readonly cpu: string | undefined;
    readonly memory: string | undefined;
    readonly command: string;
}

export interface SharedVolume {
    readonly name: string;
    readonly size: string;
    readonly component: string;
    readonly writtenBy: readonly string[];
    readonly readBy: readonly string[];
    /** Whether what serves and works writes it, and not a release alone. */
    readonly givenTo: "processes" | "releases";
    readonly protected: boolean;
}

const order: readonly Role[] = [
    "web",
    "worker",
    "beat",
    "scheduled",
    "shell",
    "app",
    "pooler",
    "database",
    "cache",
    "broker",
    "other",
];
const stores: ReadonlySet<Role> = new Set(["pooler", "database", "cache", "broker", "other"]);

export function isStore({ role }: { readonly role: Role }): boolean {
    return stores.has(role);
}

const isTask = ({ kind }: Workload): boolean => kind === "Job" || kind === "CronJob";

export function nodesOf(view: PlanView, outside: readonly OutsideStore[]): Node[] {
    return view.workloads
        .filter((workload) => workload.role !== "release" && !isTask(workload))
        .map((workload) => nodeOf(view, workload, outside))
        .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

function rank({ role, copies }: Node): number {
    return order.indexOf(role) * 2 + (copies === undefined ? 0 : 1);
}

function nodeOf(view: PlanView, workload: Workload, outside: readonly OutsideStore[]): Node {
    const { resource, kind, name, role, spec, containers } = workload;
    const main = containers.find(({ init }) => !init) ?? containers[0];
    const copies = copiedBy(view, workload);
    const requests = main?.resources?.requests;
    return {
        name,
        app: componentName(resource),
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
        reaches: reachedBy(view, workload, outside),
        command: main === undefined ? "" : wordsOf(main).join(" "),
        protected: resource.protect,
    };
}

function quantity(value: unknown): string | undefined {
    return typeof value === "number" ? String(value) : textOf(value);
}

/** The stores whose policies and whose client's let a connection through, at a port of their Service. */
function reachedBy(view: PlanView, from: Workload, outside: readonly OutsideStore[]): string[] {
    const inside = view.workloads.filter(
        (to) =>
            to !== from &&
            isStore(to) &&
            !isTask(to) &&
            portsOf(view, to).some((number) => connects(view, from, to, { protocol: "TCP", number })),
    );
    // A store reaches none outside: a policy that opens its port to all would say otherwise, and be wrong for another reason.
    const beyond =
        isStore(from) && from.role !== "pooler" ? [] : outside.filter((store) => reachesOutside(view, from, store));
    return [...beyond.map(({ name }) => name), ...inside.map(({ name }) => name)];
}

function portsOf(view: PlanView, workload: Workload): number[] {
    return view.services
        .filter(({ workloads }) => workloads.includes(workload))
        .flatMap(({ spec }) => spec.ports ?? [])
        .flatMap(
            ({ targetPort, port }) =>
                numberOf(targetPort ?? port) ?? containerPort(workload.containers, String(targetPort)) ?? [],
        );
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

/** The release's jobs, app by app, in the order in which they run. */
export function stepsOf(view: PlanView): Step[] {
    const jobs = view.withRole("release");
    // What every process writes, a step writes too and is not known by.
    const common = new Set(view.workloads.filter(serves).flatMap((workload) => claimsOf(workload, "written")));
    const isBefore = (a: Workload, b: Workload): boolean => view.before(b.resource.urn).has(a.resource.urn);
    return [...Map.groupBy(jobs, ({ resource }) => componentName(resource))]
        .toSorted(([a], [b]) => a.localeCompare(b))
        .flatMap(([, ofApp]) => ofApp.toSorted((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0)))
        .map((job) => ({
            name: job.containers[0]?.name ?? job.name,
            app: componentName(job.resource),
            command: job.containers[0] === undefined ? "" : (wordsOf(job.containers[0]).join(" ").split("\n")[0] ?? ""),
            seconds: numberOf(job.spec.activeDeadlineSeconds),
            writes: claimsOf(job, "written").filter((claim) => !common.has(claim)),
        }));
}

function serves({ role }: Workload): boolean {
    return role !== "release";
}

export function tasksOf(view: PlanView): Task[] {
    return view.workloads
        .filter((workload) => workload.role !== "release" && isTask(workload))
        .map(({ resource, name, role, kind, containers }) => ({
            name,
            role:
                role === "other" && containers.some(({ image }) => /postgres/.test(textOf(image) ?? ""))
                    ? "database"
                    : role,
            kind,
            image: textOf(containers[0]?.image) ?? "",
            schedule: textAt(resource, "spec.schedule"),
            timeZone: textAt(resource, "spec.timeZone"),
            cpu: quantity(containers[0]?.resources?.requests?.["cpu"]),
            memory: quantity(containers[0]?.resources?.limits?.["memory"]),
            command: containers[0] === undefined ? "" : wordsOf(containers[0]).join(" "),
        }));
}

export function sharedVolumes(view: PlanView): SharedVolume[] {
    return view.ofType("kubernetes:core/v1:PersistentVolumeClaim").map((claim) => {
        const metadata = metadataOf(claim);
        const name = objectName(claim) ?? claim.name;
        const spec = claim.props["spec"] as
            { readonly resources?: { readonly requests?: { readonly storage?: string } } } | undefined;
        const using = (how: "read" | "written"): string[] =>
            view.workloads
                .filter((workload) => claimsOf(workload, how).includes(name))
                .map((workload) =>
                    workload.role === "release" ? (workload.containers[0]?.name ?? workload.name) : workload.name,
                );
        return {
            name,
            size: spec?.resources?.requests?.storage ?? "",
            component: metadata.labels?.[componentLabel] ?? "",
            writtenBy: using("written"),
            readBy: using("read"),
            givenTo: view.workloads.some((one) => serves(one) && claimsOf(one, "written").includes(name))
                ? "processes"
                : "releases",
            protected: claim.protect,
        };
    });
}

function claimsOf({ pod, containers }: Workload, how: "read" | "written"): string[] {
    return (pod.volumes ?? []).flatMap(({ name, persistentVolumeClaim }) => {
        const mounts = containers.flatMap(({ volumeMounts = [] }) =>
            volumeMounts.filter((mount) => mount.name === name),
        );
        const writes = mounts.some(({ readOnly }) => readOnly !== true);
        const fits = mounts.length > 0 && (how === "written") === writes;
        return fits && persistentVolumeClaim?.claimName !== undefined ? [persistentVolumeClaim.claimName] : [];
    });
}

/** Configuration files that are mounted whole, by path. */
export function mountedFiles(view: PlanView): string[] {
    const paths = view
        .withRole("web", "worker", "beat", "scheduled", "shell", "app")
        .flatMap(({ containers }) => containers.flatMap(({ volumeMounts = [] }) => volumeMounts))
        .flatMap(({ mountPath, subPath }) => (subPath === undefined ? [] : [mountPath]));
    return [...new Set(paths)];
}

/** A container's own command, without the wait for the network before it (components/django/new-pod.ts). */
function wordsOf(container: PlacedContainer): readonly string[] {
    const words = commandLine(container);
    const [python, isolated, plain, flag, , host, port, ...command] = words;
    const waits = [python, isolated, plain, flag].join(" ") === "python -I -S -c";
    return waits && host?.endsWith("DB_HOST") === true && port?.endsWith("DB_PORT") === true ? command : words;
}
