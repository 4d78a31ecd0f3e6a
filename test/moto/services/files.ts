// S3 and CloudFront.
// @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
// @see https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Operations.html
import type { PlainMap } from "../../../commands/plan/answers/values.ts";
import { renamed, type Making, type Translation, type Translations } from "./translation.ts";

/** A part of a bucket that is put, and taken away. */
function bucketPart(put: string, shape: (making: Making) => PlainMap, remove?: string): Translation {
    return {
        up: async (making) => {
            await making.call(put, { bucket: making.text("bucket"), ...shape(making) });
            return undefined;
        },
        ...(remove !== undefined && {
            down: ({ call, text }: Making) => call(remove, { bucket: text("bucket") }),
        }),
    };
}

const maps = (value: unknown): PlainMap[] => value as PlainMap[];

/** CloudFront has what is cached within what is allowed. */
function behavior(given: PlainMap): PlainMap {
    const { allowedMethods, cachedMethods, ...rest } = given;
    return {
        ...rest,
        allowedMethods: { items: allowedMethods, cachedMethods },
    };
}

/** Places are items of the restriction. */
function withItems(restrictions: PlainMap): PlainMap {
    const { locations, ...rest } = restrictions["geoRestriction"] as PlainMap;
    return { geoRestriction: { ...rest, items: locations ?? [] } };
}

export const files: Translations = {
    "aws:s3/bucket:Bucket": {
        up: async ({ call, input, text, region }) => {
            const { tags, ...given } = input("forceDestroy", "bucket");
            await call("s3.CreateBucket", {
                ...given,
                bucket: text("bucket"),
                ...(region !== "us-east-1" && { createBucketConfiguration: { locationConstraint: region } }),
            });
            if (tags !== undefined) {
                await call("s3.PutBucketTagging", { bucket: text("bucket"), tagging: { tagSet: tags } });
            }
            return undefined;
        },
        down: ({ call, text }) => call("s3.DeleteBucket", { bucket: text("bucket") }),
    },
    "aws:s3/bucketPolicy:BucketPolicy": bucketPart(
        "s3.PutBucketPolicy",
        ({ text }) => ({ policy: text("policy") }),
        "s3.DeleteBucketPolicy",
    ),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketPart(
        "s3.PutPublicAccessBlock",
        ({ input }) => ({ publicAccessBlockConfiguration: input("bucket", "skipDestroy") }),
        "s3.DeletePublicAccessBlock",
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketPart(
        "s3.PutBucketOwnershipControls",
        ({ input }) => ({ ownershipControls: { rules: [input()["rule"] ?? {}] } }),
        "s3.DeleteBucketOwnershipControls",
    ),
    "aws:s3/bucketVersioning:BucketVersioning": bucketPart("s3.PutBucketVersioning", ({ input }) => ({
        versioningConfiguration: input()["versioningConfiguration"],
    })),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": bucketPart(
        "s3.PutBucketCors",
        ({ input }) => ({ corsConfiguration: { corsRules: input()["corsRules"] } }),
        "s3.DeleteBucketCors",
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketPart(
        "s3.PutBucketEncryption",
        ({ input }) => ({
            serverSideEncryptionConfiguration: {
                rules: maps(input()["rules"]).map(({ blockedEncryptionTypes, ...rule }) => ({
                    ...rule,
                    ...(blockedEncryptionTypes !== undefined && {
                        blockedEncryptionTypes: { encryptionType: blockedEncryptionTypes },
                    }),
                })),
            },
        }),
        "s3.DeleteBucketEncryption",
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketPart(
        "s3.PutBucketLifecycleConfiguration",
        ({ input }) => ({ lifecycleConfiguration: { rules: input()["rules"] } }),
        "s3.DeleteBucketLifecycle",
    ),
    "aws:s3/bucketLogging:BucketLogging": bucketPart("s3.PutBucketLogging", ({ input }) => ({
        bucketLoggingStatus: { loggingEnabled: input("bucket") },
    })),
    "aws:cloudfront/originAccessControl:OriginAccessControl": {
        up: async ({ call, input, text }) => {
            const made = await call("cloudfront.CreateOriginAccessControl", {
                originAccessControlConfig: { ...input(), name: text("name") },
            });
            return made && { id: made["OriginAccessControl"].Id as string };
        },
        down: async ({ call, asked }) => {
            const found = await call("cloudfront.GetOriginAccessControl", { id: asked.id });
            await call("cloudfront.DeleteOriginAccessControl", { id: asked.id, ifMatch: found?.["ETag"] });
        },
    },
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
        up: async ({ call, input, text }) => {
            await call("cloudfront.CreateResponseHeadersPolicy", {
                responseHeadersPolicyConfig: { ...input("etag"), name: text("name") },
            });
            return undefined;
        },
        down: ({ call, asked }) => call("cloudfront.DeleteResponseHeadersPolicy", { id: asked.id, ifMatch: "etag" }),
    },
    "aws:cloudfront/distribution:Distribution": {
        up: async ({ call, input, asked }) => {
            const {
                tags,
                viewerCertificate,
                origins,
                defaultCacheBehavior,
                orderedCacheBehaviors,
                loggingConfig,
                ...given
            } = input("waitForDeployment", "retainOnDelete");
            const config: PlainMap = {
                ...renamed(given, { isIpv6Enabled: "isIPV6Enabled", webAclId: "webACLId" }),
                callerReference: asked.name,
                origins: maps(origins).map((origin) =>
                    renamed(
                        // The service wants to be told that there is no identity of the old kind.
                        { s3OriginConfig: { originAccessIdentity: "" }, ...origin },
                        { originId: "id" },
                    ),
                ),
                defaultCacheBehavior: behavior(defaultCacheBehavior as PlainMap),
                ...(orderedCacheBehaviors !== undefined && {
                    cacheBehaviors: maps(orderedCacheBehaviors).map(behavior),
                }),
                ...(viewerCertificate !== undefined && {
                    viewerCertificate: renamed(viewerCertificate as PlainMap, {
                        acmCertificateArn: "ACMCertificateArn",
                        sslSupportMethod: "SSLSupportMethod",
                    }),
                }),
                restrictions: withItems(given["restrictions"] as PlainMap),
                ...(loggingConfig !== undefined && { logging: { enabled: true, ...(loggingConfig as PlainMap) } }),
            };
            const made = await call("cloudfront.CreateDistributionWithTags", {
                distributionConfigWithTags: {
                    distributionConfig: config,
                    tags: { items: tags ?? {} },
                },
            });
            const distribution = made?.["Distribution"] as Record<string, never> | undefined;
            return (
                distribution && {
                    id: distribution["Id"],
                    arn: distribution["ARN"],
                    domainName: distribution["DomainName"],
                }
            );
        },
        down: async ({ call, asked }) => {
            const found = await call("cloudfront.GetDistributionConfig", { id: asked.id });
            const config = found?.["DistributionConfig"] as PlainMap | undefined;
            const off = await call("cloudfront.UpdateDistribution", {
                id: asked.id,
                ifMatch: found?.["ETag"],
                distributionConfig: { ...config, Enabled: false },
            });
            await call("cloudfront.DeleteDistribution", { id: asked.id, ifMatch: off?.["ETag"] });
        },
    },
};
