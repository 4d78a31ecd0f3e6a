// Every connection between the pods of an environment, and from them to what is around it, made for real, and each answer
// compared with what the NetworkPolicies say: by the evaluation that judges plans, and by a list of what must be so.
// Not proved here: other networks than this one, which decide alike but not at the same moment; UDP, except for names; and that
// `from` tells the Gateway from others, because Traefik is a process of the node here, and the node's own connections always pass.
import { NetworkingV1Api, type V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connects } from "../../policy/network-view.ts";
import type { PlanView, Workload } from "../../policy/plan-view.ts";
import { Client } from "./support/client.ts";
import { listens, reachableFrom, type Endpoint } from "./support/connections.ts";
import { TestEnvironment } from "./support/environment.ts";
import { idlePod } from "./support/idle-pod.ts";
import { Cluster, eventually } from "./support/kubernetes.ts";
import { liveView, tcpPorts } from "./support/live-view.ts";
import { Outside, outside } from "./support/outside.ts";

/** A namespace where nothing is refused: what cannot be reached from there either proves nothing. */
const open = "test-neighbour";
/** Where the controller of a Gateway would run in pods. */
const gateway = "test-gateway";
const bare = ["stranger", "neighbour", "controller"];

const api = { service: "10.96.0.1:443", server: "203.0.113.10:6443", kubelet: "203.0.113.10:10250" };

let environment: TestEnvironment;
let cluster: Cluster;
let client: Client;
let beyond: Outside;
let view: PlanView;
/** One pod of each workload, by its name. */
const pods = new Map<string, V1Pod>();

beforeAll(async () => {
    environment = await TestEnvironment.create("closed");
    cluster = new Cluster();
    client = new Client(environment.host);
    await environment.configure((config) => {
        config["platform"].gateway.from = { namespaces: [gateway] };
        config["apps"][0].egress = { publicHttps: true, addresses: [{ cidr: `${outside.opened}/32`, port: 8443 }] };
    });
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    beyond = await Outside.open();
    for (const name of [open, gateway]) {
        await cluster.core.createNamespace({ body: { metadata: { name } } });
    }
    await idlePod(cluster, environment.namespace, "stranger");
    await idlePod(cluster, open, "neighbour");
    await idlePod(cluster, gateway, "controller");
    await eventually(async () => (await cluster.unready(environment.namespace)).join(", ") || undefined, 120);

    view = await liveView(cluster, [environment.namespace, open, gateway], bare);
    for (const workload of view.workloads) {
        const all = await cluster.pods(workload.namespace!);
        const own = all.find(
            ({ metadata, status }) =>
                status?.phase === "Running" &&
                (metadata!.name === workload.name || metadata!.labels?.["app.kubernetes.io/name"] === workload.name),
        );
        if (own !== undefined) {
            pods.set(workload.name, own);
        }
    }
}, 30 * 60_000);

afterAll(async () => {
    client?.close();
    for (const name of [open, gateway]) {
        await cluster?.core.deleteNamespace({ name }).catch(() => undefined);
    }
    await beyond?.close();
    await environment?.remove();
}, 10 * 60_000);

function endpointsOf(workload: Workload): Endpoint[] {
    const address = pods.get(workload.name)?.status?.podIP;
    return address === undefined ? [] : tcpPorts(workload).map(({ number }) => `${address}:${number}`);
}

/** Of a workload, where it takes connections. */
function at(name: string): Endpoint {
    const [first] = endpointsOf(view.workloads.find((workload) => workload.name === name)!);
    return first!;
}

async function reaches(name: string, ...endpoints: readonly Endpoint[]): Promise<boolean[]> {
    const reached = await reachableFrom(cluster, pods.get(name)!, endpoints);
    return endpoints.map((endpoint) => reached.has(endpoint));
}

const apps = ["sample-web", "sample-worker-default", "sample-beat", "sample-shell"];
const stores = ["database", "cache", "cache-replica", "broker"];

describe("NetworkPolicies, enforced", () => {
    test("all workloads run, and each store and the web listen", async () => {
        expect([...pods.keys()].sort()).toEqual([...apps, ...stores, ...bare].sort());
        for (const name of ["sample-web", ...stores]) {
            expect(await listens(at(name)), `${name} at ${at(name)}`).toBe(true);
        }
    });

    test("every pair of pods connects exactly where the policies let it", async () => {
        const targets = view.workloads.flatMap((to) => tcpPorts(to).map((port) => ({ to, port })));
        const where = ({ to, port }: (typeof targets)[number]): Endpoint =>
            `${pods.get(to.name)!.status!.podIP}:${port.number}`;
        const listening = new Set<Endpoint>();
        for (const target of targets) {
            if (await listens(where(target))) {
                listening.add(where(target));
            }
        }
        const expected: string[] = [];
        const found: string[] = [];
        await eventually(async () => {
            expected.length = 0;
            found.length = 0;
            for (const from of view.workloads) {
                // To itself a pod talks over its own loopback.
                const others = targets.filter((each) => each.to !== from && listening.has(where(each)));
                const reached = await reachableFrom(cluster, pods.get(from.name)!, others.map(where));
                for (const other of others) {
                    const line = `${from.name} -> ${other.to.name}:${other.port.number}`;
                    const allowed = connects(view, from, other.to, other.port);
                    expected.push(`${line} ${allowed ? "connects" : "is refused"}`);
                    found.push(`${line} ${reached.has(where(other)) ? "connects" : "is refused"}`);
                }
            }
            return found.join() === expected.join()
                ? undefined
                : found.filter((line) => !expected.includes(line)).join("\n");
        }, 30);
        expect(found).toEqual(expected);
        // Both answers occur, and not by the way.
        expect(found.filter((line) => line.endsWith("connects")).length).toBeGreaterThanOrEqual(12);
        expect(found.filter((line) => line.endsWith("is refused")).length).toBeGreaterThanOrEqual(30);
    });

    test.each(["sample-web", "sample-worker-default", "sample-shell"])("%s reaches each store", async (name) => {
        const [database, cache, replica, broker] = await reaches(name, ...stores.map(at));
        expect({ database, cache, replica, broker }).toEqual({
            database: true,
            cache: true,
            replica: true,
            broker: true,
        });
    });

    test.each(["stranger", "neighbour", "controller"])("%s, whom nobody named, reaches no store", async (name) => {
        expect(await reaches(name, ...stores.map(at))).toEqual(stores.map(() => false));
    });

    test.each(stores)("%s calls nobody outside, no app and no API server", async (name) => {
        const all = [at("sample-web"), `${outside.other}:443`, `${outside.opened}:8443`, ...Object.values(api)];
        expect(await reaches(name, ...all)).toEqual(all.map(() => false));
    });

    test("the web is called by the Gateway and by whom `from` names, and by nobody else", async () => {
        const { status } = await client.send("GET", "/");
        expect(status).toBe(200);
        const [controller] = await reaches("controller", at("sample-web"));
        const [neighbour] = await reaches("neighbour", at("sample-web"));
        const [stranger] = await reaches("stranger", at("sample-web"));
        const [database] = await reaches("database", at("sample-web"));
        expect({ controller, neighbour, stranger, database }).toEqual({
            controller: true,
            neighbour: false,
            stranger: false,
            database: false,
        });
    });

    test("the app reaches outside what was opened, at its port, and public HTTPS; nothing else", async () => {
        const endpoints = {
            "the opened address at its port": `${outside.opened}:8443`,
            "the opened address at another port": `${outside.opened}:80`,
            "another address at that port": `${outside.other}:8443`,
            "public HTTPS": `${outside.other}:443`,
            "the metadata service": `${outside.metadata}:80`,
            "the metadata service at the HTTPS port": `${outside.metadata}:443`,
            "the API server's Service": api.service,
            "the API server": api.server,
            "the kubelet": api.kubelet,
        };
        const answers = async (name: string): Promise<Record<string, boolean>> => {
            const reached = await reaches(name, ...Object.values(endpoints));
            return Object.fromEntries(Object.keys(endpoints).map((key, index) => [key, reached[index]!]));
        };
        // Each of them is there: from where nothing is refused it answers.
        expect(Object.values(await answers("neighbour"))).toEqual(Object.values(endpoints).map(() => true));
        for (const name of apps) {
            expect({ name, ...(await answers(name)) }).toEqual({
                name,
                "the opened address at its port": true,
                "the opened address at another port": false,
                "another address at that port": false,
                "public HTTPS": true,
                "the metadata service": false,
                "the metadata service at the HTTPS port": false,
                "the API server's Service": false,
                "the API server": false,
                "the kubelet": false,
            });
        }
        expect(Object.values(await answers("stranger"))).toEqual(Object.values(endpoints).map(() => false));
    });

    test.each([...apps, ...stores, "stranger"])("%s may ask for names", async (name) => {
        const found = await cluster.exec(pods.get(name)!, ["getent", "hosts", `database.${environment.namespace}.svc`]);
        expect(found).toMatch(/^10\.96\./);
        expect(await reaches(name, "10.96.0.10:53")).toEqual([true]);
    });

    test("without the policies all of it would be open", async () => {
        const networking = cluster.config.makeApiClient(NetworkingV1Api);
        await networking.deleteCollectionNamespacedNetworkPolicy({ namespace: environment.namespace });
        await eventually(async () => {
            const all = [...stores.map(at), `${outside.metadata}:80`, api.server];
            const reached = await reaches("stranger", ...all);
            return reached.every(Boolean)
                ? undefined
                : `still refused: ${all.filter((_, index) => !reached[index]).join(", ")}`;
        }, 30);
    });
});
