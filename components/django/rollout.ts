// How long a rollout may take before `up` gives up on it.
import type { CustomTimeouts } from "@pulumi/pulumi";

/** Pods come one by one; a Deployment that makes no progress for ten minutes fails earlier by itself. */
export const rolloutTimeouts: CustomTimeouts = { create: "30m", update: "30m" };
