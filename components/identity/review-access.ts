// What jobs of pull requests' environments may do in the platform's cluster: RBAC says to which kinds, an admission policy in which namespaces.
import * as pulumi from "@pulumi/pulumi";
import { ValidatingAdmissionPolicy } from "@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicy.js";
import { ValidatingAdmissionPolicyBinding } from "@pulumi/kubernetes/admissionregistration/v1/validatingAdmissionPolicyBinding.js";
import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole.js";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding.js";
import { isSubject, reviewPolicy, reviewRules } from "../../lib/review-access.ts";

export interface ReviewAccessArgs {
    /** All of them the same jobs, by what the cluster calls them. */
    readonly subjects: ReadonlyArray<{ readonly kind: "User" | "Group"; readonly name: pulumi.Input<string> }>;
}

export class ReviewAccess extends pulumi.ComponentResource {
    constructor(name: string, { subjects }: ReviewAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:identity:ReviewAccess", name, {}, opts);
        const metadata = { name: "django-on-kubernetes-review" };
        const policy = this.keepApart(name, subjects, metadata);
        const role = new ClusterRole(
            `${name}-role`,
            {
                metadata,
                rules: reviewRules.map(({ apiGroups, resources, verbs }) => ({
                    apiGroups: [...apiGroups],
                    resources: [...resources],
                    verbs: [...verbs],
                })),
            },
            { parent: this },
        );
        new ClusterRoleBinding(
            `${name}-binding`,
            {
                metadata,
                roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
                subjects: subjects.map((subject) => ({ apiGroup: "rbac.authorization.k8s.io", ...subject })),
            },
            // Nobody has these rights before they are held back.
            { parent: this, dependsOn: [policy] },
        );
        this.registerOutputs({});
    }

    private keepApart(
        name: string,
        subjects: ReviewAccessArgs["subjects"],
        metadata: { readonly name: string },
    ): ValidatingAdmissionPolicyBinding {
        const isOne = pulumi
            .all(
                subjects.map(({ kind, name: called }) =>
                    pulumi.output(called).apply((one) => isSubject({ kind, name: one })),
                ),
            )
            .apply((tests) => tests.map((test) => `(${test})`).join(" || "));
        const policy = new ValidatingAdmissionPolicy(
            `${name}-policy`,
            {
                metadata,
                spec: reviewPolicy(isOne),
            },
            { parent: this },
        );
        return new ValidatingAdmissionPolicyBinding(
            `${name}-policy-binding`,
            { metadata, spec: { policyName: policy.metadata.name, validationActions: ["Deny"] } },
            { parent: this },
        );
    }
}
