// Does not prove that a client spreads its keys over the servers: that is the cluster layer's.
import { describe, expect, test } from "vitest";
import { InClusterMemcached, type InClusterMemcachedArgs } from "../../components/cache/memcached.ts";
import { expectOneFamily, placement, recordComponent } from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const defaults: InClusterMemcachedArgs = { ...placement, size: { cpu: "50m", memory: "256Mi" }, servers: 2 };

const record = remembered((changes: Partial<InClusterMemcachedArgs> = {}, preview: boolean = false) =>
    recordComponent(
        (opts) => {
            const { protocol, backend, servers, clientLabels } = new InClusterMemcached(
                "cache",
                { ...defaults, ...changes },
                opts,
            );
            return { protocol, backend, servers, clientLabels };
        },
        { preview },
    ),
);

const selector = { "app.kubernetes.io/name": "cache", "app.kubernetes.io/instance": "shop-staging" };
const one = [
    "Memcached cache",
    "NetworkPolicy cache-from-clients",
    "NetworkPolicy cache-to-store",
    "Service cache-service",
    "ServiceAccount cache-account",
    "StatefulSet cache-primary",
];

describe("what is created", () => {
    test.each([
        { servers: 1, created: one },
        { servers: 3, created: [...one, "PodDisruptionBudget cache-budget"].sort() },
    ])("with $servers servers", async ({ servers, created }) => {
        const plan = await record({ servers });
        expect(plan.created).toEqual(created);
        expectOneFamily(plan, ["Memcached", "cache"]);
        expect(plan.get("StatefulSet", "cache-primary").props["spec"].replicas).toBe(servers);
    });

    test("a preview plans the same", async () => {
        expect((await record({}, true)).created).toEqual((await record()).created);
    });

    test("no password, and nothing that holds one: there is no login", async () => {
        expect((await record()).created.filter((name) => /Secret|Password/.test(name))).toEqual([]);
    });
});

test("the contract names every server by a name that stays", async () => {
    expect((await record()).outputs).toEqual({
        protocol: "memcached",
        backend: "django.core.cache.backends.memcached.PyMemcacheCache",
        servers: [
            { host: "cache-0.cache", port: 11211 },
            { host: "cache-1.cache", port: 11211 },
        ],
        clientLabels: { "django-on-kubernetes/reaches-cache": "true" },
    });
});

test("that name is given by a Service without an address, to the pods of a StatefulSet that need no order (R78)", async () => {
    const plan = await record();
    expect(plan.get("Service", "cache-service").props["spec"]).toEqual({
        clusterIP: "None",
        selector,
        ports: [{ name: "memcached", port: 11211, targetPort: "memcached" }],
    });
    expect(plan.get("StatefulSet", "cache-primary").props["spec"]).toMatchObject({
        serviceName: "cache",
        podManagementPolicy: "Parallel",
        selector: { matchLabels: selector },
    });
});

describe("a server", () => {
    const pod = async (changes: Partial<InClusterMemcachedArgs> = {}) =>
        (await record(changes)).get("StatefulSet", "cache-primary").props["spec"].template.spec;

    test("evicts within 80 % of its memory, and answers over TCP alone (R32, R99)", async () => {
        const [container] = (await pod()).containers;
        expect(container).toMatchObject({
            name: "memcached",
            command: ["memcached", "--memory-limit=204", "--conn-limit=4096", "--port=11211", "--udp-port=0"],
            resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "256Mi" } },
        });
    });

    test("runs the image that was set, else the official one of a version", async () => {
        expect((await pod({ image: "localhost/memcached:1.6" })).containers[0].image).toBe("localhost/memcached:1.6");
        expect((await pod()).containers[0].image).toMatch(/^docker\.io\/library\/memcached:1\.6\.\d+$/);
    });

    test("is probed by a connection, which starts no process", async () => {
        const [container] = (await pod()).containers;
        for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
            expect(container[probe], probe).toMatchObject({ tcpSocket: { port: "memcached" } });
        }
    });

    test("of several is spread over zones and hosts, by the label that StatefulSets give (R13)", async () => {
        expect((await pod()).topologySpreadConstraints).toMatchObject([
            { topologyKey: "topology.kubernetes.io/zone", matchLabelKeys: ["controller-revision-hash"] },
            { topologyKey: "kubernetes.io/hostname", matchLabelKeys: ["controller-revision-hash"] },
        ]);
        expect(await pod({ servers: 1 })).not.toHaveProperty("topologySpreadConstraints");
    });
});

test("lets in only those that carry its label, at its port (R46, R99)", async () => {
    const clients = { "django-on-kubernetes/reaches-cache": "true" };
    expect((await record()).get("NetworkPolicy", "cache-from-clients").props["spec"]).toEqual({
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: { matchLabels: clients } }], ports: [{ protocol: "TCP", port: 11211 }] }],
    });
});
