// A database's server, as whoever makes more databases on it sees it.
import type { Database, Server } from "./contract.ts";

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
