import { z } from "zod";
import { s3Assets } from "./clouds/aws/assets.ts";
import { spacesAssets } from "./clouds/digitalocean/assets.ts";
import { cloudStorageAssets } from "./clouds/gcp/assets.ts";
import { byteQuantity, text } from "./fields.ts";

const filesInImage = z.strictObject({ from: z.literal("image") }).describe("Collected when the image was built.");

const filesOnVolume = z
    .strictObject({
        from: z.literal("volume"),
        storage: byteQuantity
            .meta({ example: "2Gi", alsoCalled: ["diskSize", "disk", "volumeSize", "allocatedStorage"] })
            .describe("May grow where the storage class allows it."),
        accessMode: z
            .enum(["ReadWriteOnce", "ReadWriteMany"])
            .describe(
                "`ReadWriteOnce` keeps all Django pods on one node; a cluster of several nodes wants `ReadWriteMany`.",
            ),
    })
    .describe(
        "Collected by a job of the release into a volume that old and new pods share and nothing clears, so that during a rollout the files of both releases are there.",
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
    })
    .describe("The web pods serve hashed, compressed files themselves.");

export const assetsSchema = z
    .discriminatedUnion("variant", [whitenoise, s3Assets, spacesAssets, cloudStorageAssets])
    .describe("Where static and uploaded files are.");

export type AssetsSettings = z.output<typeof assetsSchema>;
