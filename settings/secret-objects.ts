// Objects that a controller in the cluster makes Secrets of, safe to commit: SealedSecret, ExternalSecret.
import { z } from "zod";
import { sealedForm } from "../lib/sealed-text.ts";
import { objectName, text } from "./fields.ts";

const key = text("a key of a Secret, of letters, digits, dots, hyphens and underscores", /^[-._a-zA-Z0-9]{1,253}$/);

const sealed = z
    .strictObject({
        encryptedData: z
            .record(key, text("what kubeseal printed: base64 that begins with Ag", sealedForm))
            .refine((data) => Object.keys(data).length > 0, { error: "at least one key" })
            .meta({ typeName: "keys with sealed text", alsoCalled: ["data", "stringData"] })
            .describe("As `kubeseal` prints it, or `kubeseal --raw` for one key."),
        scope: z
            .enum(["strict", "namespace-wide", "cluster-wide"])
            .default("strict")
            .describe("With which it was sealed: `strict` binds it to this name in this namespace."),
    })
    .describe("A SealedSecret: only the cluster's controller can read it.");

const external = z
    .strictObject({
        store: z
            .strictObject({
                kind: z
                    .enum(["SecretStore", "ClusterSecretStore"])
                    .default("ClusterSecretStore")
                    .describe("Of the namespace, or of the cluster."),
                name: objectName.describe("Of the store, which is there: the program makes none."),
            })
            .meta({ alsoCalled: ["secretStoreRef", "secretStore"] })
            .describe("Where the values are: a vault, a cloud's secret manager."),
        data: z
            .record(
                key,
                z.strictObject({
                    key: z
                        .string()
                        .min(1)
                        .describe("Of the entry in the store.")
                        .meta({ example: "KEY", alsoCalled: ["remoteKey", "path"] }),
                    property: z.string().min(1).optional().meta({
                        description: "One field of an entry that has several.",
                        defaultsTo: "the whole entry",
                    }),
                }),
            )
            .refine((data) => Object.keys(data).length > 0, { error: "at least one key" })
            .meta({ typeName: "keys with entries of the store" })
            .describe("The Secret's keys, and which entry of the store each is."),
        refreshInterval: text("a time such as 1h or 15m, or 0 for once", /^(0|([0-9]+(s|m|h))+)$/)
            .meta({ example: "1h" })
            .default("1h")
            .describe("How often the controller asks the store. Pods get a new value at the next `up`."),
    })
    .describe("An ExternalSecret: the External Secrets Operator fetches the values.");

export const secretObjectsSchema = z
    .strictObject({
        sealed: z
            .record(objectName, sealed)
            .default({})
            .meta({ alsoCalled: ["sealedSecrets", "sealedSecret"] })
            .describe("SealedSecrets by name; the Secret that comes of one has the same."),
        external: z
            .record(objectName, external)
            .default({})
            .meta({ alsoCalled: ["externalSecrets", "externalSecret"] })
            .describe("ExternalSecrets by name; the Secret that comes of one has the same."),
    })
    .describe("Objects of which a controller in the cluster makes Secrets, for `existingSecrets` to name.");

export type SecretObjectsSettings = z.output<typeof secretObjectsSchema>;
