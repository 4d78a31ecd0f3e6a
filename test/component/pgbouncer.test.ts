// Does not prove that PgBouncer takes its configuration, or what holds of a transaction: that is the cluster layer's.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { Database } from "../../components/database/contract.ts";
import type { DjangoArgs } from "../../components/django/contract.ts";
import { Pgbouncer, type PgbouncerArgs } from "../../components/database/pgbouncer.ts";
import { expectOneFamily, placement, recordComponent, secretData } from "../support/component.ts";
import { recordDjango } from "../support/django.ts";
import { remembered } from "../support/remembered.ts";

const database = (name: string, more: Partial<Database> = {}): Database => ({
    host: "database",
    port: 5432,
    name,
    user: name,
    password: pulumi.secret(`canary-${name}"`),
    clientLabels: { "django-on-kubernetes/reaches-database": "true" },
    maxConnections: 100,
    ...more,
});

type Changes = Partial<Omit<PgbouncerArgs, "server" | "databases">> & { readonly tls?: boolean };

const record = remembered(({ tls, ...changes }: Changes = {}, preview: boolean = false) =>
    recordComponent(
        (opts) => {
            const more = tls ? { sslMode: "verify-ca" as const, ca: pulumi.output("PEM") } : {};
            const shop = database("shop", more);
            const pooler = new Pgbouncer(
                "database-pooler",
                {
                    ...placement,
                    server: shop,
                    databases: [shop, database("blog", more)],
                    mode: "transaction",
                    poolSize: 10,
                    replicas: 2,
                    ...changes,
                },
                opts,
            );
            const { password: _, ...seen } = pooler.before(shop);
            return { seen, clientLabels: pooler.clientLabels };
        },
        { preview },
    ),
);

const created = [
    "Deployment database-pooler-servers",
    "NetworkPolicy database-pooler-from-clients",
    "NetworkPolicy database-pooler-to-store",
    "Pgbouncer database-pooler",
    "PodDisruptionBudget database-pooler-budget",
    "Secret database-pooler-configuration",
    "Service database-pooler-service",
    "ServiceAccount database-pooler-account",
];
const files = async (changes: Changes = {}) =>
    secretData((await record(changes)).get("Secret", "database-pooler-configuration"));
const deployment = async (changes: Changes = {}) =>
    (await record(changes)).get("Deployment", "database-pooler-servers").props["spec"];

describe("what is created", () => {
    test("with two pods", async () => {
        const plan = await record();
        expect(plan.created).toEqual(created);
        expectOneFamily(plan, ["Pgbouncer", "database-pooler"]);
    });

    test("with one, without a budget", async () => {
        expect((await record({ replicas: 1 })).created).toEqual(
            created.filter((name) => !name.startsWith("PodDisruptionBudget")),
        );
    });

    test("a preview plans the same", async () => {
        expect((await record({}, true)).created).toEqual(created);
    });
});

describe("the configuration", () => {
    test("leads each app to its own database, with a pool of its own", async () => {
        expect((await files())["pgbouncer.ini"]!.split("\n")).toEqual([
            "[databases]",
            "shop = host=database port=5432 dbname='shop'",
            "blog = host=database port=5432 dbname='blog'",
            "",
            "[pgbouncer]",
            "listen_addr = *",
            "listen_port = 6432",
            "unix_socket_dir = ",
            "auth_type = scram-sha-256",
            "auth_file = /etc/django-on-kubernetes/pgbouncer/users.txt",
            "pool_mode = transaction",
            "max_client_conn = 2000",
            "default_pool_size = 10",
            "max_db_connections = 10",
            "query_wait_timeout = 20",
            "server_login_retry = 1",
            "max_prepared_statements = 200",
            "server_tls_sslmode = disable",
            "log_connections = 0",
            "log_disconnections = 0",
            "",
        ]);
    });

    test("in mode session resets what a client has left, and keeps no statements of its own", async () => {
        const { "pgbouncer.ini": ini } = await files({ mode: "session" });
        expect(ini).toContain("pool_mode = session\n");
        expect(ini).toContain("server_reset_query = DISCARD ALL\n");
        expect(ini).not.toContain("max_prepared_statements");
    });

    test("checks the server's certificate as the app would", async () => {
        const { "pgbouncer.ini": ini, "ca.pem": ca } = await files({ tls: true });
        expect(ini).toContain("server_tls_sslmode = verify-ca\n");
        expect(ini).toContain("server_tls_ca_file = /etc/django-on-kubernetes/pgbouncer/ca.pem\n");
        expect(ca).toBe("PEM");
    });

    test("has the passwords in a file of their own, quoted", async () => {
        const { "users.txt": users, ...others } = await files();
        expect(users).toBe('"shop" "canary-shop"""\n"blog" "canary-blog"""\n');
        expect(JSON.stringify(others)).not.toContain("canary");
    });
});

describe("a pod", () => {
    test("is the server's client, and its Service's own clients reach it at its port", async () => {
        const plan = await record();
        const { template, selector, strategy } = await deployment();
        expect(template.metadata.labels).toMatchObject({
            "app.kubernetes.io/component": "pooler",
            "django-on-kubernetes/reaches-database": "true",
        });
        expect(strategy).toEqual({ rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
        expect(plan.get("NetworkPolicy", "database-pooler-from-clients").props["spec"]).toEqual({
            podSelector: selector,
            policyTypes: ["Ingress"],
            ingress: [
                {
                    from: [
                        { podSelector: { matchLabels: { "django-on-kubernetes/reaches-database-pooler": "true" } } },
                    ],
                    ports: [{ protocol: "TCP", port: 6432 }],
                },
            ],
        });
    });

    test("lets its clients finish", async () => {
        const { terminationGracePeriodSeconds, containers } = (await deployment()).template.spec;
        expect(terminationGracePeriodSeconds).toBe(120);
        expect(containers[0].lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
    });

    test("runs the image that was set, else one that never becomes another", async () => {
        const image = async (changes: Changes = {}) => (await deployment(changes)).template.spec.containers[0].image;
        expect(await image({ image: "localhost/pgbouncer:1.24" })).toBe("localhost/pgbouncer:1.24");
        expect(await image()).toMatch(/^ghcr\.io\/cloudnative-pg\/pgbouncer:1\.\d+\.\d+-\d{12}-/);
    });
});

describe("what an app sees", () => {
    test.each([
        { mode: "transaction" as const, keepsSessions: false },
        { mode: "session" as const, keepsSessions: true },
    ])(
        "in mode $mode: the pooler in front, without TLS in the namespace, and the server behind it",
        async ({ mode, keepsSessions }) => {
            expect((await record({ mode, tls: true })).outputs["seen"]).toEqual({
                host: "database-pooler",
                port: 6432,
                name: "shop",
                user: "shop",
                maxConnections: 100,
                clientLabels: { "django-on-kubernetes/reaches-database-pooler": "true" },
                pooled: true,
                keepsSessions,
                direct: {
                    host: "database",
                    port: 5432,
                    sslMode: "verify-ca",
                    ca: "PEM",
                    clientLabels: { "django-on-kubernetes/reaches-database": "true" },
                },
            });
        },
    );

    const behind = (keepsSessions: boolean) => (args: DjangoArgs) => ({
        stores: {
            ...args.stores,
            database: {
                ...args.stores.database,
                host: "database-pooler",
                port: 6432,
                clientLabels: { "django-on-kubernetes/reaches-database-pooler": "true" },
                pooled: true,
                keepsSessions,
                direct: {
                    host: "database",
                    port: 5432,
                    sslMode: "verify-ca" as const,
                    ca: pulumi.output("PEM"),
                    clientLabels: { "django-on-kubernetes/reaches-database": "true" },
                },
            },
        },
    });

    test("keeps no connection, and no cursor beyond a transaction", async () => {
        const variables = async (keepsSessions: boolean) =>
            (await recordDjango(behind(keepsSessions))).get("ConfigMap", "shop-environment").props["data"];
        expect(await variables(false)).toMatchObject({
            DJANGO_APP_DB_HOST: "database-pooler",
            DJANGO_APP_DB_PORT: "6432",
            DJANGO_APP_DB_CONN_MAX_AGE: "0",
            DJANGO_APP_DB_DISABLE_SERVER_SIDE_CURSORS: "true",
        });
        expect(await variables(true)).toMatchObject({ DJANGO_APP_DB_CONN_MAX_AGE: "0" });
        expect(await variables(true)).not.toHaveProperty("DJANGO_APP_DB_DISABLE_SERVER_SIDE_CURSORS");
    });

    test("jobs and the shell go to the server: their own variables come last, and their label opens that way alone", async () => {
        const plan = await recordDjango(behind(false));
        expect(plan.get("ConfigMap", "shop-direct-environment").props["data"]).toEqual({
            DJANGO_APP_DB_HOST: "database",
            DJANGO_APP_DB_PORT: "5432",
            DJANGO_APP_DB_SSLMODE: "verify-ca",
            DJANGO_APP_DB_SSLROOTCERT: "/etc/django-on-kubernetes/certificates/database.pem",
        });
        expect(secretData(plan.get("Secret", "shop-direct-secret-environment"))).toEqual({
            DATABASE_URL:
                "postgresql://shop:db%3Ap%40ss@database:5432/shop?sslmode=verify-ca&sslrootcert=/etc/django-on-kubernetes/certificates/database.pem",
        });
        const pods = {
            "Job shop-migrate": true,
            "Job shop-collectstatic": true,
            "Deployment shop-shell": true,
            "Deployment shop-web": false,
            "Deployment shop-worker-mail": false,
            "StatefulSet shop-beat": false,
        };
        for (const [resource, direct] of Object.entries(pods)) {
            const [kind, name] = resource.split(" ") as [string, string];
            const { metadata, spec } = plan.get(kind, name).props["spec"].template;
            const reached = Object.keys(metadata.labels).filter((label) => label.includes("reaches-database"));
            expect(reached, resource).toEqual([`django-on-kubernetes/reaches-database${direct ? "" : "-pooler"}`]);
            const sources = spec.containers[0].envFrom.map(
                (source: Record<string, { name: string }>) => Object.values(source)[0]!.name,
            ) as string[];
            const own = sources.map((source) => source.includes("direct"));
            expect(own.slice(0, 4), resource).toEqual(direct ? [false, false, true, true] : [false, false]);
        }
    });

    test("without a pooler there is nothing of this", async () => {
        const plan = await recordDjango();
        expect(plan.created.filter((name) => name.includes("direct"))).toEqual([]);
    });
});
