// How much a node, or a pod, has or takes.

export interface Room {
    /** Thousandths of a processor. */
    readonly cpu: number;
    /** Bytes. */
    readonly memory: number;
}

/** What a node leaves for the pods of environments. */
export interface NodeRoom extends Room {
    readonly pods: number;
}

export const gibibyte = 2 ** 30;
export const mebibyte = 2 ** 20;

/**
 * What GKE and EKS keep of a node's processors for the kubelet: 6 % of the first, 1 % of the second, 0.5 % of the next two,
 * 0.25 % of the rest.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
 * @see https://github.com/awslabs/amazon-eks-ami, nodeadm/internal/kubelet
 * @param cpu thousandths of a processor
 */
export function withoutKubelet(cpu: number): number {
    const shares = [
        [1000, 0.06],
        [1000, 0.01],
        [2000, 0.005],
        [Infinity, 0.0025],
    ] as const;
    let rest = cpu;
    let reserved = 0;
    for (const [width, share] of shares) {
        const part = Math.min(rest, width);
        reserved += part * share;
        rest -= part;
    }
    return Math.floor(cpu - reserved);
}
