// Two private buckets: static files, which the world reads through Cloud CDN, and media, which the app signs addresses for.
import * as pulumi from "@pulumi/pulumi";
import { Bucket, type BucketArgs } from "@pulumi/gcp/storage/bucket.js";
import { BucketIAMMember } from "@pulumi/gcp/storage/bucketIAMMember.js";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";
import type { AccessKey, AssetBuckets, Assets } from "../contract.ts";
import { inPlaceOf } from "../../variants.ts";
import { createCdn } from "./cdn.ts";

export interface CloudStorageAssetsArgs {
    /** The environment's name among all of the project. */
    readonly instance: string;
    readonly data: DataPolicy;
    /** A region, or a multi-region such as EU. Cannot be changed. */
    readonly location: string;
    /** Pages that may use fonts and modules of the static files: `https://shop.example.org`. Empty: any page. */
    readonly origins: readonly string[];
    readonly static: CreatedStaticFiles | ExistingStaticFiles;
    readonly media: { readonly variant: "create" } | { readonly variant: "existing"; readonly bucket: string };
    /** Days that a replaced or deleted file can be brought back. */
    readonly versionDays: number;
    /** Makes the service account that the app is, as a child of the assets: who waits for them waits for it too. */
    readonly serviceAccount: (opts: pulumi.ComponentResourceOptions) => AppAccount;
    /** Likewise, the one that writes static files. */
    readonly staticWriter: (opts: pulumi.ComponentResourceOptions) => AppAccount;
    /** `projects/P/locations/L/keyRings/K/cryptoKeys/N`, which Cloud Storage's service agent may use. @default a key of Google's */
    readonly encryptionKey?: string;
    /** Arguments of the resources of these names, over all others. */
    readonly native?: {
        readonly staticBucket?: Readonly<Record<string, unknown>>;
        readonly mediaBucket?: Readonly<Record<string, unknown>>;
        readonly backendBucket?: Readonly<Record<string, unknown>>;
    };
}

/** Who the app is to Google Cloud. */
export interface AppAccount {
    readonly email: pulumi.Input<string>;
    /** Whether it was there already, so that others may be it too. @default false */
    readonly adopted?: boolean;
    /** With it, pods are the account without any key. */
    readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;
    /** Where pods get their tokens. */
    readonly egress?: ReadonlyArray<{ readonly cidr: string; readonly port: number }>;
    /** Else they come with a key, and speak S3. */
    readonly accessKey?: AccessKey;
}

export interface CreatedStaticFiles {
    readonly variant: "create";
    /** The CDN's host name, for example static.shop.example.org. */
    readonly host: string;
    /** The name of a managed zone that `host` is in. @default its records are made elsewhere */
    readonly zone?: pulumi.Input<string>;
}

/** A bucket that something else serves. */
export interface ExistingStaticFiles {
    readonly variant: "existing";
    readonly bucket: string;
    /** With a slash at its end. */
    readonly url: string;
}

interface StaticFiles {
    readonly bucket: pulumi.Output<string>;
    readonly address?: pulumi.Output<string>;
}

const day = 86400;

const type = "django-on-kubernetes:assets:CloudStorage";

export class CloudStorageAssets extends pulumi.ComponentResource implements Assets {
    readonly url: string;
    readonly collects: boolean = true;
    readonly buckets: AssetBuckets;
    readonly serviceAccountAnnotations?: Readonly<Record<string, pulumi.Input<string>>>;
    readonly staticWriter?: NonNullable<Assets["staticWriter"]>;
    readonly egress?: ReadonlyArray<{ readonly cidr: string; readonly port: number }>;
    /** Where the CDN's host name has to lead. */
    readonly address?: pulumi.Output<string>;

    constructor(name: string, args: CloudStorageAssetsArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        const account = args.serviceAccount({ parent: this });
        const writer = args.staticWriter({ parent: this });
        this.url = args.static.variant === "create" ? `https://${args.static.host}/` : args.static.url;
        if (account.annotations !== undefined) {
            this.serviceAccountAnnotations = account.annotations;
        }
        if (writer.annotations !== undefined) {
            this.staticWriter = { annotations: writer.annotations };
        }
        if (account.egress !== undefined) {
            this.egress = account.egress;
        }

        const files: StaticFiles =
            args.static.variant === "create"
                ? this.createStatic(name, args, args.static)
                : { bucket: pulumi.output(args.static.bucket) };
        if (files.address !== undefined) {
            this.address = files.address;
        }
        const staticBucket = files.bucket;
        const mediaBucket =
            args.media.variant === "create" ? this.createMedia(name, args) : pulumi.output(args.media.bucket);
        const statics = { bucket: staticBucket, adopted: args.static.variant === "existing" };
        const media = { bucket: mediaBucket, adopted: args.media.variant === "existing" };
        this.admit(`${name}-app-static`, statics, "roles/storage.objectViewer", account);
        this.admit(`${name}-app-media`, media, "roles/storage.objectUser", account);
        this.admit(`${name}-collectstatic-static`, statics, "roles/storage.objectUser", writer);
        // A job of an image's own, `/init`, may fill media too.
        this.admit(`${name}-collectstatic-media`, media, "roles/storage.objectUser", writer);
        this.buckets = {
            staticBucket,
            mediaBucket,
            ...(account.accessKey === undefined
                ? { protocol: "gcs" }
                : // To an S3 client all of Cloud Storage is one region.
                  {
                      protocol: "s3",
                      region: "auto",
                      endpoint: "https://storage.googleapis.com",
                      accessKey: account.accessKey,
                      ...(writer.accessKey && { staticAccessKey: writer.accessKey }),
                  }),
        };

        this.registerOutputs({ url: this.url, staticBucket, mediaBucket });
    }

    private createStatic(name: string, args: CloudStorageAssetsArgs, { host, zone }: CreatedStaticFiles): StaticFiles {
        const bucket = this.createBucket(
            `${name}-static`,
            {
                ...bucketArgs(args),
                // A release collects them again: only what nobody may delete is kept for them.
                forceDestroy: args.data !== "protected",
                cors: [
                    {
                        origins: args.origins.length === 0 ? ["*"] : [...args.origins],
                        methods: ["GET", "HEAD"],
                        responseHeaders: ["Content-Type"],
                        maxAgeSeconds: 3600,
                    },
                ],
                // Else the CDN answers at / with a list of all files, for its role may list them.
                website: { mainPageSuffix: "index.html" },
            },
            args,
            args.native?.staticBucket,
        );
        const cdn = {
            instance: args.instance,
            host,
            bucket,
            protect: args.data === "protected",
            ...(zone !== undefined && { zone }),
        };
        const native = args.native?.backendBucket;
        return { bucket: bucket.name, address: createCdn(name, { ...cdn, ...(native && { native }) }, this) };
    }

    private createMedia(name: string, args: CloudStorageAssetsArgs): pulumi.Output<string> {
        return this.createBucket(`${name}-media`, bucketArgs(args), args, args.native?.mediaBucket).name;
    }

    private createBucket(
        name: string,
        args: BucketArgs,
        { data }: CloudStorageAssetsArgs,
        native: Readonly<Record<string, unknown>> | undefined,
    ): Bucket {
        return new Bucket(name, withNative(args, native), { parent: this, protect: data === "protected" });
    }

    /** Files of these two buckets, and nothing else of the project. */
    private admit(
        name: string,
        { bucket, adopted }: { readonly bucket: pulumi.Input<string>; readonly adopted: boolean },
        role: "roles/storage.objectUser" | "roles/storage.objectViewer",
        { email, ...account }: AppAccount,
    ): void {
        if (adopted && account.adopted === true) {
            // Another stack may have the same two: the first to go would take the role from the others.
            return;
        }
        new BucketIAMMember(
            name,
            { bucket, role, member: pulumi.interpolate`serviceAccount:${email}` },
            { parent: this },
        );
    }
}

/** Closed to everyone who has no role on it (R64); files that are in use never expire (R66). */
function bucketArgs({ data, location, versionDays, encryptionKey }: CloudStorageAssetsArgs): BucketArgs {
    const versioned = data !== "disposable";
    return {
        // The API answers in capitals; otherwise written, every preview would show a change.
        location: location.toUpperCase(),
        storageClass: "STANDARD",
        uniformBucketLevelAccess: true,
        publicAccessPrevention: "enforced",
        versioning: { enabled: versioned },
        softDeletePolicy: { retentionDurationSeconds: versioned ? 7 * day : 0 },
        lifecycleRules: [
            { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
            ...(versioned
                ? [
                      {
                          action: { type: "Delete" },
                          condition: { daysSinceNoncurrentTime: versionDays, withState: "ARCHIVED" },
                      },
                  ]
                : []),
        ],
        forceDestroy: data === "disposable",
        ...(encryptionKey !== undefined && { encryption: { defaultKmsKeyName: encryptionKey } }),
    };
}
