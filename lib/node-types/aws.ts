// What an EC2 instance type has, by its name, and what EKS leaves of it for pods. Sources, read in November 2026:
// aws.amazon.com/ec2/instance-types, docs.aws.amazon.com/ec2/latest/instancetypes (network specifications),
// github.com/awslabs/amazon-eks-ami (nodeadm/internal/kubelet).
import { gibibyte, mebibyte, withoutKubelet, type NodeRoom, type Room } from "./room.ts";

interface InstanceType extends Room {
    /** As many as its network cards have addresses, less one each, and two on the node's own. */
    readonly pods: number;
}

/** GiB for each processor of generation 5 and later; n in c5n has more. */
const memoryPerProcessor: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };

/** Processors, GiB and pods of burstable types of generation 3 and later. */
const burstable: Readonly<Record<string, readonly [processors: number, memory: number, pods: number]>> = {
    nano: [2, 0.5, 4],
    micro: [2, 1, 4],
    small: [2, 2, 11],
    medium: [2, 4, 17],
    large: [2, 8, 35],
    xlarge: [4, 16, 58],
    "2xlarge": [8, 32, 58],
};

/**
 * @param name for example `m7i.large` or `t4g.medium`
 * @returns undefined for what is not known here
 */
export function awsInstance(name: string): InstanceType | undefined {
    const [, family = "", generation, size = ""] = /^([cmrt])([1-9])[a-z-]*\.([a-z0-9]+)$/.exec(name) ?? [];
    if (family === "t") {
        const known = Number(generation) >= 3 && Object.hasOwn(burstable, size) ? burstable[size] : undefined;
        return known && { cpu: known[0] * 1000, memory: known[1] * gibibyte, pods: known[2] };
    }
    const processors = processorsOf(size);
    if (family === "" || Number(generation) < 5 || processors === undefined || name.startsWith("c5n.")) {
        return undefined;
    }
    return {
        cpu: processors * 1000,
        memory: processors * memoryPerProcessor[family]! * gibibyte,
        pods: podsOf(processors),
    };
}

function processorsOf(size: string): number | undefined {
    const [, count, word] = /^([1-9][0-9]?)?(medium|large|xlarge)$/.exec(size) ?? [];
    if (word === "xlarge") {
        return 4 * Number(count ?? 1);
    }
    return count !== undefined ? undefined : word === "large" ? 2 : word === "medium" ? 1 : undefined;
}

/** By what cards and addresses types of these processors have at least. */
function podsOf(processors: number): number {
    if (processors < 4) {
        return processors < 2 ? 8 : 29;
    }
    return processors < 16 ? 58 : processors < 64 ? 234 : 737;
}

/**
 * What EKS's own pods on each node reserve at least: aws-node with its policy agent 50m, kube-proxy 100m, ebs-csi-node 30m and
 * 120 MiB, by the defaults of their add-ons.
 */
const ownPods: Room = { cpu: 180, memory: 120 * mebibyte };

/** What pods of environments can have of a node of a managed group: 11 MiB for each pod, 255 and 100 for evictions are kept. */
export function eksNode(name: string): NodeRoom | undefined {
    const instance = awsInstance(name);
    return (
        instance && {
            cpu: withoutKubelet(instance.cpu) - ownPods.cpu,
            memory: instance.memory - (11 * instance.pods + 255 + 100) * mebibyte - ownPods.memory,
            pods: instance.pods,
        }
    );
}

/** The largest type that the Auto Mode pool general-purpose takes, of the families c, m and r. */
export const largestAutoModeNode = "r7i.48xlarge";
