// Values that the stack's file holds encrypted. They are strings until the settings are checked, and secret Outputs from then on.
import { z } from "zod";
import { absolutePath, environmentVariableName, shortName } from "./fields.ts";

const secretText = z.string().min(1).meta({ typeName: "encrypted text" });

const ofApp = {
    environment: z
        .record(environmentVariableName, secretText)
        .default({})
        .describe("Secret variables of every pod of the app."),
    files: z.record(absolutePath, secretText).default({}).describe("Secret files, mounted read-only at these paths."),
    registryPassword: secretText
        .optional()
        .meta({ description: "Needed with the app's `registry`.", defaultsTo: "none" }),
    superuserPassword: secretText
        .optional()
        .meta({ description: "For the app's `release.superuser`.", defaultsTo: "generated, 32 characters" }),
    secretKey: secretText
        .optional()
        .meta({ description: "Django's SECRET_KEY.", defaultsTo: "generated, 64 characters" }),
    databasePassword: secretText.optional().meta({
        description:
            "**Needed** with `server.variant: existing` (Cloud SQL makes a user of its own there), refused where the cloud makes it itself (DigitalOcean).",
        defaultsTo: "generated",
    }),
    cachePassword: secretText.optional().meta({
        description:
            "**Needed** with `server.variant: existing`, refused where the cloud makes it itself (Memorystore, DigitalOcean).",
        defaultsTo: "generated",
    }),
    brokerPassword: secretText.optional().meta({ description: "Of the broker.", defaultsTo: "generated" }),
    assetsAccessKeyId: secretText.optional().meta({
        description: "**Needed** with buckets of a server that speaks S3 (`s3-compatible`, `media.from: bucket`).",
        defaultsTo: "none",
        alsoCalled: ["accessKeyId", "accessKey", "awsAccessKeyId"],
    }),
    assetsSecretAccessKey: secretText.optional().meta({
        description: "As `assetsAccessKeyId`: the secret of that key.",
        defaultsTo: "none",
        alsoCalled: ["secretAccessKey", "awsSecretAccessKey"],
    }),
};

export const secretsSchema = z
    .strictObject({
        ...ofApp,
        digitaloceanDnsToken: secretText.optional().meta({
            description:
                "Of the stack: for records and `dns-01` at DigitalOcean; a token with `domain:read`, `domain:create`, `domain:update`, `domain:delete` and nothing else.",
            defaultsTo: "none",
        }),
        apps: z.record(shortName, z.strictObject(ofApp)).default({}).meta({
            description:
                "Of the apps that are not the main one, and of their own stores: the same settings, below the app's name.",
            sameAs: "secrets",
        }),
    })
    .describe("Of the main app and the stores that apps share; those of other apps by their names.");

export type PlainSecrets = z.output<typeof secretsSchema>;
export type PlainAppSecrets = Omit<PlainSecrets, "apps" | "digitaloceanDnsToken">;

/** Secrets whose values are texts, or what nobody can read any more. Names and paths are not secret. */
export interface AppSecretsOf<Text> {
    readonly environment: Readonly<Record<string, Text>>;
    readonly files: Readonly<Record<string, Text>>;
    readonly registryPassword?: Text;
    readonly superuserPassword?: Text;
    readonly secretKey?: Text;
    readonly databasePassword?: Text;
    readonly cachePassword?: Text;
    readonly brokerPassword?: Text;
    readonly assetsAccessKeyId?: Text;
    readonly assetsSecretAccessKey?: Text;
}

/** Of the main app and the shared stores, and by name of the other apps. */
export interface SecretsOf<Text> extends AppSecretsOf<Text> {
    readonly apps: Readonly<Record<string, AppSecretsOf<Text>>>;
    readonly digitaloceanDnsToken?: Text;
}

/** @param protect what is done to every value; what has none stays without one */
export function protectSecrets<Text>(
    { apps, digitaloceanDnsToken, ...main }: PlainSecrets,
    protect: (secret: string) => Text,
): SecretsOf<Text> {
    const single = (value: string | undefined): Text | undefined => (value === undefined ? undefined : protect(value));
    const all = (values: Readonly<Record<string, string>>): Record<string, Text> =>
        Object.fromEntries(Object.entries(values).map(([name, value]) => [name, protect(value)]));
    const ofApp = (secrets: PlainAppSecrets): AppSecretsOf<Text> => ({
        environment: all(secrets.environment),
        files: all(secrets.files),
        registryPassword: single(secrets.registryPassword),
        superuserPassword: single(secrets.superuserPassword),
        secretKey: single(secrets.secretKey),
        databasePassword: single(secrets.databasePassword),
        cachePassword: single(secrets.cachePassword),
        brokerPassword: single(secrets.brokerPassword),
        assetsAccessKeyId: single(secrets.assetsAccessKeyId),
        assetsSecretAccessKey: single(secrets.assetsSecretAccessKey),
    });
    return {
        ...ofApp(main),
        apps: Object.fromEntries(Object.entries(apps).map(([name, secrets]) => [name, ofApp(secrets)])),
        digitaloceanDnsToken: single(digitaloceanDnsToken),
    };
}
