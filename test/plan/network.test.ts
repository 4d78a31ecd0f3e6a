// NetworkPolicies are evaluated as Kubernetes defines them, and R46 to R48 follow.
// Does not prove: that a cluster enforces any of them (R49).
import { beforeAll, describe, expect, it } from "vitest";
import { checkPlan } from "../../policy/index.ts";
import type { NetworkPolicySpec } from "../../policy/kubernetes.ts";
import { allows, allowsOutside, connects, isIsolated } from "../../policy/network-view.ts";
import { addressesIn, needsOf } from "../../policy/needs.ts";
import { PlanView, viewOf } from "../../policy/plan-view.ts";
import type { PolicyResource } from "../../policy/resource.ts";
import type { Plan } from "../../commands/plan/plan.ts";
import { changed, planOf } from "./support/plans.ts";
import { spoil, without } from "./support/spoil.ts";

function resource(type: string, name: string, props: Record<string, unknown>): PolicyResource {
    return { urn: `urn:pulumi:s::p::${type}::${name}`, type, name, props, dependencies: [], protect: false };
}

function pod(name: string, labels: Record<string, string>, namespace = "here"): PolicyResource {
    const spec = { containers: [{ name, ports: [{ name: "main", containerPort: 8000 }] }] };
    return resource("kubernetes:apps/v1:Deployment", name, {
        metadata: { name, namespace },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    });
}

function policy(name: string, spec: NetworkPolicySpec, namespace = "here"): PolicyResource {
    return resource("kubernetes:networking.k8s.io/v1:NetworkPolicy", name, { metadata: { name, namespace }, spec });
}

const pods = [
    pod("client", { app: "client" }),
    pod("server", { app: "server" }),
    pod("stranger", { app: "client" }, "there"),
    resource("kubernetes:core/v1:Namespace", "there", { metadata: { name: "there", labels: { team: "other" } } }),
];
const tcp = (number: number) => ({ protocol: "TCP", number }) as const;
const deny = policy("deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });

function view(...policies: PolicyResource[]) {
    const plan = new PlanView({ resources: [...pods, ...policies] });
    const named = (name: string) => plan.workloads.find((workload) => workload.name === name)!;
    return { plan, client: named("client"), server: named("server"), stranger: named("stranger") };
}

describe("evaluation", () => {
    it("lets all through where no policy selects a pod", () => {
        const { plan, client, server } = view();
        expect(isIsolated(plan, server, "Ingress")).toBe(false);
        expect(connects(plan, client, server, tcp(8000))).toBe(true);
    });

    it("refuses all that no rule allows, in the policy's own namespace only", () => {
        const { plan, client, server, stranger } = view(deny);
        expect(connects(plan, client, server, tcp(8000))).toBe(false);
        expect(isIsolated(plan, stranger, "Egress")).toBe(false);
    });

    it("needs both sides", () => {
        const out = policy("out", {
            podSelector: { matchLabels: { app: "client" } },
            policyTypes: ["Egress"],
            egress: [{ to: [{ podSelector: {} }] }],
        });
        const into = policy("in", {
            podSelector: { matchLabels: { app: "server" } },
            ingress: [{ from: [{ podSelector: {} }] }],
        });
        const half = view(deny, out);
        expect(allows(half.plan, half.client, "Egress", half.server, tcp(8000))).toBe(true);
        expect(connects(half.plan, half.client, half.server, tcp(8000))).toBe(false);
        const both = view(deny, out, into);
        expect(connects(both.plan, both.client, both.server, tcp(8000))).toBe(true);
    });

    it("knows named ports, ranges and protocols", () => {
        const ports = (list: NonNullable<NonNullable<NetworkPolicySpec["ingress"]>[number]["ports"]>) =>
            view(
                policy("in", {
                    podSelector: { matchLabels: { app: "server" } },
                    policyTypes: ["Ingress"],
                    ingress: [{ ports: list }],
                }),
            );
        const open = ({ plan, client, server }: ReturnType<typeof view>, number: number) =>
            connects(plan, client, server, tcp(number));
        expect(open(ports([{ port: "main" }]), 8000)).toBe(true);
        expect(open(ports([{ port: "other" }]), 8000)).toBe(false);
        expect(open(ports([{ port: 7000, endPort: 8000 }]), 8000)).toBe(true);
        expect(open(ports([{ port: 7000, endPort: 7999 }]), 8000)).toBe(false);
        expect(open(ports([{ protocol: "UDP", port: 8000 }]), 8000)).toBe(false);
        expect(open(ports([{ protocol: "TCP" }]), 1)).toBe(true);
    });

    it("keeps podSelector in its namespace, unless a namespaceSelector leads out of it", () => {
        const from = (peer: object) =>
            view(
                policy("in", {
                    podSelector: { matchLabels: { app: "server" } },
                    policyTypes: ["Ingress"],
                    ingress: [{ from: [peer] }],
                }),
            );
        const client = { podSelector: { matchLabels: { app: "client" } } };
        const strangerAt = (state: ReturnType<typeof view>) =>
            connects(state.plan, state.stranger, state.server, tcp(8000));
        expect(strangerAt(from(client))).toBe(false);
        expect(strangerAt(from({ ...client, namespaceSelector: { matchLabels: { team: "other" } } }))).toBe(true);
        expect(
            strangerAt(from({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "there" } } })),
        ).toBe(true);
        expect(strangerAt(from({ namespaceSelector: { matchLabels: { team: "own" } } }))).toBe(false);
    });

    it("knows match expressions", () => {
        const match = (operator: string, values?: string[]) => {
            const { plan, client, server } = view(
                policy("in", {
                    podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["server"] }] },
                    policyTypes: ["Ingress"],
                    ingress: [
                        {
                            from: [
                                {
                                    podSelector: {
                                        matchExpressions: [{ key: "app", operator, ...(values && { values }) }],
                                    },
                                },
                            ],
                        },
                    ],
                }),
            );
            return connects(plan, client, server, tcp(8000));
        };
        expect([match("In", ["client"]), match("NotIn", ["client"]), match("Exists"), match("DoesNotExist")]).toEqual([
            true,
            false,
            true,
            false,
        ]);
    });

    it("takes a policy without types for one of ingress, and of egress when it has such rules", () => {
        const plain = view(policy("p", { podSelector: {} }));
        expect([
            isIsolated(plain.plan, plain.client, "Ingress"),
            isIsolated(plain.plan, plain.client, "Egress"),
        ]).toEqual([true, false]);
        const both = view(policy("p", { podSelector: {}, egress: [] }));
        expect(isIsolated(both.plan, both.client, "Egress")).toBe(true);
    });

    it("counts addresses for the outside, never for a pod", () => {
        const { plan, client, server } = view(
            deny,
            policy("out", {
                podSelector: {},
                policyTypes: ["Egress"],
                egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port: 443 }] }],
            }),
        );
        expect(allowsOutside(plan, client, "Egress", tcp(443))).toBe(true);
        expect(allowsOutside(plan, client, "Egress", tcp(80))).toBe(false);
        expect(allows(plan, client, "Egress", server, tcp(443))).toBe(false);
    });
});

describe("needs", () => {
    it("reads hosts and ports of URLs, whatever the password", () => {
        expect(addressesIn("redis://:p%40ss@cache:6379/0 redis://:x@cache-replica/0")).toEqual([
            { host: "cache", port: 6379 },
            { host: "cache-replica", port: 6379 },
        ]);
        expect(addressesIn("postgresql://user:pw@database:5433/name?sslmode=require")).toEqual([
            { host: "database", port: 5433 },
        ]);
    });

    it("finds in a preview the same as in an update: by labels where URLs are unknown", async () => {
        const sections = await changed("local", () => undefined);
        const pairs = (plan: Plan) =>
            [...new Set(needsOf(viewOf(plan)).map(({ from, to }) => `${from.name} ${to.name}`))].toSorted();
        const preview = pairs(await planOf(sections, { preview: true }));
        expect(preview).toEqual(pairs(await planOf(sections)));
        expect(preview).toContain("sample-web database");
        expect(preview).toContain("cache-replica cache");
    });
});

describe("R46 on the local stack", () => {
    let local: Plan;
    beforeAll(async () => {
        local = await planOf(await changed("local", () => undefined));
    });
    const names = (plan: Plan) => checkPlan(plan).map(({ rule, name }) => `${rule} ${name}`);

    it.each(["database", "cache", "cache-replica", "broker"])("needs both openings of the %s", (store) => {
        expect(names(without(local, `${store}-to-store`))).toContain("R46 sample-web");
        const server =
            store === "cache-replica"
                ? "cache-replica-servers"
                : store === "cache"
                  ? "cache-primary"
                  : `${store}-server`;
        expect(names(without(local, `${store}-from-clients`))).toContain(`R46 ${server}`);
    });

    it("needs the right port on both sides", () => {
        for (const name of ["broker-to-store", "broker-from-clients"]) {
            const wrong = spoil(local, name, (r) => {
                const rules = r.props["spec"].egress ?? r.props["spec"].ingress;
                rules[0].ports[0].port = 6380;
            });
            expect(names(wrong).some((line) => line.startsWith("R46 "))).toBe(true);
        }
    });

    it("needs the label that is let through", () => {
        const unlabelled = spoil(local, "sample-worker-default", (r) => {
            delete r.props["spec"].template.metadata.labels["django-on-kubernetes/reaches-database"];
        });
        expect(names(unlabelled)).toContain("R46 sample-worker-default");
        expect(names(unlabelled)).not.toContain("R46 sample-web");
    });

    it("needs the refusal of all, and a policy for each pod", () => {
        expect(names(without(local, "namespace-deny-all"))).toContain("R46 namespace");
        const elsewhere = spoil(local, "sample-shell", (r) => (r.props["metadata"].namespace = "default"));
        expect(names(elsewhere)).toContain("R46 sample-shell");
    });

    it("lets the Gateway in", () => {
        expect(names(without(local, "sample-web-from-gateway"))).toContain("R46 sample-web");
    });

    it("does not let a store take in anyone", () => {
        const open = spoil(local, "database-from-clients", (r) => delete r.props["spec"].ingress[0].from);
        expect(names(open)).toEqual(["R46 database-from-clients"]);
        const wide = spoil(
            local,
            "database-from-clients",
            (r) => (r.props["spec"].ingress[0].from = [{ namespaceSelector: {} }]),
        );
        expect(names(wide)).toContain("R46 database-from-clients");
    });

    it("R48: does not let pods out to anywhere", () => {
        const open = spoil(local, "cache-to-store", (r) => (r.props["spec"].egress = [{}]));
        expect(names(open)).toContain("R48 cache-to-store");
    });
});

describe("R46 on stores that are there, RabbitMQ and a load balancer", () => {
    let outside: Plan;
    let nodes: Plan;
    beforeAll(async () => {
        const endpoint = "https://s3.example.org:9000";
        const cidrs = ["10.230.0.0/24"];
        outside = await planOf(
            await changed("local", (sections) => {
                sections["database"] = {
                    variant: "external",
                    host: "10.230.0.5",
                    database: "shop",
                    user: "shop",
                    maxConnections: 300,
                };
                sections["cache"] = { variant: "external", protocol: "memcached", host: "10.230.0.6" };
                sections["broker"] = { variant: "external", protocol: "amqp", host: "10.230.0.7", user: "shop" };
                sections["assets"] = {
                    variant: "s3-compatible",
                    endpoint,
                    cidrs,
                    static: { bucket: "statics", url: "https://static.example.org/" },
                    media: { bucket: "uploads" },
                };
                sections["apps"][0].scheduled = { report: { schedule: "@daily", command: ["report"] } };
                sections["exposure"] = { variant: "load-balancer", sourceRanges: ["10.0.0.0/8"] };
                delete sections["platform"].gateway;
            }),
            {
                secrets: {
                    databasePassword: "letmein",
                    brokerPassword: "letmein",
                    assetsAccessKeyId: "id",
                    assetsSecretAccessKey: "key",
                },
            },
        );
        nodes = await planOf(
            await changed("local", (sections) => {
                sections["broker"] = { variant: "rabbitmq", version: "4.2", storage: "2Gi", nodes: 3 };
            }),
        );
    });
    const names = (plan: Plan) => checkPlan(plan).map(({ rule, name }) => `${rule} ${name}`);

    it("holds for both", () => {
        expect(names(outside).filter((line) => line.startsWith("R46"))).toEqual([]);
        expect(names(nodes)).toEqual([]);
    });

    it.each(["database", "cache", "broker"])("needs the way out to the %s", (store) => {
        const found = names(without(outside, `${store}-to-store`));
        expect(found).toEqual(expect.arrayContaining(["R46 sample-web", "R46 sample-scheduled-report"]));
    });

    it("needs the way out to buckets", () => {
        const found = names(without(outside, "sample-to-outside"));
        expect(found).toEqual(expect.arrayContaining(["R46 sample-web", "R46 sample-collectstatic"]));
    });

    it("needs the server's port", () => {
        const wrong = spoil(outside, "cache-to-store", (r) => (r.props["spec"].egress[0].ports[0].port = 11212));
        expect(names(wrong)).toContain("R46 sample-web");
    });

    it("lets in whoever the load balancer is for", () => {
        expect(names(without(outside, "sample-web-from-gateway"))).toContain("R46 sample-web");
    });

    it("lets the nodes of RabbitMQ find each other, both ways", () => {
        expect(names(without(nodes, "broker-among-nodes")).filter((line) => line === "R46 broker-server")).toHaveLength(
            4,
        );
        const half = spoil(nodes, "broker-among-nodes", (r) => r.props["spec"].egress[0].ports.shift());
        expect(names(half)).toEqual(["R46 broker-server"]);
    });
});
