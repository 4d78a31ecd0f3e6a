// Who may connect, the firewall, access logs and health by address: from settings to the objects of each platform, and to borrowers.
// Does not prove that a load balancer turns anybody away: an account does.
import { describe, expect, it } from "vitest";
import { onAws, onDigitalOcean, onGcp } from "./support/clouds.ts";
import { inCluster, podOf, stackOf, waitsFor, type Change, type Sections, type Stack } from "./support/stack.ts";

const sourceRanges = ["203.0.113.0/24", "198.51.100.7/32"];
const exposed = (more: object): Change => ["exposure", { variant: "gateway", ...more }];
const lends: Change = ["lends.domain", "preview.shop.example.org"];
const token = { digitaloceanDnsToken: "the-dns-token" };
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as the provider takes them
type Spec = Readonly<Record<string, any>>;
const spec = (stack: Stack, kind: string, name: string) => stack.get(kind, name).props["spec"] as Spec;
const borrower = (platform: Sections): Promise<Stack> =>
    stackOf(
        inCluster(
            ["environment.kind", "ephemeral"],
            ["platform", { variant: "stack", stack: "lender" }],
            ["exposure", { variant: "platform" }],
            ["apps[0].hosts", ["pr-1.preview.shop.example.org"]],
        ),
        { platform },
    );
const variables = (stack: Stack, name: string) => JSON.stringify(podOf(stack.get("Deployment", name)).containers[0]);

describe("source ranges", () => {
    it("are the load balancer's on AWS", async () => {
        const stack = await stackOf(onAws(exposed({ sourceRanges })));
        expect(spec(stack, "LoadBalancerConfiguration", "edge-configuration")["sourceRanges"]).toEqual(sourceRanges);
    });

    it("are Cloud Armor's on Google Cloud, under what the cloud's own arguments say of backends", async () => {
        const stack = await stackOf(onGcp(exposed({ sourceRanges })));
        const armor = stack.get("SecurityPolicy", "edge-armor");
        expect(JSON.stringify(armor.props["rules"])).toContain(sourceRanges[1]);
        for (const name of ["edge-backend", "edge-backend-blog"]) {
            expect(waitsFor(stack, stack.get("GCPBackendPolicy", name))).toContain("edge-armor");
            expect(spec(stack, "GCPBackendPolicy", name)["default"]).toMatchObject({ fromNative: 2 });
        }
    });

    it("are the Service's of Traefik, and reach Cilium's by an annotation beside others", async () => {
        const traefik = await stackOf(onDigitalOcean(exposed({ sourceRanges })), { secrets: token });
        expect(JSON.stringify(traefik.get("Release", "traefik-release").props["values"])).toContain(
            '"loadBalancerSourceRanges":["203.0.113.0/24","198.51.100.7/32"]',
        );
        const cilium = await stackOf(
            onDigitalOcean(
                ["platform.gateway", { variant: "cilium", loadBalancerAnnotations: { "lb/name": "shop" } }],
                exposed({ sourceRanges }),
            ),
            { secrets: token },
        );
        expect(spec(cilium, "Gateway", "edge-gateway")["infrastructure"].annotations).toEqual({
            "lb/name": "shop",
            "service.beta.kubernetes.io/do-loadbalancer-allow-rules": "cidr:203.0.113.0/24,cidr:198.51.100.7/32",
        });
    });

    it("are nobody's where nobody says them", async () => {
        const stacks = [
            await stackOf(onAws(exposed({}))),
            await stackOf(onGcp(exposed({}))),
            await stackOf(onDigitalOcean(exposed({})), { secrets: token }),
        ];
        for (const { resources } of stacks) {
            const all = JSON.stringify(resources.map(({ type, props }) => [type, props]));
            expect(all).not.toMatch(/sourceRanges|loadBalancerSourceRanges|allow-rules|securityPolicy:SecurityPolicy/);
        }
    });
});

describe("a firewall, access logs and the configuration's own arguments", () => {
    it("on AWS: the load balancer's, with the cloud's names over ours", async () => {
        const stack = await stackOf(
            onAws(exposed({ firewall: {}, accessLogs: { days: 7 } }), [
                "platform.gateway.loadBalancer",
                { ipAddressType: "dualstack" },
            ]),
        );
        const configuration = spec(stack, "LoadBalancerConfiguration", "edge-configuration");
        expect(configuration).toMatchObject({ ipAddressType: "dualstack" });
        expect(configuration["wafV2"].webACL).toMatch(/^arn:aws:wafv2:/);
        const attributes = Object.fromEntries(
            configuration["loadBalancerAttributes"].map(({ key, value }: Record<string, string>) => [key, value]),
        ) as Record<string, string>;
        expect(attributes).toMatchObject({
            "access_logs.s3.enabled": "true",
            "access_logs.s3.bucket": expect.stringMatching(/^edge-access-logs-bucket-/),
            "idle_timeout.timeout_seconds": "99",
        });
        // The load balancer writes at once: by then it may.
        const waited = waitsFor(stack, stack.get("LoadBalancerConfiguration", "edge-configuration"));
        expect(waited).toContain("edge-access-logs-bucket-policy");
        expect(waited).toContain("edge-firewall-acl");
    });

    it("reach a load balancer of a controller that is there", async () => {
        const stack = await stackOf(
            onAws(exposed({ sourceRanges }), [
                "platform.gateway",
                { variant: "existing", className: "alb", loadBalancer: { scheme: "internal" } },
            ]),
        );
        expect(spec(stack, "LoadBalancerConfiguration", "edge-configuration")).toMatchObject({
            scheme: "internal",
            sourceRanges,
        });
    });

    it("on Google Cloud: a policy, and a log bucket of the hosts' own", async () => {
        const stack = await stackOf(onGcp(lends, exposed({ firewall: {}, accessLogs: { days: 7 } })));
        expect(JSON.stringify(stack.get("SecurityPolicy", "edge-armor").props)).toContain("sqli-v33-stable");
        expect(stack.get("ProjectBucketConfig", "edge-access-logs-bucket").props).toMatchObject({
            project: "example-shop",
            location: "europe-west1",
            retentionDays: 7,
        });
        const { filter } = stack.get("ProjectSink", "edge-access-logs-sink").props as { filter: string };
        for (const host of [
            "shop[.]example[.]org",
            "blog[.]shop[.]example[.]org",
            "[.]preview[.]shop[.]example[.]org",
        ]) {
            expect(filter).toContain(host);
        }
    });
});

describe("health by the pod's own address", () => {
    it("is answered by web pods on AWS, those of an image that runs itself too", async () => {
        const stack = await stackOf(
            onAws(["apps[1].contract", "init-run-async"], ["apps[1].module", undefined], exposed({})),
        );
        expect(variables(stack, "shop-web")).toContain("$(POD_IP)");
        expect(variables(stack, "blog-web")).toContain("$(POD_IP)");
        const codes = (name: string) =>
            spec(stack, "TargetGroupConfiguration", name)["defaultConfiguration"].healthCheckConfig.matcher.httpCode;
        expect([codes("edge-target"), codes("edge-target-blog")]).toEqual(["200", "200,301,400"]);
    });

    it("is nobody's question elsewhere", async () => {
        expect(variables(await stackOf(onGcp(exposed({}))), "shop-web")).not.toContain("POD_IP");
        expect(variables(await stackOf(inCluster()), "shop-web")).not.toContain("POD_IP");
    });
});

describe("a borrower", () => {
    it("is behind the lender's Cloud Armor, with the lender's own arguments", async () => {
        const lender = onGcp(lends, exposed({ sourceRanges }));
        const owner = await stackOf(lender, { stack: "lender" });
        const policy = owner.get("SecurityPolicy", "edge-armor");
        const stack = await borrower(lender);
        expect(spec(stack, "GCPBackendPolicy", "edge-backend")["default"]).toMatchObject({
            securityPolicy: policy.props["name"] ?? expect.stringContaining("armor"),
            fromNative: 2,
            logging: { sampleRate: 500_000 },
        });
    });

    it("on AWS answers its address too, at its own path", async () => {
        const stack = await borrower(onAws(lends, exposed({})));
        expect(spec(stack, "TargetGroupConfiguration", "edge-target")).toMatchObject({
            targetReference: { name: "shop-web" },
            defaultConfiguration: { healthCheckConfig: { matcher: { httpCode: "200" } } },
        });
        expect(variables(stack, "shop-web")).toContain("$(POD_IP)");
    });

    it("says in its route how long a request may take, where the lender's routes do", async () => {
        const chosen = inCluster(["lends.domain", "preview.shop.example.org"], exposed({ requestTimeout: 900 }));
        const plain = inCluster(["lends.domain", "preview.shop.example.org"]);
        const timeouts = async (lender: Sections) =>
            spec(await borrower(lender), "HTTPRoute", "edge-route")["rules"][0].timeouts as unknown;
        expect(await timeouts(chosen)).toEqual({ request: "900s" });
        expect(await timeouts(plain)).toBeUndefined();
        // A load balancer's own is said elsewhere.
        expect(
            await timeouts(onAws(lends, ["platform.gateway.attributes", {}], exposed({ requestTimeout: 900 }))),
        ).toBe(undefined);
    });
});

describe("what up waits for (R82)", () => {
    const waits = (stack: Stack, kind: string, name: string) =>
        (stack.get(kind, name).props["metadata"] as { annotations?: Record<string, string> }).annotations?.[
            "pulumi.com/waitFor"
        ];

    it("on DigitalOcean follows how certificates are proved, and whether records come by themselves", async () => {
        const of = async (...changes: Change[]) => {
            const stack = await stackOf(onDigitalOcean(...changes), { secrets: token });
            return [waits(stack, "Gateway", "edge-gateway"), waits(stack, "Certificate", "edge-certificate")];
        };
        const http: Change = ["platform.certificates.challenge", "http-01"];
        const cilium: Change = ["platform.gateway", { variant: "cilium" }];
        const [programmed, ready] = ["condition=Programmed", "condition=Ready"];
        expect(await of()).toEqual([programmed, ready]);
        expect(await of(http)).toEqual([undefined, ready]);
        expect(await of(http, cilium)).toEqual([programmed, ready]);
        // Nobody here makes a record of that name.
        expect(await of(http, cilium, ["apps[1].hosts", ["blog.elsewhere.org"]])).toEqual([programmed, undefined]);
    });
});
