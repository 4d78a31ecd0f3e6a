// Does not prove that Google's controller takes the Gateway, issues a certificate or answers: only an account does.
import * as pulumi from "@pulumi/pulumi";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { describe, expect, test } from "vitest";
import { GkeGatewayEdge, type GkeGatewayArgs } from "../../../../components/edge/gcp/gke-gateway.ts";
import { createGkeBackends } from "../../../../stacks/clouds/gcp/lent-edge.ts";
import { dataPolicies, expectOneFamily, placement } from "../../../support/component.ts";
import { recordGcp } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const shop = {
    app: "shop",
    main: true,
    hosts: ["shop.example.org", "www.example.org"],
    service: pulumi.output("shop-web"),
    port: 80,
    readyPath: "/ready",
};
const blog = { ...shop, app: "blog", main: false, hosts: ["blog.example.net"], service: pulumi.output("blog-web") };

const defaults: GkeGatewayArgs = {
    ...placement,
    routes: [shop],
    zone: { domain: "example.org", managedZone: "zone-1a2b3c4" },
    behaviour: { requestTimeout: 60, requestLogSampling: 1 },
};

const record = remembered((changes: Partial<GkeGatewayArgs> = {}, preview: boolean = false) =>
    recordGcp(
        (opts) => {
            const { listener, lentListener, records } = new GkeGatewayEdge("edge", { ...defaults, ...changes }, opts);
            return { listener, lentListener, records };
        },
        { preview },
    ),
);

const without = (kind: string) => (resource: string) => !resource.startsWith(`${kind} `);

test("an address, certificates and records per host, a Gateway with policies, a route and the redirect", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "Certificate edge-certificate-shop_example_org",
        "Certificate edge-certificate-www_example_org",
        "CertificateMap edge-certificates",
        "CertificateMapEntry edge-entry-shop_example_org",
        "CertificateMapEntry edge-entry-www_example_org",
        "DnsAuthorization edge-authorization-shop_example_org",
        "DnsAuthorization edge-authorization-www_example_org",
        "GCPBackendPolicy edge-backend",
        "GCPGatewayPolicy edge-tls-policy",
        "Gateway edge-gateway",
        "GkeGateway edge",
        "GlobalAddress edge-address",
        "HTTPRoute edge-redirect",
        "HTTPRoute edge-route",
        "HealthCheckPolicy edge-health",
        "RecordSet edge-record-proof-shop.example.org",
        "RecordSet edge-record-proof-www.example.org",
        "RecordSet edge-record-shop.example.org",
        "RecordSet edge-record-www.example.org",
        "SSLPolicy edge-tls",
    ]);
    expectOneFamily(plan, ["GkeGateway", "edge"]);
    expect(plan.outputs["listener"]).toEqual({ namespace: "shop-staging", gateway: "edge", section: "https" });
    expect(plan.outputs["lentListener"]).toBeUndefined();
    expect(plan.outputs["records"]).toEqual([]);
});

test("a Gateway and all that is at it waits, where the kinds come after the cluster; what Google makes meanwhile does not (R111)", async () => {
    const plan = await recordGcp((opts) => {
        const app = new pulumi.ComponentResource("test:App", "app", {}, opts);
        const release = new Job("release", {}, { parent: app });
        new GkeGatewayEdge("edge", { ...defaults, after: [release] }, opts);
        return {};
    });
    const release = plan.get("Job", "release").urn;
    const gateway = plan.get("Gateway", "edge-gateway");
    expect(gateway.dependencies).toContain(release);
    for (const [kind, name] of [
        ["GCPGatewayPolicy", "edge-tls-policy"],
        ["GCPBackendPolicy", "edge-backend"],
        ["HealthCheckPolicy", "edge-health"],
        ["HTTPRoute", "edge-route"],
        ["HTTPRoute", "edge-redirect"],
    ] as const) {
        expect(plan.get(kind, name).dependencies, name).toContain(gateway.urn);
    }
    for (const [kind, name] of [
        ["GkeGateway", "edge"],
        ["GlobalAddress", "edge-address"],
        ["CertificateMapEntry", "edge-entry-shop_example_org"],
    ] as const) {
        expect(plan.get(kind, name).dependencies, name).not.toContain(release);
    }
});

test("a global load balancer at the reserved address, with Google's certificates", async () => {
    const plan = await record();
    const { props } = plan.get("Gateway", "edge-gateway");
    expect(props["metadata"].annotations).toHaveProperty(["networking.gke.io/certmap"]);
    expect(props["spec"]).toMatchObject({
        gatewayClassName: "gke-l7-global-external-managed",
        addresses: [{ type: "NamedAddress" }],
        listeners: [
            { name: "http", protocol: "HTTP", port: 80, allowedRoutes: { namespaces: { from: "Same" } } },
            { name: "https", protocol: "HTTPS", port: 443, allowedRoutes: { namespaces: { from: "Same" } } },
        ],
    });
    // GKE refuses a certificate map beside `tls`.
    for (const listener of props["spec"].listeners as object[]) {
        expect(listener).not.toHaveProperty("tls");
    }
    expect(plan.get("GlobalAddress", "edge-address").props).toMatchObject({
        addressType: "EXTERNAL",
        ipVersion: "IPV4",
    });
});

test.each(dataPolicies)("$data: the address is protected: $protect (G6)", async ({ data, protect }) => {
    expect((await record({ data })).get("GlobalAddress", "edge-address").protect).toBe(protect);
});

test("TLS 1.2 at least", async () => {
    const plan = await record();
    expect(plan.get("SSLPolicy", "edge-tls").props).toMatchObject({ profile: "RESTRICTED", minTlsVersion: "TLS_1_2" });
    expect(plan.get("GCPGatewayPolicy", "edge-tls-policy").props["spec"].targetRef).toEqual({
        group: "gateway.networking.k8s.io",
        kind: "Gateway",
        name: "edge",
    });
});

test("whether a pod serves is asked at its own path, under a host that Django knows", async () => {
    const plan = await record();
    expect(plan.get("HealthCheckPolicy", "edge-health").props["spec"]).toEqual({
        default: {
            checkIntervalSec: 5,
            timeoutSec: 5,
            healthyThreshold: 1,
            unhealthyThreshold: 2,
            config: {
                type: "HTTP",
                httpHealthCheck: {
                    portSpecification: "USE_SERVING_PORT",
                    host: "shop.example.org",
                    requestPath: "/ready",
                },
            },
        },
        targetRef: { group: "", kind: "Service", name: "shop-web" },
    });
});

test("a request has its time, also while a pod leaves, and is logged", async () => {
    expect((await record()).get("GCPBackendPolicy", "edge-backend").props["spec"]).toEqual({
        default: {
            timeoutSec: 60,
            connectionDraining: { drainingTimeoutSec: 60 },
            logging: { enabled: true, sampleRate: 1_000_000 },
        },
        targetRef: { group: "", kind: "Service", name: "shop-web" },
    });
    const logging = async (requestLogSampling: number) =>
        (await record({ behaviour: { requestTimeout: 60, requestLogSampling } })).get(
            "GCPBackendPolicy",
            "edge-backend",
        ).props["spec"].default.logging;
    expect(await logging(0.1)).toEqual({ enabled: true, sampleRate: 100_000 });
    expect(await logging(0)).toEqual({ enabled: false });
});

test("every plain request is sent to HTTPS", async () => {
    expect((await record()).get("HTTPRoute", "edge-redirect").props["spec"]).toEqual({
        parentRefs: [{ name: "edge", sectionName: "http" }],
        rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }] }],
    });
});

describe("certificates and records", () => {
    test("each name has its own, proved by a record", async () => {
        const plan = await record();
        expect(plan.get("DnsAuthorization", "edge-authorization-shop_example_org").props).toMatchObject({
            domain: "shop.example.org",
            type: "FIXED_RECORD",
        });
        expect(plan.get("Certificate", "edge-certificate-shop_example_org").props["managed"].domains).toEqual([
            "shop.example.org",
        ]);
        expect(plan.get("CertificateMapEntry", "edge-entry-shop_example_org").props["hostname"]).toBe(
            "shop.example.org",
        );
        expect(plan.get("RecordSet", "edge-record-proof-shop.example.org").props).toMatchObject({
            managedZone: "zone-1a2b3c4",
            name: "_acme-challenge.shop.example.org.",
            type: "CNAME",
            ttl: 300,
        });
        expect(plan.get("RecordSet", "edge-record-shop.example.org").props).toMatchObject({
            name: "shop.example.org.",
            type: "A",
            ttl: 300,
        });
    });

    test("another app or host, before or behind, changes nothing of those that are there", async () => {
        const alone = await record();
        const both = await record({ routes: [blog, { ...shop, hosts: ["new.example.org", ...shop.hosts] }] });
        const same = ["Certificate", "CertificateMapEntry", "DnsAuthorization", "RecordSet"];
        for (const { type, name, urn, props } of alone.resources.filter(({ type }) =>
            same.some((kind) => type.endsWith(`:${kind}`)),
        )) {
            expect(both.get(type.split(":").at(-1)!, name)).toMatchObject({ urn, props });
        }
        expect(both.created.filter((resource) => resource.endsWith("-blog"))).toEqual([
            "GCPBackendPolicy edge-backend-blog",
            "HTTPRoute edge-route-blog",
            "HealthCheckPolicy edge-health-blog",
        ]);
    });

    test("names outside the zone are for somebody else to make", async () => {
        const plan = await record({ routes: [shop, blog] });
        expect(plan.created).not.toContainEqual(expect.stringContaining("RecordSet edge-record-blog"));
        expect(plan.outputs["records"]).toMatchObject([
            { name: "blog.example.net.", type: "A" },
            { name: "_acme-challenge.blog.example.net.", type: "CNAME" },
        ]);
        expect(plan.created).toContain("Certificate edge-certificate-blog_example_net");
    });

    test("a name that only ends like the zone is outside", async () => {
        const plan = await record({ routes: [{ ...shop, hosts: ["notexample.org"] }] });
        expect(plan.created.filter((resource) => resource.startsWith("RecordSet"))).toEqual([]);
    });

    test("without a zone all records are", async () => {
        const { zone: _, ...rest } = defaults;
        const plan = await recordGcp((opts) => ({ records: new GkeGatewayEdge("edge", rest, opts).records }));
        expect(plan.outputs["records"]).toHaveLength(4);
        expect(plan.created).toEqual((await record()).created.filter(without("RecordSet")));
    });

    test("names stay within Google's 63 characters, whatever the host and whatever Pulumi appends", async () => {
        const label = "a".repeat(60);
        const hosts = [`${label}.example.org`, `${label}b.example.org`];
        const plan = await record({ routes: [{ ...shop, hosts }], lentDomain: `${label}.example.org` });
        const names = plan.resources
            .filter(({ type }) => type.startsWith("gcp:certificatemanager/"))
            .map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        for (const name of names) {
            expect(name).toMatch(/^[a-z][a-z0-9_-]*$/);
            expect(`${name}-1a2b3c4`.length).toBeLessThanOrEqual(63);
        }
    });
});

describe("lending names below a domain", () => {
    test("a listener for namespaces that carry the label, a wildcard certificate and record", async () => {
        const plan = await record({ lentDomain: "preview.example.org" });
        expect(plan.outputs["lentListener"]).toEqual({
            namespace: "shop-staging",
            gateway: "edge",
            section: "https-lent",
            controller: "gke",
        });
        expect(plan.get("Gateway", "edge-gateway").props["spec"].listeners[2]).toEqual({
            name: "https-lent",
            protocol: "HTTPS",
            port: 443,
            hostname: "*.preview.example.org",
            allowedRoutes: {
                namespaces: {
                    from: "Selector",
                    selector: { matchLabels: { "django-on-kubernetes/gateway-of": "shop-staging" } },
                },
            },
        });
        expect(plan.get("Certificate", "edge-certificate-below-preview_example_org").props["managed"].domains).toEqual([
            "*.preview.example.org",
        ]);
        expect(plan.get("CertificateMapEntry", "edge-entry-below-preview_example_org").props["hostname"]).toBe(
            "*.preview.example.org",
        );
        expect(plan.get("RecordSet", "edge-record-*.preview.example.org").props).toMatchObject({
            name: "*.preview.example.org.",
            type: "A",
        });
        expect(plan.get("RecordSet", "edge-record-proof-preview.example.org").props["name"]).toBe(
            "_acme-challenge.preview.example.org.",
        );
    });

    test("a host that is the domain itself shares its proof", async () => {
        const plan = await record({ lentDomain: "shop.example.org" });
        expect(plan.created.filter((resource) => resource.startsWith("DnsAuthorization"))).toHaveLength(2);
        expect(plan.created.filter((resource) => resource.includes("record-proof"))).toHaveLength(2);
    });

    test("changes nothing of the environment's own names", async () => {
        const [alone, lending] = [await record(), await record({ lentDomain: "preview.example.org" })];
        expect(lending.created).toEqual(expect.arrayContaining([...alone.created]));
    });
});

test("the load balancer goes before what it uses", async () => {
    const plan = await record();
    const { dependencies, customTimeouts } = plan.get("Gateway", "edge-gateway");
    for (const [kind, name] of [
        ["GlobalAddress", "edge-address"],
        ["CertificateMap", "edge-certificates"],
        ["CertificateMapEntry", "edge-entry-shop_example_org"],
        ["SSLPolicy", "edge-tls"],
    ] as const) {
        expect(dependencies).toContain(plan.get(kind, name).urn);
    }
    expect(customTimeouts.delete).toBe("20m");
});

describe("a borrower's app has its policies too", () => {
    const borrow = (lent: Parameters<typeof createGkeBackends>[2]) =>
        recordGcp((opts) => {
            const parent = new pulumi.ComponentResource("test:Parent", "parent", {}, opts);
            createGkeBackends("edge", { ...placement, routes: [blog] }, lent, { parent });
            return {};
        });

    test("as the lender's load balancer has them", async () => {
        const lent = { requestTimeout: 300, requestLogSampling: 0.1, backendPolicy: { securityPolicy: "armor" } };
        const plan = await borrow(lent);
        expect(plan.created).toEqual([
            "GCPBackendPolicy edge-backend-blog",
            "HealthCheckPolicy edge-health-blog",
            "Parent parent",
        ]);
        expect(plan.get("GCPBackendPolicy", "edge-backend-blog").props["spec"].default).toMatchObject({
            timeoutSec: 300,
            logging: { sampleRate: 100_000 },
            securityPolicy: "armor",
        });
    });

    test("of a lender that does not tell, as the defaults say", async () => {
        const plan = await borrow({});
        expect(plan.get("GCPBackendPolicy", "edge-backend-blog").props["spec"].default).toMatchObject({
            timeoutSec: 60,
        });
    });
});

test("a first preview knows no address, and plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});

test("what Google's objects know and we do not can be set", async () => {
    const plan = await record({
        behaviour: {
            requestTimeout: 60,
            requestLogSampling: 1,
            native: { securityPolicy: "armor", logging: { enabled: false } },
        },
        native: { gatewayClassName: "gke-l7-gxlb" },
    });
    expect(plan.get("GCPBackendPolicy", "edge-backend").props["spec"].default).toMatchObject({
        securityPolicy: "armor",
        timeoutSec: 60,
        logging: { enabled: false },
    });
    expect(plan.get("Gateway", "edge-gateway").props["spec"]).toMatchObject({
        gatewayClassName: "gke-l7-gxlb",
        listeners: [{ port: 80 }, { port: 443 }],
    });
});
