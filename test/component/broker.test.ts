// Does not prove that messages survive a restart: that is the cluster layer's.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { RedisBroker, type RedisBrokerArgs } from "../../components/broker/redis.ts";
import {
    dataPolicies,
    expectOneFamily,
    isUnknownSecret,
    placement,
    recordComponent,
    secretData,
} from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const defaults: RedisBrokerArgs = {
    ...placement,
    engine: "valkey",
    size: { cpu: "50m", memory: "256Mi" },
    storage: "2Gi",
};

const record = remembered((changes: Partial<RedisBrokerArgs> = {}, preview: boolean = false) =>
    recordComponent(
        (opts) => {
            const { url, clientLabels } = new RedisBroker("broker", { ...defaults, ...changes }, opts);
            return { url, isSecret: pulumi.isSecret(url), clientLabels };
        },
        { preview },
    ),
);

const server = async (changes: Partial<RedisBrokerArgs> = {}) =>
    (await record(changes)).get("StatefulSet", "broker-server");

const selector = { "app.kubernetes.io/name": "broker", "app.kubernetes.io/instance": "shop-staging" };

test("one server with a Service, an account, a configuration, a generated password and two openings", async () => {
    const plan = await record();
    expect(plan.created).toEqual([
        "NetworkPolicy broker-from-clients",
        "NetworkPolicy broker-to-store",
        "PersistentVolumeClaimPatch broker-disk-0",
        "RandomPassword broker-password",
        "Redis broker",
        "Secret broker-configuration",
        "Service broker-service",
        "ServiceAccount broker-account",
        "StatefulSet broker-server",
    ]);
    expectOneFamily(plan, ["Redis", "broker"]);
    expect(plan.get("Redis", "broker").type).toBe("django-on-kubernetes:broker:Redis");
});

test("a preview plans the same, and its secrets are secret though nobody knows them yet", async () => {
    const plan = await record({}, true);
    expect(plan.created).toEqual((await record()).created);
    expect(isUnknownSecret(plan.get("Secret", "broker-configuration"))).toBe(true);
});

describe("the contract", () => {
    test("is a URL with the password in it, escaped and secret", async () => {
        const { outputs, created } = await record({ password: pulumi.secret("p@ss:w/ord") });
        expect(outputs).toEqual({
            url: "redis://:p%40ss%3Aw%2Ford@broker:6379/0",
            isSecret: true,
            clientLabels: { "django-on-kubernetes/reaches-broker": "true" },
        });
        expect(created).not.toContain("RandomPassword broker-password");
    });

    test("is secret also when the password was generated", async () => {
        const { outputs } = await record();
        expect(outputs).toMatchObject({
            isSecret: true,
            url: expect.stringMatching(/^redis:\/\/:.+@broker:6379\/0$/) as string,
        });
    });
});

test("never evicts a message, keeps them on disk, and leaves half of the memory to the rewrite (R31)", async () => {
    const plan = await record({ password: pulumi.secret("pw") });
    const secret = plan.get("Secret", "broker-configuration");
    const data = secretData(secret);
    expect(data["password"]).toBe("pw");
    expect(data["broker.conf"]!.trim().split("\n")).toEqual([
        'bind "*"',
        'port "6379"',
        'dir "/data"',
        'requirepass "pw"',
        'maxmemory "128mb"',
        'maxmemory-policy "noeviction"',
        'appendonly "yes"',
        'appendfsync "everysec"',
        'save ""',
    ]);
    expect(secret.props["immutable"]).toBe(true);
    expect(secret.props["metadata"]).not.toHaveProperty("name");
});

describe("the server", () => {
    test("is one, of its own: no other store has its name or labels (R33)", async () => {
        const { spec, metadata } = (await server()).props;
        expect(metadata).toMatchObject({ name: "broker", namespace: "shop-staging" });
        expect(spec).toMatchObject({ serviceName: "broker", replicas: 1, selector: { matchLabels: selector } });
        expect(spec.template.metadata.labels).toMatchObject(selector);
        // The only one: who removes nodes leaves it alone (R80).
        expect(spec.template.metadata.annotations).toEqual({
            "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
            "karpenter.sh/do-not-disrupt": "true",
        });
    });

    test("has a volume that grows where it is", async () => {
        const plan = await record();
        expect(plan.get("StatefulSet", "broker-server").ignoreChanges).toEqual([
            "spec.volumeClaimTemplates[0].spec.resources.requests.storage",
        ]);
        const { metadata, spec } = plan.get("PersistentVolumeClaimPatch", "broker-disk-0").props;
        expect([metadata.name, spec]).toEqual(["data-broker-0", { resources: { requests: { storage: "2Gi" } } }]);
    });

    test("has a volume of the size and class that were set, where it writes", async () => {
        const { spec } = (await server({ storageClass: "fast" })).props;
        expect(spec.volumeClaimTemplates).toEqual([
            {
                metadata: { name: "data" },
                spec: {
                    accessModes: ["ReadWriteOnce"],
                    storageClassName: "fast",
                    resources: { requests: { storage: "2Gi" } },
                },
            },
        ]);
        expect(spec.template.spec.containers[0].volumeMounts).toContainEqual({ name: "data", mountPath: "/data" });
        expect(spec.template.spec.volumes.map(({ name }: { name: string }) => name)).toEqual(["configuration"]);
    });

    test.each(dataPolicies)("with $data data", async ({ data, whenDeleted, protect }) => {
        const resource = await server({ data });
        expect(resource.protect).toBe(protect);
        expect(resource.props["spec"].persistentVolumeClaimRetentionPolicy).toEqual({
            whenDeleted,
            whenScaled: "Retain",
        });
    });

    test("runs the engine and the image that were set", async () => {
        const [container] = (await server({ engine: "redis", image: "localhost/redis:7" })).props["spec"].template.spec
            .containers;
        expect(container).toMatchObject({
            name: "redis",
            image: "localhost/redis:7",
            command: ["redis-server", "/etc/redis/redis.conf"],
            resources: { requests: { cpu: "50m", memory: "256Mi" }, limits: { memory: "256Mi" } },
        });
    });
});

test("lets in only those that carry its label, at its port, and lets them out to it (R46)", async () => {
    const plan = await record();
    const clients = { "django-on-kubernetes/reaches-broker": "true" };
    const ports = [{ protocol: "TCP", port: 6379 }];
    expect(plan.get("NetworkPolicy", "broker-from-clients").props["spec"]).toEqual({
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: { matchLabels: clients } }], ports }],
    });
    expect(plan.get("NetworkPolicy", "broker-to-store").props["spec"]).toEqual({
        podSelector: { matchLabels: clients },
        policyTypes: ["Egress"],
        egress: [{ to: [{ podSelector: { matchLabels: selector } }], ports }],
    });
    expect(plan.get("Service", "broker-service").props["spec"]).toEqual({
        selector,
        ports: [{ name: "redis", port: 6379, targetPort: "redis" }],
    });
});
