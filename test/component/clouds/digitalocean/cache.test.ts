// Does not prove that DigitalOcean accepts these arguments: that needs an account.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import {
    DigitalOceanValkey,
    type CreatedValkey,
    type DigitalOceanValkeyArgs,
} from "../../../../components/cache/digitalocean/valkey.ts";
import { expectOneFamily, placement } from "../../../support/component.ts";
import { recordDigitalOcean } from "./support.ts";
import { remembered } from "../../../support/remembered.ts";

const created: CreatedValkey = {
    variant: "create",
    region: "fra1",
    network: { vpcId: "vpc-id", range: "10.110.0.0/20", clusters: ["cluster-id"], addresses: ["10.20.0.0/16"] },
    version: "8",
    size: "db-s-1vcpu-2gb",
    nodes: 2,
    maintenance: { day: "sunday", hour: "03:00" },
};

const record = remembered((args: Partial<DigitalOceanValkeyArgs> = {}, preview: boolean = false) =>
    recordDigitalOcean((opts) => {
        const cache = new DigitalOceanValkey("cache", { ...placement, server: created, ...args }, opts);
        const { backend, primary, replicas, password, user, tls, clientLabels } = cache;
        const secret = pulumi.output(pulumi.isSecret(password));
        return { backend, host: primary.host, port: primary.port, replicas, password, user, tls, clientLabels, secret };
    }, preview),
);

test("a server, open to the cluster alone, and the way out to it", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "DatabaseCluster cache-cluster",
        "DatabaseFirewall cache-firewall",
        "DigitalOceanValkey cache",
        "NetworkPolicy cache-to-store",
        "Service cache-service",
    ]);
    expectOneFamily(plan, ["DigitalOceanValkey", "cache"]);
    expect(plan.get("DatabaseFirewall", "cache-firewall").props["rules"]).toEqual([
        { type: "k8s", value: "cluster-id" },
        { type: "ip_addr", value: "10.20.0.0/16" },
    ]);
    expect(plan.options.get("cache-firewall")?.deletedWith).toBeDefined();
    expect(plan.get("NetworkPolicy", "cache-to-store").props["spec"]).toEqual({
        podSelector: { matchLabels: { "django-on-kubernetes/reaches-cache": "true" } },
        policyTypes: ["Egress"],
        egress: [{ to: [{ ipBlock: { cidr: "10.110.0.0/20" } }], ports: [{ protocol: "TCP", port: 25061 }] }],
    });
});

test("evicts what was used longest ago (R32), as the API spells it", async () => {
    expect((await record()).get("DatabaseCluster", "cache-cluster").props).toEqual({
        engine: "valkey",
        version: "8",
        size: "db-s-1vcpu-2gb",
        region: "fra1",
        nodeCount: 2,
        privateNetworkUuid: "vpc-id",
        evictionPolicy: "allkeys_lru",
        maintenanceWindows: [{ day: "sunday", hour: "03:00" }],
        tags: ["shop-staging"],
    });
});

test("is reached by the name in its certificate, with TLS and a CA that everyone trusts", async () => {
    const { outputs } = await record();
    expect(outputs).toMatchObject({
        backend: "django.core.cache.backends.redis.RedisCache",
        port: 25061,
        replicas: [],
        user: "default",
        tls: {},
        clientLabels: { "django-on-kubernetes/reaches-cache": "true" },
        secret: true,
    });
    expect(outputs["host"]).toMatch(/^private-/);
});

test.each(["protected", "kept", "disposable"] as const)("%s", async (data) => {
    expect((await record({ data })).get("DatabaseCluster", "cache-cluster").protect).toBe(data === "protected");
});

test("takes DigitalOcean's own arguments", async () => {
    const plan = await record({ server: { ...created, native: { projectId: "project-id" } } });
    expect(plan.get("DatabaseCluster", "cache-cluster").props).toMatchObject({
        projectId: "project-id",
        engine: "valkey",
    });
});

describe("a server that is there", () => {
    test("is used as it is", async () => {
        const host = "private-cache-do-user-1-0.d.db.ondigitalocean.com";
        const server = {
            variant: "existing",
            host,
            port: 25061,
            range: "10.110.0.0/20",
            password: pulumi.secret("given"),
        } as const;
        const plan = await record({ server });
        expect(plan.created).toEqual([
            "DigitalOceanValkey cache",
            "NetworkPolicy cache-to-store",
            "Service cache-service",
        ]);
        expect(plan.outputs).toMatchObject({ host, password: "given", secret: true });
    });
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});
