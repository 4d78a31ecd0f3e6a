// Google Cloud's stores beside a cluster that exists, and so is not Google Cloud's, and on GKE: all keep every mandatory rule.
// Does not prove every combination with GKE, nor that Google Cloud accepts what is planned.
import { describe, expect, test } from "vitest";
import type { Plan } from "../../../commands/plan/plan.ts";
import { budgetsOf } from "../../../policy/connections/budget.ts";
import { viewOf } from "../../../policy/plan-view.ts";
import { broken, changed, planOf, type Committed, type Secrets, type Sections } from "../support/plans.ts";

const network = "projects/acme-shop/global/networks/main";
const ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const sql = { variant: "create", version: "17", tier: "db-custom-2-7680", storage: "20Gi", network };
const files = { variant: "cloud-storage", static: { variant: "create", host: "static.shop.example.org" } };

interface Variant {
    readonly sections: Sections;
    readonly secrets?: Secrets;
    /** Types that show that the variant is what it says. */
    readonly makes: readonly string[];
}

const variants: Record<string, Variant> = {
    "Cloud SQL": {
        sections: { database: { variant: "cloud-sql", server: sql } },
        makes: ["gcp:sql/databaseInstance:DatabaseInstance", "gcp:sql/database:Database", "gcp:sql/user:User"],
    },
    "an instance of Cloud SQL that is there": {
        sections: {
            database: {
                variant: "cloud-sql",
                server: { variant: "existing", name: "main", address: "10.20.0.3", ca, maxConnections: 400 },
            },
        },
        makes: ["gcp:sql/database:Database", "gcp:sql/user:User"],
    },
    "Cloud SQL with a read replica, and without maintenance for a season": {
        sections: {
            database: {
                variant: "cloud-sql",
                server: { ...sql, readReplica: true, maintenance: { denied: { from: "11-20", to: "12-02" } } },
            },
        },
        makes: ["gcp:sql/databaseInstance:DatabaseInstance"],
    },
    Memorystore: {
        sections: { cache: { variant: "memorystore", server: { variant: "create", memory: 5, replicas: 1, network } } },
        makes: ["gcp:redis/instance:Instance"],
    },
    "an instance of Memorystore that is there": {
        sections: { cache: { variant: "memorystore", server: { variant: "existing", address: "10.20.0.8", ca } } },
        secrets: { cachePassword: "auth-string" },
        makes: [],
    },
    "Cloud Storage by a key": {
        sections: { assets: files },
        makes: ["gcp:storage/bucket:Bucket", "gcp:storage/hmacKey:HmacKey", "gcp:compute/backendBucket:BackendBucket"],
    },
    "Cloud Storage by Workload Identity, for a GKE cluster that is there": {
        sections: { assets: { ...files, access: { variant: "workload-identity", pool: "acme-gke.svc.id.goog" } } },
        makes: ["gcp:storage/bucket:Bucket", "gcp:serviceaccount/iAMMember:IAMMember"],
    },
    "buckets that are there": {
        sections: {
            assets: {
                variant: "cloud-storage",
                static: { variant: "existing", bucket: "acme-static", url: "https://static.example.org/" },
                media: { variant: "existing", bucket: "acme-media" },
            },
        },
        makes: ["gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:storage/hmacKey:HmacKey"],
    },
    "all three": {
        sections: {
            database: { variant: "cloud-sql", server: sql },
            cache: { variant: "memorystore", server: { variant: "create", network } },
            assets: files,
        },
        makes: [
            "gcp:sql/databaseInstance:DatabaseInstance",
            "gcp:redis/instance:Instance",
            "gcp:storage/bucket:Bucket",
        ],
    },
};

const plan = async (stack: Committed, { sections, secrets }: Variant, preview: boolean): Promise<Plan> => {
    const whole = await changed(stack, (given) => {
        Object.assign(
            given,
            { clouds: { ...given["clouds"], gcp: { project: "acme-shop", region: "europe-west1" } } },
            sections,
        );
        given["platform"] = {
            variant: "existing",
            context: "mine",
            enforcesNetworkPolicy: true,
            gateway: { className: "traefik" },
            issuer: { name: "letsencrypt" },
        };
    });
    return await planOf(whole, { preview, ...(secrets && { secrets }) });
};

describe("beside an existing cluster", () => {
    describe.each(Object.entries(variants))("%s", (_, variant) => {
        test.each([false, true])("keeps the rules in production (preview: %s)", async (preview) => {
            const planned = await plan("production", variant, preview);
            expect(planned.resources.map(({ type }) => type)).toEqual(expect.arrayContaining([...variant.makes]));
            expect(broken(planned)).toEqual([]);
        });
    });

    test("counts a read replica's connections by themselves", async () => {
        const variant = variants["Cloud SQL with a read replica, and without maintenance for a season"]!;
        for (const preview of [false, true]) {
            const planned = await plan("production", variant, preview);
            const budgets = budgetsOf(viewOf(planned));
            expect(budgets.map(({ name, kind, limit }) => [name, kind, limit])).toEqual([
                ["database", "cloud-sql", 400],
                ["database-replica", "cloud-sql", 400],
            ]);
            expect(budgets[1]!.resource.name).toBe("database-replica");
            expect(budgets[1]!.sum).toBe(budgets[0]!.sum);
        }
    });

    test("keeps the rules in staging", async () => {
        expect(broken(await plan("staging", variants["all three"]!, false))).toEqual([]);
    });
});

describe.each(["staging", "production", "ephemeral"] as const)("%s on GKE", (kind) => {
    const onGke = async (preview: boolean): Promise<Plan> => {
        const whole = await changed(kind === "production" ? "production" : "staging", (given) => {
            given["environment"] = { ...given["environment"], kind };
            given["clouds"] = { gcp: { project: "acme-shop", region: "europe-west1" } };
            given["platform"] = {
                variant: "gcp",
                cluster: { variant: "create", nodes: { variant: "autopilot" }, apiAccess: { endpoint: "dns" } },
                dns: { variant: "create", domain: "shop.example.org" },
            };
            const { network: _, ...server } = sql;
            Object.assign(given, {
                database: { variant: "cloud-sql", server },
                cache: { variant: "memorystore", server: { variant: "create" } },
                assets: files,
            });
        });
        return await planOf(whole, { preview });
    };

    test.each([false, true])("keeps the rules (preview: %s)", async (preview) => {
        expect(broken(await onGke(preview))).toEqual([]);
    });

    test("wires them to the platform's network, zone and pods", async () => {
        const { resources } = await onGke(false);
        const only = (type: string, name: string) =>
            resources.find((resource) => resource.type === type && resource.name === name)!;
        const peering = resources.find(({ type }) => type === "gcp:servicenetworking/connection:Connection")!;
        const network = resources.find(({ type }) => type === "gcp:compute/network:Network")!;
        const instance = only("gcp:sql/databaseInstance:DatabaseInstance", "database-instance");
        expect(instance.dependencies).toEqual(expect.arrayContaining([peering.urn, network.urn]));
        expect(only("gcp:redis/instance:Instance", "cache-redis").dependencies).toEqual(
            expect.arrayContaining([peering.urn, network.urn]),
        );
        expect(only("gcp:dns/recordSet:RecordSet", "assets-record").dependencies).toContain(
            resources.find(({ type }) => type === "gcp:dns/managedZone:ManagedZone")!.urn,
        );
        expect(resources.filter(({ type }) => type === "gcp:storage/hmacKey:HmacKey")).toEqual([]);
        const binding = only("gcp:serviceaccount/iAMMember:IAMMember", "assets-app-user-shop");
        expect(binding.props["member"]).toMatch(/^serviceAccount:acme-shop\.svc\.id\.goog\[[a-z0-9-]+\/shop\]$/);
        expect(binding.dependencies).toContain(
            resources.find(({ type }) => type === "gcp:container/cluster:Cluster")!.urn,
        );
        const account = resources.find(
            ({ type, name }) => type === "kubernetes:core/v1:ServiceAccount" && name === "shop-account",
        )!;
        expect(account.props["metadata"].annotations["iam.gke.io/gcp-service-account"]).toMatch(
            /@acme-shop\.iam\.gserviceaccount\.com$/,
        );
    });
});
