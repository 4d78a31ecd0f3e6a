// The web pods: probes, rolling updates without a failed request, autoscaling, spread.
import type { ComponentResource, Resource } from "@pulumi/pulumi";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { objectLabels, workloadLabels, type Labels } from "../../lib/labels.ts";
import { budget, spread } from "../../lib/pod-disruption.ts";
import { rolloutTimeouts } from "./rollout.ts";
import { cpuAutoscaling } from "./autoscaling.ts";
import type { WebProcess } from "./contract.ts";
import { djangoPod, type PodBase } from "./pod.ts";

/** Seconds: proxies in the cluster hear of it within one or two. */
const shortDrain = 5;

export interface Web {
    readonly service: Service;
    /** The port of the Service. */
    readonly port: number;
    /** What selects the pods. */
    readonly labels: Labels;
}

export function createWeb(
    name: string,
    base: PodBase,
    web: WebProcess,
    dependsOn: Resource[],
    parent: ComponentResource,
): Web {
    const { args } = base;
    const { drain = shortDrain } = args;
    const fullName = `${name}-web`;
    const labels = workloadLabels({ name: fullName, instance: args.instance });
    const metadata = {
        name: fullName,
        namespace: args.namespace,
        labels: objectLabels(args.instance, "django"),
    };
    // What the server would cut off is finished before it hears of the end: no new requests come any more.
    const sleep = web.cutsOff === true ? drain + web.gracefulTimeout : drain;
    const port = 80;
    const service = new Service(
        `${fullName}-service`,
        {
            // The Deployment is awaited; waiting for the Service's endpoints before it would never end.
            metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
            spec: { selector: labels, ports: [{ name: "http", port, targetPort: "http" }] },
        },
        { parent },
    );
    const deployment = new Deployment(
        fullName,
        {
            metadata,
            spec: {
                // No replicas: the autoscaler owns the field (R9).
                selector: { matchLabels: labels },
                strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
                template: djangoPod(base, {
                    role: "web",
                    labels,
                    command: web.command,
                    size: web.size,
                    ...(web.tmp && { tmp: web.tmp }),
                    ...(args.askedByAddress === true && { hostsAndAddress: args.hosts }),
                    gracePeriod: drain + web.gracefulTimeout + 5,
                    container: {
                        ports: [{ name: "http", containerPort: web.port }],
                        lifecycle: { preStop: { sleep: { seconds: sleep } } },
                        ...probes(web, args.hosts),
                    },
                    pod: { topologySpreadConstraints: spread(labels) },
                }),
            },
        },
        { parent, dependsOn, customTimeouts: rolloutTimeouts },
    );
    new HorizontalPodAutoscaler(
        `${fullName}-autoscaler`,
        { metadata, spec: cpuAutoscaling(fullName, web.replicas, web.targetCpu) },
        { parent, dependsOn: deployment },
    );
    if (web.replicas.max > 1) {
        new PodDisruptionBudget(
            `${fullName}-budget`,
            { metadata, spec: budget(labels, base.volumes.oneNode) },
            { parent },
        );
    }
    return { service, port, labels };
}

/**
 * With a Host header that the app allows: a probe comes to the pod's address, which it does not (R2). A server whose threads are all taken
 * by long requests answers no probe: it leaves the Service, and is given as long as they may take before it counts as one that hangs.
 */
function probes(web: WebProcess, hosts: readonly string[]): Partial<core.v1.Container> {
    const get = (path: string) => ({
        httpGet: { path, port: "http", httpHeaders: [{ name: "Host", value: hosts[0]! }] },
    });
    return {
        startupProbe: { ...get(web.probes.live), periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 120 },
        readinessProbe: { ...get(web.probes.ready), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 2 },
        livenessProbe: {
            ...get(web.probes.live),
            periodSeconds: 10,
            timeoutSeconds: 5,
            failureThreshold: Math.max(6, Math.ceil(web.gracefulTimeout / 10) + 3),
        },
    };
}
