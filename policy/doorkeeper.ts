// Environments that sleep: the one pod that says something to the API of Kubernetes, and what it may say; and who counts pods then.
import { numberOf, objectOf, textOf } from "./kubernetes.ts";
import type { NetworkPolicy, NetworkRule } from "./network-view.ts";
import { componentLabel, metadataOf, type PlanView, type Workload } from "./plan-view.ts";
import type { PolicyResource } from "./resource.ts";
import { textsOf } from "./policy-document.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { listOf } from "./setting.ts";

const group = "kubernetes:rbac.authorization.k8s.io/v1";
const sleepsLabel = "django-on-kubernetes/sleeps";
const component = "doorkeeper";

/** Where APIs of Kubernetes listen. */
const apiPorts: ReadonlySet<unknown> = new Set([443, 6443, 8443, 16443]);

/** Of named objects. Whoever may patch the objects themselves says what runs in their pods, and reads every Secret by it. */
const countsOfNamed: ReadonlyArray<readonly [resource: string, verbs: readonly string[]]> = [
    ["apps/deployments", ["get"]],
    ["apps/deployments/scale", ["get", "patch"]],
    ["apps/statefulsets", ["get"]],
    ["apps/statefulsets/scale", ["get", "patch"]],
    ["/pods", ["get", "patch"]],
];

/** Of all: what says who is there. */
const readable: ReadonlyArray<readonly [resource: string, verbs: readonly string[]]> = [
    ["/pods", ["get", "list", "watch"]],
    ["/pods/log", ["get"]],
    ["batch/jobs", ["get", "list", "watch"]],
];

export const doorkeeperRules: readonly Rule[] = [
    rule("R146", "a token of the API is the doorkeeper's alone, whose role names what it counts", function* (view) {
        for (const workload of view.workloads) {
            yield* token(view, workload);
        }
        for (const role of view.ofType(`${group}:Role`)) {
            yield* tooMuch(role);
        }
        for (const binding of view.ofType(`${group}:RoleBinding`)) {
            const { kind } = objectOf(binding.props["roleRef"]);
            if (kind !== "Role") {
                yield {
                    resource: binding,
                    path: "roleRef.kind",
                    found: kind,
                    allowed: "Role: one of the environment, that this plan shows",
                    fix: "bind a role that names what it is for",
                };
            }
        }
    }),
    rule("R147", "what sleeps says no number of pods, and the doorkeeper may count it", function* (view) {
        for (const workload of view.workloads.filter(({ resource }) => isSleeper(resource))) {
            const { replicas } = workload.spec;
            if (replicas !== undefined) {
                yield {
                    resource: workload.resource,
                    path: "spec.replicas",
                    found: replicas,
                    allowed: "nothing: the doorkeeper owns the field",
                    fix: "remove it: an update would conflict with what the doorkeeper said, and a sleeping one would look like drift",
                };
            }
            if (!isCounted(view, workload)) {
                yield {
                    resource: workload.resource,
                    path: `metadata.labels["${sleepsLabel}"]`,
                    found: `${workload.name}, in no role of a doorkeeper`,
                    allowed: "a role of its namespace that names it for its scale",
                    fix: "tell the doorkeeper of it (stacks/sleepers.ts), or take the label off: it would have one pod for ever",
                };
            }
        }
    }),
];

/** @returns whether these ports lead to the API of Kubernetes, and a doorkeeper alone is let out to them */
export function isWayToApi(view: PlanView, { spec, namespace }: NetworkPolicy, ports: NetworkRule["ports"]): boolean {
    const pods = view.selected(spec.podSelector ?? {}, namespace);
    return (
        ports.length > 0 &&
        ports.every(({ port }) => apiPorts.has(numberOf(port))) &&
        pods.length > 0 &&
        pods.every(isDoorkeeper)
    );
}

function isDoorkeeper({ podLabels }: Workload): boolean {
    return podLabels[componentLabel] === component;
}

export function isSleeper(resource: PolicyResource): boolean {
    return textOf(metadataOf(resource).labels?.[sleepsLabel]) === "true";
}

/** Beside the token that `automountServiceAccountToken` hands out (R44), a volume may be made of one. */
function* token(view: PlanView, workload: Workload): Generator<Finding> {
    const { resource, pod, templatePath } = workload;
    for (const [index, volume] of (pod.volumes ?? []).entries()) {
        const sources = listOf(objectOf(objectOf(volume)["projected"])["sources"]);
        const tokens = sources
            .map((source) => objectOf(source)["serviceAccountToken"])
            .filter((one) => one !== undefined);
        const mayHave = isDoorkeeper(workload) && view.environmentKind === "ephemeral";
        if (tokens.length > 0 && !mayHave) {
            yield {
                resource,
                path: `${templatePath}.spec.volumes[${index}].projected`,
                found: "a token of its ServiceAccount",
                allowed: "none, but for the doorkeeper of an ephemeral environment",
                fix: "remove it: whoever breaks into the pod must not talk to the API",
            };
        }
    }
}

function* tooMuch(role: PolicyResource): Generator<Finding> {
    for (const [index, one] of listOf(role.props["rules"]).entries()) {
        const { apiGroups, resources, verbs, resourceNames } = objectOf(one);
        if ([...textsOf(apiGroups), ...textsOf(resources), ...textsOf(verbs)].includes("*")) {
            // R51 says so.
            continue;
        }
        const named = listOf(resourceNames).length > 0;
        const allowed = named ? [...countsOfNamed, ...readable] : readable;
        for (const name of textsOf(apiGroups).flatMap((of) => textsOf(resources).map((what) => `${of}/${what}`))) {
            const known = allowed.filter(([resource]) => resource === name).flatMap(([, some]) => some);
            const more = textsOf(verbs).filter((verb) => !known.includes(verb));
            if (more.length > 0) {
                yield {
                    resource: role,
                    path: `rules[${index}]`,
                    found: `${more.join(", ")} of ${named ? "named" : "all"} ${name.replace(/^\//, "")}`,
                    allowed: "the scale of named workloads, labels of named pods; to read pods, their logs and jobs",
                    fix: "leave it out, or name the objects in resourceNames: an empty list is all of them",
                };
            }
        }
    }
}

function isCounted(view: PlanView, { kind, name, namespace }: Workload): boolean {
    return view.ofType(`${group}:Role`).some(
        (role) =>
            textOf(metadataOf(role).namespace) === namespace &&
            listOf(role.props["rules"]).some((one) => {
                const { resources, resourceNames, verbs } = objectOf(one);
                return (
                    textsOf(resources).includes(`${kind.toLowerCase()}s/scale`) &&
                    textsOf(verbs).includes("patch") &&
                    textsOf(resourceNames).includes(name)
                );
            }),
    );
}
