// Static files in a private bucket behind CloudFront, uploaded files in a private bucket that keeps old versions.
import * as pulumi from "@pulumi/pulumi";
import { BucketCorsConfiguration } from "@pulumi/aws/s3/bucketCorsConfiguration.js";
import type { Placement } from "../../contract.ts";
import type { AssetBuckets, Assets } from "../contract.ts";
import { rotatedKey } from "../../password/rotated-key.ts";
import { inPlaceOf } from "../../variants.ts";
import { keyAccess, podAccess, podIdentityAgent, type BucketAccess } from "./access.ts";
import { bucketPolicy, privateBucket } from "../../bucket/aws/bucket.ts";
import { cdn, type CdnHost } from "./cdn.ts";

/** `existing` is used and never changed: neither its policy nor what becomes of its versions. */
export type MediaBucket =
    | { readonly variant: "create"; readonly versionDays: number; readonly keyArn?: string }
    | { readonly variant: "existing"; readonly bucket: string; readonly keyArn?: string };

export interface S3AssetsArgs extends Placement {
    readonly region: string;
    readonly host: CdnHost;
    readonly priceClass: string;
    /** Pages that may use the files' fonts, for example `https://shop.example.org`. Empty for any. */
    readonly origins: readonly string[];
    readonly media: MediaBucket;
    readonly access: BucketAccess;
    /** The number of the keys, where it comes with one. @default one each for good */
    readonly rotation?: number;
    /** Arguments of aws.s3.Bucket and aws.cloudfront.Distribution, over ours. */
    readonly native?: {
        readonly staticBucket?: Readonly<Record<string, unknown>>;
        readonly mediaBucket?: Readonly<Record<string, unknown>>;
        readonly distribution?: Readonly<Record<string, unknown>>;
    };
}

const type = "django-on-kubernetes:assets:S3";

export class S3Assets extends pulumi.ComponentResource implements Assets {
    readonly url: string;
    readonly collects: boolean = true;
    readonly buckets: AssetBuckets;
    readonly staticWriter?: NonNullable<Assets["staticWriter"]>;
    readonly egress?: ReadonlyArray<{ readonly cidr: string; readonly port: number }>;
    /** What a record for the host leads to, where it is not made here. */
    readonly distributionDomain: pulumi.Output<string>;
    /** For alarms. */
    readonly distributionId: pulumi.Output<string>;

    constructor(name: string, args: S3AssetsArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        const statics = this.createStatic(name, args);
        const media = this.createMedia(name, args);

        this.url = `https://${args.host.name}/`;
        this.distributionDomain = statics.domain;
        this.distributionId = statics.distributionId;
        const common = { keyArn: args.media.keyArn, data: args.data, tags: tagsOf(args, name) };
        const ofApp = { ...common, reads: [statics.arn], writes: [media.arn] };
        // A job of an image's own, `/init`, may fill media too.
        const ofStaticWriter = { ...common, writes: [statics.arn, media.arn] };
        const shared = {
            protocol: "s3",
            staticBucket: statics.bucket,
            mediaBucket: media.bucket,
            region: args.region,
        } as const;
        if (args.access.by === "pods") {
            const { cluster, users, staticWriters } = args.access;
            podAccess(name, { cluster, users }, ofApp, this);
            podAccess(`${name}-static`, { cluster, users: staticWriters }, ofStaticWriter, this);
            this.staticWriter = {};
            this.egress = [podIdentityAgent];
            this.buckets = shared;
        } else {
            this.buckets = {
                ...shared,
                // Of a user each, for one user may have two keys, and with a third coming that is one too few.
                accessKey: rotatedKey(name, args.rotation, (called) => keyAccess(called, ofApp, this)),
                staticAccessKey: rotatedKey(`${name}-static`, args.rotation, (called) =>
                    keyAccess(called, ofStaticWriter, this),
                ),
            };
        }

        this.registerOutputs({ url: this.url, distributionDomain: this.distributionDomain });
    }

    private createStatic(name: string, args: S3AssetsArgs) {
        const { instance, data, origins } = args;
        const tags = tagsOf(args, `${name}-static`);
        const made = privateBucket(
            `${name}-static`,
            { data, reproducible: true, tags, native: args.native?.staticBucket },
            this,
        );
        const { bucket } = made;
        new BucketCorsConfiguration(
            `${name}-static-cors`,
            {
                bucket: bucket.bucket,
                corsRules: [
                    {
                        allowedOrigins: origins.length === 0 ? ["*"] : [...origins],
                        allowedMethods: ["GET", "HEAD"],
                        allowedHeaders: ["*"],
                        maxAgeSeconds: 86400,
                    },
                ],
            },
            { parent: this },
        );
        const { host, priceClass } = args;
        const distribution = cdn(
            name,
            {
                bucket,
                instance,
                host,
                priceClass,
                origins,
                tags: tagsOf(args, name),
                native: args.native?.distribution,
            },
            this,
        );
        // Not s3:ListBucket: CloudFront would show the list of all files to whoever asks for `/`.
        const reads = {
            Sid: "CloudFrontReads",
            Effect: "Allow",
            Principal: { Service: "cloudfront.amazonaws.com" },
            Action: "s3:GetObject",
            Resource: pulumi.interpolate`${bucket.arn}/*`,
            Condition: { StringEquals: { "AWS:SourceArn": distribution.arn } },
        };
        bucketPolicy(`${name}-static`, made, [reads], this);
        return {
            bucket: bucket.bucket,
            arn: bucket.arn,
            domain: distribution.domainName,
            distributionId: distribution.id,
        };
    }

    private createMedia(
        name: string,
        args: S3AssetsArgs,
    ): { readonly bucket: pulumi.Input<string>; readonly arn: pulumi.Input<string> } {
        const { media, data } = args;
        if (media.variant === "existing") {
            return { bucket: media.bucket, arn: `arn:aws:s3:::${media.bucket}` };
        }
        const { versionDays, keyArn } = media;
        const tags = tagsOf(args, `${name}-media`);
        const made = privateBucket(
            `${name}-media`,
            { data, tags, versionDays, keyArn, native: args.native?.mediaBucket },
            this,
        );
        bucketPolicy(`${name}-media`, made, [], this);
        return { bucket: made.bucket.bucket, arn: made.bucket.arn };
    }
}

function tagsOf({ instance }: Placement, what: string): Readonly<Record<string, string>> {
    return { Name: `${instance}-${what}` };
}
