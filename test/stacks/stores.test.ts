// Which store an app uses, what it is called there, and what a store in the cluster is made with. Passwords: secrets.test.ts.
// Does not prove stores of clouds: test/stacks/clouds does.
import { describe, expect, it } from "vitest";
import {
    type Change,
    environmentOf,
    inCluster,
    podOf,
    secretData,
    secretsOf,
    shop,
    stackOf,
    type Stack,
    waitsFor,
} from "./support/stack.ts";

const blog = { ...shop, name: "blog-two", hosts: ["blog.example.org"], workers: { mail: { queues: ["mail"] } } };
const both = (...changes: readonly Change[]) =>
    inCluster(["environment.mainApp", "shop"], ["apps[1]", blog], ...changes);

const certificate = `-----BEGIN CERTIFICATE-----\n${"A".repeat(64)}\n-----END CERTIFICATE-----\n`;

/** Settings that are not the defaults. */
const given = {
    database: {
        variant: "in-cluster",
        version: "16",
        image: "registry.example.org/postgres:16.9",
        storage: "11Gi",
        maxConnections: 123,
    },
    cache: { variant: "in-cluster", engine: "redis", image: "registry.example.org/redis:7.4", replicas: 2 },
    broker: { variant: "redis", engine: "redis", image: "registry.example.org/redis:7.2", storage: "3Gi" },
    assets: {
        variant: "whitenoise",
        url: "/files/",
        files: { from: "volume", storage: "4Gi", accessMode: "ReadWriteMany" },
    },
};
const changes = Object.entries(given);

function claimOf(stack: Stack, name: string): unknown {
    const { volumeClaimTemplates } = stack.get("StatefulSet", name).props["spec"] as {
        volumeClaimTemplates: readonly { readonly spec: unknown }[];
    };
    return volumeClaimTemplates[0]!.spec;
}

const images = (stack: Stack, kind: string, ...names: string[]) =>
    names.map((name) => podOf(stack.get(kind, name)).containers[0]!.image);

describe("stores of the environment", () => {
    it("are made with their settings, and volumes with the platform's storage class", async () => {
        const stack = await stackOf(inCluster(...changes, ["platform.storageClass", "fast"]));
        expect([
            ...images(stack, "StatefulSet", "database-server", "cache-primary", "broker-server"),
            ...images(stack, "Deployment", "cache-replica-servers"),
        ]).toEqual([
            "registry.example.org/postgres:16.9",
            "registry.example.org/redis:7.4",
            "registry.example.org/redis:7.2",
            "registry.example.org/redis:7.4",
        ]);
        expect(stack.get("Deployment", "cache-replica-servers").props["spec"]).toMatchObject({ replicas: 2 });
        expect(JSON.stringify(podOf(stack.get("StatefulSet", "database-server")))).toContain("max_connections=123");
        const claim = (storage: string) => ({ storageClassName: "fast", resources: { requests: { storage } } });
        expect(claimOf(stack, "database-server")).toMatchObject(claim("11Gi"));
        expect(claimOf(stack, "broker-server")).toMatchObject(claim("3Gi"));
        expect(stack.all("PersistentVolumeClaim").map(({ props }) => props["spec"] as unknown)).toEqual([
            expect.objectContaining({ ...claim("4Gi"), accessModes: ["ReadWriteMany"] }),
        ]);
        expect(environmentOf(stack, "shop")["DJANGO_APP_STATIC_URL"]).toBe("/files/");
        // Static files are collected where there is a volume for them.
        stack.get("Job", "shop-collectstatic");
    });

    it("name no storage class where the platform names none", async () => {
        const stack = await stackOf(inCluster(...changes));
        expect(claimOf(stack, "database-server")).not.toHaveProperty("storageClassName");
        expect(claimOf(stack, "broker-server")).not.toHaveProperty("storageClassName");
        expect(stack.all("PersistentVolumeClaim")[0]!.props["spec"]).not.toHaveProperty("storageClassName");
    });

    it("that are none are not made, and an app knows nothing of them", async () => {
        const stack = await stackOf(inCluster(["cache", { variant: "none" }], ["broker", { variant: "none" }]));
        expect(stack.all("StatefulSet").map(({ name }) => name)).toEqual(["database-server"]);
        expect(
            Object.keys({ ...environmentOf(stack, "shop"), ...secretsOf(stack, "shop") }).filter((name) =>
                /CACHE|REDIS|BROKER/.test(name),
            ),
        ).toEqual([]);
        expect(stack.all("Job").map(({ name }) => name)).toEqual(["shop-migrate"]);
    });

    it.each([
        ["local", { whenDeleted: "Delete", protect: false }],
        ["staging", { whenDeleted: "Retain", protect: false }],
        ["production", { whenDeleted: "Retain", protect: true }],
    ])("keep the data of %s as that kind of environment does", async (kind, { whenDeleted, protect }) => {
        const stack = await stackOf(
            inCluster(
                ["environment.kind", kind],
                ["exposure", { variant: "none" }],
                ["apps[0].image", `${shop.image}@sha256:${"0".repeat(64)}`],
            ),
        );
        const server = stack.get("StatefulSet", "database-server");
        expect(server.props["spec"]).toMatchObject({ persistentVolumeClaimRetentionPolicy: { whenDeleted } });
        expect(server.protect).toBe(protect);
    });
});

describe("an app that shares them", () => {
    it("has a database and a role of its own, and is kept apart in the cache and the broker", async () => {
        const stack = await stackOf(both());
        expect(environmentOf(stack, "blog-two")).toMatchObject({
            DJANGO_APP_DB_HOST: "database",
            DJANGO_APP_DB_NAME: "blog_two",
            DJANGO_APP_DB_USER: "blog_two",
            DJANGO_APP_CACHE_KEY_PREFIX: "blog-two",
            DJANGO_APP_BROKER_KEY_PREFIX: "blog-two:",
        });
        expect(secretsOf(stack, "blog-two")).toMatchObject({
            CELERY_BROKER_URL: expect.stringMatching(/@broker:6379\/0$/) as string,
            REDIS_URL: expect.stringMatching(/@cache:6379\/0$/) as string,
        });
        const main = environmentOf(stack, "shop");
        expect(main).toMatchObject({
            DJANGO_APP_DB_HOST: "database",
            DJANGO_APP_DB_NAME: "shop",
            DJANGO_APP_DB_USER: "shop",
        });
        expect(Object.keys(main).filter((name) => name.includes("PREFIX"))).toEqual([]);
    });

    it("has its database made by the server's own image, after the server", async () => {
        const stack = await stackOf(both(...changes));
        const job = stack.get("Job", "blog-two-database-create");
        expect(podOf(job).containers[0]!.image).toBe("registry.example.org/postgres:16.9");
        expect(waitsFor(stack, job)).toContain("database-server");
        const [standard] = images(await stackOf(both()), "Job", "blog-two-database-create");
        expect(standard).toMatch(/^docker\.io\/library\/postgres:17/);
    });
});

describe("an app with stores of its own", () => {
    const own = both(["apps[1].stores", given], ["platform.storageClass", "fast"]);

    it("uses them and no other, without prefixes, and they have its settings", async () => {
        const stack = await stackOf(own);
        const blogs = environmentOf(stack, "blog-two");
        expect(blogs).toMatchObject({
            DJANGO_APP_DB_HOST: "blog-two-database",
            DJANGO_APP_DB_NAME: "blog_two",
            DJANGO_APP_DB_USER: "blog_two",
            DJANGO_APP_STATIC_URL: "/files/",
        });
        expect(Object.keys(blogs).filter((name) => name.includes("PREFIX"))).toEqual([]);
        expect(secretsOf(stack, "blog-two")).toMatchObject({
            CELERY_BROKER_URL: expect.stringMatching(/@blog-two-broker:6379\/0$/) as string,
            REDIS_URL: expect.stringMatching(/@blog-two-cache:6379\/0$/) as string,
        });
        expect(environmentOf(stack, "shop")).toMatchObject({
            DJANGO_APP_DB_HOST: "database",
            DJANGO_APP_STATIC_URL: "/static/",
        });
        expect(
            images(
                stack,
                "StatefulSet",
                "blog-two-database-server",
                "blog-two-cache-primary",
                "blog-two-broker-server",
            ),
        ).toEqual([
            "registry.example.org/postgres:16.9",
            "registry.example.org/redis:7.4",
            "registry.example.org/redis:7.2",
        ]);
        expect(claimOf(stack, "blog-two-database-server")).toMatchObject({ storageClassName: "fast" });
        // No role of it on the shared server.
        expect(
            stack
                .all("Job")
                .map(({ name }) => name)
                .toSorted(),
        ).toEqual(["blog-two-collectstatic", "blog-two-migrate", "shop-migrate"]);
        const waited = waitsFor(stack, stack.get("Job", "blog-two-migrate"));
        expect(waited).toEqual(
            expect.arrayContaining(["blog-two-database-server", "blog-two-cache-primary", "blog-two-broker-server"]),
        );
    });

    it.each([
        ["cache", "DJANGO_APP_CACHE_KEY_PREFIX"],
        ["broker", "DJANGO_APP_BROKER_KEY_PREFIX"],
    ] as const)("of one kind, %s, is still kept apart in the others", async (kind, prefix) => {
        const stack = await stackOf(both([`apps[1].stores.${kind}`, given[kind]]));
        const prefixes = Object.keys(environmentOf(stack, "blog-two")).filter((name) => name.includes("KEY_PREFIX"));
        expect(prefixes).toEqual(
            ["DJANGO_APP_BROKER_KEY_PREFIX", "DJANGO_APP_CACHE_KEY_PREFIX"].filter((name) => name !== prefix),
        );
    });
});

describe("RabbitMQ, Memcached and PgBouncer", () => {
    const rabbit: Change = ["broker", { variant: "rabbitmq", version: "4.1", storage: "4Gi", nodes: 3, size: "large" }];
    const conf = (stack: Stack): string =>
        secretData(stack.get("Secret", "broker-configuration"))["rabbitmq.conf"] ?? "";

    it("are told what the settings say", async () => {
        const stack = await stackOf(
            inCluster(
                rabbit,
                ["cache", { variant: "memcached", servers: 3, size: "medium", image: "localhost/memcached:1.6" }],
                ["database.pooler", { mode: "session", size: 31, replicas: 3, image: "localhost/pgbouncer:1.24" }],
            ),
        );
        const broker = stack.get("StatefulSet", "broker-server");
        expect(broker.props["spec"]).toMatchObject({ replicas: 3 });
        expect(JSON.stringify(podOf(broker))).toContain("docker.io/library/rabbitmq:4.1.");
        expect(JSON.stringify(podOf(broker))).toContain('"memory":"2Gi"');
        expect(claimOf(stack, "broker-server")).toMatchObject({ resources: { requests: { storage: "4Gi" } } });
        const cache = stack.get("StatefulSet", "cache-primary");
        expect(cache.props["spec"]).toMatchObject({ replicas: 3 });
        expect(JSON.stringify(podOf(cache))).toContain("localhost/memcached:1.6");
        const pooler = stack.get("Deployment", "database-pooler-servers");
        expect(pooler.props["spec"]).toMatchObject({ replicas: 3 });
        expect(JSON.stringify(podOf(pooler))).toContain("localhost/pgbouncer:1.24");
        const ini = secretData(stack.get("Secret", "database-pooler-configuration"))["pgbouncer.ini"]!;
        expect(ini).toContain("pool_mode = session\n");
        // Ten for each of three pods.
        expect(ini).toContain("default_pool_size = 10\n");
    });

    it("wait for the longest task of those that use the broker", async () => {
        const worker = (taskTimeLimit: number) => ({ queues: ["celery"], taskTimeLimit });
        const stack = await stackOf({
            ...inCluster(rabbit, ["apps[0].workers.default", worker(100)], ["apps[0].workers.slow", worker(3000)]),
        });
        expect(conf(stack)).toContain("consumer_timeout = 15000000\n");
        const elsewhere = await stackOf({
            ...inCluster(
                rabbit,
                ["apps[0].workers.default", worker(100)],
                ["apps[0].workers.q", { kind: "django-q2", taskTimeLimit: 3000 }],
                ["apps[0].workers.tasks", { kind: "db-worker", taskTimeLimit: 3000 }],
            ),
        });
        expect(conf(elsewhere), "tasks of the database").toContain("consumer_timeout = 1800000\n");
    });

    it("keep two apps apart that share them", async () => {
        const sections = both();
        sections["broker"] = { variant: "rabbitmq", version: "4.2", storage: "2Gi" };
        sections["database"] = { ...sections["database"], pooler: {} };
        const secrets = { brokerPassword: "canary-shop", apps: { "blog-two": { brokerPassword: "canary-blog" } } };
        const stack = await stackOf(sections, { secrets });
        const url = (app: string): unknown => secretsOf(stack, app)["CELERY_BROKER_URL"];
        expect(url("shop")).toBe("amqp://shop:canary-shop@broker:5672/shop");
        expect(url("blog-two")).toBe("amqp://blog-two:canary-blog@broker:5672/blog-two");
        for (const app of ["shop", "blog-two"]) {
            const environment = environmentOf(stack, app);
            expect(environment).toMatchObject({
                DJANGO_APP_DB_HOST: "database-pooler",
                DJANGO_APP_BROKER_QUEUE_TYPE: "quorum",
            });
            expect(environment).not.toHaveProperty("DJANGO_APP_BROKER_KEY_PREFIX");
            expect(environment).not.toHaveProperty("DJANGO_APP_BROKER_VISIBILITY_TIMEOUT");
        }
        const { "users.txt": users, "pgbouncer.ini": ini } = secretData(
            stack.get("Secret", "database-pooler-configuration"),
        );
        expect(users!.split("\n").map((line) => line.split(" ")[0])).toEqual(['"shop"', '"blog_two"', ""]);
        expect(ini).toContain("dbname='blog_two'");
    });

    it.each([
        [
            "rds",
            {
                server: {
                    variant: "existing",
                    address: "shop.c9akciq32abc.eu-central-1.rds.amazonaws.com",
                    database: "shop",
                    user: "shop",
                    maxConnections: 100,
                    cidrs: ["10.20.0.0/24"],
                },
            },
        ],
        [
            "cloud-sql",
            {
                server: {
                    variant: "existing",
                    name: "shop",
                    address: "10.20.0.3",
                    ca: certificate,
                    maxConnections: 100,
                },
            },
        ],
        [
            "external",
            {
                host: "10.20.0.3",
                database: "shop",
                user: "shop",
                maxConnections: 100,
                tls: { mode: "verify-ca", ca: certificate },
            },
        ],
    ])("PgBouncer checks the certificate of %s, and jobs do themselves", async (variant, more) => {
        const stack = await stackOf(
            {
                ...inCluster(["database", { variant, ...more, pooler: {} }]),
                clouds: {
                    gcp: { project: "example-shop", region: "europe-west1" },
                    aws: { account: "123456789012", region: "eu-central-1" },
                },
            },
            variant === "cloud-sql" ? {} : { secrets: { databasePassword: "pw" } },
        );
        const files = secretData(stack.get("Secret", "database-pooler-configuration"));
        expect(files["pgbouncer.ini"]).toContain("server_tls_sslmode = verify-ca\n");
        expect(files["ca.pem"]).toContain("BEGIN CERTIFICATE");
        expect(environmentOf(stack, "shop")).not.toHaveProperty("DJANGO_APP_DB_SSLMODE");
        const direct = stack.get("ConfigMap", "shop-direct-environment").props["data"];
        expect(direct).toMatchObject({ DJANGO_APP_DB_HOST: "database", DJANGO_APP_DB_SSLMODE: "verify-ca" });
    });

    it("a release asks a server that is there, not the pooler before it, which is told of all databases", async () => {
        const sections = both();
        sections["database"] = {
            variant: "external",
            host: "db.example.org",
            database: "main",
            user: "owner",
            cidrs: ["10.20.0.0/24"],
            maxConnections: 100,
            tls: { mode: "verify-full", ca: certificate },
            pooler: { size: 6, replicas: 2 },
            administrator: { user: "root" },
        };
        const secrets = {
            databasePassword: "canary-main",
            databaseAdministratorPassword: "canary-root",
            apps: { "blog-two": { databasePassword: "canary-blog" } },
        };
        const stack = await stackOf(sections, { secrets });
        const files = secretData(stack.get("Secret", "database-pooler-configuration"));
        expect(files["pgbouncer.ini"]).toContain("main = host=db.example.org port=5432 dbname='main'\n");
        expect(files["pgbouncer.ini"]).toContain("blog_two = host=db.example.org port=5432 dbname='blog_two'\n");
        expect(files["pgbouncer.ini"]).toContain("server_tls_sslmode = verify-full\n");
        expect(files["pgbouncer.ini"]).toContain("default_pool_size = 3\n");
        expect(files["users.txt"]).toBe('"owner" "canary-main"\n"blog_two" "canary-blog"\n');
        const asked = stack.get("ConfigMap", "shop-check-scripts").props["data"]["stores.json"];
        expect(JSON.parse(asked)).toMatchObject([{ store: "database", hosts: ["db.example.org"], pooled: false }]);
        const { labels } = stack.get("Job", "shop-check").props["spec"].template.metadata;
        expect(labels).toHaveProperty(["django-on-kubernetes/reaches-database"]);
        expect(labels).not.toHaveProperty(["django-on-kubernetes/reaches-database-pooler"]);
        expect(environmentOf(stack, "shop")).toMatchObject({
            DJANGO_APP_DB_HOST: "database-pooler",
            DJANGO_APP_DB_CONN_MAX_AGE: "0",
        });
        expect(stack.get("ConfigMap", "shop-direct-environment").props["data"]).toMatchObject({
            DJANGO_APP_DB_HOST: "db.example.org",
            DJANGO_APP_DB_SSLMODE: "verify-full",
        });
    });
});
