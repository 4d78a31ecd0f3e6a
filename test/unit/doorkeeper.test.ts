// The doorkeeper's script, as a process against an API server that lets it do what its role says and nothing else. Not proved: that
// proxies and kube-proxy follow its label, and what a waking takes (test/prove/sleeping.test.ts).
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createWebServer, request, type Server as WebServer } from "node:http";
import { createServer, type Server } from "node:https";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { projectRoot } from "../../commands/support/paths.ts";
import { Doorkeeper } from "../../components/doorkeeper/doorkeeper.ts";
import { certificateFor } from "../support/certificate.ts";
import { placement, recordComponent } from "../support/component.ts";

const script = join(projectRoot, "components", "doorkeeper", "scripts");
/** Python with shorter waits: the script is run as it is. */
const hurried = [
    "import sys",
    `sys.path.insert(0, ${JSON.stringify(script)})`,
    "import doorkeeper as d",
    "d.ASLEEP, d.WAKING, d.AWAKE, d.SETTLE, d.RETRY, d.LINGER, d.LOGGED = 0.1, 0.05, 0.2, 0.1, 0.1, 0.3, 0.2",
    "d.main()",
].join("\n");

interface Workload {
    replicas: number;
    generation: number;
    ready: number;
}

let directory: string;
let api: Server;
let port: number;
let keeper: ChildProcess | undefined;
let said: string;
let workloads: Record<string, Workload>;
let labels: Record<string, string>;
let log: string[];
/** A web pod, and the line that it writes for a request. */
let web: WebServer;
let line: (path: string) => string;
let jobs: object[];
let calls: string[];
let forbidden: string[];
let failing: number;

const probe = '10.0.0.1 - - [02/Dec/2026:05:00:00 +0000] "GET /ready HTTP/1.1" 200 2 "-" "kube-probe/1.31"';
const visit = '10.0.0.9 - - [02/Dec/2026:05:00:00 +0000] "GET /cart HTTP/1.1" 200 99 "-" "Mozilla/5.0"';

async function freePort(): Promise<number> {
    const server = createTcpServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port: found } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return found;
}

/** What the component gives the script: its file and its role. */
async function planned(after: number): Promise<{ readonly told: string; readonly rules: Rule[] }> {
    const plan = await recordComponent((opts) => {
        const sleeper = { kind: "deployments", replicas: 1, stage: "app" } as const;
        new Doorkeeper(
            "doorkeeper",
            {
                ...placement,
                after,
                apps: [
                    {
                        name: "shop",
                        hosts: ["Shop.example.org"],
                        probes: ["/ready", "/live"],
                        port,
                        webPods: { "app.kubernetes.io/name": "shop-web" },
                        webName: "shop-web",
                        webContainer: "web",
                        image: "shop:1",
                        runAs: { user: 1000, group: 1000 },
                        imagePullSecrets: [],
                    },
                ],
                sleepers: [
                    { kind: "statefulsets", name: "broker", replicas: 1, stage: "store" },
                    { ...sleeper, name: "shop-web", replicas: 2 },
                    { ...sleeper, name: "shop-worker-mail" },
                ],
                watched: [],
            },
            opts,
        );
        return {};
    });
    const data = plan.get("ConfigMap", "doorkeeper-files").props["data"] as Record<string, string>;
    return { told: data["environment.json"]!, rules: plan.get("Role", "doorkeeper-role").props["rules"] as Rule[] };
}

interface Rule {
    readonly apiGroups: string[];
    readonly resources: string[];
    readonly verbs: string[];
    readonly resourceNames?: string[];
}

/** As RBAC has it. */
function may(rules: readonly Rule[], verb: string, group: string, resource: string, name: string | undefined): boolean {
    return rules.some(
        (rule) =>
            rule.apiGroups.includes(group) &&
            rule.resources.includes(resource) &&
            rule.verbs.includes(verb) &&
            (rule.resourceNames === undefined || (name !== undefined && rule.resourceNames.includes(name))),
    );
}

function pods(): object[] {
    const web = workloads["shop-web"]!;
    const ready = { conditions: [{ type: "Ready", status: "True" }], phase: "Running" };
    return [
        ...Array.from({ length: web.ready }, (_, index) => ({
            metadata: { name: `shop-web-${index}`, labels: { "app.kubernetes.io/name": "shop-web" } },
            status: { ...ready, podIP: "127.0.0.2" },
        })),
        { metadata: { name: "shop-doorkeeper-0", labels }, status: ready },
    ];
}

function answer(rules: readonly Rule[], method: string, url: URL, body: string): readonly [number, string] {
    const [, group, kind, name, sub] =
        /^\/(?:apis\/([a-z]+)\/v1|api\/v1)\/namespaces\/shop-staging\/([a-z]+)(?:\/([a-z0-9-]+)(?:\/([a-z]+))?)?$/.exec(
            url.pathname,
        ) ?? [];
    const verb = method === "PATCH" ? "patch" : name === undefined ? "list" : "get";
    const resource = `${kind}${sub === undefined ? "" : `/${sub}`}`;
    if (!may(rules, verb, group ?? "", resource, name)) {
        forbidden.push(`${verb} ${url.pathname}`);
        return [403, "{}"];
    }
    if (kind === "jobs") {
        return [200, JSON.stringify({ items: jobs })];
    }
    if (kind === "pods") {
        if (sub === "log") {
            return [200, log.join("\n")];
        }
        if (method === "PATCH") {
            const { metadata } = JSON.parse(body) as { metadata: { labels: Record<string, string> } };
            labels = { ...labels, ...metadata.labels };
            calls.push(`label ${labels["app.kubernetes.io/name"]}`);
        }
        return [200, JSON.stringify({ items: pods() })];
    }
    const workload = workloads[name!]!;
    if (method === "PATCH") {
        const { spec } = JSON.parse(body) as { spec: { replicas: number } };
        calls.push(`${name} ${spec.replicas}`);
        workload.replicas = spec.replicas;
        workload.generation += 1;
        setTimeout(() => (workload.ready = workload.replicas), 50);
    }
    const { replicas, generation, ready } = workload;
    return [200, JSON.stringify({ metadata: { generation }, spec: { replicas }, status: { readyReplicas: ready } })];
}

async function start(after: number = 0.4): Promise<void> {
    const { told, rules } = await planned(after);
    await writeFile(join(directory, "environment.json"), told);
    const { chain, key } = certificateFor(["localhost"]);
    await writeFile(join(directory, "ca.crt"), chain);
    await writeFile(join(directory, "token"), "a token\n");
    api = createServer({ cert: chain, key }, (incoming, outgoing) => {
        let body = "";
        incoming.on("data", (part: Buffer) => (body += part.toString()));
        incoming.on("end", () => {
            const isKnown = incoming.headers.authorization === "Bearer a token";
            const fails = failing > 0;
            failing -= Number(fails);
            const [status, text] = fails
                ? ([503, "{}"] as const)
                : isKnown
                  ? answer(rules, incoming.method!, new URL(incoming.url!, "https://localhost"), body)
                  : ([401, "{}"] as const);
            outgoing.writeHead(status).end(text);
        });
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => api.once("listening", resolve));
    run();
    await until(() => said.includes("is up"), "it is up");
}

function run(): void {
    keeper = spawn("python3", ["-c", hurried, join(directory, "environment.json")], {
        env: {
            PATH: process.env["PATH"],
            PYTHONDONTWRITEBYTECODE: "1",
            APP: "shop",
            ADDRESS: "127.0.0.1",
            CREDENTIALS: directory,
            KUBERNETES_SERVICE_HOST: "localhost",
            KUBERNETES_SERVICE_PORT: String((api.address() as AddressInfo).port),
        },
    });
    for (const stream of [keeper.stdout!, keeper.stderr!]) {
        stream.on("data", (part: Buffer) => (said += part.toString()));
    }
}

async function stop(): Promise<void> {
    const ended = new Promise((resolve) => keeper!.once("exit", resolve));
    keeper!.kill("SIGKILL");
    await ended;
}

async function until(holds: () => boolean, what: string): Promise<void> {
    for (let wait = 0; wait < 400; wait++) {
        if (holds()) {
            return;
        }
        await pause(25);
    }
    throw new Error(`never: ${what}\n${said}\n${calls.join("\n")}`);
}

interface Answer {
    readonly status: number | undefined;
    readonly headers: Readonly<Record<string, unknown>>;
    readonly text: string;
}

async function ask(
    path: string,
    { method = "GET", body, ...headers }: Readonly<Record<string, string>> = {},
): Promise<Answer> {
    return await new Promise((resolve, reject) => {
        const outgoing = request(
            { host: "127.0.0.1", port, path, method, headers: { Host: "shop.example.org", ...headers } },
            (incoming) => {
                let text = "";
                incoming.on("data", (part: Buffer) => (text += part.toString()));
                incoming.on("end", () => resolve({ status: incoming.statusCode, headers: incoming.headers, text }));
            },
        );
        outgoing.on("error", reject);
        outgoing.end(body);
    });
}

const isAsleep = (): boolean => Object.values(workloads).every(({ replicas }) => replicas === 0);
const asleep = async (): Promise<void> => await until(isAsleep, "all sleeps");

beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "doorkeeper-"));
    port = await freePort();
    workloads = {
        broker: { replicas: 1, generation: 1, ready: 1 },
        "shop-web": { replicas: 2, generation: 1, ready: 2 },
        "shop-worker-mail": { replicas: 1, generation: 1, ready: 1 },
    };
    labels = { "app.kubernetes.io/name": "shop-doorkeeper" };
    line = (path) => probe.replace("/ready", path);
    web = createWebServer(({ url }, outgoing) => {
        log.push(line(url!));
        outgoing.writeHead(404).end("not found");
    }).listen(port, "127.0.0.2");
    [log, jobs, calls, forbidden, said, failing] = [[probe], [], [], [], "", 0];
});

afterEach(async () => {
    await stop();
    web.closeAllConnections();
    await new Promise((resolve) => web.close(resolve));
    api.closeAllConnections();
    await new Promise((resolve) => api.close(resolve));
    await rm(directory, { recursive: true });
    expect(forbidden).toEqual([]);
    expect(said).not.toContain("Traceback");
});

const browser = { Accept: "text/html,*/*;q=0.8" };

test("it stands in before web pods go, stores go after apps; a browser waits on a page, and all is as it was", async () => {
    await start();
    await asleep();
    expect(calls.slice(-4)).toEqual(["label shop-web", "shop-web 0", "shop-worker-mail 0", "broker 0"]);
    calls = [];
    const page = await ask("/cart?next=<script>", browser);
    expect(page).toMatchObject({
        status: 503,
        headers: {
            "retry-after": "5",
            "cache-control": "no-store",
            connection: "close",
            "content-type": "text/html; charset=utf-8",
        },
    });
    expect(page.text).toContain('<meta http-equiv="refresh" content="2">');
    expect(page.text).not.toContain("<script>");
    await until(() => labels["app.kubernetes.io/name"] === "shop-doorkeeper", "it steps aside");
    expect(calls).toEqual(["broker 1", "shop-web 2", "shop-worker-mail 1", "label shop-doorkeeper"]);
});

test("checks of load balancers are answered, and neither they nor other hosts wake", async () => {
    await start();
    await asleep();
    expect((await ask("/ready", { Host: "10.0.0.5" })).status).toBe(200);
    expect((await ask("/", { "User-Agent": "ELB-HealthChecker/2.0" })).status).toBe(200);
    expect((await ask("/", { "User-Agent": "GoogleHC/1.0" })).status).toBe(200);
    expect((await ask("/", { Host: "scanner.example.com", ...browser })).status).toBe(400);
    expect((await ask("/", { Host: "shop.example.org.evil.com" })).status).toBe(400);
    await pause(300);
    expect(isAsleep()).toBe(true);
    // Any other does, with its port, in any letters.
    const { status, headers, text } = await ask("/hook", { method: "POST", Host: "SHOP.example.org:8443", body: "{}" });
    expect([status, headers["retry-after"], headers["content-type"]]).toEqual([503, "5", "text/plain; charset=utf-8"]);
    expect(text).toContain("being started");
    await until(() => !isAsleep(), "it wakes");
});

/** Long enough that it would have gone to sleep. */
const longer = 900;

const inUse: ReadonlyArray<readonly [what: string, lines: readonly string[]]> = [
    ["visits", [probe, visit]],
    [
        "visits under uvicorn",
        ['INFO: 10.0.0.9:51 - "GET /ready HTTP/1.1" 200 OK', 'INFO: 10.0.0.9:5 - "POST /a HTTP/1.1" 302 Found'],
    ],
    [
        "an open websocket under uvicorn",
        ['INFO: 10.0.0.1:5 - "GET /live HTTP/1.1" 200 OK', "INFO:     connection open"],
    ],
    [
        "an open websocket under daphne",
        ['10.0.0.1:5 - - [] "GET /live" 200 2', '10.0.0.1:5 - - [] "WSCONNECT /ws/" - -'],
    ],
    [
        "visits that are logged in JSON",
        [`{"level": "info", "message": ${JSON.stringify('10.0.0.1 "GET / HTTP/1.1" 200')}}`],
    ],
];

test("visits and open websockets keep it awake", async () => {
    [, log] = inUse[0]! as [string, string[]];
    await start();
    for (const [what, lines] of inUse) {
        log = [...lines];
        await pause(longer);
        expect([what, ...calls.filter((call) => / 0$/.test(call))]).toEqual([what]);
    }
    log = [];
    await asleep();
});

test("a log that tells of no request keeps it awake, and one in JSON is read", async () => {
    line = (path) => `{"method": "GET", "path": "${path}"}`;
    await start();
    await pause(longer);
    expect(isAsleep()).toBe(false);
    await until(() => said.includes("shop-web-0 writes no line for a request that it answers"), "it says why");
    line = (path) => `{"message": ${JSON.stringify(`10.0.0.1 "GET ${path} HTTP/1.1" 404 9`)}}`;
    await asleep();
});

test("scanners of other hosts, and websockets that were closed, do not keep it awake", async () => {
    log = [probe, visit.replace(" 200 ", " 400 "), "INFO:     connection open", "INFO:     connection closed"];
    await start();
    await asleep();
});

test("a job keeps it awake, and wakes it; one that ended does not", async () => {
    const job = { metadata: { name: "shop-migrate" }, spec: {}, status: { active: 1 } };
    jobs = [job];
    await start();
    await pause(longer);
    expect(isAsleep()).toBe(false);
    jobs = [{ ...job, status: { conditions: [{ type: "Complete", status: "True" }] } }];
    await asleep();
    jobs = [job];
    await until(() => workloads["broker"]!.replicas === 1, "it wakes for the job");
    expect(said).toContain("the job shop-migrate is at work: the environment wakes");
    jobs = [];
    await asleep();
});

test("what an update changes wakes it", async () => {
    await start();
    await asleep();
    await pause(300);
    workloads["shop-worker-mail"]!.generation += 1;
    await until(() => !isAsleep(), "it wakes");
    expect(said).toContain("shop-worker-mail was changed");
});

test("killed while it sleeps it sleeps on, killed half-way it goes on", async () => {
    await start();
    await asleep();
    await stop();
    [labels, calls, said] = [{ "app.kubernetes.io/name": "shop-doorkeeper" }, [], ""];
    // As if it had come no further than the web pods.
    workloads["broker"] = { replicas: 1, generation: 3, ready: 1 };
    run();
    await until(() => isAsleep() && labels["app.kubernetes.io/name"] === "shop-web", "it sleeps on");
    expect(calls).toEqual(["label shop-web", "broker 0"]);
    await stop();
    [calls, said] = [[], ""];
    // As if it had begun to wake.
    workloads["shop-web"] = { replicas: 2, generation: 9, ready: 2 };
    run();
    await until(() => labels["app.kubernetes.io/name"] === "shop-doorkeeper", "it steps aside");
    expect(calls.toSorted()).toEqual(["broker 1", "label shop-doorkeeper", "shop-worker-mail 1"]);
});

test("a waking that the API interrupts is taken up again, and says nothing of a token", async () => {
    await start();
    await asleep();
    failing = 2;
    expect((await ask("/", browser)).status).toBe(503);
    await until(() => !isAsleep() && labels["app.kubernetes.io/name"] === "shop-doorkeeper", "it wakes");
    expect(said).toContain("was answered with 503; tries again");
    expect(said).not.toContain("a token");
});
