// Who CI is to a cloud: named jobs of one repository, and a pull request, whose code nobody has read, only reads.
import { objectOf, textOf } from "./kubernetes.ts";
import type { PlanView } from "./plan-view.ts";
import { parsedDocument, textsOf } from "./policy-document.ts";
import type { PolicyResource } from "./resource.ts";
import { isOfReviews } from "./reviews.ts";
import { rule, type Finding, type Rule } from "./rule.ts";
import { listOf } from "./setting.ts";

const roleType = "aws:iam/role:Role";
const account = "gcp:serviceaccount/account:Account";
const federation = /^principal(?:Set)?:\/\/iam\.googleapis\.com\/.*\/workloadIdentityPools\/[^/]+\//;
/** By an attribute's value, or by the token's own subject. */
const pullRequests = /[/:]pull_request(?:_target)?$/;

export const ciRules: readonly Rule[] = [
    rule("R115", "CI is let in as named jobs of one repository", function* (view) {
        for (const trust of trustsIn(view)) {
            yield* looseTrusts(trust);
        }
        yield* looseProviders(view);
        yield* looseMembers(view);
    }),
    rule("R116", "jobs of pull requests only read", function* (view) {
        // Those that bring up environments write some: what, R142 says.
        for (const { role } of trustsIn(view).filter((trust) => subjectsOf(trust).some(isUnread))) {
            if (!isOfReviews(role)) {
                yield* writingPolicies(view, role);
            }
        }
        for (const unread of view.ofType(account).filter((one) => !isOfReviews(one) && isForPullRequests(view, one))) {
            yield* writingGrants(view, unread);
        }
        yield* writingMembers(view);
    }),
];

/** A statement by which somebody takes on a role with a token of an OIDC provider. */
interface Trust {
    readonly role: PolicyResource;
    readonly path: string;
    /** The provider's host, which keys of conditions begin with. */
    readonly host: string;
    readonly condition: Readonly<Record<string, unknown>>;
}

/** Those of a cluster's pods are no jobs. */
function trustsIn(view: PlanView): readonly Trust[] {
    return view.ofType(roleType).flatMap((role) =>
        listOf(parsedDocument(role.props["assumeRolePolicy"])["Statement"]).flatMap((one, index): Trust[] => {
            const { Effect, Principal, Condition } = objectOf(one);
            const federated = textsOf(objectOf(Principal)["Federated"]);
            return Effect !== "Allow"
                ? []
                : federated.flatMap((arn) => {
                      const host = /:oidc-provider\/(.+)$/.exec(arn)?.[1];
                      const path = `assumeRolePolicy.Statement[${index}]`;
                      return host === undefined || host.startsWith("oidc.eks.")
                          ? []
                          : [{ role, path, host, condition: objectOf(Condition) }];
                  });
        }),
    );
}

/** Operators beside these hold for a token that says nothing, or let in what differs in letters. */
function valuesOf({ condition, host }: Trust, claim: string): readonly string[] {
    return ["StringEquals", "StringLike"].flatMap((operator) =>
        textsOf(objectOf(condition[operator])[`${host}:${claim}`]),
    );
}

const subjectsOf = (trust: Trust): readonly string[] => valuesOf(trust, "sub");

/** GitLab's merge requests may be on a branch of any name. */
const anyBranch = /^project_path:[^*?:]+:ref_type:branch:ref:\*$/;

function isUnread(subject: string): boolean {
    return subject.endsWith(":pull_request") || /[*?]/.test(subject);
}

function* looseTrusts(trust: Trust): Generator<Finding> {
    const { role, path, host } = trust;
    const finding = (claim: string, found: unknown, allowed: string): Finding => ({
        resource: role,
        path: `${path}.Condition`,
        found,
        allowed,
        fix: `name it by StringEquals of ${host}:${claim}: whoever else has a token of ${host} takes the role on`,
    });
    if (valuesOf(trust, "aud").every((audience) => /[*?]/.test(audience))) {
        yield finding("aud", "no audience", "one audience");
    }
    const subjects = subjectsOf(trust);
    if (subjects.length === 0) {
        yield finding("sub", "no subject", "subjects, each by repository and branch or environment");
    }
    for (const subject of subjects.filter((one) => /[*?]/.test(one) && !anyBranch.test(one))) {
        yield finding("sub", subject, "subjects without wildcards");
    }
}

/** How things are set. `ReadOnlyAccess` reads what is in buckets too. */
const readingPolicies = /:policy\/(job-function\/ViewOnlyAccess|SecurityAudit)$/;
const readingActions = /^[a-z0-9-]+:(Get|List|Describe|BatchGet|BatchCheck|Head|View|Decrypt$)/;

function* writingPolicies(view: PlanView, role: PolicyResource): Generator<Finding> {
    const allowed = "what only reads, where jobs of pull requests take the role on";
    const fix =
        "give it to another role, whose jobs are of a branch or an environment: nobody has read a pull request's code yet";
    for (const resource of view.ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")) {
        const found = textOf(resource.props["policyArn"]);
        if (resource.dependencies.includes(role.urn) && found !== undefined && !readingPolicies.test(found)) {
            yield { resource, path: "policyArn", found, allowed, fix };
        }
    }
    for (const resource of view.ofType("aws:iam/rolePolicy:RolePolicy")) {
        if (!resource.dependencies.includes(role.urn)) {
            continue;
        }
        for (const [index, one] of listOf(parsedDocument(resource.props["policy"])["Statement"]).entries()) {
            const { Effect, Action, NotAction } = objectOf(one);
            const writing =
                NotAction === undefined ? textsOf(Action).filter((name) => !readingActions.test(name)) : ["NotAction"];
            if (Effect === "Allow" && writing.length > 0) {
                yield { resource, path: `policy.Statement[${index}].Action`, found: writing.join(", "), allowed, fix };
            }
        }
    }
}

const oneRepository =
    /\b(assertion|attribute)\.(repository|repository_id|project_path|project_id)\s*==\s*(['"])[^'"]+\3/;

/** Google takes each token that its condition lets through, of whosever repository. */
function* looseProviders(view: PlanView): Generator<Finding> {
    for (const resource of view.ofType("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider")) {
        const { oidc, attributeCondition: found } = resource.props;
        const condition = textOf(found) ?? "";
        if (
            oidc !== undefined &&
            (found === undefined || textOf(found) !== undefined) &&
            (!oneRepository.test(condition) || condition.includes("||"))
        ) {
            yield {
                resource,
                path: "attributeCondition",
                found: found ?? "nothing, which takes every token",
                allowed: "one repository by ==, and nothing beside it by ||",
                fix: "name it: everybody's jobs have tokens of the same issuer",
            };
        }
    }
}

function* looseMembers(view: PlanView): Generator<Finding> {
    for (const resource of view.resources) {
        const found = textOf(resource.props["member"]);
        const of = found === undefined ? undefined : found.replace(federation, "");
        if (
            found !== undefined &&
            of !== found &&
            (of === "*" || /^attribute\.repository(_owner|_id|_owner_id)?\//.test(of!))
        ) {
            yield {
                resource,
                path: "member",
                found: of,
                allowed: "a branch, an environment, or pull requests",
                fix: "name the jobs by another attribute: this is all of them, those of pull requests too",
            };
        }
    }
}

function isForPullRequests(view: PlanView, { urn }: PolicyResource): boolean {
    return view
        .ofType("gcp:serviceaccount/iAMMember:IAMMember")
        .some(
            ({ dependencies, props }) => dependencies.includes(urn) && isOfPullRequests(textOf(props["member"]) ?? ""),
        );
}

function isOfPullRequests(member: string): boolean {
    return federation.test(member) && pullRequests.test(member);
}

/** Of one service: Google lets who has the basic one, `viewer`, read what is in buckets too. */
const readingRoles = /^roles\/(?:browser|[\w.]+\.(?:\w*[vV]iewer|\w*[rR]eader|securityReviewer|cryptoKeyDecrypter))$/;
const readingRole = "a role of one service that only reads";

function* writingGrants(view: PlanView, { urn }: PolicyResource): Generator<Finding> {
    for (const resource of view.resources.filter(({ dependencies }) => dependencies.includes(urn))) {
        const found = textOf(resource.props["role"]);
        const isIts = (textOf(resource.props["member"]) ?? "").startsWith("serviceAccount:");
        if (found !== undefined && isIts && !readingRoles.test(found)) {
            yield {
                resource,
                path: "role",
                found,
                allowed: `${readingRole}, where jobs of pull requests become the account`,
                fix: "give it to another account, whose jobs are of a branch or an environment: nobody has read a pull request's code yet",
            };
        }
    }
}

/** A job can be given a role without an account between. */
function* writingMembers(view: PlanView): Generator<Finding> {
    for (const resource of view.resources) {
        const found = textOf(resource.props["role"]);
        if (
            found !== undefined &&
            found !== "roles/iam.workloadIdentityUser" &&
            isOfPullRequests(textOf(resource.props["member"]) ?? "") &&
            !readingRoles.test(found)
        ) {
            yield {
                resource,
                path: "role",
                found,
                allowed: `${readingRole}, for jobs of pull requests`,
                fix: "give it to jobs of a branch or an environment: nobody has read a pull request's code yet",
            };
        }
    }
}
