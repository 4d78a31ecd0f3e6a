// The names of the environment contract: what the app is told, and which setting decides it (G2, G3, G5).

export interface ContractVariable {
    readonly name: string;
    /** Whether `app.environmentPrefix` stands before the name. */
    readonly prefixed: boolean;
    /** The setting that decides the value, or why none does. */
    readonly decidedBy: string;
    /** What the environment has to have, or the variable is not there. @default nothing */
    readonly needs?: "cache" | "broker" | "exposure" | "superuser";
}

/** Django's own settings under a prefix, then the forms that libraries expect, then what the image itself needs. */
export const environmentContract: readonly ContractVariable[] = [
    ...prefixed("the section database", ["DB_ENGINE", "DB_NAME", "DB_USER", "DB_HOST", "DB_PORT", "DB_SSLMODE"]),
    ...prefixed("secrets.databasePassword", ["DB_PASSWORD"]),
    ...prefixed("the section cache", ["CACHE_BACKEND", "CACHE_LOCATION"], "cache"),
    ...prefixed("assets.url", ["STATIC_URL"]),
    ...prefixed("assets.files", ["STATIC_ROOT"]),
    ...prefixed("app.hosts", ["ALLOWED_HOSTS"]),
    ...prefixed("app.hosts with platform.issuer", ["CSRF_TRUSTED_ORIGINS", "BEHIND_TLS"], "exposure"),
    ...prefixed("secrets.secretKey", ["SECRET_KEY"]),
    { name: "DATABASE_URL", prefixed: false, decidedBy: "the section database" },
    { name: "REDIS_URL", prefixed: false, decidedBy: "the section cache", needs: "cache" },
    { name: "CELERY_BROKER_URL", prefixed: false, decidedBy: "the section broker", needs: "broker" },
    { name: "DJANGO_SUPERUSER_USERNAME", prefixed: false, decidedBy: "app.release.superuser.username", needs: "superuser" },
    { name: "DJANGO_SUPERUSER_EMAIL", prefixed: false, decidedBy: "app.release.superuser.email", needs: "superuser" },
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
