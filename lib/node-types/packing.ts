// Whether pods find a place on nodes: each on one, none larger than what is left there.
import type { NodeRoom, Room } from "./room.ts";

/** Pods alike. */
export interface Pods {
    readonly room: Room;
    readonly count: number;
}

/** Nodes alike. */
export interface Nodes {
    readonly room: NodeRoom;
    readonly count: number;
}

/**
 * First fit, the largest pods first: near the best that there is, and no worse than the scheduler. The same pods and the same
 * nodes are reckoned together, so that a thousand of them take no longer than one.
 *
 * @returns the pods for which there is no place
 */
export function withoutPlace(pods: readonly Pods[], nodes: readonly Nodes[]): Pods[] {
    let free = nodes.filter(({ count }) => count > 0);
    const largest = sorted(pods);
    return largest.flatMap(({ room, count }) => {
        let rest = count;
        const after: Nodes[] = [];
        for (const node of free) {
            const each = Math.min(rest, howMany(room, node.room));
            if (each === 0) {
                after.push(node);
                continue;
            }
            const full = Math.min(node.count, Math.floor(rest / each));
            const partly = full < node.count ? rest - full * each : 0;
            rest -= full * each + partly;
            const others = node.count - full - (partly > 0 ? 1 : 0);
            after.push({ room: less(node.room, room, each), count: full });
            if (partly > 0) {
                after.push({ room: less(node.room, room, partly), count: 1 });
            }
            if (others > 0) {
                after.push({ room: node.room, count: others });
            }
        }
        free = after;
        return rest > 0 ? [{ room, count: rest }] : [];
    });
}

/**
 * How many more nodes of a kind the pods need.
 *
 * @returns undefined when one of them fits none
 */
export function nodesFor(pods: readonly Pods[], node: NodeRoom): number | undefined {
    if (pods.some(({ room }) => howMany(room, node) === 0)) {
        return undefined;
    }
    // As many as pods are enough.
    const most = pods.reduce((sum, { count }) => sum + count, 0);
    let [low, high] = [0, most];
    while (low < high) {
        const middle = Math.floor((low + high) / 2);
        if (withoutPlace(pods, [{ room: node, count: middle }]).length === 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/** How many such pods a node takes. */
export function howMany(pod: Room, node: NodeRoom): number {
    return Math.max(0, Math.min(node.pods, Math.floor(node.cpu / pod.cpu), Math.floor(node.memory / pod.memory)));
}

function less(node: NodeRoom, pod: Room, count: number): NodeRoom {
    return {
        cpu: node.cpu - count * pod.cpu,
        memory: node.memory - count * pod.memory,
        pods: node.pods - count,
    };
}

/** By the larger of both parts of what the pods take together. */
function sorted(pods: readonly Pods[]): Pods[] {
    const most = (key: keyof Room): number => Math.max(...pods.map(({ room }) => room[key]));
    const [cpu, memory] = [most("cpu"), most("memory")];
    const weight = ({ room }: Pods): number => Math.max(room.cpu / cpu, room.memory / memory);
    return pods.toSorted((one, other) => weight(other) - weight(one));
}
