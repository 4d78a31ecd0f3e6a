// Buckets that are there, of any server that speaks S3: nothing of them is made or changed, the app is told where they are.
import type { AccessKey, AssetBuckets } from "./contract.ts";

/** A server that speaks S3, and a key for the buckets of it. */
export interface ObjectStorage {
    /** For example `https://s3.example.org`. */
    readonly endpoint: string;
    readonly port: number;
    readonly region: string;
    readonly addressing: "path" | "virtual";
    /** Where the server is. @default public addresses */
    readonly cidrs?: readonly string[];
    /** As PEM. @default a CA that every system trusts */
    readonly ca?: string;
    readonly accessKey: AccessKey;
    /** Of the job that writes static files alone. @default `accessKey` */
    readonly staticAccessKey?: AccessKey;
}

export function bucketsAt(
    { endpoint, port, region, addressing, cidrs, ca, accessKey, staticAccessKey }: ObjectStorage,
    buckets: Pick<AssetBuckets, "staticBucket" | "mediaBucket">,
): AssetBuckets {
    return {
        protocol: "s3",
        ...buckets,
        region,
        endpoint,
        addressing,
        reach: { port, ...(cidrs && { cidrs }) },
        accessKey,
        ...(staticAccessKey && { staticAccessKey }),
        ...(ca !== undefined && { ca }),
    };
}
