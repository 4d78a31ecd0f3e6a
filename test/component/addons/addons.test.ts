// Does not prove that a chart of that version exists or accepts these values: nothing here reaches a chart repository. The
// values were compared with the charts' own; docs/components/addons.md says with which.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { AwsLoadBalancerController } from "../../../components/addons/aws-load-balancer-controller.ts";
import { CertManager, type AcmeSolver } from "../../../components/addons/cert-manager.ts";
import { ClusterAutoscaler } from "../../../components/addons/cluster-autoscaler.ts";
import type { Addon, AddonArgs } from "../../../components/addons/contract.ts";
import { ExternalDns } from "../../../components/addons/external-dns.ts";
import { GatewayApiCrds } from "../../../components/addons/gateway-api-crds.ts";
import { Traefik, type TraefikArgs } from "../../../components/addons/traefik.ts";
import { expectOneFamily, recordComponent, secretData } from "../../support/component.ts";
import { remembered } from "../../support/remembered.ts";

const base: AddonArgs = { instance: "shop-platform", data: "protected" };

interface Case {
    readonly kind: string;
    readonly namespace: string;
    /** Where its resources' values say what the pods' security is. */
    readonly pods: readonly string[];
    create(args: AddonArgs, opts: pulumi.ComponentResourceOptions): Addon;
}

const cases: readonly Case[] = [
    {
        kind: "GatewayApiCrds",
        namespace: "gateway-api",
        pods: [],
        create: (args, opts) => new GatewayApiCrds("addon", args, opts),
    },
    {
        kind: "AwsLoadBalancerController",
        namespace: "aws-load-balancer-controller",
        pods: [""],
        create: (args, opts) =>
            new AwsLoadBalancerController(
                "addon",
                { ...args, clusterName: pulumi.output("shop"), region: "eu-central-1", vpcId: pulumi.output("vpc-1") },
                opts,
            ),
    },
    {
        kind: "ExternalDns",
        namespace: "external-dns",
        pods: [""],
        create: (args, opts) =>
            new ExternalDns(
                "addon",
                { ...args, provider: { cloud: "aws", region: "eu-central-1" }, domains: ["example.org"] },
                opts,
            ),
    },
    {
        kind: "CertManager",
        namespace: "cert-manager",
        pods: ["", "webhook", "cainjector", "startupapicheck"],
        create: (args, opts) =>
            new CertManager("addon", { ...args, email: "ops@example.org", solver: { kind: "http-01" } }, opts),
    },
    { kind: "Traefik", namespace: "traefik", pods: [""], create: (args, opts) => new Traefik("addon", args, opts) },
    {
        kind: "ClusterAutoscaler",
        namespace: "cluster-autoscaler",
        pods: [""],
        create: (args, opts) =>
            new ClusterAutoscaler("addon", { ...args, clusterName: "shop", region: "eu-central-1" }, opts),
    },
];

function record(create: (opts: pulumi.ComponentResourceOptions) => Addon, preview = false) {
    return recordComponent((opts) => ({ ready: create(opts).ready.urn }), { preview });
}

const recordKind = remembered((kind: string, changes: Partial<AddonArgs>) =>
    record((opts) => cases.find((addon) => addon.kind === kind)!.create({ ...base, ...changes }, opts)),
);

const recordCase = ({ kind }: Case, changes: Partial<AddonArgs> = {}) => recordKind(kind, changes);

const values = async (addon: Case, changes: Partial<AddonArgs> = {}) =>
    (await recordCase(addon, changes)).get("Release", "addon-release").props["values"];

const named = (kind: string) => cases.find((addon) => addon.kind === kind)!;

describe.each(cases)("$kind", (addon) => {
    test("is one release of an exact version that waits, in a namespace of its own", async () => {
        const plan = await recordCase(addon);
        expectOneFamily(plan, [addon.kind, "addon"]);
        const release = plan.get("Release", "addon-release");
        expect(release.type).toBe("kubernetes:helm.sh/v3:Release");
        expect(release.props).toMatchObject({
            name: addon.namespace,
            namespace: addon.namespace,
            version: expect.stringMatching(/^v?\d+\.\d+\.\d+$/) as string,
            createNamespace: false,
            atomic: true,
            skipAwait: false,
        });
        const { chart, repositoryOpts } = release.props as { chart: string; repositoryOpts?: { repo: string } };
        // A name without a repository would be looked for in what the machine happens to have added.
        expect(chart.startsWith("oci://")).toBe(repositoryOpts === undefined);
        expect(repositoryOpts?.repo ?? "https://").toMatch(/^https:\/\//);
        expect(`${chart}${repositoryOpts?.repo ?? ""}`).not.toContain("bitnami");
    });

    test("keeps its pods restricted (R37) and its network closed (R46)", async () => {
        const plan = await recordCase(addon);
        expect(plan.get("Namespace", "addon-namespace").props["metadata"]).toMatchObject({
            name: addon.namespace,
            labels: {
                "pod-security.kubernetes.io/enforce": "restricted",
                "app.kubernetes.io/instance": "shop-platform",
            },
        });
        expect(plan.get("NetworkPolicy", "addon-network").props).toMatchObject({
            metadata: { namespace: addon.namespace },
            spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
        });
    });

    test("gives every pod a restricted context and resources (R36, R38, R40)", async () => {
        const all = await values(addon);
        const chartsOfItsOwn = addon.kind === "CertManager" || addon.kind === "ClusterAutoscaler";
        for (const pod of addon.pods) {
            const of = pod === "" ? all : all[pod];
            const [podKey, containerKey] = chartsOfItsOwn
                ? ["securityContext", "containerSecurityContext"]
                : ["podSecurityContext", "securityContext"];
            expect(of[podKey], pod).toMatchObject({
                runAsNonRoot: true,
                runAsUser: expect.any(Number) as number,
                seccompProfile: { type: "RuntimeDefault" },
            });
            expect(of[containerKey], pod).toEqual({
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
            });
            expect(of.resources, pod).toMatchObject({
                requests: { cpu: expect.any(String) as string, memory: expect.any(String) as string },
                limits: { memory: expect.any(String) as string },
            });
        }
    });

    test("takes the chart's own values over ours", async () => {
        const own = await values(addon);
        const native = { podLabels: { team: "ops" }, resources: { requests: { cpu: "2" } } };
        const both = await values(addon, { native });
        expect(both).toEqual({
            ...own,
            podLabels: { team: "ops" },
            resources: { ...own.resources, requests: { ...own.resources?.requests, cpu: "2" } },
        });
    });

    test("is planned the same in a first preview", async () => {
        const plan = await record((opts) => addon.create(base, opts), true);
        expect(plan.created).toEqual((await recordCase(addon)).created);
    });

    test("is ready when its last resource is", async () => {
        const { outputs, resources } = await recordCase(addon);
        const last =
            { AwsLoadBalancerController: "addon-class", CertManager: "addon-issuer" }[addon.kind] ?? "addon-release";
        expect(outputs["ready"]).toBe(resources.find(({ name }) => name === last)!.urn);
    });
});

describe("replicas", () => {
    test.each([
        ["protected", 2],
        ["kept", 1],
        ["disposable", 1],
    ] as const)("of a controller with %s data", async (data, count) => {
        expect((await values(named("AwsLoadBalancerController"), { data })).replicaCount).toBe(count);
        expect((await values(named("ClusterAutoscaler"), { data })).replicaCount).toBe(count);
        const traefik = await values(named("Traefik"), { data });
        expect(traefik.deployment.replicas).toBe(count);
        // Of one pod, a budget would stop every drain of its node or allow everything.
        expect(traefik.podDisruptionBudget.enabled).toBe(count > 1);
        const certManager = await values(named("CertManager"), { data });
        expect([
            certManager.replicaCount,
            certManager.webhook.replicaCount,
            certManager.cainjector.replicaCount,
        ]).toEqual([count, count, count]);
    });
});

describe("AwsLoadBalancerController", () => {
    test("serves Gateways and leaves Ingresses and Services alone", async () => {
        expect(await values(named("AwsLoadBalancerController"))).toMatchObject({
            clusterName: "shop",
            region: "eu-central-1",
            vpcId: "vpc-1",
            serviceAccount: { create: true, name: AwsLoadBalancerController.identity.serviceAccount },
            controllerConfig: { featureGates: { ALBGatewayAPI: true, NLBGatewayAPI: false } },
            createIngressClassResource: false,
            enableServiceMutatorWebhook: false,
            enableShield: true,
            enableWaf: false,
            enableWafv2: true,
            defaultTargetType: "ip",
            keepTLSSecret: true,
        });
    });

    test("its class gives public load balancers, as a Gateway may override", async () => {
        const plan = await recordCase(named("AwsLoadBalancerController"));
        expect(plan.get("LoadBalancerConfiguration", "addon-configuration").props).toMatchObject({
            metadata: { name: "aws-alb", namespace: "aws-load-balancer-controller" },
            spec: { scheme: "internet-facing", mergingMode: "prefer-gateway" },
        });
        expect(plan.get("GatewayClass", "addon-class").props).toMatchObject({
            metadata: { name: "aws-alb", annotations: { "pulumi.com/waitFor": "condition=Accepted" } },
            spec: {
                controllerName: "gateway.k8s.aws/alb",
                parametersRef: {
                    kind: "LoadBalancerConfiguration",
                    name: "aws-alb",
                    namespace: "aws-load-balancer-controller",
                },
            },
        });
    });

    test("a load balancer goes back to what is usual once nobody asks for more: the controller leaves alone what is not named", async () => {
        const plan = await recordCase(named("AwsLoadBalancerController"));
        const { spec } = plan.get("LoadBalancerConfiguration", "addon-configuration").props;
        expect(spec).toMatchObject({
            mergingMode: "prefer-gateway",
            loadBalancerAttributes: [
                { key: "access_logs.s3.enabled", value: "false" },
                { key: "idle_timeout.timeout_seconds", value: "60" },
            ],
        });
    });

    test("in the subnets that it is given: elsewhere, NetworkPolicies would not let their requests in", async () => {
        const plan = await record(
            (opts) =>
                new AwsLoadBalancerController(
                    "addon",
                    {
                        ...base,
                        clusterName: "shop",
                        region: "eu-central-1",
                        vpcId: "vpc-1",
                        subnetIds: ["subnet-a", "subnet-b"],
                    },
                    opts,
                ),
        );
        const { spec } = plan.get("LoadBalancerConfiguration", "addon-configuration").props;
        expect(spec.loadBalancerSubnets).toEqual([{ identifier: "subnet-a" }, { identifier: "subnet-b" }]);
        const found = (await recordCase(named("AwsLoadBalancerController"))).get(
            "LoadBalancerConfiguration",
            "addon-configuration",
        );
        expect(found.props["spec"]).not.toHaveProperty("loadBalancerSubnets");
    });

    test("or internal ones", async () => {
        const plan = await record(
            (opts) =>
                new AwsLoadBalancerController(
                    "addon",
                    { ...base, clusterName: "shop", region: "eu-central-1", vpcId: "vpc-1", scheme: "internal" },
                    opts,
                ),
        );
        expect(plan.get("LoadBalancerConfiguration", "addon-configuration").props["spec"].scheme).toBe("internal");
    });

    test("its webhook can be reached, nothing else; it reaches the API, AWS and its credentials", async () => {
        const { spec } = (await recordCase(named("AwsLoadBalancerController"))).get(
            "NetworkPolicy",
            "addon-network",
        ).props;
        expect(spec.ingress).toEqual([{ ports: [{ protocol: "TCP", port: 9443 }] }]);
        expect(spec.egress[0].ports.map(({ port }: { port: number }) => port)).toEqual([53, 53, 443, 6443, 80]);
    });
});

describe("ExternalDns", () => {
    const digitalocean = (token: pulumi.Output<string>) => (opts: pulumi.ComponentResourceOptions) =>
        new ExternalDns(
            "addon",
            { ...base, provider: { cloud: "digitalocean", token }, domains: ["example.org"] },
            opts,
        );

    test("changes only its own records, in the named zones, and deletes them again", async () => {
        expect(await values(named("ExternalDns"))).toMatchObject({
            provider: { name: "aws" },
            sources: ["gateway-httproute"],
            domainFilters: ["example.org"],
            policy: "sync",
            registry: "txt",
            txtOwnerId: "shop-platform",
            extraArgs: { "aws-zone-type": "public", "txt-wildcard-replacement": "wildcard" },
            env: [{ name: "AWS_DEFAULT_REGION", value: "eu-central-1" }],
        });
    });

    test("marks the zone's own name inside the zone", async () => {
        const { txtPrefix } = await values(named("ExternalDns"));
        expect(`${String(txtPrefix).replace("%{record_type}", "a")}example.org`).toMatch(/\.example\.org$/);
    });

    test("may be held to one zone by its id", async () => {
        const provider = { cloud: "aws", region: "eu-central-1", zoneId: pulumi.output("Z1") } as const;
        const plan = await record(
            (opts) => new ExternalDns("addon", { ...base, provider, domains: ["example.org"] }, opts),
        );
        expect(plan.get("Release", "addon-release").props["values"].extraArgs["zone-id-filter"]).toBe("Z1");
    });

    test("is one pod: nothing says otherwise", async () => {
        expect(await values(named("ExternalDns"))).not.toHaveProperty("replicaCount");
    });

    test("has DigitalOcean's token in a Secret, never in the chart's values", async () => {
        const plan = await record(digitalocean(pulumi.secret("canary-d0")));
        expect(secretData(plan.get("Secret", "addon-token"))).toEqual({ token: "canary-d0" });
        const { values: all } = plan.get("Release", "addon-release").props;
        expect(JSON.stringify(all)).not.toContain("canary-d0");
        expect(all.env).toEqual([
            {
                name: "DO_TOKEN",
                valueFrom: { secretKeyRef: { name: expect.stringMatching(/^addon-token-/) as string, key: "token" } },
            },
        ]);
        expect(all.extraArgs).not.toHaveProperty("aws-zone-type");
    });

    test("needs a zone", async () => {
        await expect(
            record(
                (opts) =>
                    new ExternalDns("addon", { ...base, provider: { cloud: "aws", region: "x" }, domains: [] }, opts),
            ),
        ).rejects.toThrow(
            "ExternalDns addon: domains is empty. Allowed: at least one zone, for example shop.example.org.",
        );
    });
});

describe("CertManager", () => {
    const recordSolver = (solver: AcmeSolver, changes: object = {}) =>
        record((opts) => new CertManager("addon", { ...base, email: "ops@example.org", solver, ...changes }, opts));

    const issuer = async (solver: AcmeSolver, changes: object = {}) =>
        (await recordSolver(solver, changes)).get("ClusterIssuer", "addon-issuer").props["spec"].acme;

    test("its issuer is awaited, and is Let's Encrypt's", async () => {
        const plan = await recordSolver({ kind: "http-01" });
        expect(plan.get("ClusterIssuer", "addon-issuer").props).toMatchObject({
            metadata: { name: "letsencrypt", annotations: { "pulumi.com/waitFor": "condition=Ready" } },
            spec: {
                acme: {
                    server: "https://acme-v02.api.letsencrypt.org/directory",
                    email: "ops@example.org",
                    privateKeySecretRef: { name: "letsencrypt-account" },
                },
            },
        });
        expect((await issuer({ kind: "http-01" }, { server: "staging" })).server).toContain("acme-staging-v02");
    });

    const solvers: ReadonlyArray<readonly [AcmeSolver, unknown]> = [
        [{ kind: "http-01" }, { http01: { gatewayHTTPRoute: { serviceType: "ClusterIP" } } }],
        [
            { kind: "route53", region: "eu-central-1", zoneId: "Z1" },
            { dns01: { route53: { region: "eu-central-1", hostedZoneID: "Z1" } } },
        ],
        [{ kind: "cloud-dns", project: "shop-1" }, { dns01: { cloudDNS: { project: "shop-1" } } }],
        [
            { kind: "cloud-dns", project: "shop-1", zone: "shop" },
            { dns01: { cloudDNS: { project: "shop-1", hostedZoneName: "shop" } } },
        ],
    ];

    test.each(solvers)("proves names by %o", async (solver, expected) => {
        expect((await issuer(solver)).solvers).toEqual([expected]);
    });

    test("has DigitalOcean's token in a Secret beside it", async () => {
        const solver: AcmeSolver = { kind: "digitalocean", token: pulumi.secret("canary-d0") };
        const plan = await recordSolver(solver);
        const secret = plan.get("Secret", "addon-token");
        expect(secret.props["metadata"].namespace).toBe("cert-manager");
        expect(secretData(secret)).toEqual({ token: "canary-d0" });
        expect((await issuer(solver)).solvers).toEqual([
            {
                dns01: {
                    digitalocean: {
                        tokenSecretRef: { name: expect.stringMatching(/^addon-token-/) as string, key: "token" },
                    },
                },
            },
        ]);
    });

    test("reads the Gateway API, brings its definitions, and elects leaders in its own namespace", async () => {
        expect(await values(named("CertManager"))).toMatchObject({
            crds: { enabled: true, keep: true },
            config: { kind: "ControllerConfiguration", gatewayAPI: { enabled: true } },
            global: { leaderElection: { namespace: "cert-manager" } },
            webhook: { securePort: 10250 },
            serviceAccount: { name: CertManager.identity.serviceAccount, annotations: {} },
        });
        expect((await values(named("CertManager"), { data: "disposable" })).crds.keep).toBe(false);
    });

    test("tells a cloud who its pods are", async () => {
        const serviceAccountAnnotations = {
            "iam.gke.io/gcp-service-account": pulumi.output("dns@shop-1.iam.gserviceaccount.com"),
        };
        const plan = await recordSolver({ kind: "http-01" }, { serviceAccountAnnotations });
        expect(plan.get("Release", "addon-release").props["values"].serviceAccount.annotations).toEqual({
            "iam.gke.io/gcp-service-account": "dns@shop-1.iam.gserviceaccount.com",
        });
    });
});

describe("Traefik", () => {
    test("believes what a load balancer in named ranges says of its clients, and nobody else", async () => {
        const ports = async (args: Partial<TraefikArgs>) => {
            const plan = await record((opts) => new Traefik("addon", { ...base, ...args }, opts));
            return plan.get("Release", "addon-release").props["values"].ports;
        };
        const { web, websecure } = await ports({ proxyProtocolFrom: ["10.110.0.0/20"], requestTimeout: 90 });
        for (const port of [web, websecure]) {
            expect(port.proxyProtocol).toEqual({ trustedIPs: ["10.110.0.0/20"] });
            expect(port.transport.respondingTimeouts).toEqual({ readTimeout: "90s" });
        }
        expect(JSON.stringify(await ports({}))).not.toContain("proxyProtocol");
    });

    test("serves Gateways by one load balancer, and nothing else", async () => {
        const plan = await recordCase(named("Traefik"));
        const release = plan.get("Release", "addon-release").props;
        expect(release["skipCrds"]).toBe(true);
        expect(release["values"]).toMatchObject({
            providers: {
                kubernetesGateway: { enabled: true },
                kubernetesCRD: { enabled: false },
                kubernetesIngress: { enabled: false },
            },
            gatewayClass: { enabled: true, name: "traefik" },
            gateway: { enabled: false },
            ingressClass: { enabled: false },
            ingressRoute: { dashboard: { enabled: false } },
            ports: { web: { port: 8000, exposedPort: 80 }, websecure: { port: 8443, exposedPort: 443 } },
            service: { spec: { type: "LoadBalancer" } },
            global: { sendAnonymousUsage: false },
        });
    });

    test("is reached at its entry points alone", async () => {
        const { spec } = (await recordCase(named("Traefik"))).get("NetworkPolicy", "addon-network").props;
        expect(spec.ingress).toEqual([{ ports: [8000, 8443].map((port) => ({ protocol: "TCP", port })) }]);
        expect(spec.egress).toEqual([{}]);
    });

    test("says what a Gateway has to name, and where clients are", async () => {
        const { outputs } = await recordComponent((opts) => {
            const { className, namespace, httpPort, httpsPort, publicHttpPort, publicHttpsPort } = new Traefik(
                "addon",
                base,
                opts,
            );
            return { className, namespace, httpPort, httpsPort, publicHttpPort, publicHttpsPort };
        });
        expect(outputs).toEqual({
            className: "traefik",
            namespace: "traefik",
            httpPort: 8000,
            httpsPort: 8443,
            publicHttpPort: 80,
            publicHttpsPort: 443,
        });
    });

    test("cuts an upload after 60 s as always, or when it is told", async () => {
        const ports = async (more: object) => {
            const plan = await record((opts) => new Traefik("addon", { ...base, ...more }, opts));
            return plan.get("Release", "addon-release").props["values"].ports as Record<string, { transport?: object }>;
        };
        const told = { respondingTimeouts: { readTimeout: "600s" } };
        const { web, websecure } = await ports({ requestTimeout: 600 });
        expect([web!.transport, websecure!.transport]).toEqual([told, told]);
        expect((await ports({}))["web"]).not.toHaveProperty("transport");
    });

    test("lets in everybody, or whom it is told to", async () => {
        const service = async (more: object) => {
            const plan = await record((opts) => new Traefik("addon", { ...base, ...more }, opts));
            return plan.get("Release", "addon-release").props["values"].service as object;
        };
        const sourceRanges = ["203.0.113.0/24"];
        expect(await service({ sourceRanges })).toMatchObject({ loadBalancerSourceRanges: sourceRanges });
        expect(await service({})).not.toHaveProperty("loadBalancerSourceRanges");
    });

    test("takes annotations for the cloud's load balancer", async () => {
        const annotations = { "service.beta.kubernetes.io/do-loadbalancer-name": "shop" };
        const plan = await record((opts) => new Traefik("addon", { ...base, serviceAnnotations: annotations }, opts));
        expect(plan.get("Release", "addon-release").props["values"].service.annotations).toEqual(annotations);
    });
});

test("ClusterAutoscaler waits for a pod as long as any worker may take (R15)", async () => {
    const { extraArgs } = await values(named("ClusterAutoscaler"));
    expect(extraArgs).toMatchObject({ "max-graceful-termination-sec": 6 * 3600 + 30 });
});

test("ClusterAutoscaler finds its groups by the cluster's name", async () => {
    expect(await values(named("ClusterAutoscaler"))).toMatchObject({
        cloudProvider: "aws",
        awsRegion: "eu-central-1",
        autoDiscovery: { clusterName: "shop" },
        rbac: { serviceAccount: { create: true, name: ClusterAutoscaler.identity.serviceAccount } },
        fullnameOverride: "cluster-autoscaler",
    });
});
