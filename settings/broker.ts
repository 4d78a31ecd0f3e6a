// Where Celery's messages wait.
import { z } from "zod";
import { byteQuantity, imageReference, sizeName } from "./fields.ts";

export const redisEngine = z.enum(["valkey", "redis"]);

/** One Redis or Valkey of its own, on a volume, that never evicts a message (R31, R33). */
const redisBroker = z.strictObject({
    variant: z.literal("redis"),
    /** @default "valkey" */
    engine: redisEngine.default("valkey"),
    /** @default the official image of `engine` */
    image: imageReference.optional(),
    /** @default "small" */
    size: sizeName.default("small"),
    storage: byteQuantity,
});

/** No broker: only for an app without workers and beat. */
const noBroker = z.strictObject({ variant: z.literal("none") });

export const brokerSchema = z.discriminatedUnion("variant", [redisBroker, noBroker]);

export type BrokerSettings = z.output<typeof brokerSchema>;
