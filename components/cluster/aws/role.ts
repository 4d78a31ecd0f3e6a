// An IAM role of a service, with what the service's documentation asks for and nothing else.
import * as pulumi from "@pulumi/pulumi";
import type { CustomResourceOptions, Input, Output, Resource } from "@pulumi/pulumi";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import type { PodIdentity } from "../../identity/contract.ts";

/** Who takes the role. Pods do by EKS Pod Identity, which says in tags of the session which pod it is. */
export type RoleService = "eks.amazonaws.com" | "ec2.amazonaws.com" | "pods.eks.amazonaws.com";

export interface ServiceRoleArgs {
    readonly service: RoleService;
    readonly description: string;
    /** AWS's managed policies, with their path: `AmazonEKSClusterPolicy`, `service-role/AmazonEBSCSIDriverPolicy`. @default none */
    readonly managedPolicies?: readonly string[];
    /** A policy document of our own. @default none */
    readonly policy?: Input<string>;
    /** The only pods that may take it, whatever association says otherwise. @default any that an association names */
    readonly pods?: PodIdentity;
}

export interface ServiceRole {
    readonly arn: Output<string>;
    readonly name: Output<string>;
    /** Its permissions: what acts by the role depends on them, and so is deleted while it may still clean up. */
    readonly permissions: readonly Resource[];
}

const actions: Readonly<Record<RoleService, readonly string[]>> = {
    "eks.amazonaws.com": ["sts:AssumeRole", "sts:TagSession"],
    "ec2.amazonaws.com": ["sts:AssumeRole"],
    "pods.eks.amazonaws.com": ["sts:AssumeRole", "sts:TagSession"],
};

export function serviceRole(name: string, args: ServiceRoleArgs, opts: CustomResourceOptions): ServiceRole {
    const { description, managedPolicies = [], policy } = args;
    const role = new Role(`${name}-role`, { description, assumeRolePolicy: trustPolicy(args) }, opts);
    const attachments = managedPolicies.map(
        (managed) =>
            new RolePolicyAttachment(
                `${name}-${managed.split("/").at(-1)!}`,
                { role: role.name, policyArn: `arn:aws:iam::aws:policy/${managed}` },
                opts,
            ),
    );
    const own = policy === undefined ? [] : [new RolePolicy(`${name}-policy`, { role: role.name, policy }, opts)];
    return { arn: role.arn, name: role.name, permissions: [...attachments, ...own] };
}

/** Pod Identity says in the session's tags which pod asks. @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html */
function trustPolicy({ service, pods }: ServiceRoleArgs): Input<string> {
    const statement = { Effect: "Allow", Principal: { Service: service }, Action: actions[service] };
    const document = (condition: object) =>
        JSON.stringify({ Version: "2012-10-17", Statement: [{ ...statement, ...condition }] });
    return pods === undefined
        ? document({})
        : pulumi.output(pods.namespace).apply((namespace) =>
              document({
                  Condition: {
                      StringEquals: {
                          "aws:RequestTag/kubernetes-namespace": namespace,
                          "aws:RequestTag/kubernetes-service-account": pods.serviceAccount,
                      },
                  },
              }),
          );
}
