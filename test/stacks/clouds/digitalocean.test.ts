// An environment at DigitalOcean: what settings of the platform and of stores reach which resource, and what stores learn of the
// platform. Lent databases: test/stacks/lending.test.ts.
// Does not prove that DigitalOcean accepts it: an account does.
import { describe, expect, it } from "vitest";
import { clouds, onDigitalOcean } from "../support/clouds.ts";
import {
    environmentOf,
    inCluster,
    refusal,
    revealed,
    secretData,
    secretsOf,
    shop,
    stackOf,
    type Change,
    type Stack,
    waitsFor,
} from "../support/stack.ts";

const postgresql = { variant: "digitalocean", server: { variant: "create", version: "17", size: "db-s-2vcpu-4gb" } };
const valkey = { variant: "digitalocean", server: { variant: "create", size: "db-s-1vcpu-2gb" } };
const spaces = { variant: "spaces" };
const stores: readonly Change[] = [
    ["database", postgresql],
    ["cache", valkey],
    ["assets", spaces],
];
const token = { digitaloceanDnsToken: "the-dns-token" };
const full = () =>
    stackOf(
        onDigitalOcean(
            ...stores,
            ["assets.buckets", { variant: "create", cdn: { domain: "static.shop.example.org" } }],
            ["lends.domain", "preview.shop.example.org"],
        ),
        { secrets: token },
    );

const provider = ({ resources }: Stack, name: string) =>
    resources.find(({ type }) => type === `pulumi:providers:${name}`)!;
const waited = (stack: Stack, kind: string, name: string) => waitsFor(stack, stack.get(kind, name));
const egress = (stack: Stack, name: string) =>
    JSON.stringify((stack.get("NetworkPolicy", name).props["spec"] as { egress: unknown }).egress);
const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const other = {
    vpc: "4de7ac8b-495b-4884-9a69-1050c6793cd6",
    range: "10.220.0.0/20",
    clusters: ["4de7ac8b-495b-4884-9a69-1050c6793cd7"],
};

describe("the platform with everything", () => {
    it("has the network, the cluster, the registry and the zone that are set", async () => {
        const stack = await full();
        expect(stack.get("Vpc", "network-network").props).toMatchObject({
            ipRange: "10.110.0.0/20",
            region: "fra1",
            description: "n",
        });
        expect(stack.get("KubernetesCluster", "cluster-cluster").props).toMatchObject({
            name: "shop-test",
            region: "fra1",
            version: "1.34",
            ha: true,
            clusterSubnet: "10.112.0.0/16",
            serviceSubnet: "10.113.0.0/20",
            controlPlaneFirewall: { allowedAddresses: ["203.0.113.0/24"] },
            registryIntegration: true,
            tags: ["own"],
            vpcUuid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        });
        expect(waited(stack, "KubernetesCluster", "cluster-cluster")).toContain("registry-registry");
        expect(stack.get("KubernetesNodePool", "cluster-pool-apps").props).toMatchObject({
            size: "s-4vcpu-8gb",
            maxNodes: 6,
            tags: ["t"],
        });
        expect(stack.get("ContainerRegistry", "registry-registry").props).toMatchObject({
            name: "example-shop",
            region: "ams3",
        });
        expect(stack.get("Domain", "dns-domain").props).toMatchObject({
            name: "shop.example.org",
            ipAddress: "192.0.2.1",
        });
    });

    it("is named by the zone above, before anything is certified by its records", async () => {
        const stack = await full();
        const servers = ["ns1", "ns2", "ns3"].map((server) => `dns-delegation-${server}`);
        expect(servers.map((name) => stack.get("DnsRecord", name).props["domain"])).toEqual(
            servers.map(() => "example.org"),
        );
        for (const [type, name] of [
            ["Certificate", "assets-certificate"],
            ["Namespace", "cert-manager-namespace"],
            ["Namespace", "external-dns-namespace"],
        ] as const) {
            expect(waited(stack, type, name)).toEqual(expect.arrayContaining(servers));
        }
    });

    it("gives its token to what changes records, and to nothing else, as a secret (R50)", async () => {
        const stack = await full();
        const holders = stack.resources.filter(({ props }) =>
            JSON.stringify(revealed(props)).includes("the-dns-token"),
        );
        expect(holders.map(({ name }) => name).toSorted()).toEqual(["cert-manager-token", "external-dns-token"]);
        for (const holder of holders) {
            expect(secretData(holder)).toEqual({ token: "the-dns-token" });
        }
        expect(JSON.stringify([stack.resources, stack.outputs])).not.toContain("the-dns-token");
    });

    it("believes what the load balancer says of its clients where that speaks the PROXY protocol, from the network alone", async () => {
        const annotation = "service.beta.kubernetes.io/do-loadbalancer-enable-proxy-protocol";
        const stack = await stackOf(
            onDigitalOcean([
                "platform.gateway",
                { variant: "traefik", loadBalancerAnnotations: { [annotation]: "true" } },
            ]),
            { secrets: token },
        );
        const { values } = stack.get("Release", "traefik-release").props as { values: { ports: object } };
        expect(values.ports).toMatchObject({ web: { proxyProtocol: { trustedIPs: ["10.110.0.0/20"] } } });
    });

    it("has the controllers that are set", async () => {
        const stack = await full();
        expect(JSON.stringify(stack.get("Release", "traefik-release").props)).toContain('"lb/name":"shop"');
        expect(stack.get("ClusterIssuer", "cert-manager-issuer").props["spec"]).toMatchObject({
            acme: {
                email: "o@example.org",
                server: expect.stringContaining("staging") as string,
                solvers: [{ dns01: { digitalocean: {} } }],
            },
        });
        expect(stack.get("Release", "external-dns-release").props["values"]).toMatchObject({
            domainFilters: ["shop.example.org"],
        });
        const ready = waited(stack, "Namespace", "namespace");
        expect(ready).toEqual(
            expect.arrayContaining([
                "cluster-pool-apps",
                "traefik-release",
                "cert-manager-issuer",
                "external-dns-release",
            ]),
        );
        expect(waited(stack, "Release", "external-dns-release")).toEqual(
            expect.arrayContaining(["external-dns-namespace"]),
        );
        expect(waited(stack, "Namespace", "external-dns-namespace")).toEqual(
            expect.arrayContaining(["cluster-pool-apps", "dns-domain"]),
        );
    });

    it("tells the environment how it is reached, and is told on to others", async () => {
        const stack = await full();
        const { kubeconfig, ...connection } = provider(stack, "kubernetes").props;
        expect(connection).toEqual({ clusterIdentifier: "shop-test", enableServerSideApply: "true" });
        expect(stack.outputs["platform"]).toEqual({
            connection: { clusterIdentifier: "shop-test", kubeconfig },
            networkPolicy: { enforced: true },
            webFrom: { namespaces: ["traefik"], cidrs: [] },
        });
        expect(stack.outputs["lends"]).toMatchObject({
            gateway: { section: "https-lent", domain: "preview.shop.example.org", secure: true, port: 443 },
        });
        expect(stack.outputs["nameServers"]).toHaveLength(3);
        expect(stack.outputs["registry"]).toBe("registry.digitalocean.com/example-shop");
        expect(waitsFor(stack, provider(stack, "kubernetes"))).toContain("cluster-pool-apps");
    });
});

describe("the environment on it", () => {
    it("is let in by Traefik alone, through its inner ports, under its outer ones", async () => {
        const stack = await full();
        expect(stack.get("NetworkPolicy", "blog-web-from-gateway").props["spec"]).toMatchObject({
            ingress: [{ from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "traefik" } } }] }],
        });
        expect(stack.get("Gateway", "edge-gateway").props["spec"]).toMatchObject({
            gatewayClassName: "traefik",
            listeners: [{ port: 8000 }, { port: 8443 }, {}, {}],
        });
        expect((stack.outputs["apps"] as { shop: unknown }).shop).toMatchObject({ url: "https://shop.example.org" });
        expect(stack.get("Certificate", "edge-certificate").props["spec"]).toMatchObject({
            dnsNames: ["shop.example.org", "blog.shop.example.org"],
            issuerRef: { kind: "ClusterIssuer", name: "letsencrypt" },
        });
        // The issuer answers by DNS, and needs no Gateway.
        expect(JSON.stringify(stack.get("Certificate", "edge-certificate").props)).not.toContain("http01-parentref");
    });

    it("has its stores in the platform's network, open to its cluster and the cluster's pods alone", async () => {
        const stack = await full();
        const { vpcUuid } = stack.get("KubernetesCluster", "cluster-cluster").props;
        for (const store of ["database", "cache"]) {
            expect(stack.get("DatabaseCluster", `${store}-cluster`).props).toMatchObject({
                region: "fra1",
                privateNetworkUuid: vpcUuid as string,
                nodeCount: 1,
            });
            expect(stack.get("DatabaseFirewall", `${store}-firewall`).props).toMatchObject({
                rules: [
                    {
                        type: "k8s",
                        value: stack.get("KubernetesNodePool", "cluster-pool-apps").props["clusterId"] as string,
                    },
                    {
                        type: "ip_addr",
                        value: stack.get("KubernetesCluster", "cluster-cluster").props["clusterSubnet"] as string,
                    },
                ],
            });
            expect(egress(stack, `${store}-to-store`)).toContain("10.110.0.0/20");
        }
        expect(stack.get("DatabaseUser", "database-user").props).toMatchObject({ name: "shop" });
        expect(stack.get("DatabaseDb", "database-db").props).toMatchObject({ name: "shop" });
    });

    it("has buckets behind a CDN under its own name, after the zone that it is in", async () => {
        const stack = await full();
        expect(stack.get("SpacesBucket", "assets-static").props).toMatchObject({ region: "fra1" });
        expect(stack.get("Cdn", "assets-cdn").props).toMatchObject({ customDomain: "static.shop.example.org" });
        expect(waited(stack, "Certificate", "assets-certificate")).toContain("dns-domain");
        expect(Object.keys(secretsOf(stack, "shop"))).toContain("AWS_SECRET_ACCESS_KEY");
        expect(environmentOf(stack, "blog")).toMatchObject({
            DJANGO_APP_STORAGE_PREFIX: "blog/",
            DJANGO_APP_STORAGE_REGION: "fra1",
        });
    });
});

describe("stores with settings of their own", () => {
    it("have these, beside any cluster", async () => {
        const stack = await stackOf(
            inCluster(
                ["clouds", clouds],
                [
                    "database",
                    {
                        variant: "digitalocean",
                        server: {
                            ...postgresql.server,
                            nodes: 2,
                            network: other,
                            trustedSources: ["192.0.2.7"],
                            native: { tags: ["d"] },
                        },
                    },
                ],
                [
                    "cache",
                    {
                        variant: "digitalocean",
                        server: { ...valkey.server, nodes: 2, network: other, native: { tags: ["c"] } },
                    },
                ],
                [
                    "assets",
                    {
                        variant: "spaces",
                        region: "ams3",
                        buckets: {
                            variant: "create",
                            native: { staticBucket: { forceDestroy: true }, cdn: { ttl: 60 } },
                        },
                    },
                ],
            ),
        );
        for (const [store, tags] of [
            ["database", ["d"]],
            ["cache", ["c"]],
        ] as const) {
            expect(stack.get("DatabaseCluster", `${store}-cluster`).props).toMatchObject({
                nodeCount: 2,
                privateNetworkUuid: other.vpc,
                tags,
            });
            expect(egress(stack, `${store}-to-store`)).toContain("10.220.0.0/20");
        }
        expect(stack.get("DatabaseFirewall", "database-firewall").props["rules"]).toEqual([
            { type: "k8s", value: other.clusters[0] },
            { type: "ip_addr", value: "192.0.2.7" },
        ]);
        expect(stack.get("SpacesBucket", "assets-static").props).toMatchObject({ region: "ams3", forceDestroy: true });
        expect(stack.get("Cdn", "assets-cdn").props).toMatchObject({ ttl: 60 });
        expect(environmentOf(stack, "shop")["DJANGO_APP_STORAGE_REGION"]).toBe("ams3");
    });

    it("that are there are reached with the passwords that are given", async () => {
        const existing: readonly Change[] = [
            [
                "database",
                {
                    variant: "digitalocean",
                    server: {
                        variant: "existing",
                        host: "pg.example.org",
                        database: "db",
                        user: "someone",
                        ca: pem,
                        maxConnections: 500,
                    },
                },
            ],
            ["cache", { variant: "digitalocean", server: { variant: "existing", host: "valkey.example.org" } }],
        ];
        const secrets = { ...token, databasePassword: "given-pg-password", cachePassword: "given-valkey-password" };
        const inside = await stackOf(onDigitalOcean(...existing), { secrets });
        expect(environmentOf(inside, "shop")).toMatchObject({
            DJANGO_APP_DB_NAME: "db",
            DJANGO_APP_DB_USER: "someone",
        });
        expect(secretsOf(inside, "shop")).toMatchObject({
            DJANGO_APP_DB_PASSWORD: "given-pg-password",
            REDIS_URL: expect.stringContaining("given-valkey-password") as string,
        });
        expect(egress(inside, "database-to-store")).toContain("10.110.0.0/20");
        const { digitaloceanDnsToken: _, ...passwords } = secrets;
        const outside = await stackOf(
            inCluster(
                ["clouds", clouds],
                ...existing,
                ["database.server.range", "10.221.0.0/20"],
                ["cache.server.range", "10.222.0.0/20"],
            ),
            {
                secrets: passwords,
            },
        );
        expect(egress(outside, "database-to-store")).toContain("10.221.0.0/20");
        expect(egress(outside, "cache-to-store")).toContain("10.222.0.0/20");
    });

    it.each([
        ["production", "db-s-2vcpu-4gb", 2],
        ["staging", "db-s-2vcpu-4gb", 1],
    ])("in %s of the size %s have %i nodes by default", async (kind, size, nodes) => {
        const image = `${shop.image}@sha256:${"0".repeat(64)}`;
        const stack = await stackOf(
            onDigitalOcean(
                ...stores,
                ["environment.kind", kind],
                ["database.server.size", size],
                ["apps[0].image", image],
                ["apps[1].image", image],
                ["platform.certificates.server", "production"],
            ),
            { secrets: token },
        );
        expect(stack.get("DatabaseCluster", "database-cluster").props["nodeCount"]).toBe(nodes);
        expect(stack.get("DatabaseCluster", "cache-cluster").props["nodeCount"]).toBe(nodes);
    });
});

describe("the platform with less", () => {
    const adopted: readonly Change[] = [
        ["platform.network", { variant: "existing", id: other.vpc, range: "10.220.0.0/20" }],
        [
            "platform.cluster",
            {
                variant: "existing",
                id: other.clusters[0],
                name: "main",
                endpoint: "https://main.k8s.ondigitalocean.com",
                ca: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==",
            },
        ],
        ["platform.registry", { variant: "existing", name: "shared" }],
        ["platform.dns", { variant: "existing", domain: "shop.example.org", hostRecords: false }],
        ["platform.certificates", { variant: "existing", issuer: { kind: "Issuer", name: "own" } }],
        ["platform.gateway", { variant: "cilium", loadBalancerAnnotations: { "lb/name": "shop" } }],
        ["platform.native", undefined],
    ];

    it("that is there already is used as it is", async () => {
        const stack = await stackOf(onDigitalOcean(...adopted, ...stores));
        expect(provider(stack, "kubernetes").props["kubeconfig"]).toContain("https://main.k8s.ondigitalocean.com");
        expect(stack.outputs["registry"]).toBe("registry.digitalocean.com/shared");
        expect(stack.get("DatabaseCluster", "database-cluster").props).toMatchObject({ privateNetworkUuid: other.vpc });
        expect(stack.get("DatabaseFirewall", "database-firewall").props).toMatchObject({
            rules: [{ type: "k8s", value: other.clusters[0] }],
        });
        expect(stack.get("Gateway", "edge-gateway").props["spec"]).toMatchObject({
            gatewayClassName: "cilium",
            infrastructure: { annotations: { "lb/name": "shop" } },
            listeners: [{ port: 80 }, { port: 443 }],
        });
        expect(stack.get("Certificate", "edge-certificate").props["spec"]).toMatchObject({
            issuerRef: { kind: "Issuer", name: "own" },
        });
        expect(stack.all("Release")).toEqual([]);
        expect(stack.outputs["platform"]).not.toHaveProperty("webFrom");
        for (const kind of ["Vpc", "KubernetesCluster", "ContainerRegistry", "Domain"]) {
            expect(stack.all(kind), kind).toEqual([]);
        }
    });

    it("without registry, zone and certificates says nothing of them", async () => {
        const none = { variant: "none" };
        const stack = await stackOf(
            onDigitalOcean(
                ["platform.registry", none],
                ["platform.dns", none],
                ["platform.certificates", none],
                ["platform.native", undefined],
            ),
        );
        for (const output of ["registry", "nameServers", "secretsProvider"]) {
            expect(stack.outputs[output], output).toBeUndefined();
        }
        expect(stack.get("KubernetesCluster", "cluster-cluster").props).toMatchObject({ registryIntegration: false });
        expect(stack.get("KubernetesCluster", "cluster-cluster").props).toMatchObject({ tags: ["shop-test"] });
        expect(stack.all("Release").map(({ name }) => name)).toEqual(["traefik-release"]);
        expect((stack.outputs["apps"] as { shop: unknown }).shop).toMatchObject({ url: "http://shop.example.org" });
    });

    it("answering challenges over HTTP lets the issuer do so through the Gateway, and needs no token", async () => {
        const stack = await stackOf(
            onDigitalOcean(["platform.certificates.challenge", "http-01"], ["platform.dns.hostRecords", false]),
        );
        expect(stack.get("Certificate", "edge-certificate").props["metadata"]).toMatchObject({
            annotations: { "acme.cert-manager.io/http01-parentrefname": "edge" },
        });
        expect(
            stack
                .all("Release")
                .map(({ name }) => name)
                .toSorted(),
        ).toEqual(["cert-manager-release", "traefik-release"]);
    });

    it.each<[what: string, changes: readonly Change[]]>([
        ["records of hosts", [["platform.certificates.challenge", "http-01"]]],
        ["challenges by DNS", [["platform.dns.hostRecords", false]]],
    ])("is refused without a token for %s", async (_, changes) => {
        expect(await refusal(onDigitalOcean(...changes))).toMatchObject([{ path: "secrets.digitaloceanDnsToken" }]);
    });

    it.each([
        ["production", true],
        ["staging", false],
    ])("of %s has a control plane as that needs", async (kind, ha) => {
        const image = `${shop.image}@sha256:${"0".repeat(64)}`;
        const stack = await stackOf(
            onDigitalOcean(
                ["environment.kind", kind],
                ["platform.cluster.highlyAvailable", undefined],
                ["apps[0].image", image],
                ["apps[1].image", image],
                ["platform.certificates.server", "production"],
            ),
            { secrets: token },
        );
        expect(stack.get("KubernetesCluster", "cluster-cluster").props["ha"]).toBe(ha);
    });
});
