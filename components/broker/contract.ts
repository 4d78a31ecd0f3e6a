import type { Output } from "@pulumi/pulumi";
import type { Labels } from "../../lib/labels.ts";

/** Where Celery's messages wait. */
export interface Broker {
    /** `amqp` is RabbitMQ's: apps are kept apart by virtual hosts there, and by a prefix of keys in Redis. */
    readonly protocol: "redis" | "amqp";
    /** With the password in it, escaped: a secret. */
    readonly url: Output<string>;
    /** By app, where each has a user and a virtual host of its own. @default all have `url` */
    readonly urls?: Readonly<Record<string, Output<string>>>;
    /** Of what kind its queues are, where Celery has to be told. @default there is one kind */
    readonly queueType?: "quorum";
    /** What a pod carries to be let through. */
    readonly clientLabels: Labels;
}
