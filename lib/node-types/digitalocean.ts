// What a Droplet has, by its slug, and what DOKS leaves of it for pods.
// Source: docs.digitalocean.com/products/kubernetes/details/limits, edited 2025-11-10, read in November 2026.
import { gibibyte, type NodeRoom, type Room } from "./room.ts";

/**
 * @param slug for example `s-4vcpu-8gb` or `c-4`
 * @returns undefined for what is not known here
 */
export function droplet(slug: string): Room | undefined {
    const [, cpus, memory] =
        /^[a-z]+[0-9_]*-([1-9][0-9]{0,2})vcpu-([1-9][0-9]{0,3})gb(?:-[0-9]{1,5}gb)?(?:-intel|-amd)?$/.exec(slug) ?? [];
    if (cpus !== undefined) {
        return { cpu: Number(cpus) * 1000, memory: Number(memory) * gibibyte };
    }
    // CPU-optimised ones name their processors alone, and have two GiB for each.
    const [, processors] = /^c-([1-9][0-9]?)(?:-intel)?$/.exec(slug) ?? [];
    return processors === undefined
        ? undefined
        : { cpu: Number(processors) * 1000, memory: 2 * Number(processors) * gibibyte };
}

/** GiB of nodes, and of those what pods can have. */
const allocatable = [
    [1, 0.5],
    [2, 1],
    [3, 1.66],
    [4, 2.5],
    [8, 6],
    [16, 13],
    [32, 28],
    [48, 43],
    [64, 58],
    [96, 88.5],
    [128, 119.5],
    [160, 151],
    [192, 182],
] as const;

/** Thousandths of a processor that the kubelet keeps of each node: one with a single processor has 900 left. */
const keptProcessors = 100;

/**
 * What DOKS's own pods on each node reserve at least: cilium 310m, cpc-bridge-proxy 100m, do-node-agent 102m; their memory is
 * not told.
 *
 * @see https://github.com/digitalocean/marketplace-kubernetes/issues/421
 */
const ownProcessors = 512;

/** What pods of environments can have of a node. */
export function doksNode(slug: string): NodeRoom | undefined {
    const machine = droplet(slug);
    if (machine === undefined) {
        return undefined;
    }
    return {
        cpu: machine.cpu - keptProcessors - ownProcessors,
        memory: memoryFor(machine.memory / gibibyte),
        pods: 110,
    };
}

/** Between two lines of the table as much is kept as on the smaller node; beyond the last, the last one's part. */
function memoryFor(size: number): number {
    const [from, left] = allocatable.findLast(([each]) => each <= size) ?? [1, 0.5];
    const [last, most] = allocatable.at(-1)!;
    const gibibytes = size > last ? (size * most) / last : size - (from - left);
    return Math.floor(gibibytes * gibibyte);
}
