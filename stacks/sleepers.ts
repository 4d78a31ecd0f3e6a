// What of an environment has no pods while it sleeps.
import type { ResourceTransformation } from "@pulumi/pulumi";
import type { Sleeper } from "../components/doorkeeper/contract.ts";
import { componentLabel, type Labels } from "../lib/labels.ts";
import { sleeps } from "../lib/sleeping.ts";

/** The inputs of a Deployment or a StatefulSet, as far as they are looked at; of an autoscaler the others. */
interface Workload {
    readonly metadata: { readonly name: string; readonly labels?: Labels };
    readonly spec: {
        readonly replicas?: number;
        readonly template: {
            readonly spec: {
                readonly containers: ReadonlyArray<{ readonly name: string }>;
                readonly initContainers?: ReadonlyArray<{ readonly restartPolicy?: string }>;
            };
        };
    };
}

interface Autoscaler {
    readonly spec: { readonly minReplicas: number; readonly scaleTargetRef: { readonly name: string } };
}

const kinds: Readonly<Record<string, Sleeper["kind"]>> = {
    "kubernetes:apps/v1:Deployment": "deployments",
    "kubernetes:apps/v1:StatefulSet": "statefulsets",
};

const stores: readonly unknown[] = ["database", "pooler", "cache", "broker"];

/**
 * Collects what is made, whichever component makes it, and takes its number of pods out of the plan: the doorkeeper says it, as an
 * autoscaler does (R9). What the plan said would be drift while the environment sleeps, and a conflict at the next update.
 */
export class Sleepers {
    readonly #workloads = new Map<string, Sleeper>();
    readonly #fewest = new Map<string, number>();

    readonly counted: ResourceTransformation = ({ type, props, opts }) => {
        const kind = kinds[type];
        if (type === "kubernetes:autoscaling/v2:HorizontalPodAutoscaler") {
            const { spec } = props as Autoscaler;
            this.#fewest.set(spec.scaleTargetRef.name, spec.minReplicas);
        }
        const workload = props as Workload;
        const stage = kind && stageOf(workload);
        if (kind === undefined || stage === undefined) {
            return undefined;
        }
        const { metadata, spec } = workload;
        const { replicas = 1, ...uncounted } = spec;
        this.#workloads.set(`${kind} ${metadata.name}`, { kind, name: metadata.name, replicas, stage });
        const labels = { ...metadata.labels, ...sleeps };
        return { props: { ...props, metadata: { ...metadata, labels }, spec: uncounted }, opts };
    };

    /** In the order in which they are started, whatever was made first; the names of autoscaled ones are among them. */
    get all(): readonly Sleeper[] {
        return [...this.#workloads.values()]
            .map((one) => ({ ...one, replicas: this.#fewest.get(one.name) ?? one.replicas }))
            .toSorted(
                (one, other) =>
                    Number(one.stage === "app") - Number(other.stage === "app") || one.name.localeCompare(other.name),
            );
    }
}

/** @returns undefined for what stays up */
function stageOf({ metadata, spec }: Workload): Sleeper["stage"] | undefined {
    const component = metadata.labels?.[componentLabel];
    const { containers, initContainers = [] } = spec.template.spec;
    if (component === "django") {
        // In a shell somebody may be at work, and nothing tells.
        return containers.some(({ name }) => name === "shell") ? undefined : "app";
    }
    // Several that are one store find each other slowly, or not at all, when all were away; what is backed up is at work without a request.
    const isOne = component === "pooler" || component === "cache" || (spec.replicas ?? 1) === 1;
    const isBackedUp = initContainers.some(({ restartPolicy }) => restartPolicy === "Always");
    return stores.includes(component) && isOne && !isBackedUp ? "store" : undefined;
}
