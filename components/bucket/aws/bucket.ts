// A bucket that nobody reaches without permission, and not without TLS (R64).
import * as pulumi from "@pulumi/pulumi";
import { Bucket, type BucketArgs } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";

export interface PrivateBucketArgs {
    readonly data: DataPolicy;
    /** Whether a release makes again what is in it: then it goes with its files, unless nobody may delete it. @default false */
    readonly reproducible?: boolean;
    readonly tags: Readonly<Record<string, string>>;
    /** Days that a version lives on after it was replaced or deleted. @default no versions are kept */
    readonly versionDays?: number;
    /** Days after which an object goes: of logs, and nothing else (R66). @default never */
    readonly expireDays?: number;
    /** A key of KMS. @default S3's own keys */
    readonly keyArn?: string;
    readonly native?: Readonly<Record<string, unknown>>;
}

/** @returns the bucket, and what its policy waits for: `bucketPolicy` comes last, when who may read it is there */
export function privateBucket(
    name: string,
    args: PrivateBucketArgs,
    parent: pulumi.Resource,
): { readonly bucket: Bucket; readonly closed: BucketPublicAccessBlock } {
    const { data, reproducible = false, keyArn, tags } = args;
    const forceDestroy = reproducible ? data !== "protected" : data === "disposable";
    const opts = { parent };
    const bucket = new Bucket(name, withNative<BucketArgs>({ forceDestroy, tags }, args.native), {
        parent,
        protect: data === "protected",
    });
    new BucketOwnershipControls(
        `${name}-ownership`,
        { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
        opts,
    );
    const closed = new BucketPublicAccessBlock(
        `${name}-closed`,
        {
            bucket: bucket.bucket,
            blockPublicAcls: true,
            blockPublicPolicy: true,
            ignorePublicAcls: true,
            restrictPublicBuckets: true,
        },
        opts,
    );
    new BucketServerSideEncryptionConfiguration(
        `${name}-encryption`,
        {
            bucket: bucket.bucket,
            rules: [
                {
                    applyServerSideEncryptionByDefault:
                        keyArn === undefined
                            ? { sseAlgorithm: "AES256" }
                            : { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
                    // One call to KMS for many objects.
                    ...(keyArn !== undefined && { bucketKeyEnabled: true }),
                    // As S3 itself has it for buckets made since April 2026; said, so that older ones are the same.
                    blockedEncryptionTypes: ["SSE-C"],
                },
            ],
        },
        opts,
    );
    createLifecycle(name, bucket, args, opts);
    return { bucket, closed };
}

/** Current objects never expire (R66): a page that somebody has open may still name them. */
function createLifecycle(
    name: string,
    bucket: Bucket,
    { versionDays, expireDays }: PrivateBucketArgs,
    opts: { readonly parent: pulumi.Resource },
): void {
    const unfinished = {
        id: "unfinished-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    };
    const over = {
        id: "over",
        status: "Enabled",
        filter: { prefix: "" },
        expiration: { days: expireDays },
    };
    const rules = [unfinished, ...(expireDays === undefined ? [] : [over])];
    if (versionDays === undefined) {
        new BucketLifecycleConfiguration(`${name}-lifecycle`, { bucket: bucket.bucket, rules }, opts);
        return;
    }
    const versioning = new BucketVersioning(
        `${name}-versions`,
        { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
        opts,
    );
    const old = {
        id: "old-versions",
        status: "Enabled",
        filter: { prefix: "" },
        noncurrentVersionExpiration: { noncurrentDays: versionDays },
        // What says that a file was deleted goes with the last of its versions; a current object this does not touch.
        expiration: { expiredObjectDeleteMarker: true },
    };
    new BucketLifecycleConfiguration(
        `${name}-lifecycle`,
        { bucket: bucket.bucket, rules: [...rules, old] },
        // S3 refuses rules about old versions of a bucket that keeps none.
        { ...opts, dependsOn: versioning },
    );
}

/** A statement of a bucket's policy. */
export type Statement = Readonly<Record<string, unknown>>;

/** @param more who may read it, besides those whose own permissions say so */
export function bucketPolicy(
    name: string,
    { bucket, closed }: { readonly bucket: Bucket; readonly closed: BucketPublicAccessBlock },
    more: ReadonlyArray<pulumi.Input<Statement>>,
    parent: pulumi.Resource,
): BucketPolicy {
    const policy = pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "TlsOnly",
                Effect: "Deny",
                Principal: "*",
                Action: "s3:*",
                Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
                Condition: { Bool: { "aws:SecureTransport": "false" } },
            },
            ...more,
        ],
    });
    // S3 refuses two changes of a bucket's access at the same time.
    return new BucketPolicy(`${name}-policy`, { bucket: bucket.bucket, policy }, { parent, dependsOn: closed });
}
