// Keys of Secrets in the cluster, and the objects that controllers make Secrets of: what is refused, and what is told.
import { describe, expect, test } from "vitest";
import { plainCredentials } from "../../../../settings/stack-file/plain-secrets.ts";
import { quiet, refused, told } from "../../../support/findings.ts";
import { problemsAfter } from "../../../support/settings.ts";

const sealedText = `AgB${"x".repeat(400)}`;
const sealed = { encryptedData: { key: sealedText } };
const external = { store: { name: "company" }, data: { key: { key: "prod/stripe" } } };
const key = { name: "stripe", key: "key" };

const registry = { server: "registry.example.org", username: "ci" };

test.each([
    ["instead of an encrypted value", [["existingSecrets.databasePassword", key]]],
    [
        "of the registry",
        [
            ["apps[0].registry", registry],
            ["existingSecrets.registryPassword", key],
        ],
    ],
    [
        "made by a SealedSecret",
        [
            ["secretObjects.sealed.stripe", sealed],
            ["existingSecrets.environment", { STRIPE_KEY: key }],
        ],
    ],
    [
        "made by an ExternalSecret",
        [
            ["secretObjects.external.stripe", external],
            ["existingSecrets.files", { "/etc/key.pem": key }],
        ],
    ],
] as const)("a key of a Secret %s is right", (_, changes) => {
    expect(problemsAfter(...changes)).toEqual([]);
});

refused("a secret in two places", [
    [
        "encrypted, and in the cluster",
        [
            ["secrets.databasePassword", "password"],
            ["existingSecrets.databasePassword", key],
        ],
        [
            {
                path: "secrets.databasePassword",
                found: "also in existingSecrets",
                allowed: "each name in one of the two",
                fix: "remove the one that is encrypted: pulumi config rm --path 'secrets.databasePassword'",
            },
        ],
    ],
    [
        "a variable in plain text, and in the cluster",
        [
            ["apps[0].environment.STRIPE_KEY", "on"],
            ["existingSecrets.environment", { STRIPE_KEY: key }],
        ],
        [
            {
                path: "apps[0].environment.STRIPE_KEY",
                found: "also in existingSecrets.environment",
                allowed: "each name in one of the two",
                fix: "remove the one in plain text: pulumi config rm --path 'apps[0].environment.STRIPE_KEY'",
            },
        ],
    ],
]);

refused("what nothing uses or makes", [
    [
        "a password of a store that is not there",
        [
            ["cache", { variant: "none" }],
            ["existingSecrets.cachePassword", key],
        ],
        [
            {
                path: "existingSecrets.cachePassword",
                found: "a secret that nothing uses",
                allowed: "nothing, unless there is a cache",
                fix: "add a cache, or pulumi config rm --path 'existingSecrets.cachePassword'",
            },
        ],
    ],
    [
        "of an app that is not there",
        [["existingSecrets.apps", { blog: { secretKey: key } }]],
        [
            {
                path: "existingSecrets.apps.blog",
                found: "secrets of no app",
                allowed: "names of apps: there is none but the main one",
                fix: "pulumi config rm --path 'existingSecrets.apps.blog'",
            },
        ],
    ],
    [
        "a key that the SealedSecret does not have",
        [
            ["secretObjects.sealed.stripe", sealed],
            ["existingSecrets.secretKey", { name: "stripe", key: "other" }],
        ],
        [
            {
                path: "existingSecrets.secretKey.key",
                found: '"other"',
                allowed: "a key that secretObjects gives the Secret stripe: key",
                fix: "pulumi config set --path 'existingSecrets.secretKey.key' key",
            },
        ],
    ],
    [
        "two objects of one name",
        [
            ["secretObjects", { sealed: { stripe: sealed }, external: { stripe: external } }],
            ["existingSecrets.secretKey", key],
        ],
        [
            {
                path: "secretObjects.external.stripe",
                found: "a name that secretObjects.sealed.stripe has too",
                allowed: "another name: each makes a Secret of its own name, and one would be refused the other's",
                fix: "pulumi config rm --path 'secretObjects.external.stripe'",
            },
        ],
    ],
    [
        "a variable that every pod is given already",
        [["existingSecrets.environment", { DATABASE_URL: key }]],
        [
            {
                path: "existingSecrets.environment.DATABASE_URL",
                found: "a variable that every pod is given already",
                allowed: "any other name",
                fix: expect.stringContaining(
                    "pulumi config rm --path 'existingSecrets.environment.DATABASE_URL'",
                ) as string,
            },
        ],
    ],
]);

refused("forms", [
    [
        "plain text where sealed text belongs",
        [
            ["secretObjects.sealed.stripe", { encryptedData: { key: "hunter2" } }],
            ["existingSecrets.secretKey", key],
        ],
        [
            expect.objectContaining({
                path: "secretObjects.sealed.stripe.encryptedData.key",
                allowed: "what kubeseal printed: base64 that begins with Ag",
            }) as never,
        ],
    ],
    [
        "a value where a place belongs",
        [["existingSecrets.secretKey", "hunter2"]],
        [expect.objectContaining({ path: "existingSecrets.secretKey", allowed: "settings: name, key" }) as never],
    ],
]);

told(
    "what may be meant",
    [
        [
            "an object whose Secret no setting names",
            [["secretObjects.sealed.stripe", sealed]],
            [
                {
                    path: "secretObjects.sealed.stripe",
                    found: "an object whose Secret no setting names",
                    allowed: "objects whose keys stand in existingSecrets",
                    fix: "name its keys there, or pulumi config rm --path 'secretObjects.sealed.stripe'",
                },
            ],
        ],
        [
            "a Secret of an environment that has no namespace yet",
            [
                ["environment.kind", "ephemeral"],
                ["existingSecrets.secretKey", key],
            ],
            [
                {
                    path: "existingSecrets.secretKey",
                    found: "the Secret stripe, before an environment for a while has a namespace",
                    allowed:
                        "Secrets that are in the namespace shop-staging when it comes up, or that secretObjects makes there",
                    fix: "add it to secretObjects, or let what makes the stack make namespace and Secret first",
                },
            ],
        ],
        [
            "a store of a namespace that is not there yet",
            [
                ["environment.kind", "ephemeral"],
                ["secretObjects.external.stripe", { ...external, store: { kind: "SecretStore", name: "company" } }],
                ["existingSecrets.secretKey", key],
            ],
            [
                {
                    path: "secretObjects.external.stripe.store.kind",
                    found: "the SecretStore company, before an environment for a while has a namespace",
                    allowed: "a ClusterSecretStore whose conditions let the namespace shop-staging in",
                    fix: "pulumi config set --path 'secretObjects.external.stripe.store.kind' ClusterSecretStore, or let what makes the stack make namespace and store first",
                },
            ],
        ],
    ],
    quiet,
);

describe("in the stack's file", () => {
    const home = () => "secrets.environment.NAME";

    test("sealed text may stand there for everybody, whatever its name", () => {
        const value = { sealed: { stripe: { encryptedData: { password: sealedText } } } };
        expect(plainCredentials(value, ["secretObjects"], home)).toEqual([]);
    });

    test("elsewhere, and in another form, a password may not", () => {
        expect(plainCredentials({ password: sealedText }, ["apps"], home)).toHaveLength(1);
        expect(
            plainCredentials({ sealed: { s: { encryptedData: { password: "hunter2" } } } }, ["secretObjects"], home),
        ).toHaveLength(1);
    });
});
