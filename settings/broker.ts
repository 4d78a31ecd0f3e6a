// Where Celery's messages wait.
import { z } from "zod";
import { externalBroker } from "./external/broker.ts";
import { byteQuantity, imageReference, sizeName } from "./fields.ts";

export const redisEngine = z.enum(["valkey", "redis"]);

const redisBroker = z
    .strictObject({
        variant: z.literal("redis").meta({ alsoCalled: ["valkey", "in-cluster", "cluster", "kubernetes"] }),
        engine: redisEngine.default("valkey").describe("What runs."),
        image: imageReference.optional().meta({
            description: "An image that keeps the contract of the official one.",
            defaultsTo: "the official image of `engine`",
        }),
        size: sizeName.default("small").describe("Half of the memory holds messages."),
        storage: byteQuantity
            .meta({ example: "2Gi", alsoCalled: ["diskSize", "disk", "volumeSize", "allocatedStorage"] })
            .describe("Two to three times the memory, never less than it. **Cannot be changed later.**"),
    })
    .describe("One Redis or Valkey of its own, on a volume, that never evicts a message (R31, R33).");

const noBroker = z
    .strictObject({ variant: z.literal("none").meta({ alsoCalled: ["off", "disabled", "false"] }) })
    .describe("No broker: only for an app without workers and beat.");

export const brokerSchema = z
    .discriminatedUnion("variant", [redisBroker, externalBroker, noBroker])
    .describe("Where Celery's messages wait.");

export type BrokerSettings = z.output<typeof brokerSchema>;
