// Images of stores against the engine and version beside them. Does not prove what is in an image: its name and tag are read, no more.
import { quiet, refused, told, type FindingCase } from "../../../support/findings.ts";
import type { Change } from "../../../support/settings.ts";

const database = (version: string, image: string): Change[] => [
    ["database.version", version],
    ["database.image", image],
];
const remove = (path: string): string => `pulumi config rm --path '${path}'`;

refused(
    "another version of PostgreSQL than the image's",
    [
        ["17", "postgres:15", "15"],
        ["17", "docker.io/library/postgres:16.4-alpine", "16"],
        ["17", "pgvector/pgvector:pg16", "16"],
        ["16", "pgvector/pgvector:0.8.0-pg17", "17"],
        ["17", "postgis/postgis:16-3.4", "16"],
        ["17", "timescale/timescaledb-ha:pg16.4-ts2.17", "16"],
        ["16", "ghcr.io/cloudnative-pg/postgresql:17.2", "17"],
        ["18", "registry.example.org:5000/mirror/library/postgres:17-bookworm", "17"],
    ].map(([version, image, found]): FindingCase => [
        `${version}, and ${image}`,
        database(version!, image!),
        [
            {
                path: "database.image",
                found: `"${image}", PostgreSQL ${found}`,
                allowed: `an image of PostgreSQL ${version}, as database.version says`,
                fix: `pulumi config set --type string --path 'database.version' ${found}, or ${remove("database.image")} for the official image of ${version}`,
            },
        ],
    ]),
    quiet,
);

refused(
    "a version that no setting is for",
    [
        [
            "PostgreSQL 14",
            database("17", "timescale/timescaledb:2.17.2-pg14"),
            [
                {
                    path: "database.image",
                    found: '"timescale/timescaledb:2.17.2-pg14", PostgreSQL 14',
                    allowed: "an image of PostgreSQL 17, as database.version says",
                    fix: `${remove("database.image")}, for the official image of 17`,
                },
            ],
        ],
    ],
    quiet,
);

refused(
    "an image of another program",
    [
        ...[
            ["redis:7", "Redis"],
            ["mysql:8.4", "MySQL"],
        ].map(([image, program]): FindingCase => [
            `${program} for the database`,
            database("17", image!),
            [
                {
                    path: "database.image",
                    found: `"${image}", ${program}`,
                    allowed: "an image of PostgreSQL, with its programs and its entrypoint",
                    fix: `${remove("database.image")}, for the official image`,
                },
            ],
        ]),
        ...(["cache", "broker"] as const).map((store): FindingCase => [
            `Redis for a ${store} of Valkey`,
            [[`${store}.image`, "redis:7.4-alpine"]] as Change[],
            [
                {
                    path: `${store}.image`,
                    found: '"redis:7.4-alpine", Redis',
                    allowed: `an image of Valkey, as ${store}.engine says`,
                    fix: `pulumi config set --path '${store}.engine' redis, or ${remove(`${store}.image`)} for the official image of Valkey`,
                },
            ],
        ]),
        ...[
            ["broker", "rabbitmq:4", "RabbitMQ"],
            ["cache", "memcached:1.6", "Memcached"],
            ["cache", "eqalpha/keydb:x86_64_v6.3.4", "KeyDB"],
        ].map(([store, image, program]): FindingCase => [
            `${program} for the ${store}`,
            [
                [`${store}.engine`, "redis"],
                [`${store}.image`, image],
            ] as Change[],
            [
                {
                    path: `${store}.image`,
                    found: `"${image}", ${program}`,
                    allowed: "an image of Redis, with its programs and its entrypoint",
                    fix: `${remove(`${store}.image`)}, for the official image`,
                },
            ],
        ]),
    ],
    quiet,
);

told(
    "an image that fits, or that nobody knows",
    [
        ...[
            "postgres:17",
            "postgres:17.2-alpine",
            "postgres:alpine",
            "pgvector/pgvector:0.8.0-pg17",
            "postgis/postgis:17-3.5",
            "timescale/timescaledb:2.17.2-pg17",
            "registry.example.org/our-database:15",
            "registry.example.org/shop-postgres:3",
            `postgres@sha256:${"0".repeat(64)}`,
        ].map((image): FindingCase => [image, database("17", image), []]),
        ["Valkey", [["cache.image", "valkey/valkey:8.1"]] as Change[], []],
        [
            "Valkey for Redis, whose programs it has too",
            [
                ["cache.engine", "redis"],
                ["cache.image", "valkey/valkey:8.1"],
            ] as Change[],
            [],
        ],
        ["an image of one's own", [["broker.image", "registry.example.org/queue:7"]] as Change[], []],
    ],
    quiet,
);
