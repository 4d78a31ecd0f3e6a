// The environment contract: what the app is told, and under which names (G2, G3, G5).
import * as pulumi from "@pulumi/pulumi";
import { certificatePath, publicCertificates, type CertifiedStore } from "../../lib/certificate-files.ts";
import { postgresUrl, redisUrl } from "../../lib/urls.ts";
import { retryFor, visibilityTimeoutFor } from "../../lib/visibility-timeout.ts";
import { servesAsgi } from "../../lib/web-servers.ts";
import type { AccessKey } from "../assets/contract.ts";
import type { Cache, CacheServer, RedisCache } from "../cache/contract.ts";
import type { Database } from "../database/contract.ts";
import type { DjangoArgs, Stores, WorkerProcess } from "./contract.ts";
import type { SecretKeys } from "./secret-keys.ts";

type Variables = Record<string, pulumi.Input<string>>;

/** Variables that anyone in the namespace may read. */
export function plainEnvironment(args: DjangoArgs): Variables {
    const { environmentPrefix: prefix, stores, hosts, url, prefixes, processes } = args;
    const { database, cache, assets } = stores;
    const { buckets } = assets;
    const plain: Record<string, pulumi.Input<string> | undefined> = {
        DB_ENGINE: "django.db.backends.postgresql",
        DB_NAME: database.name,
        DB_USER: database.user,
        DB_HOST: database.host,
        DB_PORT: pulumi.output(database.port).apply(String),
        DB_SSLMODE: database.sslMode,
        DB_SSLROOTCERT: rootCertificates(database),
        ...readReplica(database),
        CACHE_BACKEND: cache?.backend,
        CACHE_KEY_PREFIX: cache && prefixes?.cache,
        ...redisBroker(args),
        ...amqpTls(args),
        // Else Celery limits what a worker takes in a way that such queues refuse, and ends.
        BROKER_QUEUE_TYPE: args.stores.broker?.queueType,
        STATIC_URL: staticUrl(args),
        ...djangoQ2(args),
        // 0: a connection that is kept would keep a transaction's place in the pool; under ASGI it would stay open behind a thread that has
        // ended.
        DB_CONN_MAX_AGE: database.pooled || servesAsgi(processes.web.command, args.environment) ? "0" : undefined,
        DB_DISABLE_SERVER_SIDE_CURSORS: database.pooled && !database.keepsSessions ? "true" : undefined,
        STATIC_BUCKET: buckets?.staticBucket,
        STATIC_ACL: buckets?.staticAcl,
        MEDIA_BUCKET: buckets?.mediaBucket,
        STORAGE_PROTOCOL: buckets?.protocol,
        STORAGE_REGION: buckets?.region,
        STORAGE_ENDPOINT: buckets?.endpoint,
        STORAGE_ADDRESSING: buckets?.addressing,
        STORAGE_PREFIX: buckets && prefixes?.files,
        STATIC_ROOT: assets.volume?.path,
        MEDIA_ROOT: assets.media?.path,
        MEDIA_URL: assets.media?.url,
        ALLOWED_HOSTS: hosts.join(","),
        CSRF_TRUSTED_ORIGINS: url === undefined ? undefined : trustedOrigins(url, hosts).join(","),
        MAX_BODY_SIZE: args.maxBodySize?.toString(),
        // Only then may the app believe X-Forwarded-Proto: the Gateway sets it.
        BEHIND_TLS: url?.startsWith("https:") ? "true" : undefined,
    };
    return { ...prefixed(prefix, plain), ...checksums(stores), ...trust(stores), ...args.environment };
}

/** Where reads may go that may be a moment late; user and password are the database's. */
function readReplica({ replica }: Database): Record<string, pulumi.Input<string> | undefined> {
    return replica === undefined
        ? {}
        : {
              DB_REPLICA_HOST: replica.host,
              DB_REPLICA_PORT: pulumi.output(replica.port).apply(String),
              DB_REPLICA_NAME: replica.name,
              DB_REPLICA_SSLMODE: replica.sslMode,
              DB_REPLICA_SSLROOTCERT: rootCertificates(replica, "database-replica"),
          };
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

/** What its URL has no words for; of Redis it is in the URL. */
function amqpTls({ stores: { broker } }: DjangoArgs): Record<string, string | undefined> {
    if (broker?.protocol !== "amqp" || broker.tls === undefined) {
        return {};
    }
    const { mode, ca } = broker.tls;
    return { BROKER_SSLMODE: mode, BROKER_SSLROOTCERT: ca === undefined ? undefined : certificatePath("broker") };
}

/** Of Celery's; of a worker that only the image knows it is not certain that it is none. */
function longestTask({ processes: { workers } }: DjangoArgs): number {
    const celery = workers.filter(({ kind }) => kind === "celery" || kind === "command");
    return Math.max(0, ...celery.map(({ taskTimeLimit }) => taskTimeLimit));
}

/** What every pod of an app with such workers is told: who sends a task and who takes it read the same settings. */
function djangoQ2({ processes: { workers } }: DjangoArgs): Record<string, string> {
    const clusters = workers.filter(({ kind }) => kind === "django-q2");
    if (clusters.length === 0) {
        return {};
    }
    const timeout = Math.max(...clusters.map(({ taskTimeLimit }) => taskTimeLimit));
    const processes = Math.max(...clusters.map(({ concurrency = 1 }) => concurrency));
    return { Q_TIMEOUT: String(timeout), Q_RETRY: String(retryFor(timeout, processes)) };
}

/** Variables of one worker's pods. */
export function workerVariables(
    { environmentPrefix: prefix }: DjangoArgs,
    { kind, concurrency = 1 }: WorkerProcess,
): Readonly<Record<string, string>> {
    return kind === "django-q2" ? { [`${prefix}Q_WORKERS`]: String(concurrency) } : {};
}

/** Variables that only the pods themselves get. */
export function secretEnvironment(args: DjangoArgs, { key, fallbacks }: SecretKeys): Variables {
    const { environmentPrefix: prefix, stores } = args;
    return {
        ...prefixed(prefix, {
            SECRET_KEY: key,
            SECRET_KEY_FALLBACKS: fallbacks,
            DB_PASSWORD: stores.database.password,
            CACHE_LOCATION: stores.cache && cacheLocation(stores.cache),
        }),
        ...urls(args),
        ...accessKey(stores),
        ...args.secrets.environment,
    };
}

/**
 * What replaces the same variables in pods that go past a pooler: jobs of a release, and the shell.
 *
 * @returns undefined where there is none
 */
export function directEnvironment({
    environmentPrefix: prefix,
    stores: { database },
}: DjangoArgs): { readonly plain: Variables; readonly secret: Variables } | undefined {
    const { direct } = database;
    if (direct === undefined) {
        return undefined;
    }
    return {
        plain: prefixed(prefix, {
            DB_HOST: direct.host,
            DB_PORT: pulumi.output(direct.port).apply(String),
            DB_SSLMODE: direct.sslMode,
            DB_SSLROOTCERT: rootCertificates(direct),
        }),
        secret: { DATABASE_URL: databaseUrl({ ...database, ...direct }) },
    };
}

/** AWS's libraries add checksums to every upload that other clouds' S3 endpoints refuse. */
function checksums({ assets }: Stores): Variables {
    return assets.buckets?.endpoint === undefined
        ? {}
        : { AWS_REQUEST_CHECKSUM_CALCULATION: "when_required", AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" };
}

/** The name that every S3 library reads, for a CA that no system knows. */
function trust({ assets }: Stores): Variables {
    return assets.buckets?.ca === undefined ? {} : { AWS_CA_BUNDLE: certificatePath("assets") };
}

/** In a bucket that apps share, each has a folder of its own. */
function staticUrl({ stores: { assets }, prefixes }: DjangoArgs): pulumi.Input<string> {
    const folder = assets.buckets?.staticBucket === undefined ? undefined : prefixes?.files;
    return folder === undefined ? assets.url : pulumi.interpolate`${assets.url}${folder}`;
}

/** Where the cloud cannot tell the pods by themselves. */
function accessKey({ assets }: Stores): Variables {
    const key = assets.buckets?.accessKey;
    return key === undefined ? {} : accessKeyVariables(key);
}

/** The names that every S3 library reads. */
export function accessKeyVariables({ id, secret }: AccessKey): Readonly<Record<string, pulumi.Output<string>>> {
    return { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
}

/** The forms that libraries expect beside Django's own settings. */
function urls({ app, stores: { database, cache, broker } }: DjangoArgs): Variables {
    return {
        DATABASE_URL: databaseUrl(database),
        ...(database.replica && {
            DATABASE_REPLICA_URL: databaseUrl({ ...database, ...database.replica }, "database-replica"),
        }),
        ...(cache?.protocol === "redis" && { REDIS_URL: redisUrls(cache).apply(([primary]) => primary!) }),
        ...(broker && { CELERY_BROKER_URL: broker.urls?.[app] ?? broker.url }),
    };
}

function databaseUrl(database: Database, file?: CertifiedStore): pulumi.Output<string> {
    const { host, port, user, password, name, sslMode } = database;
    return pulumi
        .all([host, port, user, password, name] as const)
        .apply(
            ([host, port, user, password, name]) =>
                postgresUrl({ host, port, user, password, name }) + sslQuery(sslMode, rootCertificates(database, file)),
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
    const secure = tls && { ...(tls.ca && { ca: certificatePath("cache") }), ...(tls.mode && { mode: tls.mode }) };
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
function rootCertificates({ ca }: Pick<Database, "ca">, file: CertifiedStore = "database"): string | undefined {
    return ca === undefined ? undefined : ca === "public" ? publicCertificates : certificatePath(file);
}

function sslQuery(mode: Database["sslMode"], ca: string | undefined): string {
    if (mode === undefined) {
        return "";
    }
    return `?sslmode=${mode}${ca === undefined ? "" : `&sslrootcert=${ca}`}`;
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
