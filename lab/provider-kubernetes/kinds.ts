// Where the API server serves the kinds that every cluster has. Knowing them here saves the discovery requests, which
// a preview would otherwise pay for; any other kind is looked up in the cluster, see discovery.ts.

export interface ServedKind {
    readonly plural: string;
    readonly namespaced: boolean;
}

/** Kinds by group; `*` marks those that live in no namespace. The plural follows the rules below. */
const kindsByGroup: Readonly<Record<string, string>> = {
    "": "ConfigMap Endpoints Event LimitRange Namespace* Node* PersistentVolume* PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
    "admissionregistration.k8s.io":
        "MutatingWebhookConfiguration* ValidatingWebhookConfiguration* ValidatingAdmissionPolicy* ValidatingAdmissionPolicyBinding*",
    "apiextensions.k8s.io": "CustomResourceDefinition*",
    "apiregistration.k8s.io": "APIService*",
    apps: "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    autoscaling: "HorizontalPodAutoscaler",
    batch: "CronJob Job",
    "certificates.k8s.io": "CertificateSigningRequest* ClusterTrustBundle*",
    "coordination.k8s.io": "Lease",
    "discovery.k8s.io": "EndpointSlice",
    "events.k8s.io": "Event",
    "flowcontrol.apiserver.k8s.io": "FlowSchema* PriorityLevelConfiguration*",
    "networking.k8s.io": "Ingress IngressClass* IPAddress* NetworkPolicy ServiceCIDR*",
    "node.k8s.io": "RuntimeClass*",
    policy: "PodDisruptionBudget",
    "rbac.authorization.k8s.io": "ClusterRole* ClusterRoleBinding* Role RoleBinding",
    "resource.k8s.io": "DeviceClass* ResourceClaim ResourceClaimTemplate ResourceSlice*",
    "scheduling.k8s.io": "PriorityClass*",
    "storage.k8s.io": "CSIDriver* CSINode* CSIStorageCapacity StorageClass* VolumeAttachment* VolumeAttributesClass*",
    // Custom kinds, but their names are a standard: nearly every cluster of this project has them.
    "gateway.networking.k8s.io": "Gateway GatewayClass* GRPCRoute HTTPRoute ReferenceGrant TLSRoute TCPRoute UDPRoute",
};

const customGroups = new Set(["gateway.networking.k8s.io"]);

const table = new Map<string, ServedKind>(
    Object.entries(kindsByGroup).flatMap(([group, kinds]) =>
        kinds.split(" ").map((entry): [string, ServedKind] => {
            const kind = entry.replace("*", "");
            return [`${group}/${kind}`, { plural: pluralOf(kind), namespaced: !entry.endsWith("*") }];
        }),
    ),
);

/** What is known without asking the cluster. */
export const builtInKind = (group: string, kind: string): ServedKind | undefined => table.get(`${group}/${kind}`);

/** True for the groups that the API server itself serves, false for those of custom resources. */
export const isBuiltInGroup = (group: string): boolean => group in kindsByGroup && !customGroups.has(group);

function pluralOf(kind: string): string {
    const lower = kind.toLowerCase();
    if (lower.endsWith("endpoints")) {
        return lower;
    }
    if (lower.endsWith("s") || lower.endsWith("ss")) {
        return `${lower}es`;
    }
    return lower.endsWith("y") && !/[aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}
