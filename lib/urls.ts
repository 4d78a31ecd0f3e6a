// Connection URLs. User names and passwords are percent-encoded, so that any character works in them.

/** Percent-encodes everything that is not unreserved (RFC 3986), also the five that encodeURIComponent leaves. */
export function percentEncode(text: string): string {
    return encodeURIComponent(text).replace(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
}

export interface ServerAddress {
    readonly host: string;
    readonly port: number;
}

/** `postgresql://user:password@host:port/name`, as dj-database-url and libpq read it. */
export function postgresUrl(
    server: ServerAddress & { readonly user: string; readonly password: string; readonly name: string },
): string {
    const { host, port, user, password, name } = server;
    return `postgresql://${percentEncode(user)}:${percentEncode(password)}@${host}:${port}/${percentEncode(name)}`;
}

export interface RedisAddress extends ServerAddress {
    readonly password: string;
    readonly index: number;
    /** @default the server's default user */
    readonly user?: string;
    /** @default no TLS */
    readonly tls?: {
        /**
         * A file with the certificate of a CA of this one server: whoever has a certificate of it is the server, under whatever
         * name it is called. @default the system's CAs, and then the name in the certificate has to be `host`
         */
        readonly ca?: string;
    };
}

/** `redis://user:password@host:port/index`, or `rediss://` for TLS, as redis-py and Celery read it. */
export function redisUrl({ host, port, user = "", password, index, tls }: RedisAddress): string {
    const query =
        tls === undefined
            ? ""
            : `?ssl_cert_reqs=required${tls.ca === undefined ? "" : `&ssl_ca_certs=${tls.ca}&ssl_check_hostname=false`}`;
    const scheme = tls === undefined ? "redis" : "rediss";
    return `${scheme}://${percentEncode(user)}:${percentEncode(password)}@${host}:${port}/${index}${query}`;
}
