// ASGI with a websocket through the Gateway, a command that runs at certain times, a worker that hangs, and a way in without a proxy. The
// tests are one story, in order. Not proved here: daphne, and load balancers. Other workers than Celery's: test/prove/hanging.test.ts and
// test/prove/background.test.ts, which also has time zones.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeAddress } from "../../lab/cluster/index.ts";
import { Client } from "./support/client.ts";
import { reachableFrom } from "./support/connections.ts";
import { TestEnvironment, type StackConfig } from "./support/environment.ts";
import { idlePod } from "./support/idle-pod.ts";
import { Cluster, eventually } from "./support/kubernetes.ts";
import { firstProcessOf } from "./support/traces.ts";
import { Websocket } from "./support/websocket.ts";

/** Where two pods are, of which one may connect to the node port. */
const neighbours = "test-neighbour";
const nodePort = 30080;

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;
let socket: Websocket | undefined;

function asgi(config: StackConfig): void {
    const [app] = config["apps"];
    app.web = { server: "uvicorn", size: "small", processes: 1, replicas: { min: 1, max: 1 } };
    app.scheduled = { clear: { schedule: "* * * * *", command: ["python", "manage.py", "clear_old"] } };
    delete app.beat;
    config["cache"].replicas = 0;
}

beforeAll(async () => {
    environment = await TestEnvironment.create("processes");
    cluster = new Cluster();
    client = new Client(environment.host);
    await environment.configure(asgi);
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    await eventually(async () => {
        const { status } = await client.send("GET", "/");
        return status === 200 ? undefined : `the page answers ${status}`;
    }, 60);
});

afterAll(async () => {
    socket?.destroy();
    client?.close();
    await cluster?.core.deleteNamespace({ name: neighbours }).catch(() => undefined);
    await environment?.remove();
});

describe("under uvicorn", () => {
    test("the page says ASGI, and a websocket answers through the Gateway, to the app's own pages alone", async () => {
        expect((await client.status()).interface).toBe("ASGI");
        socket = await Websocket.open(environment.host, "/ws/echo", `http://${environment.host}`);
        const [pod] = await cluster.pods(environment.namespace, "sample-web");
        expect(JSON.parse(await socket.ask("hello"))).toEqual({ echo: "hello", pod: pod!.metadata!.name });
        await expect(Websocket.open(environment.host, "/ws/echo", "http://elsewhere.example")).rejects.toThrow(
            "answered 403",
        );
    });
});

describe("a worker that hangs", () => {
    test("is started anew within three minutes, and works again", async () => {
        const worker = async () => {
            const [pod] = await cluster.pods(environment.namespace, "sample-worker-default");
            return pod!;
        };
        const { metadata } = await worker();
        const start = Date.now();
        process.kill(await firstProcessOf(metadata!.uid!, "celery"), "SIGSTOP");
        await eventually(async () => {
            const { metadata: now, status } = await worker();
            const [container] = status?.containerStatuses ?? [];
            return now?.uid === metadata?.uid && container?.restartCount === 1 && container.ready
                ? undefined
                : `${container?.restartCount} restarts`;
        }, 180);
        console.log(`A worker that was stopped was ready again after ${Math.round((Date.now() - start) / 1000)} s`);
        const before = (await client.status()).task.finished_at;
        await eventually(async () => {
            const { task } = await client.status();
            return task.finished_at !== null && task.finished_at !== before ? undefined : "no task has finished";
        }, 60);
    });
});

describe("a scheduled command", () => {
    test("has run, in a pod of its own that ended well", async () => {
        await eventually(async () => {
            const { scheduled } = await client.status();
            return scheduled.result === "0 uploads cleared" && scheduled.by?.startsWith("sample-scheduled-clear-")
                ? undefined
                : JSON.stringify(scheduled);
        }, 120);
    });
});

describe("a websocket", () => {
    test("was kept open meanwhile, and is told when its pod goes", async () => {
        expect(JSON.parse(await socket!.ask("still there"))).toMatchObject({ echo: "still there" });
        const [pod] = await cluster.pods(environment.namespace, "sample-web");
        await cluster.deletePod(pod!);
        expect(await socket!.closed(60)).toBe(1012);
    });
});

describe("a node port", () => {
    test("answers whom the settings name, and nobody else", async () => {
        await cluster.core.createNamespace({ body: { metadata: { name: neighbours } } });
        const [named, stranger] = await Promise.all(
            ["named", "stranger"].map((name) => idlePod(cluster, neighbours, name)),
        );
        await environment.configure((config) => {
            asgi(config);
            config["exposure"] = {
                variant: "node-port",
                ports: { sample: nodePort },
                sourceRanges: [`${named!.status!.podIP}/32`],
            };
        });
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode, output).toBe(0);
        const endpoint = `${nodeAddress}:${nodePort}`;
        await eventually(async () => {
            const reached = await reachableFrom(cluster, named!, [endpoint]);
            return reached.has(endpoint) ? undefined : "not reached by whom was named";
        }, 60);
        expect([...(await reachableFrom(cluster, stranger!, [endpoint]))]).toEqual([]);
        const direct = new Client(environment.host, { address: nodeAddress, port: nodePort });
        expect((await direct.status()).interface).toBe("ASGI");
        direct.close();
        await eventually(async () => {
            const { status } = await client.send("GET", "/");
            return status === 404 ? undefined : `the Gateway still answers ${status}`;
        }, 20);
    });
});
