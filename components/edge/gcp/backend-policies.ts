// What Google's load balancer has to know of a Service behind it: whether a pod serves, and how long a request may take.
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { objectLabels } from "../../../lib/labels.ts";
import { withNative } from "../../../lib/native.ts";
import type { Placement } from "../../contract.ts";
import type { EdgeRoute } from "../contract.ts";
import { routeName } from "../route.ts";
import { untilLetGo } from "./let-go.ts";

export interface BackendBehaviour {
    /** Seconds a response may take; then the client gets 504. */
    readonly requestTimeout: number;
    /** The part of all requests that is logged, from 0 (none) to 1. */
    readonly requestLogSampling: number;
    /** Name of a policy of Cloud Armor. @default none */
    readonly securityPolicy?: Input<string>;
    /** Over `spec.default` of GCPBackendPolicy, for example `securityPolicy` or `iap`. @default nothing is changed */
    readonly native?: Readonly<Record<string, unknown>>;
}

export interface BackendPoliciesArgs extends Placement {
    readonly route: EdgeRoute;
    readonly behaviour: BackendBehaviour;
    /** Whether the policy of Cloud Armor is the same stack's, which deletes it when nobody names it any more. @default false */
    readonly ownsPolicy?: boolean;
}

/** Also for a route that is on another environment's Gateway: without them Google asks pods for `/`, and Django says 400. */
export function createBackendPolicies(name: string, args: BackendPoliciesArgs, opts: CustomResourceOptions): void {
    const { namespace, instance, route, behaviour, ownsPolicy = false } = args;
    const suffix = route.main ? "" : `-${route.app}`;
    const metadata = { name: routeName(name, route), namespace, labels: objectLabels(instance, "edge") };
    const targetRef = { group: "", kind: "Service", name: route.service };
    new CustomResource(
        `${name}-health${suffix}`,
        {
            apiVersion: "networking.gke.io/v1",
            kind: "HealthCheckPolicy",
            metadata,
            spec: {
                default: {
                    checkIntervalSec: 5,
                    timeoutSec: 5,
                    healthyThreshold: 1,
                    unhealthyThreshold: 2,
                    config: {
                        type: "HTTP",
                        httpHealthCheck: {
                            portSpecification: "USE_SERVING_PORT",
                            // Else the pod's address, which is not in ALLOWED_HOSTS.
                            host: route.hosts[0]!,
                            requestPath: route.readyPath,
                        },
                    },
                },
                targetRef,
            },
        },
        opts,
    );
    new CustomResource(
        `${name}-backend${suffix}`,
        {
            apiVersion: "networking.gke.io/v1",
            kind: "GCPBackendPolicy",
            metadata,
            spec: {
                default: withNative(backendOf(behaviour), behaviour.native),
                targetRef,
            },
        },
        { ...opts, ...(ownsPolicy && { hooks: { afterUpdate: [untilLetGo] } }) },
    );
}

function backendOf({ requestTimeout, requestLogSampling, securityPolicy }: BackendBehaviour) {
    return {
        ...(securityPolicy !== undefined && { securityPolicy }),
        timeoutSec: requestTimeout,
        // Requests that a pod has taken are answered while it leaves.
        connectionDraining: { drainingTimeoutSec: requestTimeout },
        logging:
            requestLogSampling === 0
                ? { enabled: false }
                : { enabled: true, sampleRate: Math.round(requestLogSampling * 1_000_000) },
    };
}
