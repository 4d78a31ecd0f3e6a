// What CI's roles may do in a cluster that is made here: one brings environments up, one looks on, one is of a group.
import * as pulumi from "@pulumi/pulumi";
import { AccessEntry } from "@pulumi/aws/eks/accessEntry.js";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation.js";

export interface CiClusterAccessArgs {
    readonly clusterName: pulumi.Input<string>;
    /** ARNs of roles. */
    readonly roles: {
        readonly deploy?: pulumi.Input<string>;
        readonly preview?: pulumi.Input<string>;
        /** Has the rights of `reviewGroup`. */
        readonly review?: pulumi.Input<string>;
    };
}

/** Of the cluster, whose members bring up environments of pull requests. */
export const reviewGroup = "django-on-kubernetes:review";

/**
 * Not the view of administrators, which reads Secrets too.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
const policies = { deploy: "AmazonEKSClusterAdminPolicy", preview: "AmazonEKSViewPolicy" } as const;

export class CiClusterAccess extends pulumi.ComponentResource {
    constructor(name: string, { clusterName, roles }: CiClusterAccessArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:cluster:CiClusterAccess", name, {}, opts);
        for (const right of ["deploy", "preview"] as const) {
            const principalArn = roles[right];
            if (principalArn === undefined) {
                continue;
            }
            const entry = new AccessEntry(
                `${name}-${right}`,
                { clusterName, principalArn, type: "STANDARD" },
                { parent: this },
            );
            new AccessPolicyAssociation(
                `${name}-${right}`,
                {
                    clusterName,
                    principalArn,
                    policyArn: `arn:aws:eks::aws:cluster-access-policy/${policies[right]}`,
                    accessScope: { type: "cluster" },
                },
                { parent: this, dependsOn: [entry] },
            );
        }
        if (roles.review !== undefined) {
            const entry = {
                clusterName,
                principalArn: roles.review,
                type: "STANDARD",
                kubernetesGroups: [reviewGroup],
            };
            new AccessEntry(`${name}-review`, entry, { parent: this });
        }
        this.registerOutputs({});
    }
}
