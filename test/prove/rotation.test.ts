// Every secret of a running environment changes under 20 requests a second: none fails, no task is lost or done twice, and what was good
// before is refused once the pods of the release before have gone. One story, in order. Not proved here: what clouds do, and a pooler.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client } from "../cluster/support/client.ts";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { UsedEnvironment } from "./support/used-environment.ts";

let environment: TestEnvironment;
let cluster: Cluster;
let used: UsedEnvironment;

const rotated = (numbers: Readonly<Record<string, number>>) => (config: StackConfig) => {
    const [app] = config["apps"];
    app.web.replicas = { min: 2, max: 2 };
    // Whose heartbeats would be among those that are counted.
    delete app.beat;
    delete app.shell;
    config["rotations"] = numbers;
};

const python = (code: string) => used.python(code);

/** What the pods have now: its place is a variable of the pod, its value what somebody might have taken away. */
async function secretsOfPods(): Promise<Readonly<Record<string, string>>> {
    const names = ["DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "DJANGO_APP_SECRET_KEY"];
    return JSON.parse(
        await python(`import json; print(json.dumps({name: os.environ[name] for name in ${JSON.stringify(names)}}))`),
    ) as Record<string, string>;
}

const isLetIn = (url: string) =>
    url.startsWith("postgresql:")
        ? `import psycopg
try: psycopg.connect(${JSON.stringify(url)}).close(); print('in')
except psycopg.OperationalError: print('out')`
        : `import redis
try: redis.Redis.from_url(${JSON.stringify(url)}).ping(); print('in')
except redis.exceptions.AuthenticationError: print('out')`;

async function refused(before: Readonly<Record<string, string>>): Promise<void> {
    for (const name of ["DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"]) {
        await eventually(async () => {
            const answer = await python(isLetIn(before[name]!));
            return answer === "out" ? undefined : `the ${name} of before is let in`;
        }, 300);
    }
}

beforeAll(async () => {
    environment = await TestEnvironment.create("rotation");
    cluster = new Cluster();
    used = new UsedEnvironment(environment, cluster);
    await environment.configure(rotated({ cache: 0, broker: 0, secretKey: 0 }));
    await used.up();
    await used.serves();
});

afterAll(async () => {
    await environment?.remove();
});

describe.each([
    ["the first login of a volume that is there gives way", { database: 1, cache: 1, broker: 1, secretKey: 1 }],
    ["a numbered login gives way", { database: 2, cache: 2, broker: 2, secretKey: 2, superuser: 1 }],
])("%s", (_, numbers) => {
    let before: Readonly<Record<string, string>>;

    test("no request fails, and no task is lost or done twice", async () => {
        before = await secretsOfPods();
        const signed = await python("from django.core import signing; print(signing.dumps('visitor'))");
        const counted = await used.done();
        const traffic = await used.during(async () => {
            await environment.configure(rotated(numbers));
            await used.up();
        });
        await used.expectUnharmed(traffic, counted);

        const after = await secretsOfPods();
        for (const [name, value] of Object.entries(after)) {
            expect(value, name).not.toBe(before[name]);
        }
        expect(await python(`from django.core import signing; print(signing.loads('${signed}'))`)).toBe("visitor");
    });

    test("what was good before is refused, also by a server that starts anew", async () => {
        await refused(before);
        const [cache] = await cluster.pods(environment.namespace, "cache");
        await cluster.deletePod(cache!);
        // The one that ends answers for a moment, and then none does.
        await eventually(async () => {
            const [anew] = await cluster.pods(environment.namespace, "cache");
            const ready = anew?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
            return ready === true && anew!.metadata?.uid !== cache!.metadata?.uid ? undefined : "no new pod is ready";
        }, 90);
        const client = new Client(environment.host);
        await eventually(async () => {
            const { cache: answer } = await client.status().catch(() => ({ cache: { value: null } }));
            return answer.value === null ? "the cache does not answer" : undefined;
        }, 90);
        client.close();
        expect(await python(isLetIn(before["REDIS_URL"]!))).toBe("out");
    });
});

test("the superuser has the password of its number", async () => {
    const secrets = await cluster.core.listNamespacedSecret({ namespace: environment.namespace });
    const [superuser] = secrets.items.filter(({ data }) => data?.["DJANGO_SUPERUSER_PASSWORD"] !== undefined);
    const password = Buffer.from(superuser!.data!["DJANGO_SUPERUSER_PASSWORD"]!, "base64").toString();
    const check = `from django.contrib.auth import authenticate; print(authenticate(username='admin', password=${JSON.stringify(password)}))`;
    expect(await python(check)).toBe("admin");
});

test("the engine has nothing left to do", async () => {
    const { exitCode, output } = await environment.pulumi("up", "--expect-no-changes");
    expect(exitCode, output).toBe(0);
});
