// An environment in Google Cloud: what settings of the platform and of stores reach which resource, and what stores learn of the
// platform.
// Does not prove that Google accepts it: a project does.
import { describe, expect, it } from "vitest";
import { clouds, onGcp } from "../support/clouds.ts";
import {
    environmentOf,
    inCluster,
    secret,
    secretData,
    secretsOf,
    shop,
    stackOf,
    type Change,
    type Stack,
    waitsFor,
} from "../support/stack.ts";

const cloudSql = {
    variant: "cloud-sql",
    server: { variant: "create", version: "17", tier: "db-custom-1-3840", storage: "10Gi" },
};
const memorystore = { variant: "memorystore", server: { variant: "create" } };
const cloudStorage = { variant: "cloud-storage", static: { variant: "create", host: "static.shop.example.org" } };
const stores: readonly Change[] = [
    ["database", cloudSql],
    ["cache", memorystore],
    ["assets", cloudStorage],
];
const full = () =>
    stackOf(onGcp(...stores, ["lends.domain", "preview.shop.example.org"], ["exposure.requestTimeout", 77]), {
        secrets: { databasePassword: "given-sql-password" },
    });

const provider = ({ resources }: Stack, name: string) =>
    resources.find(({ type }) => type === `pulumi:providers:${name}`)!;
const waited = (stack: Stack, kind: string, name: string) => waitsFor(stack, stack.get(kind, name));
const pem = "-----BEGIN CERTIFICATE-----\nown\n-----END CERTIFICATE-----";
const key = "projects/p/locations/europe-west1/keyRings/r/cryptoKeys/k";

describe("the platform with everything", () => {
    it("is in the project and the region that are set, and marks what it makes", async () => {
        expect(provider(await full(), "gcp").props).toMatchObject({
            project: "example-shop",
            region: "europe-west1",
            defaultLabels: '{"environment":"shop-test","managed-by":"pulumi"}',
        });
        expect(
            (await full()).all("Service").filter(({ props }) => props["service"] === "pubsub.googleapis.com"),
        ).toHaveLength(1);
    });

    it("has the network that is set", async () => {
        const stack = await full();
        expect(stack.get("Network", "vpc-network").props).toMatchObject({ description: "n" });
        expect(stack.get("Subnetwork", "vpc-nodes").props).toMatchObject({
            description: "s",
            region: "europe-west1",
            ipCidrRange: "10.10.0.0/20",
            secondaryIpRanges: [{ ipCidrRange: "10.12.0.0/14" }, { ipCidrRange: "10.16.0.0/20" }],
            logConfig: { flowSampling: 0.3 },
        });
        expect(stack.get("GlobalAddress", "vpc-private-services").props).toMatchObject({
            address: "10.17.0.0",
            prefixLength: 16,
        });
        expect(stack.get("RouterNat", "vpc-nat").props).toMatchObject({ minPortsPerVm: 99 });
        stack.get("Address", "vpc-outgoing-one");
    });

    it("has the cluster that is set, in that network, with that key", async () => {
        const stack = await full();
        const { props } = stack.get("Cluster", "cluster-cluster");
        expect(props).toMatchObject({
            name: "shop-test",
            description: "c",
            location: "europe-west1-b",
            network: expect.stringMatching(/networks\/vpc-network/) as string,
            subnetwork: expect.stringMatching(/subnetworks\/vpc-nodes/) as string,
            releaseChannel: { channel: "STABLE" },
            masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "203.0.113.0/24" }] },
            databaseEncryption: { keyName: expect.stringMatching(/cryptoKeys\/keys-database/) as string },
        });
        // The cluster's own agent uses the key.
        stack.get("CryptoKeyIAMMember", "cluster-agent-key");
        expect(stack.get("NodePool", "cluster-general").props).toMatchObject({
            nodeLocations: ["europe-west1-c"],
            nodeDrainConfigs: [],
            autoscaling: { totalMaxNodeCount: 3 },
        });
        expect(stack.get("NodePool", "cluster-other").props).toMatchObject({
            nodeConfig: { machineType: "t2a-standard-2", taintConfig: { architectureTaintBehavior: "NONE" } },
        });
        expect(stack.get("NodePool", "cluster-other").props).not.toHaveProperty("nodeLocations");
        expect(stack.get("NodePool", "cluster-other").props).not.toHaveProperty("nodeDrainConfigs");
        expect(waited(stack, "Cluster", "cluster-cluster")).toEqual(expect.arrayContaining(["vpc-nat", "vpc-peering"]));
    });

    it("has the zone, the registry, the keys and the logs that are set", async () => {
        const stack = await full();
        expect(stack.get("ManagedZone", "zone-zone").props).toMatchObject({
            dnsName: "shop.example.org.",
            description: "z",
        });
        expect(stack.get("RecordSet", "zone-authorities").props).toMatchObject({
            rrdatas: ['0 issue "pki.goog"', '0 issue "letsencrypt.org"'],
        });
        expect(stack.get("RecordSet", "zone-delegation").props).toMatchObject({
            project: "example-shop-zones",
            managedZone: "example-org",
            name: "shop.example.org.",
            type: "NS",
        });
        // Nothing is certified by records that nobody finds yet.
        expect(waited(stack, "GkeGateway", "edge")).toContain("zone-delegation");
        expect(waited(stack, "CloudStorage", "assets")).toContain("zone-delegation");
        expect(stack.get("Repository", "registry-repository").props).toMatchObject({
            description: "r",
            location: "europe-west1",
            cleanupPolicies: [{ condition: { olderThan: "950400s" } }, { mostRecentVersions: { keepCount: 22 } }],
        });
        const member = (name: string) => stack.get("RepositoryIamMember", name).props["member"] as unknown;
        expect(member("registry-reader-ci")).toBe("serviceAccount:r@p.iam.gserviceaccount.com");
        expect(member("registry-writer-ci")).toBe("serviceAccount:w@p.iam.gserviceaccount.com");
        expect(member("registry-reader-nodes")).toBe(
            "serviceAccount:shop-test-nodes@example-shop.iam.gserviceaccount.com",
        );
        expect(stack.get("CryptoKey", "keys-database").props).toMatchObject({
            rotationPeriod: "2851200s",
            destroyScheduledDuration: "1s",
        });
        expect(stack.get("KeyRing", "keys-ring").props).toMatchObject({ location: "europe-west1" });
        expect(stack.get("ProjectBucketConfig", "logs-default").props).toMatchObject({
            project: "example-shop",
            retentionDays: 44,
        });
    });

    it("tells the environment how it is reached, and is told on to others", async () => {
        const stack = await full();
        const identifier = "gke_example-shop_europe-west1-b_shop-test";
        const { kubeconfig, ...connection } = provider(stack, "kubernetes").props;
        expect(connection).toEqual({ clusterIdentifier: identifier, enableServerSideApply: "true" });
        expect(stack.outputs["platform"]).toEqual({
            connection: { clusterIdentifier: identifier, kubeconfig },
            networkPolicy: { enforced: true },
            storageClass: "premium-rwo",
            webFrom: { namespaces: [], cidrs: ["130.211.0.0/22", "35.191.0.0/16"] },
            webDrain: 30,
        });
        expect(stack.outputs["lends"]).toMatchObject({
            gateway: { section: "https-lent", controller: "gke", domain: "preview.shop.example.org" },
        });
        expect(stack.outputs["nameServers"]).toHaveLength(4);
        expect(stack.outputs["registry"]).toBe("europe-west1-docker.pkg.dev/example-shop/shop-test");
        expect(stack.outputs["secretsProvider"]).toMatch(/^gcpkms:\/\/projects\/example-shop\/.*keys-stack-secrets/);
        const ready = waited(stack, "Namespace", "namespace");
        expect(ready).toEqual(expect.arrayContaining(["cluster-general", "cluster-other"]));
        expect(waitsFor(stack, provider(stack, "kubernetes"))).toEqual(expect.arrayContaining(["cluster-general"]));
    });
});

describe("the environment on it", () => {
    it("is let in by Google's front ends alone, and drains as long as that takes", async () => {
        const stack = await full();
        for (const app of ["shop", "blog"]) {
            expect(stack.get("NetworkPolicy", `${app}-web-from-gateway`).props["spec"]).toMatchObject({
                ingress: [{ from: [{ ipBlock: { cidr: "130.211.0.0/22" } }, { ipBlock: { cidr: "35.191.0.0/16" } }] }],
            });
            expect(JSON.stringify(stack.get("Deployment", `${app}-web`).props)).toContain(
                '"preStop":{"sleep":{"seconds":30}}',
            );
        }
        expect((stack.outputs["apps"] as { shop: unknown }).shop).toMatchObject({ url: "https://shop.example.org" });
    });

    it("has a Gateway with certificates and records for all names, and the behaviour that is set", async () => {
        const stack = await full();
        expect(
            stack
                .all("CertificateMapEntry")
                .filter(({ name }) => name.startsWith("edge"))
                .map(({ props }) => props["hostname"] as string)
                .toSorted(),
        ).toEqual(["*.preview.shop.example.org", "blog.shop.example.org", "shop.example.org"]);
        expect(stack.get("RecordSet", "edge-record-*.preview.shop.example.org").props["managedZone"]).toMatch(
            /^zone-zone/,
        );
        expect(stack.get("Gateway", "edge-gateway").props["spec"]).toMatchObject({ fromNative: 1 });
        expect(stack.get("GCPBackendPolicy", "edge-backend").props["spec"]).toMatchObject({
            default: { fromNative: 2, timeoutSec: 77, logging: { sampleRate: 500_000 } },
            targetRef: { name: "shop-web" },
        });
        expect(JSON.stringify(stack.get("HealthCheckPolicy", "edge-health-blog").props)).toContain(
            '"requestPath":"/healthz/ready"',
        );
        expect(stack.outputs["dnsRecords"]).toBeUndefined();
    });

    it("has its database and cache in the platform's network, after its peering, with its password", async () => {
        const stack = await full();
        const network = stack.get("Subnetwork", "vpc-nodes").props["network"] as string;
        expect(stack.get("DatabaseInstance", "database-instance").props).toMatchObject({
            databaseVersion: "POSTGRES_17",
            region: "europe-west1",
            settings: { ipConfiguration: { privateNetwork: network } },
        });
        expect(stack.get("Database", "database-database").props).toMatchObject({ name: "shop" });
        const { props } = stack.get("User", "database-owner");
        expect(props["name"]).toBe("shop");
        expect(secret(props["password"])).toBe("given-sql-password");
        expect(secretsOf(stack, "shop")["DJANGO_APP_DB_PASSWORD"]).toBe("given-sql-password");
        expect(stack.get("Instance", "cache-redis").props).toMatchObject({
            authorizedNetwork: network,
            region: "europe-west1",
        });
        expect(waited(stack, "DatabaseInstance", "database-instance")).toContain("vpc-peering");
        expect(waited(stack, "Instance", "cache-redis")).toContain("vpc-peering");
    });

    it("has buckets that its pods, and no other, reach by their own identity", async () => {
        const stack = await full();
        for (const app of ["shop", "blog"]) {
            expect(stack.get("IAMMember", `assets-app-user-${app}`).props["member"]).toBe(
                `serviceAccount:example-shop.svc.id.goog[shop-test/${app}]`,
            );
        }
        // The metadata servers that hand out their credentials.
        expect(JSON.stringify(stack.get("NetworkPolicy", "shop-to-outside").props)).toContain("169.254.169.254/32");
        expect(stack.get("Bucket", "assets-static").props).toMatchObject({
            location: "EUROPE-WEST1",
            cors: [{ origins: ["https://shop.example.org", "https://blog.shop.example.org"] }],
        });
        expect(stack.get("RecordSet", "assets-authorization-record").props["managedZone"]).toMatch(/^zone-zone/);
        expect(environmentOf(stack, "blog")).toMatchObject({ DJANGO_APP_STORAGE_PREFIX: "blog/" });
        // As soon as there is a workload pool: the nodes' minutes are those that the right needs (R83).
        const first = waited(stack, "IAMMember", "assets-app-user-shop");
        expect(first).toContain("cluster-cluster");
        expect(first).not.toContain("cluster-general");
    });
});

describe("stores with settings of their own", () => {
    const network = "projects/example-shop/global/networks/shared";
    const own: readonly Change[] = [
        [
            "database",
            {
                variant: "cloud-sql",
                server: { ...cloudSql.server, network, encryptionKey: key, native: { maintenanceVersion: "own" } },
            },
        ],
        ["cache", { variant: "memorystore", server: { variant: "create", network, native: { displayName: "own" } } }],
        [
            "assets",
            {
                ...cloudStorage,
                location: "EU",
                versionDays: 5,
                encryptionKey: "projects/p/locations/europe/keyRings/r/cryptoKeys/k",
                native: {
                    staticBucket: { labels: { of: "static" } },
                    mediaBucket: { labels: { of: "media" } },
                    backendBucket: { description: "own" },
                },
            },
        ],
    ];

    it("have these, beside any cluster, and their pods have keys instead of an identity", async () => {
        const stack = await stackOf(inCluster(["clouds", clouds], ...own));
        expect(stack.get("DatabaseInstance", "database-instance").props).toMatchObject({
            maintenanceVersion: "own",
            encryptionKeyName: key,
            settings: { ipConfiguration: { privateNetwork: network } },
        });
        expect(stack.get("Instance", "cache-redis").props).toMatchObject({
            authorizedNetwork: network,
            displayName: "own",
        });
        expect(stack.get("Bucket", "assets-static").props).toMatchObject({
            location: "EU",
            labels: { of: "static" },
            encryption: { defaultKmsKeyName: "projects/p/locations/europe/keyRings/r/cryptoKeys/k" },
            lifecycleRules: [{}, { condition: { daysSinceNoncurrentTime: 5 } }],
        });
        expect(stack.get("Bucket", "assets-media").props).toMatchObject({ labels: { of: "media" } });
        expect(stack.get("BackendBucket", "assets-backend").props).toMatchObject({ description: "own" });
        expect(stack.all("HmacKey").map(({ name }) => name)).toEqual(["assets-app-key", "assets-collectstatic-key"]);
        expect(Object.keys(secretsOf(stack, "shop"))).toContain("AWS_SECRET_ACCESS_KEY");
        expect(JSON.stringify(stack.get("NetworkPolicy", "shop-to-outside").props)).not.toContain("169.254.169.254/32");
        // Outside of Google Cloud there is no zone of it.
        expect(stack.all("RecordSet")).toEqual([]);
        expect(stack.outputs["platform"]).not.toHaveProperty("webDrain");
    });

    it("reach buckets as the account that is set", async () => {
        const account = "shop@example-shop.iam.gserviceaccount.com";
        const stack = await stackOf(
            inCluster(
                ["clouds", clouds],
                ["assets", { ...cloudStorage, access: { variant: "existing", serviceAccount: account } }],
            ),
        );
        expect(stack.get("BucketIAMMember", "assets-app-media").props["member"]).toBe(`serviceAccount:${account}`);
        expect(stack.get("ServiceAccount", "shop-account").props["metadata"]).toMatchObject({
            annotations: { "iam.gke.io/gcp-service-account": account },
        });
        expect(JSON.stringify(stack.get("NetworkPolicy", "shop-to-outside").props)).toContain("169.254.169.254/32");
        // Beside it one is made for the job that writes static files.
        expect(stack.get("BucketIAMMember", "assets-app-static").props["role"]).toBe("roles/storage.objectViewer");
        expect(stack.get("IAMMember", "assets-collectstatic-user-shop-collectstatic").props["member"]).toBe(
            "serviceAccount:example-shop.svc.id.goog[shop-test/shop-collectstatic]",
        );
    });

    it("reach buckets as the two accounts that are set, and none is made", async () => {
        const account = (name: string) => `${name}@example-shop.iam.gserviceaccount.com`;
        const access = {
            variant: "existing",
            serviceAccount: account("shop"),
            staticServiceAccount: account("static"),
        };
        const stack = await stackOf(inCluster(["clouds", clouds], ["assets", { ...cloudStorage, access }]));
        expect(stack.all("Account")).toEqual([]);
        expect(stack.get("BucketIAMMember", "assets-collectstatic-static").props).toMatchObject({
            role: "roles/storage.objectUser",
            member: `serviceAccount:${account("static")}`,
        });
        expect(stack.get("ServiceAccount", "shop-collectstatic-account").props["metadata"]).toMatchObject({
            name: "shop-collectstatic",
            annotations: { "iam.gke.io/gcp-service-account": account("static") },
        });
    });

    it("reach buckets by the workload pool that is set", async () => {
        const access = { variant: "workload-identity", pool: "fleet.svc.id.goog" };
        const stack = await stackOf(inCluster(["clouds", clouds], ["assets", { ...cloudStorage, access }]));
        expect(stack.get("IAMMember", "assets-app-user-shop").props["member"]).toBe(
            "serviceAccount:fleet.svc.id.goog[shop-test/shop]",
        );
        expect(stack.all("HmacKey")).toEqual([]);
    });

    it("that are there are reached with the passwords that are given", async () => {
        const stack = await stackOf(
            onGcp(
                [
                    "database",
                    {
                        variant: "cloud-sql",
                        server: {
                            variant: "existing",
                            name: "main",
                            address: "10.50.0.3",
                            ca: pem,
                            maxConnections: 500,
                        },
                    },
                ],
                ["cache", { variant: "memorystore", server: { variant: "existing", address: "10.50.0.4", ca: pem } }],
            ),
            { secrets: { cachePassword: "given-redis-password", databasePassword: "given-sql-password" } },
        );
        expect(stack.get("User", "database-owner").props).toMatchObject({ instance: "main", name: "shop" });
        expect(secret(stack.get("User", "database-owner").props["password"])).toBe("given-sql-password");
        expect(stack.get("EndpointSlice", "database-endpoint").props).toMatchObject({
            endpoints: [{ addresses: ["10.50.0.3"] }],
        });
        expect(stack.get("EndpointSlice", "cache-endpoint").props).toMatchObject({
            endpoints: [{ addresses: ["10.50.0.4"] }],
        });
        expect(secretsOf(stack, "shop")["REDIS_URL"]).toContain("given-redis-password");
    });

    it("in a zone of their own have their records there, and a host outside of the platform's none", async () => {
        const record = async (change: Change) => {
            const stack = await stackOf(onGcp(["assets", cloudStorage], change));
            return stack.resources.find(({ name }) => name === "assets-authorization-record")?.props[
                "managedZone"
            ] as unknown;
        };
        expect(await record(["assets.static.zone", "own-zone"])).toBe("own-zone");
        expect(await record(["assets.static.host", "a.static.shop.example.org"])).toMatch(/^zone-zone/);
        expect(await record(["assets.static.host", "static.elsewhere.org"])).toBeUndefined();
        expect(await record(["assets.static.host", "othershop.example.org"])).toBeUndefined();
    });

    it("of one app are its own", async () => {
        const stack = await stackOf(
            onGcp([
                "apps[1].stores",
                {
                    database: cloudSql,
                    assets: { ...cloudStorage, static: { variant: "create", host: "static.blog.shop.example.org" } },
                },
            ]),
            {
                secrets: { apps: { blog: { databasePassword: "blogs-sql-password" } } },
            },
        );
        expect(secret(stack.get("User", "blog-database-owner").props["password"])).toBe("blogs-sql-password");
        expect(
            stack
                .all("IAMMember")
                .map(({ name }) => name)
                .filter((name) => name.includes("-user-")),
        ).toEqual(["blog-assets-app-user-blog", "blog-assets-collectstatic-user-blog-collectstatic"]);
        expect(stack.get("Bucket", "blog-assets-static").props).toMatchObject({
            cors: [{ origins: ["https://blog.shop.example.org"] }],
        });
    });
});

describe("the platform with less", () => {
    const cluster = {
        variant: "existing",
        location: "europe-west1-d",
        name: "main",
        endpoint: "gke-main.example.org",
        caCertificate: "A".repeat(100),
        storageClass: "own-class",
        enforcesNetworkPolicy: true,
    };
    const adopted = {
        variant: "gcp",
        apis: { variant: "none" },
        network: {
            variant: "existing",
            network: "projects/example-shop/global/networks/shared",
            subnetwork: "projects/example-shop/regions/europe-west1/subnetworks/shared",
            podsRange: "pods",
            servicesRange: "services",
        },
        cluster,
        keys: { variant: "existing", database: key, stackSecrets: `${key}-stack` },
        dns: { variant: "existing", domain: "shop.example.org", managedZone: "their-zone" },
        registry: { variant: "existing", prefix: "europe-west1-docker.pkg.dev/other/shared" },
    };

    it("that is there already is used as it is", async () => {
        const stack = await stackOf(onGcp(["platform", adopted], ...stores));
        const { kubeconfig } = provider(stack, "kubernetes").props;
        expect(kubeconfig).toContain("https://gke-main.example.org");
        expect(kubeconfig).toContain("A".repeat(100));
        expect(stack.outputs["platform"]).toMatchObject({
            connection: { clusterIdentifier: "gke_example-shop_europe-west1-d_main" },
            networkPolicy: { enforced: true },
            storageClass: "own-class",
        });
        expect(stack.outputs["registry"]).toBe("europe-west1-docker.pkg.dev/other/shared");
        expect(stack.outputs["secretsProvider"]).toBe(`gcpkms://${key}-stack`);
        expect(stack.outputs["nameServers"]).toEqual([]);
        expect(stack.get("DatabaseInstance", "database-instance").props).toMatchObject({
            settings: { ipConfiguration: { privateNetwork: "projects/example-shop/global/networks/shared" } },
        });
        expect(stack.get("RecordSet", "edge-record-shop.example.org").props["managedZone"]).toBe("their-zone");
        expect(stack.get("GCPBackendPolicy", "edge-backend").props["spec"]).toMatchObject({
            default: { timeoutSec: 60, logging: { sampleRate: 1_000_000 } },
        });
        for (const kind of ["Network", "Cluster", "CryptoKey", "ManagedZone", "Repository"]) {
            expect(stack.all(kind), kind).toEqual([]);
        }
    });

    it("with keys of someone else encrypts the cluster's Secrets with theirs, and admits nobody to it", async () => {
        const stack = await stackOf(onGcp(["platform.keys", { variant: "existing", database: key }]));
        expect(stack.get("Cluster", "cluster-cluster").props).toMatchObject({ databaseEncryption: { keyName: key } });
        expect(stack.all("CryptoKeyIAMMember")).toEqual([]);
        expect(stack.outputs["secretsProvider"]).toBeUndefined();
    });

    it("without keys, zone, registry, logs says nothing of them", async () => {
        const none = { variant: "none" };
        const stack = await stackOf(
            onGcp(
                ["platform.keys", none],
                ["platform.dns", none],
                ["platform.registry", none],
                ["platform.logs", undefined],
            ),
        );
        for (const output of ["registry", "nameServers", "secretsProvider"]) {
            expect(stack.outputs[output], output).toBeUndefined();
        }
        expect(JSON.stringify(stack.outputs["dnsRecords"])).toContain("shop.example.org");
        expect(stack.all("ProjectBucketConfig")).toEqual([]);
        expect(stack.get("Cluster", "cluster-cluster").props).not.toHaveProperty("databaseEncryption.keyName");
    });

    it("by Autopilot has no pools, in the whole region", async () => {
        const stack = await stackOf(
            onGcp(
                ["platform.cluster.nodes", { variant: "autopilot" }],
                ["platform.cluster.zone", undefined],
                ["platform.cluster.native", undefined],
            ),
        );
        expect(stack.get("Cluster", "cluster-cluster").props).toMatchObject({
            location: "europe-west1",
            enableAutopilot: true,
        });
        expect(stack.get("Cluster", "cluster-cluster").props).not.toHaveProperty("description");
        expect(stack.all("NodePool")).toEqual([]);
    });
});

it("an environment on another stack's GKE is let in by Google's front ends, and has that way's policies for its Services", async () => {
    const borrower = inCluster(
        ["environment.kind", "ephemeral"],
        ["platform", { variant: "stack", stack: "lender" }],
        ["exposure", { variant: "platform" }],
        ["apps", [{ ...shop, hosts: ["pr-1.preview.shop.example.org"] }]],
    );
    const stack = await stackOf(borrower, { platform: onGcp(["lends.domain", "preview.shop.example.org"]) });
    expect(stack.get("NetworkPolicy", "shop-web-from-gateway").props["spec"]).toMatchObject({
        ingress: [{ from: [{ ipBlock: { cidr: "130.211.0.0/22" } }, { ipBlock: { cidr: "35.191.0.0/16" } }] }],
    });
    expect(JSON.stringify(stack.get("Deployment", "shop-web").props)).toContain('"preStop":{"sleep":{"seconds":30}}');
    expect(stack.get("HTTPRoute", "edge-route").props["spec"]).toMatchObject({
        parentRefs: [{ namespace: "shop-lender", sectionName: "https-lent" }],
    });
    expect(stack.get("GCPBackendPolicy", "edge-backend").props["spec"]).toMatchObject({
        targetRef: { name: "shop-web" },
    });
    expect(JSON.stringify(stack.get("HealthCheckPolicy", "edge-health").props)).toContain(
        '"requestPath":"/healthz/ready"',
    );
});

it("the databases of other apps are made on Cloud SQL over TLS, by its user", async () => {
    const stack = await full();
    expect(secretData(stack.get("Secret", "blog-database-administration"))["PGPASSWORD"]).toBe("given-sql-password");
    expect(stack.get("ConfigMap", "blog-database-scripts").props["data"]).toMatchObject({
        "ca.pem": expect.stringContaining("BEGIN") as string,
    });
});

describe("CI's identity", () => {
    const ci = {
        variant: "github",
        repository: "example-org/shop",
        ids: { owner: 123456, repository: 456789 },
        push: { branches: ["main"] },
        preview: { pullRequests: true },
        deploy: { environments: ["staging"], roles: ["roles/editor"] },
        stateBucket: "example-state",
    };

    /** The platform of these tests has let in another by that name. */
    const own: readonly Change[] = [["platform.registry.writers", {}]];

    it("may push to the registry, read, and deploy, and is told to workflows", async () => {
        const stack = await stackOf(onGcp(...own, ["platform.ci", ci]));
        expect(stack.get("WorkloadIdentityPoolProvider", "ci-provider").props["attributeCondition"]).toContain(
            "assertion.repository_id == '456789'",
        );
        const identities = stack.outputs["ci"] as Record<string, string>;
        expect(Object.keys(identities)).toEqual(["provider", "push", "preview", "deploy"]);
        expect(stack.get("RepositoryIamMember", "registry-writer-ci").props).toMatchObject({
            role: "roles/artifactregistry.writer",
            member: `serviceAccount:${identities["push"]}`,
        });
        expect(stack.get("CryptoKeyIAMMember", "ci-preview-secrets").props["cryptoKeyId"]).toBe(
            (stack.outputs["secretsProvider"] as string).replace("gcpkms://", ""),
        );
        expect(stack.get("BucketIAMMember", "ci-deploy-state").props["bucket"]).toBe("example-state");
        expect(stack.all("Service").map(({ props }) => props["service"])).toContain("sts.googleapis.com");
    });

    it("waits for no cluster: its jobs may be let in as soon as the first images are to be pushed", async () => {
        const stack = await stackOf(onGcp(...own, ["platform.ci", ci]));
        for (const { name, type } of stack.resources.filter(({ parent }) => parent?.endsWith("::ci"))) {
            expect(waitsFor(stack, stack.get(type.split(":").at(-1)!, name)), name).not.toContain("cluster-cluster");
        }
    });

    it("may push to a repository that is there", async () => {
        const registry = { variant: "existing", prefix: "europe-west1-docker.pkg.dev/shared/images" };
        const stack = await stackOf(onGcp(["platform.registry", registry], ["platform.ci", ci]));
        expect(stack.get("RepositoryIamMember", "registry-writer-ci").props).toMatchObject({
            project: "shared",
            repository: "images",
            role: "roles/artifactregistry.writer",
        });
    });

    it("is nobody's unless it is named", async () => {
        const stack = await stackOf(onGcp());
        expect(stack.outputs).not.toHaveProperty("ci");
        expect(stack.all("WorkloadIdentityPool")).toEqual([]);
    });
});
