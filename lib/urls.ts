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

/** `redis://:password@host:port/index`, as redis-py and Celery read it. */
export function redisUrl(server: ServerAddress & { readonly password: string; readonly index: number }): string {
    const { host, port, password, index } = server;
    return `redis://:${percentEncode(password)}@${host}:${port}/${index}`;
}
