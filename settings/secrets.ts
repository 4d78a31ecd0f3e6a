// Values that the stack's file holds encrypted. They are strings until the settings are checked, and secret Outputs from then on.
import { z } from "zod";
import { absolutePath, environmentVariableName, shortName } from "./fields.ts";

const secretText = z.string().min(1).meta({ typeName: "encrypted text" });

/** The secrets of an app and of its stores, each by what stands for it: encrypted text, or where in the cluster it is. */
export function appSecrets<Leaf extends z.ZodType>(leaf: Leaf) {
    return {
        environment: z
            .record(environmentVariableName, leaf)
            .default({})
            .describe("Secret variables of every pod of the app."),
        files: z.record(absolutePath, leaf).default({}).describe("Secret files, mounted read-only at these paths."),
        registryPassword: leaf
            .optional()
            .meta({ description: "Needed with the app's `registry`.", defaultsTo: "none" }),
        superuserPassword: leaf
            .optional()
            .meta({ description: "For the app's `release.superuser`.", defaultsTo: "generated, 32 characters" }),
        secretKey: leaf
            .optional()
            .meta({ description: "Django's SECRET_KEY.", defaultsTo: "generated, 64 characters" }),
        databasePassword: leaf.optional().meta({
            description:
                "**Needed** with `external` and `server.variant: existing` (Cloud SQL makes a user of its own there), refused where the cloud makes it itself (DigitalOcean).",
            defaultsTo: "generated",
        }),
        databaseAdministratorPassword: leaf.optional().meta({
            description: "**Needed** with `administrator` of an `external` database.",
            defaultsTo: "none",
        }),
        databaseBackupsAccessKeyId: leaf.optional().meta({
            description:
                "**Needed** with `database.backups`: a key that may list, read, write and delete in their bucket, and should be good for nothing else.",
            defaultsTo: "none",
            alsoCalled: ["backupsAccessKeyId", "backupAccessKeyId"],
        }),
        databaseBackupsSecretAccessKey: leaf.optional().meta({
            description: "As `databaseBackupsAccessKeyId`: the secret of that key.",
            defaultsTo: "none",
            alsoCalled: ["backupsSecretAccessKey", "backupSecretAccessKey"],
        }),
        databaseBackupsPassphrase: leaf.optional().meta({
            description:
                "**Needed** with `database.backups`: what they are encrypted with, one line of 20 characters or more. **Never changed, and kept elsewhere too**: without it no backup can be read.",
            defaultsTo: "none",
            alsoCalled: ["backupsPassphrase", "backupEncryptionKey", "cipherPass"],
        }),
        cachePassword: leaf.optional().meta({
            description:
                "**Needed** with `server.variant: existing`, refused where the cloud makes it itself (Memorystore, DigitalOcean).",
            defaultsTo: "generated; none with `external`, where the server may ask for none",
        }),
        brokerPassword: leaf.optional().meta({
            description: "Of the broker; of RabbitMQ the app's own user's. **Needed** with `external` and `amqp`.",
            defaultsTo: "generated; none with `external` and `redis`, where the server may ask for none",
        }),
        assetsAccessKeyId: leaf.optional().meta({
            description: "**Needed** with buckets of a server that speaks S3 (`s3-compatible`, `media.from: bucket`).",
            defaultsTo: "none",
            alsoCalled: ["accessKeyId", "accessKey", "awsAccessKeyId"],
        }),
        assetsSecretAccessKey: leaf.optional().meta({
            description: "As `assetsAccessKeyId`: the secret of that key.",
            defaultsTo: "none",
            alsoCalled: ["secretAccessKey", "awsSecretAccessKey"],
        }),
        assetsStaticAccessKeyId: leaf.optional().meta({
            description:
                "With `s3-compatible`: a key of the job that writes static files alone. The other key then needs no more than to read them.",
            defaultsTo: "`assetsAccessKeyId`: every pod of the app may overwrite static files",
        }),
        assetsStaticSecretAccessKey: leaf.optional().meta({
            description: "As `assetsStaticAccessKeyId`: the secret of that key.",
            defaultsTo: "none",
        }),
    };
}

const ofApp = appSecrets(secretText);

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

/** Secrets whose values are texts, or what nobody can read any more, or where each is. Names and paths are not secret. */
export interface AppSecretsOf<Text> {
    readonly environment: Readonly<Record<string, Text>>;
    readonly files: Readonly<Record<string, Text>>;
    readonly registryPassword?: Text;
    readonly superuserPassword?: Text;
    readonly secretKey?: Text;
    readonly databasePassword?: Text;
    readonly databaseAdministratorPassword?: Text;
    readonly databaseBackupsAccessKeyId?: Text;
    readonly databaseBackupsSecretAccessKey?: Text;
    readonly databaseBackupsPassphrase?: Text;
    readonly cachePassword?: Text;
    readonly brokerPassword?: Text;
    readonly assetsAccessKeyId?: Text;
    readonly assetsSecretAccessKey?: Text;
    readonly assetsStaticAccessKeyId?: Text;
    readonly assetsStaticSecretAccessKey?: Text;
}

/** Of the main app and the shared stores, and by name of the other apps. */
export interface SecretsOf<Text> extends AppSecretsOf<Text> {
    readonly apps: Readonly<Record<string, AppSecretsOf<Text>>>;
    readonly digitaloceanDnsToken?: Text;
    readonly certificate?: { readonly chain: Text; readonly key: Text };
}
