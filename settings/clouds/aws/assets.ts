// Static files on S3 behind CloudFront, uploaded files on S3.
import { z } from "zod";
import { hostName, text } from "../../fields.ts";
import { bucketName, kmsKeyArn, native } from "./fields.ts";

const createdMedia = z.strictObject({
    variant: z.literal("create"),
    /** Days that a replaced or deleted file can be brought back. @default 30 */
    versionDays: z.int().min(1).max(3650).default(30),
    /** @default S3's own keys */
    keyArn: kmsKeyArn.optional(),
});

/** A bucket that is there; the app gets permission, nothing else of it is changed. */
const existingMedia = z.strictObject({
    variant: z.literal("existing"),
    bucket: bucketName,
    /** The key that its objects are encrypted with. @default S3's own keys */
    keyArn: kmsKeyArn.optional(),
});

/** Made here and validated by a record in the zone. */
const createdCertificate = z.strictObject({ variant: z.literal("create") });

const existingCertificate = z.strictObject({
    variant: z.literal("existing"),
    arn: text("the ARN of an ACM certificate in us-east-1, the only region that CloudFront takes them from", (value) =>
        /^arn:aws:acm:us-east-1:[0-9]{12}:certificate\/[0-9a-f-]{36}$/.test(value),
    ),
});

export const s3Assets = z.strictObject({
    variant: z.literal("s3"),
    /** The CDN's own host name, for example static.shop.example.org: at CloudFront's own, browsers may use TLS 1.0 (R65). */
    host: hostName,
    /** @default { variant: "create" } */
    certificate: z
        .discriminatedUnion("variant", [createdCertificate, existingCertificate])
        .default({ variant: "create" }),
    /** The Route 53 zone that `host` is in. @default the platform's, when that is on AWS and `host` is in it */
    zoneId: text("a Route 53 zone's id, for example Z0123456789ABCDEFGHIJ", (value) =>
        /^Z[A-Z0-9]{5,31}$/.test(value),
    ).optional(),
    /** Where CloudFront has its servers: the Americas' north and Europe, most regions, or all. @default "PriceClass_100" */
    priceClass: z.enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"]).default("PriceClass_100"),
    /** @default { variant: "create" } */
    media: z.discriminatedUnion("variant", [createdMedia, existingMedia]).prefault({ variant: "create" }),
    /** The name of an EKS cluster with the Pod Identity agent, where the platform is not AWS's. @default the app gets a key */
    podIdentityCluster: text("an EKS cluster's name", (value) =>
        /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(value),
    ).optional(),
    /** Arguments of aws.s3.Bucket and aws.cloudfront.Distribution, over all others. @default none */
    native: z
        .strictObject({
            staticBucket: native.optional(),
            mediaBucket: native.optional(),
            distribution: native.optional(),
        })
        .optional(),
});

export type S3AssetsSettings = z.output<typeof s3Assets>;
