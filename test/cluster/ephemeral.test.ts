// One platform's stack and two ephemeral ones on it, for real: both serve below the domain that it lends, neither gets into
// the other's stores or the platform's, and each is destroyed without touching the others. One story, in order.
// Twice they are kept apart: by NetworkPolicies, and where those are open by passwords and PostgreSQL's rights. Not proved here: each
// single connection; network-policy.test.ts does so in one environment.
import { NetworkingV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "./support/client.ts";
import { TestEnvironment, type StackConfig } from "./support/environment.ts";
import { Cluster, eventually } from "./support/kubernetes.ts";
import { Load } from "./support/load.ts";
import { domain, Reviews } from "./support/review.ts";

let platform: TestEnvironment;
let first: TestEnvironment;
let second: TestEnvironment;
let cluster: Cluster;
const clients: Client[] = [];

function client(host: string): Client {
    const made = new Client(host);
    clients.push(made);
    return made;
}

/** As small as an environment gets that still has every store. */
function small(config: StackConfig): void {
    const [app] = config["apps"];
    app.web.replicas = { min: 1, max: 1 };
    delete app.beat;
    config["cache"].replicas = 0;
}

function ephemeral(name: string, database: object) {
    return (config: StackConfig): void => {
        small(config);
        config["environment"] = { kind: "ephemeral", timeToLive: "4h" };
        config["platform"] = { variant: "stack", stack: "stage" };
        config["exposure"] = { variant: "platform" };
        config["apps"][0].hosts = [`${name}.${domain}`];
        config["database"] = database;
    };
}

/** Runs Python in the environment's shell pod, where every variable of the environment contract is. */
async function python(environment: TestEnvironment, code: string): Promise<string> {
    const [pod] = await cluster.pods(environment.namespace, "sample-shell");
    return (await cluster.exec(pod!, ["python", "-c", code])).trim();
}

async function serves(at: Client): Promise<void> {
    await eventually(async () => {
        const { status } = await at.send("GET", "/");
        return status === 200 ? undefined : `the page answers ${status}`;
    }, 60);
}

beforeAll(async () => {
    platform = await TestEnvironment.create("stage");
    cluster = new Cluster();
    first = await TestEnvironment.create("pr-1", { beside: platform });
    second = await TestEnvironment.create("pr-2", { beside: platform });
}, 30 * 60_000);

afterAll(async () => {
    clients.forEach((each) => each.close());
    for (const environment of [second, first]) {
        await environment?.remove({ last: false });
    }
    await platform?.remove();
}, 15 * 60_000);

describe("ephemeral environments", () => {
    test("are refused while the platform's stack is not up, with the stack and the fix", async () => {
        await first.configure(ephemeral("pr-1", { variant: "platform", image: "localhost/postgres:15" }));
        const { exitCode, output } = await first.pulumi("preview");
        expect(exitCode).not.toBe(0);
        expect(output).toContain("platform.stack");
        expect(output).toContain("organization/django-on-kubernetes/stage, which has no output outputsVersion");
        expect(output).toContain("fix:     check the name; if the stack is new: pulumi up -s");
    });

    test("come up on the platform of another stack, with a database of its server or of their own", async () => {
        await platform.configure((config) => {
            small(config);
            config["environment"] = { kind: "staging" };
            config["lends"] = { domain, database: true };
        });
        const up = await platform.pulumi("up");
        expect(up.exitCode, up.output).toBe(0);
        const [server] = await cluster.pods(platform.namespace, "database");
        const psql = (database: string, sql: string) =>
            cluster.exec(server!, ["psql", "-U", "sample", "-d", database, "-v", "ON_ERROR_STOP=1", "-c", sql]);
        await psql("sample", "CREATE DATABASE seeded");
        await psql(
            "seeded",
            "CREATE TABLE seed (id serial PRIMARY KEY, note text); INSERT INTO seed (note) VALUES ('from the template')",
        );

        await first.configure(
            ephemeral("pr-1", { variant: "platform", template: "seeded", image: "localhost/postgres:15" }),
        );
        await second.configure(
            ephemeral("pr-2", { variant: "in-cluster", version: "15", image: "localhost/postgres:15", storage: "1Gi" }),
        );
        for (const environment of [first, second]) {
            const { exitCode, output } = await environment.pulumi("up");
            expect(exitCode, output).toBe(0);
        }
        for (const name of ["pr-1", "pr-2"]) {
            await serves(client(`${name}.${domain}`));
        }
        await serves(client(platform.host));
    });

    test("have nothing to change in a second update", async () => {
        for (const environment of [platform, first, second]) {
            const { exitCode, output } = await environment.pulumi("preview", "--expect-no-changes");
            expect(exitCode, output).toBe(0);
        }
    });

    test("are made, pushed to and removed by one command, on runners that have no file of them", async () => {
        const reviews = new Reviews(platform);
        await reviews.template((config) => {
            small(config);
            config["database"] = { variant: "platform", image: "localhost/postgres:15" };
            delete config["apps"][0].workers;
            delete config["apps"][0].release.superuser;
            config["broker"] = { variant: "none" };
            config["cache"] = { variant: "none" };
        });
        const url = "https://forge.example.org/shop/pulls/3";
        const opened = await reviews.open(
            3,
            "--url",
            url,
            "--branch",
            "feature/it",
            "--pushed",
            "2026-12-01T10:20:30Z",
        );
        expect(opened.exitCode, opened.output).toBe(0);
        expect(opened.output).toContain(`Made: pr-3, in the namespace sample-pr-3`);
        await reviews.serves(3);
        const { metadata } = await cluster.core.readNamespace({ name: "sample-pr-3" });
        expect(metadata!.labels).toMatchObject({
            "django-on-kubernetes/environment": "ephemeral",
            "django-on-kubernetes/pull-request": "3",
            "django-on-kubernetes/ttl": "4h",
        });
        expect(metadata!.annotations).toMatchObject({
            "django-on-kubernetes/pull-request-url": url,
            "django-on-kubernetes/last-push": "2026-12-01T10:20:30Z",
        });

        await reviews.forgetFile(3);
        const pushed = await reviews.startOpen(3, "--pushed", "2026-12-01T11:00:00Z", "--keep", "--json").done;
        expect(pushed.exitCode, pushed.output).toBe(0);
        expect(pushed.output).toContain('"lastPush": "2026-12-01T11:00:00Z"');
        expect(pushed.output).toContain('"reserves"');
        const after = (await cluster.core.readNamespace({ name: "sample-pr-3" })).metadata!;
        expect(after.uid).toBe(metadata!.uid);
        expect(after.labels).toHaveProperty(["django-on-kubernetes/keep"], "true");
        expect(after.annotations).toHaveProperty(["django-on-kubernetes/last-push"], "2026-12-01T11:00:00Z");

        // Whoever deletes the namespace by hand leaves the state behind.
        await cluster.core.deleteNamespace({ name: "sample-pr-3" });
        await reviews.forgetFile(3);
        const closed = await reviews.close(3);
        expect(closed.exitCode, closed.output).toBe(0);
        expect(closed.output).toContain("The stack pr-3 is removed");
        await eventually(async () => {
            const { items } = await cluster.core.listNamespace();
            return items.some((each) => each.metadata?.name === "sample-pr-3") ? "its namespace is there" : undefined;
        }, 30);
        expect(await reviews.stacks()).not.toContain("pr-3");
        expect(await reviews.hasFile(3)).toBe(false);
        const again = await reviews.close(3);
        expect(again.exitCode, again.output).toBe(0);
        expect(again.output).toContain("There is no stack pr-3: nothing to remove.");
    });

    test("work on data of their own: what one writes, no other sees", async () => {
        const [one, two, lender] = [client(`pr-1.${domain}`), client(`pr-2.${domain}`), client(platform.host)];
        const rows = async () =>
            Promise.all([one, two, lender].map(async (each) => (await each.status()).database.rows));
        const [first = 0, ...others] = await rows();
        await one.addVisit();
        await one.addVisit();
        expect(await rows()).toEqual([first + 2, ...others]);
        await eventually(
            async () => ((await one.status()).task.result === null ? "no task has finished" : undefined),
            60,
        );
    });

    test("start with the template's data, and own it", async () => {
        const code = `
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(connection.execute("SELECT note FROM seed").fetchone()[0])
    connection.execute("ALTER TABLE seed ADD COLUMN more text")
    connection.execute("INSERT INTO seed (note) VALUES ('mine')")
`;
        expect(await python(first, code)).toBe("from the template");
    });

    test("get into no other's database or cache, neither through the network nor where it is open", async () => {
        const attempt = (namespace: string, database: string) => `
import os, psycopg, redis
from urllib.parse import urlsplit, urlunsplit
url = urlsplit(os.environ["DATABASE_URL"])
def tried(name, action):
    try:
        action()
        print(name, "LET IN")
    except Exception as error:
        print(name, type(error).__name__, str(error).strip().splitlines()[-1])
host = "database.${namespace}.svc.cluster.local"
target = urlunsplit(url._replace(netloc=url.netloc.rsplit("@", 1)[0] + "@" + host + ":5432", path="/${database}"))
tried("database", lambda: psycopg.connect(target, connect_timeout=5).execute("SELECT 1"))
store = redis.Redis.from_url(os.environ["REDIS_URL"].replace("@cache:", "@cache.${namespace}.svc.cluster.local:"))
tried("cache", store.ping)
`;
        const refused = /^database OperationalError .*accepting TCP\/IP connections/m;
        const own = await python(first, attempt(platform.namespace, "sample"));
        // The database is lent to it, so the way there is open.
        expect(own).toMatch(/^database OperationalError .*User does not have CONNECT privilege/m);
        expect(own).toMatch(/^cache ConnectionError .*Connection refused/m);
        for (const [environment, namespace] of [
            [first, second.namespace],
            [second, platform.namespace],
        ] as const) {
            const all = await python(environment, attempt(namespace, "sample"));
            expect(all).toMatch(refused);
            expect(all).toMatch(/^cache ConnectionError .*Connection refused/m);
        }

        const namespaces = [platform, first, second].map(({ namespace }) => namespace);
        const networking = cluster.config.makeApiClient(NetworkingV1Api);
        const spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"], ingress: [{}], egress: [{}] };
        for (const namespace of namespaces) {
            await networking.createNamespacedNetworkPolicy({
                namespace,
                body: { metadata: { name: "open-to-all" }, spec },
            });
        }
        await eventually(async () => {
            const now = await python(first, attempt(second.namespace, "sample"));
            return now.includes("Connection refused") || refused.test(now) ? `still refused: ${now}` : undefined;
        }, 30);
        const fromFirst = await python(first, attempt(platform.namespace, "sample"));
        expect(fromFirst).toMatch(/^database OperationalError .*User does not have CONNECT privilege/m);
        expect(fromFirst).toMatch(/^cache AuthenticationError/m);
        const other = await python(first, attempt(second.namespace, "sample"));
        expect(other).toMatch(/^database OperationalError .*authentication failed/m);
        expect(other).toMatch(/^cache AuthenticationError/m);
        const fromSecond = await python(second, attempt(platform.namespace, "sample_sample_pr_1"));
        expect(fromSecond).toMatch(/^database OperationalError .*authentication failed/m);
        expect([own, fromFirst, other, fromSecond].join("\n")).not.toContain("LET IN");
        for (const namespace of namespaces) {
            await networking.deleteNamespacedNetworkPolicy({ namespace, name: "open-to-all" });
        }
    });

    test("are limited: what does not fit the quota is not started", async () => {
        const { spec } = await cluster.core.readNamespacedResourceQuota({ name: "quota", namespace: first.namespace });
        expect(spec?.hard).toMatchObject({ pods: "40" });
        const service = { metadata: { name: "expensive" }, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } };
        await expect(
            cluster.core.createNamespacedService({ namespace: first.namespace, body: service }),
        ).rejects.toThrow(/exceeded quota/);
    });

    test("one goes and nothing of it stays, while the others serve on", async () => {
        const loads = [new Load(`pr-2.${domain}`, 2), new Load(platform.host, 2)];
        let gone = false;
        const loading = loads.map((load) => load.run({ atLeast: 100, until: () => gone }));
        const { exitCode, output } = await first.pulumi("destroy");
        gone = true;
        expect(exitCode, output).toBe(0);
        for (const { failures } of await Promise.all(loading)) {
            expect(failures).toEqual([]);
        }
        await expect(cluster.core.readNamespace({ name: first.namespace })).rejects.toThrow(/not found/);
        for (const environment of [platform, second]) {
            const { exitCode: code, output: text } = await environment.pulumi(
                "preview",
                "--refresh",
                "--expect-no-changes",
            );
            expect(code, text).toBe(0);
        }
        const { status } = await client(`pr-1.${domain}`).send("GET", "/");
        expect(status).toBe(404);
    });
});
