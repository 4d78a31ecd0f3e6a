// Memcached, RabbitMQ and PgBouncer: what is refused of them, what is told, and what passes.
import { describe, expect, test } from "vitest";
import { quiet, refused, told } from "../../../support/findings.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const set = (path: string, value: string): string => `pulumi config set --path '${path}' ${value}`;
const rabbit = (more: object = {}): Change => [
    "broker",
    { variant: "rabbitmq", version: "4.2", storage: "2Gi", ...more },
];
const memcached = (more: object = {}): Change => ["cache", { variant: "memcached", ...more }];
const pooler = (more: object): Change => ["database.pooler", more];
const production: readonly Change[] = [
    ["environment.kind", "production"],
    ["apps[0].image", `registry.example.org/shop@sha256:${"0".repeat(64)}`],
];

told(
    "what passes",
    [
        ["one node of RabbitMQ", [rabbit()], []],
        ["three, in production", [...production, rabbit({ nodes: 3 })], []],
        ["an image of the version that is said", [rabbit({ image: "mirror.example.org/rabbitmq:4.2.5-alpine" })], []],
        ["an image whose tag says less", [rabbit({ version: "4.0", image: "localhost/rabbitmq:4" })], []],
        ["Memcached", [memcached({ servers: 3, image: "localhost/memcached:1.6" })], []],
        ["a pooler", [pooler({})], []],
        ["a pooler with a connection for each pod", [pooler({ size: 4, replicas: 4 })], []],
    ],
    quiet,
);

refused(
    "in production",
    [
        [
            "one node of RabbitMQ",
            [rabbit()],
            [
                {
                    path: "broker.nodes",
                    found: "1",
                    allowed: "3 in production: what one node has alone is lost with it (R35)",
                    fix: set("broker.nodes", "3"),
                },
            ],
        ],
        [
            "one pooler",
            [pooler({ replicas: 1 })],
            [
                {
                    path: "database.pooler.replicas",
                    found: "1",
                    allowed: "at least 2 in production: the database is out of reach while the only one is away",
                    fix: set("database.pooler.replicas", "2"),
                },
            ],
        ],
        [
            "a pooler's image that moves",
            [pooler({ image: "registry.example.org/pgbouncer:latest" })],
            [
                {
                    path: "database.pooler.image",
                    found: '"registry.example.org/pgbouncer:latest"',
                    allowed: "in production a digest or a tag that never moves, such as the commit (R41)",
                    fix: set("database.pooler.image", "IMAGE@sha256:DIGEST"),
                },
            ],
        ],
    ],
    [...quiet, ...production],
);

refused("Memcached where NetworkPolicies do not hold", [
    [
        "on a cluster that is there",
        [memcached()],
        [
            {
                path: "cache.variant",
                found: '"memcached", where NetworkPolicies do not hold (platform.enforcesNetworkPolicy: false)',
                allowed:
                    "a cache that asks for a password, which Memcached does not: any pod of the cluster could write what the app unpickles (R99)",
                fix: `${set("cache.variant", "in-cluster")}, or let the cluster's network enforce NetworkPolicies (Cilium, Calico), then ${set("platform.enforcesNetworkPolicy", "true")}`,
            },
        ],
    ],
]);

test("on one's own machine there is nobody else", () => {
    expect(problemsAfter(["environment.kind", "local"], memcached())).toEqual([]);
});

refused(
    "images of other programs and versions",
    [
        [
            "another version of RabbitMQ",
            [rabbit({ image: "docker.io/library/rabbitmq:4.1.8" })],
            [
                {
                    path: "broker.image",
                    found: '"docker.io/library/rabbitmq:4.1.8", RabbitMQ 4.1',
                    allowed: "an image of RabbitMQ 4.2, as broker.version says",
                    fix: "pulumi config rm --path 'broker.image', for the official image of 4.2",
                },
            ],
        ],
        [
            "Redis for Memcached",
            [memcached({ image: "redis:7" })],
            [
                {
                    path: "cache.image",
                    found: '"redis:7", Redis',
                    allowed: "an image of Memcached, with its programs and its entrypoint",
                    fix: "pulumi config rm --path 'cache.image', for the official image",
                },
            ],
        ],
    ],
    quiet,
);

refused(
    "too little",
    [
        [
            "connections of a pooler",
            [pooler({ size: 2, replicas: 3 })],
            [
                {
                    path: "database.pooler.size",
                    found: "2, for 3 pods",
                    allowed: "at least one connection for each pod of the pooler (pooler.replicas)",
                    fix: set("database.pooler.size", "30"),
                },
            ],
        ],
        [
            "memory of RabbitMQ",
            [["operator.sizes.tiny", { cpu: "50m", memory: "128Mi" }], rabbit({ size: "tiny" })],
            [
                {
                    path: "broker.size",
                    found: '"tiny", which has 128Mi of memory',
                    allowed: "a size with at least 256Mi: the server does not run in less",
                    fix: set("broker.size", "small"),
                },
            ],
        ],
        [
            "storage of RabbitMQ",
            [rabbit({ storage: "1000Mi" })],
            [
                {
                    path: "broker.storage",
                    found: '"1000Mi"',
                    allowed:
                        "at least 1Gi: RabbitMQ takes no messages while less than its memory, 512Mi, is free on the disk, and its log takes as much",
                    fix: `${set("broker.storage", "2Gi")}, or a smaller broker.size`,
                },
            ],
        ],
    ],
    quiet,
);

test("two nodes are no cluster", () => {
    expect(problemsAfter(...quiet, rabbit({ nodes: 2 }))).toMatchObject([{ path: "broker.nodes", allowed: "1 or 3" }]);
});

describe("passwords", () => {
    const blog: readonly Change[] = [
        ["environment.mainApp", "shop"],
        [
            "apps[1]",
            {
                contract: "django",
                name: "blog",
                module: "blog",
                image: "registry.example.org/blog:4f2a91c",
                hosts: ["blog.example.org"],
            },
        ],
    ];

    test("of RabbitMQ each app may have one, of a Redis that they share the main app alone", () => {
        const secret: Change = ["secrets.apps.blog.brokerPassword", "pw"];
        expect(problemsAfter(...quiet, ...blog, rabbit(), secret)).toEqual([]);
        expect(problemsAfter(...quiet, ...blog, secret)).toMatchObject([
            { path: "secrets.apps.blog.brokerPassword", found: "a secret that nothing uses" },
        ]);
    });

    test("of Memcached there is none", () => {
        expect(problemsAfter(...quiet, memcached(), ["secrets.cachePassword", "pw"])).toMatchObject([
            { path: "secrets.cachePassword", found: "a secret that nothing uses" },
        ]);
    });
});

test("an ephemeral environment's quota counts the volume of every node", () => {
    const changes: readonly Change[] = [
        ["environment", { kind: "ephemeral" }],
        ["operator.quota.storage", "20Gi"],
        ["database.storage", "5Gi"],
        rabbit({ nodes: 3, storage: "6Gi" }),
    ];
    const [problem] = problemsAfter(...quiet, ...changes).filter(({ path }) => path === "operator.quota.storage");
    expect(problem).toMatchObject({ found: "20Gi; volumes need 23Gi: 3 x broker 6Gi, database 5Gi" });
});
