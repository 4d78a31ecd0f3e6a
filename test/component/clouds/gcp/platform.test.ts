// The parts of a platform together: what waits for what, and so what goes first. Does not prove that Google keeps that order.
import { describe, expect, test } from "vitest";
import { gcpPlatform } from "../../../../settings/clouds/gcp/platform.ts";
import { createGcpPlatform } from "../../../../stacks/clouds/gcp/platform.ts";
import { gcpProvider } from "../../../../stacks/clouds/gcp/provider.ts";
import type { PlatformContext } from "../../../../stacks/context.ts";
import type { Platform } from "../../../../stacks/platform/contract.ts";
import type { Plan, PlannedResource } from "../../../../commands/plan/plan.ts";
import { recordPlan } from "../../../../commands/plan/recorder.ts";
import { remembered } from "../../../support/remembered.ts";

const smallest = {
    variant: "gcp",
    cluster: {
        variant: "create",
        nodes: { variant: "pools", pools: { general: { max: 5 } } },
        apiAccess: { cidrs: ["203.0.113.0/24"] },
    },
};

const account = { project: "shop-project", region: "europe-west1" };

const record = remembered(
    async (
        changes: object = {},
        context: Partial<PlatformContext> = {},
        look: (platform: Platform) => Record<string, unknown> = () => ({}),
    ): Promise<Plan> => {
        const options = { project: "test", stack: "test", config: {}, secretKeys: [] };
        return recordPlan(options, async () => {
            const provider = gcpProvider(account, { environment: "staging", "managed-by": "pulumi" });
            const clouds = {
                provider: () => Promise.resolve(provider),
                settings: () => account,
            } as unknown as PlatformContext["clouds"];
            const settings = gcpPlatform.parse({ ...smallest, ...changes });
            const defaults = { instance: "shop-staging", kind: "staging", data: "kept", secrets: {} } as const;
            const platform = await createGcpPlatform(settings, { ...defaults, ...context, clouds });
            return look(platform);
        });
    },
);

const byName = (plan: Plan, name: string): PlannedResource =>
    plan.resources.find((resource) => resource.name === name)!;

/** Everything that has to be there before it, through its component and its provider. */
function before(plan: Plan, resource: PlannedResource): ReadonlySet<string> {
    const all = new Map(plan.resources.map((one) => [one.urn, one]));
    const found = new Set<string>();
    const visit = ({ dependencies, parent, provider }: PlannedResource): void => {
        const its = [parent, provider?.split("::").slice(0, -1).join("::")].filter((urn) => urn !== undefined);
        for (const urn of [...dependencies, ...its]) {
            const next = all.get(urn);
            if (next !== undefined && !found.has(next.name)) {
                found.add(next.name);
                visit(next);
            }
        }
    };
    visit(resource);
    return found;
}

test("the provider works in one project, marks what it makes, and has no credential", async () => {
    const plan = await record();
    expect(byName(plan, "gcp").props).toEqual({
        project: "shop-project",
        region: "europe-west1",
        // A provider's inputs are text.
        defaultLabels: JSON.stringify({ environment: "staging", "managed-by": "pulumi" }),
    });
});

test("everything is on the cloud's own provider (R76)", async () => {
    const plan = await record({
        dns: { variant: "create", domain: "example.org" },
        registry: { variant: "create" },
        logs: { days: 90 },
    });
    const made = plan.resources.filter(({ type }) => type.startsWith("gcp:"));
    expect(made.length).toBeGreaterThan(30);
    for (const { provider, parent, urn } of made) {
        expect(provider, urn).toContain("pulumi:providers:gcp::gcp::");
        expect(parent, urn).toContain("django-on-kubernetes:");
    }
});

describe("the order", () => {
    test("nothing is made before its API is enabled", async () => {
        const plan = await record();
        for (const resource of plan.resources.filter(
            ({ type }) => type.startsWith("gcp:") && !type.startsWith("gcp:projects/service:"),
        )) {
            expect(before(plan, resource), resource.name).toContain("apis-container");
        }
    });

    test("what is on the cluster waits for nodes and the way out, so that it goes before them (R72)", async () => {
        const plan = await record();
        const waits = before(plan, byName(plan, "kubernetes"));
        for (const name of [
            "cluster-general",
            "cluster-cluster",
            "vpc-nat",
            "vpc-nodes",
            "vpc-network",
            "cluster-agent-key",
            "keys-database",
        ]) {
            expect(waits).toContain(name);
        }
    });

    test("nodes go before the cluster, the cluster before the way out and the peering, those before the network", async () => {
        const plan = await record();
        expect(before(plan, byName(plan, "cluster-general"))).toContain("cluster-cluster");
        for (const name of ["vpc-nodes", "vpc-nat", "vpc-peering"]) {
            expect(before(plan, byName(plan, "cluster-cluster"))).toContain(name);
        }
        expect(before(plan, byName(plan, "vpc-peering"))).toContain("vpc-network");
    });
});

test("offers what environments and stores need", async () => {
    const plan = await record({}, {}, (platform) => ({
        connection: platform.connection.clusterIdentifier,
        kubeconfig: platform.connection.kubeconfig,
        networkPolicy: platform.networkPolicy,
        storageClass: platform.storageClass,
        gateway: platform.gateway,
        vpc: platform.vpc?.cloud,
        zone: platform.zone,
        registry: platform.registry,
        secretsProvider: platform.secretsProvider,
    }));
    expect(plan.outputs).toMatchObject({
        connection: "gke_shop-project_europe-west1_shop-staging",
        networkPolicy: { enforced: true },
        storageClass: "standard-rwo",
        gateway: {
            kind: "gke",
            from: { namespaces: [], cidrs: ["130.211.0.0/22", "35.191.0.0/16"] },
            requestLogSampling: 1,
        },
        vpc: "gcp",
        secretsProvider: expect.stringMatching(/^gcpkms:\/\//) as string,
    });
    expect(byName(plan, "kubernetes").props).toMatchObject({
        clusterIdentifier: "gke_shop-project_europe-west1_shop-staging",
        enableServerSideApply: "true",
    });
});

test("a zone and a registry, with the nodes among its readers", async () => {
    const plan = await record(
        { dns: { variant: "create", domain: "example.org" }, registry: { variant: "create" } },
        {},
        (platform) => ({
            zone: platform.zone?.domain,
            prefix: platform.registry?.prefix,
        }),
    );
    expect(plan.outputs).toEqual({
        zone: "example.org",
        prefix: "europe-west1-docker.pkg.dev/shop-project/shop-staging",
    });
    expect(plan.resources.map(({ name }) => name)).toContain("registry-reader-nodes");
});

describe("what is adopted and a new cluster", () => {
    const prefix = "europe-docker.pkg.dev/tools/images";

    test("its nodes are let to the registry: their account was not there before", async () => {
        const plan = await record({ registry: { variant: "existing", prefix } });
        expect(byName(plan, "registry-reader-nodes").props).toMatchObject({
            project: "tools",
            location: "europe",
            repository: "images",
            role: "roles/artifactregistry.reader",
        });
        expect(byName(plan, "registry-reader-nodes").parent).toContain("django-on-kubernetes:");
    });

    test.each([
        ["they are let in already", { variant: "existing", prefix, admitNodes: false }],
        ["it is not Google's", { variant: "existing", prefix: "ghcr.io/acme/images" }],
    ])("but not where %s", async (_, registry) => {
        const plan = await record({ registry });
        expect(byName(plan, "registry-reader-nodes")).toBeUndefined();
    });

    test("nobody is let to a key that is there already", async () => {
        const database = "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k";
        const plan = await record({ keys: { variant: "existing", database } });
        expect(byName(plan, "cluster-cluster").props).toMatchObject({ databaseEncryption: { keyName: database } });
        expect(byName(plan, "cluster-agent-key")).toBeUndefined();
        expect(byName(await record(), "cluster-agent-key")).toBeDefined();
    });
});

test("logs are kept as long as is said, or as the project has it", async () => {
    const kept = await record({ logs: { days: 90 } });
    const bucket = { project: "shop-project", location: "global", bucketId: "_Default", retentionDays: 90 };
    expect(byName(kept, "logs-default").props).toMatchObject(bucket);
    expect(byName(await record(), "logs-default")).toBeUndefined();
});

test("all of it may be there already: then only what reaches it is made", async () => {
    const plan = await record(
        {
            apis: { variant: "none" },
            network: {
                variant: "existing",
                network: "projects/host/global/networks/main",
                subnetwork: "projects/host/regions/europe-west1/subnetworks/main",
                podsRange: "pods",
                servicesRange: "services",
            },
            cluster: {
                variant: "existing",
                location: "europe-west1",
                name: "main",
                endpoint: "192.0.2.1",
                caCertificate: "Q0E".repeat(40),
                enforcesNetworkPolicy: true,
            },
            keys: { variant: "existing", stackSecrets: "projects/p/locations/l/keyRings/r/cryptoKeys/k" },
            dns: { variant: "existing", domain: "example.org", managedZone: "example-org" },
            registry: { variant: "existing", prefix: "europe-docker.pkg.dev/tools/images" },
        },
        {},
        ({ zone, registry, secretsProvider }) => ({ zone: zone?.id, prefix: registry?.prefix, secretsProvider }),
    );
    expect(
        plan.resources
            .filter(({ custom }) => custom)
            .map(({ name }) => name)
            .sort(),
    ).toEqual(["gcp", "kubernetes"]);
    expect(plan.outputs).toEqual({
        zone: "example-org",
        prefix: "europe-docker.pkg.dev/tools/images",
        secretsProvider: "gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k",
    });
});

test("production: key, zone and cluster are protected (R67)", async () => {
    const plan = await record({ dns: { variant: "create", domain: "example.org" } }, { data: "protected" });
    for (const name of ["keys-database", "keys-stack-secrets", "zone-zone", "cluster-cluster"]) {
        expect(byName(plan, name).protect, name).toBe(true);
    }
});
