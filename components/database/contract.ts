import type { Input, Output } from "@pulumi/pulumi";
import type { Labels } from "../../lib/labels.ts";
import type { ServerClaims } from "../network/external-server.ts";

export interface Login {
    readonly user: Input<string>;
    /** A secret. */
    readonly password: Output<string>;
}

/** PostgreSQL, wherever it runs. The app talks to `host`, a Service of its own namespace, in every variant (E4). */
export interface Database {
    readonly host: Input<string>;
    readonly port: Input<number>;
    readonly name: Input<string>;
    readonly user: Input<string>;
    /** A secret. */
    readonly password: Output<string>;
    /** The login before, which pods of the release before have; for poolers. @default there was none, or nobody knows it */
    readonly previous?: Login;
    /**
     * How the client checks the server, as libpq's `sslmode`; absent where the connection does not leave the namespace.
     * `verify-full` only where `host` is the name in the server's certificate; a Service of the namespace is not.
     */
    readonly sslMode?: "disable" | "require" | "verify-ca" | "verify-full";
    /**
     * The certificates, as PEM, that the server's has to descend from (R62); `public`: those that the app's image trusts.
     *
     * @default none, then `sslMode` is `require` at most
     */
    readonly ca?: Output<string> | "public";
    /** A pooler hands out its connections, so the app keeps none (R30). @default false */
    readonly pooled?: boolean;
    /** The pooler leaves a client its connection from one transaction to the next, and with it what is open there. @default false */
    readonly keepsSessions?: boolean;
    /**
     * The server itself, where `host` is a pooler in the namespace: for what needs a session of its own, as migrations do.
     * @default `host` and the rest
     */
    readonly direct?: Pick<Database, "host" | "port" | "sslMode" | "ca" | "clientLabels">;
    /**
     * Who makes databases and roles for others on that server, where that is not the app's own user. Never told to an app.
     * @default `user`
     */
    readonly administrator?: { readonly user: Input<string>; readonly password: Output<string> };
    /** A copy that may only be read, and lags behind; user and password are the same there. @default none */
    readonly replica?: ReadReplica;
    /** What a pod carries to be let through. */
    readonly clientLabels: Labels;
    /** The address ranges of a server outside the cluster. @default it is in the namespace */
    readonly cidrs?: Input<readonly string[]>;
    /** The server's max_connections. */
    readonly maxConnections: number;
    /** Which restored data the server has, whose roles are those of then. @default what it began with */
    readonly restored?: string;
    /** Of a server that nobody here made: the release checks it first. @default nothing is checked */
    readonly claims?: ServerClaims;
}

export type ReadReplica = Pick<Database, "host" | "port" | "name" | "sslMode" | "ca" | "clientLabels">;

/** The name of its Service, and of what belongs to it. */
export function replicaName(database: string): string {
    return `${database}-replica`;
}

/** The server, and who may make databases on it. */
export type Server = Pick<
    Database,
    "host" | "port" | "name" | "user" | "password" | "sslMode" | "cidrs" | "clientLabels" | "maxConnections" | "replica"
> & {
    /** PEM. An image with psql trusts nobody by itself. */
    readonly ca?: Output<string>;
};
