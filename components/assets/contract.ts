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
    readonly volume?: {
        /** The PersistentVolumeClaim's name. */
        readonly claim: Output<string>;
        /** Django's STATIC_ROOT. */
        readonly path: string;
    };
    /** Buckets that the app writes to; absent where files stay in the cluster. */
    readonly buckets?: AssetBuckets;
    /** Annotations of the app's ServiceAccount by which the cloud knows its pods. @default none */
    readonly serviceAccountAnnotations?: Readonly<Record<string, Input<string>>>;
    /** What pods have to reach for it besides public HTTPS: where they get their credentials. @default nothing */
    readonly egress?: ReadonlyArray<{ readonly cidr: string; readonly port: number }>;
}

export interface AssetBuckets {
    /** The protocol that the app's storage library speaks. Spaces speaks S3. */
    readonly protocol: "s3" | "gcs";
    /** Public through the CDN only; collectstatic writes to it. */
    readonly staticBucket: Input<string>;
    /** Private; the app signs the addresses that it hands out. */
    readonly mediaBucket: Input<string>;
    /** What collectstatic sets on each object, where the CDN reads as the public does (Spaces). @default nothing */
    readonly staticAcl?: "public-read";
    /** S3 only. */
    readonly region?: Input<string>;
    /** S3 endpoints other than AWS's, for example `https://fra1.digitaloceanspaces.com`. */
    readonly endpoint?: Input<string>;
    /** Keys, where the cloud cannot tell pods apart (Spaces): secrets. @default the pod's identity */
    readonly accessKey?: { readonly id: Output<string>; readonly secret: Output<string> };
}
