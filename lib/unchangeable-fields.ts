// Which changes need a new object, kind by kind: the fields that the API server refuses to change, plus those for which
// the official plugin replaces by design (the data of ConfigMaps and Secrets). The lab's provider and the verdict read the same.

/** Where a field sits: keys and indices from the outside in. */
type PropertyPath = readonly (string | number)[];

export interface ImmutableOptions {
    readonly configMapMutable: boolean;
    readonly secretMutable: boolean;
}

export interface ChangedField {
    readonly path: PropertyPath;
    /** Plain, without marks; undefined: absent or unknown. */
    readonly before: unknown;
    readonly after: unknown;
    /** The whole old object's inputs, plain. */
    readonly oldInputs: { readonly immutable?: unknown; readonly type?: unknown };
}

/** True: the change of this field needs a new object. */
type Rule = (field: ChangedField, options: ImmutableOptions) => boolean;

/** One of these paths, or something below it, or something above it that takes it along. */
const anyOf =
    (...paths: string[]): Rule =>
    ({ path }) =>
        paths.some((pattern) => touches(path, pattern.split(".")));

/** Everything below a path but these. */
const allBut =
    (root: string, ...mutable: string[]): Rule =>
    ({ path }) =>
        touches(path, root.split(".")) &&
        !mutable.some((pattern) => isBelow(path, [...root.split("."), ...pattern.split(".")]));

const serviceType: Rule = ({ path, before, after }) =>
    path.join(".") === "spec.type" && (before === "ExternalName") !== (after === "ExternalName");

const dataOf =
    (isMutable: (options: ImmutableOptions) => boolean, ...always: string[]): Rule =>
    (field, options) => {
        if (always.some((key) => field.path[0] === key)) {
            return true;
        }
        if (field.path[0] === "immutable") {
            return field.oldInputs.immutable === true;
        }
        if (!["data", "binaryData", "stringData"].includes(String(field.path[0]))) {
            return false;
        }
        return field.oldInputs.immutable === true || !isMutable(options);
    };

const podSpecMutable = ["activeDeadlineSeconds", "tolerations", "schedulingGates"];

const workloadSelector = anyOf("spec.selector");
const roleRef = anyOf("roleRef");

/** By group and kind; every version of a kind has the same rules. */
export const immutableRules: Readonly<Record<string, Rule>> = {
    "/ConfigMap": dataOf((options) => options.configMapMutable),
    "/Secret": dataOf((options) => options.secretMutable, "type"),
    "/Service": (field, options) =>
        anyOf("spec.clusterIP", "spec.clusterIPs")(field, options) || serviceType(field, options),
    // Not its size, and nothing else: what may not change, the API server refuses, and the claim keeps its data.
    "/PersistentVolumeClaim": anyOf("spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"),
    "/PersistentVolume": allBut(
        "spec",
        "accessModes",
        "capacity",
        "claimRef",
        "mountOptions",
        "nodeAffinity",
        "persistentVolumeReclaimPolicy",
        "storageClassName",
        "volumeAttributesClassName",
    ),
    "/Pod": allBut("spec", ...podSpecMutable),
    "/ReplicationController": () => false,
    "/ResourceQuota": anyOf("spec.scopes", "spec.scopeSelector"),
    "apps/Deployment": workloadSelector,
    "apps/DaemonSet": workloadSelector,
    "apps/ReplicaSet": workloadSelector,
    "apps/StatefulSet": allBut(
        "spec",
        "replicas",
        "ordinals",
        "template",
        "updateStrategy",
        "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy",
        "minReadySeconds",
    ),
    "batch/Job": anyOf(
        "spec.completions",
        "spec.completionMode",
        "spec.parallelism",
        "spec.selector",
        "spec.manualSelector",
        "spec.template",
        "spec.podFailurePolicy",
        "spec.successPolicy",
        "spec.backoffLimitPerIndex",
        "spec.managedBy",
    ),
    "rbac.authorization.k8s.io/RoleBinding": roleRef,
    "rbac.authorization.k8s.io/ClusterRoleBinding": roleRef,
    "storage.k8s.io/StorageClass": anyOf("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"),
    "storage.k8s.io/VolumeAttributesClass": anyOf("parameters", "driverName"),
    "scheduling.k8s.io/PriorityClass": anyOf("value", "preemptionPolicy"),
    "node.k8s.io/RuntimeClass": anyOf("handler"),
    "discovery.k8s.io/EndpointSlice": anyOf("addressType"),
    "networking.k8s.io/IngressClass": anyOf("spec.controller"),
    "apiextensions.k8s.io/CustomResourceDefinition": anyOf("spec.group", "spec.scope"),
    "gateway.networking.k8s.io/GatewayClass": anyOf("spec.controllerName"),
};

const identityField = anyOf("metadata.name", "metadata.namespace");

export function needsReplacement(group: string, kind: string, field: ChangedField, options: ImmutableOptions): boolean {
    if (identityField(field, options)) {
        return true;
    }
    const first = field.path[0];
    if (first === "kind") {
        return true;
    }
    // Another version of the same group is the same object; another group is another.
    if (first === "apiVersion") {
        return groupOf(field.before) !== groupOf(field.after);
    }
    return immutableRules[`${group}/${kind}`]?.(field, options) ?? false;
}

const groupOf = (apiVersion: unknown): string => {
    const text = String(apiVersion);
    return text.includes("/") ? text.slice(0, text.indexOf("/")) : "";
};

/** `path` lies at or below `root`, or is a change of an object that contains `root`. */
function touches(path: PropertyPath, root: readonly string[]): boolean {
    return isBelow(path, root) || (path.length < root.length && path.every((part, index) => part === root[index]));
}

function isBelow(path: PropertyPath, root: readonly string[]): boolean {
    return root.length <= path.length && root.every((part, index) => part === path[index]);
}
