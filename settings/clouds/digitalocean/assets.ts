// Spaces, DigitalOcean's object storage, and its CDN.
import { z } from "zod";
import { hostName, text } from "../../fields.ts";
import { native } from "./fields.ts";

const timesToLive = [60, 600, 3600, 86400, 604800] as const;

/** A bucket for static files behind the CDN, and one for uploads. */
const createdBuckets = z.strictObject({
    variant: z.literal("create"),
    cdn: z
        .strictObject({
            /** A name of a zone at DigitalOcean, with a certificate of Let's Encrypt. @default the CDN's own name */
            domain: hostName.optional(),
            /** Seconds that the CDN keeps a file. Hashed names never change, so long is right. @default 86400 */
            timeToLive: z
                .literal([...timesToLive], { error: `seconds that the CDN knows: ${timesToLive.join(", ")}` })
                .default(86400),
        })
        .prefault({}),
    /** Days that earlier versions of a file are kept. Nothing is kept of an ephemeral environment's. @default 30 */
    keepVersions: z.int().min(1).max(3650).default(30),
    /** Arguments over ours, by DigitalOcean's own names. @default {} */
    native: z
        .strictObject({ staticBucket: native.optional(), mediaBucket: native.optional(), cdn: native.optional() })
        .default({}),
});

const bucketName = text("3 to 63 lower-case letters, digits and hyphens", (value) =>
    /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(value),
);

/** Buckets that are there. They have no bucket policy: with one, the app could have no key for them alone. */
const existingBuckets = z.strictObject({
    variant: z.literal("existing"),
    staticBucket: bucketName,
    mediaBucket: bucketName,
    /** Where the static bucket is served. */
    url: text("an https address with a slash at its end, for example https://static.shop.example.org/", (value) =>
        /^https:\/\/[a-z0-9.-]+\/([!-~]*\/)?$/.test(value),
    ),
});

const newBuckets = { variant: "create" as const, cdn: { timeToLive: 86400 as const }, keepVersions: 30, native: {} };

export const spacesAssets = z.strictObject({
    variant: z.literal("spaces"),
    /** @default clouds.digitalocean.region */
    region: z
        .enum(["nyc3", "sfo2", "sfo3", "ams3", "sgp1", "lon1", "fra1", "tor1", "blr1", "syd1", "atl1", "ric1"])
        .optional(),
    /** @default { variant: create } */
    buckets: z.discriminatedUnion("variant", [createdBuckets, existingBuckets]).default(newBuckets),
});

export type SpacesAssetsSettings = z.output<typeof spacesAssets>;
