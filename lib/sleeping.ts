// How an environment that nobody uses sleeps: what is marked, and how long "nobody" is.
import type { Labels } from "./labels.ts";
import type { Size } from "./resources.ts";

/** On a workload whose number of pods the doorkeeper says: the plan says none (R147). */
export const sleeps: Labels = { "django-on-kubernetes/sleeps": "true" };

/** Of an object that stands in for an app's web pods: the component that it is part of. */
export const doorkeeperComponent = "doorkeeper";

/** Python, its TLS and a thread for each request. */
export const doorkeeperSize: Size = { cpu: "10m", memory: "64Mi" };

const units: Readonly<Record<string, number>> = { m: 60, h: 3600 };

/** @param text such as "30m" or "2h", as the settings have it */
export function secondsAsleepAfter(text: string): number {
    return Number(text.slice(0, -1)) * units[text.at(-1)!]!;
}

export function doorkeeperOf(app: string): string {
    return `${app}-doorkeeper`;
}
