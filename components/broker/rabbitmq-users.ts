// Numbered users of RabbitMQ: what a node imports when it starts, and the jobs that let them in at nodes that run, and those before them
// out again once nobody comes with one any more. The nodes themselves never start anew for it.
import { readFileSync } from "node:fs";
import type { core } from "@pulumi/kubernetes/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { objectLabels, reaches, type Labels } from "../../lib/labels.ts";
import { rabbitToolSize } from "../../lib/resources.ts";
import type { Placement } from "../contract.ts";
import { storeAccess } from "../network/store-access.ts";
import { rotationJob } from "../password/rotation-job.ts";
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
        const { number, definitions } = this.args;
        // Under a name of its own, so that the job runs for another password of the same number too.
        const logins = new Secret(
            `${this.name}-logins`,
            { metadata: this.metadata(), immutable: true, stringData: { "definitions.json": definitions } },
            { parent: this.parent },
        );
        this.job(
            "admit",
            [String(number), `${usersPath}/definitions.json`],
            {
                deadline,
                after: [...nodes, this.secret],
                volumes: [{ name: "users", secret: { secretName: logins.metadata.name } }],
                volumeMounts: [{ name: "users", mountPath: usersPath, readOnly: true }],
            },
            this.parent,
        );
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
        step: "admit" | "retire",
        args: readonly string[],
        { volumes = [], volumeMounts = [], ...rest }: Step,
        parent: pulumi.ComponentResource,
    ): void {
        const { version, apps, nodes, cookie, nodesService } = this.args;
        rotationJob(
            this.name,
            {
                ...this.args,
                ...rest,
                step,
                component: "broker",
                image: this.args.image ?? rabbitImage(version),
                size: rabbitToolSize,
                user: rabbitUser,
                clients: this.reaches(),
                command: ["sh", `${scripts}/users.sh`, step, ...args, apps.join(" "), ...nodes],
                env: [{ name: "COOKIE", value: `${cookiePath}/erlang.cookie` }],
                // Erlang's long names need a domain, and a pod has one below a Service.
                pod: { subdomain: nodesService },
                volumes: [
                    { name: "scripts", configMap: { name: this.files.metadata.name } },
                    {
                        name: "cookie",
                        secret: {
                            secretName: cookie.metadata.name,
                            items: [{ key: "erlang.cookie", path: "erlang.cookie" }],
                        },
                    },
                    ...volumes,
                ],
                volumeMounts: [
                    { name: "scripts", mountPath: scripts, readOnly: true },
                    { name: "cookie", mountPath: cookiePath, readOnly: true },
                    ...volumeMounts,
                ],
            },
            parent,
        );
    }
}

interface Step {
    /** Seconds. */
    readonly deadline: number;
    readonly after: readonly pulumi.Resource[];
    /** @default none */
    readonly annotations?: Readonly<Record<string, string>>;
    /** Beside its script and the cookie. @default none */
    readonly volumes?: readonly core.v1.Volume[];
    readonly volumeMounts?: readonly core.v1.VolumeMount[];
}
