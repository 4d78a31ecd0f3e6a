// Values that the stack's file holds encrypted. They are strings here and become secret Outputs in settings/load.ts.
import { z } from "zod";
import { absolutePath, environmentVariableName } from "./fields.ts";

const secretText = z.string().min(1);

export const secretsSchema = z.strictObject({
    /** Environment variables of every Django pod. */
    environment: z.record(environmentVariableName, secretText).default({}),
    /** Whole files, by the path they are mounted at. */
    files: z.record(absolutePath, secretText).default({}),
    /** For `app.registry`. */
    registryPassword: secretText.optional(),
    /** For `app.release.superuser`. @default generated */
    superuserPassword: secretText.optional(),
    /** Django's SECRET_KEY. @default generated */
    secretKey: secretText.optional(),
    /** @default generated */
    databasePassword: secretText.optional(),
    /** @default generated */
    cachePassword: secretText.optional(),
    /** @default generated */
    brokerPassword: secretText.optional(),
});

export type PlainSecrets = z.output<typeof secretsSchema>;
