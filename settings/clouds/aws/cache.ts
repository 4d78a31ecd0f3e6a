// Valkey on ElastiCache.
import { z } from "zod";
import { dnsEndpoint, instanceClass, kmsKeyArn, storeCidrs, storeNetwork, weeklyWindow } from "./fields.ts";
import { native } from "../../native/native.ts";

const createdServer = z.strictObject({
    variant: z.literal("create"),
    version: z
        .enum(["7.2", "8.0", "8.1", "8.2"])
        .default("8.1")
        .describe("Of Valkey. A newer one takes over in place, an older one does not."),
    nodeType: instanceClass("cache", "cache.t4g.small or cache.m7g.large", ["r6gd"])
        .meta({ alsoCalled: ["instanceType", "instanceClass", "size", "tier", "machineType"] })
        .describe("The machine of each node, for example `cache.t4g.small`: 1.37 GiB."),
    replicas: z
        .int()
        .min(0)
        .max(5)
        .default(0)
        .describe(
            "Nodes that Django reads from, in other zones; with one, the loss of the primary is an outage of seconds.",
        ),
    keyArn: kmsKeyArn
        .optional()
        .meta({ description: "The key that encrypts it, for ever.", defaultsTo: "a key of ElastiCache's own" }),
    applyImmediately: z.boolean().optional().meta({
        description: "Changes happen at once, not in the maintenance window.",
        defaultsTo: "`false` in production, else `true`",
    }),
    maintenanceWindow: weeklyWindow
        .optional()
        .meta({ description: "When updates are made.", defaultsTo: "`sun:04:00-sun:05:00`" }),
    network: storeNetwork.optional().meta({ defaultsTo: "the platform's, when that is on AWS" }),
    native: native("aws.elasticache.ReplicationGroup"),
});

const endpoint = dnsEndpoint("master.shop.abc123.euc1.cache.amazonaws.com");

const existingServer = z
    .strictObject({
        variant: z.literal("existing"),
        primary: endpoint.describe("Its primary endpoint."),
        reader: endpoint
            .optional()
            .meta({ description: "Its reader endpoint.", defaultsTo: "Django reads from `primary` too" }),
        cidrs: storeCidrs.optional().meta({
            description: "The address ranges of its subnets.",
            defaultsTo: "the platform's, when that is on AWS",
        }),
    })
    .describe(
        "A replication group without shards, with TLS and AUTH; nothing of it is changed. Its token is `secrets.cachePassword`.",
    );

export const elastiCacheCache = z.strictObject({
    variant: z.literal("elasticache").meta({ alsoCalled: ["aws", "amazon"] }),
    server: z
        .discriminatedUnion("variant", [createdServer, existingServer])
        .describe("Made here, or one that is there."),
});

export type ElastiCacheSettings = z.output<typeof elastiCacheCache>;
