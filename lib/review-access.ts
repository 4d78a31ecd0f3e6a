// What jobs that bring up environments of pull requests may do in a cluster: the objects that environments are made of, and of these they
// change what is in an ephemeral environment's namespace alone.
import { environmentOfKind } from "./labels.ts";

/** Who the jobs are to the cluster. */
export type Subject = { readonly kind: "User" | "Group"; readonly name: string };

interface Rule {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
}

/** By API group, what an environment may be made of, an optional custom resource each time too. */
export const environmentResources: Readonly<Record<string, readonly string[]>> = {
    "": [
        "configmaps",
        "endpoints",
        "limitranges",
        "namespaces",
        "persistentvolumeclaims",
        "resourcequotas",
        "secrets",
        "serviceaccounts",
        "services",
    ],
    apps: ["deployments", "statefulsets"],
    autoscaling: ["horizontalpodautoscalers"],
    batch: ["cronjobs", "jobs"],
    "bitnami.com": ["sealedsecrets"],
    "cert-manager.io": ["certificates"],
    "discovery.k8s.io": ["endpointslices"],
    "external-secrets.io": ["externalsecrets"],
    "gateway.k8s.aws": ["targetgroupconfigurations"],
    "gateway.networking.k8s.io": ["gateways", "httproutes"],
    "networking.gke.io": ["gcpbackendpolicies", "gcpgatewaypolicies", "healthcheckpolicies"],
    "networking.k8s.io": ["networkpolicies"],
    policy: ["poddisruptionbudgets"],
    // Kubernetes lets nobody give out what he has not.
    "rbac.authorization.k8s.io": ["rolebindings", "roles"],
};

/** What Pulumi looks at while it waits, and people when it waits in vain. */
const looksAt: Readonly<Record<string, readonly string[]>> = {
    "": ["events", "pods", "pods/log"],
    apps: ["controllerrevisions", "replicasets"],
    "events.k8s.io": ["events"],
};

const reads = ["get", "list", "watch"];
const writes = ["create", "delete", "patch", "update"];

/**
 * What an environment that sleeps gives its doorkeeper beside that, and Kubernetes lets nobody give out what he has not. Whoever may
 * change a Deployment gets nothing more by it.
 */
const givenOut: readonly Rule[] = [
    rule("apps", ["deployments/scale", "statefulsets/scale"], ["patch"]),
    rule("", ["pods"], ["patch"]),
];

/** Rules of the ClusterRole. No token of a ServiceAccount, no `exec`, no pod of one's own. */
export const reviewRules: readonly Rule[] = [
    ...Object.entries(environmentResources).map(([group, resources]) => rule(group, resources, [...reads, ...writes])),
    ...Object.entries(looksAt).map(([group, resources]) => rule(group, resources, reads)),
    ...givenOut,
];

function rule(group: string, resources: readonly string[], verbs: readonly string[]): Rule {
    return { apiGroups: [group], resources, verbs };
}

const [[environmentKey, ephemeral]] = Object.entries(environmentOfKind("ephemeral")) as [[string, string]];
const podSecurityKey = "pod-security.kubernetes.io/enforce";

/** In CEL. `namespaceObject` has no labels where nobody gave it one. */
function has(object: string, key: string, value: string): string {
    return `has(${object}.metadata.labels) && "${key}" in ${object}.metadata.labels && ${object}.metadata.labels["${key}"] == "${value}"`;
}

/** `request` is what a webhook would be told; whoever is no subject is not judged, so an expression that fails would stop nobody else. */
export function isSubject(subject: Subject): string {
    return subject.kind === "User"
        ? `request.userInfo.username == "${subject.name}"`
        : `has(request.userInfo.groups) && "${subject.name}" in request.userInfo.groups`;
}

const isNamespace = `request.resource.group == "" && request.resource.resource == "namespaces"`;

/**
 * A ValidatingAdmissionPolicy sees what changes something and nothing of what reads.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
const validations: ReadonlyArray<{ readonly expression: string; readonly message: string }> = [
    {
        expression: `(${isNamespace}) || (namespaceObject != null && ${has("namespaceObject", environmentKey, ephemeral)})`,
        message: "jobs of pull requests change nothing but what is in the namespace of an ephemeral environment",
    },
    {
        expression: `!(${isNamespace}) || oldObject == null || (${has("oldObject", environmentKey, ephemeral)})`,
        message: "jobs of pull requests change and delete no namespace but those of ephemeral environments",
    },
    {
        expression: `!(${isNamespace}) || request.operation == "DELETE" || (${has("object", environmentKey, ephemeral)} && ${has("object", podSecurityKey, "restricted")})`,
        message: `jobs of pull requests make namespaces of ephemeral environments alone: ${environmentKey}: ${ephemeral}, ${podSecurityKey}: restricted`,
    },
];

/** @param isOne whether the request is one of the jobs', in CEL: of others nothing is judged */
export function reviewPolicy<Expression>(isOne: Expression) {
    return {
        failurePolicy: "Fail",
        matchConditions: [{ name: "a-job-of-a-pull-request", expression: isOne }],
        matchConstraints: {
            resourceRules: [
                { apiGroups: ["*"], apiVersions: ["*"], resources: ["*/*"], operations: ["*"], scope: "*" },
            ],
        },
        validations: validations.map((validation) => ({ ...validation, reason: "Forbidden" })),
    };
}
