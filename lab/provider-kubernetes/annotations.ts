// The annotations by which a user steers the official plugin, with the same names and meanings.
import { annotationOf, type KubeObject } from "./object.ts";

export const AUTONAMED = "pulumi.com/autonamed";
export const SKIP_AWAIT = "pulumi.com/skipAwait";
export const REPLACE_UNREADY = "pulumi.com/replaceUnready";
export const WAIT_FOR = "pulumi.com/waitFor";
export const TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds";
export const PATCH_FORCE = "pulumi.com/patchForce";
export const PATCH_FIELD_MANAGER = "pulumi.com/patchFieldManager";
export const DELETION_PROPAGATION = "pulumi.com/deletionPropagationPolicy";

/** Written by `kubectl apply`: repeats the whole object, a Secret's data too, so it never goes into the state. */
export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

export const skipsAwait = (object: KubeObject): boolean => annotationOf(object, SKIP_AWAIT) === "true";

export const forcesConflicts = (object: KubeObject): boolean =>
    (annotationOf(object, PATCH_FORCE) ?? process.env["PULUMI_K8S_ENABLE_PATCH_FORCE"]) === "true";

/** How long to wait: the resource's `customTimeouts`, else its annotation, else the default of its kind. */
export function timeoutSeconds(object: KubeObject, custom: number | undefined, byDefault: number): number {
    if (custom !== undefined && custom > 0) {
        return custom;
    }
    const annotated = Number(annotationOf(object, TIMEOUT_SECONDS));
    return Number.isFinite(annotated) && annotated > 0 ? annotated : byDefault;
}

export type PropagationPolicy = "Foreground" | "Background" | "Orphan";

/** Nothing can belong to these, so there is nothing to wait for: their deletion need not pass the garbage collector. */
const OWN_NOTHING = new Set([
    "ClusterRole",
    "ClusterRoleBinding",
    "ConfigMap",
    "HorizontalPodAutoscaler",
    "LimitRange",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "PriorityClass",
    "ResourceQuota",
    "Role",
    "RoleBinding",
    "Secret",
    "ServiceAccount",
]);

/** @default Foreground: the object stays visible until everything that it owns is gone */
export function propagationPolicy(object: KubeObject): PropagationPolicy {
    switch (annotationOf(object, DELETION_PROPAGATION)?.toLowerCase()) {
        case "orphan":
            return "Orphan";
        case "background":
            return "Background";
        case "foreground":
            return "Foreground";
        default:
            return OWN_NOTHING.has(object.kind ?? "") ? "Background" : "Foreground";
    }
}
