import type { Input, Output } from "@pulumi/pulumi";

/** Where static and uploaded files are and how they get there. */
export interface Assets {
    /** Django's STATIC_URL: a path, or the address of a CDN, with a slash at its end. */
    readonly url: Input<string>;
    /**
     * Whether a release runs collectstatic; if not, the files are collected when the image is built.
     */
    readonly collects: boolean;
    /** A volume that the release's collectstatic job fills and every Django pod reads; absent without such a job. */
    readonly volume?: MountedFiles;
    /** A volume of uploaded files, which every Django pod reads and writes. @default no media on a volume */
    readonly media?: MountedFiles & {
        /** Django's MEDIA_URL, below which the app itself hands them out. */
        readonly url: string;
    };
    /** Where a volume is of one node alone: the name of those whose pods have to be there together. @default no such volume */
    readonly oneNode?: string;
    /** Buckets that the app writes to; absent where files stay in the cluster. */
    readonly buckets?: AssetBuckets;
    /** Annotations of the app's ServiceAccount by which the cloud knows its pods. @default none */
    readonly serviceAccountAnnotations?: Readonly<Record<string, Input<string>>>;
    /**
     * Of the ServiceAccount of the job that writes static files (lib/service-accounts.ts): the cloud lets it write what the app's own
     * may only read (R84). @default the job has the app's own: what it may write, a key or a volume says
     */
    readonly staticWriter?: { readonly annotations?: Readonly<Record<string, Input<string>>> };
    /** What pods have to reach for it besides its buckets: where they get their credentials. @default nothing */
    readonly egress?: ReadonlyArray<{ readonly cidr: string; readonly port: number }>;
}

export interface MountedFiles {
    /** The PersistentVolumeClaim's name. */
    readonly claim: Output<string>;
    /** Django's STATIC_ROOT or MEDIA_ROOT. */
    readonly path: string;
}

export interface AssetBuckets {
    /** The protocol that the app's storage library speaks. Spaces speaks S3. */
    readonly protocol: "s3" | "gcs";
    /** Public through the CDN only; collectstatic writes to it. @default the pods serve static files themselves */
    readonly staticBucket?: Input<string>;
    /** Private; the app signs the addresses that it hands out. */
    readonly mediaBucket: Input<string>;
    /** What collectstatic sets on each object, where the CDN reads as the public does (Spaces). @default nothing */
    readonly staticAcl?: "public-read";
    /** S3 only. */
    readonly region?: Input<string>;
    /** S3 endpoints other than AWS's, for example `https://fra1.digitaloceanspaces.com`. */
    readonly endpoint?: Input<string>;
    /** Where a bucket's name is in an address: in the path, or before the host. @default as the app's library does it */
    readonly addressing?: "path" | "virtual";
    /** What the endpoint's certificate is signed by, as PEM. @default a CA that every system trusts */
    readonly ca?: string;
    /** Where the buckets are. @default public addresses, at port 443 */
    readonly reach?: {
        /** @default public addresses */
        readonly cidrs?: readonly string[];
        readonly port: number;
    };
    /** Keys, where the cloud cannot tell pods apart (Spaces): secrets. @default the pod's identity */
    readonly accessKey?: AccessKey;
    /** Of the job that writes static files alone (R84). @default `accessKey`, which nothing here restricts */
    readonly staticAccessKey?: AccessKey;
}

/** Of a server that speaks S3. */
export interface AccessKey {
    readonly id: Output<string>;
    readonly secret: Output<string>;
}
