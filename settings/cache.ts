// A cache that all pods share. One union; a variant of a cloud is in settings/clouds/<cloud>/cache.ts.
import { z } from "zod";
import { digitalOceanCache } from "./clouds/digitalocean/cache.ts";
import { memorystoreCache } from "./clouds/gcp/cache.ts";
import { redisEngine } from "./broker.ts";
import { elastiCacheCache } from "./clouds/aws/cache.ts";
import { imageReference, sizeName } from "./fields.ts";

/** A primary and its read replicas in the environment's own namespace; nothing is written to disk. */
const inClusterCache = z.strictObject({
    variant: z.literal("in-cluster"),
    /** @default "valkey" */
    engine: redisEngine.default("valkey"),
    /** @default the official image of `engine` */
    image: imageReference.optional(),
    /** @default "small" */
    size: sizeName.default("small"),
    /** Read replicas beside the primary. @default 0 */
    replicas: z.int().min(0).max(20).default(0),
});

/** No shared cache: the app falls back to its process's own memory. */
const noCache = z.strictObject({ variant: z.literal("none") });

export const cacheSchema = z.discriminatedUnion("variant", [
    inClusterCache,
    digitalOceanCache,
    elastiCacheCache,
    memorystoreCache,
    noCache,
]);

export type CacheSettings = z.output<typeof cacheSchema>;
