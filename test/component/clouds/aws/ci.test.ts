// Does not prove that STS takes a job's token: that needs an account.
import { describe, expect, test } from "vitest";
import { CiClusterAccess } from "../../../../components/cluster/aws/ci-access.ts";
import { AwsCi, type AwsCiArgs } from "../../../../components/identity/aws/ci.ts";
import { expectOneFamily, type RecordedComponent } from "../../../support/component.ts";
import { remembered } from "../../../support/remembered.ts";
import { recordAws } from "./support.ts";

const jobs = { branches: [], environments: [], pullRequests: false };
const repository = "arn:aws:ecr:eu-central-1:123456789012:repository/shop-staging/shop";
const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
const defaults: AwsCiArgs = {
    instance: "shop-staging",
    repository: { system: "github", name: "example-org/shop" },
    push: { ...jobs, branches: ["main"] },
    preview: { ...jobs, pullRequests: true },
    review: { ...jobs, environments: ["review"], stacks: { project: "shop", prefix: "pr-", lender: "staging" } },
    deploy: { ...jobs, environments: ["staging"], grants: [administrator] },
    repositories: [repository],
    secretsKey: { arn: "arn:aws:kms:eu-central-1:123456789012:key/k" },
    stateBucket: "acme-state",
};

const record = remembered((changes: Partial<AwsCiArgs> = {}, preview: boolean = false) =>
    recordAws(
        (opts) => {
            const { identities } = new AwsCi("ci", { ...defaults, ...changes }, opts);
            return { identities };
        },
        { preview },
    ),
);

interface Document {
    readonly Statement: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

const documentOf = (plan: RecordedComponent, kind: string, name: string, input = "policy"): Document =>
    JSON.parse(plan.get(kind, name).props[input] as string) as Document;

test("a provider, a role for each right, and what each may do", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "AwsCi ci",
        "OpenIdConnectProvider ci-provider",
        "Role ci-deploy-role",
        "Role ci-preview-role",
        "Role ci-push-role",
        "Role ci-review-role",
        "RolePolicy ci-deploy-policy",
        "RolePolicy ci-preview-policy",
        "RolePolicy ci-push-policy",
        "RolePolicy ci-review-policy",
        "RolePolicyAttachment ci-deploy-AdministratorAccess",
        "RolePolicyAttachment ci-preview-SecurityAudit",
        "RolePolicyAttachment ci-preview-ViewOnlyAccess",
    ]);
    expectOneFamily(plan, ["AwsCi", "ci"]);
    expect(plan.get("OpenIdConnectProvider", "ci-provider").props).toEqual({
        url: "https://token.actions.githubusercontent.com",
        clientIdLists: ["sts.amazonaws.com"],
    });
});

test("a role is taken on by its jobs' tokens and nothing else", async () => {
    const plan = await record();
    const [statement, ...others] = documentOf(plan, "Role", "ci-push-role", "assumeRolePolicy").Statement;
    expect(others).toEqual([]);
    expect(statement).toEqual({
        Effect: "Allow",
        Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
            StringEquals: {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": ["repo:example-org/shop:ref:refs/heads/main"],
            },
        },
    });
});

test("who pushes writes these repositories and nothing else", async () => {
    const [login, push, ...others] = documentOf(await record(), "RolePolicy", "ci-push-policy").Statement;
    expect(others).toEqual([]);
    expect(login).toEqual({ Effect: "Allow", Action: ["ecr:GetAuthorizationToken"], Resource: "*" });
    expect(push).toMatchObject({ Resource: [repository] });
    expect(push!["Action"]).toContain("ecr:PutImage");
    expect(push!["Action"]).not.toContain("ecr:BatchDeleteImage");
});

test("previews decrypt and read the state, deployments write both", async () => {
    const plan = await record();
    const actions = (name: string) =>
        documentOf(plan, "RolePolicy", name).Statement.flatMap(({ Action }) => Action as string[]);
    expect(actions("ci-preview-policy")).toEqual(["kms:Decrypt", "s3:ListBucket", "s3:GetObject"]);
    expect(actions("ci-deploy-policy")).toEqual([
        "kms:Decrypt",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "s3:ListBucket",
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
    ]);
});

const state = "arn:aws:s3:::acme-state";

test("environments of pull requests push, encrypt, and write the state of their own stacks alone", async () => {
    const { Statement } = documentOf(await record(), "RolePolicy", "ci-review-policy");
    expect(Statement.slice(2)).toEqual([
        {
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
            Resource: "arn:aws:kms:eu-central-1:123456789012:key/k",
        },
        { Effect: "Allow", Action: ["s3:ListBucket"], Resource: state },
        {
            Effect: "Allow",
            Action: ["s3:GetObject"],
            Resource: [
                `${state}/.pulumi/meta.yaml`,
                `${state}/.pulumi/stacks/shop/staging.json`,
                `${state}/.pulumi/stacks/shop/staging.json.gz`,
                `${state}/.pulumi/stacks/shop/staging.json.zst`,
            ],
        },
        {
            Effect: "Allow",
            Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            Resource: [
                `${state}/.pulumi/stacks/shop/pr-*`,
                `${state}/.pulumi/backups/shop/pr-*`,
                `${state}/.pulumi/history/shop/pr-*`,
                `${state}/.pulumi/locks/organization/shop/pr-*`,
            ],
        },
    ]);
    const push = documentOf(await record(), "RolePolicy", "ci-push-policy").Statement;
    expect(Statement.slice(0, 2)).toEqual(push);
});

test("environments of pull requests without a registry and a bucket of the account's have the key alone", async () => {
    const { stateBucket: _, ...others } = defaults;
    const plan = await recordAws((opts) => {
        new AwsCi("ci", { ...others, repositories: [] }, opts);
        return {};
    });
    expect(documentOf(plan, "RolePolicy", "ci-review-policy").Statement).toHaveLength(1);
});

test("a key that is known by its alias is named by it", async () => {
    const plan = await record({ secretsKey: { alias: "alias/shop" } });
    expect(documentOf(plan, "RolePolicy", "ci-preview-policy").Statement[0]).toMatchObject({
        Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/shop" } },
    });
});

test("a provider that the account has already is used", async () => {
    const arn = "arn:aws:iam::123456789012:oidc-provider/gitlab.com";
    const plan = await record({
        oidcProvider: arn,
        repository: { system: "gitlab", name: "example-org/shop", server: "https://gitlab.com" },
        deploy: { ...jobs, branches: ["main"], grants: [administrator] },
    });
    expect(plan.created.filter((created) => created.startsWith("OpenIdConnectProvider"))).toEqual([]);
    const { Statement } = documentOf(plan, "Role", "ci-preview-role", "assumeRolePolicy");
    expect(Statement).toMatchObject([
        {
            Principal: { Federated: arn },
            Condition: {
                StringEquals: { "gitlab.com:aud": "sts.amazonaws.com" },
                StringLike: { "gitlab.com:sub": "project_path:example-org/shop:ref_type:branch:ref:*" },
            },
        },
    ]);
});

test("a workflow is told the roles", async () => {
    const { identities } = (await record()).outputs as { identities: Record<string, string> };
    expect(Object.keys(identities)).toEqual(["push", "preview", "review", "deploy"]);
    expect(identities["deploy"]).toMatch(/^arn:aws:iam::123456789012:role\/ci-deploy-role-/);
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});

describe("in the cluster", () => {
    const recordAccess = (roles: { deploy?: string; preview?: string; review?: string }) =>
        recordAws((opts) => {
            new CiClusterAccess("ci-access", { clusterName: "shop", roles }, opts);
            return {};
        });

    test("one role administers, the other looks on and reads no Secret", async () => {
        const plan = await recordAccess({ deploy: "arn:deploy", preview: "arn:preview" });
        const policy = (right: string) =>
            plan.get("AccessPolicyAssociation", `ci-access-${right}`).props["policyArn"] as string;
        expect(policy("deploy")).toMatch(/\/AmazonEKSClusterAdminPolicy$/);
        expect(policy("preview")).toMatch(/\/AmazonEKSViewPolicy$/);
        expect(plan.get("AccessPolicyAssociation", "ci-access-deploy").dependencies).toContain(
            plan.get("AccessEntry", "ci-access-deploy").urn,
        );
        expect(plan.get("AccessEntry", "ci-access-preview").props).toMatchObject({
            clusterName: "shop",
            principalArn: "arn:preview",
        });
    });

    test("environments of pull requests are of a group, and of no policy of AWS's", async () => {
        const plan = await recordAccess({ review: "arn:review" });
        expect(plan.created).toEqual(["AccessEntry ci-access-review", "CiClusterAccess ci-access"]);
        expect(plan.get("AccessEntry", "ci-access-review").props).toMatchObject({
            principalArn: "arn:review",
            kubernetesGroups: ["django-on-kubernetes:review"],
        });
    });

    test("a right that nobody has is nobody's", async () => {
        expect((await recordAccess({ deploy: "arn:deploy" })).created).toEqual([
            "AccessEntry ci-access-deploy",
            "AccessPolicyAssociation ci-access-deploy",
            "CiClusterAccess ci-access",
        ]);
    });
});
