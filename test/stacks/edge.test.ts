// The way in: which Gateway an environment makes or borrows, at which ports, and which address users and Django are told.
// Does not prove that a controller serves it: test/cluster does.
import { describe, expect, it } from "vitest";
import { type Change, environmentOf, inCluster, shop, stackOf, type Sections, type Stack } from "./support/stack.ts";

const origins = (stack: Stack) => environmentOf(stack, "shop")["DJANGO_APP_CSRF_TRUSTED_ORIGINS"];
const url = ({ outputs }: Stack) => (outputs["apps"] as { shop: { url?: string } }).shop.url;
const listeners = (stack: Stack) =>
    (
        stack.get("Gateway", "edge-gateway").props["spec"] as {
            listeners: { name: string; port: number; hostname?: string }[];
        }
    ).listeners.map(({ name, port, hostname }) => [name, port, ...(hostname === undefined ? [] : [hostname])]);

const ports = { className: "traefik", httpPort: 8080, httpsPort: 8443 };
const issuer = { name: "letsencrypt", kind: "Issuer" };

describe("a Gateway of the environment's own", () => {
    it.each<[what: string, gateway: object, issuer: object | undefined, address: string]>([
        ["without an issuer", { className: "traefik" }, undefined, "http://shop.example.org"],
        ["with an issuer", { className: "traefik" }, issuer, "https://shop.example.org"],
        ["at other ports, without an issuer", ports, undefined, "http://shop.example.org:8080"],
        ["at other ports, with an issuer", ports, issuer, "https://shop.example.org:8443"],
        [
            "behind a public port, without an issuer",
            { ...ports, publicHttpPort: 81 },
            undefined,
            "http://shop.example.org:81",
        ],
        [
            "behind the usual ports, without an issuer",
            { ...ports, publicHttpPort: 80, publicHttpsPort: 444 },
            undefined,
            "http://shop.example.org",
        ],
        [
            "behind a public port, with an issuer",
            { ...ports, publicHttpPort: 81, publicHttpsPort: 444 },
            issuer,
            "https://shop.example.org:444",
        ],
    ])("%s has the address that users reach", async (_, gateway, certificates, address) => {
        const stack = await stackOf(inCluster(["platform.gateway", gateway], ["platform.issuer", certificates]));
        expect(url(stack)).toBe(address);
        expect(origins(stack)).toBe(address);
        expect(environmentOf(stack, "shop")["DJANGO_APP_BEHIND_TLS"]).toBe(certificates && "true");
    });

    it("listens where the controller does, with its class, and redirects to the public port", async () => {
        const stack = await stackOf(
            inCluster(["platform.gateway", { ...ports, publicHttpsPort: 444 }], ["platform.issuer", issuer]),
        );
        expect(stack.get("Gateway", "edge-gateway").props["spec"]).toMatchObject({ gatewayClassName: "traefik" });
        expect(listeners(stack)).toEqual([
            ["http", 8080],
            ["https", 8443],
        ]);
        expect(stack.get("Certificate", "edge-certificate").props["spec"]).toMatchObject({
            dnsNames: ["shop.example.org"],
            issuerRef: { kind: "Issuer", name: "letsencrypt" },
        });
        expect(JSON.stringify(stack.get("HTTPRoute", "edge-redirect").props["spec"])).toContain('"port":444');
    });

    it("has a route for every app, to its web pods, the main one's under the plain name", async () => {
        const blog = { ...shop, name: "blog", hosts: ["blog.example.org", "b.example.org"] };
        const stack = await stackOf(
            inCluster(["environment.mainApp", "blog"], ["apps[1]", blog], ["platform.issuer", issuer]),
        );
        const route = (name: string) => stack.get("HTTPRoute", name).props["spec"] as unknown;
        const to = (name: string) => [{ backendRefs: [{ name, port: 80 }] }];
        expect(route("edge-route")).toMatchObject({
            hostnames: ["blog.example.org", "b.example.org"],
            rules: to("blog-web"),
        });
        expect(route("edge-route-shop")).toMatchObject({ hostnames: ["shop.example.org"], rules: to("shop-web") });
        expect(stack.get("Certificate", "edge-certificate").props["spec"]).toMatchObject({
            dnsNames: ["shop.example.org", "blog.example.org", "b.example.org"],
        });
    });

    it("lends names below a domain only where that is set", async () => {
        const lends = await stackOf(inCluster(["lends.domain", "preview.example.org"]));
        expect(listeners(lends)).toEqual([
            ["http", 80],
            ["http-lent", 80, "*.preview.example.org"],
        ]);
        expect(listeners(await stackOf(inCluster()))).toEqual([["http", 80]]);
    });
});

it("without a way in there is no Gateway, no route and no address", async () => {
    const stack = await stackOf(inCluster(["exposure", { variant: "none" }]));
    expect([...stack.all("Gateway"), ...stack.all("HTTPRoute")]).toEqual([]);
    expect(url(stack)).toBeUndefined();
    expect(origins(stack)).toBeUndefined();
});

describe("a borrowed Gateway", () => {
    const borrower = (...changes: readonly Change[]) =>
        inCluster(
            ["platform", { variant: "stack", stack: "lender" }],
            ["environment.kind", "ephemeral"],
            ["exposure", { variant: "platform" }],
            ["apps[0].hosts", ["pr-1.preview.example.org"]],
            ...changes,
        );
    const on = (platform: Sections, sections = borrower()) => stackOf(sections, { platform });

    it.each([
        ["plain", { ...ports, publicHttpPort: 81 }, undefined, "http://pr-1.preview.example.org:81", "http-lent"],
        ["with TLS", { ...ports, publicHttpsPort: 444 }, issuer, "https://pr-1.preview.example.org:444", "https-lent"],
    ])("%s gives its address and its listener", async (_, gateway, certificates, address, section) => {
        const lender = inCluster(
            ["lends.domain", "preview.example.org"],
            ["platform.gateway", gateway],
            ["platform.issuer", certificates],
        );
        const stack = await on(lender);
        expect(url(stack)).toBe(address);
        expect(origins(stack)).toBe(address);
        expect(stack.all("Gateway")).toEqual([]);
        expect(stack.get("HTTPRoute", "edge-route").props["spec"]).toMatchObject({
            parentRefs: [{ name: "edge", namespace: "shop-lender", sectionName: section }],
            hostnames: ["pr-1.preview.example.org"],
            rules: [{ backendRefs: [{ name: "shop-web", port: 80 }] }],
        });
        expect(stack.get("Namespace", "namespace").props["metadata"]).toMatchObject({
            labels: { "django-on-kubernetes/gateway-of": "shop-lender" },
        });
    });

    it("is not borrowed by an environment that nobody reaches from outside", async () => {
        const lender = inCluster(["lends.domain", "preview.example.org"]);
        const stack = await on(lender, borrower(["exposure", { variant: "none" }]));
        expect(stack.all("HTTPRoute")).toEqual([]);
        expect(JSON.stringify(stack.get("Namespace", "namespace").props)).not.toContain("gateway-of");
    });
});
