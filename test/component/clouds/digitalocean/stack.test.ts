// How the settings become components: the platform with its add-ons, and the stores on it or on another.
// Does not prove that the charts install, nor that anything of it serves: that needs an account.
import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/digitalocean/provider.js";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import { describe, expect, test } from "vitest";
import { digitalOceanCache } from "../../../../settings/clouds/digitalocean/cache.ts";
import { digitalOceanDatabase } from "../../../../settings/clouds/digitalocean/database.ts";
import { digitalOceanPlatform } from "../../../../settings/clouds/digitalocean/platform.ts";
import { spacesAssets } from "../../../../settings/clouds/digitalocean/assets.ts";
import {
    resolveDigitalOceanCache,
    resolveDigitalOceanDatabase,
    resolveDigitalOceanPlatform,
    resolveSpaces,
} from "../../../../settings/clouds/digitalocean/resolve.ts";
import type { EnvironmentKind } from "../../../../settings/environment.ts";
import type { StackStore } from "../../../../settings/load.ts";
import { createSpacesAssets } from "../../../../stacks/clouds/digitalocean/assets.ts";
import { createDigitalOceanCache } from "../../../../stacks/clouds/digitalocean/cache.ts";
import { createDigitalOceanDatabase } from "../../../../stacks/clouds/digitalocean/database.ts";
import { createDigitalOceanPlatform } from "../../../../stacks/clouds/digitalocean/platform.ts";
import { digitalOceanProvider } from "../../../../stacks/clouds/digitalocean/provider.ts";
import type { Clouds, EnvironmentContext, PlatformContext } from "../../../../stacks/context.ts";
import type { DigitalOceanVpc } from "../../../../components/vpc/contract.ts";
import type { Platform } from "../../../../stacks/platform/contract.ts";
import { recordPlan } from "../../../../commands/plan/recorder.ts";
import type { Plan, PlannedResource } from "../../../../commands/plan/plan.ts";
import { placement } from "../../../support/component.ts";

function clouds(): Clouds {
    const provider = new Provider("digitalocean", {});
    return { provider: () => Promise.resolve(provider), settings: () => ({ region: "fra1" }) as never };
}

const record = (program: () => Promise<Readonly<Record<string, unknown>>>) =>
    recordPlan({ project: "test", stack: "production", config: {}, secretKeys: [] }, program);

const kinds = (plan: Plan) =>
    plan.resources
        .filter(({ type }) => !type.startsWith("pulumi:"))
        .map(({ type, name }) => `${type.split(":").at(-1)!} ${name}`);

const only = (plan: Plan, kind: string): PlannedResource => {
    const found = plan.resources.filter(({ type }) => type.endsWith(`:${kind}`));
    expect(found, kind).toHaveLength(1);
    return found[0]!;
};

describe("the provider", () => {
    test("has no token and no key of Spaces among its arguments, so none gets into the state", async () => {
        const plan = await record(() => {
            digitalOceanProvider({ region: "fra1" });
            return Promise.resolve({});
        });
        const provider = plan.resources.find(({ type }) => type === "pulumi:providers:digitalocean");
        expect(Object.keys(provider!.props)).toEqual(["apiEndpoint"]);
    });
});

describe("the platform", () => {
    const smallest = {
        variant: "digitalocean",
        network: { variant: "create", range: "10.110.0.0/20" },
        cluster: {
            variant: "create",
            version: "1.34",
            podRange: "10.112.0.0/16",
            serviceRange: "10.113.0.0/20",
            apiAccess: { cidrs: ["203.0.113.0/24"] },
            pools: { apps: { size: "s-4vcpu-8gb", max: 6 } },
        },
        certificates: { variant: "letsencrypt", email: "operations@example.org" },
    };
    const zone = { variant: "create", domain: "shop.example.org" };

    const platform = (changes: Record<string, unknown> = {}, kind: EnvironmentKind = "production") =>
        record(async () => {
            const settings = resolveDigitalOceanPlatform(digitalOceanPlatform.parse({ ...smallest, ...changes }), kind);
            const all: PlatformContext = {
                instance: "shop-production",
                data: "protected",
                clouds: clouds(),
                dnsToken: pulumi.secret("dns-token"),
            };
            const {
                kubernetes: _,
                ready,
                vpc,
                zone: dns,
                registry,
                ...rest
            } = await createDigitalOceanPlatform(settings, all);
            const ids =
                vpc?.cloud === "digitalocean" ? { cidr: vpc.cidr, vpcId: vpc.vpcId, clusterId: vpc.clusterId } : {};
            return { ...rest, ready: ready.length, ...ids, domain: dns?.domain, prefix: registry?.prefix };
        });

    test("is a network, a cluster with its pools, and certificates for DOKS's own Gateway", async () => {
        const plan = await platform();
        expect(kinds(plan)).toEqual(
            expect.arrayContaining([
                "DigitalOcean network",
                "Vpc network-network",
                "Doks cluster",
                "KubernetesCluster cluster-cluster",
                "KubernetesNodePool cluster-pool-apps",
                "CertManager cert-manager",
            ]),
        );
        expect(plan.outputs).toMatchObject({
            networkPolicy: { enforced: true },
            gateway: {
                kind: "controller",
                className: "cilium",
                httpPort: 80,
                httpsPort: 443,
                infrastructureAnnotations: {},
                issuer: { kind: "ClusterIssuer", name: "letsencrypt" },
            },
            connection: { clusterIdentifier: "shop-production" },
            cidr: "10.110.0.0/20",
            ready: 3,
        });
        // Requests of Cilium's Gateway come from no address that a policy could name.
        expect(plan.outputs["gateway"]).not.toHaveProperty("from");
    });

    test("its Kubernetes provider names the cluster, and waits for nodes (R72, R73)", async () => {
        const plan = await platform();
        const provider = plan.resources.find(({ type }) => type === "pulumi:providers:kubernetes")!;
        expect(provider.props).toMatchObject({ clusterIdentifier: "shop-production" });
        expect(JSON.stringify(provider.dependencies)).toContain("cluster-pool-apps");
    });

    test.each([
        ["production", true],
        ["staging", false],
        ["ephemeral", false],
    ] as const)("%s: several control planes: %s (R57)", async (kind, ha) => {
        expect(only(await platform({}, kind), "KubernetesCluster").props["ha"]).toBe(ha);
    });

    test("nodes pull from the account's registry, whether it is made here or not", async () => {
        const integrated = async (registry: unknown) =>
            only(await platform({ registry }), "KubernetesCluster").props["registryIntegration"] as unknown;
        expect(await integrated({ variant: "create", name: "example-shop" })).toBe(true);
        expect(await integrated({ variant: "existing", name: "example-shop" })).toBe(true);
        expect(await integrated({ variant: "none" })).toBe(false);
    });

    test("records follow host names, in the zone alone, with a token of their own", async () => {
        const plan = await platform({ dns: zone });
        expect(kinds(plan)).toContain("ExternalDns external-dns");
        expect(plan.outputs).toMatchObject({ domain: "shop.example.org", ready: 4 });
        expect(kinds(await platform({ dns: { ...zone, hostRecords: false } }))).not.toContain(
            "ExternalDns external-dns",
        );
    });

    test("certificates are proved at the Gateway, or by a record", async () => {
        const solver = async (challenge: string) => {
            const plan = await platform({ dns: zone, certificates: { ...smallest.certificates, challenge } });
            const issuer = plan.resources.find(({ name }) => name === "cert-manager-issuer")!;
            return Object.keys(issuer.props["spec"].acme.solvers[0] as object);
        };
        expect(await solver("http-01")).toEqual(["http01"]);
        expect(await solver("dns-01")).toEqual(["dns01"]);
    });

    test("Traefik instead: web pods then admit its namespace alone", async () => {
        const annotations = { "service.beta.kubernetes.io/do-loadbalancer-size-unit": "2" };
        const plan = await platform({ gateway: { variant: "traefik", loadBalancerAnnotations: annotations } });
        expect(kinds(plan)).toContain("Traefik traefik");
        expect(plan.outputs["gateway"]).toMatchObject({
            className: "traefik",
            from: { namespaces: ["traefik"], cidrs: [] },
        });
    });

    test("no way in, no certificates, no network of its own", async () => {
        const vpc = "4de7ac8b-495b-4884-9a69-1050c6793cd6";
        const plan = await platform({
            gateway: { variant: "none" },
            certificates: { variant: "none" },
            network: { variant: "existing", id: vpc, range: "10.9.0.0/20" },
        });
        expect(plan.outputs).not.toHaveProperty("gateway");
        expect(plan.outputs).toMatchObject({ vpcId: vpc, cidr: "10.9.0.0/20" });
        expect(kinds(plan).filter((kind) => kind.startsWith("Vpc"))).toEqual([]);
    });

    test("a cluster that is there", async () => {
        const id = "1b8b2100-0e9f-4e8f-ad78-9eb578c2a0af";
        const cluster = {
            variant: "existing",
            id,
            name: "main",
            endpoint: `https://${id}.k8s.ondigitalocean.com`,
            ca: "LS0tLS1CRUdJTg==",
        };
        const plan = await platform({ cluster, certificates: { variant: "existing", issuer: { name: "ours" } } });
        expect(
            plan.resources.filter(({ type }) => type.startsWith("digitalocean:") && type.includes("Kubernetes")),
        ).toEqual([]);
        expect(plan.outputs).toMatchObject({
            clusterId: id,
            connection: { clusterIdentifier: "main" },
            gateway: { issuer: { kind: "ClusterIssuer", name: "ours" } },
        });
    });

    test("adding, removing and reordering pools changes no other name", async () => {
        const urns = async (pools: object) =>
            (await platform({ cluster: { ...smallest.cluster, pools } })).resources.map(({ urn }) => urn);
        const pool = { size: "s-4vcpu-8gb", max: 6 };
        const before = await urns({ apps: pool, batch: pool });
        expect((await urns({ batch: pool, apps: pool })).toSorted()).toEqual(before.toSorted());
        expect(before).toEqual(expect.arrayContaining(await urns({ apps: pool })));
    });
});

describe("stores", () => {
    const here: Partial<Platform> = {
        vpc: { cloud: "digitalocean", vpcId: "vpc-id", cidr: "10.110.0.0/20", clusterId: "cluster-id" },
    };

    const context = (platform: Partial<Platform>): EnvironmentContext => {
        const kubernetes = new KubernetesProvider("kubernetes", { context: "test" });
        return {
            placement,
            platform: {
                kubernetes,
                connection: { clusterIdentifier: "test" },
                ready: [],
                networkPolicy: { enforced: true },
                ...platform,
            },
            clouds: clouds(),
            opts: { providers: [kubernetes, new RandomProvider("random")] },
        };
    };
    const entry = <Store>(name: string, store: Store): StackStore<Store> => ({
        name,
        path: [name],
        owner: "shop",
        users: ["shop"],
        hosts: [],
        passwordPath: ["secrets", `${name}Password`],
        password: pulumi.secret("given"),
        store,
    });
    const database = (server: object, kind: EnvironmentKind = "staging", platform: Partial<Platform> = here) =>
        record(async () => {
            const settings = digitalOceanDatabase.parse({ variant: "digitalocean", server });
            const store = entry("database", resolveDigitalOceanDatabase(settings, kind, "shop"));
            const { maxConnections } = await createDigitalOceanDatabase(store, context(platform));
            return { maxConnections };
        });
    const cache = (server: object, kind: EnvironmentKind = "staging", platform: Partial<Platform> = here) =>
        record(async () => {
            const settings = digitalOceanCache.parse({ variant: "digitalocean", server });
            const store = entry("cache", resolveDigitalOceanCache(settings, kind));
            const { primary } = await createDigitalOceanCache(store, context(platform));
            return { port: primary.port };
        });
    const created = { variant: "create", version: "17", size: "db-s-2vcpu-4gb" };
    const createdCache = { variant: "create", size: "db-s-1vcpu-2gb" };
    const network = { vpc: "4de7ac8b-495b-4884-9a69-1050c6793cd6", range: "10.9.0.0/20" };
    const elsewhere = { network, trustedSources: ["10.20.0.0/16"] };

    test("are in the platform's network, for its cluster", async () => {
        for (const plan of [await database(created), await cache(createdCache)]) {
            expect(only(plan, "DatabaseCluster").props).toMatchObject({ privateNetworkUuid: "vpc-id", region: "fra1" });
            expect(only(plan, "DatabaseFirewall").props["rules"]).toEqual([{ type: "k8s", value: "cluster-id" }]);
        }
    });

    test("and for the pods of a cluster whose range is known, once", async () => {
        const podRange = "10.112.0.0/16";
        const ours: Partial<Platform> = { vpc: { ...(here.vpc as DigitalOceanVpc), podRange } };
        const rules = [
            { type: "k8s", value: "cluster-id" },
            { type: "ip_addr", value: podRange },
        ];
        for (const plan of [
            await database(created, "staging", ours),
            await database({ ...created, trustedSources: [podRange] }, "staging", ours),
            await cache(createdCache, "staging", ours),
        ]) {
            expect(only(plan, "DatabaseFirewall").props["rules"]).toEqual(rules);
        }
    });

    test("and for others that are named", async () => {
        const { rules } = only(
            await database({ ...created, trustedSources: ["203.0.113.7"] }),
            "DatabaseFirewall",
        ).props;
        expect(rules).toEqual([
            { type: "k8s", value: "cluster-id" },
            { type: "ip_addr", value: "203.0.113.7" },
        ]);
    });

    test("or where they say, for whom they say, beside any cluster", async () => {
        for (const plan of [
            await database({ ...created, ...elsewhere }, "staging", {}),
            await cache({ ...createdCache, ...elsewhere }, "staging", {}),
        ]) {
            expect(only(plan, "DatabaseCluster").props["privateNetworkUuid"]).toBe(network.vpc);
            expect(only(plan, "DatabaseFirewall").props["rules"]).toEqual([{ type: "ip_addr", value: "10.20.0.0/16" }]);
        }
    });

    test("of a server that is there the range is the platform's, or the one that they name", async () => {
        const host = "private-main-do-user-1-0.d.db.ondigitalocean.com";
        await expect(cache({ variant: "existing", host })).resolves.toMatchObject({ outputs: { port: 25061 } });
        const plan = await cache({ variant: "existing", host, range: "10.9.0.0/20" }, "staging", {});
        expect(JSON.stringify(plan.resources)).toContain("10.9.0.0/20");
    });

    test.each([
        ["production", 2],
        ["staging", 1],
        ["ephemeral", 1],
    ] as const)("%s: %i servers, unless said otherwise (R58)", async (kind, nodes) => {
        expect(only(await database(created, kind), "DatabaseCluster").props["nodeCount"]).toBe(nodes);
        expect(only(await database({ ...created, nodes: 3 }, kind), "DatabaseCluster").props["nodeCount"]).toBe(3);
        expect(only(await cache(createdCache, kind), "DatabaseCluster").props["nodeCount"]).toBe(nodes);
        const smallest = { ...createdCache, size: "db-s-1vcpu-1gb" };
        expect(only(await cache(smallest, kind), "DatabaseCluster").props["nodeCount"]).toBe(1);
    });

    test("the certificate of files' own domain waits for the zone that it is in", async () => {
        const plan = await record(async () => {
            const platform = await createDigitalOceanPlatform(
                resolveDigitalOceanPlatform(
                    digitalOceanPlatform.parse({
                        variant: "digitalocean",
                        network: { variant: "create", range: "10.110.0.0/20" },
                        cluster: {
                            variant: "existing",
                            id: "4de7ac8b-495b-4884-9a69-1050c6793cd6",
                            name: "main",
                            endpoint: "https://main.k8s.ondigitalocean.com",
                            ca: "LS0tLS1CRUdJTg==",
                        },
                        dns: { variant: "create", domain: "shop.example.org", hostRecords: false },
                        gateway: { variant: "none" },
                        certificates: { variant: "none" },
                    }),
                    "production",
                ),
                { instance: "shop-production", data: "protected", clouds: clouds() },
            );
            const settings = (domain: string) =>
                resolveSpaces(
                    spacesAssets.parse({ variant: "spaces", buckets: { variant: "create", cdn: { domain } } }),
                    { digitalocean: { region: "fra1" } },
                );
            await createSpacesAssets(entry("assets", settings("static.shop.example.org")), context(platform));
            await createSpacesAssets(entry("other-assets", settings("static.example.net")), context(platform));
            return {};
        });
        const zone = only(plan, "Domain").urn;
        const assets = (name: string) =>
            plan.resources.find((resource) => resource.type.endsWith(":Spaces") && resource.name === name)!;
        expect(assets("assets").dependencies).toContain(zone);
        expect(assets("other-assets").dependencies).not.toContain(zone);
    });

    test("files are in the stack's region, or in another", async () => {
        const assets = (changes: object) =>
            record(async () => {
                const settings = spacesAssets.parse({ variant: "spaces", ...changes });
                const store = resolveSpaces(settings, { digitalocean: { region: "fra1" } });
                const { buckets } = await createSpacesAssets(entry("assets", store), context(here));
                return { region: buckets.region };
            });
        expect((await assets({})).outputs["region"]).toBe("fra1");
        expect((await assets({ region: "ams3" })).outputs["region"]).toBe("ams3");
    });
});
