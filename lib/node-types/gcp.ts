// What a Compute Engine machine type has, by its name, and what GKE leaves of it for pods. Sources, read in November 2026:
// cloud.google.com/compute/docs/general-purpose-machines and .../compute-optimized-machines,
// cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes and .../autopilot-resource-requests.
import { gibibyte, mebibyte, withoutKubelet, type NodeRoom, type Room } from "./room.ts";

/** GiB for each processor, by series and what stands behind it. */
const memoryPerProcessor: ReadonlyMap<string, number> = new Map([
    ...series(["e2"], { standard: 4, highmem: 8, highcpu: 1 }),
    ...series(["n1"], { standard: 3.75, highmem: 6.5, highcpu: 0.9 }),
    ...series(["n2", "n2d"], { standard: 4, highmem: 8, highcpu: 1 }),
    ...series(["n4", "n4a", "n4d", "c2d", "c3", "c3d", "c4a"], { standard: 4, highmem: 8, highcpu: 2 }),
    ...series(["c4", "c4d"], { standard: 3.75, highmem: 7.75, highcpu: 2 }),
    ...series(["c2", "t2a", "t2d"], { standard: 4 }),
]);

function series(names: readonly string[], ratios: Readonly<Record<string, number>>): [string, number][] {
    return names.flatMap((name) =>
        Object.entries(ratios).map(([kind, ratio]): [string, number] => [`${name}-${kind}`, ratio]),
    );
}

/** GiB of those whose two processors are shared. */
const sharedCores: ReadonlyMap<string, number> = new Map([
    ["e2-micro", 1],
    ["e2-small", 2],
    ["e2-medium", 4],
]);

/** Of two processors GKE keeps so many thousandths where they are shared. */
const sharedReserve = 1060;

/**
 * @param name for example `e2-standard-4`, `n2-custom-6-12288` or `c3-standard-8-lssd`
 * @returns undefined for what is not known here
 */
export function gcpMachine(name: string): Room | undefined {
    const shared = sharedCores.get(name);
    if (shared !== undefined) {
        return { cpu: 2000, memory: shared * gibibyte };
    }
    const [, cpus, megabytes] =
        /^(?:[a-z][0-9][a-z]?-)?custom-([1-9][0-9]{0,2})-([1-9][0-9]{2,6})(?:-ext)?$/.exec(name) ?? [];
    if (cpus !== undefined) {
        return { cpu: Number(cpus) * 1000, memory: Number(megabytes) * mebibyte };
    }
    const [, kind = "", count] = /^([a-z][0-9][a-z]?-[a-z]+)-([1-9][0-9]{0,2})(?:-lssd)?$/.exec(name) ?? [];
    const ratio = memoryPerProcessor.get(kind);
    return ratio === undefined
        ? undefined
        : { cpu: Number(count) * 1000, memory: Math.round(Number(count) * ratio * gibibyte) };
}

/** GKE keeps these parts of each so many GiB of a node's memory, and 100 MiB for evictions. */
const memoryShares = [
    [4, 0.25],
    [4, 0.2],
    [8, 0.1],
    [112, 0.06],
    [Infinity, 0.02],
] as const;

/**
 * What GKE's own pods on each node reserve at least: logs, metadata server, masquerading.
 *
 * @see https://github.com/cryptnono/cryptnono/issues/34, the node of a cluster of 1.29
 */
const ownPods: Room = { cpu: 215, memory: 346 * mebibyte };

/** What pods of environments can have of a node. */
export function gkeNode(name: string): NodeRoom | undefined {
    const machine = gcpMachine(name);
    if (machine === undefined) {
        return undefined;
    }
    const cpu = sharedCores.has(name) ? machine.cpu - sharedReserve : withoutKubelet(machine.cpu);
    let rest = machine.memory / gibibyte;
    let reserved = 0;
    for (const [width, share] of memoryShares) {
        const part = Math.min(rest, width);
        reserved += part * share;
        rest -= part;
    }
    const kept = machine.memory < gibibyte ? 255 * mebibyte : reserved * gibibyte;
    return {
        cpu: cpu - ownPods.cpu,
        memory: Math.floor(machine.memory - kept - 100 * mebibyte - ownPods.memory),
        pods: 110,
    };
}

/** The most that a pod of Autopilot's general purpose class may ask for. */
export const largestAutopilotPod: Room = { cpu: 30_000, memory: 110 * gibibyte };
