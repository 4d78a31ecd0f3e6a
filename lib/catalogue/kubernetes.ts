// Kubernetes: what the program puts on a cluster, and what else the rules know. Objects of other kinds and custom resources have names
// of 253 characters at most, and hold nothing that is known here.
import type { CloudCatalogue, Inputs, NameLimit } from "./contract.ts";

function named(longest: number, because: string): NameLimit {
    return { input: "metadata.name", longest, because };
}

/** An object of a kind that has no row, or none of its own. */
export const anyObject: NameLimit = named(253, "an object's name");

export const kubernetes = {
    made: {
        "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy": {},
        "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding": {},
        "kubernetes:apps/v1:Deployment": {},
        "kubernetes:apps/v1:StatefulSet": {
            holds: "volume",
            empty: { when: (inputs: Inputs) => !claimsVolumes(inputs) },
            // The label controller-revision-hash holds the name, a hyphen and ten characters.
            name: named(52, "the revision's label holds the name and eleven characters more"),
        },
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": {},
        "kubernetes:batch/v1:Job": { name: named(63, "a label of its pods") },
        "kubernetes:bitnami.com/v1alpha1:SealedSecret": {},
        "kubernetes:cert-manager.io/v1:Certificate": {},
        "kubernetes:cert-manager.io/v1:ClusterIssuer": {},
        "kubernetes:core/v1:ConfigMap": {},
        "kubernetes:core/v1:LimitRange": {},
        // Deleting an environment's namespace deletes every volume in it; an add-on's has none.
        "kubernetes:core/v1:Namespace": {
            holds: "namespace",
            empty: { when: (inputs: Inputs) => componentOf(inputs) === "addon" },
            name: named(63, "a DNS label"),
        },
        "kubernetes:core/v1:PersistentVolumeClaim": {
            holds: "volume",
            // What collectstatic fills, the next release fills again.
            empty: { when: (inputs: Inputs) => componentOf(inputs) === "assets" },
            name: named(63, "a DNS label on many provisioners"),
        },
        // The claim is its StatefulSet's: this says how large it is, and taking it back changes nothing.
        "kubernetes:core/v1:PersistentVolumeClaimPatch": { name: named(63, "a DNS label on many provisioners") },
        "kubernetes:core/v1:ResourceQuota": {},
        "kubernetes:core/v1:Secret": {},
        "kubernetes:core/v1:Service": { name: named(63, "a DNS label") },
        "kubernetes:core/v1:ServiceAccount": {},
        "kubernetes:discovery.k8s.io/v1:EndpointSlice": {},
        "kubernetes:external-secrets.io/v1:ExternalSecret": {},
        "kubernetes:gateway.k8s.aws/v1beta1:LoadBalancerConfiguration": {},
        "kubernetes:gateway.k8s.aws/v1beta1:TargetGroupConfiguration": {},
        "kubernetes:gateway.networking.k8s.io/v1:Gateway": {
            name: named(63, "controllers label what they make with it"),
        },
        "kubernetes:gateway.networking.k8s.io/v1:GatewayClass": {},
        "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute": {},
        "kubernetes:helm.sh/v3:Release": {},
        "kubernetes:karpenter.sh/v1:NodePool": { name: named(63, "a label of its nodes") },
        "kubernetes:networking.gke.io/v1:GCPBackendPolicy": {},
        "kubernetes:networking.gke.io/v1:GCPGatewayPolicy": {},
        "kubernetes:networking.gke.io/v1:HealthCheckPolicy": {},
        "kubernetes:networking.k8s.io/v1:NetworkPolicy": {},
        "kubernetes:policy/v1:PodDisruptionBudget": {},
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": {},
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": {},
        "kubernetes:rbac.authorization.k8s.io/v1:Role": {},
        "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": {},
        "kubernetes:storage.k8s.io/v1:StorageClass": {},
    },
    others: {
        "kubernetes:batch/v1:CronJob": { name: named(52, "its jobs' names have eleven characters more") },
        "kubernetes:core/v1:PersistentVolume": { holds: "volume" },
    },
} satisfies CloudCatalogue;

function componentOf(inputs: Inputs): unknown {
    return field(field(inputs["metadata"], "labels"), "app.kubernetes.io/component");
}

function claimsVolumes(inputs: Inputs): boolean {
    const templates = field(inputs["spec"], "volumeClaimTemplates");
    // Not a list: a value that is unknown until the update, or a secret.
    return Array.isArray(templates) ? templates.length > 0 : templates !== undefined;
}

function field(value: unknown, key: string): unknown {
    return typeof value === "object" && value !== null ? (value as Inputs)[key] : undefined;
}
