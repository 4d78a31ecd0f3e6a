// The app's permission to use its buckets: by who its pods are where EKS can tell, else by a key.
import * as pulumi from "@pulumi/pulumi";
import { AccessKey as IamAccessKey } from "@pulumi/aws/iam/accessKey.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { User } from "@pulumi/aws/iam/user.js";
import { UserPolicy } from "@pulumi/aws/iam/userPolicy.js";
import type { DataPolicy } from "../../contract.ts";
import { podIdentityAssociation, untilItHolds } from "../../pod-identity/aws/pod-identity.ts";
import type { PodIdentity } from "../../identity/contract.ts";
import type { AccessKey } from "../contract.ts";

/** `pods`: the EKS cluster's name, whose Pod Identity agent gives pods what the role may do. `key`: for any other cluster. */
export type BucketAccess =
    | {
          readonly by: "pods";
          readonly cluster: string;
          readonly users: readonly PodIdentity[];
          /** Who writes static files. */
          readonly staticWriters: readonly PodIdentity[];
      }
    | { readonly by: "key" };

export interface BucketPermissions {
    /** ARNs of the buckets whose objects may be read, written and deleted. */
    readonly writes: ReadonlyArray<pulumi.Input<string>>;
    /** ARNs of those whose objects may be read. @default none besides */
    readonly reads?: ReadonlyArray<pulumi.Input<string>>;
    /** The key that objects are encrypted with. @default S3's own */
    readonly keyArn?: string;
    readonly data: DataPolicy;
    readonly tags: Readonly<Record<string, string>>;
}

/** Where EKS's agent answers on every node. */
export const podIdentityAgent = { cidr: "169.254.170.23/32", port: 80 } as const;

/** A role for these pods and no others. */
export function podAccess(
    name: string,
    { cluster, users }: { readonly cluster: string; readonly users: readonly PodIdentity[] },
    permissions: BucketPermissions,
    parent: pulumi.Resource,
): void {
    // IAM takes no condition without values.
    if (users.length === 0) {
        return;
    }
    const opts = { parent };
    const role = new Role(
        `${name}-role`,
        {
            description: "Uses the buckets of an environment of django-on-kubernetes",
            assumeRolePolicy: pulumi.jsonStringify({
                Version: "2012-10-17",
                Statement: [
                    {
                        Effect: "Allow",
                        Principal: { Service: "pods.eks.amazonaws.com" },
                        Action: ["sts:AssumeRole", "sts:TagSession"],
                        Condition: {
                            StringEquals: {
                                "aws:RequestTag/eks-cluster-name": [cluster],
                                "aws:RequestTag/kubernetes-namespace": pulumi
                                    .all(users.map(({ namespace }) => namespace))
                                    .apply((all) => [...new Set(all)].sort()),
                                // In an order of their own: another order of the apps is no change.
                                "aws:RequestTag/kubernetes-service-account": users
                                    .map(({ serviceAccount }) => serviceAccount)
                                    .sort(),
                            },
                        },
                    },
                ],
            }),
            tags: permissions.tags,
        },
        opts,
    );
    const policy = new RolePolicy(
        `${name}-role-policy`,
        { role: role.name, policy: policyDocument(permissions) },
        opts,
    );
    for (const { namespace, serviceAccount } of users) {
        podIdentityAssociation(
            `${name}-for-${serviceAccount}`,
            { clusterName: cluster, namespace, serviceAccount, roleArn: role.arn, tags: permissions.tags },
            { parent, dependsOn: policy },
        );
    }
}

/** @returns a key of a user that may do nothing else */
export function keyAccess(name: string, permissions: BucketPermissions, parent: pulumi.Resource): AccessKey {
    const opts = { parent };
    const user = new User(
        `${name}-user`,
        // Else a key that somebody made by hand would keep an ephemeral environment alive.
        { forceDestroy: permissions.data === "disposable", tags: permissions.tags },
        opts,
    );
    new UserPolicy(`${name}-user-policy`, { user: user.name, policy: policyDocument(permissions) }, opts);
    // IAM knows a new key everywhere some seconds later: a job of an image's own, which is not tried again, would be refused till then.
    const key = new IamAccessKey(
        `${name}-key`,
        { user: user.name },
        { ...opts, hooks: { afterCreate: [untilItHolds] } },
    );
    return { id: pulumi.secret(key.id), secret: pulumi.secret(key.secret) };
}

/**
 * What django-storages does: read, write, delete, list, and give up an upload of many parts. Of static files the app reads the manifest,
 * and asks whether a file is there.
 */
function policyDocument({ writes, reads = [], keyArn }: BucketPermissions): pulumi.Output<string> {
    const objects = (buckets: ReadonlyArray<pulumi.Input<string>>) =>
        buckets.map((arn) => pulumi.interpolate`${arn}/*`);
    return pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
            { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [...reads, ...writes] },
            {
                Effect: "Allow",
                Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
                Resource: objects(writes),
            },
            ...(reads.length === 0 ? [] : [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: objects(reads) }]),
            ...(keyArn === undefined
                ? []
                : [{ Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: [keyArn] }]),
        ],
    });
}
