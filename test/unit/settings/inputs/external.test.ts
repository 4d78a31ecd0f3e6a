// Servers that are there: what their settings are refused for, and what is told. Does not prove that a server answers: the release's
// first job does (test/unit/check.test.ts).
import { describe, expect, test } from "vitest";
import { quiet, refused, told } from "../../../support/findings.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const postgresql = {
    variant: "external",
    host: "db.internal.example.org",
    database: "shop",
    user: "shop",
    cidrs: ["10.20.0.0/24"],
    maxConnections: 200,
};
const redis = {
    variant: "external",
    protocol: "redis",
    host: "redis.internal.example.org",
    cidrs: ["10.20.1.0/24"],
};
const rabbitmq = {
    variant: "external",
    protocol: "amqp",
    host: "rabbitmq.internal.example.org",
    user: "shop",
    cidrs: ["10.20.2.0/24"],
};
const password: Change = ["secrets.databasePassword", "letmein"];
const brokerPassword: Change = ["secrets.brokerPassword", "letmein"];
const all: readonly Change[] = [
    ["database", postgresql],
    password,
    ["cache", redis],
    ["broker", rabbitmq],
    brokerPassword,
    ...quiet,
];
const database = (changes: object): Change => ["database", { ...postgresql, ...changes }];
const cache = (changes: object): Change => ["cache", { ...redis, ...changes }];
const broker = (changes: object): Change => ["broker", { ...rabbitmq, ...changes }];
/** A second app. */
const blog = (stores: object): Change => [
    "apps[1]",
    {
        name: "blog",
        contract: "django",
        module: "blog",
        image: "example/blog:1a2b3c4",
        hosts: ["blog.example.org"],
        stores,
    },
];
const set = (path: string, value: string): string => `pulumi config set --path '${path}' ${value}`;
const secret = (path: string): string => `pulumi config set --secret --path '${path}'`;
const remove = (path: string): string => `pulumi config rm --path '${path}'`;

describe("stores that are there", () => {
    test("are right", () => {
        expect(problemsAfter(...all)).toEqual([]);
        expect(problemsAfter(...all, cache({ tls: { mode: "verify-ca", ca: pem + pem }, user: "shop" }))).toEqual([]);
        expect(problemsAfter(...all, database({ host: "10.20.0.7", cidrs: undefined }))).toEqual([]);
        expect(problemsAfter(...all, database({ tls: { ca: pem }, pooler: {} }))).toEqual([]);
        expect(problemsAfter(...all, database({ tls: { mode: "require" }, pooler: { mode: "session" } }))).toEqual([]);
    });

    test.each([
        [
            "postgres://shop:hunter22@db.example.org:5433/shop_db?sslmode=require",
            "database.host",
            [
                set("database.host", "db.example.org"),
                set("database.port", "5433"),
                set("database.user", "shop"),
                set("database.database", "shop_db"),
                secret("secrets.databasePassword"),
            ].join(" && "),
        ],
        [
            "amqps://shop:hunter22@mq.example.org/my%2Fvhost",
            "broker.host",
            [
                set("broker.host", "mq.example.org"),
                set("broker.user", "shop"),
                set("broker.vhost", "my/vhost"),
                secret("secrets.brokerPassword"),
            ].join(" && "),
        ],
        [
            "redis://redis.example.org:6380",
            "cache.host",
            `${set("cache.host", "redis.example.org")} && ${set("cache.port", "6380")}`,
        ],
        ["Redis.Example.org:6380", "cache.host", set("cache.host", "redis.example.org")],
    ])("a whole URL is taken apart, and its password not shown: %s", (url, path, fix) => {
        const [found] = problemsAfter(...all, [path, url]);
        expect(found).toMatchObject({ path, fix });
        expect(found!.found).not.toContain("hunter22");
        expect(JSON.stringify(found)).toContain("without scheme, login and port");
    });
});

refused(
    "of a server that is there",
    [
        [
            "a name without ranges",
            [database({ cidrs: undefined })],
            [
                {
                    path: "database.cidrs[0]",
                    found: "nothing",
                    allowed:
                        "the ranges that db.internal.example.org has its addresses in, as its owner names them: pods may go there and nowhere else",
                    fix: set("database.cidrs[0]", "RANGE"),
                },
            ],
        ],
        [
            "an address beside its ranges",
            [database({ host: "10.30.0.7" })],
            [
                {
                    path: "database.host",
                    found: '"10.30.0.7", which is in none of 10.20.0.0/24',
                    allowed: "an address in database.cidrs: packets to any other are dropped",
                    fix: set("database.cidrs[1]", "10.30.0.7/32"),
                },
            ],
        ],
        [
            "the pod itself",
            [cache({ host: "127.0.0.1", cidrs: ["127.0.0.0/8"] })],
            [
                {
                    path: "cache.host",
                    found: '"127.0.0.1", which is the pod itself',
                    allowed: "a server that runs elsewhere, by a name or an address that the cluster's nodes reach",
                    fix: set("cache.host", "HOST"),
                },
            ],
        ],
        [
            "the address of a cloud's credentials",
            [cache({ cidrs: ["10.20.1.0/24", "169.254.169.254/32"] })],
            [
                {
                    path: "cache.cidrs[1]",
                    found: expect.stringContaining('"169.254.169.254/32", with 169.254.169.254: '),
                    allowed: "the server's own addresses",
                    fix: set("cache.cidrs[1]", "RANGE"),
                },
            ],
        ],
        [
            "a range that begins in its middle",
            [broker({ cidrs: ["10.20.2.9/24"] })],
            [
                {
                    path: "broker.cidrs[0]",
                    found: '"10.20.2.9/24"',
                    allowed: "an address range that begins with its first address",
                    fix: set("broker.cidrs[0]", "10.20.2.0/24"),
                },
            ],
        ],
        [
            "no TLS over the internet",
            [database({ tls: { mode: "disable" }, cidrs: ["198.51.100.0/24"] })],
            [
                {
                    path: "database.tls.mode",
                    found: '"disable", with public addresses in database.cidrs (198.51.100.0/24)',
                    allowed:
                        "verify-full or verify-ca where the way is public: everyone on the way reads the password, and all that follows",
                    fix: set("database.tls.mode", "verify-full"),
                },
            ],
        ],
        [
            "anyone's certificate over the internet",
            [broker({ tls: { mode: "require" }, cidrs: ["198.51.100.0/24"] })],
            [
                {
                    path: "broker.tls.mode",
                    found: '"require", with public addresses in broker.cidrs (198.51.100.0/24)',
                    allowed:
                        "verify-full or verify-ca where the way is public: whoever answers in the server's place is believed",
                    fix: set("broker.tls.mode", "verify-full"),
                },
            ],
        ],
        [
            "Memcached over the internet",
            [["cache", { ...redis, protocol: "memcached", cidrs: ["198.51.100.0/24"] }]],
            [
                {
                    path: "cache.protocol",
                    found: "Memcached, which has no TLS here, with public addresses in cache.cidrs (198.51.100.0/24)",
                    allowed:
                        "verify-full or verify-ca where the way is public: everyone on the way reads and writes what is cached",
                    fix: set("cache.protocol", "redis"),
                },
            ],
        ],
        [
            "verify-ca without a CA",
            [database({ tls: { mode: "verify-ca" } })],
            [
                {
                    path: "database.tls.mode",
                    found: '"verify-ca"',
                    allowed:
                        "verify-full, or tls.ca beside it: without the server's own CA, verify-ca takes a certificate that anyone can buy",
                    fix: set("database.tls.mode", "verify-full"),
                },
            ],
        ],
        [
            "a CA that nothing is compared with",
            [database({ tls: { mode: "require", ca: pem } })],
            [
                {
                    path: "database.tls.mode",
                    found: '"require"',
                    allowed:
                        "verify-full or verify-ca, for there is a ca: require compares the certificate with nothing",
                    fix: set("database.tls.mode", "verify-full"),
                },
            ],
        ],
        [
            "what Memcached has not",
            [["cache", { ...redis, protocol: "memcached", user: "shop", tls: {}, replicas: [{ host: "10.20.1.8" }] }]],
            [
                {
                    path: "cache.user",
                    found: '"shop"',
                    allowed:
                        "nothing: Django's client for Memcached logs in nowhere, so a private network is what protects it",
                    fix: remove("cache.user"),
                },
                {
                    path: "cache.tls",
                    found: "{}",
                    allowed: "nothing: the address of a Memcached server tells Django's client of no TLS",
                    fix: remove("cache.tls"),
                },
                {
                    path: "cache.replicas",
                    found: "a list with 1 entry",
                    allowed: "nothing: Memcached has no replicas; more servers beside host are servers",
                    fix: remove("cache.replicas"),
                },
            ],
        ],
        [
            "what Redis has not",
            [
                cache({ servers: [{ host: "10.20.1.8" }] }),
                ["broker", { ...rabbitmq, protocol: "redis", vhost: "shop" }],
                ["secrets.brokerPassword", undefined],
            ],
            [
                {
                    path: "cache.servers",
                    found: "a list with 1 entry",
                    allowed:
                        "nothing: Django's client for Redis writes to one server; those it only reads from are replicas",
                    fix: remove("cache.servers"),
                },
                {
                    path: "broker.vhost",
                    found: '"shop"',
                    allowed: "nothing: Redis has no virtual hosts; apps are kept apart by database",
                    fix: remove("broker.vhost"),
                },
            ],
        ],
        [
            "a broker in Redis that waits for tasks as RabbitMQ does",
            [
                ["broker", { ...redis, host: "redis-2.internal.example.org", consumerTimeout: 3600 }],
                ["secrets.brokerPassword", undefined],
            ],
            [
                {
                    path: "broker.consumerTimeout",
                    found: "3600",
                    allowed: "nothing: Redis does not know which tasks are not done",
                    fix: remove("broker.consumerTimeout"),
                },
            ],
        ],
        [
            "RabbitMQ without a user, with a number",
            [broker({ user: undefined, database: 1 })],
            [
                {
                    path: "broker.user",
                    found: "nothing",
                    allowed: "a user of RabbitMQ, which lets in nobody without one",
                    fix: set("broker.user", "USER"),
                },
                {
                    path: "broker.database",
                    found: "1",
                    allowed: "nothing: RabbitMQ's apps are kept apart by vhost",
                    fix: remove("broker.database"),
                },
            ],
        ],
        [
            "no password",
            [
                ["secrets.databasePassword", undefined],
                ["secrets.brokerPassword", undefined],
            ],
            [
                {
                    path: "secrets.databasePassword",
                    found: "nothing",
                    allowed: "the password of the server that database names",
                    fix: secret("secrets.databasePassword"),
                },
                {
                    path: "secrets.brokerPassword",
                    found: "nothing",
                    allowed: "the password of the server that broker names",
                    fix: secret("secrets.brokerPassword"),
                },
            ],
        ],
        [
            "a broker that is the cache",
            [
                ["broker", { ...redis, database: 1 }],
                ["secrets.brokerPassword", undefined],
            ],
            [
                {
                    path: "broker.host",
                    found: '"redis.internal.example.org", which is the cache\'s server too',
                    allowed:
                        "a server of its own for Celery: of a full cache the messages are evicted with the rest (R33)",
                    fix: `${set("broker.host", "HOST")}, or a broker in the cluster: broker.variant redis`,
                },
            ],
        ],
        [
            "an administrator without a password, behind a pooler, without a CA for psql",
            [database({ pooled: true, administrator: { user: "postgres" } })],
            [
                {
                    path: "database.administrator",
                    found: "a group with user",
                    allowed: "nothing beside pooled: a pooler knows the databases that it was told of, not new ones",
                    fix: remove("database.administrator"),
                },
                {
                    path: "database.administrator",
                    found: "a group with user",
                    allowed:
                        "nothing without tls.ca: the image with psql, which makes roles and databases, trusts no CA",
                    fix: remove("database.administrator"),
                },
            ],
        ],
        [
            "a pooler before one that is there, and without a CA for its image",
            [database({ pooled: true, pooler: {} })],
            [
                {
                    path: "database.pooler",
                    found: "{}",
                    allowed: "nothing beside pooled: the one that is there hands out the server's connections",
                    fix: remove("database.pooler"),
                },
                {
                    path: "database.pooler",
                    found: "{}",
                    allowed: "nothing without tls.ca: PgBouncer's image, which compares the certificate, trusts no CA",
                    fix: remove("database.pooler"),
                },
            ],
        ],
        [
            "a pooler with less connections than pods",
            [database({ tls: { ca: pem }, pooler: { size: 2, replicas: 3 } })],
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
            "an administrator without a password",
            [database({ tls: { ca: pem }, administrator: { user: "postgres" } })],
            [
                {
                    path: "secrets.databaseAdministratorPassword",
                    found: "nothing",
                    allowed: "the password of the user that database.administrator names",
                    fix: secret("secrets.databaseAdministratorPassword"),
                },
            ],
        ],
        [
            "the password of no administrator",
            [["secrets.databaseAdministratorPassword", "letmein"]],
            [
                {
                    path: "secrets.databaseAdministratorPassword",
                    found: "a secret that nothing uses",
                    allowed: "nothing, unless there is an external database with an administrator",
                    fix: `add an external database with an administrator, or ${remove("secrets.databaseAdministratorPassword")}`,
                },
            ],
        ],
        [
            "a server that is lent as it is",
            [["lends.database", true]],
            [
                {
                    path: "database.administrator",
                    found: "nothing, while lends.database is true",
                    allowed: "who makes databases and roles for those who borrow",
                    fix: `${set("database.administrator.user", "USER")} && ${secret("secrets.databaseAdministratorPassword")}, or ${set("lends.database", "false")}`,
                },
                {
                    path: "database.tls.mode",
                    found: '"verify-full", while lends.database is true',
                    allowed: "verify-ca, with the server's own CA: borrowers know the server by the name of a Service",
                    fix: `${set("database.tls.mode", "verify-ca")}, or ${set("lends.database", "false")}`,
                },
            ],
        ],
        [
            "two apps on servers where nobody makes databases or virtual hosts",
            [["environment.mainApp", "shop"], blog({})],
            [
                {
                    path: "apps[1].stores.database",
                    found: "nothing, so it shares the server of the section database",
                    allowed:
                        "a database of its own, because nobody is named who makes one for blog on db.internal.example.org",
                    fix: `${set("database.administrator.user", "USER")} && ${secret("secrets.databaseAdministratorPassword")}, or name a database that is there, with variant external, below it`,
                },
                {
                    path: "apps[1].stores.broker",
                    found: 'nothing, so it shares the virtual host "/" of shop on rabbitmq.internal.example.org',
                    allowed:
                        "a virtual host and a user of its own: RabbitMQ gives the tasks of shop to the workers of blog else (R101)",
                    fix: [
                        ["variant", "external"],
                        ["protocol", "amqp"],
                        ["host", "rabbitmq.internal.example.org"],
                        ["vhost", "blog"],
                        ["user", "USER"],
                    ]
                        .map(([name, value]) => set(`apps[1].stores.broker.${name!}`, value!))
                        .join(" && "),
                },
            ],
        ],
        [
            "two apps in one virtual host of RabbitMQ, by one user",
            [
                ["environment.mainApp", "blog"],
                ["apps[0].stores", { database: { ...postgresql, database: "other" }, broker: rabbitmq }],
                blog({}),
                ["secrets.apps", { shop: { databasePassword: "letmein", brokerPassword: "letmein" } }],
            ],
            [
                {
                    path: "apps[0].stores.broker.vhost",
                    found: '"/", which is that of blog on rabbitmq.internal.example.org',
                    allowed:
                        "a virtual host and a user of its own: RabbitMQ gives the tasks of blog to the workers of shop else (R101)",
                    fix: set("apps[0].stores.broker.vhost", "shop"),
                },
                {
                    path: "apps[0].stores.broker.user",
                    found: '"shop", which is that of blog on rabbitmq.internal.example.org',
                    allowed:
                        "a virtual host and a user of its own: RabbitMQ gives the tasks of blog to the workers of shop else (R101)",
                    fix: set("apps[0].stores.broker.user", "USER"),
                },
            ],
        ],
    ],
    all,
);

const production: readonly Change[] = [
    ["environment.kind", "production"],
    ["secrets.cachePassword", "letmein"],
];

told(
    "of a server that is there",
    [
        ["nothing, when all is as it should be", production, []],
        [
            "no TLS on a private network, in production",
            [...production, cache({ tls: { mode: "disable" } })],
            [
                {
                    path: "cache.tls.mode",
                    found: '"disable"',
                    allowed:
                        "verify-full or verify-ca in production, on a private network too: everyone on the way reads the password, and all that follows (R62)",
                    fix: set("cache.tls.mode", "verify-full"),
                },
            ],
        ],
        ["no TLS on a private network elsewhere", [cache({ tls: { mode: "disable" } })], []],
        [
            "no password in production",
            [["environment.kind", "production"]],
            [
                {
                    path: "secrets.cachePassword",
                    found: "nothing, so cache has to let in everyone who reaches its port",
                    allowed: "a password in production",
                    fix: secret("secrets.cachePassword"),
                },
            ],
        ],
        [
            "half the internet",
            [database({ cidrs: ["0.0.0.0/1"] })],
            [
                {
                    path: "database.cidrs",
                    found: expect.stringMatching(/^0\.0\.0\.0\/1: .* % of all public IPv4 addresses$/),
                    allowed:
                        "the ranges that the server's owner names: whoever breaks into a pod may carry data to all of these",
                    fix: set("database.cidrs[0]", "RANGE"),
                },
            ],
        ],
        [
            "a Service of the cluster",
            [cache({ host: "redis.data.svc.cluster.local" })],
            [
                {
                    path: "cache.host",
                    found: '"redis.data.svc.cluster.local", a Service of the cluster',
                    allowed:
                        "a server outside the cluster: what is opened here is opened by address, which not every network applies to pods",
                    fix: "open it by a NetworkPolicy of your own too, from pods with the label django-on-kubernetes/reaches-<store>",
                },
            ],
        ],
        [
            "nothing of a variable that names a store's own server",
            [["apps[0].environment.REPORTS_URL", "https://db.internal.example.org:5432/"]],
            [],
        ],
    ],
    all,
);
