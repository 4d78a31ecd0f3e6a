// The way in: which Gateway an environment makes or borrows, at which ports, and which address users and Django are told.
// Does not prove that a controller serves it: test/cluster does.
import { describe, expect, it } from "vitest";
import { certificateFor } from "../support/certificate.ts";
import { onAws, onDigitalOcean } from "./support/clouds.ts";
import {
    type Change,
    environmentOf,
    inCluster,
    podOf,
    secretData,
    shop,
    stackOf,
    type Sections,
    type Stack,
} from "./support/stack.ts";

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

describe("a way in without a proxy", () => {
    const ranges = { sourceRanges: ["198.51.100.0/24"] };
    const balanced = (more: object = {}): Change => ["exposure", { variant: "load-balancer", ...ranges, ...more }];
    const twoApps: Change[] = [
        ["environment.mainApp", "shop"],
        ["apps[1]", { ...shop, name: "blog", hosts: ["blog.example.org"] }],
    ];
    const callers = (stack: Stack, app: string) =>
        (stack.get("NetworkPolicy", `${app}-web-from-gateway`).props["spec"] as { ingress: { from?: unknown }[] })
            .ingress[0]!.from;
    const urls = ({ outputs }: Stack) =>
        Object.values(outputs["apps"] as Record<string, { url?: string }>).map((app) => app.url);
    const quota = (stack: Stack) =>
        (stack.get("ResourceQuota", "namespace-quota").props["spec"] as { hard: Record<string, string> }).hard;

    it("makes a load balancer for each app, with its port, its address and who may call", async () => {
        const settings = { ports: { blog: 8081 }, class: "io.cilium/bgp", annotations: { "example.org/pool": "a" } };
        const stack = await stackOf(inCluster(...twoApps, balanced(settings)));
        expect(
            stack
                .all("Service")
                .filter(({ name }) => name.startsWith("edge"))
                .map(({ name }) => name),
        ).toEqual(["edge-service", "edge-service-blog"]);
        expect(stack.get("Service", "edge-service-blog").props).toMatchObject({
            metadata: { name: "edge-blog", annotations: { "example.org/pool": "a" } },
            spec: {
                type: "LoadBalancer",
                loadBalancerClass: "io.cilium/bgp",
                loadBalancerSourceRanges: ["198.51.100.0/24"],
                ports: [{ port: 8081 }],
            },
        });
        // What it selects are the pods of that app.
        const { selector } = stack.get("Service", "edge-service-blog").props["spec"] as { selector: object };
        expect(stack.get("Deployment", "blog-web").props["spec"]).toMatchObject({
            selector: { matchLabels: selector },
        });
        expect(urls(stack)).toEqual(["http://shop.example.org", "http://blog.example.org:8081"]);
        expect(environmentOf(stack, "blog")["DJANGO_APP_CSRF_TRUSTED_ORIGINS"]).toBe("http://blog.example.org:8081");
        expect(stack.outputs["apps"]).toMatchObject({ shop: { address: "" }, blog: { address: "" } });
        expect(callers(stack, "blog")).toEqual([{ ipBlock: { cidr: "198.51.100.0/24" } }]);
        expect([...stack.all("Gateway"), ...stack.all("HTTPRoute")]).toEqual([]);
    });

    it("admits the load balancer's own addresses where it puts them in place of the users'", async () => {
        const stack = await stackOf(inCluster(balanced({ from: { cidrs: ["10.110.0.0/20"] } })));
        expect(callers(stack, "shop")).toEqual([{ ipBlock: { cidr: "10.110.0.0/20" } }]);
        expect(stack.get("Service", "edge-service").props["spec"]).toMatchObject({
            loadBalancerSourceRanges: ["198.51.100.0/24"],
        });
    });

    it("takes the ports of the nodes that were chosen", async () => {
        const ports = { shop: 30080, blog: 30081 };
        const stack = await stackOf(inCluster(...twoApps, ["exposure", { variant: "node-port", ports, ...ranges }]));
        expect(stack.get("Service", "edge-service-blog").props["spec"]).toMatchObject({
            type: "NodePort",
            ports: [{ port: 80, nodePort: 30081 }],
        });
        expect(urls(stack)).toEqual(["http://shop.example.org:30080", "http://blog.example.org:30081"]);
        expect((stack.outputs["apps"] as Record<string, object>)["shop"]).not.toHaveProperty("address");
    });

    it("leaves the owner to say which address users see where TLS ends in front", async () => {
        const own = { DJANGO_APP_CSRF_TRUSTED_ORIGINS: "https://shop.example.org", DJANGO_APP_BEHIND_TLS: "true" };
        const stack = await stackOf(inCluster(balanced({ allowPlainHttp: true }), ["apps[0].environment", own]));
        expect(environmentOf(stack, "shop")).toMatchObject(own);
        expect(stack.get("Service", "edge-service").props["metadata"]).toMatchObject({
            annotations: { "django-on-kubernetes/tls": "in-front" },
        });
    });

    it.each<[what: string, exposure: object, balancers: string, nodePorts: string]>([
        ["load balancers", { variant: "load-balancer" }, "2", "4"],
        ["node ports", { variant: "node-port", ports: { shop: 30080, blog: 30081 } }, "0", "2"],
    ])("has room in the quota for %s", async (_, exposure, balancers, nodePorts) => {
        const ephemeral: Change = ["environment.kind", "ephemeral"];
        const stack = await stackOf(inCluster(...twoApps, ephemeral, ["exposure", { ...ranges, ...exposure }]));
        expect(quota(stack)).toMatchObject({
            "services.loadbalancers": balancers,
            "services.nodeports": nodePorts,
        });
    });
});

describe("a certificate that is there", () => {
    it("of a Secret makes the address HTTPS, without an issuer", async () => {
        const stack = await stackOf(
            inCluster(["exposure.certificate", { variant: "secret", name: "shop-tls" }], ["platform.gateway", ports]),
        );
        expect(url(stack)).toBe("https://shop.example.org:8443");
        expect(environmentOf(stack, "shop")["DJANGO_APP_BEHIND_TLS"]).toBe("true");
        expect(listeners(stack)).toEqual([
            ["http", 8080],
            ["https", 8443],
        ]);
    });

    it("that was given is in a Secret of the environment, and marked as one", async () => {
        const given = certificateFor(["shop.example.org"]);
        const stack = await stackOf(inCluster(["exposure.certificate", { variant: "given" }]), {
            secrets: { certificate: { ...given } },
        });
        expect(secretData(stack.get("Secret", "edge-given-certificate"))).toEqual({
            "tls.crt": given.chain,
            "tls.key": given.key,
        });
    });
});

describe("how long and how large a request may be", () => {
    const tmpOf = (stack: Stack, kind: string, name: string) => {
        const pod = podOf(stack.get(kind, name)) as unknown as {
            volumes: { name: string; emptyDir?: { sizeLimit: string } }[];
            containers: { resources: { requests: Record<string, string> } }[];
        };
        const size = pod.volumes.find((volume) => volume.name === "tmp")!.emptyDir!.sizeLimit;
        return [size, pod.containers[0]!.resources.requests["ephemeral-storage"]];
    };

    it("is told to the app, and /tmp has room for as many as come at once", async () => {
        const usual = await stackOf(inCluster());
        expect(environmentOf(usual, "shop")["DJANGO_APP_MAX_BODY_SIZE"]).toBe(String(50 * 2 ** 20));
        expect(tmpOf(usual, "Deployment", "shop-web")).toEqual(["256Mi", undefined]);
        const large = await stackOf(inCluster(["exposure.maxBodySize", "500Mi"]));
        expect(environmentOf(large, "shop")["DJANGO_APP_MAX_BODY_SIZE"]).toBe(String(500 * 2 ** 20));
        expect(tmpOf(large, "Deployment", "shop-web")).toEqual(["2000Mi", "2128Mi"]);
        expect(tmpOf(large, "Job", "shop-migrate")).toEqual(["256Mi", undefined]);
        const asgi = await stackOf(
            inCluster(["exposure.maxBodySize", "500Mi"], ["apps[0].web", { server: "uvicorn", processes: 1 }]),
        );
        expect(tmpOf(asgi, "Deployment", "shop-web")[0]).toBe("4000Mi");
    });

    it("has a /tmp of its own size in each process", async () => {
        const stack = await stackOf(
            inCluster(
                ["apps[0].web.tmp", "1Gi"],
                ["apps[0].workers.mail", { queues: ["mail"], tmp: "2Gi" }],
                ["apps[0].shell", { tmp: "3Gi" }],
                ["apps[0].release.tmp", "4Gi"],
            ),
        );
        const sizes = [
            ["Deployment", "shop-web"],
            ["Deployment", "shop-worker-mail"],
            ["Deployment", "shop-shell"],
            ["Job", "shop-migrate"],
        ].map(([kind, name]) => tmpOf(stack, kind!, name!)[0]);
        expect(sizes).toEqual(["1Gi", "2Gi", "3Gi", "4Gi"]);
    });

    it("reaches the route, the server and a pod that leaves", async () => {
        const stack = await stackOf(inCluster(["exposure.requestTimeout", 300]));
        expect(stack.get("HTTPRoute", "edge-route").props["spec"]).toMatchObject({
            rules: [{ timeouts: { request: "300s" } }],
        });
        const pod = podOf(stack.get("Deployment", "shop-web")) as unknown as {
            terminationGracePeriodSeconds: number;
            containers: { command: string[] }[];
        };
        expect(pod.containers[0]!.command).toEqual(
            expect.arrayContaining(["--timeout=300", "--graceful-timeout=300", "--keep-alive=105"]),
        );
        expect(pod.terminationGracePeriodSeconds).toBe(310);
    });

    it("is Traefik's business too where this program installs it", async () => {
        const stack = await stackOf(onDigitalOcean(["exposure.requestTimeout", 300]), {
            secrets: { digitaloceanDnsToken: "dns-token" },
        });
        expect(JSON.stringify(stack.get("Release", "traefik-release").props["values"])).toContain(
            '"readTimeout":"300s"',
        );
    });

    it("is an attribute of AWS's load balancer, and no field of its routes", async () => {
        const stack = await stackOf(onAws(["platform.gateway.attributes", {}], ["exposure.requestTimeout", 300]));
        const { loadBalancerAttributes } = stack.get("LoadBalancerConfiguration", "edge-configuration").props[
            "spec"
        ] as { loadBalancerAttributes: object[] };
        expect(loadBalancerAttributes).toContainEqual({ key: "idle_timeout.timeout_seconds", value: "300" });
        expect(JSON.stringify(stack.get("HTTPRoute", "edge-route").props)).not.toContain("timeouts");
    });

    it("is what AWS's load balancer leaves a pod that goes, after the pause in which it hears of that", async () => {
        const delayOf = async (...changes: readonly Change[]) => {
            const stack = await stackOf(onAws(["platform.gateway.attributes", {}], ...changes));
            const { defaultConfiguration } = stack.get("TargetGroupConfiguration", "edge-target").props["spec"] as {
                defaultConfiguration: { targetGroupAttributes: readonly { readonly value: string }[] };
            };
            return defaultConfiguration.targetGroupAttributes[0]!.value;
        };
        expect(await delayOf()).toBe("45");
        expect(await delayOf(["exposure.requestTimeout", 300])).toBe("325");
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
