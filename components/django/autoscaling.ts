// Pods by CPU use.
import type { autoscaling } from "@pulumi/kubernetes/types/input.js";
import type { Replicas } from "./contract.ts";

/** @param targetCpu percent of the reserved CPU */
export function cpuAutoscaling(
    deployment: string,
    replicas: Replicas,
    targetCpu: number,
): autoscaling.v2.HorizontalPodAutoscalerSpec {
    return {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
        minReplicas: replicas.min,
        maxReplicas: replicas.max,
        metrics: [
            {
                type: "Resource",
                resource: { name: "cpu", target: { type: "Utilization", averageUtilization: targetCpu } },
            },
        ],
    };
}
