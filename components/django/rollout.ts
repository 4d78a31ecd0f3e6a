// When a rollout counts as done, and how long it may take before `up` gives up on it.
import type { CustomTimeouts } from "@pulumi/pulumi";

/** Pods come one by one; a Deployment that makes no progress for ten minutes fails earlier by itself. */
export const rolloutTimeouts: CustomTimeouts = { create: "30m", update: "30m" };

/**
 * Seconds that a pod without a readiness probe has to stay up. A worker or beat whose configuration is wrong ends within
 * moments of its start; without this, such a release would pass for a good one.
 */
export const settled = 10;
