import { z } from "zod";
import { s3Assets } from "./clouds/aws/assets.ts";
import { spacesAssets } from "./clouds/digitalocean/assets.ts";
import { cloudStorageAssets } from "./clouds/gcp/assets.ts";
import { text } from "./fields.ts";
import { mediaInBucket, s3CompatibleAssets } from "./object-storage.ts";
import { volume } from "./volume.ts";

const filesInImage = z.strictObject({ from: z.literal("image") }).describe("Collected when the image was built.");

const filesOnVolume = z
    .strictObject({ from: z.literal("volume"), ...volume })
    .describe(
        "Collected by a job of the release into a volume that old and new pods share and nothing clears, so that during a rollout the files of both releases are there.",
    );

const mediaOnVolume = z
    .strictObject({ from: z.literal("volume"), ...volume })
    .describe(
        "On a volume that every Django pod mounts at `/srv/media` and may write to; the app itself hands the files out, below `/media/`.",
    );

const whitenoise = z
    .strictObject({
        variant: z.literal("whitenoise").meta({ alsoCalled: ["image", "local", "volume", "none"] }),
        url: text("a path that begins and ends with a slash", /^\/([!-~]*\/)?$/)
            .default("/static/")
            .describe("Below which static files are served."),
        files: z
            .discriminatedUnion("from", [filesInImage, filesOnVolume])
            .default({ from: "image" })
            .describe("Where collected files are."),
        media: z
            .discriminatedUnion("from", [mediaOnVolume, mediaInBucket])
            .optional()
            .meta({
                description: "Where uploaded files are.",
                defaultsTo: "nowhere: the app has none, or a way of its own",
                alsoCalled: ["uploads", "uploadedFiles"],
            }),
    })
    .describe("The web pods serve hashed, compressed files themselves.");

export const assetsSchema = z
    .discriminatedUnion("variant", [whitenoise, s3Assets, spacesAssets, cloudStorageAssets, s3CompatibleAssets])
    .describe("Where static and uploaded files are.");

export type AssetsSettings = z.output<typeof assetsSchema>;
