// Stores of others that speak TLS: PostgreSQL, Redis with a replica, and RabbitMQ, in another namespace, with certificates of a CA of the
// test's. What is wrong with certificates ends an update at its first job, and so does a server without TLS. What is right is used by two
// apps, each in a mode, a database and a virtual host of its own; then through a pooler that lends whole sessions, and with Redis as a
// broker. The tests are one story, in order. Without TLS, and what else an update says of such servers: external.test.ts.
// Not proved here: CAs that the image trusts, and Valkey.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client, type AppStatus } from "../cluster/support/client.ts";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { bringImages, certificatesFor, hostOf, startServer, type RunningServer } from "../cluster/support/servers.ts";
import { tlsPostgres, tlsRabbitmq, tlsRedis } from "./support/tls-servers.ts";

const namespace = "test-tls-of-others";
const names = ["postgres", "redis-cache", "redis-replica", "redis-broker", "rabbitmq"] as const;
const passwords = {
    database: "the database's pässword",
    cache: "the cache's password",
    queue: "the queue's pässword",
    broker: "the broker's password",
    blog: "of the blog's dätabase",
    blogQueue: "of the blog's queue",
};
/** Where the cache's server speaks without TLS. */
const plainPort = 6380;

let environment: TestEnvironment;
let cluster: Cluster;
let servers: Readonly<Record<(typeof names)[number] | "plain" | "redis-old", RunningServer>>;
let ca: string;
let otherCa: string;
let oldCa: string;
let blogHost: string;
let clients: Readonly<Record<"sample" | "blog", Client>>;

type Tls =
    { readonly mode: "verify-full" | "verify-ca"; readonly ca: string } | { readonly mode: "require" | "disable" };

function store(server: keyof typeof servers, tls: Tls, more: object): object {
    const { host, address } = servers[server];
    return { variant: "external", host, cidrs: [`${address}/32`], tls, ...more };
}

const database = (tls: Tls, more: object = {}, server: "postgres" | "plain" = "postgres") =>
    store(server, tls, { database: "shop", user: "shop", maxConnections: 60, ...more });
const amqp = (tls: Tls, more: object) => store("rabbitmq", tls, { protocol: "amqp", ...more });
const cache = (tls: Tls, more: object = {}) => store("redis-cache", tls, { protocol: "redis", ...more });

/** The app of the local stack, small. */
function oneApp(config: StackConfig) {
    const [app] = config["apps"];
    app.web.replicas = { min: 1, max: 1 };
    delete app.beat;
    return app;
}

/** @param second what differs for the other app */
function twoApps(config: StackConfig, second: object): void {
    const app = oneApp(config);
    const { superuser: _, ...release } = app.release;
    config["environment"].mainApp = app.name;
    config["apps"].push({ ...app, name: "blog", hosts: [blogHost], shell: undefined, release, stores: second });
    const replica = servers["redis-replica"];
    config["cache"] = cache(
        { mode: "verify-full", ca },
        {
            replicas: [{ host: replica.host }],
            cidrs: [servers["redis-cache"], replica].map(({ address }) => `${address}/32`),
        },
    );
    config["broker"] = amqp({ mode: "verify-full", ca }, { user: "shop", vhost: "shop" });
}

async function inServer(server: string, command: string[]): Promise<string> {
    const pod = await cluster.core.readNamespacedPod({ namespace, name: server });
    return (await cluster.exec(pod, command)).trim();
}

const rabbit = (...command: string[]) => inServer("rabbitmq", ["rabbitmqctl", "-q", ...command]);
const psql = (sql: string) => inServer("postgres", ["psql", "-U", "shop", "-XAtc", sql]);

/** Runs Python with Django in a pod of the app. */
async function python(workload: string, code: string): Promise<string> {
    const [pod] = await cluster.serving(environment.namespace, workload);
    return (await cluster.exec(pod!, ["python", "manage.py", "shell", "--no-imports", "-c", code])).trim();
}

async function up(): Promise<void> {
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
}

async function status(app: keyof typeof clients, right: (status: AppStatus) => boolean): Promise<AppStatus> {
    let last: AppStatus | undefined;
    await eventually(async () => {
        last = await clients[app].status();
        return right(last) ? undefined : JSON.stringify(last);
    }, 120);
    return last!;
}

const doneBy =
    (app: string) =>
    ({ task }: AppStatus): boolean =>
        task.worker?.includes(`${app}-worker-default-`) === true;

beforeAll(async () => {
    environment = await TestEnvironment.create("external-tls");
    cluster = new Cluster();
    blogHost = `blog.${environment.host}`;
    clients = { sample: new Client(environment.host), blog: new Client(blogHost) };
    await bringImages("localhost/postgres:15", "localhost/redis:7", "localhost/rabbitmq:4");
    await cluster.core.createNamespace({ body: { metadata: { name: namespace } } });
    const signed = await certificatesFor(names.map((name) => hostOf(namespace, name)));
    const certificates = Object.fromEntries(names.map((name, index) => [name, signed[index]!]));
    const of = <Name extends (typeof names)[number]>(name: Name) => ({ name, certificate: certificates[name]! });
    ({ ca } = signed[0]!);
    otherCa = (await certificatesFor(["elsewhere.example"]))[0]!.ca;
    // As many a company's CA, it does not say what its key is for.
    const [old] = await certificatesFor([hostOf(namespace, "redis-old")], { saysItsUse: false });
    oldCa = old!.ca;
    const start = (pod: Parameters<typeof startServer>[2]) => startServer(cluster, namespace, pod);
    const { certificate: _, ...plain } = {
        ...tlsPostgres({ ...of("postgres"), user: "shop", password: passwords.database }),
        name: "plain",
        args: ["postgres"],
    };
    const cacheServer = { password: passwords.cache, policy: "allkeys-lru" } as const;
    const started = await Promise.all([
        start(tlsPostgres({ ...of("postgres"), user: "shop", password: passwords.database })),
        start(tlsRedis({ ...of("redis-cache"), ...cacheServer, plainPort })),
        start(tlsRedis({ ...of("redis-replica"), ...cacheServer, copies: hostOf(namespace, "redis-cache") })),
        start(tlsRedis({ ...of("redis-broker"), password: passwords.broker, policy: "noeviction" })),
        start(tlsRabbitmq(of("rabbitmq"))),
        start(plain),
        start(tlsRedis({ name: "redis-old", certificate: old!, ...cacheServer })),
    ]);
    servers = Object.fromEntries(
        [...names, "plain" as const, "redis-old" as const].map((name, index) => [name, started[index]!]),
    ) as typeof servers;
    for (const [name, password] of [["shop", passwords.queue] as const, ["blog", passwords.blogQueue] as const]) {
        await rabbit("add_vhost", name);
        await rabbit("add_user", name, password);
        await rabbit("set_permissions", "-p", name, name, ".*", ".*", ".*");
    }
    await psql(`CREATE ROLE blog LOGIN PASSWORD '${passwords.blog.replace("'", "''")}'`);
    await psql("CREATE DATABASE blog OWNER blog");
    await environment.setSecret("secrets.databasePassword", passwords.database);
    await environment.setSecret("secrets.cachePassword", passwords.cache);
    await environment.setSecret("secrets.brokerPassword", passwords.queue);
});

afterAll(async () => {
    Object.values(clients ?? {}).forEach((client) => client.close());
    await environment?.remove();
    await cluster?.core.deleteNamespace({ name: namespace }).catch(() => undefined);
});

describe("what is wrong with TLS: the update says it of each store, and begins nothing", () => {
    async function refused(): Promise<string> {
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode).not.toBe(0);
        for (const password of Object.values(passwords)) {
            expect(output).not.toContain(password);
        }
        const pods = (await cluster.pods(environment.namespace)).map(({ metadata }) => metadata!.name!);
        expect(pods.filter((name) => !name.startsWith("sample-check"))).toEqual([]);
        return output;
    }

    test("PostgreSQL and RabbitMQ without it, Redis with a certificate of another CA", async () => {
        await environment.configure((config) => {
            oneApp(config);
            config["database"] = database({ mode: "verify-full", ca }, {}, "plain");
            config["cache"] = cache({ mode: "verify-full", ca: otherCa });
            config["broker"] = amqp({ mode: "verify-full", ca }, { user: "shop", vhost: "shop", port: 5672 });
        });
        const output = await refused();
        expect(output).toContain(`database: ${servers.plain.host}:5432 does not offer TLS (its ssl is off)`);
        expect(output).toContain("pulumi config set --path 'database.tls.mode' disable");
        expect(output).toContain(
            `cache: the certificate of ${servers["redis-cache"].host}:6379 is not signed by the CA in cache.tls.ca`,
        );
        expect(output).toContain("pulumi config set --path 'cache.tls.ca' < ca.pem, with the CA that signed it");
        expect(output).toContain(`broker: ${servers.rabbitmq.host}:5672 does not speak TLS at this port`);
        expect(output).toContain("allowed: TLS, for broker.tls.mode is verify-full");
    });

    test("Redis without it, PostgreSQL and RabbitMQ with a certificate of another CA", async () => {
        await environment.configure((config) => {
            oneApp(config);
            config["database"] = database({ mode: "verify-ca", ca: otherCa });
            config["cache"] = cache({ mode: "require" }, { port: plainPort });
            config["broker"] = amqp({ mode: "verify-ca", ca: otherCa }, { user: "shop", vhost: "shop" });
        });
        const output = await refused();
        expect(output).toContain(
            `database: the certificate of ${servers.postgres.host}:5432 is not signed by the CA in database.tls.ca`,
        );
        // Redis waits for the end of a line, which the beginning of TLS has not.
        expect(output).toContain(
            `cache: ${servers["redis-cache"].host}:${plainPort} did not answer the beginning of TLS within 5 seconds, as one without TLS does`,
        );
        expect(output).toContain(
            `broker: the certificate of ${servers.rabbitmq.host}:5671 is not signed by the CA in broker.tls.ca`,
        );
    });

    test("Redis with a CA that Python 3.13 refuses, as redis-py would at each request", async () => {
        await environment.configure((config) => {
            oneApp(config);
            config["database"] = database({ mode: "verify-full", ca });
            config["cache"] = store("redis-old", { mode: "verify-full", ca: oldCa }, { protocol: "redis" });
            config["broker"] = amqp({ mode: "verify-full", ca }, { user: "shop", vhost: "shop" });
        });
        expect(await refused()).toContain(
            `cache: the certificate of ${servers["redis-old"].host}:6379, or that of its CA, is not as RFC 5280 wants it: CA cert does not include key usage extension`,
        );
    });
});

describe("two apps with TLS in every mode, and a virtual host each", () => {
    beforeAll(async () => {
        await environment.setSecret("secrets.apps.blog.databasePassword", passwords.blog);
        await environment.setSecret("secrets.apps.blog.cachePassword", passwords.cache);
        await environment.setSecret("secrets.apps.blog.brokerPassword", passwords.blogQueue);
        await environment.configure((config) => {
            config["database"] = database({ mode: "verify-ca", ca });
            twoApps(config, {
                database: database({ mode: "require" }, { database: "blog", user: "blog" }),
                cache: cache({ mode: "require" }),
                broker: amqp({ mode: "verify-ca", ca }, { user: "blog", vhost: "blog" }),
            });
        });
        await up();
    });

    test("every store of both is live, and values are read from the replica", async () => {
        const sample = await status("sample", (each) => doneBy("sample")(each) && each.cache.value !== null);
        expect(sample.cache).toMatchObject({ role: "slave", server: `${servers["redis-replica"].host}:6379` });
        expect(sample.task.carrier).toMatch(/^RabbitMQ/);
        const blog = await status("blog", (each) => doneBy("blog")(each) && each.cache.value !== null);
        expect(blog.cache).toMatchObject({ role: "master", server: "blog-cache:6379" });
        expect(blog.task.carrier).toMatch(/^RabbitMQ/);
        const rows = blog.database.rows;
        await clients.sample.addVisit();
        expect((await clients.blog.status()).database.rows).toBe(rows);
    });

    test("all of it is encrypted, also from the primary to its replica", async () => {
        const sql = `SELECT a.usename, bool_and(s.ssl) FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid)
            WHERE a.client_addr IS NOT NULL AND a.usename IN ('shop', 'blog') GROUP BY 1 ORDER BY 1`;
        expect(await psql(sql)).toBe("blog|t\nshop|t");
        const connections = await rabbit("list_connections", "user", "vhost", "ssl", "--no-table-headers");
        expect([...new Set(connections.split("\n"))].toSorted()).toEqual(["blog\tblog\ttrue", "shop\tshop\ttrue"]);
        // Neither Django nor the primary could go elsewhere: this server has no other port.
        const told = ["redis-cli", "--tls", "--insecure", "-a", passwords.cache, "--no-auth-warning", "info"];
        expect(await inServer("redis-replica", [...told, "replication"])).toContain("master_link_status:up");
    });

    test("each app's tasks are in its own virtual host, which the other may not enter", async () => {
        for (const name of ["shop", "blog"]) {
            expect(await rabbit("list_queues", "-p", name, "name", "--no-table-headers")).toMatch(/^celery$/m);
            expect(await rabbit("list_permissions", "-p", name, "--no-table-headers")).toBe(`${name}\t.*\t.*\t.*`);
        }
        const enter = `from urllib.parse import urlsplit
from django.conf import settings
from kombu import Connection
url = urlsplit(settings.CELERY_BROKER_URL)
try:
    Connection(url._replace(path='/shop').geturl(), ssl=settings.CELERY_BROKER_USE_SSL).connect()
except Exception as error:
    print(error)`;
        expect(await python("blog-web", enter)).toContain("access to vhost 'shop' refused for user 'blog'");
    });

    test("a second update has nothing to change", async () => {
        const { exitCode, output } = await environment.pulumi("preview", "--expect-no-changes");
        expect(exitCode, output).toBe(0);
    });
});

describe("a pooler that lends whole sessions, before a server with TLS; Redis with TLS as a broker", () => {
    beforeAll(async () => {
        await environment.setSecret("secrets.apps.blog.brokerPassword", passwords.broker);
        await environment.configure((config) => {
            config["database"] = database(
                { mode: "verify-full", ca },
                { pooler: { image: "localhost/pgbouncer:1.24", mode: "session", size: 12, replicas: 1 } },
            );
            twoApps(config, {
                database: database({ mode: "require" }, { database: "blog", user: "blog" }),
                cache: cache({ mode: "require" }),
                broker: store("redis-broker", { mode: "verify-full", ca }, { protocol: "redis" }),
            });
        });
        await up();
    });

    test("pages and tasks go through both", async () => {
        const sample = await status("sample", (each) => each.database.connections === "new for each request");
        expect(sample.database.engine).toBe("postgresql");
        const before = await clients.sample.addVisit();
        expect(await clients.sample.addVisit()).toBe(before + 1);
        await status("sample", doneBy("sample"));
        const blog = await status("blog", (each) => doneBy("blog")(each) && each.task.carrier === "Redis");
        const { finished_at: last } = blog.task;
        await status("blog", ({ task }) => task.finished_at !== last);
    });

    test("a client has a session to itself until it goes, and nothing of it is left for the next", async () => {
        const sessions = `import os, psycopg
url = os.environ['DATABASE_URL']
assert '@database-pooler:' in url
client = lambda: psycopg.connect(url, autocommit=True, prepare_threshold=None)
one = lambda connection, query: connection.execute(query).fetchone()[0]
pid = 'SELECT pg_backend_pid()'
with client() as first, client() as second:
    first.execute("SET statement_timeout = '7s'")
    first.execute('CREATE TEMPORARY TABLE kept AS SELECT 1 AS n')
    first.execute('SELECT pg_advisory_lock(7)')
    pids = [{one(each, pid) for _ in range(5)} for each in (first, second, first, second)]
    print(pids[0] == pids[2], pids[1] == pids[3], len(pids[0] | pids[1]))
    print(one(first, 'SHOW statement_timeout'), one(second, 'SHOW statement_timeout') == '7s')
    print(one(first, 'SELECT n FROM kept'), one(second, 'SELECT pg_try_advisory_lock(7)'))
with client() as third:
    print(one(third, pid) in pids[0] | pids[1], one(third, 'SHOW statement_timeout') == '7s')
    print(one(third, "SELECT to_regclass('pg_temp.kept') IS NULL"), one(third, 'SELECT pg_try_advisory_lock(7)'))`;
        expect((await python("sample-web", sessions)).split("\n")).toEqual([
            "True True 2",
            "7s False",
            "1 False",
            "True False",
            "True True",
        ]);
        const pooler = (await cluster.pods(environment.namespace, "database-pooler"))[0]!.status!.podIP!;
        const sql = `SELECT bool_and(s.ssl) FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid) WHERE host(a.client_addr) = '${pooler}'`;
        expect(await psql(sql)).toBe("t");
    });

    test("Django itself compares the name in each certificate, not only the release's first job", async () => {
        // By the Services' names, which are in no certificate; the shell goes past the pooler. kombu writes the name that it compares into the
        // options that it is given, so each call has a copy.
        const compare = `import psycopg, redis
from urllib.parse import urlsplit
from django.conf import settings
from django.db import connection
from kombu import Connection
def named(url, host):
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.replace(parts.hostname, host)).geturl()
broker, cache = settings.CELERY_BROKER_URL, settings.CACHES['default']['LOCATION'][0]
calls = {
    'database': lambda host: psycopg.connect(**{**connection.get_connection_params(), **({'host': host} if host else {})}).close(),
    'cache': lambda host: redis.Redis.from_url(named(cache, host or urlsplit(cache).hostname)).ping(),
    'broker': lambda host: Connection(named(broker, host or urlsplit(broker).hostname), ssl=dict(settings.CELERY_BROKER_USE_SSL)).connect(),
}
for name, call in calls.items():
    call(None)
    try:
        call(name)
    except Exception as error:
        print(name, str(error))`;
        const refusals = (await python("sample-shell", compare)).split("\n");
        expect(refusals).toHaveLength(3);
        expect(refusals[0]).toMatch(/^database .*does not match host name "database"/);
        expect(refusals[1]).toMatch(/^cache .*Hostname mismatch, certificate is not valid for 'cache'/);
        expect(refusals[2]).toMatch(/^broker .*Hostname mismatch, certificate is not valid for 'broker'/);
    });

    test("a second update has nothing to change", async () => {
        const { exitCode, output } = await environment.pulumi("preview", "--expect-no-changes");
        expect(exitCode, output).toBe(0);
    });
});
