// What dead runs and closed pull requests leave on a real cluster is removed by a sweep, or told with the command that does it; what is in
// use is not touched. One story, in order. Not proved here: forges (a list stands for one), records and certificates of clouds.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ApiregistrationV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../commands/sweep/sweep.ts";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";

const domain = "preview.localhost";
const finalizer = "example.com/gone-controller";
const deadApi = "v1.dead.example.com";

let platform: TestEnvironment;
const reviews: Record<string, TestEnvironment> = {};
let cluster: Cluster;

function small(config: StackConfig): void {
    const [app] = config["apps"];
    app.web.replicas = { min: 1, max: 1 };
    delete app.beat;
    app.workers = {};
    config["cache"] = { variant: "none" };
    config["broker"] = { variant: "none" };
}

async function review(number: number): Promise<TestEnvironment> {
    const name = `pr-${number}`;
    const made = await TestEnvironment.create(name, { beside: platform });
    await made.configure((config) => {
        small(config);
        config["environment"] = { kind: "ephemeral", timeToLive: "4h" };
        config["platform"] = { variant: "stack", stack: "stage" };
        config["exposure"] = { variant: "platform" };
        config["apps"][0].hosts = [`${name}.${domain}`];
        config["database"] = { variant: "platform", image: "localhost/postgres:15" };
    });
    reviews[name] = made;
    return made;
}

async function up(environment: TestEnvironment): Promise<void> {
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
}

async function sweep(open: readonly number[], ...args: string[]) {
    const list = join(platform.directory, "open.json");
    const report = join(platform.directory, "report.json");
    await writeFile(
        list,
        JSON.stringify(
            open.map((number) => ({
                number,
                branch: "change",
                head: "0".repeat(40),
                updatedAt: new Date().toISOString(),
            })),
        ),
    );
    await rm(report, { force: true });
    const flags = ["--pull-requests", list, "--json", report, ...args];
    const { exitCode, output } = await platform.commandOnAll("sweep/main.ts", ...flags);
    const text = await import("node:fs/promises").then(({ readFile }) => readFile(report, "utf8").catch(() => output));
    expect(text.startsWith("{"), output).toBe(true);
    const { found, inUse } = JSON.parse(text) as Report;
    const outcomes = Object.fromEntries(found.map(({ kind, name, outcome }) => [`${kind} ${name}`, outcome]));
    return { exitCode, output, found, outcomes, inUse };
}

async function namespaces(): Promise<readonly string[]> {
    const { items } = await cluster.core.listNamespace();
    return items.map(({ metadata }) => metadata!.name!);
}

async function stackNames(): Promise<readonly string[]> {
    const { output } = await platform.run(["stack", "ls", "--json"]);
    return (JSON.parse(output.slice(output.indexOf("["), output.lastIndexOf("]") + 1)) as { name: string }[]).map(
        ({ name }) => name,
    );
}

/** Kept beside the stack, which does not know of it. */
async function hold(namespace: string): Promise<void> {
    await cluster.core.createNamespacedConfigMap({
        namespace,
        body: { metadata: { name: "held", finalizers: [finalizer] } },
    });
}

async function letGo(namespace: string): Promise<void> {
    const body = [{ op: "remove", path: "/metadata/finalizers" }];
    await cluster.core.patchNamespacedConfigMap({ name: "held", namespace, body }).catch(() => undefined);
}

beforeAll(async () => {
    platform = await TestEnvironment.create("stage");
    cluster = new Cluster();
    await platform.configure((config) => {
        small(config);
        config["environment"] = { kind: "staging" };
        config["lends"] = { domain, database: true };
    });
    await up(platform);
    for (const number of [1, 2]) {
        await up(await review(number));
    }
}, 30 * 60_000);

afterAll(async () => {
    const registration = cluster.config.makeApiClient(ApiregistrationV1Api);
    await registration.deleteAPIService({ name: deadApi }).catch(() => undefined);
    for (const environment of Object.values(reviews)) {
        await letGo(environment.namespace);
        if ((await stackNames()).includes(environment.stack)) {
            await platform.run(["cancel", "--yes", "--stack", environment.stack]);
            await environment.remove({ last: false });
        }
    }
    await cluster.core.deleteNamespace({ name: "stray" }).catch(() => undefined);
    await platform?.remove();
}, 15 * 60_000);

describe("a sweep", () => {
    test("finds nothing while every pull request is open", async () => {
        const { exitCode, output, found, inUse } = await sweep([1, 2], "--dry");
        expect(exitCode, output).toBe(0);
        expect(found).toEqual([]);
        expect(inUse).toEqual(["pr-1", "pr-2"]);
    });

    test("removes one whose namespace somebody deleted and whose file is gone; the other, and the platform, stay", async () => {
        await cluster.core.deleteNamespace({ name: reviews["pr-1"]!.namespace });
        await eventually(async () => {
            const all = await namespaces();
            return all.includes(reviews["pr-1"]!.namespace) ? "the namespace is still there" : undefined;
        }, 120);
        await rm(reviews["pr-1"]!.configFile);
        const told = await sweep([2], "--dry");
        expect(told.outcomes["stack pr-1"]).toBe("due");
        expect(await stackNames()).toContain("pr-1");

        const { exitCode, output, outcomes, inUse } = await sweep([2], "--drop-databases");
        expect(exitCode, output).toBe(0);
        expect(outcomes).toEqual({ "stack pr-1": "gone", "database sample_sample_pr_1": "gone" });
        expect(inUse).toEqual(["pr-2"]);
        expect((await stackNames()).toSorted()).toEqual(["pr-2", "stage"]);
        const [server] = await cluster.pods(platform.namespace, "database");
        const list = "SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database WHERE datname LIKE 'sample_%'";
        const left = await cluster.exec(server!, ["psql", "-U", "sample", "-d", "sample", "-At", "-c", list]);
        expect(left.trim()).toBe("sample_sample_pr_2");
    });

    test("tells the lock of an update that was killed, and removes what it made once it may", async () => {
        const killed = await review(3);
        const run = killed.startUp();
        await eventually(async () => {
            const all = await namespaces();
            return all.includes(killed.namespace) ? undefined : "no namespace yet";
        }, 120);
        run.kill();
        await run.done;
        const told = await sweep([2]);
        expect(told.exitCode, told.output).toBe(1);
        expect(told.outcomes["stack pr-3"]).toBe("failed");
        expect(told.found.find(({ name }) => name === "pr-3")!.commands).toEqual(["pulumi cancel --yes --stack pr-3"]);

        const { exitCode, output, outcomes } = await sweep([2], "--unlock-after", "0m");
        expect(exitCode, output).toBe(0);
        expect(outcomes["stack pr-3"]).toBe("gone");
        expect(await namespaces()).not.toContain(killed.namespace);
        expect(await stackNames()).not.toContain("pr-3");
    });

    test("names a finalizer that nobody takes off and an API that nobody serves, and takes off the one if asked", async () => {
        const { namespace } = reviews["pr-2"]!;
        await hold(namespace);
        const registration = cluster.config.makeApiClient(ApiregistrationV1Api);
        await registration.createAPIService({
            body: {
                metadata: { name: deadApi },
                spec: {
                    group: "dead.example.com",
                    version: "v1",
                    groupPriorityMinimum: 100,
                    versionPriority: 100,
                    insecureSkipTLSVerify: true,
                    service: { name: "gone", namespace: "default" },
                },
            },
        });
        const cut = await sweep([], "--patience", "1");
        expect(cut.exitCode, cut.output).toBe(1);
        const left = cut.found.find(({ name }) => name === "pr-2")!;
        expect(left.outcome).toBe("failed");
        expect(left.why).toContain(`ConfigMap held waits for who takes off its finalizer ${finalizer}`);
        expect(left.why).toContain("dead.example.com/v1");
        expect(left.commands[0]).toBe(
            `kubectl -n ${namespace} patch configmap held --type=merge -p '{"metadata":{"finalizers":null}}'`,
        );
        await registration.deleteAPIService({ name: deadApi });

        const { exitCode, output, outcomes, found } = await sweep([], "--patience", "1", "--release-after", "0m");
        expect(exitCode, output).toBe(0);
        expect(outcomes["stack pr-2"]).toBe("gone");
        expect(found.flatMap(({ done }) => done).join("\n")).toContain("finalizers taken off ConfigMap held");
        expect(await namespaces()).not.toContain(namespace);
    });

    test("leaves a namespace that no stack of this backend has, until somebody says that it is nobody's", async () => {
        await cluster.core.createNamespace({
            body: {
                metadata: {
                    name: "stray",
                    labels: {
                        "django-on-kubernetes/environment": "ephemeral",
                        "django-on-kubernetes/ttl": "1h",
                        "django-on-kubernetes/pull-request": "9",
                    },
                    annotations: { "django-on-kubernetes/last-push": "2026-01-01T00:00:00Z" },
                },
            },
        });
        const told = await sweep([]);
        expect(told.exitCode, told.output).toBe(1);
        expect(told.outcomes["namespace stray"]).toBe("told");
        expect(told.output).toContain("kubectl delete namespace stray");
        expect(await namespaces()).toContain("stray");

        const { exitCode, output, outcomes } = await sweep([], "--orphans");
        expect(exitCode, output).toBe(0);
        expect(outcomes["namespace stray"]).toBe("gone");
        expect(await namespaces()).toContain(platform.namespace);
        expect(await stackNames()).toEqual(["stage"]);
    });
});

test("the fleet tells the platform's health and no trace of the others", async () => {
    const { exitCode, output } = await platform.commandOnAll("fleet/main.ts", "list");
    expect(exitCode, output).toBe(0);
    expect(output).toMatch(/stage\s+│ staging .*│ \d+ of \d+ /);
    expect(output).not.toContain("pr-");
});
