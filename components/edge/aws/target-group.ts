// What the application load balancer has to know of a Service behind it: how it asks whether a pod serves.
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { objectLabels } from "../../../lib/labels.ts";
import type { Placement } from "../../contract.ts";
import type { EdgeRoute } from "../contract.ts";
import { routeName } from "../route.ts";

export const controllerApi = "gateway.k8s.aws/v1beta1";

export interface TargetArgs extends Placement {
    readonly route: EdgeRoute;
}

/** Also for a route that is on another environment's Gateway. */
export function createTarget(
    name: string,
    { route, ...placement }: TargetArgs,
    opts: CustomResourceOptions,
): CustomResource {
    return new CustomResource(
        `${name}-target${route.main ? "" : `-${route.app}`}`,
        {
            apiVersion: controllerApi,
            kind: "TargetGroupConfiguration",
            metadata: metadata(routeName(name, route), placement),
            spec: {
                targetReference: { name: route.service },
                defaultConfiguration: targetGroup(route.readyPath, healthyCodes(route), route.leavesWithin),
            },
        },
        opts,
    );
}

/**
 * The load balancer asks with the pod's address as Host, and that cannot be changed. An app that is told its pod's address answers as to
 * Kubernetes' probes. Of an image that runs itself nobody knows whether it listens: Django's 400 to that Host, or its redirect to HTTPS,
 * says that the process works, and whether it is ready is Kubernetes' question alone.
 */
function healthyCodes({ answersPodAddress = false }: EdgeRoute): string {
    return answersPodAddress ? "200" : "200,301,400";
}

/**
 * Requests that are under way get this long once a pod leaves; then the load balancer answers 502 for it.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html
 */
const usualDelay = 30;

/** @param leavesWithin seconds that a pod still answers after it has to go */
export function targetGroup(healthCheckPath: string, httpCode: string, leavesWithin = usualDelay): object {
    return {
        // Straight to the pods: no second hop over a node, and NetworkPolicies see where a request comes from.
        targetType: "ip",
        healthCheckConfig: {
            healthCheckPath,
            healthCheckInterval: 10,
            healthCheckTimeout: 5,
            healthyThresholdCount: 2,
            unhealthyThresholdCount: 3,
            matcher: { httpCode },
        },
        targetGroupAttributes: [{ key: "deregistration_delay.timeout_seconds", value: String(leavesWithin) }],
    };
}

export function metadata(name: string, { namespace, instance }: Placement): object {
    return { name, namespace, labels: objectLabels(instance, "edge") };
}
