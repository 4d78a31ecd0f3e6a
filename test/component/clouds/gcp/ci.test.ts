// Does not prove that Google evaluates the CEL as it reads, nor that a job gets a token: both need an account.
import { Provider } from "@pulumi/gcp/provider.js";
import type { ProviderResource } from "@pulumi/pulumi";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import { describe, expect, test } from "vitest";
import { GcpCi, type GcpCiArgs } from "../../../../components/identity/gcp/ci.ts";
import { expectOneFamily, recordComponent } from "../../../support/component.ts";
import { remembered } from "../../../support/remembered.ts";

const jobs = { branches: [], environments: [], pullRequests: false };
const defaults: GcpCiArgs = {
    instance: "shop-staging",
    project: "acme",
    repository: { system: "github", name: "example-org/shop" },
    push: { ...jobs, branches: ["main"], environments: ["preview"] },
    preview: { ...jobs, pullRequests: true },
    review: { ...jobs, pullRequests: true, stacks: { project: "shop", prefix: "pr-", lender: "staging" } },
    deploy: { ...jobs, environments: ["staging"], grants: ["roles/editor", "projects/acme/roles/deployer"] },
    secretsKey: "projects/acme/locations/eu/keyRings/r/cryptoKeys/k",
    stateBucket: "acme-state",
};

const record = remembered((changes: Partial<GcpCiArgs> = {}, preview: boolean = false) =>
    recordComponent(
        ({ providers }) => {
            const all = [
                ...(providers as ProviderResource[]),
                new Provider("gcp", { project: "acme", region: "europe-west1" }),
                new RandomProvider("random"),
            ];
            const { provider, identities } = new GcpCi("ci", { ...defaults, ...changes }, { providers: all });
            return { provider, identities };
        },
        { preview },
    ),
);

test("a pool for one repository, an account for each right, and what each is let do", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "Account ci-deploy-account",
        "Account ci-preview-account",
        "Account ci-push-account",
        "Account ci-review-account",
        "BucketIAMMember ci-deploy-state",
        "BucketIAMMember ci-preview-state",
        "BucketIAMMember ci-review-state",
        "BucketIAMMember ci-review-state-lender",
        "BucketIAMMember ci-review-state-names",
        "CryptoKeyIAMMember ci-deploy-secrets",
        "CryptoKeyIAMMember ci-preview-secrets",
        "CryptoKeyIAMMember ci-review-secrets",
        "GcpCi ci",
        "IAMMember ci-deploy-deployer",
        "IAMMember ci-deploy-editor",
        "IAMMember ci-deploy-for-environment/staging",
        "IAMMember ci-preview-artifactregistry.reader",
        "IAMMember ci-preview-certificatemanager.viewer",
        "IAMMember ci-preview-cloudkms.viewer",
        "IAMMember ci-preview-cloudsql.viewer",
        "IAMMember ci-preview-compute.viewer",
        "IAMMember ci-preview-container.viewer",
        "IAMMember ci-preview-dns.reader",
        "IAMMember ci-preview-for-event/pull_request",
        "IAMMember ci-preview-iam.securityReviewer",
        "IAMMember ci-preview-iam.serviceAccountViewer",
        "IAMMember ci-preview-iam.workloadIdentityPoolViewer",
        "IAMMember ci-preview-logging.viewer",
        "IAMMember ci-preview-monitoring.viewer",
        "IAMMember ci-preview-redis.viewer",
        "IAMMember ci-preview-serviceusage.serviceUsageViewer",
        "IAMMember ci-preview-storage.bucketViewer",
        "IAMMember ci-push-for-branch/refs/heads/main",
        "IAMMember ci-push-for-environment/preview",
        "IAMMember ci-review-container.clusterViewer",
        "IAMMember ci-review-for-event/pull_request",
        "RandomId ci-pool-id",
        "WorkloadIdentityPool ci-pool",
        "WorkloadIdentityPoolProvider ci-provider",
    ]);
    expectOneFamily(plan, ["GcpCi", "ci"]);
});

test("the provider takes tokens of that repository alone, for itself alone", async () => {
    const { props } = (await record()).get("WorkloadIdentityPoolProvider", "ci-provider");
    expect(props).toMatchObject({
        workloadIdentityPoolProviderId: "github",
        attributeCondition: "assertion.repository == 'example-org/shop'",
        oidc: { issuerUri: "https://token.actions.githubusercontent.com" },
    });
    // Then the audience has to be the provider itself.
    expect(props["oidc"]).not.toHaveProperty("allowedAudiences");
});

test("jobs become an account by what they show, and no others do", async () => {
    const plan = await record();
    const pool = plan.get("WorkloadIdentityPool", "ci-pool").props["workloadIdentityPoolId"] as string;
    const member = (name: string) => plan.get("IAMMember", name).props;
    expect(member("ci-push-for-branch/refs/heads/main")).toMatchObject({
        serviceAccountId: expect.stringContaining("shop-staging-ci-push@") as string,
        role: "roles/iam.workloadIdentityUser",
        member: expect.stringMatching(
            new RegExp(
                `^principalSet://iam.googleapis.com/projects/[0-9]+/locations/global/workloadIdentityPools/${pool}/attribute.branch/refs/heads/main$`,
            ),
        ) as string,
    });
    expect(member("ci-preview-for-event/pull_request")["member"]).toMatch(/\/attribute\.event\/pull_request$/);
});

test("previews have no role by which Google lets them read what is in buckets", async () => {
    const { resources } = await record();
    const roles = resources
        .filter(({ name, props }) => name.startsWith("ci-preview-") && typeof props["project"] === "string")
        .flatMap(({ props }) => (typeof props["role"] === "string" ? [props["role"]] : []));
    expect(roles.length).toBeGreaterThan(10);
    expect(roles.filter((role) => /^roles\/(viewer|editor|owner|storage\.object\w+)$/.test(role))).toEqual([]);
});

test("previews read and decrypt, deployments write", async () => {
    const plan = await record();
    const role = (kind: string, name: string) => plan.get(kind, name).props["role"] as string;
    expect(role("CryptoKeyIAMMember", "ci-preview-secrets")).toBe("roles/cloudkms.cryptoKeyDecrypter");
    expect(role("CryptoKeyIAMMember", "ci-deploy-secrets")).toBe("roles/cloudkms.cryptoKeyEncrypterDecrypter");
    expect(role("BucketIAMMember", "ci-preview-state")).toBe("roles/storage.objectViewer");
    expect(role("BucketIAMMember", "ci-deploy-state")).toBe("roles/storage.objectUser");
    expect(role("IAMMember", "ci-deploy-deployer")).toBe("projects/acme/roles/deployer");
});

test("environments of pull requests write the state of their own stacks alone, and read that of the lender", async () => {
    const plan = await record();
    const grant = (name: string) => plan.get("BucketIAMMember", name).props;
    const objects = "projects/_/buckets/acme-state/objects/.pulumi";
    expect(grant("ci-review-state-names")["role"]).toBe("roles/storage.legacyBucketReader");
    expect(grant("ci-review-state-lender")).toMatchObject({
        role: "roles/storage.objectViewer",
        condition: {
            expression: [
                "meta.yaml",
                "stacks/shop/staging.json",
                "stacks/shop/staging.json.gz",
                "stacks/shop/staging.json.zst",
            ]
                .map((name) => `resource.name == "${objects}/${name}"`)
                .join(" || "),
        },
    });
    expect(grant("ci-review-state")).toMatchObject({
        role: "roles/storage.objectUser",
        condition: {
            expression: ["stacks/shop/pr-", "backups/shop/pr-", "history/shop/pr-", "locks/organization/shop/pr-"]
                .map((prefix) => `resource.name.startsWith("${objects}/${prefix}")`)
                .join(" || "),
        },
    });
    expect(plan.get("CryptoKeyIAMMember", "ci-review-secrets").props["role"]).toBe(
        "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    );
});

test("a workflow is told the provider and the accounts", async () => {
    const { outputs } = await record();
    expect(outputs["provider"]).toMatch(
        /^projects\/[0-9]+\/locations\/global\/workloadIdentityPools\/.+\/providers\/github$/,
    );
    expect(outputs["identities"]).toEqual({
        push: "shop-staging-ci-push@acme.iam.gserviceaccount.com",
        preview: "shop-staging-ci-preview@acme.iam.gserviceaccount.com",
        review: "shop-staging-ci-review@acme.iam.gserviceaccount.com",
        deploy: "shop-staging-ci-deploy@acme.iam.gserviceaccount.com",
    });
});

test("what is not asked for is not made", async () => {
    const { push } = defaults;
    const plan = await recordComponent(({ providers }) => {
        const all = [
            ...(providers as ProviderResource[]),
            new Provider("gcp", { project: "acme" }),
            new RandomProvider("random"),
        ];
        const { instance, project, repository } = defaults;
        return {
            identities: new GcpCi("ci", { instance, project, repository, push: push! }, { providers: all }).identities,
        };
    });
    expect(plan.created.filter((created) => /deploy|preview-account|secrets|state/.test(created))).toEqual([]);
    expect(Object.keys(plan.outputs["identities"] as object)).toEqual(["push"]);
});

describe("names", () => {
    const longest = "abcdefghijklmnopqrst-abcdefghijklmnopqrs";

    test("are within their limits at the longest ones (R71)", async () => {
        const plan = await record({ instance: longest });
        expect(plan.get("Account", "ci-preview-account").props["accountId"]).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
        const { workloadIdentityPoolId: id, displayName } = plan.get("WorkloadIdentityPool", "ci-pool").props;
        expect(id).toMatch(/^(?!gcp-)[a-z0-9-]{4,32}$/);
        expect((displayName as string).length).toBeLessThanOrEqual(32);
    });

    test("of pools are others each time: Google keeps a deleted one's for 30 days", async () => {
        const plan = await record();
        const { props, dependencies } = plan.get("WorkloadIdentityPool", "ci-pool");
        expect(props["workloadIdentityPoolId"]).toMatch(/^ci-shop-staging-[0-9a-f]{8}$/);
        expect(dependencies).toContain(plan.get("RandomId", "ci-pool-id").urn);
    });
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});
