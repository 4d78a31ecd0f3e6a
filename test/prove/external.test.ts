// Stores that are somebody else's: PostgreSQL with TLS and two Redis in another namespace. What is wrong with them ends an update at its
// first job with a sentence that says so, and what is right is used. Then RabbitMQ and Memcached of others, under daphne, with a worker
// that is a command. The tests are one story, in order. Not proved here: servers outside the cluster's network.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../cluster/support/client.ts";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { bringImages, certificateFor, hostOf, startServer, type RunningServer } from "../cluster/support/servers.ts";

const namespace = "test-stores-of-others";
const passwords = {
    database: "the database's pässword",
    cache: "the cache's password",
    broker: "the broker's password",
};

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;
let servers: Readonly<Record<"database" | "cache" | "broker", RunningServer>>;
let ca: string;

function external(cidrs: readonly string[] = [`${servers.database.address}/32`]): (config: StackConfig) => void {
    return (config) => {
        const [app] = config["apps"];
        app.web.replicas = { min: 1, max: 1 };
        delete app.beat;
        const of = ({ host, address }: RunningServer) => ({ variant: "external", host, cidrs: [`${address}/32`] });
        config["database"] = {
            ...of(servers.database),
            cidrs: [...cidrs],
            database: "shop",
            user: "shop",
            tls: { mode: "verify-full", ca },
            maxConnections: 90,
        };
        config["cache"] = { ...of(servers.cache), protocol: "redis", tls: { mode: "disable" } };
        config["broker"] = { ...of(servers.broker), protocol: "redis", tls: { mode: "disable" } };
    };
}

beforeAll(async () => {
    environment = await TestEnvironment.create("external");
    cluster = new Cluster();
    client = new Client(environment.host);
    await bringImages("localhost/postgres:15", "localhost/redis:7", "localhost/rabbitmq:4", "localhost/memcached:1.6");
    await cluster.core.createNamespace({ body: { metadata: { name: namespace } } });
    const certificate = await certificateFor(hostOf(namespace, "postgres"));
    ({ ca } = certificate);
    const redis = (name: string, password: string, policy: string) =>
        startServer(cluster, namespace, {
            name,
            port: 6379,
            image: "localhost/redis:7",
            args: ["--requirepass", password, "--maxmemory", "64mb", "--maxmemory-policy", policy],
        });
    const [database, cache, broker] = await Promise.all([
        startServer(cluster, namespace, {
            name: "postgres",
            port: 5432,
            image: "localhost/postgres:15",
            args: ["postgres", "-c", "ssl=on", "-c", "ssl_cert_file=/tls/tls.crt", "-c", "ssl_key_file=/tls/tls.key"],
            environment: { POSTGRES_USER: "shop", POSTGRES_PASSWORD: passwords.database },
            certificate,
        }),
        redis("redis-cache", passwords.cache, "allkeys-lru"),
        redis("redis-broker", passwords.broker, "noeviction"),
    ]);
    servers = { database, cache, broker };
    await environment.configure(external(["10.20.0.0/28"]));
    for (const [store, password] of Object.entries(passwords)) {
        await environment.setSecret(`secrets.${store}Password`, password);
    }
});

afterAll(async () => {
    client?.close();
    await environment?.remove();
    await cluster?.core.deleteNamespace({ name: namespace }).catch(() => undefined);
});

describe("stores of others", () => {
    test("at an address that the settings do not open: the update says which, and begins nothing", async () => {
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode).not.toBe(0);
        expect(output).toContain(
            `database: ${servers.database.host} has the address ${servers.database.address}, which is in none of database.cidrs (10.20.0.0/28)`,
        );
        expect(output).toContain(`pulumi config set --path 'database.cidrs[1]' ${servers.database.address}/32`);
        const jobs = (await cluster.pods(environment.namespace)).map(({ metadata }) => metadata!.name!);
        expect(jobs.filter((name) => !name.startsWith("sample-check"))).toEqual([]);
    });

    test("checked, used by page, worker and cache, and nothing changes in a second update", async () => {
        await environment.configure(external());
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode, output).toBe(0);
        await eventually(async () => {
            const { cache, task, database } = await client.status();
            return cache.value !== null && task !== null && database.engine === "postgresql"
                ? undefined
                : JSON.stringify({ cache, task, database });
        }, 90);
        const [postgres] = await cluster
            .pods(namespace)
            .then((pods) => pods.filter(({ metadata }) => metadata?.name === "postgres"));
        const sql =
            "SELECT count(*) > 0 FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid) WHERE a.application_name = 'django-sample' AND s.ssl";
        expect((await cluster.exec(postgres!, ["psql", "-U", "shop", "-XAtc", sql])).trim()).toBe("t");
        const preview = await environment.pulumi("preview", "--expect-no-changes");
        expect(preview.exitCode, preview.output).toBe(0);
    });

    test("with a wrong password: the update says so without it, and the old release serves on", async () => {
        await environment.setSecret("secrets.databasePassword", "some0ther-password");
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode).not.toBe(0);
        expect(output).toContain(
            `${servers.database.host}:5432 refuses the login of shop: wrong password, or no such user`,
        );
        expect(output).not.toContain("some0ther-password");
        expect((await client.send("GET", "/")).status).toBe(200);
        expect((await client.status()).database.engine).toBe("postgresql");
    });

    test("behind a pooler: Django goes through it, with TLS from there on, and the shell goes to the server itself", async () => {
        await environment.setSecret("secrets.databasePassword", passwords.database);
        await environment.configure((config) => {
            external()(config);
            config["database"].pooler = { image: "localhost/pgbouncer:1.24", size: 8, replicas: 1 };
        });
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode, output).toBe(0);
        await eventually(async () => {
            const { database } = await client.status();
            return database.connections === "from a pooler" ? undefined : JSON.stringify(database);
        }, 60);
        const before = await client.addVisit();
        expect(await client.addVisit()).toBe(before + 1);
        const pooler = (await cluster.pods(environment.namespace, "database-pooler"))[0]!.status!.podIP!;
        const sql = `SELECT count(*) > 0 FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid) WHERE host(a.client_addr) = '${pooler}' AND s.ssl`;
        const server = await cluster.core.readNamespacedPod({ namespace, name: "postgres" });
        expect((await cluster.exec(server, ["psql", "-U", "shop", "-XAtc", sql])).trim()).toBe("t");
        const [shell] = await cluster.pods(environment.namespace, "sample-shell");
        const host = "from django.conf import settings; print(settings.DATABASES['default']['HOST'])";
        const shellsHost = await cluster.exec(shell!, ["python", "manage.py", "shell", "--no-imports", "-c", host]);
        expect(shellsHost.trim()).toBe(servers.database.host);
    });
});

describe("RabbitMQ and Memcached of others", () => {
    const password = "of the queue's üser";

    async function rabbit(...command: string[]): Promise<string> {
        const server = await cluster.core.readNamespacedPod({ namespace, name: "rabbitmq" });
        return await cluster.exec(server, ["rabbitmqctl", "-q", ...command]);
    }

    test("a user without the virtual host's rights: the update says so, and the old release serves on", async () => {
        const [queue, memory] = await Promise.all([
            startServer(cluster, namespace, {
                name: "rabbitmq",
                port: 5672,
                image: "localhost/rabbitmq:4",
                args: ["rabbitmq-server"],
            }),
            startServer(cluster, namespace, {
                name: "memcached",
                port: 11211,
                image: "localhost/memcached:1.6",
                args: ["memcached", "-l", "0.0.0.0"],
            }),
        ]);
        await rabbit("add_vhost", "shop");
        await rabbit("add_user", "shop", password);
        await environment.setSecret("secrets.brokerPassword", password);
        await environment.removeSetting("secrets.cachePassword");
        const at = ({ host, address }: RunningServer) => ({
            variant: "external",
            host,
            cidrs: [`${address}/32`],
            tls: { mode: "disable" },
        });
        await environment.configure((config) => {
            external()(config);
            const [app] = config["apps"];
            app.web = { size: "medium", replicas: { min: 1, max: 1 }, server: "daphne", gracefulTimeout: 5 };
            app.workers = {
                any: {
                    kind: "command",
                    command: ["celery", "--app", "sample", "worker", "--concurrency", "1", "--queues", "celery"],
                    size: "small",
                },
            };
            const { tls: _, ...cache } = at(memory);
            config["cache"] = { ...cache, protocol: "memcached" };
            config["broker"] = { ...at(queue), protocol: "amqp", user: "shop", vhost: "shop" };
        });
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode).not.toBe(0);
        expect(output).toContain(`broker: shop may not use the virtual host shop of ${queue.host}:5672`);
        expect(output).toContain("rabbitmqctl set_permissions");
        expect((await client.send("GET", "/")).status).toBe(200);
    });

    test("with them: page, cache, and a task through RabbitMQ", async () => {
        await rabbit("set_permissions", "-p", "shop", "shop", ".*", ".*", ".*");
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode, output).toBe(0);
        await eventually(async () => {
            const status = await client.status();
            const { cache, task } = status;
            return cache.role === "memcached" &&
                cache.value !== null &&
                task.result !== null &&
                task.carrier.startsWith("RabbitMQ") &&
                task.worker?.includes("sample-worker-any-") === true &&
                status.interface === "ASGI"
                ? undefined
                : JSON.stringify(status);
        }, 90);
        expect(await rabbit("list_queues", "-p", "shop", "name", "--no-table-headers")).toMatch(/^celery$/m);
    });

    test("given up for stores in the namespace: they take over the names, and the app finds them", async () => {
        for (const secret of ["databasePassword", "brokerPassword"]) {
            await environment.removeSetting(`secrets.${secret}`);
        }
        await environment.configure((config) => {
            config["apps"][0].web.replicas = { min: 1, max: 1 };
            delete config["apps"][0].beat;
        });
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode, output).toBe(0);
        await eventually(async () => {
            const { cache, task } = await client.status();
            return cache.role !== "memcached" &&
                cache.value !== null &&
                task.result !== null &&
                task.carrier === "Redis"
                ? undefined
                : JSON.stringify({ cache, task });
        }, 90);
        const preview = await environment.pulumi("preview", "--expect-no-changes");
        expect(preview.exitCode, preview.output).toBe(0);
    });
});
