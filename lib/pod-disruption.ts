// Where replicas run and how many may be away at once.
import type { core, policy } from "@pulumi/kubernetes/types/input.js";
import type { Labels } from "./labels.ts";

/** The label by which the controller of each kind tells the pods of one release from those of the next. */
const releaseLabels = { Deployment: "pod-template-hash", StatefulSet: "controller-revision-hash" } as const;

/** Spreads replicas over zones and hosts as far as the cluster has them (R13). */
export function spread(
    labels: Labels,
    kind: keyof typeof releaseLabels = "Deployment",
): core.v1.TopologySpreadConstraint[] {
    return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
        topologyKey,
        maxSkew: 1,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: labels },
        // Counts the pods of one release only, else the old ones push the new ones together.
        matchLabelKeys: [releaseLabels[kind]],
    }));
}

/** Lets a node be drained one pod at a time, and pods that are broken anyway at once (R10-R12). */
export function oneAway(labels: Labels): policy.v1.PodDisruptionBudgetSpec {
    return {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels: labels },
    };
}

/**
 * Puts a pod onto the node where others of these labels are; the first of them goes where it likes. For pods that mount a volume
 * of one node (ReadWriteOnce): elsewhere they would wait for it without end.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
 */
export function together(labels: Labels): core.v1.Affinity {
    return {
        podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
                { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } },
            ],
        },
    };
}

/**
 * Pods that are bound to one node leave it together or not at all: the new place of the first would be beside the second. A budget
 * that lets one go would never let the node be drained.
 *
 * @param oneNode what binds them. @default nothing
 */
export function budget(labels: Labels, oneNode: string | undefined): policy.v1.PodDisruptionBudgetSpec {
    return oneNode === undefined ? oneAway(labels) : { ...oneAway(labels), maxUnavailable: "100%" };
}
