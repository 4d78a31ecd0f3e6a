// Servers that are there: which Services lead to them, what is opened, what an app is told, and the job that checks them first.
// Does not prove that one answers: test/unit/check.test.ts runs the check.
import { output, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ExternalBroker } from "../../components/broker/external.ts";
import { ExternalMemcachedCache } from "../../components/cache/external-memcached.ts";
import { ExternalRedisCache } from "../../components/cache/external-redis.ts";
import { ExternalDatabase } from "../../components/database/external.ts";
import { expectOneFamily, placement, recordComponent } from "../support/component.ts";

const password = () => output(secret("p@ss"));
const setting = { setting: "database", passwordSetting: "secrets.databasePassword" };
const pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

const database = (changes: Partial<ConstructorParameters<typeof ExternalDatabase>[1]> = {}, preview = false) =>
    recordComponent(
        (opts) => {
            const {
                host,
                port,
                name,
                user,
                password: given,
                sslMode,
                ca,
                administrator,
                claims,
            } = new ExternalDatabase(
                "database",
                {
                    ...placement,
                    ...setting,
                    server: { host: "db.example.org", port: 5433 },
                    database: "shop",
                    user: "app",
                    password: password(),
                    tls: { mode: "verify-full" },
                    cidrs: ["10.20.0.0/24"],
                    maxConnections: 200,
                    pooled: false,
                    ...changes,
                },
                opts,
            );
            return { host, port, name, user, password: given, sslMode, ca, administrator, claims };
        },
        { preview },
    );

describe("PostgreSQL", () => {
    it.each([false, true])("is a Service and a way to it, and nothing else (preview: %s)", async (preview) => {
        const plan = await database({}, preview);
        expect(plan.created).toEqual([
            "External database",
            "NetworkPolicy database-to-store",
            "Service database-service",
        ]);
        expectOneFamily(plan, ["External", "database"]);
        expect(plan.get("Service", "database-service").props).toMatchObject({
            metadata: {
                name: "database",
                annotations: {
                    "django-on-kubernetes/external": "true",
                    "django-on-kubernetes/max-connections": "200",
                },
            },
            spec: { type: "ExternalName", externalName: "db.example.org" },
        });
        expect(plan.get("NetworkPolicy", "database-to-store").props["spec"]).toEqual({
            podSelector: { matchLabels: { "django-on-kubernetes/reaches-database": "true" } },
            policyTypes: ["Egress"],
            egress: [{ to: [{ ipBlock: { cidr: "10.20.0.0/24" } }], ports: [{ protocol: "TCP", port: 5433 }] }],
        });
    });

    it("is called by its own name where the certificate has that, and trusts whom the image does", async () => {
        expect((await database()).outputs).toMatchObject({
            host: "db.example.org",
            sslMode: "verify-full",
            ca: "public",
        });
    });

    it("is called by the Service's name otherwise", async () => {
        const { outputs } = await database({ tls: { mode: "verify-ca", ca: pem } });
        expect(outputs).toMatchObject({ host: "database", sslMode: "verify-ca", ca: pem });
        const plain = await database({ tls: { mode: "disable" } });
        expect(plain.outputs).toMatchObject({ host: "database", sslMode: "disable" });
        expect(plain.outputs["ca"]).toBeUndefined();
    });

    it("at an address is a Service with one endpoint", async () => {
        const plan = await database({ server: { host: "10.20.0.7", port: 5432 }, cidrs: ["10.20.0.7/32"] });
        expect(plan.get("Service", "database-service").props["spec"]).toEqual({
            ports: [{ name: "database", port: 5432, targetPort: 5432 }],
        });
        expect(plan.get("EndpointSlice", "database-endpoint").props).toMatchObject({
            addressType: "IPv4",
            endpoints: [{ addresses: ["10.20.0.7"] }],
            metadata: { labels: { "kubernetes.io/service-name": "database" } },
        });
    });

    it("opens no metadata service where the ranges are wide", async () => {
        const plan = await database({ cidrs: ["128.0.0.0/1"] });
        expect(plan.get("NetworkPolicy", "database-to-store").props["spec"]).toMatchObject({
            egress: [{ to: [{ ipBlock: { cidr: "128.0.0.0/1", except: ["169.254.0.0/16"] } }] }],
        });
    });

    it("says that a pooler answers, and who makes databases", async () => {
        const plan = await database({ pooled: true, administrator: { user: "root", password: password() } });
        expect(plan.get("Service", "database-service").props).toMatchObject({
            metadata: { annotations: { "django-on-kubernetes/pooled": "true" } },
        });
        expect(plan.outputs["administrator"]).toMatchObject({ user: "root" });
    });
});

const common = { ...placement, setting: "cache", passwordSetting: "secrets.cachePassword", cidrs: ["10.20.0.0/24"] };

describe("a cache", () => {
    it("has a Service for each of its servers, and one way to all", async () => {
        const plan = await recordComponent((opts) => {
            const { primary, replicas, tls, claims } = new ExternalRedisCache(
                "cache",
                {
                    ...common,
                    primary: { host: "redis-1.example.org", port: 6379 },
                    replicas: [{ host: "10.20.0.9", port: 6380 }],
                    tls: { mode: "disable" },
                },
                opts,
            );
            return { primary, replicas, tls, claims };
        });
        expect(plan.created).toEqual([
            "EndpointSlice cache-replica-1-endpoint",
            "ExternalRedis cache",
            "NetworkPolicy cache-to-store",
            "Service cache-replica-1-service",
            "Service cache-service",
        ]);
        expect(plan.outputs).toMatchObject({
            primary: { host: "cache", port: 6379 },
            replicas: [{ host: "cache-replica-1", port: 6380 }],
            claims: { hosts: ["redis-1.example.org", "10.20.0.9"] },
        });
        expect(plan.get("NetworkPolicy", "cache-to-store").props["spec"]).toMatchObject({
            egress: [{ ports: [{ port: 6379 }, { port: 6380 }] }],
        });
    });

    it("of Memcached has them in their order", async () => {
        const plan = await recordComponent((opts) => {
            const { servers, backend } = new ExternalMemcachedCache(
                "cache",
                { ...common, servers: ["a", "b"].map((name) => ({ host: `${name}.example.org`, port: 11211 })) },
                opts,
            );
            return { servers, backend };
        });
        expect(plan.outputs).toEqual({
            servers: [
                { host: "cache", port: 11211 },
                { host: "cache-2", port: 11211 },
            ],
            backend: "django.core.cache.backends.memcached.PyMemcacheCache",
        });
    });
});

describe("a broker", () => {
    const url = async (args: object) => {
        const plan = await recordComponent((opts) => ({
            url: new ExternalBroker(
                "broker",
                { ...common, server: { host: "mq.example.org", port: 5671 }, ...args } as never,
                opts,
            ).url,
        }));
        return JSON.stringify(plan.outputs["url"]);
    };

    it.each([
        [
            { protocol: "amqp", user: "shop", vhost: "/", tls: { mode: "verify-full" } },
            "amqps://shop:p%40ss@mq.example.org:5671/%2F",
        ],
        [{ protocol: "amqp", user: "shop", vhost: "a", tls: { mode: "disable" } }, "amqp://shop:p%40ss@broker:5671/a"],
        [{ protocol: "redis", database: 3, tls: { mode: "disable" } }, "redis://:p%40ss@broker:5671/3"],
        [
            { protocol: "redis", database: 0, tls: { mode: "verify-full", ca: pem } },
            "rediss://:p%40ss@mq.example.org:5671/0?ssl_cert_reqs=required&ssl_ca_certs=/etc/django-on-kubernetes/certificates/broker.pem&ssl_check_hostname=true",
        ],
        [
            { protocol: "redis", database: 0, tls: { mode: "require" } },
            "rediss://:p%40ss@broker:5671/0?ssl_cert_reqs=none&ssl_check_hostname=false",
        ],
    ])("%o", async (args, expected) => {
        expect(await url({ ...args, password: password() })).toContain(expected);
    });

    it("says on its Service how long RabbitMQ waits for a task, where that was told", async () => {
        const annotationOf = async (args: object) => {
            const amqp = { protocol: "amqp", user: "shop", vhost: "/", tls: { mode: "disable" }, ...args };
            const server = { host: "mq.example.org", port: 5672 };
            const plan = await recordComponent((opts) => {
                new ExternalBroker("broker", { ...common, server, password: password(), ...amqp } as never, opts);
                return {};
            });
            return plan.get("Service", "broker-service").props["metadata"].annotations[
                "django-on-kubernetes/consumer-timeout"
            ];
        };
        expect(await annotationOf({ consumerTimeout: 7200 })).toBe("7200");
        expect(await annotationOf({})).toBeUndefined();
    });
});
