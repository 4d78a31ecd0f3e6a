// Does not prove that the AWS Load Balancer Controller takes the objects or that a request arrives: only an account does.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { AwsLoadBalancer, type AwsLoadBalancerArgs } from "../../../../components/edge/aws/load-balancer.ts";
import { createAwsEdge } from "../../../../stacks/clouds/aws/edge.ts";
import { awsProvider } from "../../../../stacks/clouds/aws/provider.ts";
import type { EnvironmentContext } from "../../../../stacks/context.ts";
import type { Platform } from "../../../../stacks/platform/contract.ts";
import { dataPolicies, expectOneFamily, placement } from "../../../support/component.ts";
import { account, region } from "./place.ts";
import { recordAws } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const shop = {
    app: "shop",
    main: true,
    hosts: ["shop.example.org", "www.shop.example.org"],
    service: pulumi.output("shop-web"),
    port: 80,
    readyPath: "/ready",
};
const blog = {
    ...shop,
    app: "blog",
    main: false,
    hosts: ["blog.shop.example.org"],
    service: pulumi.output("blog-web"),
};

const defaults: AwsLoadBalancerArgs = {
    ...placement,
    routes: [shop],
    className: "aws-alb",
    certificateArns: [
        "arn:aws:acm:eu-central-1:123456789012:certificate/1",
        "arn:aws:acm:eu-central-1:123456789012:certificate/2",
    ],
};

const record = remembered((changes: Partial<AwsLoadBalancerArgs> = {}, preview: boolean = false) =>
    recordAws(
        (opts) => {
            const { listener, lentListener } = new AwsLoadBalancer("edge", { ...defaults, ...changes }, opts);
            return { listener, lentListener };
        },
        { preview },
    ),
);

const configurationOf = async (changes: Partial<AwsLoadBalancerArgs> = {}) =>
    (await record(changes)).get("LoadBalancerConfiguration", "edge-configuration").props["spec"];

test("a Gateway with its load balancer's configuration, and per app a target, a route and the redirect", async () => {
    const plan = await record({ routes: [shop, blog] });
    expect(plan.created).toEqual([
        "AwsLoadBalancer edge",
        "Gateway edge-gateway",
        "HTTPRoute edge-redirect",
        "HTTPRoute edge-redirect-blog",
        "HTTPRoute edge-route",
        "HTTPRoute edge-route-blog",
        "LoadBalancerConfiguration edge-configuration",
        "TargetGroupConfiguration edge-default-target",
        "TargetGroupConfiguration edge-target",
        "TargetGroupConfiguration edge-target-blog",
    ]);
    expectOneFamily(plan, ["AwsLoadBalancer", "edge"]);
    expect(plan.outputs["listener"]).toEqual({ namespace: "shop-staging", gateway: "edge", section: "https" });
    expect(plan.outputs["lentListener"]).toBeUndefined();
});

describe("an app of many hosts", () => {
    const hosts = (count: number) => Array.from({ length: count }, (_, index) => `h${index}.example.org`);
    const routesOf = async (count: number) => {
        const plan = await record({ routes: [{ ...shop, hosts: hosts(count) }, blog] });
        const routes = plan.resources.filter(({ type }) => type.endsWith(":HTTPRoute"));
        return Object.fromEntries(
            routes.map(({ name, props }) => [
                name,
                { object: props["metadata"].name as string, hosts: props["spec"].hostnames as string[] },
            ]),
        );
    };

    test("gets another route and redirect for each four of them: a rule has five values, and the path is one", async () => {
        const routes = await routesOf(9);
        expect(Object.keys(routes).sort()).toEqual([
            "edge-redirect",
            "edge-redirect-blog",
            "edge-redirect-shop.2",
            "edge-redirect-shop.3",
            "edge-route",
            "edge-route-blog",
            "edge-route-shop.2",
            "edge-route-shop.3",
        ]);
        const kinds = ["route", "redirect"];
        for (const kind of kinds) {
            const names = [`edge-${kind}`, `edge-${kind}-shop.2`, `edge-${kind}-shop.3`];
            expect(names.flatMap((name) => routes[name]!.hosts)).toEqual(hosts(9));
            expect(names.map((name) => routes[name]!.hosts.length)).toEqual([4, 4, 1]);
        }
        expect(routes["edge-route-shop.2"]!.object).toBe("edge-shop.2");
        expect(new Set(Object.values(routes).map(({ object }) => object)).size).toBe(8);
    });

    test("another host changes one route", async () => {
        const [before, after] = [await routesOf(4), await routesOf(5)];
        expect(after).toMatchObject(before);
        expect(after["edge-route-shop.2"]!.hosts).toEqual(["h4.example.org"]);
    });

    test("has one target group's configuration, whatever the number of routes", async () => {
        const plan = await record({ routes: [{ ...shop, hosts: hosts(9) }] });
        expect(plan.created.filter((name) => name.startsWith("TargetGroupConfiguration"))).toEqual([
            "TargetGroupConfiguration edge-default-target",
            "TargetGroupConfiguration edge-target",
        ]);
    });
});

describe("the load balancer", () => {
    test("is of the class, with the configuration beside it", async () => {
        const { spec } = (await record()).get("Gateway", "edge-gateway").props;
        expect(spec).toEqual({
            gatewayClassName: "aws-alb",
            infrastructure: {
                parametersRef: { group: "gateway.k8s.aws", kind: "LoadBalancerConfiguration", name: "edge" },
            },
            listeners: [
                { name: "http", protocol: "HTTP", port: 80, allowedRoutes: { namespaces: { from: "Same" } } },
                { name: "https", protocol: "HTTPS", port: 443, allowedRoutes: { namespaces: { from: "Same" } } },
            ],
        });
    });

    test("speaks TLS 1.2 and 1.3 under ACM's certificate (R65)", async () => {
        expect((await configurationOf())["listenerConfigurations"]).toEqual([
            {
                protocolPort: "HTTPS:443",
                sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
                defaultCertificate: defaults.certificateArns![0],
                certificates: [defaults.certificateArns![1]],
            },
        ]);
    });

    test("is public, and finds a certificate by itself where none is given", async () => {
        const plan = await record({ certificateArns: [] });
        const { spec } = plan.get("LoadBalancerConfiguration", "edge-configuration").props;
        expect(spec.scheme).toBe("internet-facing");
        expect(spec.listenerConfigurations[0]).not.toHaveProperty("defaultCertificate");
    });

    test.each(dataPolicies)("is protected by AWS as $data", async ({ data }) => {
        expect((await configurationOf({ data }))["loadBalancerAttributes"]).toContainEqual({
            key: "deletion_protection.enabled",
            value: String(data === "protected"),
        });
    });

    test.each([false, true])("is waited for (preview %s)", async (preview) => {
        const gateway = (await record({}, preview)).get("Gateway", "edge-gateway");
        expect(gateway.props["metadata"].annotations).toEqual({ "pulumi.com/waitFor": "condition=Programmed" });
    });

    test("lets in whom it is told to, behind a web ACL", async () => {
        expect(await configurationOf()).not.toHaveProperty("sourceRanges");
        expect(await configurationOf()).not.toHaveProperty("wafV2");
        const webAclArn = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop/1";
        expect(await configurationOf({ sourceRanges: ["203.0.113.0/24"], webAclArn })).toMatchObject({
            sourceRanges: ["203.0.113.0/24"],
            wafV2: { webACL: webAclArn },
        });
    });

    test("takes attributes and a spec by AWS's own names", async () => {
        const spec = await configurationOf({
            attributes: { "idle_timeout.timeout_seconds": "120", "access_logs.s3.enabled": "true" },
            native: { ipAddressType: "dualstack" },
        });
        expect(spec["loadBalancerAttributes"]).toEqual([
            { key: "deletion_protection.enabled", value: "false" },
            { key: "routing.http.drop_invalid_header_fields.enabled", value: "true" },
            { key: "idle_timeout.timeout_seconds", value: "120" },
            { key: "access_logs.s3.enabled", value: "true" },
        ]);
        expect(spec["ipAddressType"]).toBe("dualstack");
    });
});

describe("an app", () => {
    test("is reached at its pods, and counts as healthy when the process answers", async () => {
        const { spec } = (await record()).get("TargetGroupConfiguration", "edge-target").props;
        expect(spec).toEqual({
            targetReference: { name: "shop-web" },
            defaultConfiguration: {
                targetType: "ip",
                healthCheckConfig: {
                    healthCheckPath: "/ready",
                    healthCheckInterval: 10,
                    healthCheckTimeout: 5,
                    healthyThresholdCount: 2,
                    unhealthyThresholdCount: 3,
                    matcher: { httpCode: "200,301,400" },
                },
                targetGroupAttributes: [{ key: "deregistration_delay.timeout_seconds", value: "30" }],
            },
        });
    });

    test("is left its requests for as long as its pods answer them", async () => {
        const { spec } = (await record({ routes: [{ ...shop, leavesWithin: 625 }] })).get(
            "TargetGroupConfiguration",
            "edge-target",
        ).props;
        expect(spec.defaultConfiguration.targetGroupAttributes).toEqual([
            { key: "deregistration_delay.timeout_seconds", value: "625" },
        ]);
    });

    test("that is told its pod's address has to answer with 200", async () => {
        const { spec } = (await record({ routes: [{ ...shop, answersPodAddress: true }] })).get(
            "TargetGroupConfiguration",
            "edge-target",
        ).props;
        expect(spec.defaultConfiguration.healthCheckConfig.matcher).toEqual({ httpCode: "200" });
    });

    test("is routed to once its target is described: a target group's kind never changes", async () => {
        const plan = await record();
        const route = plan.get("HTTPRoute", "edge-route");
        expect(route.dependencies).toContain(plan.get("TargetGroupConfiguration", "edge-target").urn);
        expect(route.props["spec"]).toMatchObject({
            parentRefs: [{ name: "edge", sectionName: "https" }],
            hostnames: ["shop.example.org", "www.shop.example.org"],
        });
        expect(plan.get("HTTPRoute", "edge-redirect").props["spec"]).toMatchObject({
            parentRefs: [{ name: "edge", sectionName: "http" }],
            rules: [
                {
                    filters: [
                        { type: "RequestRedirect", requestRedirect: { scheme: "https", port: 443, statusCode: 301 } },
                    ],
                },
            ],
        });
    });

    test("another app changes nothing of the first", async () => {
        const [one, two] = [await record(), await record({ routes: [blog, shop] })];
        for (const { type, name, props } of one.resources.filter((resource) =>
            resource.type.startsWith("kubernetes:"),
        )) {
            expect(two.resources.find((other) => other.type === type && other.name === name)?.props, name).toEqual(
                props,
            );
        }
    });
});

test("lends every name below a domain to namespaces with this environment's label", async () => {
    const plan = await record({ lentDomain: "preview.shop.example.org" });
    expect(plan.outputs["lentListener"]).toEqual({
        namespace: "shop-staging",
        gateway: "edge",
        section: "lent",
        healthHost: "pod-address",
    });
    expect(plan.get("Gateway", "edge-gateway").props["spec"].listeners[2]).toEqual({
        name: "lent",
        protocol: "HTTPS",
        port: 443,
        hostname: "*.preview.shop.example.org",
        allowedRoutes: {
            namespaces: {
                from: "Selector",
                selector: { matchLabels: { "django-on-kubernetes/gateway-of": "shop-staging" } },
            },
        },
    });
    expect(plan.get("HTTPRoute", "edge-lent-redirect").props["spec"].hostnames).toEqual(["*.preview.shop.example.org"]);
    // Routes of others bring no TargetGroupConfiguration.
    expect(
        plan.get("LoadBalancerConfiguration", "edge-configuration").props["spec"].defaultTargetGroupConfiguration,
    ).toEqual({ name: "edge-default" });
    expect(
        plan.get("TargetGroupConfiguration", "edge-default-target").props["spec"].defaultConfiguration,
    ).toMatchObject({
        targetType: "ip",
        healthCheckConfig: { matcher: { httpCode: "200-499" } },
    });
});

describe("certificates", () => {
    const edge = (zone: Platform["zone"] | undefined, lentDomain?: string) =>
        recordAws((opts) => {
            const provider = awsProvider({ account, region }, {}, "aws-edge");
            const clouds = {
                provider: () => Promise.resolve(provider),
                settings: () => ({ account, region }) as never,
            };
            const gateway = { kind: "aws", className: "aws-alb" } as const;
            const context: EnvironmentContext = {
                placement,
                platform: { gateway, ...(zone && { zone }) } as unknown as Platform,
                clouds,
                opts,
            };
            const args = { ...placement, routes: [shop, blog], ...(lentDomain !== undefined && { lentDomain }) };
            return { made: pulumi.output(createAwsEdge("edge", args, gateway, context)).apply(() => true) };
        });
    const zone = { domain: "shop.example.org", id: "Z1", nameServers: pulumi.output([]) };

    test("are made for each host and the lent names, when they are in the platform's zone", async () => {
        const plan = await edge(zone, "preview.shop.example.org");
        expect(plan.created.filter((name) => name.startsWith("Certificate "))).toEqual([
            "Certificate edge-certificate-blog.shop.example.org-certificate",
            "Certificate edge-certificate-preview.shop.example.org-certificate",
            "Certificate edge-certificate-shop.example.org-certificate",
            "Certificate edge-certificate-www.shop.example.org-certificate",
        ]);
        expect(plan.get("Certificate", "edge-certificate-preview.shop.example.org-certificate").props).toMatchObject({
            domainName: "*.preview.shop.example.org",
        });
        const { listenerConfigurations } = plan.get("LoadBalancerConfiguration", "edge-configuration").props["spec"];
        expect(listenerConfigurations[0].certificates).toHaveLength(3);
    });

    test("of a name and of the wildcard below it are one, for one record proves both", async () => {
        const plan = await edge(zone, "shop.example.org");
        expect(plan.get("Certificate", "edge-certificate-shop.example.org-certificate").props).toMatchObject({
            domainName: "shop.example.org",
            subjectAlternativeNames: ["*.shop.example.org"],
        });
        expect(plan.created.filter((name) => name.startsWith("Record "))).toHaveLength(3);
    });

    test("are looked for in the account, when they are not", async () => {
        for (const other of [
            undefined,
            { ...zone, domain: "www.shop.example.org" },
            { ...zone, domain: "op.example.org" },
        ]) {
            expect((await edge(other)).created.filter((name) => name.startsWith("Certificate"))).toEqual([]);
        }
    });
});

test("a preview plans the same", async () => {
    expect((await record({ lentDomain: "preview.example.org" }, true)).created).toEqual(
        (await record({ lentDomain: "preview.example.org" })).created,
    );
});
