// What all pods of the environment reserve together, and what their volumes hold.
import { bytes, isByteQuantity, isCpuQuantity, millicores } from "../../lib/quantities.ts";
import { textOf, type Container } from "../../policy/kubernetes.ts";
import { isSleeper } from "../../policy/doorkeeper.ts";
import { metadataOf, podsOf, type PlanView, type Workload } from "../../policy/plan-view.ts";

export interface Reserved {
    readonly pods: number;
    /** Thousandths of a processor. */
    readonly millicores: number;
    /** Bytes. */
    readonly memory: number;
    /** Bytes of volumes. */
    readonly storage: number;
}

export interface Sums {
    /** When nobody comes: workloads at their fewest pods, no job. */
    readonly min: Reserved;
    /**
     * During a release under full load: workloads at their most, the pods that all rollouts have beside the old ones, of each app
     * its largest job, and every other job.
     */
    readonly max: Reserved;
    /** Of an environment that sleeps: what is left then. @default it never sleeps */
    readonly asleep?: Reserved;
}

/** @param namespace the environment's: add-ons are charts, whose pods a plan does not show */
export function sumsOf(view: PlanView, namespace: string): Sums {
    const workloads = view.workloads.filter((workload) => workload.namespace === namespace);
    const claims = view
        .ofType("kubernetes:core/v1:PersistentVolumeClaim")
        .filter((claim) => textOf(metadataOf(claim).namespace) === namespace)
        .reduce((sum, claim) => sum + storageOf(claim.props["spec"]), 0);
    const shared: Reserved = { pods: 0, millicores: 0, memory: 0, storage: claims };
    const [jobs, lasting] = [workloads.filter(isJob), workloads.filter((workload) => !isJob(workload))];
    const steps = [
        ...Map.groupBy(jobs, ({ resource, role }) => (role === "release" ? resource.parent : resource)).values(),
    ];
    const sleeps = ({ resource }: Workload): boolean => isSleeper(resource);
    const atRest = (workload: Workload): Reserved => {
        const { min } = podsOf(view, workload);
        const all = ofPods(workload, min);
        return sleeps(workload) ? { ...ofPods(workload, 0), storage: all.storage } : all;
    };
    return {
        ...(lasting.some(sleeps) && { asleep: lasting.map(atRest).reduce(plus, shared) }),
        min: lasting.map((workload) => ofPods(workload, podsOf(view, workload).min)).reduce(plus, shared),
        max: [
            ...lasting.map((workload) => {
                const { max } = podsOf(view, workload);
                return plus(ofPods(workload, max), withoutStorage(ofPods(workload, surgeOf(workload, max))));
            }),
            ...steps.map((alternatives) => alternatives.map((job) => ofPods(job, 1)).reduce(larger)),
        ].reduce(plus, shared),
    };
}

function isJob({ kind }: Workload): boolean {
    return kind === "Job" || kind === "CronJob";
}

function ofPods(workload: Workload, pods: number): Reserved {
    const { cpu, memory } = podRequests(workload);
    const each = (workload.spec.volumeClaimTemplates ?? []).reduce((sum, { spec }) => sum + storageOf(spec), 0);
    return { pods, millicores: pods * cpu, memory: pods * memory, storage: pods * each };
}

/**
 * As the scheduler counts: what runs together, or the largest of what runs before, with what stands beside it by then.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
function podRequests({ containers }: Workload): { readonly cpu: number; readonly memory: number } {
    const of = (name: "cpu" | "memory"): number => {
        let beside = 0;
        let most = 0;
        for (const container of containers.filter(({ init }) => init)) {
            most = Math.max(most, beside + request(container, name));
            beside += restarts(container) ? request(container, name) : 0;
        }
        const together = containers
            .filter(({ init }) => !init)
            .reduce((sum, each) => sum + request(each, name), beside);
        return Math.max(most, together);
    };
    return { cpu: of("cpu"), memory: of("memory") };
}

function restarts(container: Container): boolean {
    return (container as { readonly restartPolicy?: unknown }).restartPolicy === "Always";
}

/** Without a request, the limit is one. */
function request({ resources }: Container, name: "cpu" | "memory"): number {
    const value = resources?.requests?.[name] ?? resources?.limits?.[name];
    const text = typeof value === "number" ? String(value) : textOf(value);
    if (text === undefined) {
        return 0;
    }
    return name === "cpu" ? (isCpuQuantity(text) ? millicores(text) : 0) : isByteQuantity(text) ? bytes(text) : 0;
}

function storageOf(spec: unknown): number {
    const { resources } = (spec ?? {}) as {
        readonly resources?: { readonly requests?: { readonly storage?: unknown } };
    };
    const text = textOf(resources?.requests?.storage);
    return text !== undefined && isByteQuantity(text) ? bytes(text) : 0;
}

/** Pods that a rollout has beside the old ones: a quarter where a Deployment does not say. */
function surgeOf({ kind, resource }: Workload, pods: number): number {
    if (kind !== "Deployment") {
        return 0;
    }
    const { strategy = {} } = (resource.props["spec"] ?? {}) as {
        readonly strategy?: {
            readonly type?: unknown;
            readonly rollingUpdate?: { readonly maxSurge?: number | string };
        };
    };
    if (strategy.type === "Recreate") {
        return 0;
    }
    const surge = strategy.rollingUpdate?.maxSurge ?? "25%";
    const [, percent] = /^([0-9]{1,3})%$/.exec(String(surge)) ?? [];
    return percent === undefined ? Number(surge) : Math.ceil((pods * Number(percent)) / 100);
}

function plus(a: Reserved, b: Reserved): Reserved {
    return {
        pods: a.pods + b.pods,
        millicores: a.millicores + b.millicores,
        memory: a.memory + b.memory,
        storage: a.storage + b.storage,
    };
}

function larger(a: Reserved, b: Reserved): Reserved {
    return {
        pods: Math.max(a.pods, b.pods),
        millicores: Math.max(a.millicores, b.millicores),
        memory: Math.max(a.memory, b.memory),
        storage: Math.max(a.storage, b.storage),
    };
}

function withoutStorage(reserved: Reserved): Reserved {
    return { ...reserved, storage: 0 };
}
