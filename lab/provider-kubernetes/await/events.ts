// Events of type Warning: what controllers, the scheduler and the kubelet complain of.
import type { KubeObject } from "../object.ts";

export interface Event extends KubeObject {
    readonly type?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly count?: number;
    readonly lastTimestamp?: string;
    readonly eventTime?: string;
    readonly firstTimestamp?: string;
}

/** The warnings, oldest first, each text once. */
export function warnings(events: readonly KubeObject[]): string[] {
    const sorted = (events as readonly Event[])
        .filter((event) => event.type === "Warning")
        .sort((a, b) => timeOf(a).localeCompare(timeOf(b)));
    return [...new Set(sorted.map((event) => `${event.reason ?? "Warning"}: ${(event.message ?? "").trim()}`))];
}

/** The last warning, for a status line. */
export function eventsText(events: readonly KubeObject[]): string {
    const last = warnings(events).at(-1);
    return last === undefined ? "" : `; ${last}`;
}

const timeOf = (event: Event): string =>
    event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp ?? event.metadata?.creationTimestamp ?? "";
