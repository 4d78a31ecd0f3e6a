import type { Output } from "@pulumi/pulumi";
import type { Labels } from "../../lib/labels.ts";

/** Where Celery's messages wait. */
export interface Broker {
    /** `amqp` is RabbitMQ's: apps are kept apart by virtual hosts there, and by a prefix of keys in Redis. */
    readonly protocol: "redis" | "amqp";
    /** With the password in it, escaped: a secret. */
    readonly url: Output<string>;
    /** What a pod carries to be let through. */
    readonly clientLabels: Labels;
}
