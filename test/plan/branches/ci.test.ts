// The branches of R115, R116, R142 and R143, on plans of the example stacks. Does not prove what AWS and Google make of a trust: an account does.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { UnknownValue, type Plan } from "../../../commands/plan/plan.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import { checkPlan } from "../../../policy/index.ts";
import { planOf, project, type Sections } from "../support/plans.ts";
import { spoil, type Spoiled } from "../support/spoil.ts";
import { testBranches, type Branch } from "./branches.ts";

let aws: Plan;
let awsOfGitlab: Plan;
let gcp: Plan;

const gitlab = {
    variant: "gitlab",
    project: "example-org/shop",
    push: { branches: ["main"] },
    preview: {},
    review: {},
    deploy: { branches: ["main"], policies: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
    stateBucket: "example-pulumi-state",
};

beforeAll(async () => {
    const amazon = await sectionsOf("aws");
    aws = await planOf(amazon, { stack: "staging" });
    awsOfGitlab = await planOf({ ...amazon, platform: { ...amazon["platform"], ci: gitlab } }, { stack: "staging" });
    const google = await sectionsOf("gcp");
    const ci = { ...(google["platform"]!["ci"] as object), stateBucket: "example-pulumi-state" };
    gcp = await planOf({ ...google, platform: { ...google["platform"], ci } }, { stack: "staging" });
});

async function sectionsOf(example: string): Promise<Sections> {
    const text = await readFile(join(projectRoot, "examples/stacks", example, "Pulumi.staging.yaml"), "utf8");
    const { config } = parse(text) as { config: Sections };
    return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(project.length + 1), value]));
}

it("the plans that are spoiled below keep the rules", () => {
    const found = [aws, awsOfGitlab, gcp].flatMap((plan) => checkPlan(plan));
    expect(found.filter(({ rule }) => ["R115", "R116", "R142", "R143"].includes(rule))).toEqual([]);
});

const host = "token.actions.githubusercontent.com";
type Statement = { Condition: Record<string, Record<string, unknown>>; Principal: unknown; Effect: string };

function trust(
    what: string,
    breaks: string | readonly string[] | undefined,
    change: (statement: Statement) => void,
    of = "push",
): Branch {
    return {
        what: `AWS: ${what}`,
        breaks: breaks === undefined ? [] : [breaks].flat(),
        plan: () =>
            spoil(aws, `ci-${of}-role`, (r) => {
                const document = JSON.parse(r.props["assumeRolePolicy"]) as { Statement: Statement[] };
                document.Statement.forEach(change);
                r.props["assumeRolePolicy"] = JSON.stringify(document);
            }),
    };
}

/** Whom nobody knows may be a pull request. */
const both = ["R115 assumeRolePolicy.Statement[0].Condition", "R116 policy.Statement[1].Action"];
const condition = "R115 assumeRolePolicy.Statement[0].Condition";
const subject =
    (value: unknown, operator = "StringEquals") =>
    (statement: Statement) => {
        statement.Condition = { StringEquals: { [`${host}:aud`]: "sts.amazonaws.com" } };
        statement.Condition[operator] = { ...statement.Condition[operator], [`${host}:sub`]: value };
    };

const withoutClaim = (claim: string) => (statement: Statement) => {
    const claims = Object.entries(statement.Condition["StringEquals"]!);
    statement.Condition["StringEquals"] = Object.fromEntries(claims.filter(([key]) => key !== `${host}:${claim}`));
};

describe("R115, by a role's trust", () => {
    testBranches([
        trust("no subject", condition, withoutClaim("sub")),
        trust("no audience", condition, withoutClaim("aud")),
        trust("no condition", condition, (s) => (s.Condition = {})),
        trust("every repository of an owner", both, subject("repo:example-org/*", "StringLike")),
        trust("every job of a repository", both, subject("repo:example-org/shop:*", "StringLike")),
        trust("one letter left open", both, subject(["repo:example-org/shop:ref:refs/heads/mai?"], "StringLike")),
        trust(
            "an operator that holds for a token without the claim",
            condition,
            subject("repo:example-org/shop:ref:refs/heads/main", "ForAllValues:StringEquals"),
        ),
        trust(
            "exact by another operator",
            undefined,
            subject("repo:example-org/shop:ref:refs/heads/main", "StringLike"),
        ),
        trust("a denial", undefined, (s) => {
            s.Effect = "Deny";
            s.Condition = {};
        }),
        trust("pods of a cluster", undefined, (s) => {
            s.Principal = {
                Federated: "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/A",
            };
        }),
        {
            what: "AWS: what is not known yet",
            breaks: [],
            plan: () => spoil(aws, "ci-push-role", (r) => (r.props["assumeRolePolicy"] = new UnknownValue())),
        },
        {
            what: "AWS: what is no JSON",
            breaks: [],
            plan: () => spoil(aws, "ci-push-role", (r) => (r.props["assumeRolePolicy"] = "{")),
        },
    ]);
});

const provider = (value: unknown) => (r: Spoiled) => (r.props["attributeCondition"] = value);
const member = (attribute: string) => (r: Spoiled) =>
    (r.props["member"] = (r.props["member"] as string).replace(/\/(attribute|\*).*$/, `/${attribute}`));

describe("R115, by a provider's condition and who is a member", () => {
    const branch = (what: string, breaks: string[], name: string, change: (r: Spoiled) => unknown): Branch => ({
        what: `Google Cloud: ${what}`,
        breaks,
        plan: () => spoil(gcp, name, change),
    });
    const onBranch = "ci-push-for-branch/refs/heads/main";
    testBranches([
        branch("no condition", ["R115 attributeCondition"], "ci-provider", provider(undefined)),
        branch(
            "an owner",
            ["R115 attributeCondition"],
            "ci-provider",
            provider("assertion.repository_owner == 'example-org'"),
        ),
        branch(
            "one repository or another's",
            ["R115 attributeCondition"],
            "ci-provider",
            provider("assertion.repository == 'example-org/shop' || true"),
        ),
        branch(
            "a part of a name",
            ["R115 attributeCondition"],
            "ci-provider",
            provider("assertion.repository.startsWith('example-org/')"),
        ),
        branch("by its number", [], "ci-provider", provider('assertion.repository_id == "1"')),
        branch("what is not known yet", [], "ci-provider", provider(new UnknownValue())),
        branch("no OIDC", [], "ci-provider", (r) => {
            delete r.props["oidc"];
            delete r.props["attributeCondition"];
        }),
        branch("all of a pool", ["R115 member"], onBranch, member("*")),
        branch("all of a repository", ["R115 member"], onBranch, member("attribute.repository/example-org/shop")),
        branch("all of an owner", ["R115 member"], onBranch, member("attribute.repository_owner/example-org")),
        branch("an environment", [], onBranch, member("attribute.environment/production")),
    ]);
});

describe("R116", () => {
    const administrator = (r: Spoiled) => (r.props["policyArn"] = "arn:aws:iam::aws:policy/AdministratorAccess");
    const actions = (plan: () => Plan, change: (statement: Record<string, unknown>) => void) => () =>
        spoil(plan(), "ci-preview-policy", (r) => {
            const document = JSON.parse(r.props["policy"]) as { Statement: Record<string, unknown>[] };
            document.Statement.forEach(change);
            r.props["policy"] = JSON.stringify(document);
        });
    const withoutAccount = (attribute: string) => (r: Spoiled) => {
        member(attribute)(r);
        r.props["role"] = "roles/artifactregistry.writer";
        r.dependencies = [];
    };
    testBranches([
        {
            what: "AWS: a policy that writes",
            breaks: ["R116 policyArn"],
            plan: () => spoil(aws, "ci-preview-SecurityAudit", administrator),
        },
        {
            what: "AWS: GitLab's merge requests write",
            breaks: ["R116 policyArn"],
            plan: () => spoil(awsOfGitlab, "ci-preview-SecurityAudit", administrator),
        },
        {
            what: "AWS: an action that writes",
            breaks: ["R116 policy.Statement[0].Action"],
            plan: actions(
                () => aws,
                (statement) => (statement["Action"] = ["kms:Decrypt", "kms:Encrypt"]),
            ),
        },
        {
            what: "AWS: all actions but some",
            breaks: ["R116 policy.Statement[0].Action", "R127 policy.Statement[0].NotAction"],
            plan: actions(
                () => aws,
                (statement) => {
                    delete statement["Action"];
                    statement["NotAction"] = ["iam:*"];
                },
            ),
        },
        {
            what: "AWS: a denial",
            breaks: [],
            plan: actions(
                () => aws,
                (statement) => {
                    statement["Effect"] = "Deny";
                    statement["Action"] = ["s3:*"];
                },
            ),
        },
        trust("pull requests push", "R116 policy.Statement[1].Action", subject(["repo:example-org/shop:pull_request"])),
        {
            what: "Google Cloud: previews write",
            breaks: ["R116 role"],
            plan: () => spoil(gcp, "ci-preview-compute.viewer", (r) => (r.props["role"] = "roles/editor")),
        },
        {
            what: "Google Cloud: previews encrypt",
            breaks: ["R116 role"],
            plan: () =>
                spoil(
                    gcp,
                    "ci-preview-secrets",
                    (r) => (r.props["role"] = "roles/cloudkms.cryptoKeyEncrypterDecrypter"),
                ),
        },
        {
            what: "Google Cloud: pull requests push",
            breaks: ["R116 role"],
            plan: () => spoil(gcp, "ci-push-for-branch/refs/heads/main", member("attribute.event/pull_request")),
        },
        {
            what: "Google Cloud: previews have the basic role that reads every bucket",
            breaks: ["R116 role"],
            plan: () => spoil(gcp, "ci-preview-compute.viewer", (r) => (r.props["role"] = "roles/viewer")),
        },
        {
            what: "Google Cloud: pull requests push, known by the token's own subject",
            breaks: ["R116 role"],
            plan: () =>
                spoil(gcp, "ci-push-for-branch/refs/heads/main", (r) => {
                    r.props["member"] = (r.props["member"] as string)
                        .replace("principalSet:", "principal:")
                        .replace(/\/attribute\..*$/, "/subject/repo:example-org/shop:pull_request");
                }),
        },
        {
            what: "Google Cloud: pull requests push without an account",
            breaks: ["R116 role"],
            plan: () =>
                spoil(gcp, "ci-push-for-branch/refs/heads/main", withoutAccount("attribute.event/pull_request")),
        },
        {
            what: "Google Cloud: those of pull requests' other event push without an account",
            breaks: ["R116 role"],
            plan: () =>
                spoil(gcp, "ci-push-for-branch/refs/heads/main", withoutAccount("attribute.event/pull_request_target")),
        },
        {
            what: "Google Cloud: a branch's jobs push without an account",
            breaks: [],
            plan: () =>
                spoil(gcp, "ci-push-for-branch/refs/heads/main", withoutAccount("attribute.branch/refs/heads/main")),
        },
        {
            what: "AWS: pull requests read what is in buckets",
            breaks: ["R116 policyArn"],
            plan: () =>
                spoil(
                    aws,
                    "ci-preview-SecurityAudit",
                    (r) => (r.props["policyArn"] = "arn:aws:iam::aws:policy/ReadOnlyAccess"),
                ),
        },
        {
            what: "Google Cloud: previews read files",
            breaks: [],
            plan: () =>
                spoil(gcp, "ci-preview-compute.viewer", (r) => (r.props["role"] = "roles/storage.objectViewer")),
        },
    ]);
});

describe("R142", () => {
    /** @param at of a statement of the role's policy: registry's login and repositories, key, names of the bucket's objects, one's, others' */
    const statement = (
        what: string,
        at: number,
        change: (statement: Record<string, unknown>) => void,
        more: readonly string[] = [],
    ): Branch => ({
        what: `AWS: ${what}`,
        breaks: [`R142 policy.Statement[${at}]`, ...more],
        plan: () =>
            spoil(awsOfGitlab, "ci-review-policy", (r) => {
                const document = JSON.parse(r.props["policy"]) as { Statement: Record<string, unknown>[] };
                change(document.Statement[at]!);
                r.props["policy"] = JSON.stringify(document);
            }),
    });
    const state = "arn:aws:s3:::example-pulumi-state";
    const grant = (what: string, of: string, change: (r: Spoiled) => void, breaks = ["R142 role"]): Branch => ({
        what: `Google Cloud: ${what}`,
        breaks,
        plan: () => spoil(gcp, of, change),
    });
    const expression = (text: string) => (r: Spoiled) => (r.props["condition"].expression = text);
    const objects = "projects/_/buckets/example-pulumi-state/objects/";
    testBranches([
        statement("to all repositories", 1, (one) => (one["Resource"] = "*"), ["R127 policy.Statement[1].Resource"]),
        statement("a key's policy", 2, (one) => (one["Action"] = ["kms:Decrypt", "kms:PutKeyPolicy"])),
        statement("reads every state", 4, (one) => (one["Resource"] = `${state}/*`)),
        statement("reads every state of a project", 4, (one) => (one["Resource"] = `${state}/.pulumi/stacks/shop/*`)),
        statement("writes every state", 5, (one) => (one["Resource"] = [`${state}/.pulumi/*`])),
        statement(
            "writes the lender's state",
            5,
            (one) => (one["Resource"] = `${state}/.pulumi/stacks/shop/staging.json`),
        ),
        grant("writes every state", "ci-review-state", (r) => delete r.props["condition"]),
        grant(
            "writes the lender's state",
            "ci-review-state",
            expression(`resource.name.startsWith("${objects}.pulumi/stacks/shop/")`),
        ),
        grant(
            "writes its own state or any",
            "ci-review-state",
            expression(`resource.name.startsWith("${objects}.pulumi/stacks/shop/pr-") || true`),
        ),
        grant("reads every state", "ci-review-state-lender", expression(`resource.name.startsWith("${objects}")`)),
        grant("more in the bucket", "ci-review-state-names", (r) => (r.props["role"] = "roles/storage.objectAdmin")),
        grant(
            "all clusters' objects",
            "ci-review-container.clusterViewer",
            (r) => (r.props["role"] = "roles/container.admin"),
        ),
    ]);
});

describe("R143", () => {
    const binding = (what: string, of: string, change: (r: Spoiled) => void): Branch => ({
        what,
        breaks: ["R143 roleRef"],
        plan: () => spoil(gcp, of, change),
    });
    testBranches([
        binding(
            "a policy that lets pass what it cannot judge",
            "review-access-policy",
            (r) => (r.props["spec"].failurePolicy = "Ignore"),
        ),
        binding(
            "a policy that only warns",
            "review-access-policy-binding",
            (r) => (r.props["spec"].validationActions = ["Warn"]),
        ),
        binding(
            "a binding of another policy",
            "review-access-policy-binding",
            (r) => (r.props["spec"].policyName = "another"),
        ),
        binding("rights before they are held back", "review-access-binding", (r) => (r.dependencies = [])),
    ]);
});
