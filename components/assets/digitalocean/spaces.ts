// Static files in a Spaces bucket behind DigitalOcean's CDN, uploaded files in another that only the app reads.
import * as pulumi from "@pulumi/pulumi";
import { Cdn } from "@pulumi/digitalocean/cdn.js";
import { Certificate } from "@pulumi/digitalocean/certificate.js";
import { SpacesBucket } from "@pulumi/digitalocean/spacesBucket.js";
import { SpacesBucketCorsConfiguration } from "@pulumi/digitalocean/spacesBucketCorsConfiguration.js";
import { SpacesKey } from "@pulumi/digitalocean/spacesKey.js";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy, Placement } from "../../contract.ts";
import type { AccessKey, AssetBuckets, Assets } from "../contract.ts";
import { untilNewKeyHolds } from "../../password/new-key.ts";
import { rotatedKey } from "../../password/rotated-key.ts";
import { inPlaceOf } from "../../variants.ts";

/** Seconds that the CDN's locations keep a file: the API takes these. */
export type CdnTimeToLive = 60 | 600 | 3600 | 86400 | 604800;

/** Two buckets of its own, one behind the CDN. */
export interface CreatedSpaces {
    readonly variant: "create";
    readonly cdn: {
        /** A name of a zone at DigitalOcean, with a certificate of Let's Encrypt. @default the CDN's own name */
        readonly domain?: string;
        readonly timeToLive: CdnTimeToLive;
    };
    /** Days that a file's earlier versions are kept, of environments that are not disposable. */
    readonly keepVersions: number;
    /** Arguments over ours, by DigitalOcean's own names. @default none */
    readonly native?: {
        readonly staticBucket?: Readonly<Record<string, unknown>>;
        readonly mediaBucket?: Readonly<Record<string, unknown>>;
        readonly cdn?: Readonly<Record<string, unknown>>;
    };
}

/** Buckets that are there, without bucket policies; the app gets a key for them, and nothing else about them is changed. */
export interface ExistingSpaces {
    readonly variant: "existing";
    readonly staticBucket: string;
    readonly mediaBucket: string;
    /** Where the static bucket is served, with a slash at its end. */
    readonly url: string;
}

export interface SpacesAssetsArgs extends Placement {
    readonly region: string;
    readonly buckets: CreatedSpaces | ExistingSpaces;
    /** The number of the keys. @default one each for good */
    readonly rotation?: number;
}

/** Buckets by their names, and where the static one is served. */
interface Places {
    readonly url: pulumi.Output<string>;
    readonly staticBucket: pulumi.Input<string>;
    readonly mediaBucket: pulumi.Input<string>;
}

const type = "django-on-kubernetes:assets:Spaces";

const read = "read";
const write = "readwrite";
/** @see https://docs.digitalocean.com/products/spaces/how-to/manage-access/ */
type SpacesPermission = typeof read | typeof write;

export class SpacesAssets extends pulumi.ComponentResource implements Assets {
    readonly url: pulumi.Output<string>;
    readonly collects: boolean = true;
    readonly buckets: AssetBuckets;

    constructor(name: string, args: SpacesAssetsArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        const { region, buckets } = args;
        const { url, staticBucket, mediaBucket } =
            buckets.variant === "existing"
                ? { ...buckets, url: pulumi.output(buckets.url) }
                : this.create(name, args, buckets);
        const key = rotatedKey(`${name}-key`, args.rotation, (called) =>
            this.createKey(called, { [read]: [staticBucket], [write]: [mediaBucket] }),
        );
        const staticKey = rotatedKey(`${name}-static-key`, args.rotation, (called) =>
            this.createKey(called, { [write]: [staticBucket, mediaBucket] }),
        );

        this.url = url;
        this.buckets = {
            protocol: "s3",
            staticBucket,
            mediaBucket,
            // The CDN reads as anyone does, and a bucket with a key of its own can have no policy: each file says it is public.
            staticAcl: "public-read",
            region,
            endpoint: `https://${region}.digitaloceanspaces.com`,
            accessKey: accessKeyOf(key),
            staticAccessKey: accessKeyOf(staticKey),
        };

        this.registerOutputs({ url: this.url });
    }

    private create(name: string, { region, data }: SpacesAssetsArgs, created: CreatedSpaces): Places {
        const { native, keepVersions } = created;
        // A release collects static files again: only what nobody may delete is kept for them.
        const files = this.createBucket(`${name}-static`, {
            region,
            data,
            keepVersions,
            forceDestroy: data !== "protected",
            native: native?.staticBucket,
        });
        const media = this.createBucket(`${name}-media`, {
            region,
            data,
            keepVersions,
            forceDestroy: data === "disposable",
            native: native?.mediaBucket,
        });
        this.allowFonts(name, region, files);
        return {
            url: pulumi.interpolate`https://${this.createCdn(name, created, files)}/`,
            staticBucket: files.name,
            mediaBucket: media.name,
        };
    }

    private createBucket(
        name: string,
        {
            region,
            data,
            keepVersions,
            forceDestroy,
            native,
        }: {
            readonly region: string;
            readonly data: DataPolicy;
            readonly keepVersions: number;
            readonly forceDestroy: boolean;
            readonly native: Readonly<Record<string, unknown>> | undefined;
        },
    ): SpacesBucket {
        const disposable = data === "disposable";
        const ours = {
            region,
            // Of the bucket: nobody lists it. What its files are, each says itself.
            acl: "private",
            forceDestroy,
            ...(!disposable && { versioning: { enabled: true } }),
            lifecycleRules: [
                {
                    id: "leftovers",
                    enabled: true,
                    abortIncompleteMultipartUploadDays: 7,
                    // A current file never expires (R66).
                    ...(!disposable && {
                        noncurrentVersionExpiration: { days: keepVersions },
                        // What says that a file was deleted goes with the last of its versions.
                        expiration: { expiredObjectDeleteMarker: true },
                    }),
                },
            ],
        };
        return new SpacesBucket(name, withNative(ours, native), { parent: this, protect: data === "protected" });
    }

    /**
     * Fonts and modules of static files are asked for across origins (R65). For any origin: the files are public, and the CDN
     * keeps one answer for all, which would name the origin of whoever came first.
     */
    private allowFonts(name: string, region: string, bucket: SpacesBucket): void {
        new SpacesBucketCorsConfiguration(
            `${name}-cors`,
            {
                bucket: bucket.name,
                region,
                corsRules: [
                    {
                        allowedMethods: ["GET", "HEAD"],
                        allowedOrigins: ["*"],
                        allowedHeaders: ["*"],
                        maxAgeSeconds: 86400,
                    },
                ],
            },
            { parent: this },
        );
    }

    /** For these buckets alone. DigitalOcean cannot tell pods apart, so the app has a key, and who writes static files another (R84). */
    private createKey(
        name: string,
        buckets: { readonly [Permission in SpacesPermission]?: ReadonlyArray<pulumi.Input<string>> },
    ): SpacesKey {
        const grants = ([read, write] as const).flatMap((permission) =>
            (buckets[permission] ?? []).map((bucket) => ({ bucket, permission })),
        );
        return new SpacesKey(name, { grants }, { parent: this, hooks: { afterCreate: [untilNewKeyHolds] } });
    }

    /** @returns the name that the files are under */
    private createCdn(name: string, { cdn, native }: CreatedSpaces, bucket: SpacesBucket): pulumi.Output<string> {
        const { domain, timeToLive } = cdn;
        const custom = domain === undefined ? {} : this.customDomain(name, domain);
        const ours = { origin: bucket.bucketDomainName, ttl: timeToLive, ...custom };
        const created = new Cdn(`${name}-cdn`, withNative(ours, native?.cdn), { parent: this });
        return domain === undefined ? created.endpoint : pulumi.output(domain);
    }

    private customDomain(
        name: string,
        domain: string,
    ): { customDomain: string; certificateName: pulumi.Output<string> } {
        const certificate = new Certificate(
            `${name}-certificate`,
            { type: "lets_encrypt", domains: [domain] },
            { parent: this },
        );
        return { customDomain: domain, certificateName: certificate.name };
    }
}

function accessKeyOf({ accessKey, secretKey }: SpacesKey): AccessKey {
    return { id: pulumi.secret(accessKey), secret: pulumi.secret(secretKey) };
}
