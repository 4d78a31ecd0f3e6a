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
            .describe(
                "Two to three times the memory, never less than it. Grows in place where the storage class allows it, and never shrinks.",
            ),
    })
    .describe("One Redis or Valkey of its own, on a volume, that never evicts a message (R31, R33).");

const rabbitmqBroker = z
    .strictObject({
        variant: z.literal("rabbitmq").meta({ alsoCalled: ["amqp", "rabbit"] }),
        version: z
            .enum(["4.0", "4.1", "4.2"])
            .meta({ example: "4.2", alsoCalled: ["engineVersion", "rabbitmqVersion"] })
            .describe(
                "In quotes; 4.2 for what is new. One step at a time: RabbitMQ goes from one of these to the next, and never back.",
            ),
        image: imageReference.optional().meta({
            description: "An image that keeps the contract of the official one.",
            defaultsTo: "the official image of `version`",
        }),
        size: sizeName.default("medium").describe("Of every node; above 60 % of the memory publishers have to wait."),
        storage: byteQuantity
            .meta({ example: "5Gi", alsoCalled: ["diskSize", "disk", "volumeSize", "allocatedStorage"] })
            .describe(
                "Of every node; at least twice the memory. Grows in place where the storage class allows it, and never shrinks.",
            ),
        nodes: z
            .union([z.literal(1), z.literal(3)], { error: "1 or 3" })
            .meta({ alsoCalled: ["replicas", "servers"] })
            .default(1)
            .describe(
                "Three keep every message on two of them at least, and go on without one; production wants them (R35).",
            ),
    })
    .describe(
        "RabbitMQ on volumes of its own, with quorum queues (Celery 5.5 or later); every app has a virtual host and a user.",
    );

const noBroker = z
    .strictObject({ variant: z.literal("none").meta({ alsoCalled: ["off", "disabled", "false"] }) })
    .describe("No broker: only for an app without workers and beat.");

export const brokerSchema = z
    .discriminatedUnion("variant", [redisBroker, rabbitmqBroker, externalBroker, noBroker])
    .describe("Where Celery's messages wait.");

export type BrokerSettings = z.output<typeof brokerSchema>;
