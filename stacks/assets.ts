// From the settings of files that no cloud of the program's has: WhiteNoise, volumes, buckets that are there.
import type { Assets } from "../components/assets/contract.ts";
import type { ObjectStorage } from "../components/assets/object-storage.ts";
import { S3CompatibleAssets } from "../components/assets/s3-compatible.ts";
import { WhitenoiseAssets, type WhitenoiseAssetsArgs } from "../components/assets/whitenoise.ts";
import { nothingElse } from "../lib/nothing-else.ts";
import type { StackStore } from "../settings/load.ts";
import type { ResolvedPlainAssets } from "../settings/resolve/stores.ts";
import type { ObjectStorageSettings } from "../settings/object-storage.ts";
import { portOf } from "../settings/stores/object-storage.ts";
import type { EnvironmentContext, Made } from "./context.ts";

type AccessKeys = Pick<StackStore<unknown>, "accessKey" | "staticAccessKey">;

export function createPlainAssets(entry: StackStore<ResolvedPlainAssets>, context: EnvironmentContext): Made<Assets> {
    const { name, store, accessKey, staticAccessKey } = entry;
    switch (store.variant) {
        case "whitenoise": {
            const { variant: _, url, files, media, ...rest } = store;
            nothingElse(rest);
            const { placement, platform, opts } = context;
            const classed = <Place extends { readonly storageClass?: string | undefined }>(place: Place) => ({
                ...place,
                storageClass: place.storageClass ?? platform.storageClass,
            });
            return new WhitenoiseAssets(
                name,
                {
                    ...placement,
                    url,
                    files: files.from === "volume" ? classed(files) : files,
                    ...(media && { media: media.from === "volume" ? classed(media) : inBucket(media, { accessKey }) }),
                },
                opts,
            );
        }
        case "s3-compatible": {
            const { variant: _, static: files, media, ...server } = store;
            return new S3CompatibleAssets(
                name,
                {
                    ...serverOf(server, { accessKey, staticAccessKey }),
                    staticBucket: files.bucket,
                    url: files.url,
                    mediaBucket: media.bucket,
                },
                context.opts,
            );
        }
        default:
            return store satisfies never;
    }
}

type MediaInBucket = Extract<WhitenoiseAssetsArgs["media"], { from: "bucket" }>;

function inBucket(
    { from, bucket, ...server }: ObjectStorageSettings & Pick<MediaInBucket, "from" | "bucket">,
    keys: AccessKeys,
): MediaInBucket {
    return { from, bucket, ...serverOf(server, keys) };
}

/** @param accessKey without one the settings were refused */
function serverOf(
    { endpoint, region, addressing, cidrs, ca, ...rest }: ObjectStorageSettings,
    { accessKey, staticAccessKey }: AccessKeys,
): ObjectStorage {
    nothingElse(rest);
    return { endpoint, port: portOf(endpoint), region, addressing, cidrs, ca, accessKey: accessKey!, staticAccessKey };
}
