// The web pods serve static files themselves, hashed and compressed; uploaded files are on a volume or in a bucket.
import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../contract.ts";
import { volumeClaim, type VolumeSize } from "../volume/claim.ts";
import { inPlaceOf } from "../variants.ts";
import type { AssetBuckets, Assets, MountedFiles } from "./contract.ts";
import { bucketsAt, type ObjectStorage } from "./object-storage.ts";

export interface WhitenoiseAssetsArgs extends Placement {
    readonly url: string;
    readonly files: { readonly from: "image" } | ({ readonly from: "volume" } & VolumeSize);
    /** Uploaded files. @default none that the program knows of */
    readonly media?:
        | ({ readonly from: "volume" } & VolumeSize)
        | ({ readonly from: "bucket"; readonly bucket: string } & ObjectStorage);
}

const type = "django-on-kubernetes:assets:Whitenoise";

export class WhitenoiseAssets extends pulumi.ComponentResource implements Assets {
    readonly url: string;
    readonly collects: boolean;
    readonly volume?: MountedFiles;
    readonly media?: NonNullable<Assets["media"]>;
    readonly buckets?: AssetBuckets;
    readonly oneNode?: string;

    constructor(name: string, args: WhitenoiseAssetsArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        const { files, media } = args;
        this.url = args.url;
        this.collects = files.from === "volume";
        if (files.from === "volume") {
            const what = { called: name, component: "assets", holds: "made" } as const;
            const claim = volumeClaim(`${name}-files`, what, files, args, this);
            this.volume = { claim: claim.metadata.name, path: "/srv/static" };
        }
        if (media?.from === "volume") {
            const what = { called: `${name}-media`, component: "media", holds: "given" } as const;
            const claim = volumeClaim(`${name}-media`, what, media, args, this);
            this.media = { claim: claim.metadata.name, path: "/srv/media", url: "/media/" };
        }
        if (media?.from === "bucket") {
            const { from: _, bucket, ...server } = media;
            this.buckets = bucketsAt(server, { mediaBucket: bucket });
        }
        if ([files, media].some((place) => place?.from === "volume" && place.accessMode === "ReadWriteOnce")) {
            this.oneNode = name;
        }
        this.registerOutputs({ url: this.url });
    }
}
