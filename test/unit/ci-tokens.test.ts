// Which jobs get in, by the tokens that GitHub and GitLab sign for them.
// Does not prove: what these really sign, and that the clouds evaluate conditions as the test does.
import { describe, expect, test } from "vitest";
import { awsConditions, issuerOf, type CiJobs, type CiRepository } from "../../lib/ci-jobs.ts";
import { becomes, githubToken, gitlabToken, takesOn, type Token, type TrustPolicy } from "../support/ci-tokens.ts";

const none: CiJobs = { branches: [], environments: [], pullRequests: false };
const rights = {
    push: { ...none, branches: ["main"] },
    preview: { ...none, pullRequests: true },
    deploy: { ...none, environments: ["production"] },
} as const;
type Right = keyof typeof rights;

const ids = { owner: 123456, repository: 456789 };
const github: CiRepository = { system: "github", name: "example-org/shop" };
const numbered: CiRepository = { ...github, ids };
const gitlab: CiRepository = { system: "gitlab", name: "example-org/shop", server: "https://gitlab.com" };

function trustOf(repository: CiRepository, jobs: CiJobs): TrustPolicy {
    const host = issuerOf(repository).replace("https://", "");
    return {
        Statement: awsConditions(repository, jobs).map((Condition) => ({
            Effect: "Allow",
            Action: "sts:AssumeRoleWithWebIdentity",
            Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${host}` },
            Condition,
        })),
    };
}

type Let = readonly Right[];

function letInByAws(repository: CiRepository, token: Token, given: Readonly<Record<string, CiJobs>> = rights): Let {
    return Object.entries(given)
        .filter(([, jobs]) => takesOn(trustOf(repository, jobs), token))
        .map(([right]) => right as Right);
}

function letInByGoogle(repository: CiRepository, token: Token, given: Readonly<Record<string, CiJobs>> = rights): Let {
    return Object.entries(given)
        .filter(([, jobs]) => becomes(repository, jobs, token))
        .map(([right]) => right as Right);
}

describe("GitHub's job", () => {
    test.each<[what: string, job: Parameters<typeof githubToken>[0], aws: Let, google?: Let]>([
        ["of a push to the branch", {}, ["push"]],
        ["begun by hand on the branch", { event: "workflow_dispatch" }, ["push"]],
        ["of a push to another branch", { ref: "refs/heads/mine" }, []],
        ["of a branch that begins alike", { ref: "refs/heads/main-2" }, []],
        ["of a branch in other letters", { ref: "refs/heads/Main" }, []],
        ["of a tag called like the branch", { ref: "refs/tags/main" }, []],
        ["of a pull request", { event: "pull_request", ref: "refs/pull/1/merge" }, ["preview"]],
        [
            "of a pull request whose branch is called main",
            { event: "pull_request", ref: "refs/heads/main" },
            ["preview"],
        ],
        [
            "of a pull request, in the environment",
            { event: "pull_request", ref: "refs/pull/1/merge", environment: "production" },
            ["deploy"],
            ["preview", "deploy"],
        ],
        ["in the environment", { environment: "production" }, ["deploy"], ["push", "deploy"]],
        ["in another environment", { environment: "preview", ref: "refs/heads/mine" }, []],
        ["in an environment in other letters", { environment: "Production", ref: "refs/heads/mine" }, []],
        // AWS is not told what a job runs for: docs/ci.md says so.
        ["for a pull request on the branch that it is for", { event: "pull_request_target" }, ["push"], []],
        ["after one of a pull request", { event: "workflow_run" }, ["push"], []],
        ["for a comment", { event: "issue_comment" }, ["push"], []],
        ["of a fork", { repository: "somebody/shop", ids: { owner: 1, repository: 2 } }, []],
        ["of another repository of the owner", { repository: "example-org/other" }, []],
        ["of a repository that begins alike", { repository: "example-org/shop2" }, []],
    ])("%s", (_, job, aws, google = aws) => {
        expect(letInByAws(github, githubToken(job))).toEqual(aws);
        expect(letInByAws(numbered, githubToken(job))).toEqual(aws);
        expect(letInByGoogle(github, githubToken(job))).toEqual(google);
        expect(letInByGoogle(numbered, githubToken(job))).toEqual(google);
    });

    test("of a repository whose tokens say numbers is known where they are given", () => {
        const token = githubToken({ numbered: true });
        expect(letInByAws(numbered, token)).toEqual(["push"]);
        expect(letInByAws(github, token)).toEqual([]);
        expect(letInByGoogle(github, token)).toEqual(["push"]);
    });

    test("of somebody who got the name is refused where the numbers are given", () => {
        const token = githubToken({ ids: { owner: 1, repository: 2 } });
        expect(letInByAws(numbered, token)).toEqual([]);
        expect(letInByGoogle(numbered, token)).toEqual([]);
    });

    test("with a token for somebody else is refused", () => {
        expect(letInByAws(github, githubToken({ audience: "https://github.com/example-org" }))).toEqual([]);
    });

    test("with a token of another issuer is refused", () => {
        expect(letInByAws(github, { ...githubToken({}), iss: "https://gitlab.com" })).toEqual([]);
    });
});

describe("GitLab's job", () => {
    const given = { push: rights.push, preview: rights.preview };

    test.each<[what: string, job: Parameters<typeof gitlabToken>[0], aws: Let, google?: Let]>([
        // AWS sees the branch alone, so each may preview.
        ["of a push to the branch", {}, ["push", "preview"], ["push"]],
        ["by a schedule", { source: "schedule" }, ["push", "preview"], ["push"]],
        // docs/ci.md says that it has to be protected.
        ["of a push to the branch, which nobody protects", { isProtected: false }, ["push", "preview"], []],
        ["of a push to another branch", { ref: "mine" }, ["preview"], []],
        ["of a tag called like the branch", { refType: "tag" }, [], []],
        ["of a merge request", { source: "merge_request_event", ref: "mine", isProtected: false }, ["preview"]],
        [
            "of a merge request in the pipeline of another",
            { source: "parent_pipeline", ref: "mine", isProtected: false },
            ["preview"],
            [],
        ],
        ["of a merge request of a fork", { source: "merge_request_event", project: "somebody/shop" }, []],
        ["of a project that begins alike", { project: "example-org/shop2" }, []],
        ["of a project below it", { project: "example-org/shop/main" }, []],
    ])("%s", (_, job, aws, google = aws) => {
        expect(letInByAws(gitlab, gitlabToken(job), given)).toEqual(aws);
        expect(letInByGoogle(gitlab, gitlabToken(job), given)).toEqual(google);
    });

    test("with a token for somebody else is refused", () => {
        expect(letInByAws(gitlab, gitlabToken({ audience: "https://gitlab.com" }), given)).toEqual([]);
    });
});

test.each([
    { Effect: "Deny", Action: "sts:AssumeRoleWithWebIdentity" },
    { Effect: "Allow", Action: "sts:*" },
])("the test evaluates no %o", (statement) => {
    const policy = { Statement: [{ ...statement, Principal: { Federated: "a" } }] };
    expect(() => takesOn(policy, githubToken({}))).toThrow("a trust policy by");
});

test("the test evaluates no operator that it does not know", () => {
    const [statement] = trustOf(github, rights.push).Statement;
    const Condition = { "ForAllValues:StringEquals": statement!.Condition!["StringEquals"]! };
    expect(() => takesOn({ Statement: [{ ...statement!, Condition }] }, githubToken({}))).toThrow("a condition by");
});
