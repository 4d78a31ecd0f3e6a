// Who CI is to AWS: roles that jobs of one repository take on with the token that GitHub or GitLab signs for them.
import * as pulumi from "@pulumi/pulumi";
import { OpenIdConnectProvider } from "@pulumi/aws/iam/openIdConnectProvider.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { awsAudience, awsConditions, issuerOf, type CiJobs } from "../../../lib/ci-jobs.ts";
import { readByReviews, writtenByReviews } from "../../../lib/ci-state.ts";
import { ciRights, type CiArgs, type CiIdentity, type CiRight } from "../ci.ts";

export interface AwsCiArgs extends CiArgs {
    /** The ARN of the account's provider for this issuer, which it has once. @default one is made */
    readonly oidcProvider?: string;
    /** ARNs of the repositories that images are pushed to. */
    readonly repositories: ReadonlyArray<pulumi.Input<string>>;
    /** The key of the stack's secrets. @default CI gets no right to one */
    readonly secretsKey?: SecretsKey;
}

/** By its ARN, or by the name that people gave it. */
export type SecretsKey = { readonly arn: pulumi.Input<string> } | { readonly alias: string };

interface Statement {
    readonly Effect: "Allow";
    readonly Action: readonly string[];
    readonly Resource: pulumi.Input<string> | ReadonlyArray<pulumi.Input<string>>;
    readonly Condition?: object;
}

/** How things are set, and nothing that is in them: `ReadOnlyAccess` would read every bucket's files. */
const previewPolicies = ["job-function/ViewOnlyAccess", "SecurityAudit"].map(
    (policy) => `arn:aws:iam::aws:policy/${policy}`,
);

export class AwsCi extends pulumi.ComponentResource implements CiIdentity {
    readonly identities: CiIdentity["identities"];

    constructor(name: string, args: AwsCiArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:identity:AwsCi", name, {}, opts);
        const provider = args.oidcProvider ?? this.createProvider(name, args);
        this.identities = Object.fromEntries(
            ciRights.flatMap((right) => {
                const jobs = args[right];
                return jobs === undefined ? [] : [[right, this.createRole(name, right, args, jobs, provider)] as const];
            }),
        );
        this.registerOutputs({});
    }

    private createProvider(name: string, { repository }: AwsCiArgs): pulumi.Output<string> {
        return new OpenIdConnectProvider(
            `${name}-provider`,
            { url: issuerOf(repository), clientIdLists: [awsAudience] },
            { parent: this },
        ).arn;
    }

    private createRole(
        name: string,
        right: CiRight,
        args: AwsCiArgs,
        jobs: CiJobs,
        provider: pulumi.Input<string>,
    ): pulumi.Output<string> {
        const opts = { parent: this };
        const role = new Role(
            `${name}-${right}-role`,
            {
                description: `${right} by jobs of ${args.repository.name}`,
                assumeRolePolicy: pulumi.jsonStringify({
                    Version: "2012-10-17",
                    Statement: awsConditions(args.repository, jobs).map((condition) => ({
                        Effect: "Allow",
                        Principal: { Federated: provider },
                        Action: "sts:AssumeRoleWithWebIdentity",
                        Condition: condition,
                    })),
                }),
            },
            opts,
        );
        for (const policyArn of policiesOf(right, args)) {
            new RolePolicyAttachment(
                `${name}-${right}-${policyArn.split("/").at(-1)!}`,
                { role: role.name, policyArn },
                opts,
            );
        }
        const statements = statementsOf(right, args);
        if (statements.length > 0) {
            const policy = pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
            new RolePolicy(`${name}-${right}-policy`, { role: role.name, policy }, opts);
        }
        return role.arn;
    }
}

function policiesOf(right: CiRight, { deploy }: AwsCiArgs): readonly string[] {
    switch (right) {
        case "push":
        case "review":
            return [];
        case "preview":
            return previewPolicies;
        case "deploy":
            return deploy!.grants;
        default:
            return right satisfies never;
    }
}

function statementsOf(right: CiRight, args: AwsCiArgs): Statement[] {
    switch (right) {
        case "push":
            return pushes(args.repositories);
        case "review":
            return [
                // A statement of no resource is none that IAM takes.
                ...(args.repositories.length === 0 ? [] : pushes(args.repositories)),
                ...usesKey(right, args.secretsKey),
                ...usesStateOfReviews(args),
            ];
        case "preview":
        case "deploy":
            return [...usesKey(right, args.secretsKey), ...usesState(right, args.stateBucket)];
        default:
            return right satisfies never;
    }
}

/** Of no other stack is anything written: who writes the lender's state says what its next update does. */
function usesStateOfReviews({ stateBucket: bucket, review }: AwsCiArgs): Statement[] {
    if (bucket === undefined) {
        return [];
    }
    const arn = (key: string): string => `arn:aws:s3:::${bucket}/${key}`;
    const { stacks } = review!;
    return [
        { Effect: "Allow", Action: ["s3:ListBucket"], Resource: `arn:aws:s3:::${bucket}` },
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: readByReviews(stacks).map(arn) },
        {
            Effect: "Allow",
            Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            Resource: writtenByReviews(stacks).map((prefix) => arn(`${prefix}*`)),
        },
    ];
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html */
function pushes(repositories: AwsCiArgs["repositories"]): Statement[] {
    return [
        // It knows no resource.
        { Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" },
        {
            Effect: "Allow",
            Action: [
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:CompleteLayerUpload",
                "ecr:DescribeImages",
                "ecr:GetDownloadUrlForLayer",
                "ecr:InitiateLayerUpload",
                "ecr:PutImage",
                "ecr:UploadLayerPart",
            ],
            Resource: repositories,
        },
    ];
}

function usesKey(right: Exclude<CiRight, "push">, key: SecretsKey | undefined): Statement[] {
    if (key === undefined) {
        return [];
    }
    const Action = right === "preview" ? ["kms:Decrypt"] : ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"];
    return "arn" in key
        ? [{ Effect: "Allow", Action, Resource: key.arn }]
        : [
              {
                  Effect: "Allow",
                  Action,
                  Resource: "arn:aws:kms:*:*:key/*",
                  Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": key.alias } },
              },
          ];
}

function usesState(right: "preview" | "deploy", bucket: string | undefined): Statement[] {
    if (bucket === undefined) {
        return [];
    }
    const objects = right === "preview" ? ["s3:GetObject"] : ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"];
    return [
        { Effect: "Allow", Action: ["s3:ListBucket"], Resource: `arn:aws:s3:::${bucket}` },
        { Effect: "Allow", Action: objects, Resource: `arn:aws:s3:::${bucket}/*` },
    ];
}
