// PgBouncer's two files: what it is told, and whom it lets in.

export type PoolMode = "transaction" | "session";

export const pgbouncerPort = 6432;

/** As many clients as a pod takes: those of all pods of all apps, when the other poolers are away. An idle one costs 2 kB. */
export const mostClients = 2000;

export interface PoolLogin {
    readonly user: string;
    readonly password: string;
}

export interface PgbouncerConfiguration {
    readonly server: { readonly host: string; readonly port: number };
    /** As libpq's `sslmode`; and the file with what its certificate has to descend from. */
    readonly tls: { readonly mode: string; readonly ca?: string };
    /** Names of databases on the server. */
    readonly databases: readonly string[];
    readonly mode: PoolMode;
    /** Connections to the server for each database. */
    readonly poolSize: number;
    /** The file of `pgbouncerUsers`. */
    readonly usersPath: string;
}

/** @see https://www.pgbouncer.org/config.html */
export function pgbouncerConfiguration(args: PgbouncerConfiguration): string {
    const { server, tls, databases, mode, poolSize, usersPath } = args;
    const main: (readonly [name: string, value: string | number])[] = [
        ["listen_addr", "*"],
        ["listen_port", pgbouncerPort],
        // No socket: nothing else is in the pod.
        ["unix_socket_dir", ""],
        ["auth_type", "scram-sha-256"],
        ["auth_file", usersPath],
        ["pool_mode", mode],
        ["max_client_conn", mostClients],
        ["default_pool_size", poolSize],
        ["max_db_connections", poolSize],
        // Seconds that a query waits for a connection: less than a web server's time-out, so that the error says what is the matter.
        ["query_wait_timeout", 20],
        // Seconds until a server that was away is asked again.
        ["server_login_retry", 1],
        mode === "transaction" ? ["max_prepared_statements", 200] : ["server_reset_query", "DISCARD ALL"],
        ["server_tls_sslmode", tls.mode],
        ...(tls.ca === undefined ? [] : [["server_tls_ca_file", tls.ca] as const]),
        // One line for each request would be all that the log has.
        ["log_connections", 0],
        ["log_disconnections", 0],
    ];
    return [
        "[databases]",
        ...databases.map(
            (name) =>
                `${quotedName(name)} = host=${server.host} port=${server.port} dbname='${name.replaceAll("'", "''")}'`,
        ),
        "",
        "[pgbouncer]",
        ...main.map(([name, value]) => `${name} = ${value}`),
        "",
    ].join("\n");
}

/** Plain, because PgBouncer logs in to the server with them: a hash that each side has made with its own salt would not do. */
export function pgbouncerUsers(logins: readonly PoolLogin[]): string {
    return logins.map(({ user, password }) => `${quoted(user)} ${quoted(password)}\n`).join("");
}

function quoted(text: string): string {
    return `"${text.replaceAll('"', '""')}"`;
}

/** Letters, digits, `_`, `.` and `-` need no quotes. */
function quotedName(name: string): string {
    return /^[\w.-]+$/.test(name) ? name : quoted(name);
}

/** What a plan has to know of a pooler, read from its pgbouncer.ini. */
export interface PoolerFacts {
    readonly databases: number;
    /** Connections to the server for each of them. */
    readonly poolSize: number;
    readonly mostClients: number;
}

/** What stands in no file is PgBouncer's own. */
export function poolerFacts(configuration: string): PoolerFacts {
    const value = (name: string, otherwise: number): number =>
        Number(new RegExp(`^${name} = ([0-9]+)$`, "m").exec(configuration)?.[1] ?? otherwise);
    const [, databases = ""] = /^\[databases\]\n((?:[^[\n].*\n|\n)*)/m.exec(configuration) ?? [];
    return {
        databases: databases.split("\n").filter((line) => line !== "").length,
        poolSize: value("default_pool_size", 20),
        mostClients: value("max_client_conn", 100),
    };
}
