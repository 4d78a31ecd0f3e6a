// Values that the stack's file holds encrypted. They are strings here and become secret Outputs in settings/load.ts.
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
        apps: z.record(shortName, z.strictObject(ofApp)).default({}).meta({
            description:
                "Of the apps that are not the main one, and of their own stores: the same settings, below the app's name.",
            sameAs: "secrets",
        }),
    })
    .describe("Of the main app and the stores that apps share; those of other apps by their names.");

export type PlainSecrets = z.output<typeof secretsSchema>;
export type PlainAppSecrets = Omit<PlainSecrets, "apps" | "digitaloceanDnsToken">;
