// How long a request may take and how long a connection that nobody uses is kept, for real: `exposure.requestTimeout` of ten seconds under
// each server, a server's process that hangs, requests that are under way when their pod is evicted, and `web.keepAlive` at the pods' own
// port and behind the Gateway, which has to be the one that closes. A second Traefik, told what the platform `digitalocean` tells its own, is
// the edge that has a time-out; the cluster's has none. Not proved here: other controllers, and the load balancers of clouds.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Pod } from "@kubernetes/client-node";
import { execa, type ResultPromise } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gatewayPorts } from "../../lab/cluster/index.ts";
import { ensurePrograms } from "../../lab/cluster/programs.ts";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { firstProcessOf } from "../cluster/support/traces.ts";
import { slowApp } from "./support/slow-app.ts";

const requestTimeout = 10;

/** Seconds that a request takes which is in time, and one which is not. */
const short = 3;
const long = 16;

/** Of Traefik, which closes such connections after so long. */
const idleBehindGateway = 90;

/** A server each; `single` is gunicorn whose workers have no threads. */
const servers = {
    sample: { server: "gunicorn", processes: 1, threads: 4 },
    single: { server: "gunicorn", processes: 1, threads: 1 },
    uvicorn: { server: "uvicorn", processes: 1, keepAlive: 95 },
    daphne: { server: "daphne" },
} as const;

type App = keyof typeof servers;
const apps = Object.keys(servers) as App[];

let environment: TestEnvironment;
let cluster: Cluster;
let edge: Edge | undefined;

function configure(config: StackConfig): void {
    const [sample] = config["apps"];
    const { superuser: _, ...release } = sample.release;
    const appWith = (name: App) => ({
        ...sample,
        ...slowApp,
        name,
        hosts: [hostOf(name)],
        environment: { ...slowApp.environment, ...(name === "single" && { GUNICORN_CMD_ARGS: "--worker-class=sync" }) },
        web: { ...servers[name], size: "small", replicas: { min: 1, max: 1 } },
        workers: {},
        beat: undefined,
        shell: undefined,
        release,
    });
    config["environment"].mainApp = "sample";
    config["apps"] = apps.map(appWith);
    config["cache"] = { variant: "none" };
    config["broker"] = { variant: "none" };
    config["exposure"] = { variant: "gateway", requestTimeout };
}

function hostOf(app: App): string {
    return app === "sample" ? environment.host : `${app}.${environment.host}`;
}

interface Ended {
    /** What went wrong, where there is no answer. */
    readonly status: number | string;
    readonly seconds: number;
    readonly body: string;
}

/** @param upload seconds over which a body is sent, a byte each second */
function ask(
    app: App,
    path: string,
    { port = gatewayPorts.http, upload = 0 }: { readonly port?: number; readonly upload?: number } = {},
): Promise<Ended> {
    const start = Date.now();
    const outgoing = request({
        host: "127.0.0.1",
        port,
        path,
        method: upload === 0 ? "GET" : "POST",
        agent: false,
        headers: { host: `${hostOf(app)}:${gatewayPorts.http}`, ...(upload > 0 && { "content-length": upload }) },
    });
    const write = async (): Promise<void> => {
        for (let sent = 0; sent < upload && !outgoing.destroyed; sent += 1) {
            outgoing.write("a");
            await sleep(1000);
        }
        outgoing.end();
    };
    void write();
    return new Promise((resolve) => {
        const end = (status: number | string, body = ""): void => {
            resolve({ status, seconds: (Date.now() - start) / 1000, body });
        };
        outgoing.on("error", (error) => end(String(error)));
        outgoing.on("response", (response) => {
            const chunks: Buffer[] = [];
            response.on("data", (chunk: Buffer) => chunks.push(chunk));
            response.on("error", (error) => end(String(error)));
            response.on("end", () => {
                end(response.statusCode ?? 0, Buffer.concat(chunks).toString());
                outgoing.destroy();
            });
        });
    });
}

const nap = (seconds: number): string => `/nap?seconds=${seconds}`;

/** A pod answers again a moment before the cluster counts it as ready. */
async function podOf(app: App): Promise<V1Pod> {
    let pod: V1Pod | undefined;
    await eventually(async () => {
        [pod] = await cluster.serving(environment.namespace, `${app}-web`);
        return pod === undefined ? `${app} has no web pod that is ready` : undefined;
    }, 30);
    return pod!;
}

async function everyAppServes(): Promise<void> {
    for (const app of apps) {
        await eventually(async () => {
            const { status } = await ask(app, "/healthz/live");
            return status === 200 ? undefined : `${app} answers ${status}`;
        }, 60);
    }
}

function forEachApp<Result>(ask: (app: App) => Promise<Result>): Promise<Record<App, Result>> {
    return Promise.all(apps.map(async (app) => [app, await ask(app)] as const)).then(
        (entries) => Object.fromEntries(entries) as Record<App, Result>,
    );
}

/** Seconds until the pod's server closes a connection on which it has answered one request, and nothing else came. */
async function keptFor(app: App): Promise<number> {
    const pod = await podOf(app);
    const socket = connect({ host: pod.status!.podIP!, port: 8000 });
    let answered = 0;
    socket.on("data", () => (answered = Date.now()));
    socket.write(`GET /healthz/live HTTP/1.1\r\nHost: ${hostOf(app)}\r\n\r\n`);
    await new Promise<void>((resolve, reject) => {
        socket.on("end", resolve);
        socket.on("error", reject);
    });
    return (Date.now() - answered) / 1000;
}

/** The Gateway's connections to a pod, by their port on its side. */
async function connectionsTo(pod: V1Pod, state: "established" | "time-wait"): Promise<readonly string[]> {
    const { stdout } = await execa("ss", ["-Htnp", "state", state, "dst", `${pod.status!.podIP}:8000`]);
    return stdout
        .split("\n")
        .filter((line) => state === "time-wait" || line.includes("traefik"))
        .flatMap((line) => /:([0-9]+)\s+\S+:8000/.exec(line)?.[1] ?? []);
}

/** A Traefik that leads to one pod, with the time-out that components/addons/traefik.ts gives to its entry points. */
class Edge {
    static readonly port = 18080;
    private readonly directory: string;
    private readonly process: ResultPromise;

    private constructor(directory: string, process: ResultPromise) {
        this.directory = directory;
        this.process = process;
    }

    static async start(pod: V1Pod): Promise<Edge> {
        const directory = await mkdtemp(join(tmpdir(), "edge-"));
        const routes = {
            routers: { all: { rule: "PathPrefix(`/`)", service: "pod", entryPoints: ["web"] } },
            services: { pod: { loadBalancer: { servers: [{ url: `http://${pod.status!.podIP}:8000` }] } } },
        };
        const file = join(directory, "routes.yaml");
        await writeFile(file, JSON.stringify({ http: routes }));
        const { traefik } = await ensurePrograms(() => undefined);
        const running = execa(
            traefik,
            [
                `--entryPoints.web.address=127.0.0.1:${Edge.port}`,
                `--entryPoints.web.transport.respondingTimeouts.readTimeout=${requestTimeout}s`,
                `--providers.file.filename=${file}`,
                "--accesslog=true",
                `--accesslog.filepath=${join(directory, "access.log")}`,
                "--global.checknewversion=false",
                "--global.sendanonymoususage=false",
            ],
            { reject: false, stdio: "ignore" },
        );
        const edge = new Edge(directory, running);
        await eventually(async () => {
            const { status } = await ask("sample", "/healthz/live", { port: Edge.port });
            return status === 200 ? undefined : `it answers ${status}`;
        }, 30);
        return edge;
    }

    async log(): Promise<string> {
        return await readFile(join(this.directory, "access.log"), "utf8");
    }

    async stop(): Promise<void> {
        this.process.kill();
        await this.process;
        await rm(this.directory, { recursive: true, force: true });
    }
}

beforeAll(async () => {
    environment = await TestEnvironment.create("time-outs");
    cluster = new Cluster();
    await environment.configure(configure);
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    await everyAppServes();
});

afterAll(async () => {
    await edge?.stop();
    await environment?.remove();
});

describe("a request", () => {
    test("that is in time is answered by every server", async () => {
        const answers = await forEachApp((app) => ask(app, nap(short)));
        expect(Object.values(answers).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    });

    test("that takes longer is ended by those servers that have a time-out for it, and by no other", async () => {
        const answers = await forEachApp((app) => ask(app, nap(long)));
        for (const [app, { status, seconds, body }] of Object.entries(answers)) {
            console.log(`${app}: ${status} after ${seconds.toFixed(1)} s: ${body.slice(0, 60)}`);
        }
        for (const app of ["sample", "uvicorn"] as const) {
            expect(answers[app], app).toMatchObject({ status: 200, body: "slept, 0 bytes" });
        }
        expect(answers.single.status).toBe(500);
        expect(answers.daphne.status).toBe(503);
        for (const app of ["single", "daphne"] as const) {
            expect(answers[app].seconds, app).toBeGreaterThan(requestTimeout - 1);
            expect(answers[app].seconds, app).toBeLessThan(requestTimeout + 4);
        }
        await everyAppServes();
    });

    test("is answered again soon after gunicorn's process with threads began to hang, in the same container", async () => {
        const pod = await podOf("sample");
        const first = await firstProcessOf(pod.metadata!.uid!, "gunicorn");
        const children = async (): Promise<string> =>
            (await readFile(`/proc/${first}/task/${first}/children`, "utf8")).trim();
        const before = await children();
        process.kill(Number(before), "SIGSTOP");
        const start = Date.now();
        await eventually(async () => {
            const now = await children();
            return now !== "" && now !== before ? undefined : "it is still the same process";
        }, requestTimeout + 10);
        const seconds = (Date.now() - start) / 1000;
        console.log(`a process that hung was replaced after ${seconds.toFixed(1)} s`);
        expect(seconds).toBeGreaterThan(requestTimeout - 2);
        await everyAppServes();
        const now = await podOf("sample");
        expect([now.metadata!.uid, now.status!.containerStatuses![0]!.restartCount]).toEqual([pod.metadata!.uid, 0]);
    });

    test("that takes longer to come is cut by a Traefik that is told so; an answer may take longer", async () => {
        edge = await Edge.start(await podOf("sample"));
        const { port } = Edge;
        const [quick, slow, answer, elsewhere] = await Promise.all([
            ask("sample", nap(0), { port, upload: short }),
            ask("sample", nap(0), { port, upload: long }),
            ask("sample", nap(long), { port }),
            ask("sample", nap(0), { upload: long }),
        ]);
        console.log(JSON.stringify({ quick, slow, answer, elsewhere }));
        expect(quick).toMatchObject({ status: 200, body: `slept, ${short} bytes` });
        // Whichever of the two it notices first: that the body is late, or that the request has come to its end.
        expect([499, 504]).toContain(slow.status);
        expect(slow.seconds).toBeGreaterThan(requestTimeout - 1);
        expect(slow.seconds).toBeLessThan(requestTimeout + 3);
        expect(await edge.log()).toMatch(/POST \/nap\S* HTTP\/1.1" (?:499|504)/);
        expect(answer.status).toBe(200);
        // The cluster's own ignores what the route says.
        expect(elsewhere).toMatchObject({ status: 200, body: `slept, ${long} bytes` });
    });

    test("that is under way when its pod is evicted is answered by that pod", async () => {
        const pods = await forEachApp(podOf);
        // Still open when the server hears of the end, after five seconds; daphne hears later, and has a time-out.
        const seconds = { sample: long, uvicorn: long, single: 8, daphne: 8 } as const;
        const asked = forEachApp((app) => ask(app, nap(seconds[app])));
        await sleep(1000);
        await forEachApp(async (app) => {
            const metadata = { name: pods[app].metadata!.name!, namespace: environment.namespace };
            await cluster.core.createNamespacedPodEviction({ ...metadata, body: { metadata } });
        });
        const answers = await asked;
        for (const app of apps) {
            expect(answers[app], app).toMatchObject({ status: 200 });
            expect(answers[app].seconds, app).toBeGreaterThan(seconds[app]);
        }
        await everyAppServes();
        const now = await forEachApp(podOf);
        for (const app of apps) {
            expect(now[app].metadata!.uid, app).not.toBe(pods[app].metadata!.uid);
        }
    });
});

describe("a connection that nobody uses", () => {
    test("is kept as long as keepAlive says, and behind the Gateway it is the Gateway that closes it", async () => {
        const keptAlive = { sample: idleBehindGateway + 15, single: 0, uvicorn: 95, daphne: 60 } as const;
        const pods = await forEachApp(podOf);
        const [atPods, behind] = await Promise.all([
            forEachApp(keptFor),
            forEachApp(async (app) => {
                expect(await ask(app, "/healthz/live")).toMatchObject({ status: 200 });
                const start = Date.now();
                const opened = new Set(await connectionsTo(pods[app], "established"));
                const left = new Set(opened);
                const closedHere = new Set<string>();
                let last = start;
                while (left.size > 0 && Date.now() - start < (idleBehindGateway + 8) * 1000) {
                    await sleep(500);
                    const there = await connectionsTo(pods[app], "established");
                    // Who closes first waits.
                    const waiting = await connectionsTo(pods[app], "time-wait");
                    for (const port of left) {
                        if (there.includes(port)) {
                            continue;
                        }
                        left.delete(port);
                        last = Date.now();
                        if (waiting.includes(port)) {
                            closedHere.add(port);
                        }
                    }
                }
                return { opened: opened.size, seconds: (last - start) / 1000, closedHere: closedHere.size };
            }),
        ]);
        for (const app of apps) {
            const { opened, seconds, closedHere } = behind[app];
            console.log(
                `${app}: its server closed after ${atPods[app].toFixed(1)} s; the Gateway had ${opened} connections for ${seconds.toFixed(1)} s, and closed ${closedHere} itself`,
            );
        }
        for (const app of apps) {
            expect(atPods[app], app).toBeGreaterThan(keptAlive[app] - 1);
            expect(atPods[app], app).toBeLessThan(keptAlive[app] + 5);
        }
        for (const app of ["sample", "uvicorn"] as const) {
            const { opened, seconds, closedHere } = behind[app];
            expect(opened, app).toBeGreaterThan(0);
            expect(closedHere, app).toBe(opened);
            expect(seconds, app).toBeGreaterThan(idleBehindGateway - 3);
            expect(seconds, app).toBeLessThan(idleBehindGateway + 4);
        }
        // As the plan says of daphne.
        expect(behind.daphne.closedHere).toBe(0);
        expect(behind.daphne.seconds).toBeLessThan(65);
    });
});
