// A Redis, Valkey or RabbitMQ server that is there, for Celery's messages.
import { z } from "zod";
import { port, seconds, text } from "../fields.ts";
import { cidrs, externalVariant, needsRanges, serverAddress, tls, userName } from "./fields.ts";

export const externalBroker = z
    .strictObject({
        variant: externalVariant,
        protocol: z
            .enum(["redis", "amqp"])
            .meta({
                alsoCalled: ["engine", "type", "kind", "transport"],
                alsoSaid: { rabbitmq: "amqp", valkey: "redis", amqps: "amqp", rediss: "redis" },
            })
            .describe("What it speaks: `amqp` is RabbitMQ's."),
        host: serverAddress.describe("Where it is."),
        port: port.optional().meta({
            description: "Of `host`.",
            defaultsTo: "`6379`; of RabbitMQ `5671`, without TLS `5672`",
        }),
        user: userName.optional().meta({
            description:
                "Needed with `amqp`; of Redis from version 6 on. The password is `secrets.brokerPassword`, which only Redis may do without.",
            defaultsTo: "Redis's default user",
        }),
        vhost: text("a virtual host's name, for example / or shop", /^[!-~]{1,255}$/)
            .optional()
            .meta({ description: "Of RabbitMQ.", defaultsTo: "`/`", alsoCalled: ["virtualHost", "virtual_host"] }),
        database: z
            .int()
            .min(0)
            .max(65535)
            .optional()
            .meta({
                description: "Of Redis: the number of its database.",
                defaultsTo: "`0`",
                alsoCalled: ["db", "index"],
            }),
        consumerTimeout: seconds
            .min(60)
            .max(7 * 24 * 3600)
            .optional()
            .meta({
                description:
                    "Of RabbitMQ, whose configuration nobody here sees: its `consumer_timeout`, above which no task may take (R18). It is the server's own; say here what it is.",
                defaultsTo: "`1800`, as RabbitMQ has it",
                alsoCalled: [
                    "consumer_timeout",
                    "ackTimeout",
                    "acknowledgementTimeout",
                    "deliveryAcknowledgementTimeout",
                ],
            }),
        tls,
        cidrs,
    })
    .superRefine(({ protocol, host, user, vhost, database, consumerTimeout, cidrs: given }, context) => {
        const refuse = (setting: string, message: string): void =>
            context.addIssue({ code: "custom", path: [setting], message });
        if (protocol === "amqp" && user === undefined) {
            refuse("user", "a user of RabbitMQ, which lets in nobody without one");
        }
        if (protocol === "amqp" && database !== undefined) {
            refuse("database", "nothing: RabbitMQ's apps are kept apart by vhost");
        }
        if (protocol === "redis" && consumerTimeout !== undefined) {
            refuse("consumerTimeout", "nothing: Redis does not know which tasks are not done");
        }
        if (protocol === "redis" && vhost !== undefined) {
            refuse("vhost", "nothing: Redis has no virtual hosts; apps are kept apart by database");
        }
        needsRanges({ cidrs: given, hosts: [host] }, context);
    })
    .describe("A Redis, Valkey or RabbitMQ server that is there, wherever it runs.");

export type ExternalBrokerSettings = z.output<typeof externalBroker>;
