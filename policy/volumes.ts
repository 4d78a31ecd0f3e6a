// Files: volumes that one node has at a time and the pods that mount them, and the way to buckets.
import { allowedDisruptions, budgetsOf, type BudgetSpec } from "./availability.ts";
import { selects, textOf, type PodSpec } from "./kubernetes.ts";
import { djangoRoles, examine, metadataOf, objectName, podsOf, type PlanView, type Workload } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

export const volumeRules: readonly Rule[] = [
    rule("R109", "pods that mount a volume of one node stay on one, and leave it together", function* (view) {
        for (const claim of view.ofType("kubernetes:core/v1:PersistentVolumeClaim").filter(isOfOneNode)) {
            const users = usersOf(view, claim);
            // A single pod that is not replaced before it is gone goes where its volume is.
            if (users.reduce((sum, workload) => sum + podsOf(view, workload).max, 0) > 1) {
                yield* apart(users, objectName(claim) ?? claim.name);
                yield* heldBack(view, users);
            }
        }
    }),
    rule("R110", "in production buckets are reached by TLS", function* (view) {
        if (view.environmentKind !== "production") {
            return;
        }
        for (const workload of view.withRole(...djangoRoles)) {
            for (const container of workload.containers) {
                for (const [name, value] of view.environmentOf(workload, container)) {
                    if (name.endsWith("STORAGE_ENDPOINT") && examine(value, isPlain) === true) {
                        yield {
                            resource: workload.resource,
                            path: `${container.path}.envFrom`,
                            found: `${name} without TLS`,
                            allowed: "an https address",
                            fix: "give the server a certificate: without one whoever is in between reads and changes files",
                        };
                    }
                }
            }
        }
    }),
];

function isPlain(address: string): boolean {
    return address.startsWith("http:");
}

function isOfOneNode({ props }: PolicyResource): boolean {
    const { accessModes = [] } = (props["spec"] ?? {}) as { readonly accessModes?: readonly unknown[] };
    return accessModes.length === 1 && textOf(accessModes[0]) === "ReadWriteOnce";
}

function usersOf(view: PlanView, claim: PolicyResource): readonly Workload[] {
    const name = objectName(claim);
    const namespace = textOf(metadataOf(claim).namespace);
    return view.workloads.filter(
        ({ pod, namespace: own }) =>
            own === namespace &&
            (pod.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === name),
    );
}

/** Those whose affinity does not bind them to every other that mounts the volume. */
function* apart(users: readonly Workload[], claim: string): Generator<Finding> {
    for (const { resource, pod, templatePath } of users) {
        const stranger = users.find((other) => !isBound(pod, other));
        if (stranger !== undefined) {
            yield {
                resource,
                path: `${templatePath}.spec.affinity`,
                found: `pods that may be on another node than those of ${stranger.name}, which mount ${claim} too`,
                allowed: "a required podAffinity by kubernetes.io/hostname that selects all pods of the volume",
                fix: "set it, or claim the volume ReadWriteMany: on another node a pod waits for the volume without end",
            };
        }
    }
}

function isBound({ affinity }: PodSpec, { podLabels }: Workload): boolean {
    const terms = affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    return terms.some(
        ({ topologyKey, labelSelector }) =>
            topologyKey === "kubernetes.io/hostname" && selects(labelSelector, podLabels),
    );
}

/** The first pod that is sent away finds no other node: with a budget for fewer than all, the second is never sent. */
function* heldBack(view: PlanView, users: readonly Workload[]): Generator<Finding> {
    for (const workload of users) {
        const { max } = podsOf(view, workload);
        for (const budget of budgetsOf(view, workload)) {
            const spec = (budget.props["spec"] ?? {}) as BudgetSpec;
            const allowed = allowedDisruptions(spec, max);
            // One that lets none go is R11's.
            if (allowed >= 1 && allowed < max) {
                yield {
                    resource: budget,
                    path: spec.maxUnavailable === undefined ? "spec.minAvailable" : "spec.maxUnavailable",
                    found: `${spec.maxUnavailable ?? spec.minAvailable}, of pods that are bound to one node`,
                    allowed: 'maxUnavailable: "100%"',
                    fix: "set it: the node could never be drained, for the first pod to go starts nowhere else",
                };
            }
        }
    }
}
