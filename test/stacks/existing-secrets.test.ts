// Keys of Secrets in the cluster as an environment's secrets. Does not prove that a provider reads them: the engine layer does.
import { describe, expect, it } from "vitest";
import { UnknownValue } from "../../commands/plan/plan.ts";
import { inCluster, secret, secretsOf, shop, stackOf, waitsFor, type Change } from "./support/stack.ts";

const sealed = { encryptedData: { key: `AgB${"x".repeat(400)}` } };

const named: readonly Change[] = [
    ["existingSecrets.databasePassword", { name: "stores", key: "database" }],
    ["existingSecrets.cachePassword", { name: "stores", key: "cache" }],
    ["existingSecrets.brokerPassword", { name: "stores", key: "broker" }],
    ["existingSecrets.secretKey", { name: "django", key: "secret-key" }],
    ["existingSecrets.environment", { STRIPE_KEY: { name: "stripe", key: "key" } }],
];

describe("keys of Secrets in the cluster", () => {
    it("are what the stores and the app are told, also inside URLs", async () => {
        const variables = secretsOf(await stackOf(inCluster(...named)), "shop");
        expect(variables).toMatchObject({
            DJANGO_APP_DB_PASSWORD: "value of database",
            DATABASE_URL: "postgresql://shop:value%20of%20database@database:5432/shop",
            REDIS_URL: "redis://:value%20of%20cache@cache:6379/0",
            CELERY_BROKER_URL: "redis://:value%20of%20broker@broker:6379/0",
            DJANGO_APP_SECRET_KEY: "value of secret-key",
            STRIPE_KEY: "value of key",
        });
    });

    it("take the place of generated passwords", async () => {
        const stack = await stackOf(inCluster(...named));
        const generated = stack.resources.filter(({ type }) => type.endsWith(":RandomPassword"));
        expect(generated.map(({ name }) => name)).toEqual([]);
    });

    it("of another app are its own", async () => {
        const blog = { ...shop, name: "blog", hosts: ["blog.example.org"], workers: {} };
        const stack = await stackOf(
            inCluster(
                ["environment.mainApp", "shop"],
                ["apps[1]", blog],
                ["existingSecrets.apps.blog.environment", { TOKEN: { name: "blog", key: "token" } }],
            ),
        );
        expect(secretsOf(stack, "blog")).toMatchObject({ TOKEN: "value of token" });
        expect(Object.keys(secretsOf(stack, "shop"))).not.toContain("TOKEN");
    });

    it("are read once the object that makes their Secret is there, so a first preview does not know them", async () => {
        const variablesBefore = async (...changes: readonly Change[]) => {
            const stack = await stackOf(inCluster(...named, ...changes), { preview: true });
            return secret(stack.get("Secret", "shop-secret-environment").props["stringData"]);
        };
        expect(await variablesBefore()).toMatchObject({ STRIPE_KEY: "value of key" });
        expect(await variablesBefore(["secretObjects.sealed.stripe", sealed])).toBeInstanceOf(UnknownValue);
        const stack = await stackOf(inCluster(...named, ["secretObjects.sealed.stripe", sealed]));
        expect(secretsOf(stack, "shop")).toMatchObject({ STRIPE_KEY: "value of key" });
        expect(waitsFor(stack, stack.get("Secret", "shop-secret-environment"))).toContain("secrets-stripe");
    });

    it("add nothing to a stack without them", async () => {
        const stack = await stackOf(inCluster());
        expect(stack.resources.filter(({ type }) => type.includes(":secrets:"))).toEqual([]);
    });
});
