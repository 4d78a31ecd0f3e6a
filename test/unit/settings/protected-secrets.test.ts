// Where each secret's value comes from. Does not prove what the cluster's Secrets hold, nor who refuses what they hold.
import { expect, test } from "vitest";
import { existingSecretsSchema } from "../../../settings/existing-secrets.ts";
import { protectSecrets } from "../../../settings/resolve/secrets.ts";
import { secretsSchema } from "../../../settings/secrets.ts";

const place = (key: string) => ({ name: "shop", key });

test("of credentials in the cluster one line is wanted, of variables and files whatever they hold, of each app", () => {
    const ofApp = {
        databasePassword: place("database"),
        secretKey: place("secret-key"),
        environment: { STRIPE_KEY: place("stripe") },
        files: { "/etc/shop/key.pem": place("pem") },
    };
    const secrets = protectSecrets(
        secretsSchema.parse({ cachePassword: "given", environment: { GIVEN: "given" } }),
        existingSecretsSchema.parse({ ...ofApp, apps: { blog: ofApp } }),
        {
            value: (text) => `${text} as it is`,
            existing: ({ name, key, oneLine }) => `${name}/${key}${oneLine ? " in one line" : ""}`,
        },
    );
    const read = {
        databasePassword: "shop/database in one line",
        secretKey: "shop/secret-key in one line",
        environment: { STRIPE_KEY: "shop/stripe" },
        files: { "/etc/shop/key.pem": "shop/pem" },
    };
    expect(secrets).toEqual({
        ...read,
        cachePassword: "given as it is",
        environment: { ...read.environment, GIVEN: "given as it is" },
        apps: { blog: read },
    });
});
