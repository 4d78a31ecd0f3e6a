// What pods reserve together, and what a release adds, in numbers and in words.
import { byteText, cpuText } from "../../lib/quantities.ts";
import type { Room } from "../../lib/node-types/room.ts";
import type { EnvironmentPods, PodGroup } from "./pods.ts";

/** A part of what pods reserve: thousandths of a processor, bytes, or the pods themselves. */
export type Resource = "cpu" | "memory" | "pods";

export const resources = ["cpu", "memory", "pods"] as const satisfies readonly Resource[];

export type Count = "min" | "max";

function amount(room: Room, resource: Resource): number {
    return resource === "pods" ? 1 : room[resource];
}

/** Of all pods that stay. */
export function steady({ serving }: EnvironmentPods, count: Count, resource: Resource): number {
    return serving.reduce((sum, group) => sum + group[count] * amount(group.room, resource), 0);
}

/**
 * The least that a release needs besides: its jobs run one by one, and a rollout goes on as long as there is room for one pod
 * more, because a pod that comes lets one go. So does what runs at certain times.
 */
export function leastExtra({ serving, jobs }: EnvironmentPods, resource: Resource): number {
    const extra = [...serving.filter(({ surge, min }) => surge > 0 || min === 0), ...jobs];
    return extra.reduce((most, { room }) => Math.max(most, amount(room, resource)), 0);
}

/** All that a release may add at a time: all workloads roll out together, after the jobs. */
export function mostExtra({ serving, jobs }: EnvironmentPods, resource: Resource): number {
    const rollout = serving.reduce((sum, { surge, room }) => sum + surge * amount(room, resource), 0);
    const running = jobs.reduce((sum, { room }) => sum + amount(room, resource), 0);
    return Math.max(rollout, running);
}

export function resourceText(value: number, resource: Resource): string {
    switch (resource) {
        case "cpu":
            return cpuText(value);
        case "memory":
            return byteText(value);
        case "pods":
            return String(value);
        default:
            return resource satisfies never;
    }
}

/** How many are named; the others are added up. */
const shownTerms = 4;

/** "12 x shop-web 2Gi, 6 x shop-worker-default 512Mi, 1Gi of 3 others": the largest first. */
export function terms(serving: readonly PodGroup[], count: Count, resource: Resource): string {
    const groups = serving
        .filter((group) => group[count] > 0)
        .map((group) => ({ ...group, count: group[count], each: amount(group.room, resource) }))
        .toSorted((one, other) => other.count * other.each - one.count * one.each);
    const shown = groups.slice(0, shownTerms).map(({ name, count: many, each }) => {
        const value = resource === "pods" ? "" : ` ${resourceText(each, resource)}`;
        return many === 1 ? `${name}${value}` : `${many} x ${name}${value}`;
    });
    const others = groups.slice(shownTerms);
    const rest = others.reduce((sum, { count: many, each }) => sum + many * each, 0);
    return [
        ...shown,
        ...(others.length === 0
            ? []
            : [`${resource === "pods" ? rest : `${resourceText(rest, resource)} of ${others.length}`} others`]),
    ].join(", ");
}
