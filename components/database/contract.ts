import type { Input, Output } from "@pulumi/pulumi";
import type { Labels } from "../../lib/labels.ts";

/** PostgreSQL, wherever it runs. The app talks to `host`, a Service of its own namespace, in every variant (E4). */
export interface Database {
    readonly host: Input<string>;
    readonly port: Input<number>;
    readonly name: Input<string>;
    readonly user: Input<string>;
    /** A secret. */
    readonly password: Output<string>;
    /** How the client checks the server, as libpq's `sslmode`; absent where the connection does not leave the namespace. */
    readonly sslMode?: "require" | "verify-ca" | "verify-full";
    /** What a pod carries to be let through. */
    readonly clientLabels: Labels;
    /** The server's max_connections. */
    readonly maxConnections: number;
}
