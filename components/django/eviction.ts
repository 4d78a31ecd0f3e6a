// What asks those who remove nodes to leave a pod alone until it has ended: a node that is not needed is emptied otherwise.
import type { WorkerProcess } from "./contract.ts";

/**
 * Cluster autoscaler, GKE's own (on Autopilot for up to seven days, of upgrades too) and DigitalOcean's; Karpenter and EKS Auto Mode.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md what prevents it from removing a node
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/extended-duration-pods
 * @see https://karpenter.sh/docs/concepts/disruption/ pod-level controls
 */
export const undisturbed: Readonly<Record<string, string>> = {
    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
    "karpenter.sh/do-not-disrupt": "true",
};

/** Seconds that the cluster autoscaler waits for pods that stop (--max-graceful-termination-sec, which GKE does not change). */
const autoscalerWaits = 600;

/** What a worker's pod gets beyond its longest task. */
export const beyondTask = 30;

/** A worker never ends by itself, and a node with one that asks for this is never given back: only where a task would be lost. */
export function needsToStay({ taskTimeLimit }: Pick<WorkerProcess, "taskTimeLimit">): boolean {
    return taskTimeLimit + beyondTask > autoscalerWaits;
}
