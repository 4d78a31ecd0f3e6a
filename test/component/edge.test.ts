// Does not prove that a controller serves the Gateway or that a certificate is issued: the first is the cluster layer's.
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ComponentResource, output } from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import type { EdgeRoute } from "../../components/edge/contract.ts";
import { GatewayEdge, type GatewayEdgeArgs } from "../../components/edge/gateway.ts";
import { LentEdge } from "../../components/edge/lent.ts";
import { publicUrl } from "../../components/edge/url.ts";
import { SecretValue } from "../../policy/resource.ts";
import { expectOneFamily, placement, recordComponent } from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const route = (changes: Partial<EdgeRoute> = {}): EdgeRoute => ({
    app: "shop",
    main: true,
    hosts: ["shop.example.org", "www.shop.example.org"],
    service: output("shop-web"),
    port: 80,
    readyPath: "/healthz/ready",
    ...changes,
});
const gateway = { className: "traefik", httpPort: 8000, httpsPort: 8443, publicHttpPort: 80, publicHttpsPort: 443 };
const issuer = { kind: "ClusterIssuer", name: "letsencrypt" } as const;

type Gateway = GatewayEdgeArgs["gateway"];

test("the Gateway, and so what is at it, waits where its kind comes after the cluster (R111)", async () => {
    const plan = await recordComponent((opts) => {
        const app = new ComponentResource("test:App", "app", {}, opts);
        const after = [new Job("release", {}, { parent: app })];
        new GatewayEdge("edge", { ...placement, routes: [route()], gateway, after }, opts);
        return {};
    });
    const made = plan.get("Gateway", "edge-gateway");
    expect(made.dependencies).toContain(plan.get("Job", "release").urn);
    expect(plan.get("HTTPRoute", "edge-route").dependencies).toContain(made.urn);
});

interface Changes {
    readonly hasRecords?: boolean;
    readonly needsCertificates?: boolean;
    readonly untilProgrammed?: boolean;
    readonly certificate?: GatewayEdgeArgs["certificate"];
    readonly requestTimeout?: number;
    readonly issuer?: Gateway["issuer"];
    readonly lentDomain?: string;
    readonly others?: readonly Partial<EdgeRoute>[];
}

const record = remembered(
    (
        { issuer, lentDomain, needsCertificates, untilProgrammed, others = [], ...more }: Changes = {},
        preview: boolean = false,
    ) =>
        recordComponent(
            (opts) => {
                const args: GatewayEdgeArgs = {
                    ...placement,
                    ...more,
                    routes: [route(), ...others.map(route)],
                    gateway: {
                        ...gateway,
                        ...(issuer && { issuer }),
                        ...(needsCertificates !== undefined && { needsCertificates }),
                        ...(untilProgrammed !== undefined && { untilProgrammed }),
                    },
                    ...(lentDomain !== undefined && { lentDomain }),
                };
                const { listener, lentListener } = new GatewayEdge("edge", args, opts);
                return { listener, lentListener };
            },
            { preview },
        ),
);

describe("without an issuer", () => {
    test("a Gateway and a route, nothing for HTTPS", async () => {
        const plan = await record();
        expect(plan.created).toEqual(["Gateway edge", "Gateway edge-gateway", "HTTPRoute edge-route"]);
        expect(plan.outputs["listener"]).toEqual({ namespace: "shop-staging", gateway: "edge", section: "http" });
        expect(plan.resources.find(({ name }) => name === "edge")!.type).toBe("django-on-kubernetes:edge:Gateway");
    });

    test("listens for HTTP, for routes of its own namespace only", async () => {
        const gateway = (await record()).get("Gateway", "edge-gateway");
        expect(gateway.type).toBe("kubernetes:gateway.networking.k8s.io/v1:Gateway");
        expect(gateway.props).toMatchObject({
            apiVersion: "gateway.networking.k8s.io/v1",
            kind: "Gateway",
            metadata: { name: "edge", namespace: "shop-staging" },
            spec: { gatewayClassName: "traefik" },
        });
        expect(gateway.props["spec"].listeners).toEqual([
            { name: "http", protocol: "HTTP", port: 8000, allowedRoutes: { namespaces: { from: "Same" } } },
        ]);
    });

    test("every path of every host goes to the app's Service", async () => {
        const route = (await record()).get("HTTPRoute", "edge-route").props;
        expect(route["metadata"]).toMatchObject({ name: "edge", namespace: "shop-staging" });
        expect(route["spec"]).toEqual({
            parentRefs: [{ name: "edge", sectionName: "http" }],
            hostnames: ["shop.example.org", "www.shop.example.org"],
            rules: [
                {
                    matches: [{ path: { type: "PathPrefix", value: "/" } }],
                    backendRefs: [{ name: "shop-web", port: 80 }],
                },
            ],
        });
    });
});

test("says how long a request may take where that was chosen", async () => {
    const timeouts = async (changes: Changes) =>
        (await record(changes)).get("HTTPRoute", "edge-route").props["spec"].rules[0].timeouts as unknown;
    expect(await timeouts({ requestTimeout: 300 })).toEqual({ request: "300s" });
    expect(await timeouts({})).toBeUndefined();
});

describe("with a certificate that is there", () => {
    const there = { secret: "wildcard-tls" };
    const listenersOf = async (changes: Changes, preview = false) =>
        (await record(changes, preview)).get("Gateway", "edge-gateway").props["spec"].listeners as {
            name: string;
            tls?: { certificateRefs: { name: string }[] };
        }[];
    const secretsOf = async (changes: Changes, preview = false) =>
        (await listenersOf(changes, preview)).map(({ name, tls }) => [name, tls?.certificateRefs[0]!.name]);

    test.each([false, true])(
        "in a Secret: HTTPS and the redirect, and nothing is issued (preview %s)",
        async (preview) => {
            const plan = await record({ certificate: there }, preview);
            expect(plan.created).toEqual([
                "Gateway edge",
                "Gateway edge-gateway",
                "HTTPRoute edge-redirect",
                "HTTPRoute edge-route",
            ]);
            expect(await secretsOf({ certificate: there }, preview)).toEqual([
                ["http", undefined],
                ["https", "wildcard-tls"],
            ]);
        },
    );

    test("given: it is put into a Secret of Kubernetes' own type, before the Gateway", async () => {
        const certificate = { chain: "CHAIN", key: "KEY" };
        const plan = await record({ certificate });
        const secret = plan.get("Secret", "edge-given-certificate");
        expect(secret.props).toMatchObject({
            metadata: { name: "edge-certificate", namespace: "shop-staging" },
            type: "kubernetes.io/tls",
        });
        expect(secret.props["stringData"]).toBeInstanceOf(SecretValue);
        expect(plan.get("Gateway", "edge-gateway").dependencies).toContain(secret.urn);
        expect(await secretsOf({ certificate })).toEqual([
            ["http", undefined],
            ["https", "edge-certificate"],
        ]);
    });

    test("lent names have it too, unless there is an issuer for them", async () => {
        const lentDomain = "preview.example.org";
        expect((await secretsOf({ certificate: there, lentDomain })).at(-1)).toEqual(["https-lent", "wildcard-tls"]);
        const both = { certificate: there, lentDomain, issuer };
        expect((await secretsOf(both)).slice(1)).toEqual([
            ["https", "wildcard-tls"],
            ["http-lent", undefined],
            ["https-lent", "edge-lent-certificate"],
        ]);
        const { created } = await record(both);
        expect(created).toContain("Certificate edge-lent-certificate");
        expect(created).not.toContain("Certificate edge-certificate");
    });
});

describe("with an issuer", () => {
    test("also a certificate, the redirect, and an opening for the issuer's question", async () => {
        const plan = await record({ issuer });
        expect(plan.created).toEqual([
            "Certificate edge-certificate",
            "Gateway edge",
            "Gateway edge-gateway",
            "HTTPRoute edge-redirect",
            "HTTPRoute edge-route",
            "NetworkPolicy edge-certificate-solver",
        ]);
        expect(plan.outputs["listener"]).toEqual({ namespace: "shop-staging", gateway: "edge", section: "https" });
    });

    test("the certificate is for all hosts, by the issuer that was set", async () => {
        const certificate = (await record({ issuer })).get("Certificate", "edge-certificate");
        expect(certificate.type).toBe("kubernetes:cert-manager.io/v1:Certificate");
        expect(certificate.props["spec"]).toEqual({
            secretName: "edge-certificate",
            dnsNames: ["shop.example.org", "www.shop.example.org"],
            issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: "letsencrypt" },
            privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
        });
    });

    test("the Gateway ends TLS with that certificate, and is made after it", async () => {
        const plan = await record({ issuer });
        const gateway = plan.get("Gateway", "edge-gateway");
        expect(gateway.props["spec"].listeners[1]).toEqual({
            name: "https",
            protocol: "HTTPS",
            port: 8443,
            tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: "edge-certificate" }] },
            allowedRoutes: { namespaces: { from: "Same" } },
        });
        expect(gateway.dependencies).toContain(plan.get("Certificate", "edge-certificate").urn);
    });

    test("the app answers on HTTPS only; HTTP leads there, to the port that clients see", async () => {
        const plan = await record({ issuer });
        expect(plan.get("HTTPRoute", "edge-route").props["spec"].parentRefs).toEqual([
            { name: "edge", sectionName: "https" },
        ]);
        const redirect = plan.get("HTTPRoute", "edge-redirect").props;
        expect(redirect["metadata"].name).toBe("edge-redirect");
        expect(redirect["spec"]).toEqual({
            parentRefs: [{ name: "edge", sectionName: "http" }],
            hostnames: ["shop.example.org", "www.shop.example.org"],
            rules: [
                {
                    filters: [
                        {
                            type: "RequestRedirect",
                            requestRedirect: { scheme: "https", port: 443, statusCode: 301 },
                        },
                    ],
                },
            ],
        });
    });

    test("an issuer that answers through the Gateway is told which", async () => {
        const annotated = (await record({ issuer: { ...issuer, challenge: "http-01" } })).get(
            "Certificate",
            "edge-certificate",
        ).props;
        expect(annotated["metadata"].annotations).toEqual({
            "acme.cert-manager.io/http01-parentrefkind": "Gateway",
            "acme.cert-manager.io/http01-parentrefname": "edge",
        });
        expect(annotated["spec"].issuerRef).toEqual({ group: "cert-manager.io", ...issuer });
        expect((await record({ issuer })).get("Certificate", "edge-certificate").props["metadata"]).not.toHaveProperty(
            "annotations",
        );
    });

    test("cert-manager's solver may be asked in a namespace that is closed otherwise", async () => {
        expect((await record({ issuer })).get("NetworkPolicy", "edge-certificate-solver").props["spec"]).toEqual({
            podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
            policyTypes: ["Ingress"],
            ingress: [{ ports: [{ protocol: "TCP", port: 8089 }] }],
        });
    });
});

test.each([undefined, issuer])(
    "all belong to the component, and a preview plans the same (issuer: %j)",
    async (given) => {
        const changes = given === undefined ? {} : { issuer: given };
        const plan = await record(changes);
        expectOneFamily(plan, ["Gateway", "edge"]);
        expect((await record(changes, true)).created).toEqual(plan.created);
    },
);

describe("several apps", () => {
    const others = [{ app: "blog", main: false, hosts: ["blog.example.org"], service: output("blog-web") }];

    test("share the Gateway and the certificate; another one changes neither route nor redirect of the first", async () => {
        const [one, two] = [await record({ issuer }), await record({ issuer, others })];
        const more = two.created.filter((created) => !one.created.includes(created));
        expect(more).toEqual(["HTTPRoute edge-redirect-blog", "HTTPRoute edge-route-blog"]);
        for (const name of ["edge-route", "edge-redirect"]) {
            expect(two.get("HTTPRoute", name).props).toEqual(one.get("HTTPRoute", name).props);
        }
        expect(two.get("HTTPRoute", "edge-route-blog").props).toMatchObject({
            metadata: { name: "edge-blog" },
            spec: { hostnames: ["blog.example.org"], rules: [{ backendRefs: [{ name: "blog-web", port: 80 }] }] },
        });
        expect(two.get("Certificate", "edge-certificate").props["spec"].dnsNames).toContain("blog.example.org");
    });
});

describe("a domain that is lent", () => {
    const lentDomain = "preview.example.org";
    const selector = { matchLabels: { "django-on-kubernetes/gateway-of": "shop-staging" } };

    test("has a listener that only namespaces with the label attach to", async () => {
        const plan = await record({ lentDomain });
        expect(plan.get("Gateway", "edge-gateway").props["spec"].listeners).toEqual([
            { name: "http", protocol: "HTTP", port: 8000, allowedRoutes: { namespaces: { from: "Same" } } },
            {
                name: "http-lent",
                protocol: "HTTP",
                port: 8000,
                hostname: "*.preview.example.org",
                allowedRoutes: { namespaces: { from: "Selector", selector } },
            },
        ]);
        expect(plan.outputs["lentListener"]).toEqual({
            namespace: "shop-staging",
            gateway: "edge",
            section: "http-lent",
        });
    });

    test("with an issuer borrowers attach to HTTPS alone, and plain HTTP leads there", async () => {
        const plan = await record({ lentDomain, issuer });
        const listeners = plan.get("Gateway", "edge-gateway").props["spec"].listeners as {
            name: string;
            allowedRoutes: { namespaces: unknown };
        }[];
        const allowed = Object.fromEntries(
            listeners.map(({ name, allowedRoutes }) => [name, allowedRoutes.namespaces]),
        );
        expect(allowed).toMatchObject({ "http-lent": { from: "Same" }, "https-lent": { from: "Selector", selector } });
        expect(plan.get("HTTPRoute", "edge-lent-redirect").props["spec"]).toMatchObject({
            parentRefs: [{ name: "edge", sectionName: "http-lent" }],
            hostnames: ["*.preview.example.org"],
        });
        // A wildcard that cannot be had must not take the environment's own certificate along.
        expect(plan.get("Certificate", "edge-certificate").props["spec"].dnsNames).not.toContain(
            "*.preview.example.org",
        );
        expect(plan.get("Certificate", "edge-lent-certificate").props["spec"]).toMatchObject({
            dnsNames: ["*.preview.example.org"],
            secretName: "edge-lent-certificate",
        });
    });

    test("a borrower makes a route and nothing else", async () => {
        const listener = { namespace: "shop-staging", gateway: "edge", section: "https-lent" };
        const plan = await recordComponent((opts) => {
            new LentEdge(
                "edge",
                {
                    ...placement,
                    namespace: "shop-pr-1",
                    instance: "shop-pr-1",
                    routes: [route({ hosts: ["pr-1.preview.example.org"] })],
                    listener,
                },
                opts,
            );
            return {};
        });
        expect(plan.created).toEqual(["HTTPRoute edge-route", "Lent edge"]);
        expect(plan.get("HTTPRoute", "edge-route").props).toMatchObject({
            metadata: { name: "edge", namespace: "shop-pr-1" },
            spec: { parentRefs: [{ name: "edge", namespace: "shop-staging", sectionName: "https-lent" }] },
        });
    });
});

test("a borrower's route says what the lender's say of a request's time", async () => {
    const listener = { namespace: "shop-staging", gateway: "edge", section: "https-lent" };
    const timeouts = async (more: { readonly requestTimeout?: number }) => {
        const plan = await recordComponent((opts) => {
            new LentEdge("edge", { ...placement, namespace: "pr-1", routes: [route()], listener, ...more }, opts);
            return {};
        });
        return plan.get("HTTPRoute", "edge-route").props["spec"].rules[0].timeouts as unknown;
    };
    expect(await timeouts({ requestTimeout: 900 })).toEqual({ request: "900s" });
    expect(await timeouts({})).toBeUndefined();
});

describe("publicUrl", () => {
    test.each([
        [false, 80, "http://shop.example.org"],
        [true, 443, "https://shop.example.org"],
        [false, 8080, "http://shop.example.org:8080"],
        [true, 8443, "https://shop.example.org:8443"],
        [false, 443, "http://shop.example.org:443"],
        [true, 80, "https://shop.example.org:80"],
    ])("secure %s at %s is %s", (secure, port, url) => {
        expect(publicUrl("shop.example.org", { secure, port })).toBe(url);
    });
});

describe("what up waits for (R82)", () => {
    const waits = async (changes: Changes, preview = false) => {
        const plan = await record(changes, preview);
        const of = (kind: string, name: string): unknown =>
            plan.resources.some((resource) => resource.name === name)
                ? (plan.get(kind, name).props["metadata"].annotations?.["pulumi.com/waitFor"] ?? "nothing")
                : undefined;
        return [
            of("Gateway", "edge-gateway"),
            of("Certificate", "edge-certificate"),
            of("Certificate", "edge-lent-certificate"),
        ];
    };
    const [programmed, ready] = ["condition=Programmed", "condition=Ready"];
    const lentDomain = "preview.example.org";
    const http = { issuer: { ...issuer, challenge: "http-01" } } as const;
    const dns = { issuer: { ...issuer, challenge: "dns-01" } } as const;
    const cilium = { needsCertificates: false };

    test.each<[what: string, changes: Changes, gateway: string, certificate?: string, lent?: string]>([
        ["plain HTTP: the Gateway", {}, programmed],
        ["a certificate that was given: the Gateway", { certificate: { chain: "CHAIN", key: "KEY" } }, programmed],
        ["a Secret that may come later: nothing", { certificate: { secret: "wildcard-tls" } }, "nothing"],
        ["the same, of Cilium: the Gateway", { certificate: { secret: "tls" }, ...cilium }, programmed],
        ["an issuer that nobody here knows: nothing", { issuer }, "nothing", "nothing"],
        ["proof by DNS: the certificates, then the Gateway", { ...dns, lentDomain }, programmed, ready, ready],
        ["proof through the Gateway, records by hand: nothing", http, "nothing", "nothing"],
        ["the same, of Cilium: the Gateway", { ...http, ...cilium }, programmed, "nothing"],
        ["records by themselves: the certificate", { ...http, hasRecords: true }, "nothing", ready],
        ["the same, of Cilium: both", { ...http, hasRecords: true, ...cilium }, programmed, ready],
        [
            "a wildcard, which cannot be proved through the Gateway, never",
            { ...http, hasRecords: true, lentDomain, ...cilium },
            programmed,
            ready,
            "nothing",
        ],
    ])("%s", async (_, changes, ...expected) => {
        for (const preview of [false, true]) {
            const [gateway, certificate, lent] = await waits(changes, preview);
            expect([gateway, certificate, lent]).toEqual([expected[0], expected[1], expected[2]]);
        }
    });

    test("a controller that never says so is not waited for, and the Gateway says that somebody chose it", async () => {
        for (const changes of [{}, dns, { certificate: { chain: "CHAIN", key: "KEY" } }, cilium]) {
            const gateway = (await record({ ...changes, untilProgrammed: false })).get("Gateway", "edge-gateway");
            expect(gateway.props["metadata"].annotations).toEqual({ "pulumi.com/skipAwait": "true" });
        }
        const gateway = (await record({ untilProgrammed: true })).get("Gateway", "edge-gateway");
        expect(gateway.props["metadata"].annotations).toEqual({ "pulumi.com/waitFor": programmed });
    });

    test("what is proved through the routes comes after them, what is proved by DNS before the Gateway", async () => {
        const through = await record({ ...http, hasRecords: true });
        const certificate = through.get("Certificate", "edge-certificate");
        expect(certificate.dependencies).toContain(through.get("HTTPRoute", "edge-route").urn);
        expect(certificate.dependencies).toContain(through.get("NetworkPolicy", "edge-certificate-solver").urn);
        expect(through.get("Gateway", "edge-gateway").dependencies).not.toContain(certificate.urn);
        const before = await record(dns);
        expect(before.get("Gateway", "edge-gateway").dependencies).toContain(
            before.get("Certificate", "edge-certificate").urn,
        );
    });
});
