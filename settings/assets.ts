import { z } from "zod";
import { s3Assets } from "./clouds/aws/assets.ts";
import { spacesAssets } from "./clouds/digitalocean/assets.ts";
import { cloudStorageAssets } from "./clouds/gcp/assets.ts";
import { byteQuantity, text } from "./fields.ts";

/** Collected when the image was built. */
const filesInImage = z.strictObject({ from: z.literal("image") });

/**
 * Collected by a job of the release into a volume that old and new pods share and nothing clears, so that during a
 * rollout the files of both releases are there.
 */
const filesOnVolume = z.strictObject({
    from: z.literal("volume"),
    storage: byteQuantity,
    /** `ReadWriteOnce` keeps the pods that use it on one node; a cluster of several nodes wants `ReadWriteMany`. */
    accessMode: z.enum(["ReadWriteOnce", "ReadWriteMany"]),
});

/** The web pods serve hashed, compressed files themselves. */
const whitenoise = z.strictObject({
    variant: z.literal("whitenoise"),
    /** @default "/static/" */
    url: text("a path that begins and ends with a slash", (value) => /^\/([!-~]*\/)?$/.test(value)).default("/static/"),
    /** @default { from: "image" } */
    files: z.discriminatedUnion("from", [filesInImage, filesOnVolume]).default({ from: "image" }),
});

export const assetsSchema = z.discriminatedUnion("variant", [whitenoise, s3Assets, spacesAssets, cloudStorageAssets]);

export type AssetsSettings = z.output<typeof assetsSchema>;
