// Any number of pods: who decides it, how many may be away, and that what selects pods finds them.
import { numberOf, selects, selectsAll, textOf, type LabelSelector } from "./kubernetes.ts";
import { autoscalersOf, metadataOf, podsOf, type PlanView, type Workload } from "./plan-view.ts";
import { containerPort, networkPolicies } from "./network-view.ts";
import type { PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

export interface BudgetSpec {
    readonly selector?: LabelSelector;
    readonly maxUnavailable?: number | string;
    readonly minAvailable?: number | string;
    readonly unhealthyPodEvictionPolicy?: string;
}

export const availabilityRules: readonly Rule[] = [
    rule("R9", "what an autoscaler scales sets no replicas", function* (view) {
        for (const workload of view.workloads) {
            if (workload.spec.replicas !== undefined && autoscalersOf(view, workload).length > 0) {
                yield {
                    resource: workload.resource,
                    path: "spec.replicas",
                    found: workload.spec.replicas,
                    allowed: "nothing: the HorizontalPodAutoscaler owns the field",
                    fix: "remove it: every update would undo what the autoscaler did",
                };
            }
        }
    }),
    rule("R10", "several pods have exactly one PodDisruptionBudget", function* (view) {
        for (const workload of view.workloads.filter(({ kind }) => kind === "Deployment" || kind === "StatefulSet")) {
            const budgets = budgetsOf(view, workload);
            const { max } = podsOf(view, workload);
            if (max > 1 && budgets.length !== 1) {
                yield {
                    resource: workload.resource,
                    path: "spec.selector",
                    found: budgets.length === 0 ? `no budget for up to ${max} pods` : `${budgets.length} budgets`,
                    allowed: "one PodDisruptionBudget that selects these pods",
                    fix:
                        budgets.length === 0
                            ? "add one: else a drained node takes all pods at once"
                            : "remove all but one: with two, no pod can be evicted",
                };
            }
        }
    }),
    rule("R11", "a PodDisruptionBudget lets at least one pod go", function* (view) {
        for (const [resource, spec] of budgetsIn(view)) {
            for (const workload of view.workloads.filter((candidate) => covers(resource, spec, candidate))) {
                const { min } = podsOf(view, workload);
                if (allowedDisruptions(spec, min) < 1) {
                    const path = spec.maxUnavailable === undefined ? "spec.minAvailable" : "spec.maxUnavailable";
                    yield {
                        resource,
                        path,
                        found: `${spec.maxUnavailable ?? spec.minAvailable}, with ${min} ${min === 1 ? "pod" : "pods"}`,
                        allowed: "a budget that lets one pod go",
                        fix: "set maxUnavailable: 1; else a node can never be drained",
                    };
                }
            }
        }
    }),
    rule("R12", "a PodDisruptionBudget lets broken pods go always", function* (view) {
        for (const [resource, { unhealthyPodEvictionPolicy }] of budgetsIn(view)) {
            if (unhealthyPodEvictionPolicy !== "AlwaysAllow") {
                yield {
                    resource,
                    path: "spec.unhealthyPodEvictionPolicy",
                    found: unhealthyPodEvictionPolicy,
                    allowed: "AlwaysAllow",
                    fix: "set it: else pods that crash keep their node from being drained",
                };
            }
        }
    }),
    rule("R14", "selectors match the pods they are meant for", function* (view) {
        yield* workloadSelectors(view);
        yield* serviceSelectors(view);
        for (const [resource, spec] of budgetsIn(view)) {
            if (!view.workloads.some((workload) => covers(resource, spec, workload))) {
                yield nothingSelected(resource, "spec.selector", spec.selector);
            }
        }
        for (const resource of view.autoscalers) {
            if (!view.workloads.some((workload) => autoscalersOf(view, workload).includes(resource))) {
                const { scaleTargetRef } = resource.props["spec"] as { readonly scaleTargetRef?: unknown };
                yield nothingSelected(resource, "spec.scaleTargetRef", scaleTargetRef);
            }
        }
        for (const { resource, namespace, spec } of networkPolicies(view)) {
            const selector = spec.podSelector ?? {};
            // A key that no pod of the stack carries means pods that a controller makes, for example cert-manager's.
            const ours = Object.keys(selector.matchLabels ?? {}).every((key) =>
                view.workloads.some(({ podLabels }) => key in podLabels),
            );
            if (ours && !selectsAll(selector) && view.selected(selector, namespace).length === 0) {
                yield nothingSelected(resource, "spec.podSelector", spec.podSelector);
            }
        }
    }),
];

function* workloadSelectors(view: PlanView): Generator<Finding> {
    for (const { kind, resource, spec, podLabels } of view.workloads) {
        const hasSelector =
            kind === "Deployment" || kind === "StatefulSet" || kind === "DaemonSet" || kind === "ReplicaSet";
        if (hasSelector && !selects(spec.selector, podLabels)) {
            yield {
                resource,
                path: "spec.selector",
                found: spec.selector,
                allowed: `labels of its own pods: ${JSON.stringify(podLabels)}`,
                fix: "make selector and pod labels the same",
            };
        }
    }
    for (const [index, workload] of view.workloads.entries()) {
        const twin = view.workloads
            .slice(index + 1)
            .find(
                (other) => other.namespace === workload.namespace && selects(workload.spec.selector, other.podLabels),
            );
        if (twin !== undefined && twin.kind !== "Job" && workload.kind !== "Job") {
            yield {
                resource: workload.resource,
                path: "spec.selector",
                found: `it also selects the pods of ${twin.name}`,
                allowed: "its own pods only",
                fix: "add a label that only these pods carry",
            };
        }
    }
}

function* serviceSelectors(view: PlanView): Generator<Finding> {
    for (const { resource, spec, workloads } of view.services) {
        if (spec.selector !== undefined && workloads.length === 0) {
            yield nothingSelected(resource, "spec.selector", spec.selector);
        }
        for (const [index, { targetPort, port }] of (spec.ports ?? []).entries()) {
            const name = textOf(targetPort);
            const number = numberOf(targetPort ?? port);
            const without = workloads.find(({ containers }) =>
                name !== undefined && number === undefined
                    ? containerPort(containers, name) === undefined
                    : !containers.some(({ ports = [] }) => ports.some(({ containerPort: open }) => open === number)),
            );
            if (without !== undefined) {
                yield {
                    resource,
                    path: `spec.ports[${index}].targetPort`,
                    found: targetPort ?? port,
                    allowed: `a port of the containers of ${without.name}`,
                    fix: "name a port that the pods declare",
                };
            }
        }
    }
}

function nothingSelected(resource: PolicyResource, path: string, found: unknown): Finding {
    return {
        resource,
        path,
        found: found ?? "nothing",
        allowed: "a selector that matches pods of this stack",
        fix: "use the labels of the pods it is meant for, or remove the object",
    };
}

function* budgetsIn(view: PlanView): Generator<[PolicyResource, BudgetSpec]> {
    for (const resource of view.ofType("kubernetes:policy/v1:PodDisruptionBudget")) {
        yield [resource, resource.props["spec"] ?? {}];
    }
}

export function budgetsOf(view: PlanView, workload: Workload): readonly PolicyResource[] {
    return [...budgetsIn(view)]
        .filter(([resource, spec]) => covers(resource, spec, workload))
        .map(([resource]) => resource);
}

function covers(resource: PolicyResource, { selector }: BudgetSpec, workload: Workload): boolean {
    return textOf(metadataOf(resource).namespace) === workload.namespace && selects(selector, workload.podLabels);
}

/** As the disruption controller counts: percentages are rounded up, on either side. */
export function allowedDisruptions({ maxUnavailable, minAvailable }: BudgetSpec, pods: number): number {
    const scaled = (amount: number | string): number =>
        typeof amount === "string" && amount.endsWith("%")
            ? Math.ceil((Number(amount.slice(0, -1)) * pods) / 100)
            : Number(amount);
    if (maxUnavailable !== undefined) {
        return scaled(maxUnavailable);
    }
    return minAvailable === undefined ? 0 : pods - scaled(minAvailable);
}
