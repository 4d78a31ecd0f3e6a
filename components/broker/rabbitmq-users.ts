// Numbered users of RabbitMQ: what a node imports when it starts, and the jobs that let them in at nodes that run, and those before them
// out again once nobody comes with one any more. The nodes themselves never start anew for it.
import { readFileSync } from "node:fs";
import type * as pulumi from "@pulumi/pulumi";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { operationStoreLabel } from "../../lib/data-operations.ts";
import { undisturbed } from "../../lib/eviction.ts";
import { objectLabels, reaches, workloadLabels, type Labels } from "../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../lib/pull-secrets.ts";
import { rabbitToolSize, resourcesOf } from "../../lib/resources.ts";
import type { Placement } from "../contract.ts";
import { storeAccess } from "../network/store-access.ts";
import { rabbitImage, rabbitPorts, rabbitUser, type RabbitVersion } from "./rabbitmq-pod.ts";

export interface RotatedRabbitUsersArgs extends Placement {
    readonly version: RabbitVersion;
    /** @default the official image of `version` */
    readonly image?: string;
    readonly number: number;
    /** The apps that have a user each. */
    readonly apps: readonly string[];
    /** definitions.json, with the users of the number. */
    readonly definitions: pulumi.Output<string>;
    /** A Secret with erlang.cookie. */
    readonly cookie: Secret;
    /** The labels of the nodes' pods. */
    readonly store: Labels;
    /** The nodes' names, `rabbit@broker-0.broker-nodes`. */
    readonly nodes: readonly string[];
    /** The Service that gives the nodes their names. */
    readonly nodesService: string;
}

const scripts = "/etc/rabbitmq-scripts";
const cookiePath = "/etc/rabbitmq-cookie";
const usersPath = "/etc/rabbitmq-users";

/** Seconds. */
const deadline = 300;

export class RotatedRabbitUsers {
    /** Of a Secret with definitions.json, for good, so that a node's pod stays as it is while it is replaced. */
    readonly secretName: string;
    /** What has to be there before a node. */
    readonly secret: Secret;
    private readonly name: string;
    private readonly args: RotatedRabbitUsersArgs;
    private readonly parent: pulumi.ComponentResource;
    private readonly files: ConfigMap;

    /** @param name the store's */
    constructor(name: string, args: RotatedRabbitUsersArgs, parent: pulumi.ComponentResource) {
        this.name = name;
        this.args = args;
        this.parent = parent;
        const { namespace } = args;
        const metadata = this.metadata();
        this.secretName = `${name}-users`;
        this.secret = new Secret(
            `${name}-users`,
            { metadata: { ...metadata, name: this.secretName }, stringData: { "definitions.json": args.definitions } },
            { parent },
        );
        const script = readFileSync(new URL("scripts/users.sh", import.meta.url), "utf8");
        this.files = new ConfigMap(
            `${name}-scripts`,
            { metadata, immutable: true, data: { "users.sh": script } },
            { parent },
        );
        // How nodes speak among themselves: whoever administers them is one of them.
        storeAccess(
            `${name}-users`,
            {
                ...args,
                namespace,
                clients: this.reaches(),
                port: [rabbitPorts.epmd, rabbitPorts.clustering],
            },
            { parent },
        );
    }

    /** @param nodes what has to run before */
    admit(nodes: readonly pulumi.Resource[]): void {
        const { number } = this.args;
        const definitions = `${usersPath}/definitions.json`;
        this.job("admit", [String(number), definitions], { deadline, after: [...nodes, this.secret] }, this.parent);
    }

    /**
     * Once the pods of the release before have gone.
     *
     * @param grace seconds that they may take for that
     * @param after the rollout
     */
    retire(grace: number, after: readonly pulumi.Resource[], parent: pulumi.ComponentResource): void {
        const { number } = this.args;
        // The update ends while it waits: nothing that comes after needs it.
        const annotations = { "pulumi.com/skipAwait": "true" };
        this.job("retire", [String(number), String(grace)], { deadline: grace + deadline, after, annotations }, parent);
    }

    private metadata() {
        const { namespace, instance } = this.args;
        return { namespace, labels: objectLabels(instance, "broker") };
    }

    private reaches(): Labels {
        return reaches(`${this.name}-nodes`);
    }

    private job(
        step: string,
        args: readonly string[],
        { deadline, after, annotations = {} }: Step,
        parent: pulumi.ComponentResource,
    ): void {
        const { namespace, instance, version, apps, nodes, cookie, nodesService, number } = this.args;
        const name = `${this.name}-${step}`;
        const image = this.args.image ?? rabbitImage(version);
        const account = new ServiceAccount(
            `${name}-account`,
            { metadata: { name, namespace }, automountServiceAccountToken: false },
            { parent },
        );
        new Job(
            name,
            {
                metadata: {
                    namespace,
                    labels: objectLabels(instance, "broker"),
                    annotations: { "pulumi.com/replaceUnready": "true", ...annotations },
                },
                spec: {
                    backoffLimit: 6,
                    activeDeadlineSeconds: deadline,
                    template: {
                        metadata: {
                            labels: {
                                ...workloadLabels({ name, instance }),
                                // Of an operation only what ends one: status shows it.
                                ...objectLabels(instance, step === "retire" ? "broker-rotation" : "broker-job"),
                                ...(step === "retire" && { [operationStoreLabel]: this.name }),
                                ...this.reaches(),
                            },
                            // The number, for a Secret of the same name says nothing of what is in it.
                            annotations: { ...undisturbed, "django-on-kubernetes/rotation": String(number) },
                        },
                        spec: {
                            serviceAccountName: account.metadata.name,
                            automountServiceAccountToken: false,
                            enableServiceLinks: false,
                            ...integratedPullSecrets(image),
                            restartPolicy: "Never",
                            // Erlang's long names need a domain, and a pod has one below a Service.
                            subdomain: nodesService,
                            securityContext: podSecurity(rabbitUser),
                            containers: [
                                {
                                    name: step,
                                    image,
                                    command: ["sh", `${scripts}/users.sh`, step, ...args, apps.join(" "), ...nodes],
                                    env: [
                                        { name: "COOKIE", value: `${cookiePath}/erlang.cookie` },
                                        { name: "STORE", value: this.name },
                                        { name: "HOME", value: "/tmp" },
                                    ],
                                    resources: resourcesOf(rabbitToolSize),
                                    securityContext: containerSecurity,
                                    volumeMounts: [
                                        { name: "scripts", mountPath: scripts, readOnly: true },
                                        { name: "cookie", mountPath: cookiePath, readOnly: true },
                                        ...(step === "admit"
                                            ? [{ name: "users", mountPath: usersPath, readOnly: true }]
                                            : []),
                                        { name: "tmp", mountPath: "/tmp" },
                                    ],
                                },
                            ],
                            volumes: [
                                { name: "scripts", configMap: { name: this.files.metadata.name } },
                                {
                                    name: "cookie",
                                    secret: {
                                        secretName: cookie.metadata.name,
                                        items: [{ key: "erlang.cookie", path: "erlang.cookie" }],
                                    },
                                },
                                ...(step === "admit"
                                    ? [{ name: "users", secret: { secretName: this.secretName } }]
                                    : []),
                                { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
                            ],
                        },
                    },
                },
            },
            {
                parent,
                dependsOn: [...after],
                replaceOnChanges: ["spec"],
                customTimeouts: { create: `${deadline + 120}s` },
            },
        );
    }
}

interface Step {
    /** Seconds. */
    readonly deadline: number;
    readonly after: readonly pulumi.Resource[];
    /** @default none */
    readonly annotations?: Readonly<Record<string, string>>;
}
