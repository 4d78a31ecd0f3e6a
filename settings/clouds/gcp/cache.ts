// Redis on Memorystore.
import { isIPv4 } from "node:net";
import { z } from "zod";
import { text } from "../../fields.ts";
import { certificates, keyPath, native, networkPath } from "./fields.ts";

const days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"] as const;

const createdServer = z
    .strictObject({
        variant: z.literal("create"),
        /** @default "7.2" */
        version: z.enum(["6.x", "7.0", "7.2"]).default("7.2"),
        /** GiB of each node. @default 1 */
        memory: z.int().min(1).max(300).default(1),
        /** A second node in another zone that takes over; a change replaces the instance. @default in production, or with replicas */
        highAvailability: z.boolean().optional(),
        /** Nodes that Django reads from, besides the one it writes to. @default 0 */
        replicas: z.int().min(0).max(5).default(0),
        /** An hour a week for updates, UTC. */
        maintenance: z
            .strictObject({
                /** @default "SUNDAY" */
                day: z.enum(days).default("SUNDAY"),
                /** @default 4 */
                hour: z.int().min(0).max(23).default(4),
            })
            .prefault({}),
        /** The network of its private address, with private services access. @default the platform's, when that is Google Cloud's */
        network: networkPath.optional(),
        /** @default a key of Google's */
        encryptionKey: keyPath.optional(),
        /** Arguments of gcp.redis.Instance, over all others. @default none */
        native: native.optional(),
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

/** An instance that is there, with AUTH and in-transit encryption; its AUTH string is the cache's password in `secrets`. */
const existingServer = z.strictObject({
    variant: z.literal("existing"),
    /** Its primary endpoint. */
    address,
    /** Its read endpoint. @default Django reads from `address` too */
    readAddress: address.optional(),
    /** Its server CA. */
    ca: certificates,
});

export const memorystoreCache = z.strictObject({
    variant: z.literal("memorystore"),
    server: z.discriminatedUnion("variant", [createdServer, existingServer]),
});

export type MemorystoreSettings = z.output<typeof memorystoreCache>;
