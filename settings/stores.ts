// Where the data lives: database, cache, broker. One union each; later variants are other members of it.
import { z } from "zod";
import { byteQuantity, imageReference, sizeName } from "./fields.ts";

/** PostgreSQL in the environment's own namespace, on a volume of its own. */
const inClusterDatabase = z.strictObject({
    variant: z.literal("in-cluster"),
    /** The major version, pinned: a new one needs a dump or pg_upgrade, so it is never chosen by itself (R63). */
    version: z.enum(["15", "16", "17", "18"]),
    /** An image that keeps the contract of the official one. @default the official image of `version` */
    image: imageReference.optional(),
    /** @default "medium" */
    size: sizeName.default("medium"),
    storage: byteQuantity,
    /** @default 100 */
    maxConnections: z.int().min(20).max(5000).default(100),
});

export const databaseSchema = z.discriminatedUnion("variant", [inClusterDatabase]);

const engine = z.enum(["valkey", "redis"]);

/** A primary and its read replicas in the environment's own namespace; nothing is written to disk. */
const inClusterCache = z.strictObject({
    variant: z.literal("in-cluster"),
    /** @default "valkey" */
    engine: engine.default("valkey"),
    /** @default the official image of `engine` */
    image: imageReference.optional(),
    /** @default "small" */
    size: sizeName.default("small"),
    /** Read replicas beside the primary. @default 0 */
    replicas: z.int().min(0).max(20).default(0),
});

/** No shared cache: the app falls back to its process's own memory. */
const noCache = z.strictObject({ variant: z.literal("none") });

export const cacheSchema = z.discriminatedUnion("variant", [inClusterCache, noCache]);

/** One Redis or Valkey of its own, on a volume, that never evicts a message (R31, R33). */
const redisBroker = z.strictObject({
    variant: z.literal("redis"),
    /** @default "valkey" */
    engine: engine.default("valkey"),
    /** @default the official image of `engine` */
    image: imageReference.optional(),
    /** @default "small" */
    size: sizeName.default("small"),
    storage: byteQuantity,
});

/** No broker: only for an app without workers and beat. */
const noBroker = z.strictObject({ variant: z.literal("none") });

export const brokerSchema = z.discriminatedUnion("variant", [redisBroker, noBroker]);

export type DatabaseSettings = z.output<typeof databaseSchema>;
export type CacheSettings = z.output<typeof cacheSchema>;
export type BrokerSettings = z.output<typeof brokerSchema>;
