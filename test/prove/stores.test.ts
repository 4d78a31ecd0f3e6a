// RabbitMQ of three nodes, Memcached of two servers and PgBouncer, for real: what is sent is worked on, also when a node goes and when the
// password changes; values are spread and found; many clients share few connections, and migrations go past the pooler. One story, in order.
// Not proved here: that NetworkPolicies keep others out, and versions of RabbitMQ after Debian's, 4.0.
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";

let environment: TestEnvironment;
let cluster: Cluster;

/** Connections of all pooler pods together. */
const poolSize = 4;

function stores(config: StackConfig): void {
    const [app] = config["apps"];
    app.web.replicas = { min: 1, max: 1 };
    delete app.beat;
    config["cache"] = { variant: "memcached", image: "localhost/memcached:1.6", servers: 2 };
    config["broker"] = {
        variant: "rabbitmq",
        version: "4.0",
        image: "localhost/rabbitmq:4",
        size: "small",
        storage: "1Gi",
        nodes: 3,
    };
    config["database"].pooler = { image: "localhost/pgbouncer:1.24", size: poolSize };
}

const django = "import os, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'sample.settings'); django.setup();";

/** Runs Python with Django in a pod of the app. */
async function python(workload: "sample-web" | "sample-shell", code: string): Promise<string> {
    const pods = await cluster.pods(environment.namespace, workload);
    const running = pods.find(({ metadata, status }) => !metadata?.deletionTimestamp && status?.phase === "Running");
    return (await cluster.exec(running!, ["python", "-c", `${django}\n${code}`])).trim();
}

/** Sends a task and waits until a worker has done it. */
async function works(right: number): Promise<void> {
    const result = `1 + ${right} = ${right + 1}`;
    const count = `from sample.models import TaskResult; print(TaskResult.objects.filter(result='${result}').count())`;
    await eventually(async () => {
        await python("sample-web", `from sample.tasks import add; add.delay(1, ${right})`);
        return undefined;
    }, 60);
    await eventually(async () => {
        const done = await python("sample-web", count);
        return Number(done) > 0 ? undefined : "no worker has done the task";
    }, 90);
}

async function rabbit(index: number, ...command: string[]): Promise<string> {
    const pods = await cluster.pods(environment.namespace, "broker");
    const pod = pods.find(({ metadata }) => metadata?.name === `broker-${index}`);
    return (await cluster.exec(pod!, command)).trim();
}

async function up(): Promise<void> {
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
}

beforeAll(async () => {
    environment = await TestEnvironment.create("stores");
    cluster = new Cluster();
    await environment.configure(stores);
    await up();
});

afterAll(async () => {
    await environment?.remove();
});

test("three nodes are one cluster, and the app's queue is a quorum queue on all of them", async () => {
    await works(1001);
    const status = await rabbit(0, "rabbitmqctl", "-q", "cluster_status", "--formatter=json");
    const { running_nodes: nodes } = JSON.parse(status) as { running_nodes: string[] };
    expect(nodes.toSorted()).toEqual([0, 1, 2].map((index) => `rabbit@broker-${index}.broker-nodes`));
    const queues = await rabbit(
        0,
        "rabbitmqctl",
        "-q",
        "list_queues",
        "-p",
        "sample",
        "name",
        "type",
        "--no-table-headers",
    );
    expect(queues.split("\n")).toContain("celery\tquorum");
    const members = await rabbit(0, "rabbitmq-queues", "-q", "quorum_status", "--vhost", "sample", "celery");
    expect(members.match(/broker-\d\.broker-nodes/g)?.length).toBeGreaterThanOrEqual(3);
});

test("nobody administers it over the network, and guest is unknown", async () => {
    expect(await rabbit(0, "rabbitmqctl", "-q", "list_users", "--no-table-headers")).toBe("sample\t[]");
    expect(await rabbit(0, "rabbitmqctl", "-q", "list_vhosts", "--no-table-headers")).toBe("sample");
});

test("a node that goes is not missed, and comes back", async () => {
    const pods = await cluster.pods(environment.namespace, "broker");
    await cluster.deletePod(pods.find(({ metadata }) => metadata?.name === "broker-1")!);
    await works(1002);
    await eventually(async () => {
        const unready = await cluster.unready(environment.namespace);
        return unready.length === 0 ? undefined : unready.join(", ");
    }, 240);
    await works(1003);
});

test("another password is taken over by nodes that have their data already, and then by the app", async () => {
    await environment.setSecret("secrets.brokerPassword", "an öther p@ss/word");
    await up();
    expect(await rabbit(2, "rabbitmqctl", "-q", "authenticate_user", "sample", "an öther p@ss/word")).toContain(
        "Success",
    );
    await works(1004);
});

test("values are spread over both servers of Memcached, and found again", async () => {
    const found = await python(
        "sample-web",
        "from django.core.cache import cache\ncache.set_many({f'key-{n}': n for n in range(100)})\nprint(sum(cache.get(f'key-{n}') == n for n in range(100)))",
    );
    expect(found).toBe("100");
    const held = await python(
        "sample-web",
        `import socket
for host in os.environ['DJANGO_APP_CACHE_LOCATION'].split():
    name, port = host.split(':')
    with socket.create_connection((name, int(port)), 2) as server:
        server.sendall(b'stats\\r\\nquit\\r\\n')
        stats = dict(line.split()[1:3] for line in b''.join(iter(lambda: server.recv(65536), b'')).decode().splitlines() if line.startswith('STAT'))
        print(name, int(stats['curr_items']) > 20)`,
    );
    expect(held.split("\n")).toEqual(["cache-0.cache True", "cache-1.cache True"]);
});

test("many clients share the pool's connections, with statements that are prepared", async () => {
    const most = await python(
        "sample-web",
        `import threading, psycopg
from django.conf import settings
from django.db import connection
assert settings.DATABASES['default']['HOST'] == 'database-pooler', settings.DATABASES['default']['HOST']
url = os.environ['DATABASE_URL']
failed = []
def work():
    try:
        for _ in range(5):
            with psycopg.connect(url, prepare_threshold=0) as client:
                for number in range(5):
                    with client.transaction():
                        assert client.execute('select %s::int + 1, pg_sleep(0.01)', (number,)).fetchone()[0] == number + 1
    except Exception as error:
        failed.append(repr(error))
threads = [threading.Thread(target=work) for _ in range(30)]
[thread.start() for thread in threads]
most = 0
while any(thread.is_alive() for thread in threads):
    with connection.cursor() as cursor:
        # The server's own processes have its first user's name too.
        cursor.execute("select count(*) from pg_stat_activity where usename = current_user and backend_type = 'client backend'")
        most = max(most, cursor.fetchone()[0])
    connection.close()
assert not failed, failed[:3]
print(most)`,
    );
    expect(Number(most)).toBeGreaterThanOrEqual(1);
    // The shell's own connections are beside the pool's; it has none now.
    expect(Number(most)).toBeLessThanOrEqual(poolSize);
});

test("the shell and the migration went to the server itself", async () => {
    const host =
        "from django.conf import settings; print(settings.DATABASES['default']['HOST'], '@database:' in os.environ['DATABASE_URL'])";
    expect(await python("sample-shell", host)).toBe("database True");
    const migrations =
        "from django.db.migrations.recorder import MigrationRecorder; print(MigrationRecorder.Migration.objects.count() > 10)";
    expect(await python("sample-web", migrations)).toBe("True");
});
