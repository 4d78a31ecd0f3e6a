// Static files and media in Cloud Storage, static files behind Cloud CDN.
import { z } from "zod";
import { hostName, objectName, text } from "../../fields.ts";
import { bucketName, keyPath, native } from "./fields.ts";

const createdStatic = z.strictObject({
    variant: z.literal("create"),
    /** The CDN's own host name, for example static.shop.example.org. */
    host: hostName,
    /** The name of a managed zone of the project that `host` is in. @default the platform's, when `host` is in it, else none */
    zone: objectName.optional(),
});

/** A bucket that something else serves; the app writes to it. */
const existingStatic = z.strictObject({
    variant: z.literal("existing"),
    bucket: bucketName,
    /** Where it is served. */
    url: text("an https address with a slash at its end, for example https://static.example.org/", (value) =>
        /^https:\/\/[a-z0-9.-]+(:[0-9]+)?\/([!-~]*\/)?$/.test(value),
    ),
});

/** Pods of a GKE cluster are a service account of their own, without any key. */
const workloadIdentity = z.strictObject({
    variant: z.literal("workload-identity"),
    /** The cluster's workload pool. @default that of the project in `clouds.gcp` */
    pool: text("a workload pool, PROJECT.svc.id.goog", (value) =>
        /^[a-z][a-z0-9.:-]*\.svc\.id\.goog$/.test(value),
    ).optional(),
});

/** Pods anywhere else use an HMAC key of the service account, as S3 clients do. */
const hmacKey = z.strictObject({ variant: z.literal("hmac-key") });

/**
 * A service account that is there, and lets the app's ServiceAccounts be it (`roles/iam.workloadIdentityUser`). In buckets that are
 * there too it has its role already (`roles/storage.objectUser`).
 */
const existingAccount = z.strictObject({
    variant: z.literal("existing"),
    serviceAccount: text("a service account's address, NAME@PROJECT.iam.gserviceaccount.com", (value) =>
        /^[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com$/.test(value),
    ),
});

export const cloudStorageAssets = z.strictObject({
    variant: z.literal("cloud-storage"),
    /** A region or a multi-region such as EU; for ever. @default the region in `clouds.gcp` */
    location: text("a region, EU, US or ASIA", (value) => /^[A-Za-z][A-Za-z0-9-]+$/.test(value)).optional(),
    static: z.discriminatedUnion("variant", [createdStatic, existingStatic]),
    /** @default { variant: "create" } */
    media: z
        .discriminatedUnion("variant", [
            z.strictObject({ variant: z.literal("create") }),
            z.strictObject({ variant: z.literal("existing"), bucket: bucketName }),
        ])
        .default({ variant: "create" }),
    /** Days that a replaced or deleted file can be brought back. @default 30 */
    versionDays: z.int().min(1).max(3650).default(30),
    /** How pods get in. @default workload-identity on a cluster of Google Cloud's platform, else hmac-key */
    access: z.discriminatedUnion("variant", [workloadIdentity, hmacKey, existingAccount]).optional(),
    /** @default a key of Google's */
    encryptionKey: keyPath.optional(),
    /** Arguments of gcp.storage.Bucket and gcp.compute.BackendBucket, over all others. @default none */
    native: z
        .strictObject({
            staticBucket: native.optional(),
            mediaBucket: native.optional(),
            backendBucket: native.optional(),
        })
        .optional(),
});

export type CloudStorageSettings = z.output<typeof cloudStorageAssets>;
