// What each image consists of, lowest layer first, and how it is started.
import { join } from "node:path";

import { projectRoot } from "../support/paths.ts";
import { appConfig } from "./app/image.ts";
import type { Root } from "./debian.ts";
import type { ImageConfig } from "./oci.ts";
import type { PackOptions } from "./pack.ts";

const here = import.meta.dirname;
const sampleApp = join(projectRoot, "examples/django");

/** A directory of this project that becomes a layer as it is. */
export interface FilesLayer extends PackOptions {
    readonly directory: string;
}

/** Begins with a Debian root, or with a Django project in a folder: that has a root with Python, its packages and its files as layers. */
export type Recipe = Common & ({ readonly root: Root } | { readonly app: string });

interface Common {
    readonly name: string;
    readonly files: readonly FilesLayer[];
    readonly config: ImageConfig;
}

const postgres: Recipe = {
    name: "localhost/postgres:15",
    root: { name: "postgres", release: "bookworm", packages: ["postgresql-15"], hooks: join(here, "postgres") },
    files: [{ directory: join(here, "postgres/files") }],
    config: {
        env: {
            PATH: "/usr/local/bin:/usr/lib/postgresql/15/bin:/usr/bin:/bin",
            LANG: "C.UTF-8",
            PGDATA: "/var/lib/postgresql/data",
        },
        entrypoint: ["docker-entrypoint.sh"],
        cmd: ["postgres"],
        user: "999:999",
        exposedPorts: [5432],
        // SIGTERM would wait until the last client has gone.
        stopSignal: "SIGINT",
    },
};

const redis: Recipe = {
    name: "localhost/redis:7",
    root: { name: "redis", release: "bookworm", packages: ["redis-server", "redis-tools"], hooks: join(here, "redis") },
    files: [{ directory: join(here, "redis/files") }],
    config: {
        env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
        entrypoint: ["docker-entrypoint.sh"],
        cmd: ["redis-server"],
        user: "999:999",
        workdir: "/data",
        exposedPorts: [6379],
    },
};

// Debian 13 from here on: Debian 12's RabbitMQ is 3.10, and its PgBouncer 1.18, which loses prepared statements when a connection
// changes hands.

const rabbitmq: Recipe = {
    name: "localhost/rabbitmq:4",
    root: {
        name: "rabbitmq",
        release: "trixie",
        packages: ["rabbitmq-server", "ca-certificates", "hostname"],
        hooks: join(here, "rabbitmq"),
    },
    files: [{ directory: join(here, "rabbitmq/files") }],
    config: {
        env: {
            PATH: "/usr/local/bin:/usr/lib/rabbitmq/bin:/usr/bin:/bin",
            LANG: "C.UTF-8",
            LC_ALL: "C.UTF-8",
            // Where Erlang looks for the cookie, whoever it runs as.
            HOME: "/var/lib/rabbitmq",
            RABBITMQ_DATA_DIR: "/var/lib/rabbitmq",
        },
        entrypoint: ["docker-entrypoint.sh"],
        cmd: ["rabbitmq-server"],
        user: "999:999",
        exposedPorts: [4369, 5671, 5672, 15692, 25672],
    },
};

const memcached: Recipe = {
    name: "localhost/memcached:1.6",
    root: { name: "memcached", release: "trixie", packages: ["memcached"], hooks: join(here, "memcached") },
    files: [{ directory: join(here, "memcached/files") }],
    config: {
        env: { PATH: "/usr/local/bin:/usr/bin:/bin" },
        entrypoint: ["docker-entrypoint.sh"],
        cmd: ["memcached"],
        user: "11211:11211",
        exposedPorts: [11211],
    },
};

const pgbouncer: Recipe = {
    name: "localhost/pgbouncer:1.24",
    root: {
        name: "pgbouncer",
        release: "trixie",
        packages: ["pgbouncer", "ca-certificates"],
        hooks: join(here, "pgbouncer"),
    },
    files: [],
    config: {
        env: { PATH: "/usr/sbin:/usr/bin:/bin" },
        cmd: ["pgbouncer", "/etc/pgbouncer/pgbouncer.ini"],
        user: "998:998",
        exposedPorts: [6432],
    },
};

const pgbackrest: Recipe = {
    name: "localhost/pgbackrest:2",
    root: {
        name: "pgbackrest",
        release: "trixie",
        packages: ["pgbackrest", "ca-certificates"],
        hooks: join(here, "pgbackrest"),
    },
    files: [],
    config: {
        env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8" },
        cmd: ["pgbackrest", "help"],
        user: "999:999",
    },
};

/** Debian's is older than the official image's; what the scripts of dumps use is in both. */
const rclone: Recipe = {
    name: "localhost/rclone:1.60",
    root: { name: "rclone", release: "bookworm", packages: ["rclone", "ca-certificates"], hooks: join(here, "rclone") },
    files: [],
    config: {
        env: { PATH: "/usr/bin:/bin" },
        entrypoint: ["rclone"],
        workdir: "/data",
        user: "10002:10002",
    },
};

/** The sample app as of one release; releases differ in two variables, so they share every layer. */
function django(tag: string, version: string, colour: string, more: readonly FilesLayer[] = []): Recipe {
    return {
        name: `localhost/django-sample:${tag}`,
        app: sampleApp,
        files: [{ directory: join(here, "django/files") }, ...more],
        config: {
            ...appConfig,
            env: {
                ...appConfig.env,
                DJANGO_APP_RELEASE_VERSION: version,
                DJANGO_APP_RELEASE_COLOUR: colour,
            },
        },
    };
}

export const recipes: readonly Recipe[] = [
    postgres,
    redis,
    rabbitmq,
    memcached,
    pgbouncer,
    pgbackrest,
    rclone,
    django("blue", "v1", "blue"),
    django("green", "v2", "green"),
    // Green with one more migration, which fails.
    django("broken", "v3", "green", [{ directory: join(here, "django/broken") }]),
];
