// Does not prove that nodes find each other, or that messages survive one: that is the cluster layer's.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { RabbitBroker, type RabbitBrokerArgs } from "../../components/broker/rabbitmq.ts";
import { passwordHash } from "../../lib/rabbitmq-definitions.ts";
import {
    dataPolicies,
    expectOneFamily,
    isUnknownSecret,
    placement,
    recordComponent,
    secretData,
} from "../support/component.ts";
import { remembered } from "../support/remembered.ts";

const defaults: RabbitBrokerArgs = {
    ...placement,
    version: "4.2",
    size: { cpu: "250m", memory: "512Mi" },
    storage: "5Gi",
    nodes: 3,
    apps: [{ name: "shop" }, { name: "blog" }],
    consumerTimeout: 1800,
};

const record = remembered((changes: Partial<RabbitBrokerArgs> = {}, preview: boolean = false) =>
    recordComponent(
        (opts) => {
            const { protocol, queueType, url, urls, clientLabels } = new RabbitBroker(
                "broker",
                { ...defaults, ...changes },
                opts,
            );
            const isSecret = Object.values(urls).map((one) => pulumi.isSecret(one));
            return { protocol, queueType, url, urls, isSecret: pulumi.all(isSecret), clientLabels };
        },
        { preview },
    ),
);

const server = async (changes: Partial<RabbitBrokerArgs> = {}) =>
    (await record(changes)).get("StatefulSet", "broker-server").props["spec"];
const pod = async (changes: Partial<RabbitBrokerArgs> = {}) => (await server(changes)).template.spec;
const files = async (changes: Partial<RabbitBrokerArgs> = {}) =>
    secretData((await record(changes)).get("Secret", "broker-configuration"));
const settings = async (changes: Partial<RabbitBrokerArgs> = {}) =>
    (await files(changes))["rabbitmq.conf"]!.trim().split("\n");

const selector = { "app.kubernetes.io/name": "broker", "app.kubernetes.io/instance": "shop-staging" };
const alone = [
    "NetworkPolicy broker-from-clients",
    "NetworkPolicy broker-to-store",
    "PersistentVolumeClaimPatch broker-disk-0",
    "RabbitMQ broker",
    "RandomPassword broker-cookie",
    "RandomPassword broker-password",
    "RandomPassword broker-password-blog",
    "Secret broker-configuration",
    "Service broker-nodes",
    "Service broker-service",
    "ServiceAccount broker-account",
    "StatefulSet broker-server",
];

test("one node alone is left alone by who removes nodes; of three, one at a time may go (R80)", async () => {
    const marks = async (nodes: 1 | 3) => (await server({ nodes })).template.metadata.annotations as unknown;
    expect(await marks(1)).toEqual({
        "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
        "karpenter.sh/do-not-disrupt": "true",
    });
    expect(await marks(3)).toEqual({ "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": "tmp" });
});

describe("what is created", () => {
    test.each([
        { nodes: 1 as const, created: alone },
        {
            nodes: 3 as const,
            created: [
                ...alone,
                "NetworkPolicy broker-among-nodes",
                "PersistentVolumeClaimPatch broker-disk-1",
                "PersistentVolumeClaimPatch broker-disk-2",
                "PodDisruptionBudget broker-budget",
            ].sort(),
        },
    ])("with $nodes nodes", async ({ nodes, created }) => {
        const plan = await record({ nodes });
        expect(plan.created).toEqual(created);
        expectOneFamily(plan, ["RabbitMQ", "broker"]);
        expect((await server({ nodes })).replicas).toBe(nodes);
    });

    test("a preview plans the same, and its secrets are secret though nobody knows them yet", async () => {
        const plan = await record({}, true);
        expect(plan.created).toEqual((await record()).created);
        expect(isUnknownSecret(plan.get("Secret", "broker-configuration"))).toBe(true);
    });
});

test("each app has a user and a virtual host of its own, escaped and secret in its URL (R101)", async () => {
    const apps = [
        { name: "shop", password: pulumi.secret("p@ss:w/ord") },
        { name: "blog", password: pulumi.secret("other") },
    ] as const;
    const { outputs, created } = await record({ apps });
    expect(outputs).toEqual({
        protocol: "amqp",
        queueType: "quorum",
        url: "amqp://shop:p%40ss%3Aw%2Ford@broker:5672/shop",
        urls: {
            shop: "amqp://shop:p%40ss%3Aw%2Ford@broker:5672/shop",
            blog: "amqp://blog:other@broker:5672/blog",
        },
        isSecret: [true, true],
        clientLabels: { "django-on-kubernetes/reaches-broker": "true" },
    });
    expect(created.filter((name) => name.startsWith("RandomPassword"))).toEqual(["RandomPassword broker-cookie"]);
});

test("the definitions let each into its own virtual host, with quorum queues, and know passwords by their hashes only", async () => {
    const apps = [
        { name: "shop", password: pulumi.secret("canary-shop") },
        { name: "blog", password: pulumi.secret("canary-blog") },
    ] as const;
    const { "definitions.json": text, ...others } = await files({ apps });
    const all = { configure: ".*", write: ".*", read: ".*" };
    expect(JSON.parse(text!)).toEqual({
        users: [
            {
                name: "shop",
                password_hash: passwordHash("canary-shop", "shop-staging/broker/shop"),
                hashing_algorithm: "rabbit_password_hashing_sha256",
                tags: [],
            },
            {
                name: "blog",
                password_hash: passwordHash("canary-blog", "shop-staging/broker/blog"),
                hashing_algorithm: "rabbit_password_hashing_sha256",
                tags: [],
            },
        ],
        vhosts: [
            { name: "shop", default_queue_type: "quorum" },
            { name: "blog", default_queue_type: "quorum" },
        ],
        permissions: [
            { user: "shop", vhost: "shop", ...all },
            { user: "blog", vhost: "blog", ...all },
        ],
    });
    expect(text).not.toContain("canary");
    expect(JSON.stringify(others)).not.toContain("canary");
});

describe("the configuration", () => {
    test("of three nodes: limits in bytes, quorum queues, whom to form a cluster with", async () => {
        expect(await settings()).toEqual([
            "listeners.tcp.default = 5672",
            "log.console = true",
            "log.file = false",
            "vm_memory_high_watermark.absolute = 322122547",
            "disk_free_limit.absolute = 536870912",
            "raft.wal_max_size_bytes = 33554432",
            "default_queue_type = quorum",
            "consumer_timeout = 1800000",
            "definitions.import_backend = local_filesystem",
            "definitions.local.path = /etc/django-on-kubernetes/rabbitmq/definitions.json",
            "cluster_formation.peer_discovery_backend = classic_config",
            "cluster_formation.classic_config.nodes.1 = rabbit@broker-0.broker-nodes",
            "cluster_formation.classic_config.nodes.2 = rabbit@broker-1.broker-nodes",
            "cluster_formation.classic_config.nodes.3 = rabbit@broker-2.broker-nodes",
            "cluster_formation.target_cluster_size_hint = 3",
            "cluster_partition_handling = pause_minority",
        ]);
    });

    test("of one node has nobody to look for", async () => {
        expect((await settings({ nodes: 1 })).filter((line) => line.startsWith("cluster"))).toEqual([]);
    });

    test("waits for tasks as long as it is told (R18)", async () => {
        expect(await settings({ consumerTimeout: 36000 })).toContain("consumer_timeout = 36000000");
    });

    test("has no page and no API to administer it by", async () => {
        expect((await files())["enabled_plugins"]).toBe("[].\n");
    });
});

describe("a node", () => {
    test("keeps its data under a name that stays", async () => {
        const { env, command } = (await pod()).containers[0];
        expect(command).toEqual(["rabbitmq-server"]);
        expect(env).toContainEqual({ name: "RABBITMQ_NODENAME", value: "rabbit@$(POD_NAME).broker-nodes" });
        expect(env).toContainEqual({ name: "RABBITMQ_USE_LONGNAME", value: "true" });
        expect((await server()).serviceName).toBe("broker-nodes");
        expect((await record()).get("Service", "broker-nodes").props["spec"]).toEqual({
            clusterIP: "None",
            publishNotReadyAddresses: true,
            selector,
            ports: [
                { name: "epmd", port: 4369, targetPort: "epmd" },
                { name: "clustering", port: 25672, targetPort: "clustering" },
            ],
        });
    });

    test("starts beside the others, for it may have to wait for them (R78)", async () => {
        expect((await server()).podManagementPolicy).toBe("Parallel");
    });

    test("finds its cookie where nobody else can read it, and its own name in DNS, before it starts", async () => {
        const [prepare] = (await pod()).initContainers;
        const [, , script] = prepare.command;
        expect(script).toContain(
            "install -m 0400 /etc/django-on-kubernetes/rabbitmq/erlang.cookie /var/lib/rabbitmq/.erlang.cookie",
        );
        expect(script).toContain('getent hosts "$POD_NAME.broker-nodes"');
        expect(prepare.volumeMounts).toContainEqual({ name: "data", mountPath: "/var/lib/rabbitmq" });
    });

    test("is ready when it listens; nothing starts a process to ask, and nothing restarts it for being slow", async () => {
        const [container] = (await pod()).containers;
        expect(container.readinessProbe.tcpSocket).toEqual({ port: "amqp" });
        expect(container.startupProbe.tcpSocket).toEqual({ port: "amqp" });
        expect(container).not.toHaveProperty("livenessProbe");
    });

    test("of three leaves when the queues can do without it, within its grace period", async () => {
        const { containers, terminationGracePeriodSeconds } = await pod();
        const [, , script] = containers[0].lifecycle.preStop.exec.command;
        const seconds = [...script.matchAll(/--timeout (\d+)/g)].map(([, number]) => Number(number));
        expect(script).toMatch(/^rabbitmq-upgrade await_online_quorum_plus_one .*; rabbitmq-upgrade drain/);
        expect(seconds.reduce((sum, one) => sum + one, 0)).toBeLessThan(terminationGracePeriodSeconds);
    });

    test("that is alone leaves at once", async () => {
        const { containers, terminationGracePeriodSeconds } = await pod({ nodes: 1 });
        expect(containers[0]).not.toHaveProperty("lifecycle");
        expect(terminationGracePeriodSeconds).toBe(60);
    });

    test("runs the official image of its version, or the one that was set", async () => {
        for (const version of ["4.0", "4.1", "4.2"] as const) {
            const [container] = (await pod({ version })).containers;
            expect(container.image).toMatch(new RegExp(`^docker\\.io/library/rabbitmq:${version}\\.\\d+$`));
        }
        const { containers, initContainers } = await pod({ image: "localhost/rabbitmq:4" });
        expect([containers[0].image, initContainers[0].image]).toEqual([
            "localhost/rabbitmq:4",
            "localhost/rabbitmq:4",
        ]);
    });

    test.each(dataPolicies)("with $data data", async ({ data, whenDeleted, protect }) => {
        const resource = (await record({ data })).get("StatefulSet", "broker-server");
        expect(resource.protect).toBe(protect);
        expect(resource.props["spec"].persistentVolumeClaimRetentionPolicy).toEqual({
            whenDeleted,
            whenScaled: "Retain",
        });
    });

    test("of three have a volume each that grows where it is", async () => {
        const plan = await record({ nodes: 3 });
        const claims = plan.resources.filter(({ type }) => type.endsWith(":PersistentVolumeClaimPatch"));
        expect(claims.map(({ props }) => [props["metadata"], props["spec"]])).toEqual(
            [0, 1, 2].map((node) => [
                expect.objectContaining({ name: `data-broker-${node}`, namespace: "shop-staging" }),
                { resources: { requests: { storage: "5Gi" } } },
            ]),
        );
    });

    test("has a volume of the size and class that were set", async () => {
        expect((await server({ storageClass: "fast" })).volumeClaimTemplates).toEqual([
            {
                metadata: { name: "data" },
                spec: {
                    accessModes: ["ReadWriteOnce"],
                    storageClassName: "fast",
                    resources: { requests: { storage: "5Gi" } },
                },
            },
        ]);
    });
});

test("clients come in at AMQP's port alone, and nodes among themselves at theirs (R46)", async () => {
    const plan = await record();
    const clients = { "django-on-kubernetes/reaches-broker": "true" };
    const nodes = [{ podSelector: { matchLabels: selector } }];
    const ports = [
        { protocol: "TCP", port: 4369 },
        { protocol: "TCP", port: 25672 },
        { protocol: "TCP", port: 35672, endPort: 35682 },
    ];
    expect(plan.get("NetworkPolicy", "broker-from-clients").props["spec"].ingress).toEqual([
        { from: [{ podSelector: { matchLabels: clients } }], ports: [{ protocol: "TCP", port: 5672 }] },
    ]);
    expect(plan.get("NetworkPolicy", "broker-among-nodes").props["spec"]).toEqual({
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: nodes, ports }],
        egress: [{ to: nodes, ports }],
    });
});

describe("with a number", () => {
    const rotated = (rotation: number) => ({ nodes: 1 as const, rotation });

    test("each app comes as a user of the number, into the virtual host that it had", async () => {
        const { outputs, created } = await record({
            ...rotated(2),
            apps: [{ name: "shop", password: pulumi.secret("newest") }, { name: "blog" }],
        });
        const urls = outputs["urls"] as Readonly<Record<string, string>>;
        expect(urls["shop"]).toBe("amqp://shop.2:newest@broker:5672/shop");
        expect(urls["blog"]).toMatch(/^amqp:\/\/blog\.2:[^@]+@broker:5672\/blog$/);
        expect(created).toEqual(
            [
                ...alone.filter((one) => !one.startsWith("RandomPassword broker-password")),
                "ConfigMap broker-scripts",
                "Job broker-admit",
                "NetworkPolicy broker-users-from-clients",
                "NetworkPolicy broker-users-to-store",
                "RandomPassword broker-login-password-blog-2",
                "Secret broker-logins",
                "Secret broker-users",
                "ServiceAccount broker-admit-account",
            ].sort(),
        );
    });

    test("a node imports the newest logins when it starts, and does not start anew for a next number", async () => {
        const plan = await record(rotated(1));
        const { metadata } = plan.get("Secret", "broker-users").props;
        expect([metadata.name, plan.get("Secret", "broker-users").props["immutable"]]).toEqual([
            "broker-users",
            undefined,
        ]);
        const { users, vhosts } = JSON.parse(
            secretData(plan.get("Secret", "broker-users"))["definitions.json"]!,
        ) as Readonly<Record<"users" | "vhosts", readonly { readonly name: string }[]>>;
        expect(users.map(({ name }) => name)).toEqual(["shop.1", "blog.1"]);
        expect(vhosts.map(({ name }) => name)).toEqual(["shop", "blog"]);
        expect(Object.keys(await files(rotated(1)))).not.toContain("definitions.json");
        expect(await pod(rotated(2))).toEqual(await pod(rotated(1)));
        expect(await files(rotated(2))).toEqual(await files(rotated(1)));
    });

    test("a job lets them in, as one of the nodes: with the cookie, and at the ports of nodes alone", async () => {
        const plan = await record(rotated(3));
        const { template } = plan.get("Job", "broker-admit").props["spec"];
        const [container] = template.spec.containers;
        expect(container.command).toEqual([
            "sh",
            "/etc/rabbitmq-scripts/users.sh",
            "admit",
            "3",
            "/etc/rabbitmq-users/definitions.json",
            "shop blog",
            "rabbit@broker-0.broker-nodes",
        ]);
        // What it imports has a name of its own: for another password of the same number it runs too.
        const { metadata, immutable } = plan.get("Secret", "broker-logins").props;
        expect([metadata.name, immutable]).toEqual([undefined, true]);
        expect(secretData(plan.get("Secret", "broker-logins"))).toEqual(secretData(plan.get("Secret", "broker-users")));
        expect(template.spec.subdomain).toBe("broker-nodes");
        const label = { "django-on-kubernetes/reaches-broker-nodes": "true" };
        expect(template.metadata.labels).toMatchObject(label);
        expect(template.metadata.labels).not.toHaveProperty("django-on-kubernetes/reaches-broker");
        expect(plan.get("NetworkPolicy", "broker-users-from-clients").props["spec"].ingress).toEqual([
            {
                from: [{ podSelector: { matchLabels: label } }],
                ports: [4369, 25672].map((port) => ({ protocol: "TCP", port })),
            },
        ]);
    });
});
