// The parts of an image's reference, and what well-known images are.

export interface ImageReference {
    /** Where it is: `docker.io` where the reference names no registry, as container runtimes read it. */
    readonly server: string;
    /** The way to it there, for example `library/postgres`. */
    readonly repository: string;
    /** @default none */
    readonly tag?: string;
    /** @default none */
    readonly digest?: string;
}

/**
 * A first part with a dot, a port, or the word localhost is a registry; Docker Hub's own images are in `library`.
 *
 * @see https://pkg.go.dev/github.com/distribution/reference#ParseNormalizedNamed
 */
export function parseImage(reference: string): ImageReference {
    const [name = "", digest] = reference.split("@");
    const lastSlash = name.lastIndexOf("/");
    const colon = name.indexOf(":", lastSlash + 1);
    const path = colon === -1 ? name : name.slice(0, colon);
    const tag = colon === -1 ? undefined : name.slice(colon + 1);
    const slash = path.indexOf("/");
    const first = path.slice(0, Math.max(slash, 0));
    const named = slash !== -1 && (/[.:]/.test(first) || first === "localhost");
    const repository = named ? path.slice(slash + 1) : slash === -1 ? `library/${path}` : path;
    return {
        server: named ? registryOf(first) : dockerHub,
        repository,
        ...(tag !== undefined && { tag }),
        ...(digest !== undefined && { digest }),
    };
}

const dockerHub = "docker.io";

/** The kubelet takes a login for `index.docker.io` for Docker Hub's too. */
export function registryOf(server: string): string {
    return server === "index.docker.io" ? dockerHub : server;
}

/** What a well-known image has in it, by the last part of its repository: mirrors keep that part. */
const programs: Readonly<Record<string, StoreProgram>> = {
    postgres: "PostgreSQL",
    postgresql: "PostgreSQL",
    pgvector: "PostgreSQL",
    postgis: "PostgreSQL",
    timescaledb: "PostgreSQL",
    "timescaledb-ha": "PostgreSQL",
    citus: "PostgreSQL",
    paradedb: "PostgreSQL",
    redis: "Redis",
    "redis-stack-server": "Redis",
    valkey: "Valkey",
    "valkey-bundle": "Valkey",
    keydb: "KeyDB",
    dragonfly: "Dragonfly",
    memcached: "Memcached",
    rabbitmq: "RabbitMQ",
    mysql: "MySQL",
    mariadb: "MariaDB",
    mongo: "MongoDB",
};

export type StoreProgram =
    | "PostgreSQL"
    | "Redis"
    | "Valkey"
    | "KeyDB"
    | "Dragonfly"
    | "Memcached"
    | "RabbitMQ"
    | "MySQL"
    | "MariaDB"
    | "MongoDB";

/** @returns undefined for an image that is not well known */
export function programOf({ repository }: ImageReference): StoreProgram | undefined {
    const name = repository.slice(repository.lastIndexOf("/") + 1);
    return Object.hasOwn(programs, name) ? programs[name] : undefined;
}

/** Tags of these begin with PostgreSQL's version; those of others with their own. */
const versionedAsPostgres = new Set(["postgres", "postgresql", "postgis", "paradedb"]);

/**
 * PostgreSQL's major version in an image, by its tag: `17.2-alpine`, `17-3.5` of PostGIS, `0.8.0-pg16` of others.
 *
 * @returns undefined where the tag does not say it
 */
export function postgresMajor(image: ImageReference): string | undefined {
    const { repository, tag } = image;
    if (tag === undefined || programOf(image) !== "PostgreSQL") {
        return undefined;
    }
    const marked = /(?:^|[^a-z0-9])pg([1-9][0-9]?)(?![0-9])/i.exec(tag)?.[1];
    const name = repository.slice(repository.lastIndexOf("/") + 1);
    const leading = versionedAsPostgres.has(name) ? /^v?([1-9][0-9]?)(?![0-9])/.exec(tag)?.[1] : undefined;
    return marked ?? leading;
}

/**
 * RabbitMQ's release series in an image, by its tag: `4.2` of `4.2.5-management`.
 *
 * @returns undefined where the tag does not say it
 */
export function rabbitVersion(image: ImageReference): string | undefined {
    return programOf(image) === "RabbitMQ" ? /^v?([0-9]+\.[0-9]+)(?![0-9])/.exec(image.tag ?? "")?.[1] : undefined;
}
