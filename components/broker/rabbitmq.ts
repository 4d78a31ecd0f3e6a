// RabbitMQ, one node or three: quorum queues on volumes, and for each app a user and a virtual host of its own (R35, R101).
import * as pulumi from "@pulumi/pulumi";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { objectLabels, reaches, workloadLabels, type Labels } from "../../lib/labels.ts";
import { oneAway } from "../../lib/pod-disruption.ts";
import type { ByteQuantity } from "../../lib/quantities.ts";
import { rabbitConfiguration } from "../../lib/rabbitmq-configuration.ts";
import { numberedRabbitUser, rabbitDefinitions } from "../../lib/rabbitmq-definitions.ts";
import type { Size } from "../../lib/resources.ts";
import { amqpUrl } from "../../lib/urls.ts";
import { volumeRetention, type Placement } from "../contract.ts";
import { storeAccess } from "../network/store-access.ts";
import { storeService } from "../network/store-service.ts";
import { generation } from "../password/generations.ts";
import { givenOrGenerated } from "../password/password.ts";
import { inPlaceOf } from "../variants.ts";
import { growClaims, keepsClaimTemplate } from "../volume/growth.ts";
import type { Broker } from "./contract.ts";
import { rabbitConfigurationFiles, rabbitPod, rabbitPorts, type RabbitVersion } from "./rabbitmq-pod.ts";
import { RotatedRabbitUsers } from "./rabbitmq-users.ts";

export interface RabbitBrokerArgs extends Placement {
    readonly version: RabbitVersion;
    /** @default the official image of `version` */
    readonly image?: string;
    /** Of every node. */
    readonly size: Size;
    /** Of every node. */
    readonly storage: ByteQuantity;
    /** @default the cluster's default class */
    readonly storageClass?: string;
    readonly nodes: 1 | 3;
    /** The apps that get a user and a virtual host, by their names; the first one's is `url`. Passwords @default generated */
    readonly apps: readonly [RabbitApp, ...RabbitApp[]];
    /** Seconds that a task may be with a worker. */
    readonly consumerTimeout: number;
    /** The number of all its logins. @default one password each for good */
    readonly rotation?: number;
}

export interface RabbitApp {
    readonly name: string;
    /** @default generated */
    readonly password?: pulumi.Output<string>;
}

const type = "django-on-kubernetes:broker:RabbitMQ";

export class RabbitBroker extends pulumi.ComponentResource implements Broker {
    readonly protocol = "amqp" as const;
    readonly queueType = "quorum" as const;
    readonly url: pulumi.Output<string>;
    readonly urls: Readonly<Record<string, pulumi.Output<string>>>;
    readonly clientLabels: Labels;
    /** @default its passwords have no number */
    readonly users?: RotatedRabbitUsers;

    constructor(name: string, args: RabbitBrokerArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        this.clientLabels = reaches(name);
        const labels = workloadLabels({ name, instance: args.instance });

        const logins = this.loginsOf(name, args);
        this.urls = Object.fromEntries(
            logins.map(({ app, user, password }) => [
                app,
                password.apply((text) =>
                    amqpUrl({ host: name, port: rabbitPorts.amqp, user, password: text, vhost: app, tls: false }),
                ),
            ]),
        );
        this.url = this.urls[args.apps[0].name]!;

        const definitions = pulumi.all(logins.map(({ password }) => password)).apply((passwords) =>
            rabbitDefinitions(
                logins.map(({ app, user }, index) => ({ name: user, vhost: app, password: passwords[index]! })),
                `${args.instance}/${name}`,
            ),
        );
        const secret = this.createConfiguration(name, args, definitions);
        if (args.rotation !== undefined) {
            this.users = new RotatedRabbitUsers(
                name,
                {
                    ...args,
                    number: args.rotation,
                    apps: args.apps.map((app) => app.name),
                    definitions,
                    cookie: secret,
                    store: labels,
                    nodes: nodesOf(name, args),
                    nodesService: nodesService(name),
                },
                this,
            );
        }
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace: args.namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        storeAccess(
            name,
            { ...args, store: labels, clients: this.clientLabels, port: rabbitPorts.amqp },
            { parent: this },
        );
        storeService(
            name,
            { ...args, component: "broker", store: labels, port: rabbitPorts.amqp, portName: "amqp" },
            { parent: this },
        );
        const names = this.nameNodes(name, args, labels);
        if (args.nodes > 1) {
            this.openAmongNodes(name, args, labels);
            new PodDisruptionBudget(
                `${name}-budget`,
                { metadata: { name, namespace: args.namespace }, spec: oneAway(labels) },
                { parent: this },
            );
        }
        const server = this.createNodes(name, args, labels, secret, account, names);
        this.users?.admit([server]);
        growClaims(name, { ...args, called: name, claim: "data", replicas: args.nodes }, server, this);

        this.registerOutputs({ url: this.url });
    }

    /** The first app's password has the plain name, as that of a broker that has one. */
    private loginsOf(name: string, { apps, rotation }: RabbitBrokerArgs): readonly Login[] {
        const opts = { parent: this };
        return apps.map(({ name: app, password: given }, index) => {
            const suffix = index === 0 ? "" : `-${app}`;
            const first = `${name}-password${suffix}`;
            if (rotation === undefined) {
                return { app, user: app, password: givenOrGenerated(first, given, opts) };
            }
            return {
                app,
                user: numberedRabbitUser(app, rotation),
                password: given ?? generation(`${name}-login-password${suffix}`, rotation, opts),
            };
        });
    }

    private createConfiguration(name: string, args: RabbitBrokerArgs, definitions: pulumi.Output<string>): Secret {
        // Whoever has it is a node, or may do what one does.
        const cookie = new RandomPassword(`${name}-cookie`, { length: 64, special: false }, { parent: this });
        const { instance, namespace, size, consumerTimeout } = args;
        return new Secret(
            `${name}-configuration`,
            {
                metadata: { namespace, labels: objectLabels(instance, "broker") },
                immutable: true,
                stringData: {
                    "erlang.cookie": cookie.result,
                    ...(args.rotation === undefined && { "definitions.json": definitions }),
                    "rabbitmq.conf": rabbitConfiguration({
                        memory: size.memory,
                        nodes: nodesOf(name, args),
                        consumerTimeout,
                        definitionsPath: `${rabbitConfigurationFiles}/definitions.json`,
                    }),
                    // AMQP alone: no page and no API to administer it by.
                    enabled_plugins: "[].\n",
                },
            },
            { parent: this },
        );
    }

    /** A node keeps its data under its name, and the others look for it by that. */
    private nameNodes(name: string, args: RabbitBrokerArgs, labels: Labels): Service {
        return new Service(
            `${name}-nodes`,
            {
                metadata: {
                    name: nodesService(name),
                    namespace: args.namespace,
                    labels: objectLabels(args.instance, "broker"),
                    annotations: { "pulumi.com/skipAwait": "true" },
                },
                spec: {
                    clusterIP: "None",
                    // They need each other before any of them is ready.
                    publishNotReadyAddresses: true,
                    selector: labels,
                    ports: [
                        { name: "epmd", port: rabbitPorts.epmd, targetPort: "epmd" },
                        { name: "clustering", port: rabbitPorts.clustering, targetPort: "clustering" },
                    ],
                },
            },
            { parent: this },
        );
    }

    private openAmongNodes(name: string, args: RabbitBrokerArgs, labels: Labels): void {
        const nodes = [{ podSelector: { matchLabels: labels } }];
        const [first, last] = rabbitPorts.tools;
        const ports = [
            { protocol: "TCP", port: rabbitPorts.epmd },
            { protocol: "TCP", port: rabbitPorts.clustering },
            { protocol: "TCP", port: first, endPort: last },
        ];
        new NetworkPolicy(
            `${name}-among-nodes`,
            {
                metadata: { name: `${name}-among-nodes`, namespace: args.namespace },
                spec: {
                    podSelector: { matchLabels: labels },
                    policyTypes: ["Ingress", "Egress"],
                    ingress: [{ from: nodes, ports }],
                    egress: [{ to: nodes, ports }],
                },
            },
            { parent: this },
        );
    }

    private createNodes(
        name: string,
        args: RabbitBrokerArgs,
        labels: Labels,
        secret: Secret,
        account: ServiceAccount,
        names: Service,
    ): StatefulSet {
        return new StatefulSet(
            `${name}-server`,
            {
                metadata: { name, namespace: args.namespace, labels: objectLabels(args.instance, "broker") },
                spec: {
                    serviceName: nodesService(name),
                    replicas: args.nodes,
                    // A node that was not the last to stop waits for the one that was, and would wait for ever if it came after it.
                    podManagementPolicy: "Parallel",
                    selector: { matchLabels: labels },
                    persistentVolumeClaimRetentionPolicy: volumeRetention(args.data),
                    template: rabbitPod({
                        ...args,
                        selector: labels,
                        labels: { ...labels, ...objectLabels(args.instance, "broker") },
                        serviceAccount: account.metadata.name,
                        secret: secret.metadata.name,
                        ...(this.users && { users: this.users.secretName }),
                        nodesService: nodesService(name),
                    }),
                    volumeClaimTemplates: [
                        {
                            metadata: { name: "data" },
                            spec: {
                                accessModes: ["ReadWriteOnce"],
                                storageClassName: args.storageClass,
                                resources: { requests: { storage: args.storage } },
                            },
                        },
                    ],
                },
            },
            {
                parent: this,
                protect: args.data === "protected",
                ...keepsClaimTemplate,
                dependsOn: [names, ...(this.users === undefined ? [] : [this.users.secret])],
                // Node after node, and each waits until it may go.
                customTimeouts: { create: "15m", update: "30m", delete: "10m" },
            },
        );
    }
}

interface Login {
    /** Whose virtual host has its name. */
    readonly app: string;
    readonly user: string;
    readonly password: pulumi.Output<string>;
}

function nodesOf(name: string, { nodes }: Pick<RabbitBrokerArgs, "nodes">): string[] {
    return Array.from({ length: nodes }, (_, index) => `rabbit@${hostOf(name, index)}`);
}

function nodesService(name: string): string {
    return `${name}-nodes`;
}

/** Without the namespace, which the pods' own search list adds. */
function hostOf(name: string, index: number): string {
    return `${name}-${index}.${nodesService(name)}`;
}
