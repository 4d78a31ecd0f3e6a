// CI's identity: what is refused, in each cloud that knows it. Not proved here: that GitHub and GitLab have the repository.
import { describe, expect, test } from "vitest";
import { checked, problemsAfter, type Change } from "../../../support/settings.ts";

const clouds: Change = [
    "clouds",
    {
        gcp: { project: "example-shop", region: "europe-west1" },
        aws: { account: "123456789012", region: "eu-central-1" },
    },
];
const gcp = {
    variant: "gcp",
    cluster: {
        variant: "create",
        nodes: { variant: "pools", pools: { general: { max: 5 } } },
        apiAccess: { cidrs: ["203.0.113.0/24"] },
    },
    registry: { variant: "create" },
};
const aws = {
    variant: "aws",
    cluster: { variant: "create", version: "1.36", admins: ["arn:aws:iam::123456789012:role/deploy"] },
    registry: { variant: "create", repositories: ["shop"] },
};
const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
const grants = { gcp: { roles: ["roles/editor"] }, aws: { policies: [administrator] } };
const platforms = { gcp, aws };
type Cloud = keyof typeof platforms;

const github = { variant: "github", repository: "example-org/shop", push: { branches: ["main"] } };
const gitlab = { variant: "gitlab", project: "example-org/web/shop", push: { branches: ["main"] } };

const after = (cloud: Cloud, ci: unknown, more: Record<string, unknown> = {}) =>
    problemsAfter(clouds, ["platform", { ...platforms[cloud], ...more, ci }]).filter(
        ({ path }) => path.startsWith("platform.ci") || path.startsWith("platform.registry"),
    );

describe.each<Cloud>(["gcp", "aws"])("on %s", (cloud) => {
    test.each([
        ["GitHub's, by branch", github],
        ["GitHub's, by environment", { ...github, push: { environments: ["preview"] } }],
        ["GitHub's, with its numbers", { ...github, ids: { owner: 1, repository: 2 } }],
        ["only previews of pull requests", { variant: "github", repository: "example-org/shop", preview: {} }],
        ["deployments", { ...github, deploy: { branches: ["release/1.2"], ...grants[cloud] } }],
        ["GitLab's, in subgroups", gitlab],
        ["GitLab's own server", { ...gitlab, server: "https://gitlab.example.org" }],
        ["none", { variant: "none" }],
    ])("is right: %s", (_, ci) => {
        expect(after(cloud, ci)).toEqual([]);
    });

    test("is nobody unless it is named", () => {
        expect(checked(clouds, ["platform", platforms[cloud]]).platform).toMatchObject({ ci: { variant: "none" } });
    });

    test.each([
        [
            "no right",
            { variant: "github", repository: "example-org/shop" },
            "ci",
            "one of push, preview, review and deploy at least; or variant: none",
        ],
        [
            "no job that pushes",
            { ...github, push: {} },
            "ci.push.branches",
            "one branch or environment at least: else no job may",
        ],
        [
            "no job of GitLab that pushes",
            { ...gitlab, push: {} },
            "ci.push.branches",
            "one branch at least: else no job may",
        ],
        [
            "no job that deploys",
            { ...github, deploy: grants[cloud] },
            "ci.deploy.branches",
            "one branch or environment at least: else no job may",
        ],
        [
            "no job that previews",
            { ...github, preview: { pullRequests: false } },
            "ci.preview.pullRequests",
            "true, or something else whose jobs may",
        ],
        [
            "all branches",
            { ...github, push: { branches: ["*"] } },
            "ci.push.branches[0]",
            "a branch's name without wildcards, for example main",
        ],
        [
            "a branch and all below it",
            { ...github, push: { branches: ["release/*"] } },
            "ci.push.branches[0]",
            "a branch's name without wildcards, for example main",
        ],
        [
            "all environments",
            { ...github, push: { environments: ["prod*"] } },
            "ci.push.environments[0]",
            "the name of an environment without spaces and wildcards, for example production",
        ],
        [
            "all repositories",
            { ...github, repository: "example-org/*" },
            "ci.repository",
            "OWNER/NAME of one repository, for example example-org/shop",
        ],
        [
            "an address",
            { ...github, repository: "https://github.com/example-org/shop" },
            "ci.repository",
            "OWNER/NAME of one repository, for example example-org/shop",
        ],
        [
            "environments of nobody's pull requests",
            { ...github, review: { pullRequests: false } },
            "ci.review.pullRequests",
            "true, or something else whose jobs may",
        ],
        [
            "stacks of pull requests that are called like all others",
            { ...github, review: { stacks: "" } },
            "ci.review.stacks",
            "what the names of stacks begin with: up to 12 lower-case letters, digits and hyphens, a letter first and a hyphen last, for example pr-",
        ],
        [
            "a quote that would end the condition",
            { ...gitlab, project: "example-org/shop' || '1' == '1" },
            "ci.project",
            "GROUP/PROJECT of one project, with subgroups between them, for example example-org/shop",
        ],
        [
            "a server without TLS",
            { ...gitlab, server: "http://gitlab.example.org" },
            "ci.server",
            "the server's address without a slash at its end, for example https://gitlab.com",
        ],
    ])("is refused: %s", (_, ci, path, allowed) => {
        expect(after(cloud, ci)).toEqual([expect.objectContaining({ path: `platform.${path}`, allowed })]);
    });

    test("pushes nowhere without a registry", () => {
        expect(after(cloud, github, { registry: { variant: "none" } })).toEqual([
            expect.objectContaining({
                path: "platform.ci.push",
                allowed: "nothing without platform.registry: there is nowhere to push to",
            }),
        ]);
    });

    test("gets no right at a registry of others", () => {
        const registry = { variant: "existing", prefix: "registry.example.org/shop" };
        const [problem, ...others] = after(cloud, github, { registry });
        expect(others).toEqual([]);
        expect(problem).toMatchObject({ path: "platform.ci.push" });
        expect(problem!.allowed).toMatch(
            /^nothing, where platform\.registry\.prefix is not of .+: its owner lets CI in$/,
        );
    });
});

test("on Google Cloud nobody else is called ci", () => {
    const writers = { ci: "serviceAccount:ci@example-shop.iam.gserviceaccount.com" };
    expect(after("gcp", github, { registry: { variant: "create", writers } })).toEqual([
        expect.objectContaining({
            path: "platform.registry.writers.ci",
            allowed: "another name than ci, which those of platform.ci.push have",
        }),
    ]);
    expect(after("gcp", { variant: "none" }, { registry: { variant: "create", writers } })).toEqual([]);
});

describe("on AWS", () => {
    const provider = (host: string) => `arn:aws:iam::123456789012:oidc-provider/${host}`;

    test.each([
        [{ ...github, oidcProvider: provider("token.actions.githubusercontent.com") }],
        [{ ...gitlab, oidcProvider: provider("gitlab.com") }],
    ])("a provider that is there is used: %o", (ci) => {
        expect(after("aws", ci)).toEqual([]);
    });

    test("of another issuer none is", () => {
        expect(after("aws", { ...github, oidcProvider: provider("gitlab.com") })).toEqual([
            expect.objectContaining({
                path: "platform.ci.oidcProvider",
                allowed: "the provider of token.actions.githubusercontent.com, whose tokens the jobs have",
            }),
        ]);
    });

    test("no server has a port", () => {
        expect(after("aws", { ...gitlab, server: "https://gitlab.example.org:8443" })).toEqual([
            expect.objectContaining({
                path: "platform.ci.server",
                allowed: "an address without a port: IAM takes no provider with one",
            }),
        ]);
    });

    test.each([
        ["no policy", []],
        ["eleven", Array.from({ length: 11 }, (_, index) => `${administrator}${index}`)],
        ["one twice", [administrator, administrator]],
        ["a name alone", ["AdministratorAccess"]],
    ])("a deployment with %s is refused", (_, policies) => {
        expect(after("aws", { ...github, deploy: { branches: ["main"], policies } })).toHaveLength(1);
    });
});

test("on Google Cloud a deployment without a role, or with what is none, is refused", () => {
    for (const roles of [[], ["owner"]]) {
        expect(after("gcp", { ...github, deploy: { branches: ["main"], roles } })).toHaveLength(1);
    }
});
