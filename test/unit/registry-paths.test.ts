import { expect, test } from "vitest";
import { artifactRepositoryOf, ecrRepositoriesOf } from "../../lib/registry-paths.ts";

test.each([
    ["europe-west1-docker.pkg.dev/acme/shop", { location: "europe-west1", project: "acme", repository: "shop" }],
    ["eu-docker.pkg.dev/acme/shop/more", { location: "eu", project: "acme", repository: "shop" }],
    ["eu-docker.pkg.dev/acme.com/web/shop", { location: "eu", project: "acme.com:web", repository: "shop" }],
    ["registry.example.org/acme/shop", undefined],
    ["europe-west1-docker.pkg.dev/acme", undefined],
])("the repository of Artifact Registry in %s", (prefix, found) => {
    expect(artifactRepositoryOf(prefix)).toEqual(found);
});

const ecr = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

test.each([
    [`${ecr}/shop`, "arn:aws:ecr:eu-central-1:123456789012:repository/shop/*"],
    [`${ecr}/team/shop`, "arn:aws:ecr:eu-central-1:123456789012:repository/team/shop/*"],
    [ecr, "arn:aws:ecr:eu-central-1:123456789012:repository/*"],
    ["public.ecr.aws/shop", undefined],
    [`${ecr}.example.org/shop`, undefined],
])("the repositories of ECR below %s", (prefix, arn) => {
    expect(ecrRepositoriesOf(prefix)).toBe(arn);
});
