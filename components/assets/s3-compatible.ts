// Static and uploaded files in buckets that are there, of any server that speaks S3.
import * as pulumi from "@pulumi/pulumi";
import type { AssetBuckets, Assets } from "./contract.ts";
import { bucketsAt, type ObjectStorage } from "./object-storage.ts";
import { inPlaceOf } from "../variants.ts";

export interface S3CompatibleAssetsArgs extends ObjectStorage {
    readonly staticBucket: string;
    readonly mediaBucket: string;
    /** Where browsers read the static bucket, with a slash at its end. */
    readonly url: string;
}

const type = "django-on-kubernetes:assets:S3Compatible";

export class S3CompatibleAssets extends pulumi.ComponentResource implements Assets {
    readonly url: string;
    readonly collects: boolean = true;
    readonly buckets: AssetBuckets;

    constructor(name: string, args: S3CompatibleAssetsArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        const { staticBucket, mediaBucket, url, ...server } = args;
        this.url = url;
        this.buckets = bucketsAt(server, { staticBucket, mediaBucket });
        this.registerOutputs({ url: this.url });
    }
}
