// Static files on S3 behind CloudFront, uploaded files on S3.
import { z } from "zod";
import { hostName, text } from "../../fields.ts";
import { native } from "../../native/native.ts";
import { bucketName, kmsKeyArn } from "./fields.ts";

const createdMedia = z.strictObject({
    variant: z.literal("create"),
    versionDays: z
        .int()
        .min(1)
        .max(3650)
        .default(30)
        .meta({ unit: "days", description: "So long a replaced or deleted file can be brought back." }),
    keyArn: kmsKeyArn
        .optional()
        .meta({ description: "The key that encrypts its objects.", defaultsTo: "S3's own keys" }),
});

const existingMedia = z
    .strictObject({
        variant: z.literal("existing"),
        bucket: bucketName.describe("Its name."),
        keyArn: kmsKeyArn
            .optional()
            .meta({ description: "The key that its objects are encrypted with.", defaultsTo: "S3's own keys" }),
    })
    .describe("A bucket that is there; the app gets permission, nothing else of it is changed.");

const createdCertificate = z
    .strictObject({ variant: z.literal("create") })
    .describe("Made here and validated by a record in the zone.");

const existingCertificate = z.strictObject({
    variant: z.literal("existing"),
    arn: text(
        "the ARN of an ACM certificate in us-east-1, the only region that CloudFront takes them from",
        /^arn:aws:acm:us-east-1:[0-9]{12}:certificate\/[0-9a-f-]{36}$/,
    ).describe("A certificate for `host`."),
});

export const s3Assets = z.strictObject({
    variant: z.literal("s3").meta({ alsoCalled: ["aws", "amazon", "cloudfront", "bucket"] }),
    host: hostName.describe(
        "The CDN's own host name, for example static.shop.example.org: at CloudFront's own, browsers may use TLS 1.0 (R65).",
    ),
    certificate: z
        .discriminatedUnion("variant", [createdCertificate, existingCertificate])
        .default({ variant: "create" })
        .describe("Of `host`."),
    zoneId: text("a Route 53 zone's id, for example Z0123456789ABCDEFGHIJ", /^Z[A-Z0-9]{5,31}$/)
        .optional()
        .meta({
            description: "The Route 53 zone that `host` is in.",
            defaultsTo: "the platform's, when that is on AWS and `host` is in it",
        }),
    priceClass: z
        .enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"])
        .default("PriceClass_100")
        .describe("Where CloudFront has its servers: the Americas' north and Europe, most regions, or all."),
    media: z
        .discriminatedUnion("variant", [createdMedia, existingMedia])
        .prefault({ variant: "create" })
        .describe("The bucket of uploaded files."),
    podIdentityCluster: text("an EKS cluster's name", /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/)
        .optional()
        .meta({
            description: "The name of an EKS cluster with the Pod Identity agent, where the platform is not AWS's.",
            defaultsTo: "the app gets a key",
        }),
    native: z
        .strictObject({
            staticBucket: native("aws.s3.Bucket"),
            mediaBucket: native("aws.s3.Bucket"),
            distribution: native("aws.cloudfront.Distribution"),
        })
        .optional(),
});

export type S3AssetsSettings = z.output<typeof s3Assets>;
