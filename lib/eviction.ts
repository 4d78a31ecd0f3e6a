// What those who remove nodes read on a pod: whether it may go, so that a node that is not needed any more is given back.

/**
 * It stays until it has ended, and its node with it: for cluster autoscalers (GKE's too, on Autopilot for up to seven days, of upgrades as
 * well; and DigitalOcean's), Karpenter and EKS Auto Mode.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/FAQ.md what prevents it from removing a node
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/extended-duration-pods
 * @see https://karpenter.sh/docs/concepts/disruption/ pod-level controls
 */
export const undisturbed: Readonly<Record<string, string>> = {
    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
    "karpenter.sh/do-not-disrupt": "true",
};

export const volumesThatMayGo = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

/**
 * It may go, with what is in these volumes of the kind `emptyDir`. A cluster autoscaler keeps the node of every other pod that has one on
 * the node's disk, for ever: whatever was added for a peak would stay. Volumes in memory need no mention.
 *
 * @see https://github.com/kubernetes/autoscaler/pull/5594 from version 1.27 on
 */
export function mayGoWith(...volumes: readonly string[]): Readonly<Record<string, string>> {
    return { [volumesThatMayGo]: volumes.join(",") };
}
