// A cache that all pods share. One union; a variant of a cloud is in settings/clouds/<cloud>/cache.ts.
import { z } from "zod";
import { digitalOceanCache } from "./clouds/digitalocean/cache.ts";
import { memorystoreCache } from "./clouds/gcp/cache.ts";
import { redisEngine } from "./broker.ts";
import { elastiCacheCache } from "./clouds/aws/cache.ts";
import { externalCache } from "./external/cache.ts";
import { imageReference, sizeName } from "./fields.ts";

const inClusterCache = z
    .strictObject({
        variant: z.literal("in-cluster").meta({ alsoCalled: ["cluster", "kubernetes", "redis", "valkey", "local"] }),
        engine: redisEngine.default("valkey").describe("What runs."),
        image: imageReference.optional().meta({
            description: "An image that keeps the contract of the official one.",
            defaultsTo: "the official image of `engine`",
        }),
        size: sizeName.default("small").describe("Of every server; 70 % of the memory holds values."),
        replicas: z.int().min(0).max(20).default(0).describe("Read replicas beside the primary."),
    })
    .describe("A primary and its read replicas in the environment's own namespace; nothing is written to disk.");

const memcachedCache = z
    .strictObject({
        variant: z.literal("memcached").meta({ alsoCalled: ["memcache", "pymemcache", "pylibmc"] }),
        image: imageReference.optional().meta({
            description: "An image that keeps the contract of the official one.",
            defaultsTo: "the official image of Memcached 1.6",
        }),
        size: sizeName.default("small").describe("Of every server; 80 % of the memory holds values."),
        servers: z
            .int()
            .min(1)
            .max(20)
            .meta({ alsoCalled: ["replicas", "nodes"] })
            .default(1)
            .describe("Each holds other values, which the app's client chooses by their keys: no copies."),
    })
    .describe(
        "Memcached in the environment's own namespace: no login, so NetworkPolicies alone say who reaches it (R99).",
    );

const noCache = z
    .strictObject({ variant: z.literal("none").meta({ alsoCalled: ["off", "disabled", "false"] }) })
    .describe("No shared cache: the app falls back to its process's own memory.");

export const cacheSchema = z
    .discriminatedUnion("variant", [
        inClusterCache,
        memcachedCache,
        digitalOceanCache,
        elastiCacheCache,
        memorystoreCache,
        externalCache,
        noCache,
    ])
    .describe("A cache that all pods share.");

export type CacheSettings = z.output<typeof cacheSchema>;
