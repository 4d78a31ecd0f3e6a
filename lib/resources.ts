// What a container reserves and may use (R40).
import type { core } from "@pulumi/kubernetes/types/input.js";
import type { ByteQuantity, CpuQuantity } from "./quantities.ts";

export interface Size {
    readonly cpu: CpuQuantity;
    readonly memory: ByteQuantity;
}

/** Memory's limit is what was reserved; CPU has none, since throttled pods are slow while processors idle. */
export function resourcesOf(size: Size): core.v1.ResourceRequirements {
    return { requests: { cpu: size.cpu, memory: size.memory }, limits: { memory: size.memory } };
}
