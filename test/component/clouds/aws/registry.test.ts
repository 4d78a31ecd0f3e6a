// Does not prove that ECR takes an image: only an account does.
import { expect, test } from "vitest";
import { EcrRegistry, type EcrRegistryArgs } from "../../../../components/registry/aws/ecr.ts";
import { dataPolicies, expectOneFamily } from "../../../support/component.ts";
import { account, region } from "./place.ts";
import { recordAws } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const defaults: EcrRegistryArgs = {
    instance: "shop-staging",
    account,
    region,
    data: "kept",
    repositories: ["shop"],
    keepImages: 300,
};

const record = remembered((changes: Partial<EcrRegistryArgs> = {}, preview: boolean = false) =>
    recordAws((opts) => ({ prefix: new EcrRegistry("registry", { ...defaults, ...changes }, opts).prefix }), {
        preview,
    }),
);

test("a repository whose tags never move, scanned, encrypted, below a known prefix", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "Ecr registry",
        "LifecyclePolicy registry-shop-expiry",
        "Repository registry-shop-repository",
    ]);
    expectOneFamily(plan, ["Ecr", "registry"]);
    expect(plan.get("Repository", "registry-shop-repository").props).toMatchObject({
        name: "shop-staging/shop",
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS" }],
    });
    expect(plan.outputs["prefix"]).toBe("123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop-staging");
});

test("old images go, the youngest stay", async () => {
    const { policy } = (await record({ keepImages: 50 })).get("LifecyclePolicy", "registry-shop-expiry").props;
    expect(JSON.parse(policy as unknown as string)).toMatchObject({
        rules: [
            { selection: { tagStatus: "untagged", countType: "sinceImagePushed", countNumber: 7 } },
            { selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 50 } },
        ],
    });
});

test.each(dataPolicies)("is treated as $data data", async ({ data }) => {
    const repository = (await record({ data })).get("Repository", "registry-shop-repository");
    expect(repository.protect).toBe(data === "protected");
    expect(repository.props["forceDelete"]).toBe(data !== "protected");
});

test("another repository, and another order of them, changes nothing of the first; a preview plans the same", async () => {
    const [one, two] = [await record(), await record({ repositories: ["blog", "shop"] })];
    expect(two.get("Repository", "registry-shop-repository").props).toEqual(
        one.get("Repository", "registry-shop-repository").props,
    );
    expect((await record({}, true)).created).toEqual(one.created);
});
