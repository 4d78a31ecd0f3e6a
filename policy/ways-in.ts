// Services that are a way in by the settings' own word (exposure.variant load-balancer and node-port): who may connect, and with TLS.
import { publicEntry, tlsInFront } from "../lib/labels.ts";
import { numberOf } from "./kubernetes.ts";
import { containerPort, rulesOf } from "./network-view.ts";
import { metadataOf, type PlanView, type Service } from "./plan-view.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

/** Whether the settings named this Service as the way in. */
export function isWayIn(resource: PolicyResource): boolean {
    return annotation(resource, publicEntry.name) === publicEntry.value;
}

/** Those that reach from outside, and that nothing in front serves with TLS. */
export function* withoutTls(view: PlanView): Generator<Finding> {
    for (const { resource, spec } of waysIn(view)) {
        if (annotation(resource, tlsInFront.name) !== tlsInFront.value) {
            yield {
                resource,
                path: "spec.type",
                found: `${spec.type}, straight to pods that speak plain HTTP`,
                allowed: "something that ends TLS",
                fix: "choose exposure.variant gateway, or say exposure.allowPlainHttp where TLS ends in front",
            };
        }
    }
}

export const wayInRules: readonly Rule[] = [
    rule("R106", "a way in without a proxy admits named addresses only, which it does not hide", function* (view) {
        for (const service of waysIn(view)) {
            yield* hidden(service);
            yield* open(view, service);
        }
    }),
];

function waysIn(view: PlanView): readonly Service[] {
    return view.services.filter(
        ({ resource, spec }) => isWayIn(resource) && (spec.type === "LoadBalancer" || spec.type === "NodePort"),
    );
}

function* hidden({ resource, spec }: Service): Generator<Finding> {
    if (spec.externalTrafficPolicy !== "Local") {
        yield {
            resource,
            path: "spec.externalTrafficPolicy",
            found: spec.externalTrafficPolicy,
            allowed: "Local",
            fix: "set it: else every connection has a node's address, and nobody can say who may connect",
        };
    }
    if (spec.type === "LoadBalancer" && (spec.loadBalancerSourceRanges ?? []).length === 0) {
        yield {
            resource,
            path: "spec.loadBalancerSourceRanges",
            found: undefined,
            allowed: 'address ranges; everybody is ["0.0.0.0/0"]',
            fix: "name them (exposure.sourceRanges): empty means everybody",
        };
    }
}

/** A load balancer may ignore its ranges, and a port of the nodes has none: what holds is the pods' NetworkPolicy. */
function* open(view: PlanView, { resource, spec, workloads }: Service): Generator<Finding> {
    for (const workload of workloads) {
        const targets = (spec.ports ?? []).map(
            ({ port, targetPort = port }) =>
                numberOf(targetPort) ?? containerPort(workload.containers, String(targetPort)),
        );
        for (const { policy, path, peers, ports } of rulesOf(view, workload, "Ingress")) {
            const concerned = ports.length === 0 || ports.some(({ port }) => targets.includes(numberOf(port)));
            if (concerned && peers.length === 0) {
                yield {
                    resource: policy.resource,
                    path: `${path}.from`,
                    found: "anyone",
                    allowed: `the addresses that ${resource.name} is for`,
                    fix: "name them (exposure.sourceRanges, exposure.from)",
                };
            }
        }
    }
}

/** @returns undefined when it is not there; anything else of one that is not known yet */
export function annotation(resource: PolicyResource, name: string): unknown {
    const { annotations } = metadataOf(resource) as { readonly annotations?: Readonly<Record<string, unknown>> };
    return annotations instanceof UnknownValue ? undefined : annotations?.[name];
}
