// What the examples of examples/stacks have and Pulumi.local.yaml has not, for real: each comes up with the nearest servers that run
// here, and its page tells that every store is live. The example of a pull request: test/cluster/ephemeral.test.ts.
// Where a twin differs: k3s's file server is a folder of the one node, and has its static files too. Cloud SQL, RDS and DigitalOcean's
// PostgreSQL are a server of others with TLS, or one in the cluster; RDS' administrator makes the databases, and PgBouncer stands where
// DigitalOcean's pool does, and before RDS. Memorystore and ElastiCache are Redis in the cluster. Buckets are those of a server that
// speaks S3, without a CDN.
// Not proved here: what only the clouds have (their networks, managed servers, CDNs, load balancers), and volumes of several nodes.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
    gatewayPorts,
    nodeAddress,
    sharedStorageClass,
    startObjectStorage,
    stopObjectStorage,
    type ObjectStorage,
} from "../../lab/cluster/index.ts";
import { removeBucket } from "../cluster/support/buckets.ts";
import { Client, type AppStatus } from "../cluster/support/client.ts";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { MiB, sendForm, zeros } from "../cluster/support/form.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { bringImages, certificatesFor, hostOf, startServer, type RunningServer } from "../cluster/support/servers.ts";
import { upload } from "../cluster/support/upload.ts";
import { Websocket } from "../cluster/support/websocket.ts";
import { tlsPostgres, tlsRabbitmq, tlsRedis } from "./support/tls-servers.ts";

const picture = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
);

function report(message: string): void {
    console.log(message);
}

/** An environment that is up, with a client for each host. */
class Team {
    readonly environment: TestEnvironment;
    readonly cluster: Cluster = new Cluster();
    readonly #clients = new Map<string, Client>();

    private constructor(environment: TestEnvironment) {
        this.environment = environment;
    }

    static async create(name: string): Promise<Team> {
        return new Team(await TestEnvironment.create(name));
    }

    get host(): string {
        return this.environment.host;
    }

    async up(edit: (config: StackConfig) => void, secrets: Readonly<Record<string, string>> = {}): Promise<void> {
        await this.environment.configure((config) => {
            config["apps"][0].web.replicas = { min: 1, max: 1 };
            edit(config);
        });
        for (const [path, value] of Object.entries(secrets)) {
            await this.environment.setSecret(`secrets.${path}`, value);
        }
        const { exitCode, output } = await this.environment.pulumi("up");
        expect(exitCode, output).toBe(0);
    }

    client(host: string = this.host): Client {
        const client = this.#clients.get(host) ?? new Client(host);
        this.#clients.set(host, client);
        return client;
    }

    /** Until the page tells what it should; every view of it sends a task. */
    async status(right: (status: AppStatus) => boolean, host: string = this.host, seconds = 90): Promise<AppStatus> {
        let last: AppStatus | undefined;
        await eventually(async () => {
            last = await this.client(host).status();
            return right(last) ? undefined : JSON.stringify(last);
        }, seconds);
        return last!;
    }

    /** Runs Python with Django in the app's shell. */
    async python(code: string): Promise<string> {
        const [pod] = await this.cluster.pods(this.environment.namespace, "sample-shell");
        return (await this.cluster.exec(pod!, ["python", "manage.py", "shell", "--no-imports", "-c", code])).trim();
    }

    /** What the page's style sheet is. */
    async css(host: string = this.host): Promise<number> {
        const { static: files } = await this.client(host).status();
        return files.css.startsWith("/")
            ? (await this.client(host).send("GET", files.css)).status
            : (await fetch(files.css)).status;
    }

    async remove(): Promise<void> {
        this.#clients.forEach((client) => client.close());
        await this.environment.remove();
    }
}

/** A bucket of static files that pages of these hosts read, and one of uploaded files. */
class Buckets {
    readonly storage: ObjectStorage;
    readonly static: string;
    readonly media: string;

    private constructor(storage: ObjectStorage, name: string) {
        this.storage = storage;
        this.static = `${name}-static`;
        this.media = `${name}-media`;
    }

    static async create(name: string, hosts: readonly string[]): Promise<Buckets> {
        const readBy = hosts.map((host) => `http://${host}:${gatewayPorts.http}`);
        const wanted = [{ name: `${name}-static`, readBy }, { name: `${name}-media` }];
        return new Buckets(await startObjectStorage(report, wanted), name);
    }

    get url(): string {
        return `${this.storage.endpoint}/${this.static}/`;
    }

    /** The section `assets`. */
    get assets(): object {
        const { endpoint, region } = this.storage;
        return {
            variant: "s3-compatible",
            endpoint,
            region,
            cidrs: [`${nodeAddress}/32`],
            static: { bucket: this.static, url: this.url },
            media: { bucket: this.media },
        };
    }

    get secrets(): Readonly<Record<string, string>> {
        return { assetsAccessKeyId: this.storage.accessKey, assetsSecretAccessKey: this.storage.secretKey };
    }

    async remove(): Promise<void> {
        await Promise.all([this.static, this.media].map((bucket) => removeBucket(this.storage, bucket)));
        await stopObjectStorage(report);
    }
}

/** The namespace of a team's own servers. */
async function ownNamespace({ cluster }: Team, name: string): Promise<void> {
    await cluster.core.createNamespace({ body: { metadata: { name } } });
}

async function removeNamespace(name: string): Promise<void> {
    await new Cluster().core.deleteNamespace({ name }).catch(() => undefined);
}

function at({ host, address }: RunningServer, ca: string): object {
    return { variant: "external", host, cidrs: [`${address}/32`], tls: { mode: "verify-full", ca } };
}

const finished = ({ task }: AppStatus): boolean => task.result !== null;

describe("k3s: servers of the team's own, and volumes", () => {
    const namespace = "test-own-servers";
    const names = ["postgres", "redis-1", "redis-2", "rabbitmq"] as const;
    const passwords = {
        databasePassword: "of the dätabase",
        cachePassword: "of the cache",
        brokerPassword: "of the broker",
    };
    let team: Team;
    let replica: RunningServer;

    beforeAll(async () => {
        team = await Team.create("own-stores");
        const { cluster } = team;
        await ownNamespace(team, namespace);
        await bringImages("localhost/postgres:15", "localhost/redis:7", "localhost/rabbitmq:4");
        const signed = await certificatesFor(names.map((name) => hostOf(namespace, name)));
        const { ca } = signed[0]!;
        const of = (name: (typeof names)[number]) => ({ name, certificate: signed[names.indexOf(name)]! });
        const redis = { password: passwords.cachePassword, policy: "allkeys-lru" } as const;
        const [database, cache, copy, broker] = await Promise.all(
            [
                tlsPostgres({ ...of("postgres"), user: "shop", password: passwords.databasePassword }),
                tlsRedis({ ...of("redis-1"), ...redis }),
                tlsRedis({ ...of("redis-2"), ...redis, copies: hostOf(namespace, "redis-1") }),
                tlsRabbitmq(of("rabbitmq")),
            ].map((server) => startServer(cluster, namespace, server)),
        );
        replica = copy!;
        const queue = await cluster.core.readNamespacedPod({ namespace, name: "rabbitmq" });
        for (const command of [
            ["add_vhost", "shop"],
            ["add_user", "shop", passwords.brokerPassword],
            ["set_permissions", "-p", "shop", "shop", ".*", ".*", ".*"],
        ]) {
            await cluster.exec(queue, ["rabbitmqctl", "-q", ...command]);
        }
        await team.up((config) => {
            config["database"] = { ...at(database!, ca), database: "shop", user: "shop", maxConnections: 90 };
            config["cache"] = {
                ...at(cache!, ca),
                protocol: "redis",
                replicas: [{ host: replica.host }],
                cidrs: [cache!, replica].map(({ address }) => `${address}/32`),
            };
            config["broker"] = { ...at(broker!, ca), protocol: "amqp", user: "shop", vhost: "shop" };
            config["apps"][0].web.replicas = { min: 2, max: 2 };
            const onFileServer = { storage: "256Mi", accessMode: "ReadWriteMany", storageClass: sharedStorageClass };
            config["assets"] = {
                variant: "whitenoise",
                files: { from: "volume", ...onFileServer },
                media: { from: "volume", ...onFileServer },
            };
            config["apps"][0].volumes = { exports: { path: "/srv/exports", ...onFileServer } };
        }, passwords);
    });

    afterAll(async () => {
        await team?.remove();
        await removeNamespace(namespace);
    });

    test("every store is live", async () => {
        const status = await team.status((each) => finished(each) && each.beat.count > 0 && each.cache.value !== null);
        expect(status.database).toMatchObject({ engine: "postgresql", connections: "kept for 60 s" });
        expect(status.cache).toMatchObject({ role: "slave", server: `${replica.host}:6379` });
        expect(status.cache.value).toBeGreaterThan(0);
        expect(status.task).toMatchObject({ library: "Celery", carrier: "RabbitMQ, classic queue" });
        expect(await team.css()).toBe(200);
    });

    test("they are the team's: nothing of them is in the namespace, and the rows are on its server", async () => {
        const pods = await team.cluster.pods(team.environment.namespace);
        const names = pods.map(({ metadata }) => metadata?.labels?.["app.kubernetes.io/name"] ?? "");
        expect(names.filter((name) => /^(database|cache|broker)/.test(name))).toEqual([]);
        const rows = await team.client().addVisit();
        const server = await team.cluster.core.readNamespacedPod({ namespace, name: "postgres" });
        const count = ["-U", "shop", "-d", "shop", "-tAc", "SELECT count(*) FROM sample_visit"];
        expect(Number(await team.cluster.exec(server, ["psql", ...count]))).toBe(rows);
    });

    test("an upload is on the volume that pods of every node share, and so is the app's folder", async () => {
        await upload(team.client(), team.host, { file: "dot.png", size: picture.length, content: [picture] });
        const { uploads } = await team.client().status();
        expect(uploads).toMatchObject({ place: "volume", name: "dot.png" });
        const { namespace: own } = team.environment;
        const pods = async (workload: string) => await team.cluster.pods(own, workload);
        const [worker] = await pods("sample-worker-default");
        await team.cluster.exec(worker!, ["sh", "-c", "echo exported > /srv/exports/list"]);
        // The autoscaler makes the second one.
        await eventually(async () => {
            const ready = (await pods("sample-web")).filter(({ status }) => status?.containerStatuses?.[0]?.ready);
            return ready.length === 2 ? undefined : `${ready.length} of sample-web are ready`;
        }, 90);
        const webs = await pods("sample-web");
        for (const web of webs) {
            expect(await team.cluster.exec(web, ["cat", "/srv/exports/list"])).toBe("exported\n");
            const served = `import urllib.request as r; print(r.urlopen(r.Request("http://127.0.0.1:8000${uploads.url!}", headers={"Host": "${team.host}"})).status)`;
            expect(await team.cluster.exec(web, ["python", "-c", served])).toBe("200\n");
            // Nothing holds them to one node, as a volume of one node does.
            expect(web.spec!.affinity?.podAffinity).toBeUndefined();
        }
        const { items } = await team.cluster.core.listNamespacedPersistentVolumeClaim({ namespace: own });
        const shared = items.filter(({ spec }) => spec!.storageClassName === sharedStorageClass);
        expect(shared.map(({ spec, status }) => [status!.phase, spec!.accessModes])).toEqual(
            Array.from({ length: 3 }, () => ["Bound", ["ReadWriteMany"]]),
        );
    });
});

describe("GKE Autopilot: commands at certain times, tasks in the database, buckets", () => {
    let team: Team;
    let buckets: Buckets;

    beforeAll(async () => {
        team = await Team.create("cron");
        buckets = await Buckets.create("cron", [team.host]);
        await team.up((config) => {
            const [app] = config["apps"];
            app.environment = { DJANGO_APP_TASKS_LIBRARY: "django-tasks" };
            app.workers = { tasks: { kind: "db-worker", queues: ["*"], size: "small", taskTimeLimit: 30 } };
            app.scheduled = {
                "clear-old": { schedule: "* * * * *", command: ["python", "manage.py", "clear_old"] },
            };
            delete app.beat;
            config["broker"] = { variant: "none" };
            config["assets"] = buckets.assets;
        }, buckets.secrets);
    });

    afterAll(async () => {
        await team?.remove();
        await buckets?.remove();
    });

    test("every store is live", async () => {
        const status = await team.status(finished);
        expect(status.database.engine).toBe("postgresql");
        expect(status.cache.value).toBeGreaterThan(0);
        expect(status.task).toMatchObject({ library: "Django Tasks", carrier: "database" });
        expect(status.static.place).toBe(`bucket ${buckets.static}`);
        expect(status.static.css.startsWith(buckets.url)).toBe(true);
        expect(await team.css()).toBe(200);
    });

    test("an upload is in the bucket, and read from there at an address that the app signed", async () => {
        await upload(team.client(), team.host, { file: "dot.png", size: picture.length, content: [picture] });
        const { uploads } = await team.client().status();
        expect(uploads).toMatchObject({ place: `bucket ${buckets.media}`, name: "dot.png" });
        const signed = new URL(uploads.url!);
        expect(Buffer.from(await (await fetch(signed)).arrayBuffer())).toEqual(picture);
        expect((await fetch(`${signed.origin}${signed.pathname}`)).status).toBe(403);
    });

    test("the command runs at its time, in a pod of its own", async () => {
        const { scheduled } = await team.status((each) => each.scheduled.result !== null, team.host, 150);
        expect(scheduled.result).toMatch(/^\d+ uploads? cleared$/);
        expect(scheduled.by).toMatch(/^sample-scheduled-clear-old-\d+-/);
    });
});

describe("EKS: two apps behind a pooler at a server of others, ASGI with websockets, large uploads to buckets", () => {
    const namespace = "test-adopted-server";
    const passwords = { databasePassword: "of the shop", databaseAdministratorPassword: "of the ädministrator" };
    let team: Team;
    let desk: string;
    let buckets: Buckets;

    beforeAll(async () => {
        team = await Team.create("two-apps");
        const { cluster } = team;
        desk = `desk.${team.host}`;
        buckets = await Buckets.create("two-apps", [team.host, desk]);
        await ownNamespace(team, namespace);
        await bringImages("localhost/postgres:15");
        const [certificate] = await certificatesFor([hostOf(namespace, "main")]);
        const root = { user: "root", password: passwords.databaseAdministratorPassword };
        const server = await startServer(
            cluster,
            namespace,
            tlsPostgres({ name: "main", certificate: certificate!, ...root }),
        );
        const pod = await cluster.core.readNamespacedPod({ namespace, name: "main" });
        for (const sql of [
            `CREATE ROLE shop LOGIN PASSWORD '${passwords.databasePassword}'`,
            "CREATE DATABASE shop OWNER shop",
        ]) {
            await cluster.exec(pod, ["psql", "-U", "root", "-c", sql]);
        }
        await team.up(
            (config) => {
                const [app] = config["apps"];
                const { superuser: _, ...release } = app.release;
                config["environment"].mainApp = app.name;
                config["apps"].push({
                    ...app,
                    name: "desk",
                    hosts: [desk],
                    web: { ...app.web, processes: 1, threads: 2 },
                    beat: undefined,
                    shell: undefined,
                    release,
                });
                app.web = {
                    size: "medium",
                    replicas: { min: 1, max: 1 },
                    server: "uvicorn",
                    processes: 1,
                };
                config["database"] = {
                    ...at(server, certificate!.ca),
                    database: "shop",
                    user: "shop",
                    maxConnections: 90,
                    administrator: { user: root.user, image: "localhost/postgres:15" },
                    pooler: { image: "localhost/pgbouncer:1.24", size: 8, replicas: 1 },
                };
                config["assets"] = buckets.assets;
                config["exposure"] = { variant: "gateway", maxBodySize: "500Mi", requestTimeout: 900 };
            },
            { ...passwords, ...buckets.secrets },
        );
    });

    afterAll(async () => {
        await team?.remove();
        await removeNamespace(namespace);
        await buckets?.remove();
    });

    test("every store of both is live, and they are kept apart", async () => {
        const shop = await team.status((each) => finished(each) && each.beat.count > 0);
        expect(shop).toMatchObject({ interface: "ASGI", database: { connections: "from a pooler" } });
        const other = await team.status(finished, desk);
        expect(other).toMatchObject({ interface: "WSGI", database: { connections: "from a pooler" } });
        for (const [host, { cache, task }] of [[team.host, shop] as const, [desk, other] as const]) {
            expect(cache.value).toBeGreaterThan(0);
            expect(task).toMatchObject({ library: "Celery", carrier: "Redis" });
            expect(await team.css(host)).toBe(200);
            expect((await team.client(host).status()).static.place).toBe(`bucket ${buckets.static}`);
        }
        const before = other.database.rows;
        await team.client().addVisit();
        expect((await team.client(desk).status()).database.rows).toBe(before);
    });

    test("a websocket goes through the Gateway", async () => {
        const socket = await Websocket.open(team.host, "/ws/echo", `http://${team.host}:${gatewayPorts.http}`);
        const answer = JSON.parse(await socket.ask("hello")) as { echo: string; pod: string };
        socket.destroy();
        expect(answer.echo).toBe("hello");
        expect(answer.pod).toMatch(/^sample-web-/);
    });

    test("an upload of 200 MiB arrives under either, and one of more than 500 is refused at once", async () => {
        const size = 200 * MiB;
        for (const host of [team.host, desk]) {
            await upload(team.client(host), host, { file: "large.bin", size, content: zeros(size) });
            const { uploads } = await team.client(host).status();
            expect(uploads).toMatchObject({ place: `bucket ${buckets.media}`, name: "large.bin", size });
            const { length } = Buffer.from(await (await fetch(uploads.url!)).arrayBuffer());
            expect(length).toBe(size);
            const answer = await sendForm(host, "/uploads", {
                file: "larger.bin",
                size: 501 * MiB,
                content: zeros(MiB),
            });
            expect(answer.status).toBe(413);
        }
        const pods = await team.cluster.pods(team.environment.namespace);
        expect(pods.filter(({ status }) => status?.reason === "Evicted")).toEqual([]);
    });
});

describe("DOKS: RabbitMQ, Memcached, Django Q2 beside Celery, buckets, a pooler", () => {
    let team: Team;
    let buckets: Buckets;

    beforeAll(async () => {
        team = await Team.create("rabbits");
        buckets = await Buckets.create("rabbits", [team.host]);
        await team.up((config) => {
            config["database"].pooler = { image: "localhost/pgbouncer:1.24", size: 8, replicas: 1 };
            config["assets"] = buckets.assets;
            config["apps"][0].workers.reports = { kind: "django-q2", concurrency: 1, taskTimeLimit: 60 };
            config["cache"] = { variant: "memcached", image: "localhost/memcached:1.6", servers: 3 };
            config["broker"] = {
                variant: "rabbitmq",
                version: "4.0",
                image: "localhost/rabbitmq:4",
                size: "small",
                storage: "1Gi",
                nodes: 3,
            };
        }, buckets.secrets);
    });

    afterAll(async () => {
        await team?.remove();
        await buckets?.remove();
    });

    test("every store is live: Django Q2's tasks wait in the database", async () => {
        const status = await team.status(finished, team.host, 120);
        expect(status.database).toMatchObject({ engine: "postgresql", connections: "from a pooler" });
        expect(status.cache.role).toBe("memcached");
        expect(status.cache.server).toMatch(/^cache-[012]\.cache:11211$/);
        expect(status.cache.value).toBeGreaterThan(0);
        expect(status.task).toMatchObject({ library: "Django Q2", carrier: "database" });
        expect(status.task.worker).toMatch(/^sample-worker-reports-/);
        expect(status.static.place).toBe(`bucket ${buckets.static}`);
        expect(await team.css()).toBe(200);
    });

    test("Celery's go through RabbitMQ, from beat to its worker", async () => {
        const senders =
            "from sample.models import Heartbeat; print(*Heartbeat.objects.exclude(beat='Django Q2').values_list('worker', flat=True).distinct())";
        await eventually(async () => {
            const workers = await team.python(senders);
            return /sample-worker-default-/.test(workers) ? undefined : `heartbeats of: ${workers}`;
        }, 90);
        const pods = await team.cluster.pods(team.environment.namespace, "broker");
        const list = ["rabbitmqctl", "-q", "list_queues", "-p", "sample", "name", "type", "consumers"];
        const queues = await team.cluster.exec(pods[0]!, [...list, "--no-table-headers"]);
        expect(queues).toMatch(/^celery\tquorum\t1$/m);
    });
});
