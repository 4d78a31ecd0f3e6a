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
};

export const secretsSchema = z
    .strictObject({
        ...ofApp,
        digitaloceanDnsToken: secretText.optional().meta({
            description:
                "Of the stack: for records and `dns-01` at DigitalOcean; a token with `domain:read`, `domain:create`, `domain:update`, `domain:delete` and nothing else.",
            defaultsTo: "none",
        }),
        certificate: z
            .strictObject({
                chain: secretText.describe(
                    "PEM: the certificate of every host, then those between it and its authority.",
                ),
                key: secretText.describe("PEM: its private key, without a passphrase."),
            })
            .optional()
            .meta({
                description: "Of the stack: for `exposure.certificate.variant: given`.",
                defaultsTo: "none",
                alsoCalled: ["tlsCertificate", "wildcardCertificate"],
            }),
        apps: z.record(shortName, z.strictObject(ofApp)).default({}).meta({
            description:
                "Of the apps that are not the main one, and of their own stores: the same settings, below the app's name.",
            sameAs: "secrets",
        }),
    })
    .describe("Of the main app and the stores that apps share; those of other apps by their names.");

export type PlainSecrets = z.output<typeof secretsSchema>;
export type PlainAppSecrets = Omit<PlainSecrets, "apps" | "digitaloceanDnsToken" | "certificate">;

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
}

/** Of the main app and the shared stores, and by name of the other apps. */
export interface SecretsOf<Text> extends AppSecretsOf<Text> {
    readonly apps: Readonly<Record<string, AppSecretsOf<Text>>>;
    readonly digitaloceanDnsToken?: Text;
    readonly certificate?: { readonly chain: Text; readonly key: Text };
}

/** @param protect what is done to every value; what has none stays without one */
export function protectSecrets<Text>(
    { apps, digitaloceanDnsToken, certificate, ...main }: PlainSecrets,
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
    });
    return {
        ...ofApp(main),
        apps: Object.fromEntries(Object.entries(apps).map(([name, secrets]) => [name, ofApp(secrets)])),
        digitaloceanDnsToken: single(digitaloceanDnsToken),
        certificate: certificate && { chain: protect(certificate.chain), key: protect(certificate.key) },
    };
}
