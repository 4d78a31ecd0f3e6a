import type { Output } from "@pulumi/pulumi";
import type { Labels } from "../../lib/labels.ts";
import type { ServerClaims } from "../network/external-server.ts";

/** Where Celery's messages wait. */
export interface Broker {
    /** `amqp` is RabbitMQ's: apps are kept apart by virtual hosts there, and by a prefix of keys in Redis. */
    readonly protocol: "redis" | "amqp";
    /** With the password in it, escaped: a secret. */
    readonly url: Output<string>;
    /**
     * TLS, for a broker outside the cluster. `url` says it in the words of Redis's clients, with the CA at
     * lib/certificate-files.ts; of AMQP the app is told beside it.
     *
     * @default none, the connection does not leave the namespace
     */
    readonly tls?: {
        /** As libpq's `sslmode`. */
        readonly mode: "require" | "verify-ca" | "verify-full";
        /** The CA's certificate as PEM. @default a CA that every system trusts */
        readonly ca?: Output<string>;
    };
    /** By app, where each has a user and a virtual host of its own. @default all have `url` */
    readonly urls?: Readonly<Record<string, Output<string>>>;
    /** Of what kind its queues are, where Celery has to be told. @default there is one kind */
    readonly queueType?: "quorum";
    /** What a pod carries to be let through. */
    readonly clientLabels: Labels;
    /** Of a server that nobody here made: the release checks it first. @default nothing is checked */
    readonly claims?: ServerClaims;
}
