// The environment contract: what the app is told, and under which names (G2, G3, G5).
import * as pulumi from "@pulumi/pulumi";
import { postgresUrl, redisUrl } from "../../lib/urls.ts";
import { visibilityTimeoutFor } from "../../lib/visibility-timeout.ts";
import type { Cache, CacheServer, RedisCache } from "../cache/contract.ts";
import type { Database } from "../database/contract.ts";
import { certificatePath } from "./certificates.ts";
import type { DjangoArgs, Stores } from "./contract.ts";

type Variables = Record<string, pulumi.Input<string>>;

/** Variables that anyone in the namespace may read. */
export function plainEnvironment(args: DjangoArgs): Variables {
    const { environmentPrefix: prefix, stores, hosts, url, prefixes } = args;
    const { database, cache, assets } = stores;
    const { buckets } = assets;
    const plain: Record<string, pulumi.Input<string> | undefined> = {
        DB_ENGINE: "django.db.backends.postgresql",
        DB_NAME: database.name,
        DB_USER: database.user,
        DB_HOST: database.host,
        DB_PORT: pulumi.output(database.port).apply(String),
        DB_SSLMODE: database.sslMode,
        DB_SSLROOTCERT: database.ca === undefined ? undefined : certificatePath("database"),
        CACHE_BACKEND: cache?.backend,
        CACHE_KEY_PREFIX: cache && prefixes?.cache,
        ...redisBroker(args),
        STATIC_URL: staticUrl(args),
        // 0: a connection that is kept would keep a transaction's place in the pool.
        DB_CONN_MAX_AGE: database.pooled ? "0" : undefined,
        DB_DISABLE_SERVER_SIDE_CURSORS: database.pooled ? "true" : undefined,
        STATIC_BUCKET: buckets?.staticBucket,
        STATIC_ACL: buckets?.staticAcl,
        MEDIA_BUCKET: buckets?.mediaBucket,
        STORAGE_PROTOCOL: buckets?.protocol,
        STORAGE_REGION: buckets?.region,
        STORAGE_ENDPOINT: buckets?.endpoint,
        STORAGE_PREFIX: buckets && prefixes?.files,
        STATIC_ROOT: assets.volume?.path,
        ALLOWED_HOSTS: hosts.join(","),
        CSRF_TRUSTED_ORIGINS: url === undefined ? undefined : trustedOrigins(url, hosts).join(","),
        // Only then may the app believe X-Forwarded-Proto: the Gateway sets it.
        BEHIND_TLS: url?.startsWith("https:") ? "true" : undefined,
    };
    return { ...prefixed(prefix, plain), ...checksums(stores), ...args.environment };
}

/** What only a broker in Redis has: it hands out again what was not acknowledged, and has no virtual hosts. */
function redisBroker(args: DjangoArgs): Record<string, string | undefined> {
    if (args.stores.broker?.protocol !== "redis") {
        return {};
    }
    return {
        BROKER_KEY_PREFIX: args.prefixes?.broker,
        BROKER_VISIBILITY_TIMEOUT: String(visibilityTimeoutFor(longestTask(args))),
    };
}

function longestTask({ processes: { workers } }: DjangoArgs): number {
    return Math.max(0, ...workers.map(({ taskTimeLimit }) => taskTimeLimit));
}

/** Variables that only the pods themselves get. */
export function secretEnvironment(args: DjangoArgs, secretKey: pulumi.Output<string>): Variables {
    const { environmentPrefix: prefix, stores } = args;
    return {
        ...prefixed(prefix, {
            SECRET_KEY: secretKey,
            DB_PASSWORD: stores.database.password,
            CACHE_LOCATION: stores.cache && cacheLocation(stores.cache),
        }),
        ...urls(stores),
        ...accessKey(stores),
        ...args.secrets.environment,
    };
}

/** AWS's libraries add checksums to every upload that other clouds' S3 endpoints refuse. */
function checksums({ assets }: Stores): Variables {
    return assets.buckets?.endpoint === undefined
        ? {}
        : { AWS_REQUEST_CHECKSUM_CALCULATION: "when_required", AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" };
}

/** In a bucket that apps share, each has a folder of its own. */
function staticUrl({ stores: { assets }, prefixes }: DjangoArgs): pulumi.Input<string> {
    const folder = assets.buckets === undefined ? undefined : prefixes?.files;
    return folder === undefined ? assets.url : pulumi.interpolate`${assets.url}${folder}`;
}

/** The names that every S3 library reads, where the cloud cannot tell the pods by themselves. */
function accessKey({ assets }: Stores): Variables {
    const key = assets.buckets?.accessKey;
    return key === undefined ? {} : { AWS_ACCESS_KEY_ID: key.id, AWS_SECRET_ACCESS_KEY: key.secret };
}

/** The forms that libraries expect beside Django's own settings. */
function urls({ database, cache, broker }: Stores): Variables {
    return {
        DATABASE_URL: databaseUrl(database),
        ...(cache?.protocol === "redis" && { REDIS_URL: redisUrls(cache).apply(([primary]) => primary!) }),
        ...(broker && { CELERY_BROKER_URL: broker.url }),
    };
}

function databaseUrl(database: Database): pulumi.Output<string> {
    const { host, port, user, password, name, sslMode, ca } = database;
    return pulumi
        .all([host, port, user, password, name] as const)
        .apply(
            ([host, port, user, password, name]) =>
                postgresUrl({ host, port, user, password, name }) + sslQuery(sslMode, ca !== undefined),
        );
}

/** Of Redis the primary first: Django writes to the first and reads from the others (R34). */
function cacheLocation(cache: Cache): pulumi.Output<string> {
    switch (cache.protocol) {
        case "redis":
            return redisUrls(cache).apply((all) => all.join(" "));
        case "memcached":
            return pulumi
                .output(cache.servers.map(({ host, port }) => pulumi.interpolate`${host}:${port}`))
                .apply((all) => all.join(" "));
        default:
            return cache satisfies never;
    }
}

function redisUrls({ primary, replicas, password, user, tls }: RedisCache): pulumi.Output<string[]> {
    const secure = tls && { ...(tls.ca && { ca: certificatePath("cache") }) };
    const servers: CacheServer[] = [primary, ...replicas];
    return pulumi.all([password, pulumi.all(servers)]).apply(([text, all]) =>
        all.map((server) =>
            redisUrl({
                ...server,
                index: 0,
                ...(text !== undefined && { password: text }),
                ...(user && { user }),
                ...(secure && { tls: secure }),
            }),
        ),
    );
}

/** Where libpq finds the server's CA; without one it may only ask for encryption. */
function sslQuery(mode: Database["sslMode"], ca: boolean): string {
    if (mode === undefined) {
        return "";
    }
    return `?sslmode=${mode}${ca ? `&sslrootcert=${certificatePath("database")}` : ""}`;
}

/** Every host with the scheme and port of the address: a form that is sent from one is not a forgery. */
function trustedOrigins(url: string, hosts: readonly string[]): string[] {
    const { protocol, port } = new URL(url);
    return hosts.map((host) => `${protocol}//${host}${port === "" ? "" : `:${port}`}`);
}

function prefixed(prefix: string, values: Record<string, pulumi.Input<string> | undefined>): Variables {
    return Object.fromEntries(
        Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[prefix + name, value]])),
    );
}
