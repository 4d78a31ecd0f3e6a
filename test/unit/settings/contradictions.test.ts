// Settings that are right each for itself and wrong together: path, found, allowed, fix, in full, and what is let through.
// Does not prove the rules on a whole plan: that is the plan layer's and policy/.
import { describe, expect, test } from "vitest";
import { environmentContract, variableName } from "../../../lib/environment-contract.ts";
import type { Problem } from "../../../settings/problems.ts";
import { checkSettings } from "../../../settings/settings.ts";
import {
    largestSettings,
    problemsAfter,
    problemsOf,
    smallestSettings,
    withSettings,
    type Change,
} from "../../support/settings.ts";

interface Case extends Problem {
    readonly what: string;
    readonly changes: readonly Change[];
}

/** @param cases the smallest settings, changed, have this one problem and no other */
function table(title: string, cases: readonly Case[]): void {
    describe(title, () => {
        test.each(cases)("$what", ({ what: _, changes, ...problem }) => {
            expect(problemsAfter(...changes)).toEqual([problem]);
        });
    });
}

const sizes = "a size of operator.sizes: small, medium, large";
const chooseSize = "choose one of these, or have the operator add it";

table("a size that the operator does not have", [
    ...(
        [
            ["apps[0].web.size", []],
            ["apps[0].shell.size", []],
            ["apps[0].beat.size", [["apps[0].workers.default.queues", ["celery"]]]],
            ["apps[0].workers.mail.size", [["apps[0].workers.mail.queues", ["mail"]]]],
            ["database.size", []],
            ["cache.size", []],
            ["broker.size", []],
        ] as [string, Change[]][]
    ).map(([path, changes]) => ({
        what: path,
        changes: [...changes, [path, "huge"]] as Change[],
        path,
        found: '"huge"',
        allowed: sizes,
        fix: chooseSize,
    })),
    {
        what: "named as something that every object has",
        changes: [["apps[0].web.size", "constructor"]],
        path: "apps[0].web.size",
        found: '"constructor"',
        allowed: sizes,
        fix: chooseSize,
    },
]);

test("a size that the operator added is one", () => {
    expect(problemsAfter(["operator.sizes.huge", { cpu: 8, memory: "16Gi" }], ["apps[0].web.size", "huge"])).toEqual(
        [],
    );
});

const lower = "lower it, or ask the operator to raise the limit";

table("above the operator's limit", [
    {
        what: "replicas of the web",
        changes: [["apps[0].web.replicas", { min: 2, max: 21 }]],
        path: "apps[0].web.replicas.max",
        found: "21",
        allowed: "at most 20, the operator's limit (operator.limits.replicas)",
        fix: lower,
    },
    {
        what: "replicas of a worker, under a limit that was set",
        changes: [
            ["operator.limits.replicas", 4],
            ["apps[0].workers.mail", { queues: ["mail"], replicas: { min: 1, max: 5 } }],
        ],
        path: "apps[0].workers.mail.replicas.max",
        found: "5",
        allowed: "at most 4, the operator's limit (operator.limits.replicas)",
        fix: lower,
    },
    {
        what: "replicas of the cache",
        changes: [
            ["operator.limits.replicas", 4],
            ["cache.replicas", 5],
        ],
        path: "cache.replicas",
        found: "5",
        allowed: "at most 4, the operator's limit (operator.limits.replicas)",
        fix: lower,
    },
    {
        what: "processes of a worker",
        changes: [["apps[0].workers.mail", { queues: ["mail"], concurrency: 17, size: "large" }]],
        path: "apps[0].workers.mail.concurrency",
        found: "17",
        allowed: "at most 16, the operator's limit (operator.limits.concurrency)",
        fix: lower,
    },
    {
        what: "the database's volume, in another unit",
        changes: [["database.storage", "1Ti"]],
        path: "database.storage",
        found: '"1Ti"',
        allowed: "at most 100Gi, the operator's limit (operator.limits.storage)",
        fix: lower,
    },
    {
        what: "the broker's volume",
        changes: [["broker.storage", "101Gi"]],
        path: "broker.storage",
        found: '"101Gi"',
        allowed: "at most 100Gi, the operator's limit (operator.limits.storage)",
        fix: lower,
    },
    {
        what: "the static files' volume",
        changes: [["assets.files", { from: "volume", storage: "101Gi", accessMode: "ReadWriteMany" }]],
        path: "assets.files.storage",
        found: '"101Gi"',
        allowed: "at most 100Gi, the operator's limit (operator.limits.storage)",
        fix: lower,
    },
]);

test("what is exactly at the limit is let through", () => {
    expect(problemsAfter(["apps[0].web.replicas", { min: 2, max: 20 }], ["database.storage", "102400Mi"])).toEqual([]);
});

table("processes without a broker", [
    {
        what: "workers and beat",
        changes: [
            ["broker", { variant: "none" }],
            ["apps[0].workers.default", { queues: ["celery"] }],
            ["apps[0].beat", {}],
        ],
        path: "broker.variant",
        found: '"none"',
        allowed: "a broker, because apps[0].workers.default, apps[0].beat cannot work without one",
        fix: "set it to redis and give it storage, or remove these processes; of a worker that is not Celery's say so: apps[0].workers.default.kind is django-q2, db-worker or command",
    },
    {
        what: "a scheduler beside workers that are not Celery's",
        changes: [
            ["broker", { variant: "none" }],
            ["apps[0].workers.tasks", { kind: "db-worker" }],
            ["apps[0].beat", {}],
        ],
        path: "broker.variant",
        found: '"none"',
        allowed: "a broker, because apps[0].beat cannot work without one",
        fix: "set it to redis and give it storage, or remove these processes",
    },
]);

test.each<readonly [what: string, changes: readonly Change[]]>([
    ["no workers and no beat", []],
    ["Django Q2", [["apps[0].workers.q", { kind: "django-q2" }]]],
    ["Django's tasks in the database", [["apps[0].workers.tasks", { kind: "db-worker" }]]],
    ["any program", [["apps[0].workers.other", { kind: "command", command: ["dramatiq", "shop.tasks"] }]]],
    [
        "an image that says itself how it runs",
        [
            ["apps[0].contract", "init-run-async"],
            ["apps[0].module", undefined],
            ["apps[0].async", {}],
        ],
    ],
    ["a command at certain times", [["apps[0].scheduled.report", { schedule: "@daily", command: ["report"] }]]],
])("%s: there need not be a broker", (_, changes) => {
    expect(problemsAfter(["broker", { variant: "none" }], ...changes)).toEqual([]);
});

table("exposure", [
    {
        what: "a platform without a Gateway",
        changes: [["platform.gateway", undefined]],
        path: "platform.gateway",
        found: "nothing",
        allowed: "the cluster's Gateway class, because exposure.variant is gateway",
        fix: "pulumi config set --path 'platform.gateway.className' CLASS, or set exposure.variant to none",
    },
]);

test("what is reached from inside only needs no Gateway", () => {
    expect(problemsAfter(["platform.gateway", undefined], ["exposure.variant", "none"])).toEqual([]);
});

table("secrets", [
    {
        what: "a registry without its password",
        changes: [["apps[0].registry", { server: "registry.example.org", username: "ci" }]],
        path: "secrets.registryPassword",
        found: "nothing",
        allowed: "a secret value, because apps[0].registry has a login",
        fix: "pulumi config set --secret --path 'secrets.registryPassword'",
    },
    {
        what: "a registry's password without the registry",
        changes: [["secrets.registryPassword", "s3cret"]],
        path: "secrets.registryPassword",
        found: "a secret that nothing uses",
        allowed: "nothing, unless there is apps[0].registry",
        fix: "add apps[0].registry, or pulumi config rm --path 'secrets.registryPassword'",
    },
    {
        what: "a superuser's password without the superuser",
        changes: [["secrets.superuserPassword", "s3cret"]],
        path: "secrets.superuserPassword",
        found: "a secret that nothing uses",
        allowed: "nothing, unless there is apps[0].release.superuser",
        fix: "add apps[0].release.superuser, or pulumi config rm --path 'secrets.superuserPassword'",
    },
    {
        what: "a cache's password without the cache",
        changes: [
            ["cache", { variant: "none" }],
            ["secrets.cachePassword", "s3cret"],
        ],
        path: "secrets.cachePassword",
        found: "a secret that nothing uses",
        allowed: "nothing, unless there is a cache",
        fix: "add a cache, or pulumi config rm --path 'secrets.cachePassword'",
    },
    {
        what: "a broker's password without the broker",
        changes: [
            ["broker", { variant: "none" }],
            ["secrets.brokerPassword", "s3cret"],
        ],
        path: "secrets.brokerPassword",
        found: "a secret that nothing uses",
        allowed: "nothing, unless there is a broker",
        fix: "add a broker, or pulumi config rm --path 'secrets.brokerPassword'",
    },
    {
        what: "a variable that is also a secret",
        changes: [
            ["apps[0].environment.API_KEY", "plain"],
            ["secrets.environment.API_KEY", "s3cret"],
        ],
        path: "apps[0].environment.API_KEY",
        found: "also in secrets.environment",
        allowed: "each name in one of the two",
        fix: "remove the one in plain text: pulumi config rm --path 'apps[0].environment.API_KEY'",
    },
    {
        what: "a file that is also a secret",
        changes: [
            ["apps[0].files", { "/etc/key.pem": "plain" }],
            ["secrets.files", { "/etc/key.pem": "s3cret" }],
        ],
        path: 'apps[0].files["/etc/key.pem"]',
        found: "also in secrets.files",
        allowed: "each name in one of the two",
        fix: `remove the one in plain text: pulumi config rm --path 'apps[0].files["/etc/key.pem"]'`,
    },
]);

/** Those that only some apps are given, with what gives them. */
describe.each<readonly [names: readonly string[], gives: Change, keeps: Change]>([
    [["DB_CONN_MAX_AGE"], ["apps[0].web.server", "uvicorn"], ["apps[0].web.server", "gunicorn"]],
    [
        ["DB_CONN_MAX_AGE"],
        ["apps[0].web.command", ["daphne", "--bind=0.0.0.0", "--port=8000", "shop.asgi:application"]],
        ["apps[0].web.command", ["gunicorn", "--bind=0.0.0.0:8000", "shop.wsgi"]],
    ],
    [
        ["Q_TIMEOUT", "Q_RETRY", "Q_WORKERS"],
        ["apps[0].workers.q", { kind: "django-q2" }],
        ["apps[0].workers.q", { kind: "command", command: ["python", "manage.py", "qcluster"] }],
    ],
    [["SECRET_KEY_FALLBACKS"], ["rotations.secretKey", 0], ["rotations.database", 1]],
    [
        ["SECRET_KEY_FALLBACKS"],
        ["secrets", { secretKey: "now", secretKeyFallback: "before" }],
        ["secrets.secretKey", "now"],
    ],
])("%j with %j", (names, gives, keeps) => {
    test.each(names)("%s is taken", (name) => {
        const own: Change = [`apps[0].environment.DJANGO_APP_${name}`, "60"];
        expect(problemsAfter(own, gives).map(({ found }) => found)).toEqual([
            "a variable that every pod is given already",
        ]);
        expect(problemsAfter(own, keeps)).toEqual([]);
    });
});

describe("variables of the environment contract", () => {
    /** With everything that makes variables: a cache, a broker, a superuser, HTTPS. */
    const everything = largestSettings();

    const elsewhere: ReadonlySet<string | undefined> = new Set([
        "buckets",
        "media",
        "object storage",
        "sharing",
        "sharing a redis broker",
        "pool",
        "read replica",
        "short-connections",
        "django-q2",
        "amqp broker",
        "secret key fallbacks",
    ]);
    const always = environmentContract.filter(({ needs }) => !elsewhere.has(needs));

    test.each(always.map((variable) => ({ ...variable, whole: variableName(variable, "DJANGO_APP_") })))(
        "$whole is taken, in plain text and as a secret",
        ({ whole, decidedBy }) => {
            for (const section of ["apps[0]", "secrets"]) {
                const path = `${section}.environment.${whole}`;
                expect(problemsOf(withSettings(everything, [[path, "value"]]))).toEqual([
                    {
                        path,
                        found: "a variable that every pod is given already",
                        allowed: "any other name",
                        fix: `pulumi config rm --path '${path}'; its value is decided by ${decidedBy}`,
                    },
                ]);
            }
        },
    );

    test("the prefix is the app's: under another one the names are free", () => {
        const raw = withSettings(everything, [
            ["apps[0].environmentPrefix", "SHOP_"],
            ["apps[0].environment.DJANGO_APP_DB_HOST", "elsewhere"],
            ["apps[0].environment.SHOP_DB_HOST", "elsewhere"],
        ]);
        expect(problemsOf(raw).map(({ path }) => path)).toEqual(["apps[0].environment.SHOP_DB_HOST"]);
    });

    describe.each<[variant: string, server: object]>([
        [
            "rds",
            {
                instanceClass: "db.t4g.small",
                storage: "20Gi",
                network: {
                    vpcId: "vpc-0a1b2c3d4e5f60718",
                    subnetIds: ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
                    cidrs: ["10.20.64.0/22"],
                    clientSecurityGroupIds: ["sg-0a1b2c3d4e5f60718"],
                },
            },
        ],
        [
            "cloud-sql",
            { tier: "db-custom-1-3840", storage: "20Gi", network: "projects/example-shop/global/networks/shared" },
        ],
        [
            "digitalocean",
            {
                size: "db-s-4vcpu-8gb",
                network: {
                    vpc: "4de7ac8b-495b-4884-9a69-1050c6793cd6",
                    range: "10.220.0.0/20",
                    clusters: ["4de7ac8b-495b-4884-9a69-1050c6793cd7"],
                },
            },
        ],
    ])("of a read replica of %s", (variant, server) => {
        const database = (readReplica: boolean): Change => [
            "database",
            { variant, server: { variant: "create", version: "17", ...server, readReplica } },
        ];
        const names = environmentContract
            .filter(({ needs }) => needs === "read replica")
            .map((variable) => variableName(variable, "DJANGO_APP_"));

        test.each(names)("%s is taken, and free where there is none", (name) => {
            const path = `apps[0].environment.${name}`;
            expect(problemsAfter(database(true), [path, "value"])).toEqual([
                {
                    path,
                    found: "a variable that every pod is given already",
                    allowed: "any other name",
                    fix: `pulumi config rm --path '${path}'; its value is decided by database.server.readReplica`,
                },
            ]);
            expect(problemsAfter(database(false), [path, "value"])).toEqual([]);
        });
    });

    const rabbit: Change = ["broker", { variant: "rabbitmq", version: "4.2", storage: "2Gi" }];

    test.each<[name: string, changes: Change[]]>([
        ["DJANGO_APP_BROKER_QUEUE_TYPE", [rabbit]],
        ["DJANGO_APP_DB_CONN_MAX_AGE", [["database.pooler", {}]]],
        [
            "DJANGO_APP_DB_DISABLE_SERVER_SIDE_CURSORS",
            [
                [
                    "database",
                    {
                        variant: "digitalocean",
                        server: {
                            variant: "create",
                            version: "17",
                            size: "db-s-4vcpu-8gb",
                            pool: { size: 50 },
                            network: {
                                vpc: "4de7ac8b-495b-4884-9a69-1050c6793cd6",
                                range: "10.220.0.0/20",
                                clusters: ["4de7ac8b-495b-4884-9a69-1050c6793cd7"],
                            },
                        },
                    },
                ],
            ],
        ],
    ])("%s is taken where there is what decides it", (name, changes) => {
        expect(problemsAfter(...changes, [`apps[0].environment.${name}`, "value"])).toMatchObject([
            { path: `apps[0].environment.${name}`, found: "a variable that every pod is given already" },
        ]);
    });

    test.each<[name: string, changes: Change[]]>([
        [
            "REDIS_URL",
            [
                ["platform.enforcesNetworkPolicy", true],
                ["cache", { variant: "memcached" }],
            ],
        ],
        ["DJANGO_APP_BROKER_VISIBILITY_TIMEOUT", [rabbit]],
        ["DJANGO_APP_BROKER_QUEUE_TYPE", []],
        ["DJANGO_APP_DB_CONN_MAX_AGE", []],
        ["REDIS_URL", [["cache", { variant: "none" }]]],
        ["DJANGO_APP_CACHE_LOCATION", [["cache", { variant: "none" }]]],
        ["CELERY_BROKER_URL", [["broker", { variant: "none" }]]],
        ["DJANGO_APP_CSRF_TRUSTED_ORIGINS", [["exposure.variant", "none"]]],
        ["DJANGO_APP_BEHIND_TLS", [["exposure.allowPlainHttp", true]]],
        ["DJANGO_SUPERUSER_PASSWORD", []],
    ])("%s is free where the environment has nothing to say by it", (name, changes) => {
        expect(problemsAfter(...changes, [`apps[0].environment.${name}`, "value"])).toEqual([]);
    });
});

const belongsToTheCluster =
    "a namespace of the environment's own: this one belongs to the cluster, and would go with the environment";

table("names", [
    ...[
        "broker",
        "cache",
        "database",
        "database-drill",
        "database-grants",
        "database-pooler",
        "database-seed",
        "database-sweeper",
        "default",
        "lent",
        "lent-redirect",
        "redirect",
    ].map((name) => ({
        what: `an app named ${name}`,
        changes: [["apps[0].name", name]] as Change[],
        path: "apps[0].name",
        found: JSON.stringify(name),
        allowed:
            "any name but broker, cache, database, database-drill, database-grants, database-pooler, database-seed, database-sweeper, default, lent, lent-redirect, redirect",
        fix: "name the app by what it is, for example shop",
    })),
    ...[
        "shop-database",
        "shop-cache",
        "shop-broker",
        "shop-assets",
        "shop-database-drill",
        "shop-database-grants",
        "shop-database-pooler",
        "shop-database-seed",
        "shop-redirect",
    ].map((name) => ({
        what: `an app named ${name} beside the app shop`,
        changes: [
            ["environment.mainApp", "shop"],
            [
                "apps[1]",
                {
                    name,
                    contract: "django",
                    module: "other",
                    image: "localhost/other:1",
                    hosts: ["other.example.org"],
                },
            ],
        ] as Change[],
        path: "apps[1].name",
        found: JSON.stringify(name),
        allowed:
            "a name that no part of the app shop has: not shop-database, shop-cache, shop-broker, shop-assets, shop-collectstatic, shop-database-drill, shop-database-grants, shop-database-pooler, shop-database-seed, shop-redirect",
        fix: "name the app by what it is, for example shop",
    })),
    ...["web", "beat", "shell"].map((name) => ({
        what: `a worker named ${name}`,
        changes: [[`apps[0].workers.${name}`, { queues: ["celery"] }]] as Change[],
        path: `apps[0].workers.${name}`,
        found: JSON.stringify(name),
        allowed: "any name but web, beat, shell",
        fix: "name the worker by what it does, for example mail",
    })),
    {
        what: "a namespace that is too long",
        changes: [["environment.namespace", "n".repeat(41)]],
        path: "environment.namespace",
        found: JSON.stringify("n".repeat(41)),
        allowed: "at most 40 characters, for labels and the names of cloud resources are made from it",
        fix: "pulumi config set --path 'environment.namespace' NAMESPACE",
    },
    {
        what: "a namespace that is too long because of the names that it is made of",
        changes: [
            ["apps[0].name", "a".repeat(20)],
            ["environment.name", "b".repeat(20)],
        ],
        path: "environment.namespace",
        found: JSON.stringify(`${"a".repeat(20)}-${"b".repeat(20)}`),
        allowed: "at most 40 characters, for labels and the names of cloud resources are made from it",
        fix: "pulumi config set --path 'environment.namespace' NAMESPACE",
    },
    ...["default", "kube-system"].map((namespace) => ({
        what: `the namespace ${namespace}`,
        changes: [["environment.namespace", namespace]] as Change[],
        path: "environment.namespace",
        found: JSON.stringify(namespace),
        allowed: belongsToTheCluster,
        fix: "pulumi config set --path 'environment.namespace' NAMESPACE",
    })),
]);

test.each(["My_Stack", "feature/x", "1st", "a".repeat(21)])(
    "a stack named %s needs a name for its environment, because it cannot be part of a namespace",
    (stack) => {
        expect(problemsOf(smallestSettings(), stack)).toEqual([
            {
                path: "environment.name",
                found: `${JSON.stringify(stack)}, the stack's name`,
                allowed: "at most 20 lower-case letters, digits and hyphens, beginning with a letter",
                fix: "pulumi config set --path 'environment.name' NAME",
            },
        ]);
        expect(problemsOf(withSettings(smallestSettings(), [["environment.name", "mine"]]), stack)).toEqual([]);
    },
);

const production: readonly Change[] = [
    ["environment.kind", "production"],
    ["platform.issuer", { name: "letsencrypt" }],
    ["platform.enforcesNetworkPolicy", true],
];

table("production", [
    {
        what: "one web pod (R8)",
        changes: [...production, ["apps[0].web.replicas", { min: 1, max: 3 }]],
        path: "apps[0].web.replicas.min",
        found: "1",
        allowed: "at least 2 in production: one pod alone is down whenever its node is (R8)",
        fix: "pulumi config set --path 'apps[0].web.replicas.min' 2",
    },
    ...["apps[0]", "database", "cache", "broker"].map((section) => ({
        what: `an image of ${section} whose tag moves (R41)`,
        changes: [...production, [`${section}.image`, "registry.example.org/image:latest"]] as Change[],
        path: `${section}.image`,
        found: '"registry.example.org/image:latest"',
        allowed: "in production a digest or a tag that never moves, such as the commit (R41)",
        fix: `pulumi config set --path '${section}.image' IMAGE@sha256:DIGEST`,
    })),
    {
        what: "no certificate",
        changes: [...production, ["platform.issuer", undefined]],
        path: "platform.issuer",
        found: "nothing",
        allowed: "in production an issuer of certificates",
        fix: "pulumi config set --path 'platform.issuer.name' ISSUER, or name a certificate that is there (exposure.certificate), or exposure.allowPlainHttp if TLS ends before the Gateway",
    },
    {
        what: "a cluster where NetworkPolicies do not hold (R49)",
        changes: [...production, ["platform.enforcesNetworkPolicy", false]],
        path: "platform.enforcesNetworkPolicy",
        found: "false",
        allowed: "true in production: else any pod of the cluster reaches the database (R49)",
        fix: "let the cluster's network enforce NetworkPolicies (Cilium, Calico), then pulumi config set --path 'platform.enforcesNetworkPolicy' true",
    },
]);

test.each(["staging", "local"])("%s may have one pod, a moving tag and no certificate", (kind) => {
    const changes: Change[] = [
        ["environment.kind", kind],
        ["apps[0].web.replicas", { min: 1, max: 1 }],
        ["apps[0].image", "registry.example.org/shop:latest"],
    ];
    expect(problemsAfter(...changes)).toEqual([]);
});

test("production may be without a certificate where it says so, or is not exposed", () => {
    expect(problemsAfter(...production, ["platform.issuer", undefined], ["exposure.allowPlainHttp", true])).toEqual([]);
    expect(problemsAfter(...production, ["platform.issuer", undefined], ["exposure", { variant: "none" }])).toEqual([]);
});

test("a moving tag beside a digest moves nothing", () => {
    const image = `registry.example.org/shop:latest@sha256:${"0".repeat(64)}`;
    expect(problemsAfter(...production, ["apps[0].image", image])).toEqual([]);
});

test("several contradictions are all told", () => {
    const problems = problemsAfter(
        ["environment.kind", "production"],
        ["apps[0].web.replicas", { min: 1, max: 50 }],
        ["apps[0].web.size", "huge"],
        ["secrets.superuserPassword", "s3cret"],
    );
    expect(problems.map(({ path }) => path)).toEqual([
        "apps[0].web.size",
        "apps[0].web.replicas.max",
        "secrets.superuserPassword",
        "apps[0].web.replicas.min",
        "platform.issuer",
        "platform.enforcesNetworkPolicy",
    ]);
});

const blog = {
    contract: "django",
    name: "blog",
    module: "blog",
    image: "registry.example.org/blog:4f2a91c",
    hosts: ["blog.example.org"],
};
const several: readonly Change[] = [
    ["environment.mainApp", "shop"],
    ["apps[1]", blog],
];

table("several apps", [
    {
        what: "none of them is the main one",
        changes: [["apps[1]", blog]],
        path: "environment.mainApp",
        found: "nothing",
        allowed: "the name of one of the apps: shop, blog",
        fix: "pulumi config set --path 'environment.mainApp' shop",
    },
    {
        what: "the main one is not there",
        changes: [...several, ["environment.mainApp", "wiki"]],
        path: "environment.mainApp",
        found: '"wiki"',
        allowed: "the name of one of the apps: shop, blog",
        fix: "pulumi config set --path 'environment.mainApp' shop",
    },
    {
        what: "two of one name",
        changes: [...several, ["apps[1].name", "shop"]],
        path: "apps[1].name",
        found: '"shop", the name of an app above',
        allowed: "a name of its own: it is in the names of all that is made for the app",
        fix: "pulumi config set --path 'apps[1].name' NAME",
    },
    {
        what: "two at one host",
        changes: [...several, ["apps[1].hosts", ["shop.example.org"]]],
        path: "apps[1].hosts[0]",
        found: '"shop.example.org", a host that is named before',
        allowed: "each host once: a request goes to one app",
        fix: "pulumi config set --path 'apps[1].hosts[0]' HOST",
    },
    {
        what: "one without any database",
        changes: [
            ...several,
            ["database", { variant: "none" }],
            ["apps[0].stores.database", { variant: "in-cluster", version: "17", storage: "1Gi" }],
        ],
        path: "database.variant",
        found: '"none"',
        allowed: "a database: the app blog has none of its own either",
        fix: "set it to in-cluster, or to a managed database of your cloud",
    },
    {
        what: "workers whose app has a broker of its own that is none",
        changes: [
            ...several,
            ["apps[1].workers.mail", { queues: ["mail"] }],
            ["apps[1].stores.broker", { variant: "none" }],
        ],
        path: "apps[1].stores.broker.variant",
        found: '"none"',
        allowed: "a broker, because apps[1].workers.mail cannot work without one",
        fix: "set it to redis and give it storage, or remove these processes; of a worker that is not Celery's say so: apps[1].workers.mail.kind is django-q2, db-worker or command",
    },
    {
        what: "secrets of an app that is not there",
        changes: [...several, ["secrets.apps.wiki.secretKey", "s3cret"]],
        path: "secrets.apps.wiki",
        found: "secrets of no app",
        allowed: "names of apps: blog",
        fix: "pulumi config rm --path 'secrets.apps.wiki'",
    },
    {
        what: "secrets of the main app where those of others stand",
        changes: [...several, ["secrets.apps.shop.secretKey", "s3cret"]],
        path: "secrets.apps.shop",
        found: "secrets of the main app",
        allowed: "the main app's secrets stand directly below secrets",
        fix: "pulumi config rm --path 'secrets.apps.shop'",
    },
    {
        what: "a cache password of an app that shares the cache",
        changes: [...several, ["secrets.apps.blog.cachePassword", "s3cret"]],
        path: "secrets.apps.blog.cachePassword",
        found: "a secret that nothing uses",
        allowed: "nothing, unless there is a cache of its own",
        fix: "add a cache of its own, or pulumi config rm --path 'secrets.apps.blog.cachePassword'",
    },
]);

test("several apps may share all stores or none", () => {
    expect(problemsAfter(...several)).toEqual([]);
    const own = {
        database: { variant: "in-cluster", version: "17", storage: "1Gi" },
        cache: { variant: "none" },
        broker: { variant: "none" },
        assets: { variant: "whitenoise" },
    };
    expect(
        problemsAfter(...several, ["apps[1].stores", own], ["secrets.apps.blog.databasePassword", "s3cret"]),
    ).toEqual([]);
});

const ephemeral: readonly Change[] = [
    ["environment.kind", "ephemeral"],
    ["platform", { variant: "stack", stack: "staging" }],
    ["exposure.variant", "platform"],
];

table("lending and borrowing", [
    {
        what: "a Gateway of an environment's own on the cluster of another stack",
        changes: [...ephemeral, ["exposure.variant", "gateway"]],
        path: "exposure.variant",
        found: '"gateway"',
        allowed: "platform or none: on the cluster of another stack, that stack's Gateway is the way in",
        fix: "pulumi config set --path 'exposure.variant' platform",
    },
    ...(["exposure", "database"] as const).map((section) => ({
        what: `${section} borrowed from nobody`,
        changes: [[section, { variant: "platform" }]] as Change[],
        path: `${section}.variant`,
        found: '"platform"',
        allowed: "what this stack has itself: only a platform of the variant stack lends something",
        fix: "choose another variant, or pulumi config set --path 'platform.variant' stack",
    })),
    {
        what: "a domain lent without a Gateway",
        changes: [
            ["exposure", { variant: "none" }],
            ["lends.domain", "preview.example.org"],
        ],
        path: "lends.domain",
        found: '"preview.example.org"',
        allowed: "nothing, unless exposure.variant is gateway: there is no Gateway to lend",
        fix: "pulumi config rm --path 'lends.domain'",
    },
    {
        what: "a server lent that is borrowed",
        changes: [
            ["environment.kind", "staging"],
            ["platform", { variant: "stack", stack: "staging" }],
            ["exposure.variant", "none"],
            ["database", { variant: "platform" }],
            ["lends.database", true],
        ],
        path: "lends.database",
        found: "true",
        allowed: "false: the section database is platform, so there is no server to lend",
        fix: "pulumi config set --path 'lends.database' false",
    },
    {
        what: "an ephemeral environment that lends",
        changes: [...ephemeral, ["lends.database", true]],
        path: "lends",
        found: '{"database":true}',
        allowed: "nothing: an ephemeral environment ends while others may still use what it lends",
        fix: "pulumi config rm --path 'lends'",
    },
    {
        what: "a time to live of what does not end by itself",
        changes: [["environment.timeToLive", "72h"]],
        path: "environment.timeToLive",
        found: '"72h"',
        allowed: "nothing: only an ephemeral environment ends by itself, and this one is staging",
        fix: "pulumi config rm --path 'environment.timeToLive', or pulumi config set --path 'environment.kind' ephemeral",
    },
    {
        what: "a pull request of what does not end with it",
        changes: [["environment.pullRequest", { number: 7, lastPush: "2026-12-01T10:20:30Z" }]],
        path: "environment.pullRequest",
        found: '{"number":7,"lastPush":"2026-12-01T10:20:30Z"}',
        allowed: "nothing: only an ephemeral environment is a pull request's, and this one is staging",
        fix: "pulumi config rm --path 'environment.pullRequest', or pulumi config set --path 'environment.kind' ephemeral",
    },
    {
        what: "sleep of what is no pull request's",
        changes: [["environment.sleep", { after: "2h" }]],
        path: "environment.sleep",
        found: '{"after":"2h"}',
        allowed: "nothing: only an ephemeral environment sleeps, and this one is staging",
        fix: "pulumi config rm --path 'environment.sleep', or pulumi config set --path 'environment.kind' ephemeral",
    },
    {
        what: "sleep that no request ends",
        changes: [...ephemeral, ["environment.sleep", { after: "2h" }], ["exposure.variant", "none"]],
        path: "environment.sleep",
        found: '{"after":"2h"}, and no way in',
        allowed: "an environment that requests come to: they wake it",
        fix: "pulumi config rm --path 'environment.sleep', or set exposure.variant to a way in",
    },
    {
        what: "sleep of an image of which nothing is known",
        changes: [
            ...ephemeral,
            ["environment.sleep", { after: "2h" }],
            [
                "apps[0]",
                { name: "shop", contract: "init-run-async", image: "shop:1", hosts: ["pr.preview.example.org"] },
            ],
        ],
        path: "environment.sleep",
        found: '{"after":"2h"}, and shop runs as its image says (apps[0].contract)',
        allowed: "apps with the contract django: of others neither Python nor the log of requests is known",
        fix: "pulumi config rm --path 'environment.sleep'",
    },
    {
        what: "a probe of what visitors ask for, which would never wake it",
        changes: [...ephemeral, ["environment.sleep", { after: "2h" }], ["apps[0].web.probes.ready", "/"]],
        path: "apps[0].web.probes.ready",
        found: "/, which visitors ask for too",
        allowed: "a path of its own where the environment sleeps: a probe does not wake it",
        fix: "pulumi config set --path 'apps[0].web.probes.ready' /healthz/ready, or pulumi config rm --path 'environment.sleep'",
    },
    {
        what: "a mark to keep what nobody would take away",
        changes: [["environment.keep", true]],
        path: "environment.keep",
        found: "true",
        allowed: "nothing: only an ephemeral environment is a pull request's, and this one is staging",
        fix: "pulumi config rm --path 'environment.keep', or pulumi config set --path 'environment.kind' ephemeral",
    },
]);

test("an ephemeral environment ends after three days unless it says otherwise", () => {
    expect(checkSettings(withSettings(smallestSettings(), ephemeral), "pr-1").environment).toEqual({
        kind: "ephemeral",
        name: "pr-1",
        namespace: "shop-pr-1",
        mainApp: "shop",
        timeToLive: "72h",
    });
});

test("the largest settings contradict nothing", () => {
    expect(problemsOf(largestSettings())).toEqual([]);
});
