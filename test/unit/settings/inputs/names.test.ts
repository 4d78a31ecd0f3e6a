// Names that PostgreSQL, a cloud, the cluster or another app has, modules that name a file, and hosts that lead nowhere.
// Does not prove that a server refuses a name: that is written from its documentation.
import { expect, test } from "vitest";
import { advised, passes, refused } from "../../../support/findings.ts";
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
    ].map(([name, role, other]) => ({
        what: name!,
        changes: named(name!),
        path: "apps[0].name",
        found: JSON.stringify(name),
        allowed: `a name that PostgreSQL does not keep for itself: the app's database and its role are named "${role}"`,
        fix: set("apps[0].name", other!),
    })),
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

refused("an app beside the main one, on its server", [
    {
        what: "named as a template",
        changes: [
            ["environment.mainApp", "shop"],
            ["apps[1]", blog("template0")],
        ],
        path: "apps[1].name",
        found: '"template0"',
        allowed:
            'a name that PostgreSQL does not keep for itself: the app\'s database and its role are named "template0"',
        fix: set("apps[1].name", "template0-app"),
    },
    {
        what: "named as the server's administrator",
        changes: [digitalOcean, ["environment.mainApp", "shop"], ["apps[1]", blog("doadmin")]],
        path: "apps[1].name",
        found: '"doadmin"',
        allowed:
            'a name that DigitalOcean does not keep for itself: the app\'s database and its role are named "doadmin"',
        fix: set("apps[1].name", "app-doadmin"),
    },
]);

passes(
    "an app named as a word of SQL, which is quoted, or as another cloud's",
    ["user", "select", "table", "doadmin", "rdsadmin", "pgshop"].map((name) => ({ what: name, changes: named(name) })),
);

refused("pods of two apps under one name", [
    {
        what: "workers",
        changes: [
            ["environment.mainApp", "a"],
            ["apps[0].name", "a"],
            ["apps[0].workers", { "b-worker-c": { queues: ["celery"] } }],
            ["apps[1]", blog("a-worker-b", { workers: { c: { queues: ["celery"] } } })],
        ],
        path: "apps[1].workers.c",
        found: "pods named a-worker-b-worker-c, as some of the app a are",
        allowed: "names of apps and workers that, with -worker- between them, are no other's",
        fix: "name the app by what it is, for example shop",
    },
    {
        what: "a worker and the web",
        changes: [
            ["environment.mainApp", "a"],
            ["apps[0].name", "a"],
            ["apps[0].workers", { "b-web": { queues: ["celery"] } }],
            ["apps[1]", blog("a-worker-b")],
        ],
        path: "apps[1].web",
        found: "pods named a-worker-b-web, as some of the app a are",
        allowed: "names of apps and workers that, with -worker- between them, are no other's",
        fix: "name the app by what it is, for example shop",
    },
]);

const gateway: Change = ["platform.gateway", { className: "gateways", from: { namespaces: ["ingress"] } }];

refused("a namespace that is not the environment's", [
    ...["cert-manager", "traefik", "external-dns", "gke-managed-system", "gmp-system", "kube-system"].map(
        (namespace) => ({
            what: namespace,
            changes: [["environment.namespace", namespace]] as Change[],
            path: "environment.namespace",
            found: JSON.stringify(namespace),
            allowed:
                "a namespace of the environment's own: this one belongs to the cluster, and would go with the environment",
            fix: set("environment.namespace", "NAMESPACE"),
        }),
    ),
    {
        what: "the Gateway controller's",
        changes: [gateway, ["environment.namespace", "ingress"]],
        path: "environment.namespace",
        found: '"ingress"',
        allowed:
            "a namespace of the environment's own: this one is the Gateway controller's (platform.gateway.from.namespaces), and would go with the environment",
        fix: set("environment.namespace", "NAMESPACE"),
    },
]);

passes("a namespace of the environment's own", [
    { what: "beside the controller's", changes: [gateway, ["environment.namespace", "ingress-shop"]] },
    { what: "like an add-on's", changes: [["environment.namespace", "traefik-shop"]] },
]);

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
    ].map(([module, file, right]) => ({
        what: module!,
        changes: [["apps[0].module", module]] as Change[],
        path: "apps[0].module",
        found: JSON.stringify(module),
        allowed: `the package that has ${file}.py in it: the program appends .wsgi for gunicorn, and Celery looks for celery.py in it`,
        fix: set("apps[0].module", right!),
    })),
);

passes(
    "a module that is a package",
    ["shop", "config", "settings", "project.config", "shop.wsgi_app", "mywsgi"].map((module) => ({
        what: module,
        changes: [["apps[0].module", module]] as Change[],
    })),
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

passes(
    "a superuser's name",
    ["admin", "admin@example.org", "jörg.o+1", "a_b-c"].map((username) => ({
        what: username,
        changes: [["apps[0].release.superuser", { username, email: "admin@example.org" }]] as Change[],
    })),
);

const nowhere = "a name that users can look up: .localhost, .invalid and .test lead nowhere";
const production: Change[] = [
    ["environment.kind", "production"],
    ["platform.enforcesNetworkPolicy", true],
    ["platform.issuer", { name: "letsencrypt" }],
];

refused(
    "a host of production that leads nowhere",
    ["localhost", "shop.localhost", "shop.test", "shop.invalid"].map((host) => ({
        what: host,
        changes: [...production, ["apps[0].hosts", [host]]] as Change[],
        path: "apps[0].hosts[0]",
        found: JSON.stringify(host),
        allowed: nowhere,
        fix: set("apps[0].hosts[0]", "HOST"),
    })),
);

advised("a host that may be meant", [
    {
        what: "localhost in staging",
        changes: [["apps[0].hosts", ["localhost"]]],
        path: "apps[0].hosts[0]",
        found: '"localhost"',
        allowed: nowhere,
        fix: set("apps[0].hosts[0]", "HOST"),
    },
    {
        what: "below the domain that is lent",
        changes: [
            ["apps[0].hosts", ["shop.preview.example.org"]],
            ["lends.domain", "preview.example.org"],
        ],
        path: "apps[0].hosts[0]",
        found: '"shop.preview.example.org", directly below lends.domain',
        allowed: "names outside of it: every environment that borrows may take one of these",
        fix: set("apps[0].hosts[0]", "HOST"),
    },
]);

refused("a host of an app that is a CDN's too", [
    {
        what: "CloudFront's",
        changes: [["assets", { variant: "s3", host: "shop.example.org", zoneId: "Z0123456789ABCDEFGHIJ" }]],
        path: "assets.host",
        found: '"shop.example.org"',
        allowed: "a host name of its own: this one leads to the app shop",
        fix: set("assets.host", "static.shop.example.org"),
    },
    {
        what: "DigitalOcean's",
        changes: [
            ["assets", { variant: "spaces", buckets: { variant: "create", cdn: { domain: "shop.example.org" } } }],
        ],
        path: "assets.buckets.cdn.domain",
        found: '"shop.example.org"',
        allowed: "a host name of its own: this one leads to the app shop",
        fix: set("assets.buckets.cdn.domain", "static.shop.example.org"),
    },
]);

passes("hosts", [
    {
        what: "localhost on one's own machine",
        changes: [
            ["environment.kind", "local"],
            ["apps[0].hosts", ["localhost"]],
        ],
    },
    { what: "a Service's name beside a public one", changes: [["apps[0].hosts", ["shop.example.org", "shop-web"]]] },
    {
        what: "two below the domain that is lent",
        changes: [
            ["apps[0].hosts", ["a.b.preview.example.org"]],
            ["lends.domain", "preview.example.org"],
        ],
    },
]);
