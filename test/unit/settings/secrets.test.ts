// No secret is ever in a message. Does not prove it of Pulumi's own messages, state and logs: that is the engine layer's.
import fc from "fast-check";
import { expect, test } from "vitest";
import { environmentContract, variableName } from "../../../lib/environment-contract.ts";
import { secretsSchema } from "../../../settings/secrets.ts";
import { errorOf, largestSettings, problemsAfter, smallestSettings, withSettings } from "../../support/settings.ts";

const canary = "canary-f00d";
const numericCanary = 907_050_301;

/** Anything that JSON can hold, with a canary at its ends. */
const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.constantFrom<unknown>(canary, numericCanary, `-----BEGIN KEY-----\n${canary}`, "", null, true),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("A", "1A", "/etc/key.pem", "etc/key", "environment", "secretKey"), tie("value"), {
            maxKeys: 3,
        }),
    ),
}));

const names = [...Object.keys(secretsSchema.shape), "secretkey", "databasePasword", "unknown"];

/** A section of right and wrong names with right and wrong values, or something that is no section at all. */
const anySecrets = fc.oneof(
    { weight: 4, arbitrary: fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.constant(canary), anyValue)) },
    { weight: 1, arbitrary: anyValue },
);

/** Variables that collide with others, so that the rules that compare sections speak too. */
const collidingNames = ["A", ...environmentContract.map((variable) => variableName(variable, "DJANGO_APP_"))];
const validSecrets = fc.record(
    {
        environment: fc.dictionary(fc.constantFrom(...collidingNames), fc.constant(canary), { maxKeys: 4 }),
        files: fc.dictionary(fc.constantFrom("/etc/key.pem", "/etc/newrelic.ini"), fc.constant(canary)),
        registryPassword: fc.constant(canary),
        superuserPassword: fc.constant(canary),
        secretKey: fc.constant(canary),
        databasePassword: fc.constant(canary),
        cachePassword: fc.constant(canary),
        brokerPassword: fc.constant(canary),
        assetsAccessKeyId: fc.constant(canary),
        assetsSecretAccessKey: fc.constant(canary),
        assetsStaticAccessKeyId: fc.constant(canary),
        assetsStaticSecretAccessKey: fc.constant(canary),
    },
    { requiredKeys: [] },
);

const others = fc.constantFrom(
    smallestSettings(),
    largestSettings(),
    withSettings(smallestSettings(), [
        ["cache", { variant: "none" }],
        ["broker", { variant: "none" }],
        ["apps[0].environment.A", "plain"],
        ["apps[0].files", { "/etc/key.pem": "plain" }],
    ]),
    withSettings(smallestSettings(), [["apps", "wrong"]]),
);

test.each([
    ["whatever it is", anySecrets],
    ["where it is right and the other sections are not", validSecrets],
])("a value of the section secrets is in no message, %s", (_, section) => {
    let told = 0;
    fc.assert(
        fc.property(others, section, (settings, secrets) => {
            const error = errorOf({ ...settings, secrets });
            const everything = `${error?.message} ${error?.stack} ${JSON.stringify(error?.problems)}`;
            expect(everything).not.toContain(canary);
            expect(everything).not.toContain(String(numericCanary));
            told += error?.problems.length ?? 0;
        }),
        { numRuns: 400 },
    );
    // Else it would prove nothing.
    expect(told).toBeGreaterThan(100);
});

test.each([
    {
        what: "no text",
        secrets: { secretKey: numericCanary },
        path: "secrets.secretKey",
        allowed: "text",
        fix: "pulumi config set --secret --path 'secrets.secretKey'",
    },
    {
        what: "empty text",
        secrets: { databasePassword: "" },
        path: "secrets.databasePassword",
        allowed: "at least 1 character",
        fix: "pulumi config set --secret --path 'secrets.databasePassword'",
    },
    {
        what: "one value for all variables",
        secrets: { environment: canary },
        path: "secrets.environment",
        allowed: "names with values",
        fix: "pulumi config set --secret --path 'secrets.environment.NAME'",
    },
    {
        what: "one value for all secrets",
        secrets: canary,
        path: "secrets",
        allowed:
            "settings: environment, files, registryPassword, superuserPassword, secretKey, secretKeyFallback, databasePassword, " +
            "databaseAdministratorPassword, databaseBackupsAccessKeyId, databaseBackupsSecretAccessKey, databaseBackupsPassphrase, cachePassword, brokerPassword, assetsAccessKeyId, assetsSecretAccessKey, assetsStaticAccessKeyId, assetsStaticSecretAccessKey, digitaloceanDnsToken, certificate, apps",
        fix: "pulumi config set --secret --path 'secrets.NAME'",
    },
])("of a wrong value only the place is told: $what", ({ secrets, what: _, ...problem }) => {
    expect(problemsAfter(["secrets", secrets])).toEqual([
        { found: "a value that is not shown because it is secret", ...problem },
    ]);
});

test("the name of a secret is told, for without it nobody finds the place", () => {
    expect(problemsAfter(["secrets.environment", { "API-KEY": canary }])).toEqual([
        {
            path: "secrets.environment.API-KEY",
            found: 'the name "API-KEY"',
            allowed: "letters, digits and underscores, not beginning with a digit",
            fix: "rename it to API_KEY",
        },
    ]);
    expect(problemsAfter(["secrets", { secretkey: canary }])[0]).toMatchObject({
        path: "secrets.secretkey",
        fix: "rename it to secretKey",
    });
});
