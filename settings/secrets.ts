// Values that the stack's file holds encrypted. They are strings here and become secret Outputs in settings/load.ts.
import { z } from "zod";
import { absolutePath, environmentVariableName, shortName } from "./fields.ts";

const secretText = z.string().min(1);

const ofApp = {
    /** Environment variables of the app's pods. */
    environment: z.record(environmentVariableName, secretText).default({}),
    /** Whole files, by the path they are mounted at. */
    files: z.record(absolutePath, secretText).default({}),
    /** For the app's `registry`. */
    registryPassword: secretText.optional(),
    /** For the app's `release.superuser`. @default generated */
    superuserPassword: secretText.optional(),
    /** Django's SECRET_KEY. @default generated */
    secretKey: secretText.optional(),
    /** @default generated */
    databasePassword: secretText.optional(),
    /** @default generated */
    cachePassword: secretText.optional(),
    /** @default generated */
    brokerPassword: secretText.optional(),
};

/** Of the main app and the stores that apps share; those of other apps by their names. */
export const secretsSchema = z.strictObject({
    ...ofApp,
    /** For DigitalOcean's DNS: a token that may read and write domains and nothing else. Records and certificates need it. */
    digitaloceanDnsToken: secretText.optional(),
    /** Of the apps that are not the main one, and of their own stores. */
    apps: z.record(shortName, z.strictObject(ofApp)).default({}),
});

export type PlainSecrets = z.output<typeof secretsSchema>;
export type PlainAppSecrets = Omit<PlainSecrets, "apps" | "digitaloceanDnsToken">;
