// Servers that variables and files name, against what is open to the app's pods.
// Does not prove that a server answers, nor what an app does with an address.
import { describe, expect, test } from "vitest";
import { quiet, refused, told } from "../../../support/findings.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const variables = (environment: Readonly<Record<string, string>>, egress: object = {}): Change[] => [
    ["cache", { variant: "none" }],
    ["apps[0].environment", environment],
    ["apps[0].egress", egress],
];

const at = (port: number, cidr = "0.0.0.0/0"): object => ({ addresses: [{ cidr, port }] });
const open = (port: number, cidr = "ADDRESS/32", index = 0): string =>
    `pulumi config set --path 'apps[0].egress.addresses[${index}].cidr' ${cidr} && pulumi config set --path 'apps[0].egress.addresses[${index}].port' ${port}`;
const https = "pulumi config set --path 'apps[0].egress.publicHttps' true";
const closed = "which nothing opens to the app's pods";
const nothing = "what apps[0].egress opens: nothing so far";

refused(
    "a server whose port nothing opens",
    (
        [
            ["REDIS_URL", "redis://cache.example.org:6379/0", "cache.example.org:6379", open(6379)],
            ["REDIS_URL", "rediss://cache.example.org/0", "cache.example.org:6379", open(6379)],
            ["CELERY_RESULT_BACKEND", "redis://10.1.0.4/1", "10.1.0.4:6379", open(6379, "10.1.0.4/32")],
            ["REPLICA_URL", "postgres://shop@db.example.org/shop", "db.example.org:5432", open(5432)],
            ["PGHOST", "db.example.org", "db.example.org:5432", open(5432)],
            ["EMAIL_URL", "smtp+tls://robot@smtp.example.org", "smtp.example.org:587", open(587)],
            ["EMAIL_HOST", "smtp.example.org", "smtp.example.org:25", open(25)],
            ["SEARCH_SERVER", "search.example.org:9200", "search.example.org:9200", open(9200)],
            ["LDAP_URI", "ldaps://[2001:db8::1]", "[2001:db8::1]:636", open(636, "2001:db8::1/128")],
            ["SENTRY_DSN", "https://key@o1.ingest.sentry.io/2", "o1.ingest.sentry.io:443", https],
            ["PAYMENT_API_URL", "https://203.0.113.7/v1", "203.0.113.7:443", https],
            ["PAYMENT_API_URL", "http://10.4.4.4:8080/v1", "10.4.4.4:8080", open(8080, "10.4.4.4/32")],
            ["HTTPS_PROXY", "http://proxy.example.org:3128", "proxy.example.org:3128", open(3128)],
        ] as const
    ).map(([name, value, shown, fix]) => [
        `${name}=${value}`,
        variables({ [name]: value }),
        [{ path: `apps[0].environment.${name}`, found: `${shown}, ${closed}`, allowed: nothing, fix }],
    ]),
    quiet,
);

refused(
    "a server that what is open does not reach",
    [
        [
            "mail at 587, with HTTPS open",
            variables({ EMAIL_HOST: "smtp.example.org", EMAIL_PORT: "587" }, { publicHttps: true }),
            [
                {
                    path: "apps[0].environment.EMAIL_HOST",
                    found: `smtp.example.org:587, ${closed}`,
                    allowed: "what apps[0].egress opens: port 443 of public addresses",
                    fix: open(587),
                },
            ],
        ],
        [
            "an address outside of the range that is open",
            variables({ REDIS_URL: "redis://10.2.0.4:6379" }, at(6379, "10.1.0.0/16")),
            [
                {
                    path: "apps[0].environment.REDIS_URL",
                    found: `10.2.0.4:6379, ${closed}`,
                    allowed: "what apps[0].egress opens: port 6379 of 10.1.0.0/16",
                    fix: open(6379, "10.2.0.4/32", 1),
                },
            ],
        ],
        [
            "a private address by HTTPS, of which public ones are open",
            variables({ PAYMENT_API_URL: "https://10.4.4.4/v1" }, { publicHttps: true }),
            [
                {
                    path: "apps[0].environment.PAYMENT_API_URL",
                    found: `10.4.4.4:443, ${closed}`,
                    allowed: "what apps[0].egress opens: port 443 of public addresses",
                    fix: open(443, "10.4.4.4/32"),
                },
            ],
        ],
    ],
    quiet,
);

test("each of several servers is told once", () => {
    const changes = variables({ KAFKA_BROKERS: "k1.example.org:9092,k2.example.org:9092,k1.example.org:9092" });
    expect(problemsAfter(...changes).map(({ found }) => found)).toEqual([
        `k1.example.org:9092, ${closed}`,
        `k2.example.org:9092, ${closed}`,
    ]);
});

test("of a secret, nothing but the port is shown", () => {
    expect(
        problemsAfter(["secrets.environment", { MONGO_URL: "mongodb://root:hunter2@mongo.example.org/shop" }]),
    ).toEqual([
        {
            path: "secrets.environment.MONGO_URL",
            found: `a server at port 27017, ${closed}`,
            allowed: nothing,
            fix: open(27017),
        },
    ]);
});

test("of a login in an address, nothing is shown", () => {
    const problems = problemsAfter(...variables({ REDIS_URL: "redis://robot:hunter2@cache.example.org/0" }));
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|robot/);
});

const own = "write a NetworkPolicy of your own that opens it, or ";
const shown = "; nothing is wrong with an address that the app only shows";

told(
    "a server that something else may open, or that is not called",
    [
        [
            "a Service of the namespace",
            variables({ CACHE_LOCATION: "memcached:11211" }),
            [
                {
                    path: "apps[0].environment.CACHE_LOCATION",
                    found: `memcached:11211, ${closed}`,
                    allowed: nothing,
                    fix: own + open(11211),
                },
            ],
        ],
        [
            "a Service of another namespace",
            variables({ SEARCH_URL: "http://search.tools.svc.cluster.local:9200" }, { publicHttps: true }),
            [
                {
                    path: "apps[0].environment.SEARCH_URL",
                    found: `search.tools.svc.cluster.local:9200, ${closed}`,
                    allowed: `what apps[0].egress opens: port 443 of public addresses${shown}`,
                    fix: own + open(9200),
                },
            ],
        ],
        [
            "an address of the web",
            variables({ CATALOGUE_URL: "https://catalogue.example.org/" }),
            [
                {
                    path: "apps[0].environment.CATALOGUE_URL",
                    found: `catalogue.example.org:443, ${closed}`,
                    allowed: nothing + shown,
                    fix: https,
                },
            ],
        ],
        [
            "the pod itself",
            variables({ EMAIL_HOST: "localhost" }, at(25)),
            [
                {
                    path: "apps[0].environment.EMAIL_HOST",
                    found: "localhost:25, the pod itself",
                    allowed:
                        "a server that runs elsewhere: in a pod of the app there is one process, and no other server",
                    fix: "pulumi config set --path 'apps[0].environment.EMAIL_HOST' ADDRESS",
                },
            ],
        ],
        [
            "a server in a file",
            [
                [
                    "apps[0].files",
                    { "/etc/shop.ini": "# see https://docs.example.org\nqueue = amqps://a:b@mq.example.org/\n" },
                ],
            ],
            [
                {
                    path: 'apps[0].files["/etc/shop.ini"]',
                    found: `mq.example.org:5671, ${closed}`,
                    allowed: nothing,
                    fix: open(5671),
                },
            ],
        ],
    ],
    quiet,
);

describe("what is open", () => {
    told(
        "by the settings",
        [
            [{ REDIS_URL: "redis://10.1.0.4:6379/0" }, at(6379, "10.1.0.0/16")],
            // Which address the name has, only the pod knows.
            [{ REDIS_URL: "redis://cache.example.org:6379/0" }, at(6379, "10.1.0.0/16")],
            [{ EMAIL_HOST: "smtp.example.org", EMAIL_PORT: "587" }, at(587)],
            [{ LDAP_URI: "ldaps://[2001:db8::1]" }, at(636, "2001:db8::/32")],
            [{ SENTRY_DSN: "https://key@o1.ingest.sentry.io/2" }, { publicHttps: true }],
            [
                { SENTRY_DSN: "https://key@o1.ingest.sentry.io/2", HTTPS_PROXY: "http://proxy.example.org:3128" },
                at(3128),
            ],
        ].map(([environment, egress]) => [
            JSON.stringify(environment),
            variables(environment as Record<string, string>, egress),
            [],
        ]),
        quiet,
    );

    told(
        "by the stores",
        [
            [
                "another database of the cache, and the broker by its long name",
                [
                    [
                        "apps[0].environment",
                        { SESSIONS: "redis://cache:6379/1", RESULTS: "redis://broker.shop-staging.svc:6379/2" },
                    ],
                ],
                [],
            ],
            [
                "HTTPS, with buckets",
                [
                    ["assets", { variant: "spaces" }],
                    ["apps[0].environment", { SENTRY_DSN: "https://key@o1.ingest.sentry.io/2" }],
                ],
                [],
            ],
        ],
        quiet,
    );

    told(
        "to nobody, for it is not called",
        (
            [
                { FRONTEND_URL: "https://www.example.com", LOGIN_REDIRECT_URL: "https://www.example.com/in" },
                { CORS_ALLOWED_ORIGINS: "https://a.example.com,https://b.example.com" },
                { INTERNAL_IPS: "10.0.0.1", ALLOWED_CIDR_NETS: "10.0.0.0/8" },
                { HOST: "0.0.0.0", SHOP_HOST: "shop.example.org", SELF_URL: "https://shop.example.org/" },
                { OPENING: "12:30", IMAGE: "redis:7777", RATIO: "16:9", DESCRIPTION: "see https://docs.example.org" },
                { NO_PROXY: "10.0.0.0/8,.svc" },
                { LARGE_URL: "x".repeat(100_000) },
            ] as ReadonlyArray<Readonly<Record<string, string>>>
        ).map((environment) => [JSON.stringify(environment).slice(0, 80), variables(environment), []]),
        quiet,
    );
});
