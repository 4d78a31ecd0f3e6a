// Two ways in that the stacks of the other proofs do not have: a load balancer straight to the web pods, and HTTPS with a certificate
// that somebody else has made. The load balancer's controller, which a cloud or MetalLB has, is the test here: it writes an address
// into the Service, which is the machine's, and kube-proxy leads it to the pods. Not proved here: the load balancers of others.
import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { V1Service } from "@kubernetes/client-node";
import { execa } from "execa";
import { nodeAddress, publicDomain, publicPorts } from "../../lab/cluster/index.ts";
import { reachableFrom } from "../cluster/support/connections.ts";
import { TestEnvironment, type StackConfig } from "../cluster/support/environment.ts";
import { idlePod } from "../cluster/support/idle-pod.ts";
import { Cluster, eventually } from "../cluster/support/kubernetes.ts";
import { certificateFor } from "../cluster/support/servers.ts";

/** As the node's address: of a range that is nobody's (RFC 5737). */
const balancer = "203.0.113.11";
const neighbours = "test-ways-in";
const host = `given.example.${publicDomain}`;

let environment: TestEnvironment;
let cluster: Cluster;

/** The smallest app there is: one web pod, no cache's replica. */
function small(config: StackConfig): void {
    const [app] = config["apps"];
    app.hosts = [host];
    app.web.replicas = { min: 1, max: 1 };
    delete app.beat;
    config["cache"].replicas = 0;
}

async function up(): Promise<string> {
    const { exitCode, output } = await environment.pulumi("up");
    expect(exitCode, output).toBe(0);
    return output;
}

beforeAll(async () => {
    environment = await TestEnvironment.create("ways-in");
    cluster = new Cluster();
    await execa("ip", ["address", "replace", `${balancer}/32`, "dev", "lo"]);
    await cluster.core.createNamespace({ body: { metadata: { name: neighbours } } });
});

afterAll(async () => {
    await environment?.remove();
    await cluster?.core.deleteNamespace({ name: neighbours }).catch(() => undefined);
    await execa("ip", ["address", "delete", `${balancer}/32`, "dev", "lo"], { reject: false });
});

describe("a load balancer", () => {
    test("is waited for: the update ends once it has its address, which is an output", async () => {
        const [named, stranger] = await Promise.all(
            ["named", "stranger"].map((name) => idlePod(cluster, neighbours, name)),
        );
        const range = `${named!.status!.podIP}/32`;
        await environment.configure((config) => {
            small(config);
            config["exposure"] = { variant: "load-balancer", sourceRanges: [range], allowPlainHttp: true };
        });
        const running = environment.startUp();
        let ended = false;
        void running.done.then(() => (ended = true));
        const service = await waiting();
        expect(service.spec).toMatchObject({ loadBalancerSourceRanges: [range], externalTrafficPolicy: "Local" });
        // Long enough for an update that does not wait to have ended.
        await new Promise((resolve) => setTimeout(resolve, 10_000));
        expect(ended).toBe(false);
        await assign(service);
        const { exitCode, output } = await running.done;
        expect(exitCode, output).toBe(0);
        const { output: shown } = await environment.run(["stack", "output", "apps", "--stack", environment.stack]);
        expect(shown).toContain(balancer);
        const endpoint = `${balancer}:80`;
        await eventually(async () => {
            const reached = await reachableFrom(cluster, named!, [endpoint]);
            return reached.has(endpoint) ? undefined : "not reached by whom was named";
        }, 60);
        expect([...(await reachableFrom(cluster, stranger!, [endpoint]))]).toEqual([]);
    });

    test("serves the page, and nothing changes in a second update", async () => {
        const [named] = (await cluster.pods(neighbours)).filter(({ metadata }) => metadata?.name === "named");
        const page = [
            "python3",
            "-c",
            `import urllib.request as r; print(r.urlopen(r.Request("http://${balancer}/", headers={"Host": "${host}"}), timeout=10).status)`,
        ];
        expect((await cluster.exec(named!, page)).trim()).toBe("200");
        const { exitCode, output } = await environment.pulumi("preview", "--expect-no-changes");
        expect(exitCode, output).toBe(0);
    });
});

describe("a certificate of somebody else's", () => {
    const get = (ca: string): Promise<number> =>
        new Promise((resolve, reject) => {
            const outgoing = request(
                {
                    host: nodeAddress,
                    port: publicPorts.https,
                    servername: host,
                    ca,
                    headers: { host },
                    agent: false,
                    timeout: 10_000,
                },
                (response) => {
                    response.resume();
                    resolve(response.statusCode ?? 0);
                },
            );
            outgoing.on("timeout", () => outgoing.destroy(new Error("no answer within 10 s")));
            outgoing.on("error", reject);
            outgoing.end();
        });

    const https = (variant: object) => (config: StackConfig) => {
        small(config);
        config["exposure"] = { variant: "gateway", certificate: variant };
        Object.assign(config["platform"].gateway, {
            publicHttpPort: publicPorts.http,
            publicHttpsPort: publicPorts.https,
        });
    };

    async function served(ca: string): Promise<void> {
        await eventually(async () => {
            const answer = await get(ca).catch((error: unknown) => String(error));
            return answer === 200 ? undefined : `the page answers ${answer}`;
        }, 90);
    }

    test("given as the stack's secret: the page answers with it", async () => {
        const { ca, chain, key } = await certificateFor(host);
        await environment.setSecret("secrets.certificate.chain", chain);
        await environment.setSecret("secrets.certificate.key", key);
        await environment.configure(https({ variant: "given" }));
        expect(await up()).not.toContain("PRIVATE KEY");
        await served(ca);
    });

    test("another one in its place is served after the next update", async () => {
        const { ca, chain, key } = await certificateFor(host);
        await environment.setSecret("secrets.certificate.chain", chain);
        await environment.setSecret("secrets.certificate.key", key);
        await up();
        await served(ca);
    });

    test("for another host: refused before anything changes", async () => {
        const { chain, key } = await certificateFor(`other.example.${publicDomain}`);
        await environment.setSecret("secrets.certificate.chain", chain);
        await environment.setSecret("secrets.certificate.key", key);
        const { exitCode, output } = await environment.pulumi("up");
        expect(exitCode).not.toBe(0);
        expect(output).toContain(host);
    });

    test("in a Secret that another tool has made: served from there", async () => {
        const { ca, chain, key } = await certificateFor(host);
        await cluster.core.createNamespacedSecret({
            namespace: environment.namespace,
            body: {
                metadata: { name: "made-elsewhere" },
                type: "kubernetes.io/tls",
                stringData: { "tls.crt": chain, "tls.key": key },
            },
        });
        await environment.removeSetting("secrets.certificate");
        await environment.configure(https({ variant: "secret", name: "made-elsewhere" }));
        await up();
        await served(ca);
    });
});

/** The Service of the load balancer, once the update has made it. */
async function waiting(): Promise<V1Service> {
    let found: V1Service | undefined;
    await eventually(async () => {
        const { items } = await cluster.core
            .listNamespacedService({ namespace: environment.namespace })
            .catch(() => ({ items: [] as V1Service[] }));
        found = items.find(({ spec }) => spec?.type === "LoadBalancer");
        return found === undefined ? "no Service of type LoadBalancer" : undefined;
    }, 300);
    return found!;
}

/** What the controller of a load balancer does. */
async function assign(service: V1Service): Promise<void> {
    const { name, namespace } = service.metadata!;
    await cluster.core.replaceNamespacedServiceStatus({
        name: name!,
        namespace: namespace!,
        body: { ...service, status: { loadBalancer: { ingress: [{ ip: balancer, ipMode: "VIP" }] } } },
    });
}
