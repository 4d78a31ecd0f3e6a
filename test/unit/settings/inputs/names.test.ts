// Names that PostgreSQL, a cloud, the cluster or another app has, modules that name a file, and hosts that lead nowhere.
// Does not prove that a server refuses a name: that is written from its documentation.
import { expect, test } from "vitest";
import { quiet, refused, told, type FindingCase } from "../../../support/findings.ts";
import { problemsAfter, type Change } from "../../../support/settings.ts";

const set = (path: string, value: string): string => `pulumi config set --path '${path}' ${value}`;
const named = (name: string): Change[] => [
    ["apps[0].name", name],
    ["environment.namespace", "shop-staging"],
];
const blog = (name: string, more: object = {}) => ({
    contract: "django",
    name,
    module: "blog",
    image: "registry.example.org/blog:4f2a91c",
    hosts: ["blog.example.org"],
    ...more,
});

refused(
    "an app whose database PostgreSQL refuses",
    [
        ["postgres", "postgres", "postgres-app"],
        ["template0", "template0", "template0-app"],
        ["template1", "template1", "template1-app"],
        ["public", "public", "public-app"],
        ["none", "none", "none-app"],
        ["pg-shop", "pg_shop", "app-pg-shop"],
        ["pg-long-name-of-apps", "pg_long_name_of_apps", "app-pg-long-name-of"],
    ].map(([name, role, other]): FindingCase => [
        name!,
        named(name!),
        [
            {
                path: "apps[0].name",
                found: JSON.stringify(name),
                allowed: `a name that PostgreSQL does not keep for itself: the app's database and its role are named "${role}"`,
                fix: set("apps[0].name", other!),
            },
        ],
    ]),
    quiet,
);

const digitalOcean: Change = [
    "database",
    {
        variant: "digitalocean",
        server: {
            variant: "create",
            version: "17",
            size: "db-s-1vcpu-2gb",
            network: {
                vpc: "4de7ac8b-495b-4884-9a69-1050c6793cd6",
                range: "10.220.0.0/20",
                clusters: ["4de7ac8b-495b-4884-9a69-1050c6793cd7"],
            },
        },
    },
];

refused(
    "an app beside the main one, on its server",
    [
        [
            "named as a template",
            [
                ["environment.mainApp", "shop"],
                ["apps[1]", blog("template0")],
            ],
            [
                {
                    path: "apps[1].name",
                    found: '"template0"',
                    allowed:
                        'a name that PostgreSQL does not keep for itself: the app\'s database and its role are named "template0"',
                    fix: set("apps[1].name", "template0-app"),
                },
            ],
        ],
        [
            "named as the server's administrator",
            [digitalOcean, ["environment.mainApp", "shop"], ["apps[1]", blog("doadmin")]],
            [
                {
                    path: "apps[1].name",
                    found: '"doadmin"',
                    allowed:
                        'a name that DigitalOcean does not keep for itself: the app\'s database and its role are named "doadmin"',
                    fix: set("apps[1].name", "app-doadmin"),
                },
            ],
        ],
    ],
    quiet,
);

told(
    "an app named as a word of SQL, which is quoted, or as another cloud's",
    ["user", "select", "table", "doadmin", "rdsadmin", "pgshop"].map((name): FindingCase => [name, named(name), []]),
    quiet,
);

refused(
    "pods of two apps under one name",
    [
        [
            "workers",
            [
                ["environment.mainApp", "a"],
                ["apps[0].name", "a"],
                ["apps[0].workers", { "b-worker-c": { queues: ["celery"] } }],
                ["apps[1]", blog("a-worker-b", { workers: { c: { queues: ["celery"] } } })],
            ],
            [
                {
                    path: "apps[1].workers.c",
                    found: "pods named a-worker-b-worker-c, as some of the app a are",
                    allowed: "names of apps and workers that, with -worker- between them, are no other's",
                    fix: "name the app by what it is, for example shop",
                },
            ],
        ],
        [
            "a worker and the web",
            [
                ["environment.mainApp", "a"],
                ["apps[0].name", "a"],
                ["apps[0].workers", { "b-web": { queues: ["celery"] } }],
                ["apps[1]", blog("a-worker-b")],
            ],
            [
                {
                    path: "apps[1].web",
                    found: "pods named a-worker-b-web, as some of the app a are",
                    allowed: "names of apps and workers that, with -worker- between them, are no other's",
                    fix: "name the app by what it is, for example shop",
                },
            ],
        ],
    ],
    quiet,
);

const gateway: Change = ["platform.gateway", { className: "gateways", from: { namespaces: ["ingress"] } }];

refused(
    "a namespace that is not the environment's",
    [
        ...["cert-manager", "traefik", "external-dns", "gke-managed-system", "gmp-system", "kube-system"].map(
            (namespace): FindingCase => [
                namespace,
                [["environment.namespace", namespace]] as Change[],
                [
                    {
                        path: "environment.namespace",
                        found: JSON.stringify(namespace),
                        allowed:
                            "a namespace of the environment's own: this one belongs to the cluster, and would go with the environment",
                        fix: set("environment.namespace", "NAMESPACE"),
                    },
                ],
            ],
        ),
        [
            "the Gateway controller's",
            [gateway, ["environment.namespace", "ingress"]],
            [
                {
                    path: "environment.namespace",
                    found: '"ingress"',
                    allowed:
                        "a namespace of the environment's own: this one is the Gateway controller's (platform.gateway.from.namespaces), and would go with the environment",
                    fix: set("environment.namespace", "NAMESPACE"),
                },
            ],
        ],
    ],
    quiet,
);

told(
    "a namespace of the environment's own",
    [
        ["beside the controller's", [gateway, ["environment.namespace", "ingress-shop"]], []],
        ["like an add-on's", [["environment.namespace", "traefik-shop"]], []],
    ],
    quiet,
);

refused(
    "a module that is a file",
    [
        ["shop.wsgi", "wsgi", "shop"],
        ["shop.asgi", "asgi", "shop"],
        ["shop.settings", "settings", "shop"],
        ["shop.celery", "celery", "shop"],
        ["shop.urls", "urls", "shop"],
        ["project.config.wsgi", "wsgi", "project.config"],
        ["shop.wsgi.application", "wsgi", "shop"],
        ["wsgi", "wsgi", "PACKAGE"],
    ].map(([module, file, right]): FindingCase => [
        module!,
        [["apps[0].module", module]] as Change[],
        [
            {
                path: "apps[0].module",
                found: JSON.stringify(module),
                allowed: `the package that has ${file}.py in it: the program appends .wsgi for gunicorn, and Celery looks for celery.py in it`,
                fix: set("apps[0].module", right!),
            },
        ],
    ]),
    quiet,
);

told(
    "a module that is a package",
    ["shop", "config", "settings", "project.config", "shop.wsgi_app", "mywsgi"].map((module): FindingCase => [
        module,
        [["apps[0].module", module]] as Change[],
        [],
    ]),
    quiet,
);

test("a superuser whose name Django refuses", () => {
    const changes: Change = ["apps[0].release.superuser", { username: "site admin", email: "admin@example.org" }];
    expect(problemsAfter(changes)).toMatchObject([
        {
            path: "apps[0].release.superuser.username",
            found: '"site admin"',
            allowed: "at most 150 letters, digits and @ . + - _, as Django's own User has it",
        },
    ]);
});

told(
    "a superuser's name",
    ["admin", "admin@example.org", "jörg.o+1", "a_b-c"].map((username): FindingCase => [
        username,
        [["apps[0].release.superuser", { username, email: "admin@example.org" }]] as Change[],
        [],
    ]),
    quiet,
);

const nowhere = "a name that users can look up: .localhost, .invalid and .test lead nowhere";
const production: Change[] = [
    ["environment.kind", "production"],
    ["platform.enforcesNetworkPolicy", true],
    ["platform.issuer", { name: "letsencrypt" }],
];

refused(
    "a host of production that leads nowhere",
    ["localhost", "shop.localhost", "shop.test", "shop.invalid"].map((host): FindingCase => [
        host,
        [...production, ["apps[0].hosts", [host]]] as Change[],
        [
            {
                path: "apps[0].hosts[0]",
                found: JSON.stringify(host),
                allowed: nowhere,
                fix: set("apps[0].hosts[0]", "HOST"),
            },
        ],
    ]),
    quiet,
);

told(
    "a host that may be meant",
    [
        [
            "localhost in staging",
            [["apps[0].hosts", ["localhost"]]],
            [
                {
                    path: "apps[0].hosts[0]",
                    found: '"localhost"',
                    allowed: nowhere,
                    fix: set("apps[0].hosts[0]", "HOST"),
                },
            ],
        ],
        [
            "below the domain that is lent",
            [
                ["apps[0].hosts", ["shop.preview.example.org"]],
                ["lends.domain", "preview.example.org"],
            ],
            [
                {
                    path: "apps[0].hosts[0]",
                    found: '"shop.preview.example.org", directly below lends.domain',
                    allowed: "names outside of it: every environment that borrows may take one of these",
                    fix: set("apps[0].hosts[0]", "HOST"),
                },
            ],
        ],
    ],
    quiet,
);

refused(
    "a host of an app that is a CDN's too",
    [
        [
            "CloudFront's",
            [["assets", { variant: "s3", host: "shop.example.org", zoneId: "Z0123456789ABCDEFGHIJ" }]],
            [
                {
                    path: "assets.host",
                    found: '"shop.example.org"',
                    allowed: "a host name of its own: this one leads to the app shop",
                    fix: set("assets.host", "static.shop.example.org"),
                },
            ],
        ],
        [
            "DigitalOcean's",
            [["assets", { variant: "spaces", buckets: { variant: "create", cdn: { domain: "shop.example.org" } } }]],
            [
                {
                    path: "assets.buckets.cdn.domain",
                    found: '"shop.example.org"',
                    allowed: "a host name of its own: this one leads to the app shop",
                    fix: set("assets.buckets.cdn.domain", "static.shop.example.org"),
                },
            ],
        ],
    ],
    quiet,
);

told(
    "hosts",
    [
        [
            "localhost on one's own machine",
            [
                ["environment.kind", "local"],
                ["apps[0].hosts", ["localhost"]],
            ],
            [],
        ],
        ["a Service's name beside a public one", [["apps[0].hosts", ["shop.example.org", "shop-web"]]], []],
        [
            "two below the domain that is lent",
            [
                ["apps[0].hosts", ["a.b.preview.example.org"]],
                ["lends.domain", "preview.example.org"],
            ],
            [],
        ],
    ],
    quiet,
);
