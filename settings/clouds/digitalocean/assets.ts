// Spaces, DigitalOcean's object storage, and its CDN.
import { z } from "zod";
import { hostName, text } from "../../fields.ts";
import { native } from "../../native/native.ts";

const timesToLive = [60, 600, 3600, 86400, 604800] as const;

const createdBuckets = z
    .strictObject({
        variant: z.literal("create"),
        cdn: z
            .strictObject({
                domain: hostName.optional().meta({
                    description: "A name of a zone at DigitalOcean, with a certificate of Let's Encrypt.",
                    defaultsTo: "the CDN's own name",
                }),
                timeToLive: z
                    .literal([...timesToLive], { error: `seconds that the CDN knows: ${timesToLive.join(", ")}` })
                    .default(86400)
                    .meta({
                        unit: "seconds",
                        description: "So long the CDN keeps a file. Hashed names never change, so long is right.",
                    }),
            })
            .prefault({}),
        keepVersions: z.int().min(1).max(3650).default(30).meta({
            unit: "days",
            description: "So long earlier versions of a file are kept. Nothing is kept of an ephemeral environment's.",
        }),
        native: z
            .strictObject({
                staticBucket: native("digitalocean.SpacesBucket"),
                mediaBucket: native("digitalocean.SpacesBucket"),
                cdn: native("digitalocean.Cdn"),
            })
            .default({}),
    })
    .describe("A bucket for static files behind the CDN, and one for uploads.");

const bucketName = text("3 to 63 lower-case letters, digits and hyphens", /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);

const existingBuckets = z
    .strictObject({
        variant: z.literal("existing"),
        staticBucket: bucketName.describe("For static files."),
        mediaBucket: bucketName.describe("For uploaded files."),
        url: text(
            "an https address with a slash at its end, for example https://static.shop.example.org/",
            /^https:\/\/[a-z0-9.-]+\/([!-~]*\/)?$/,
        ).describe("Where the static bucket is served."),
    })
    .describe(
        "Buckets that are there. They have no bucket policy: with one, the app could have no key for them alone.",
    );

const newBuckets = { variant: "create" as const, cdn: { timeToLive: 86400 as const }, keepVersions: 30, native: {} };

/**
 * Those that the provider takes (`SpacesRegions` of its digitalocean/spaces/spaces_buckets.go): it refuses a newer one, such as ric1,
 * whatever DigitalOcean has there.
 *
 * @see https://docs.digitalocean.com/products/spaces/details/availability/
 */
export const spacesRegions = [
    "nyc3",
    "sfo2",
    "sfo3",
    "ams3",
    "sgp1",
    "lon1",
    "fra1",
    "tor1",
    "blr1",
    "syd1",
    "atl1",
] as const;

export const spacesAssets = z.strictObject({
    variant: z.literal("spaces").meta({ alsoCalled: ["digitalocean", "do", "bucket"] }),
    region: z
        .enum(spacesRegions)
        .optional()
        .meta({ description: "Of the buckets.", defaultsTo: "`clouds.digitalocean.region`" }),
    buckets: z
        .discriminatedUnion("variant", [createdBuckets, existingBuckets])
        .default(newBuckets)
        .meta({ description: "For static and for uploaded files.", defaultsTo: "`create`" }),
});

export type SpacesAssetsSettings = z.output<typeof spacesAssets>;
