// The annotations by which a user steers the official plugin, with the same names and meanings.
import { annotationOf, type KubeObject } from "./object.ts";

export const autonamedAnnotation = "pulumi.com/autonamed";
export const skipAwaitAnnotation = "pulumi.com/skipAwait";
export const replaceUnreadyAnnotation = "pulumi.com/replaceUnready";
export const waitForAnnotation = "pulumi.com/waitFor";
export const timeoutAnnotation = "pulumi.com/timeoutSeconds";
export const patchForceAnnotation = "pulumi.com/patchForce";
export const patchFieldManagerAnnotation = "pulumi.com/patchFieldManager";
export const deletionPropagationAnnotation = "pulumi.com/deletionPropagationPolicy";

/** Written by `kubectl apply`: repeats the whole object, a Secret's data too, so it never goes into the state. */
export const lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";

export const skipsAwait = (object: KubeObject): boolean => annotationOf(object, skipAwaitAnnotation) === "true";

export const forcesConflicts = (object: KubeObject): boolean =>
    (annotationOf(object, patchForceAnnotation) ?? process.env["PULUMI_K8S_ENABLE_PATCH_FORCE"]) === "true";

/** How long to wait: the resource's `customTimeouts`, else its annotation, else the default of its kind. */
export function timeoutSeconds(object: KubeObject, custom: number | undefined, byDefault: number): number {
    if (custom !== undefined && custom > 0) {
        return custom;
    }
    const annotated = Number(annotationOf(object, timeoutAnnotation));
    return Number.isFinite(annotated) && annotated > 0 ? annotated : byDefault;
}

export type PropagationPolicy = "Foreground" | "Background" | "Orphan";

/** Nothing can belong to these, so there is nothing to wait for: their deletion need not pass the garbage collector. */
const kindsThatOwnNothing = new Set([
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
    switch (annotationOf(object, deletionPropagationAnnotation)?.toLowerCase()) {
        case "orphan":
            return "Orphan";
        case "background":
            return "Background";
        case "foreground":
            return "Foreground";
        default:
            return kindsThatOwnNothing.has(object.kind ?? "") ? "Background" : "Foreground";
    }
}
