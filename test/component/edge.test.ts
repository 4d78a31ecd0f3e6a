// Does not prove that a controller serves the Gateway or that a certificate is issued: the first is the cluster layer's.
import { describe, expect, test } from "vitest";
import { GatewayEdge, type GatewayEdgeArgs } from "../../components/edge/gateway.ts";
import { publicUrl } from "../../components/edge/url.ts";
import { expectOneFamily, placement, recordComponent } from "../support/component.ts";

const defaults: GatewayEdgeArgs = {
    ...placement,
    hosts: ["shop.example.org", "www.shop.example.org"],
    gateway: { className: "traefik", httpPort: 8000, httpsPort: 8443, publicHttpPort: 80, publicHttpsPort: 443 },
    backend: { service: "shop-web", port: 80 },
};
const issuer = { kind: "ClusterIssuer", name: "letsencrypt" } as const;

const record = (changes: Partial<GatewayEdgeArgs> = {}, preview = false) =>
    recordComponent(
        (opts) => ({ url: new GatewayEdge("edge", { ...defaults, ...changes }, opts).url }),
        { preview },
    );

describe("without an issuer", () => {
    test("a Gateway and a route, nothing for HTTPS", async () => {
        const plan = await record();
        expect(plan.created).toEqual(["Gateway edge", "Gateway edge-gateway", "HTTPRoute edge-route"]);
        expect(plan.outputs).toEqual({ url: "http://shop.example.org" });
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
        expect(plan.outputs).toEqual({ url: "https://shop.example.org" });
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
        expect(plan.get("HTTPRoute", "edge-route").props["spec"].parentRefs).toEqual([{ name: "edge", sectionName: "https" }]);
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

    test("cert-manager's solver may be asked in a namespace that is closed otherwise", async () => {
        expect((await record({ issuer })).get("NetworkPolicy", "edge-certificate-solver").props["spec"]).toEqual({
            podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
            policyTypes: ["Ingress"],
            ingress: [{ ports: [{ protocol: "TCP", port: 8089 }] }],
        });
    });
});

test.each([undefined, issuer])("all belong to the component, and a preview plans the same (issuer: %j)", async (given) => {
    const changes = given === undefined ? {} : { issuer: given };
    const plan = await record(changes);
    expectOneFamily(plan, ["Gateway", "edge"]);
    expect((await record(changes, true)).created).toEqual(plan.created);
});

describe("publicUrl", () => {
    const gateway = { className: "traefik", httpPort: 80, httpsPort: 443 };
    const hosts = ["shop.example.org"];

    test.each([
        [{ hosts, gateway }, "http://shop.example.org"],
        [{ hosts, gateway, issuer }, "https://shop.example.org"],
        [{ hosts, gateway: { ...gateway, httpPort: 8080 } }, "http://shop.example.org:8080"],
        [{ hosts, gateway: { ...gateway, httpsPort: 8443 }, issuer }, "https://shop.example.org:8443"],
        [{ hosts, gateway: { ...gateway, httpPort: 8000, publicHttpPort: 80 } }, "http://shop.example.org"],
        [{ hosts, gateway: { ...gateway, httpsPort: 8443, publicHttpsPort: 443 }, issuer }, "https://shop.example.org"],
        [{ hosts, gateway: { ...gateway, publicHttpPort: 443 } }, "http://shop.example.org:443"],
        [{ hosts: ["b.example.org", "a.example.org"], gateway }, "http://b.example.org"],
    ])("of %j is %s", (entry, url) => {
        expect(publicUrl(entry)).toBe(url);
    });
});
