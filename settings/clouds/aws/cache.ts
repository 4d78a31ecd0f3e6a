// Valkey on ElastiCache.
import { z } from "zod";
import { dnsEndpoint, instanceClass, kmsKeyArn, native, storeCidrs, storeNetwork, weeklyWindow } from "./fields.ts";

const createdServer = z.strictObject({
    variant: z.literal("create"),
    /** Valkey's. A newer one takes over in place, an older one does not. @default "8.1" */
    version: z.enum(["7.2", "8.0", "8.1", "8.2"]).default("8.1"),
    /** The machine of each node, for example `cache.t4g.small`: 1.37 GiB. */
    nodeType: instanceClass("cache", "cache.t4g.small or cache.m7g.large", ["r6gd"]),
    /** Nodes that Django reads from, in other zones; with one, the loss of the primary is an outage of seconds. @default 0 */
    replicas: z.int().min(0).max(5).default(0),
    /** For ever. @default a key of ElastiCache's own */
    keyArn: kmsKeyArn.optional(),
    /** Changes happen at once, not in the maintenance window. @default false in production, else true */
    applyImmediately: z.boolean().optional(),
    /** @default AWS chooses one */
    maintenanceWindow: weeklyWindow.optional(),
    /** @default the platform's, when that is on AWS */
    network: storeNetwork.optional(),
    /** Arguments of aws.elasticache.ReplicationGroup, over all others. @default none */
    native: native.optional(),
});

const endpoint = dnsEndpoint("master.shop.abc123.euc1.cache.amazonaws.com");

/** A replication group without shards, with TLS and AUTH; nothing of it is changed. Its token is `secrets.cachePassword`. */
const existingServer = z.strictObject({
    variant: z.literal("existing"),
    /** Its primary endpoint. */
    primary: endpoint,
    /** Its reader endpoint. @default Django reads from `primary` too */
    reader: endpoint.optional(),
    /** The address ranges of its subnets. @default the platform's, when that is on AWS */
    cidrs: storeCidrs.optional(),
});

export const elastiCacheCache = z.strictObject({
    variant: z.literal("elasticache"),
    server: z.discriminatedUnion("variant", [createdServer, existingServer]),
});

export type ElastiCacheSettings = z.output<typeof elastiCacheCache>;
