// The logins of RabbitMQ change under 20 requests a second and tasks: none fails, none is lost or done twice, the nodes run on, and what
// was good before is refused once the pods of the release before have gone. One story, in order. Not proved here: three nodes.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { UsedEnvironment } from "./support/used-environment.ts";

let environment: TestEnvironment;
let cluster: Cluster;
let used: UsedEnvironment;

const withRabbit = (broker?: number) => (config: StackConfig) => {
    const [app] = config["apps"];
    app.web.replicas = { min: 2, max: 2 };
    // Whose heartbeats would be among those that are counted.
    delete app.beat;
    delete app.shell;
    config["broker"] = {
        variant: "rabbitmq",
        version: "4.0",
        image: "localhost/rabbitmq:4",
        size: "small",
        storage: "1Gi",
    };
    if (broker !== undefined) {
        config["rotations"] = { broker };
    }
};

const url = () => used.python("print(os.environ['CELERY_BROKER_URL'])");

const isLetIn = (of: string) => `import amqp
from urllib.parse import urlsplit, unquote
url = urlsplit(${JSON.stringify(of)})
try:
    with amqp.Connection(host=f'{url.hostname}:{url.port}', userid=url.username, password=unquote(url.password), virtual_host=url.path[1:], login_method='PLAIN'): print('in')
except (amqp.exceptions.AccessRefused, OSError): print('out')`;

async function node(): Promise<string> {
    const [pod] = await cluster.pods(environment.namespace, "broker");
    return `${pod!.metadata!.uid} ${pod!.status?.containerStatuses?.[0]?.restartCount}`;
}

beforeAll(async () => {
    environment = await TestEnvironment.create("rotation-rabbitmq");
    cluster = new Cluster();
    used = new UsedEnvironment(environment, cluster);
    await environment.configure(withRabbit());
    await used.up();
    await used.serves();
});

afterAll(async () => {
    await environment?.remove();
});

test("the number 0 starts the node anew once, and the login that was there ends", async () => {
    const before = await url();
    await environment.configure(withRabbit(0));
    await used.up();
    expect(await url()).toContain("//sample.0:");
    await eventually(async () => {
        const answer = await used.python(isLetIn(before));
        return answer === "out" ? undefined : "the login that had no number is let in";
    }, 300);
});

describe.each([1, 2])("the number %i", (number) => {
    test("fails no request, loses no task, and leaves the node as it runs", async () => {
        const [before, running, counted] = [await url(), await node(), await used.done()];
        const traffic = await used.during(async () => {
            await environment.configure(withRabbit(number));
            await used.up();
        });
        await used.expectUnharmed(traffic, counted);
        expect(await url()).toContain(`//sample.${number}:`);
        expect(await used.python(isLetIn(await url()))).toBe("in");
        await eventually(async () => {
            const answer = await used.python(isLetIn(before));
            return answer === "out" ? undefined : "the login of before is let in";
        }, 300);
        expect(await node()).toBe(running);
    });
});

test("a node that starts anew knows the newest login alone", async () => {
    const before = await url();
    const [pod] = await cluster.pods(environment.namespace, "broker");
    await cluster.deletePod(pod!);
    await eventually(async () => {
        const [anew] = await cluster.pods(environment.namespace, "broker");
        const ready = anew?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True");
        return ready === true && anew!.metadata?.uid !== pod!.metadata?.uid ? undefined : "no new pod is ready";
    }, 120);
    expect(await used.python(isLetIn(before))).toBe("in");
    const [server] = await cluster.serving(environment.namespace, "broker");
    const users = await cluster.exec(server!, ["rabbitmqctl", "-q", "list_users", "--no-table-headers"]);
    expect(users.trim()).toBe("sample.2\t[]");
});

test("a lower number is refused, with what to write", async () => {
    await environment.configure(withRabbit(1));
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode).not.toBe(0);
    expect(output).toContain("login number 2 of sample");
    await environment.configure(withRabbit(2));
    await used.up();
});
