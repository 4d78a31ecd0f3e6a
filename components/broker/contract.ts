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
    /** What a pod carries to be let through. */
    readonly clientLabels: Labels;
    /** Of a server that nobody here made: the release checks it first. @default nothing is checked */
    readonly claims?: ServerClaims;
}
