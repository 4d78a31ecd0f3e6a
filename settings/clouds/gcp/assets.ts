// Static files and media in Cloud Storage, static files behind Cloud CDN.
import { z } from "zod";
import { hostName, objectName, text } from "../../fields.ts";
import { native } from "../../native/native.ts";
import { bucketName, keyPath } from "./fields.ts";

const createdStatic = z.strictObject({
    variant: z.literal("create"),
    host: hostName.describe("The CDN's own host name, for example static.shop.example.org."),
    zone: objectName.optional().meta({
        description: "The name of a managed zone of the project that `host` is in.",
        defaultsTo: "the platform's, when `host` is in it, else none",
    }),
});

const existingStatic = z
    .strictObject({
        variant: z.literal("existing"),
        bucket: bucketName.describe("Its name."),
        url: text(
            "an https address with a slash at its end, for example https://static.example.org/",
            /^https:\/\/[a-z0-9.-]+(:[0-9]+)?\/([!-~]*\/)?$/,
        ).describe("Where it is served."),
    })
    .describe("A bucket that something else serves; the app writes to it.");

const workloadIdentity = z
    .strictObject({
        variant: z.literal("workload-identity"),
        pool: text("a workload pool, PROJECT.svc.id.goog", /^[a-z][a-z0-9.:-]*\.svc\.id\.goog$/)
            .optional()
            .meta({ description: "The cluster's workload pool.", defaultsTo: "that of the project in `clouds.gcp`" }),
    })
    .describe("Pods of a GKE cluster are a service account of their own, without any key.");

const hmacKey = z
    .strictObject({ variant: z.literal("hmac-key") })
    .describe("Pods anywhere else use an HMAC key of the service account, as S3 clients do.");

const serviceAccountAddress = text(
    "a service account's address, NAME@PROJECT.iam.gserviceaccount.com",
    /^[a-z0-9-]+@[a-z0-9.-]+\.gserviceaccount\.com$/,
);

const existingAccount = z
    .strictObject({
        variant: z.literal("existing"),
        serviceAccount: serviceAccountAddress.describe("The service account's address."),
        staticServiceAccount: serviceAccountAddress.optional().meta({
            description:
                "Likewise, the one of the job that writes static files: the ServiceAccount `APP-collectstatic` may be it, and no other.",
            defaultsTo: "one is made, in the project of `clouds.gcp`",
        }),
    })
    .refine(({ serviceAccount, staticServiceAccount }) => serviceAccount !== staticServiceAccount, {
        path: ["staticServiceAccount"],
        error: "another service account than serviceAccount, which every pod of the app is: only the job that writes static files may write them",
    })
    .describe(
        "A service account that is there, and lets the app's ServiceAccounts be it (`roles/iam.workloadIdentityUser`). In buckets that are there too both accounts have their roles already: `roles/storage.objectUser`, of static files the app's `roles/storage.objectViewer`.",
    );

export const cloudStorageAssets = z.strictObject({
    variant: z.literal("cloud-storage").meta({ alsoCalled: ["gcs", "gcp", "google", "bucket"] }),
    location: text("a region, EU, US or ASIA", /^[A-Za-z][A-Za-z0-9-]+$/)
        .optional()
        .meta({
            description: "A region or a multi-region such as EU; for ever.",
            defaultsTo: "`clouds.gcp.region`",
        }),
    static: z
        .discriminatedUnion("variant", [createdStatic, existingStatic])
        .describe("The bucket of static files, and its CDN."),
    media: z
        .discriminatedUnion("variant", [
            z.strictObject({ variant: z.literal("create") }),
            z.strictObject({ variant: z.literal("existing"), bucket: bucketName.describe("Its name.") }),
        ])
        .default({ variant: "create" })
        .describe("The bucket of uploaded files."),
    versionDays: z
        .int()
        .min(1)
        .max(3650)
        .default(30)
        .meta({ unit: "days", description: "So long a replaced or deleted file can be brought back." }),
    access: z.discriminatedUnion("variant", [workloadIdentity, hmacKey, existingAccount]).optional().meta({
        description: "How pods get in.",
        defaultsTo: "`workload-identity` on a cluster of Google Cloud's platform, else `hmac-key`",
    }),
    encryptionKey: keyPath.optional().meta({ description: "Encrypts the objects.", defaultsTo: "a key of Google's" }),
    native: z
        .strictObject({
            staticBucket: native("gcp.storage.Bucket"),
            mediaBucket: native("gcp.storage.Bucket"),
            backendBucket: native("gcp.compute.BackendBucket"),
        })
        .optional(),
});

export type CloudStorageSettings = z.output<typeof cloudStorageAssets>;
