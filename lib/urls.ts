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
    /** @default the server asks for none */
    readonly password?: string;
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
    const login = password === undefined ? "" : `${percentEncode(user)}:${percentEncode(password)}@`;
    return `${scheme}://${login}${host}:${port}/${index}${query}`;
}

export interface UrlServer {
    readonly scheme: string;
    readonly host: string;
    /** @default the scheme's */
    readonly port?: number;
}

/** The servers of all URLs in a text, in their order; takes a time that is linear in its length. */
export function serversIn(text: string): UrlServer[] {
    const servers: UrlServer[] = [];
    let from = 0;
    for (let at = text.indexOf("://"); at !== -1; at = text.indexOf("://", from)) {
        const scheme = /[a-z][a-z0-9+.-]*$/.exec(text.slice(Math.max(from, at - longestScheme), at))?.[0];
        from = at + 3;
        const rest = text.slice(from);
        const authority = rest.slice(0, lengthOf(rest, /[\s/?#]/));
        const [, host, port] =
            /^([A-Za-z0-9.-]+)(?::([0-9]+))?/.exec(authority.slice(authority.lastIndexOf("@") + 1)) ?? [];
        if (scheme !== undefined && host !== undefined) {
            servers.push({ scheme, host, ...(port !== undefined && { port: Number(port) }) });
        }
    }
    return servers;
}

/** Longer than any that is registered: what stands before it is not looked at. */
const longestScheme = 40;

function lengthOf(text: string, end: RegExp): number {
    const at = text.search(end);
    return at === -1 ? text.length : at;
}
