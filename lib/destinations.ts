// Servers that an app's variables and files name, as far as they show it: host and port.
import { isIP } from "node:net";

export interface Destination {
    /** The variable's name; of a file its path. */
    readonly from: string;
    readonly host: string;
    readonly port: number;
    /** Whether it is certain that the app calls it: an address may also be one that it only shows. */
    readonly called: boolean;
}

/** Ports of what libraries connect to when a URL names none. */
const schemes: Readonly<Record<string, number>> = {
    amqp: 5672,
    amqps: 5671,
    http: 80,
    https: 443,
    ldap: 389,
    ldaps: 636,
    memcached: 11211,
    mongodb: 27017,
    mssql: 1433,
    mysql: 3306,
    nats: 4222,
    pgsql: 5432,
    postgis: 5432,
    postgres: 5432,
    postgresql: 5432,
    redis: 6379,
    rediss: 6379,
    sftp: 22,
    smtp: 25,
    "smtp+ssl": 465,
    "smtp+tls": 587,
    smtps: 465,
    valkey: 6379,
    valkeys: 6379,
};

/** Ports that a server is at when a variable names its host alone, by the variable's beginning. */
const defaultPorts: ReadonlyArray<readonly [name: RegExp, port: number]> = [
    [/(?:^|_)(?:EMAIL|MAIL|SMTP)_?$/, 25],
    [/(?:^|_)(?:REDIS|VALKEY)_?$/, 6379],
    [/(?:^|_)(?:PG|POSTGRES|POSTGRESQL)_?$/, 5432],
    [/(?:^|_)MYSQL_?$/, 3306],
    [/(?:^|_)(?:AMQP|RABBITMQ)_?$/, 5672],
    [/(?:^|_)MEMCACHED?_?$/, 11211],
    [/(?:^|_)(?:ELASTICSEARCH|ELASTIC|OPENSEARCH|ES)_?$/, 9200],
    [/(?:^|_)MONGO(?:DB)?_?$/, 27017],
    [/(?:^|_)KAFKA_?$/, 9092],
    [/(?:^|_)LDAP_?$/, 389],
    [/(?:^|_)SENTRY_?$/, 443],
];

/** Of an address of the web, that the app calls it. */
const calledNames =
    /(?:DSN|WEBHOOK|OTLP|API(?:_BASE)?(?:_URL|_URI|_HOST|_ENDPOINT|_ROOT)?|ENDPOINT(?:_URL)?|PROXY|proxy)$/;

/** Variables whose values are hosts that others call, or where the app itself listens. */
const notCalled =
    /(?:ALLOWED|ORIGIN|TRUSTED|CORS|CSRF|CSP|BIND|LISTEN|INTERNAL_IPS|ISSUER|AUDIENCE|^HOST$|^HOSTNAME$|^NO_PROXY$|^no_proxy$)/;

/** Of addresses of the web, those that are links in pages and mails. */
const onlyShown =
    /(?:^|_)(?:APP|ASSETS?|BASE|CALLBACK|CANCEL|CDN|CONTACT|DOCS?|FRONTEND|HELP|HOME|IMAGES?|LOGIN|LOGO|LOGOUT|MEDIA|PRIVACY|PUBLIC|REDIRECT|REPOSITORY|RETURN|SCHEMA|SITE|SOURCE|STATIC|STATUS|SUCCESS|SUPPORT|TERMS|WEB|WEBSITE)(?:_|$)/;

/** With one of these, libraries ask it for addresses of the web instead of going there. */
const proxies = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

/** Names of variables that hold a server's name with or without port. */
const serverNames =
    /(?:^|_)(?:HOST|SERVER|SERVERS|BROKER|BROKERS|BOOTSTRAP_SERVERS|LOCATION|ADDR|ADDRESS|ENDPOINT|URL|URI|DSN)$/;

/** As many characters of a value as are looked at: no address is longer. */
const longest = 2000;

/** What a list of addresses is divided by; Celery takes several brokers with semicolons. */
const dividers = /[\s,;]+/;

/** @param variables names with values, of which none is shown */
export function destinationsOf(variables: Readonly<Record<string, string>>): Destination[] {
    const proxied = proxies.some((name) => variables[name] !== undefined);
    return Object.entries(variables).flatMap(([name, value]) =>
        notCalled.test(name) || value.length > longest
            ? []
            : value
                  .split(dividers)
                  .flatMap(
                      (part) =>
                          byUrl(name, part, proxied) ??
                          byHostAndPort(name, part) ??
                          byHost(name, part, variables) ??
                          [],
                  ),
    );
}

/** In a file, whose addresses of the web are often its comments: other ones only. */
export function destinationsInFile(path: string, text: string): Destination[] {
    return text
        .split(/[\s"'<>,;()]+/)
        .filter((word) => word.length <= longest && word.includes("://"))
        .flatMap((word) => byUrl(path, word.slice(schemeStart(word)), false) ?? [])
        .filter(({ called }) => called);
}

/** `key=redis://...` in a file. */
function schemeStart(word: string): number {
    const end = word.indexOf("://");
    let start = end;
    while (start > 0 && /[a-z+]/.test(word[start - 1]!)) {
        start--;
    }
    return start;
}

function byUrl(from: string, text: string, proxied: boolean): Destination[] | undefined {
    const end = text.indexOf("://");
    if (end === -1) {
        return undefined;
    }
    const scheme = text.slice(0, end).toLowerCase();
    const web = scheme === "http" || scheme === "https";
    const called = !web || calledNames.test(from);
    const isLink = web && !called && (onlyShown.test(from) || !serverNames.test(from));
    const goesElsewhere = web && proxied && !proxies.includes(from);
    if (!Object.hasOwn(schemes, scheme) || isLink || goesElsewhere) {
        return [];
    }
    const authority = text.slice(end + 3).split(/[/?#]/)[0]!;
    const place = split(authority.slice(authority.lastIndexOf("@") + 1));
    return place === undefined ? [] : [{ from, host: place.host, port: place.port ?? schemes[scheme]!, called }];
}

/** `memcached:11211` */
function byHostAndPort(from: string, text: string): Destination[] | undefined {
    const place = split(text);
    return place?.port === undefined || !serverNames.test(from)
        ? undefined
        : [{ from, host: place.host, port: place.port, called: true }];
}

/** `EMAIL_HOST`, with `EMAIL_PORT` beside it or a port that everybody uses. */
function byHost(from: string, text: string, variables: Readonly<Record<string, string>>): Destination[] | undefined {
    const [, beginning] = /^(.*?)(?:HOST|SERVER|ADDR|ADDRESS)$/.exec(from) ?? [];
    const place = split(text);
    if (beginning === undefined || place === undefined || !isHostLike(place.host)) {
        return undefined;
    }
    const said = variables[`${beginning}PORT`];
    const port = said === undefined ? defaultPorts.find(([name]) => name.test(beginning))?.[1] : Number(said);
    return port === undefined || !Number.isInteger(port) || port < 1 || port > 65535
        ? undefined
        : [{ from, host: place.host, port, called: true }];
}

const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i;

function isHostLike(host: string): boolean {
    return isIP(host) !== 0 || (host.length <= 253 && host.split(".").every((part) => label.test(part)));
}

/** @returns undefined for what is no `host`, `host:port` or `[address]:port` */
function split(text: string): { readonly host: string; readonly port?: number } | undefined {
    const [, bracketed, afterBracket] = /^\[([0-9a-f:.]+)\](?::([0-9]{1,5}))?$/i.exec(text) ?? [];
    if (bracketed !== undefined) {
        return { host: bracketed, ...(afterBracket !== undefined && { port: Number(afterBracket) }) };
    }
    if (isIP(text) === 6) {
        return { host: text };
    }
    const [host = "", port, ...rest] = text.split(":");
    if (rest.length > 0 || !isHostLike(host) || (port !== undefined && !/^[0-9]{2,5}$/.test(port))) {
        return undefined;
    }
    const number = Number(port);
    // 17 of `postgres:17` is no port, and no server of an app's is below 20.
    return { host, ...(port !== undefined && number >= 20 && number <= 65535 && { port: number }) };
}
