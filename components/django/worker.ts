// Workers, of whatever kind: what they run is the contract's affair.
import type { ComponentResource, Resource } from "@pulumi/pulumi";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import { objectLabels, workloadLabels } from "../../lib/labels.ts";
import { budget, spread } from "../../lib/pod-disruption.ts";
import { cpuAutoscaling } from "./autoscaling.ts";
import type { WorkerProcess } from "./contract.ts";
import { workerVariables } from "./environment.ts";
import { beyondTask, needsToStay } from "./eviction.ts";
import { livenessProbe } from "./liveness.ts";
import { rolloutTimeouts, settled } from "./rollout.ts";
import { djangoPod, type PodBase } from "./pod.ts";

/** Workers wait for other servers much of the time, so a lower mark than that of the web tells that they are busy. */
const targetCpu = 60;

export function createWorker(
    name: string,
    base: PodBase,
    worker: WorkerProcess,
    dependsOn: Resource[],
    parent: ComponentResource,
): void {
    const { args } = base;
    const fullName = `${name}-worker-${worker.name}`;
    const labels = workloadLabels({ name: fullName, instance: args.instance });
    const metadata = {
        name: fullName,
        namespace: args.namespace,
        labels: objectLabels(args.instance, "django"),
    };
    const { min, max } = worker.replicas;
    const deployment = new Deployment(
        fullName,
        {
            metadata,
            spec: {
                ...(max === min && { replicas: min }),
                selector: { matchLabels: labels },
                strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
                template: djangoPod(base, {
                    role: "worker",
                    labels,
                    command: worker.command,
                    size: worker.size,
                    ...(worker.tmp && { tmp: worker.tmp }),
                    // A running task is finished, not redelivered (R15).
                    gracePeriod: worker.taskTimeLimit + beyondTask,
                    environment: workerVariables(args, worker),
                    stays: needsToStay(worker),
                    container: {
                        lifecycle: settled,
                        ...(worker.liveness && { livenessProbe: livenessProbe(worker.liveness) }),
                    },
                    pod: { topologySpreadConstraints: spread(labels) },
                }),
            },
        },
        { parent, dependsOn, customTimeouts: rolloutTimeouts },
    );
    if (max > min) {
        new HorizontalPodAutoscaler(
            `${fullName}-autoscaler`,
            { metadata, spec: cpuAutoscaling(fullName, worker.replicas, targetCpu) },
            { parent, dependsOn: deployment },
        );
    }
    if (max > 1) {
        new PodDisruptionBudget(
            `${fullName}-budget`,
            { metadata, spec: budget(labels, base.volumes.oneNode) },
            { parent },
        );
    }
}
