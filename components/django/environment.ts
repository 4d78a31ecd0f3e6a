// The environment contract: what the app is told, and under which names (G2, G3, G5).
import * as pulumi from "@pulumi/pulumi";
import { postgresUrl, redisUrl } from "../../lib/urls.ts";
import type { Cache } from "../cache/contract.ts";
import type { Database } from "../database/contract.ts";
import type { DjangoArgs, Stores } from "./contract.ts";

type Variables = Record<string, pulumi.Input<string>>;

/** Variables that anyone in the namespace may read. */
export function plainEnvironment(args: DjangoArgs): Variables {
    const { environmentPrefix: prefix, stores, hosts, url } = args;
    const { database, cache, assets } = stores;
    const plain: Record<string, pulumi.Input<string> | undefined> = {
        DB_ENGINE: "django.db.backends.postgresql",
        DB_NAME: database.name,
        DB_USER: database.user,
        DB_HOST: database.host,
        DB_PORT: pulumi.output(database.port).apply(String),
        DB_SSLMODE: database.sslMode,
        CACHE_BACKEND: cache?.backend,
        STATIC_URL: assets.url,
        STATIC_ROOT: assets.volume?.path,
        ALLOWED_HOSTS: hosts.join(","),
        CSRF_TRUSTED_ORIGINS: url === undefined ? undefined : trustedOrigins(url, hosts).join(","),
        // Only then may the app believe X-Forwarded-Proto: the Gateway sets it.
        BEHIND_TLS: url?.startsWith("https:") ? "true" : undefined,
    };
    return { ...prefixed(prefix, plain), ...args.environment };
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
        ...args.secrets.environment,
    };
}

/** The forms that libraries expect beside Django's own settings. */
function urls({ database, cache, broker }: Stores): Variables {
    return {
        DATABASE_URL: databaseUrl(database),
        ...(cache && { REDIS_URL: cacheUrls(cache).apply(([primary]) => primary!) }),
        ...(broker && { CELERY_BROKER_URL: broker.url }),
    };
}

function databaseUrl(database: Database): pulumi.Output<string> {
    const { host, port, user, password, name, sslMode } = database;
    return pulumi
        .all([host, port, user, password, name] as const)
        .apply(
            ([host, port, user, password, name]) =>
                postgresUrl({ host, port, user, password, name }) + (sslMode === undefined ? "" : `?sslmode=${sslMode}`),
        );
}

/** Primary first: Django writes to the first and reads from the others (R34). */
function cacheLocation(cache: Cache): pulumi.Output<string> {
    return cacheUrls(cache).apply((all) => all.join(" "));
}

function cacheUrls({ primary, replicas, password }: Cache): pulumi.Output<string[]> {
    return pulumi
        .all([password, pulumi.all([primary, ...replicas])])
        .apply(([text, servers]) => servers.map((server) => redisUrl({ ...server, password: text, index: 0 })));
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
