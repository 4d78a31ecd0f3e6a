// The pod of one RabbitMQ node.
import type { Input } from "@pulumi/pulumi";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { mayGoWith, undisturbed } from "../../lib/eviction.ts";
import type { Labels } from "../../lib/labels.ts";
import { spread } from "../../lib/pod-disruption.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../lib/pull-secrets.ts";
import { resourcesOf, type Size } from "../../lib/resources.ts";

export type RabbitVersion = "4.0" | "4.1" | "4.2";

/** @see https://hub.docker.com/_/rabbitmq */
const officialImages: Record<RabbitVersion, string> = {
    "4.0": "docker.io/library/rabbitmq:4.0.9",
    "4.1": "docker.io/library/rabbitmq:4.1.8",
    "4.2": "docker.io/library/rabbitmq:4.2.5",
};

export function rabbitImage(version: RabbitVersion): string {
    return officialImages[version];
}

/** The user and group of the Debian-based official image. */
export const rabbitUser = { user: 999, group: 999 };

/** @see https://www.rabbitmq.com/docs/networking#ports */
export const rabbitPorts = {
    amqp: 5672,
    epmd: 4369,
    clustering: 25672,
    /** First and last of those where `rabbitmqctl` itself is called back: what it asks of one node, the others answer too. */
    tools: [35672, 35682],
} as const;

export const rabbitConfigurationFiles = "/etc/django-on-kubernetes/rabbitmq";
const dataPath = "/var/lib/rabbitmq";

/** Seconds that a node waits at most until its queues can do without it, and then until it has handed them over. */
const handOver = { queues: 120, drain: 30 };

export interface RabbitPodArgs {
    readonly version: RabbitVersion;
    /** @default the official image of `version` */
    readonly image?: string;
    readonly size: Size;
    readonly nodes: number;
    /** What the workload's selector matches. */
    readonly selector: Labels;
    readonly labels: Labels;
    readonly serviceAccount: Input<string>;
    /** A Secret with rabbitmq.conf, enabled_plugins, erlang.cookie, and definitions.json if `users` has none. */
    readonly secret: Input<string>;
    /** A Secret with definitions.json that changes under its name. @default `secret` has it */
    readonly users?: string;
    /** The Service below whose name each pod has one of its own. */
    readonly nodesService: string;
}

export function rabbitPod(args: RabbitPodArgs): core.v1.PodTemplateSpec {
    const alone = args.nodes === 1;
    return {
        metadata: {
            labels: args.labels,
            // Of three, one at a time may go: the others have its queues, and a PodDisruptionBudget holds them (R80).
            annotations: alone ? undisturbed : mayGoWith("tmp"),
        },
        spec: {
            serviceAccountName: args.serviceAccount,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            ...integratedPullSecrets(args.image),
            securityContext: podSecurity(rabbitUser),
            terminationGracePeriodSeconds: alone ? 60 : handOver.queues + handOver.drain + 60,
            initContainers: [prepare(args)],
            containers: [node(args)],
            volumes: [
                { name: "configuration", ...configurationOf(args) },
                { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
            ],
            ...(!alone && { topologySpreadConstraints: spread(args.selector, "StatefulSet") }),
        },
    };
}

/** By name, so that a preview shows that they are there, whose content is not known yet. */
function configurationOf({ secret, users }: RabbitPodArgs): Omit<core.v1.Volume, "name"> {
    const files = (...names: readonly string[]) => names.map((name) => ({ key: name, path: name }));
    if (users === undefined) {
        return {
            secret: {
                secretName: secret,
                items: files("rabbitmq.conf", "definitions.json", "enabled_plugins", "erlang.cookie"),
            },
        };
    }
    return {
        projected: {
            sources: [
                { secret: { name: secret, items: files("rabbitmq.conf", "enabled_plugins", "erlang.cookie") } },
                { secret: { name: users, items: files("definitions.json") } },
            ],
        },
    };
}

const dataMount = { name: "data", mountPath: dataPath };
const configurationMount = { name: "configuration", mountPath: rabbitConfigurationFiles, readOnly: true };

/**
 * Erlang takes its cookie only from a file that nobody else can read, which a mounted Secret's never is; and a node ends at once
 * that does not find its own name in the cluster's DNS, where that comes a moment after the pod.
 */
function prepare(args: RabbitPodArgs): core.v1.Container {
    return {
        name: "prepare",
        image: args.image ?? rabbitImage(args.version),
        command: [
            "sh",
            "-c",
            [
                `rm -f ${dataPath}/.erlang.cookie`,
                `install -m 0400 ${rabbitConfigurationFiles}/erlang.cookie ${dataPath}/.erlang.cookie`,
                `for try in $(seq 60); do getent hosts "$POD_NAME.${args.nodesService}" > /dev/null && exit 0; sleep 1; done`,
                `echo "$POD_NAME.${args.nodesService} is not in the cluster's DNS" >&2; exit 1`,
            ].join("\n"),
        ],
        env: [podName],
        resources: resourcesOf(args.size),
        securityContext: containerSecurity,
        volumeMounts: [dataMount, configurationMount],
    };
}

const podName: core.v1.EnvVar = { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } };

function node(args: RabbitPodArgs): core.v1.Container {
    // The port opens when the node is up and part of its cluster. RabbitMQ's own checks start an Erlang each, a second of CPU every
    // time; and a node that is slow or waits for another must not be restarted for it, so nothing asks whether it lives.
    const listens = { tcpSocket: { port: "amqp" } };
    return {
        name: "rabbitmq",
        image: args.image ?? rabbitImage(args.version),
        command: ["rabbitmq-server"],
        env: [
            podName,
            { name: "HOME", value: dataPath },
            { name: "RABBITMQ_NODENAME", value: `rabbit@$(POD_NAME).${args.nodesService}` },
            { name: "RABBITMQ_USE_LONGNAME", value: "true" },
            { name: "RABBITMQ_CONFIG_FILE", value: `${rabbitConfigurationFiles}/rabbitmq.conf` },
            { name: "RABBITMQ_ENABLED_PLUGINS_FILE", value: `${rabbitConfigurationFiles}/enabled_plugins` },
            { name: "RABBITMQ_LOGS", value: "-" },
            // Idle threads wait instead of spinning, and are bound to no processor: there are other pods on the machine.
            {
                name: "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                value: "+sbwt none +sbwtdcpu none +sbwtdio none +stbt u",
            },
        ],
        ports: [
            { name: "amqp", containerPort: rabbitPorts.amqp },
            { name: "epmd", containerPort: rabbitPorts.epmd },
            { name: "clustering", containerPort: rabbitPorts.clustering },
        ],
        // A node that comes back waits five minutes for the others.
        startupProbe: { ...listens, periodSeconds: 2, failureThreshold: 300 },
        readinessProbe: { ...listens, periodSeconds: 10, timeoutSeconds: 5 },
        ...(args.nodes > 1 && { lifecycle: { preStop: { exec: { command: leaveInPeace } } } }),
        resources: resourcesOf(args.size),
        securityContext: containerSecurity,
        volumeMounts: [dataMount, configurationMount, { name: "tmp", mountPath: "/tmp" }],
    };
}

/**
 * So that a node that another one's return has not yet replaced is not taken away too.
 *
 * @see https://www.rabbitmq.com/docs/upgrade#maintenance-mode
 */
const leaveInPeace = [
    "sh",
    "-c",
    `rabbitmq-upgrade await_online_quorum_plus_one --timeout ${handOver.queues}; rabbitmq-upgrade drain --timeout ${handOver.drain}`,
];
