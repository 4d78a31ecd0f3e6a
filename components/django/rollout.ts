// When a rollout counts as done, and how long it may take before `up` gives up on it.
import type { CustomTimeouts } from "@pulumi/pulumi";
import type { core } from "@pulumi/kubernetes/types/input.js";

/** Pods come one by one; a Deployment that makes no progress for ten minutes fails earlier by itself. */
export const rolloutTimeouts: CustomTimeouts = { create: "30m", update: "30m" };

/**
 * A worker or beat whose configuration is wrong ends within moments of its start. A pod without a probe is ready at once, and
 * such a release would pass for a good one. With this hook it is ready when its container still runs after these seconds:
 * the kubelet looks at it again when the hook is done. It needs no program in the image, and costs nothing later. Not
 * `minReadySeconds`: Pulumi's official plugin does not wait for those of a StatefulSet.
 */
export const settled: core.v1.Lifecycle = { postStart: { sleep: { seconds: 10 } } };
