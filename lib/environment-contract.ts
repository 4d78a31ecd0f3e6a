// The names of the environment contract: what the app is told, and which setting decides it (G2, G3, G5).

export interface ContractVariable {
    readonly name: string;
    /** Whether `app.environmentPrefix` stands before the name. */
    readonly prefixed: boolean;
    /** The setting that decides the value, or why none does. */
    readonly decidedBy: string;
    /** What the environment has to have, or the variable is not there. @default nothing */
    readonly needs?: Need;
}

export type Need =
    | "cache"
    /** A cache that speaks Redis's protocol. */
    | "redis cache"
    | "broker"
    /** A broker that speaks Redis's protocol. */
    | "redis broker"
    /** A broker that speaks AMQP. */
    | "amqp broker"
    | "buckets"
    | "exposure"
    /** Uploaded files on a volume. */
    | "media"
    /** Buckets of a server that speaks S3. */
    | "object storage"
    | "pool"
    | "read replica"
    /** A pooler, or a web under ASGI. */
    | "short-connections"
    /** Workers of Django Q2. */
    | "django-q2"
    | "sharing"
    | "sharing a redis broker"
    | "superuser"
    /** A SECRET_KEY that has a number, or a fallback that was given. */
    | "secret key fallbacks";

/** Django's own settings under a prefix, then the forms that libraries expect, then what the image itself needs. */
export const environmentContract: readonly ContractVariable[] = [
    ...prefixed("the section database", [
        "DB_ENGINE",
        "DB_NAME",
        "DB_USER",
        "DB_HOST",
        "DB_PORT",
        "DB_SSLMODE",
        "DB_SSLROOTCERT",
    ]),
    ...prefixed("the section database and the app's web.server", ["DB_CONN_MAX_AGE"], "short-connections"),
    ...prefixed("the section database", ["DB_DISABLE_SERVER_SIDE_CURSORS"], "pool"),
    ...prefixed(
        "database.server.readReplica",
        ["DB_REPLICA_HOST", "DB_REPLICA_PORT", "DB_REPLICA_NAME", "DB_REPLICA_SSLMODE", "DB_REPLICA_SSLROOTCERT"],
        "read replica",
    ),
    ...prefixed("secrets.databasePassword", ["DB_PASSWORD"]),
    ...prefixed("the section cache", ["CACHE_BACKEND", "CACHE_LOCATION"], "cache"),
    ...prefixed("the app's name, because it shares the cache", ["CACHE_KEY_PREFIX"], "sharing"),
    ...prefixed("the app's name, because it shares the broker", ["BROKER_KEY_PREFIX"], "sharing a redis broker"),
    ...prefixed("the longest taskTimeLimit of the app's workers", ["BROKER_VISIBILITY_TIMEOUT"], "redis broker"),
    ...prefixed("the section broker", ["BROKER_QUEUE_TYPE"], "amqp broker"),
    ...prefixed("broker.tls", ["BROKER_SSLMODE", "BROKER_SSLROOTCERT"], "amqp broker"),
    ...prefixed("the app's workers of the kind django-q2", ["Q_TIMEOUT", "Q_RETRY", "Q_WORKERS"], "django-q2"),
    ...prefixed("the section assets", ["STATIC_URL"]),
    ...prefixed(
        "the section assets",
        ["STATIC_BUCKET", "MEDIA_BUCKET", "STORAGE_PROTOCOL", "STORAGE_REGION", "STORAGE_ENDPOINT", "STATIC_ACL"],
        "buckets",
    ),
    ...prefixed("the section assets", ["STORAGE_PREFIX"], "sharing"),
    ...prefixed("the section assets", ["STORAGE_ADDRESSING"], "object storage"),
    ...prefixed("assets.files", ["STATIC_ROOT"]),
    ...prefixed("assets.media", ["MEDIA_ROOT", "MEDIA_URL"], "media"),
    ...prefixed("the app's hosts", ["ALLOWED_HOSTS"]),
    ...prefixed(
        "the app's hosts and the certificates of the platform",
        ["CSRF_TRUSTED_ORIGINS", "BEHIND_TLS"],
        "exposure",
    ),
    ...prefixed("exposure.maxBodySize", ["MAX_BODY_SIZE"]),
    ...prefixed("secrets.secretKey", ["SECRET_KEY"]),
    ...prefixed("rotations.secretKey or secrets.secretKeyFallback", ["SECRET_KEY_FALLBACKS"], "secret key fallbacks"),
    { name: "DATABASE_URL", prefixed: false, decidedBy: "the section database" },
    {
        name: "DATABASE_REPLICA_URL",
        prefixed: false,
        decidedBy: "database.server.readReplica",
        needs: "read replica",
    },
    { name: "REDIS_URL", prefixed: false, decidedBy: "the section cache", needs: "redis cache" },
    { name: "CELERY_BROKER_URL", prefixed: false, decidedBy: "the section broker", needs: "broker" },
    ...[
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_REQUEST_CHECKSUM_CALCULATION",
        "AWS_RESPONSE_CHECKSUM_VALIDATION",
    ].map((name) => ({ name, prefixed: false, decidedBy: "the section assets", needs: "buckets" }) as const),
    { name: "AWS_CA_BUNDLE", prefixed: false, decidedBy: "the section assets", needs: "object storage" },
    {
        name: "DJANGO_SUPERUSER_USERNAME",
        prefixed: false,
        decidedBy: "the app's release.superuser.username",
        needs: "superuser",
    },
    {
        name: "DJANGO_SUPERUSER_EMAIL",
        prefixed: false,
        decidedBy: "the app's release.superuser.email",
        needs: "superuser",
    },
    { name: "DJANGO_SUPERUSER_PASSWORD", prefixed: false, decidedBy: "secrets.superuserPassword", needs: "superuser" },
    { name: "HOME", prefixed: false, decidedBy: "nothing: it is /tmp, the only folder that can be written" },
];

/** @returns the variable's whole name */
export function variableName({ name, prefixed }: ContractVariable, prefix: string): string {
    return prefixed ? prefix + name : name;
}

function prefixed(decidedBy: string, names: readonly string[], needs?: ContractVariable["needs"]): ContractVariable[] {
    return names.map((name) => ({ name, prefixed: true, decidedBy, ...(needs && { needs }) }));
}
