// Does not prove that Memorystore accepts these arguments, or that its port is the one that its documentation names.
import { Provider } from "@pulumi/gcp/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import {
    MemorystoreCache,
    type CreatedMemorystore,
    type MemorystoreCacheArgs,
} from "../../../../components/cache/gcp/memorystore.ts";
import { expectOneFamily, placement, recordComponent } from "../../../support/component.ts";
import { remembered } from "../../../support/remembered.ts";

const created: CreatedMemorystore = {
    variant: "create",
    region: "europe-west1",
    network: "projects/acme/global/networks/main",
    version: "7.2",
    memory: 5,
    replicas: 0,
    maintenance: { day: "SUNDAY", hour: 4 },
};

const existing = {
    variant: "existing",
    address: "10.20.0.8",
    readAddress: "10.20.0.9",
    ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    password: pulumi.secret("auth-string"),
} as const;

const record = remembered(
    (changes: Partial<MemorystoreCacheArgs> = {}, preview: boolean = false, name: string = "cache") =>
        recordComponent(
            ({ providers }) => {
                const all = [
                    ...(providers as pulumi.ProviderResource[]),
                    new Provider("gcp", { project: "acme", region: "europe-west1" }),
                ];
                const cache = new MemorystoreCache(
                    name,
                    { ...placement, server: created, ...changes },
                    { providers: all },
                );
                const { backend, primary, replicas, password, tls, clientLabels } = cache;
                return {
                    backend,
                    primary,
                    replicas,
                    password,
                    isSecret: pulumi.isSecret(password),
                    ca: tls.ca,
                    clientLabels,
                };
            },
            { preview },
        ),
);

const instanceOf = async (changes: Partial<CreatedMemorystore> = {}, others: Partial<MemorystoreCacheArgs> = {}) =>
    (await record({ ...others, server: { ...created, ...changes } })).get("Instance", "cache-redis");

test("one instance, reached as a Service of the namespace; its password is its own", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "EndpointSlice cache-endpoint",
        "Instance cache-redis",
        "Memorystore cache",
        "NetworkPolicy cache-to-store",
        "Service cache-service",
    ]);
    expectOneFamily(plan, ["Memorystore", "cache"]);
    expect(plan.get("Instance", "cache-redis").type).toBe("gcp:redis/instance:Instance");
});

test("is reached at its own address, with its own password and CA", async () => {
    const { outputs, get } = await record({ server: { ...created, replicas: 1 } });
    expect(outputs).toMatchObject({
        isSecret: true,
        ca: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\n/) as string,
    });
    expect(outputs["password"]).toMatch(/./);
    const addresses = ["cache-endpoint", "cache-replica-endpoint"].map(
        (name) => get("EndpointSlice", name).props["endpoints"][0].addresses[0],
    );
    expect(addresses).toEqual([expect.stringMatching(/^10\./), expect.stringMatching(/^10\./)]);
    expect(addresses[0]).not.toBe(addresses[1]);
});

test("the addresses are the program's: the control plane's own controller leaves the slice alone", async () => {
    const { metadata, addressType, ports } = (await record()).get("EndpointSlice", "cache-endpoint").props;
    expect(metadata.labels).toMatchObject({
        "kubernetes.io/service-name": "cache",
        "endpointslice.kubernetes.io/managed-by": "pulumi",
    });
    expect([addressType, ports]).toEqual(["IPv4", [{ name: "cache", port: 6378, protocol: "TCP" }]]);
});

test("asks for a password and TLS, in the private network, and evicts what was used longest ago (R32, R62)", async () => {
    const { props, protect } = await instanceOf();
    expect(props).toEqual({
        displayName: "shop-staging",
        region: "europe-west1",
        tier: "BASIC",
        memorySizeGb: 5,
        redisVersion: "REDIS_7_2",
        readReplicasMode: "READ_REPLICAS_DISABLED",
        connectMode: "PRIVATE_SERVICE_ACCESS",
        authorizedNetwork: "projects/acme/global/networks/main",
        authEnabled: true,
        transitEncryptionMode: "SERVER_AUTHENTICATION",
        redisConfigs: { "maxmemory-policy": "allkeys-lru" },
        maintenancePolicy: { weeklyMaintenanceWindows: [{ day: "SUNDAY", startTime: { hours: 4 } }] },
        deletionProtection: false,
    });
    expect(protect).toBe(false);
    expect((await instanceOf({ version: "6.x" })).props["redisVersion"]).toBe("REDIS_6_X");
});

test("its generated name stays below 41 characters for the longest app's own cache (R71)", async () => {
    const name = "abcdefghijklmnopqrst-cache";
    const { resources } = await record({}, false, name);
    const instance = resources.find(({ type }) => type === "gcp:redis/instance:Instance")!;
    expect(instance.name.length + "-1a2b3c4".length).toBeLessThanOrEqual(40);
});

describe("availability", () => {
    test.each([
        { data: "protected", tier: "STANDARD_HA", deletionProtection: true },
        { data: "kept", tier: "BASIC", deletionProtection: false },
        { data: "disposable", tier: "BASIC", deletionProtection: false },
    ] as const)(
        "of $data data: $tier; whether it may be deleted is always said (R68)",
        async ({ data, tier, deletionProtection }) => {
            const { props } = await instanceOf({}, { data });
            expect(props).toMatchObject({ tier, deletionProtection });
            expect(props["replicaCount"]).toBe(tier === "STANDARD_HA" ? 1 : undefined);
        },
    );

    test("is as it was set", async () => {
        expect((await instanceOf({ highAvailability: false }, { data: "protected" })).props["tier"]).toBe("BASIC");
        expect((await instanceOf({ highAvailability: true })).props).toMatchObject({
            tier: "STANDARD_HA",
            replicaCount: 1,
        });
    });
});

test("with replicas Django reads from their common endpoint (G2, R34)", async () => {
    const plan = await record({ server: { ...created, replicas: 2 } });
    expect(plan.get("Instance", "cache-redis").props).toMatchObject({
        tier: "STANDARD_HA",
        readReplicasMode: "READ_REPLICAS_ENABLED",
        replicaCount: 2,
    });
    expect(plan.created).toContain("Service cache-replica-service");
    expect(plan.outputs).toMatchObject({
        primary: { host: "cache", port: 6378 },
        replicas: [{ host: "cache-replica", port: 6378 }],
    });
});

test("keeps the contract of every cache: a Service of the namespace, TLS with a CA, a secret password", async () => {
    const { outputs } = await record({ server: existing });
    expect(outputs).toEqual({
        backend: "django.core.cache.backends.redis.RedisCache",
        primary: { host: "cache", port: 6378 },
        replicas: [{ host: "cache-replica", port: 6378 }],
        password: "auth-string",
        isSecret: true,
        ca: existing.ca,
        clientLabels: { "django-on-kubernetes/reaches-cache": "true" },
    });
});

describe("an instance that is there", () => {
    test("is only made reachable, at its addresses and port alone (R48)", async () => {
        const plan = await record({ server: existing });
        expect(plan.created).toEqual([
            "EndpointSlice cache-endpoint",
            "EndpointSlice cache-replica-endpoint",
            "Memorystore cache",
            "NetworkPolicy cache-replica-to-store",
            "NetworkPolicy cache-to-store",
            "Service cache-replica-service",
            "Service cache-service",
        ]);
        for (const [name, cidr] of [
            ["cache-to-store", "10.20.0.8/32"],
            ["cache-replica-to-store", "10.20.0.9/32"],
        ] as const) {
            expect(plan.get("NetworkPolicy", name).props["spec"].egress).toEqual([
                { to: [{ ipBlock: { cidr } }], ports: [{ protocol: "TCP", port: 6378 }] },
            ]);
        }
    });

    test("without a read endpoint is read at its primary one", async () => {
        const { readAddress: _, ...primaryOnly } = existing;
        expect((await record({ server: primaryOnly })).outputs["replicas"]).toEqual([]);
    });
});

test("native arguments are over all others; a key of the user's encrypts it", async () => {
    const encryptionKey = "projects/acme/locations/europe-west1/keyRings/main/cryptoKeys/redis";
    const { props } = await instanceOf({ native: { redisConfigs: { "maxmemory-gb": "4" } }, encryptionKey });
    expect(props["redisConfigs"]).toEqual({ "maxmemory-policy": "allkeys-lru", "maxmemory-gb": "4" });
    expect(props["customerManagedKey"]).toBe(encryptionKey);
});

test("a preview plans the same", async () => {
    expect((await record({}, true)).created).toEqual((await record()).created);
});
