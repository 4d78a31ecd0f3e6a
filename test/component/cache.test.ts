// Does not prove that replicas follow the primary or that Django reads from them: that is the cluster layer's.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { InClusterCache, type InClusterCacheArgs } from "../../components/cache/in-cluster.ts";
import { expectOneFamily, isUnknownSecret, placement, recordComponent, secretData } from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const defaults: InClusterCacheArgs = {
    ...placement,
    engine: "valkey",
    size: { cpu: "50m", memory: "256Mi" },
    replicas: 2,
};

const record = remembered((changes: Partial<InClusterCacheArgs> = {}, preview: boolean = false) =>
    recordComponent(
        (opts) => {
            const { backend, primary, replicas, password, clientLabels } = new InClusterCache(
                "cache",
                { ...defaults, ...changes },
                opts,
            );
            return { backend, primary, replicas, password, isSecret: pulumi.isSecret(password), clientLabels };
        },
        { preview },
    ),
);

const primaryOnly = [
    "InCluster cache",
    "NetworkPolicy cache-from-clients",
    "NetworkPolicy cache-to-store",
    "RandomPassword cache-password",
    "Secret cache-configuration",
    "Service cache-service",
    "ServiceAccount cache-account",
    "StatefulSet cache-primary",
];
const withOneReplica = [
    ...primaryOnly,
    "Deployment cache-replica-servers",
    "NetworkPolicy cache-replica-from-clients",
    "NetworkPolicy cache-replica-to-store",
    "Service cache-replica-service",
].sort();

const selectorOf = (name: string) => ({
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/instance": "shop-staging",
});

describe("what is created", () => {
    test.each([
        { replicas: 0, created: primaryOnly },
        { replicas: 1, created: withOneReplica },
        { replicas: 2, created: [...withOneReplica, "PodDisruptionBudget cache-replica-budget"].sort() },
    ])("with $replicas replicas", async ({ replicas, created }) => {
        const plan = await record({ replicas });
        expect(plan.created).toEqual(created);
        expectOneFamily(plan, ["InCluster", "cache"]);
    });

    test("a preview plans the same", async () => {
        expect((await record({}, true)).created).toEqual((await record()).created);
    });
});

describe("the contract", () => {
    test("Django's cache is the primary alone when there are no replicas", async () => {
        expect((await record({ replicas: 0, password: pulumi.secret("given") })).outputs).toEqual({
            backend: "django.core.cache.backends.redis.RedisCache",
            primary: { host: "cache", port: 6379 },
            replicas: [],
            password: "given",
            isSecret: true,
            clientLabels: { "django-on-kubernetes/reaches-cache": "true" },
        });
    });

    test.each([1, 2, 5])("%d replicas are one address: their Service", async (replicas) => {
        expect((await record({ replicas })).outputs["replicas"]).toEqual([{ host: "cache-replica", port: 6379 }]);
    });
});

describe("the configuration", () => {
    const files = async (changes: Partial<InClusterCacheArgs> = {}) =>
        secretData((await record({ password: pulumi.secret('p"w'), ...changes })).get("Secret", "cache-configuration"));

    test("evicts what was used longest ago within 70% of the memory, and writes nothing to disk (R32)", async () => {
        expect((await files())["primary.conf"]!.trim().split("\n")).toEqual([
            'bind "*"',
            'port "6379"',
            'dir "/data"',
            'requirepass "p\\"w"',
            'masterauth "p\\"w"',
            'maxmemory "179mb"',
            'maxmemory-policy "allkeys-lru"',
            'appendonly "no"',
            'save ""',
            'repl-diskless-sync-delay "0"',
        ]);
    });

    test("makes of a replica a copy of the primary, and of nothing else a difference", async () => {
        const { "primary.conf": primary, "replica.conf": replica } = await files();
        expect(replica).toBe(`${primary}replicaof "cache" "6379"\n`);
    });

    test("has the password beside it, for the client in the pod", async () => {
        expect((await files())["password"]).toBe('p"w');
    });

    test("is made anew when it changes: immutable, without a name of its own", async () => {
        const { props } = (await record()).get("Secret", "cache-configuration");
        expect(props["immutable"]).toBe(true);
        expect(props["metadata"]).not.toHaveProperty("name");
    });

    test("is secret in a preview too, where nobody knows it yet", async () => {
        const plan = await record({}, true);
        expect(isUnknownSecret(plan.get("Secret", "cache-configuration"))).toBe(true);
    });

    test("no password is generated when one is given", async () => {
        expect((await record({ password: pulumi.secret("given") })).created).not.toContain(
            "RandomPassword cache-password",
        );
    });
});

describe("the servers", () => {
    const pods = async (changes: Partial<InClusterCacheArgs> = {}) => {
        const plan = await record(changes);
        return {
            primary: plan.get("StatefulSet", "cache-primary").props["spec"],
            replicas: plan.get("Deployment", "cache-replica-servers").props["spec"],
        };
    };

    test("one primary, and as many replicas as were set", async () => {
        const { primary, replicas } = await pods({ replicas: 3 });
        expect([primary.replicas, replicas.replicas]).toEqual([1, 3]);
        expect(primary.serviceName).toBe("cache");
    });

    test("each selects its own pods, and each Service leads to its own", async () => {
        const plan = await record();
        for (const [name, kind, server] of [
            ["cache", "StatefulSet", "cache-primary"],
            ["cache-replica", "Deployment", "cache-replica-servers"],
        ] as const) {
            const { metadata, spec } = plan.get(kind, server).props;
            expect(metadata.name).toBe(name);
            expect(spec.selector).toEqual({ matchLabels: selectorOf(name) });
            expect(spec.template.metadata.labels).toMatchObject(selectorOf(name));
            // A cache may be lost: it does not keep a node (R80).
            expect(spec.template.metadata.annotations).toEqual({
                "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": "data",
            });
            const service = plan.get("Service", `${name}-service`).props;
            expect(service["metadata"].name).toBe(name);
            expect(service["spec"]).toEqual({
                selector: selectorOf(name),
                ports: [{ name: "redis", port: 6379, targetPort: "redis" }],
            });
        }
    });

    test("a replica may reach the primary, which only clients may (R46)", async () => {
        const { primary, replicas } = await pods();
        const client = { "django-on-kubernetes/reaches-cache": "true" };
        expect(replicas.template.metadata.labels).toMatchObject(client);
        expect(primary.template.metadata.labels).not.toMatchObject(client);
    });

    test("each reads its own part of the configuration, and only that", async () => {
        const { primary, replicas } = await pods();
        const items = (spec: { template: { spec: { volumes: { name: string; secret?: { items: unknown } }[] } } }) =>
            spec.template.spec.volumes.find(({ name }) => name === "configuration")!.secret!.items;
        expect(items(primary)).toEqual([{ key: "primary.conf", path: "redis.conf" }]);
        expect(items(replicas)).toEqual([{ key: "replica.conf", path: "redis.conf" }]);
    });

    test("a replica serves once it has a copy, and waits for a primary to copy from", async () => {
        const plan = await record();
        const replicas = plan.get("Deployment", "cache-replica-servers");
        expect(replicas.dependencies).toContain(plan.get("StatefulSet", "cache-primary").urn);
        expect(replicas.props["spec"].template.spec.containers[0].startupProbe.exec.command).toEqual([
            "sh",
            "-c",
            "valkey-cli -e info replication | grep -q '^master_link_status:up'",
        ]);
    });

    test("replicas spread over zones and hosts", async () => {
        const { replicas } = await pods();
        const constraints = replicas.template.spec.topologySpreadConstraints as { labelSelector: unknown }[];
        expect(constraints).toHaveLength(2);
        expect(constraints[0]!.labelSelector).toEqual({ matchLabels: selectorOf("cache-replica") });
    });

    test.each([
        { engine: "valkey", image: /^docker\.io\/valkey\/valkey:8/, server: "valkey-server", client: "valkey-cli" },
        { engine: "redis", image: /^docker\.io\/library\/redis:8/, server: "redis-server", client: "redis-cli" },
    ] as const)("$engine is started and asked by its own programs", async ({ engine, image, server, client }) => {
        const [container] = (await pods({ engine })).primary.template.spec.containers;
        expect(container).toMatchObject({ name: engine, command: [server, "/etc/redis/redis.conf"] });
        expect(container.image).toMatch(image);
        expect(container.readinessProbe.exec.command).toEqual([client, "-e", "ping"]);
        expect(container.livenessProbe.exec.command).toEqual([client, "-e", "ping"]);
    });

    test("all run an image of the user's own", async () => {
        const { primary, replicas } = await pods({ image: "localhost/redis:7" });
        expect(primary.template.spec.containers[0].image).toBe("localhost/redis:7");
        expect(replicas.template.spec.containers[0].image).toBe("localhost/redis:7");
    });

    test("pass Pod Security 'restricted', keep their data in memory's size, and take the password from the Secret", async () => {
        const { primary } = await pods();
        expect(primary.template.spec).toMatchObject({
            serviceAccountName: "cache",
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: "RuntimeDefault" } },
        });
        expect(primary.template.spec.volumes).toContainEqual({ name: "data", emptyDir: { sizeLimit: "256Mi" } });
        const [container] = primary.template.spec.containers;
        expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
        expect(container.env).toEqual([
            {
                name: "REDISCLI_AUTH",
                valueFrom: {
                    secretKeyRef: { name: expect.stringMatching(/^cache-configuration-/) as string, key: "password" },
                },
            },
        ]);
        expect(JSON.stringify(container.command)).not.toContain("password");
    });

    test("the primary has no volume: a cache that is lost is filled again", async () => {
        expect((await pods()).primary).not.toHaveProperty("volumeClaimTemplates");
    });
});
