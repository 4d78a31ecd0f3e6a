// Redis on Memorystore.
import { isIPv4 } from "node:net";
import { z } from "zod";
import { text } from "../../fields.ts";
import { native } from "../../native/native.ts";
import { certificates, keyPath, networkPath } from "./fields.ts";

const days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"] as const;

const createdServer = z
    .strictObject({
        variant: z.literal("create"),
        version: z.enum(["6.x", "7.0", "7.2"]).default("7.2").describe("Of Redis."),
        memory: z
            .int()
            .min(1)
            .max(300)
            .default(1)
            .meta({
                alsoCalled: ["size", "memorySize", "memorySizeGb"],
                unit: "GiB",
                description: "Of each node; 5 or more with replicas.",
            }),
        highAvailability: z.boolean().optional().meta({
            description: "A second node in another zone that takes over; a change replaces the instance.",
            defaultsTo: "`true` in production, or with replicas",
        }),
        replicas: z
            .int()
            .min(0)
            .max(5)
            .default(0)
            .describe("Nodes that Django reads from, besides the one it writes to."),
        maintenance: z
            .strictObject({
                day: z.enum(days).default("SUNDAY").describe("Of the week."),
                hour: z.int().min(0).max(23).default(4).describe("UTC."),
            })
            .prefault({})
            .describe("An hour a week for updates."),
        network: networkPath.optional().meta({
            description: "The network of its private address, with private services access.",
            defaultsTo: "the platform's, when that is Google Cloud's",
        }),
        encryptionKey: keyPath.optional().meta({ description: "Encrypts the data.", defaultsTo: "a key of Google's" }),
        native: native("gcp.redis.Instance"),
    })
    .superRefine(({ replicas, memory, highAvailability }, context) => {
        if (replicas > 0 && memory < 5) {
            context.addIssue({ code: "custom", path: ["memory"], message: "at least 5 with replicas" });
        }
        if (replicas > 0 && highAvailability === false) {
            context.addIssue({
                code: "custom",
                path: ["highAvailability"],
                message: "true or nothing with replicas: a replica is what takes over",
            });
        }
    });

const address = text("an IPv4 address, for example 10.20.0.3", isIPv4);

const existingServer = z
    .strictObject({
        variant: z.literal("existing"),
        address: address.describe("Its primary endpoint."),
        readAddress: address
            .optional()
            .meta({ description: "Its read endpoint.", defaultsTo: "Django reads from `address` too" }),
        ca: certificates.describe("Its server CA."),
    })
    .describe(
        "An instance that is there, with AUTH and in-transit encryption; its AUTH string is the cache's password in `secrets`.",
    );

export const memorystoreCache = z.strictObject({
    variant: z.literal("memorystore").meta({ alsoCalled: ["gcp", "google"] }),
    server: z
        .discriminatedUnion("variant", [createdServer, existingServer])
        .describe("Made here, or one that is there."),
});

export type MemorystoreSettings = z.output<typeof memorystoreCache>;
