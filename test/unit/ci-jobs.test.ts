// What each cloud is told of CI's jobs. Does not prove what GitHub and GitLab write into tokens, nor how Google evaluates CEL.
import { describe, expect, test } from "vitest";
import {
    awsConditions,
    googleAttributes,
    googleMapping,
    issuerOf,
    type CiJobs,
    type CiRepository,
} from "../../lib/ci-jobs.ts";

const github = { system: "github", name: "example-org/shop" } as const;
const numbered = { ...github, ids: { owner: 123456, repository: 456789 } } as const;
const gitlab = { system: "gitlab", name: "example-org/web/shop", server: "https://gitlab.example.org:8443" } as const;
const none: CiJobs = { branches: [], environments: [], pullRequests: false };
const host = "token.actions.githubusercontent.com";

test.each<[CiRepository, string]>([
    [github, `https://${host}`],
    [gitlab, "https://gitlab.example.org:8443"],
])("who signs for %o", (repository, issuer) => {
    expect(issuerOf(repository)).toBe(issuer);
});

describe("AWS looks at", () => {
    test("a branch, by name", () => {
        expect(awsConditions(github, { ...none, branches: ["main", "release/1"] })).toEqual([
            {
                StringEquals: {
                    [`${host}:aud`]: "sts.amazonaws.com",
                    [`${host}:sub`]: [
                        "repo:example-org/shop:ref:refs/heads/main",
                        "repo:example-org/shop:ref:refs/heads/release/1",
                    ],
                },
            },
        ]);
    });

    test("an environment, and both forms of a subject where the numbers are given, which are asked for then", () => {
        expect(awsConditions(numbered, { ...none, environments: ["production"] })).toEqual([
            {
                StringEquals: {
                    [`${host}:aud`]: "sts.amazonaws.com",
                    [`${host}:sub`]: [
                        "repo:example-org/shop:environment:production",
                        "repo:example-org@123456/shop@456789:environment:production",
                    ],
                    [`${host}:repository_id`]: "456789",
                },
            },
        ]);
    });

    test("pull requests of GitHub", () => {
        const [condition] = awsConditions(github, { ...none, pullRequests: true });
        expect(condition!["StringEquals"]![`${host}:sub`]).toEqual(["repo:example-org/shop:pull_request"]);
    });

    test("branches of GitLab exactly, and merge requests on any branch of the one project", () => {
        const key = "gitlab.example.org:8443";
        const audience = { [`${key}:aud`]: "sts.amazonaws.com" };
        const prefix = "project_path:example-org/web/shop:ref_type:branch:ref:";
        expect(awsConditions(gitlab, { ...none, branches: ["main"] })).toEqual([
            { StringEquals: { ...audience, [`${key}:sub`]: [`${prefix}main`] } },
        ]);
        expect(awsConditions(gitlab, { ...none, pullRequests: true })).toEqual([
            { StringEquals: audience, StringLike: { [`${key}:sub`]: `${prefix}*` } },
        ]);
        expect(awsConditions(gitlab, { ...none, branches: ["main"], pullRequests: true })).toHaveLength(2);
    });
});

describe("Google Cloud takes", () => {
    test("tokens of one repository alone, by its number too where that is given", () => {
        expect(googleMapping(github).condition).toBe("assertion.repository == 'example-org/shop'");
        expect(googleMapping(numbered).condition).toBe(
            "assertion.repository == 'example-org/shop' && assertion.repository_id == '456789' && assertion.repository_owner_id == '123456'",
        );
        expect(googleMapping(gitlab).condition).toBe("assertion.project_path == 'example-org/web/shop'");
    });

    test("no branch from a job of a pull request, which says what it is for", () => {
        expect(googleMapping(github).attributes["attribute.branch"]).toBe(
            "assertion.event_name == 'push' || assertion.event_name == 'schedule' || assertion.event_name == 'workflow_dispatch' ? assertion.ref : '-'",
        );
        expect(googleMapping(gitlab).attributes["attribute.branch"]).toBe(
            "assertion.ref_type == 'branch' && assertion.ref_protected == 'true' && assertion.pipeline_source != 'merge_request_event' ? assertion.ref : '-'",
        );
    });

    test("a job without an environment", () => {
        expect(googleMapping(github).attributes["attribute.environment"]).toBe(
            "has(assertion.environment) ? assertion.environment : '-'",
        );
        expect(googleMapping(gitlab).attributes).not.toHaveProperty("attribute.environment");
    });

    test("a subject that is always short enough", () => {
        expect(googleMapping(github).attributes["google.subject"]).not.toContain("assertion.sub");
        expect(googleMapping(gitlab).attributes["google.subject"]).not.toContain("assertion.sub");
    });

    test.each<[CiRepository, CiJobs, string[]]>([
        [
            github,
            { ...none, branches: ["main"], environments: ["preview"] },
            ["branch/refs/heads/main", "environment/preview"],
        ],
        [github, { ...none, pullRequests: true }, ["event/pull_request"]],
        [gitlab, { ...none, branches: ["main"], pullRequests: true }, ["branch/main", "event/pull_request"]],
    ])("jobs by what they show: %o %o", (repository, jobs, attributes) => {
        expect(googleAttributes(repository, jobs)).toEqual(attributes);
    });
});
