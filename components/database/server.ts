// A database's server, as whoever makes more databases on it sees it.
import type { Output } from "@pulumi/pulumi";
import type { Database } from "./contract.ts";

/** The server, and who may make databases on it. */
export type Server = Pick<
    Database,
    "host" | "port" | "name" | "user" | "password" | "sslMode" | "cidrs" | "clientLabels" | "maxConnections" | "replica"
> & {
    /** PEM. An image with psql trusts nobody by itself. */
    readonly ca?: Output<string>;
};

/** The server of a database, as its administrator sees it. */
export function serverOf(database: Database): Server {
    const { host, port, name, user, password, sslMode, ca, cidrs, clientLabels, maxConnections } = database;
    const { administrator, replica } = database;
    return {
        host,
        port,
        name,
        user,
        password,
        ...administrator,
        clientLabels,
        maxConnections,
        ...(sslMode !== undefined && { sslMode }),
        ...(ca !== undefined && ca !== "public" && { ca }),
        ...(cidrs !== undefined && { cidrs }),
        ...(replica !== undefined && { replica }),
    };
}
