// Does not prove that an image can be pushed or pulled, or that Google deletes what the policy names.
import { expect, test } from "vitest";
import { ArtifactRegistry, type ArtifactRegistryArgs } from "../../../../components/registry/gcp/artifact-registry.ts";
import { dataPolicies, expectOneFamily } from "../../../support/component.ts";
import { recordGcp } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const defaults: ArtifactRegistryArgs = {
    project: "shop-project",
    location: "europe-west1",
    instance: "shop-staging",
    data: "kept",
    readers: { nodes: "serviceAccount:nodes@shop-project.iam.gserviceaccount.com" },
    writers: {},
    untaggedDays: 30,
    keepNewest: 50,
    scanning: true,
};

const record = remembered((changes: Partial<ArtifactRegistryArgs> = {}, preview: boolean = false) =>
    recordGcp((opts) => ({ prefix: new ArtifactRegistry("registry", { ...defaults, ...changes }, opts).prefix }), {
        preview,
    }),
);

test("a repository of images whose tags never move, which the nodes may read", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "ArtifactRegistry registry",
        "Repository registry-repository",
        "RepositoryIamMember registry-reader-nodes",
    ]);
    expectOneFamily(plan, ["ArtifactRegistry", "registry"]);
    expect(plan.outputs).toEqual({ prefix: "europe-west1-docker.pkg.dev/shop-project/shop-staging" });
    expect(plan.get("Repository", "registry-repository").props).toMatchObject({
        location: "europe-west1",
        repositoryId: "shop-staging",
        format: "DOCKER",
        dockerConfig: { immutableTags: true },
        cleanupPolicyDryRun: false,
        cleanupPolicies: [
            { id: "delete-untagged", action: "DELETE", condition: { tagState: "UNTAGGED", olderThan: "2592000s" } },
            { id: "keep-newest", action: "KEEP", mostRecentVersions: { keepCount: 50 } },
        ],
    });
    expect(plan.get("RepositoryIamMember", "registry-reader-nodes").props).toMatchObject({
        role: "roles/artifactregistry.reader",
        member: "serviceAccount:nodes@shop-project.iam.gserviceaccount.com",
        location: "europe-west1",
    });
});

test.each([
    [true, "INHERITED"],
    [false, "DISABLED"],
])("vulnerabilities are looked for: %s", async (scanning, enablementConfig) => {
    const plan = await record({ scanning });
    expect(plan.get("Repository", "registry-repository").props).toMatchObject({
        vulnerabilityScanningConfig: { enablementConfig },
    });
});

test("who pushes is named, and may not delete", async () => {
    const plan = await record({ writers: { ci: "serviceAccount:ci@shop-project.iam.gserviceaccount.com" } });
    expect(plan.get("RepositoryIamMember", "registry-writer-ci").props["role"]).toBe("roles/artifactregistry.writer");
});

test("another reader changes nothing of the first", async () => {
    const plan = await record({ readers: { auditor: "user:auditor@example.org", ...defaults.readers } });
    expect(plan.created.filter((resource) => resource.startsWith("RepositoryIamMember"))).toEqual([
        "RepositoryIamMember registry-reader-auditor",
        "RepositoryIamMember registry-reader-nodes",
    ]);
});

test.each(dataPolicies)("$data: protect is $protect", async ({ data, protect }) => {
    expect((await record({ data })).get("Repository", "registry-repository").protect).toBe(protect);
});

test("what the provider knows and we do not can be set", async () => {
    const plan = await record({ native: { dockerConfig: { immutableTags: false } } });
    expect(plan.get("Repository", "registry-repository").props["dockerConfig"]).toEqual({ immutableTags: false });
});

test("a first preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});
