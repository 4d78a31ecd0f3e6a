// Secrets that somebody else put into the cluster: for each secret of the settings, which key of which Secret it is.
import { z } from "zod";
import { shortName, text } from "./fields.ts";
import { appSecrets } from "./secrets.ts";

const secretKey = z
    .strictObject({
        name: text(
            "the name of a Secret, of lower-case letters, digits, hyphens and dots",
            /^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
        )
            .meta({ example: "SECRET", alsoCalled: ["secret", "secretName", "existingSecret"] })
            .describe("A Secret of the environment's namespace, there before `up` or made by `secretObjects`."),
        key: text("a key of a Secret, of letters, digits, dots, hyphens and underscores", /^[-._a-zA-Z0-9]{1,253}$/)
            .meta({ example: "KEY", alsoCalled: ["secretKey", "existingSecretKey", "property"] })
            .describe("Whose value it is."),
    })
    .meta({ typeName: "name and key of a Secret" });

const ofApp = appSecrets(secretKey);

export const existingSecretsSchema = z
    .strictObject({
        ...ofApp,
        apps: z.record(shortName, z.strictObject(ofApp)).default({}).meta({
            description:
                "Of the apps that are not the main one, and of their own stores: the same settings, below the app's name.",
            sameAs: "existingSecrets",
        }),
    })
    .describe("Instead of an encrypted value in `secrets`: the key of a Secret that is in the cluster.");

/** One key of a Secret. */
export type SecretKey = z.output<typeof secretKey>;

/** Whose value is asked for. */
export interface SecretToRead extends SecretKey {
    /** A password or another credential, which is never of several lines; a variable or a file may be. */
    readonly oneLine: boolean;
}

export type ExistingSecrets = z.output<typeof existingSecretsSchema>;
export type ExistingAppSecrets = Omit<ExistingSecrets, "apps">;
