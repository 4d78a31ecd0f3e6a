// The pod that web, workers, beat, shell, scheduled commands and release jobs have in common.
import type { Input } from "@pulumi/pulumi";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { mayGoWith, undisturbed } from "../../lib/eviction.ts";
import { appLabels, objectLabels, instanceLabel, oneNode, type Labels } from "../../lib/labels.ts";
import { together } from "../../lib/pod-disruption.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import type { ByteQuantity } from "../../lib/quantities.ts";
import { resourcesOf, usualTmp, type Size } from "../../lib/resources.ts";
import type { Configuration } from "./configuration.ts";
import type { DjangoArgs } from "./contract.ts";
import type { PodVolumes } from "./volumes.ts";

/** What is the same in every pod of an app. */
export interface PodBase {
    readonly args: DjangoArgs;
    readonly configuration: Configuration;
    readonly volumes: PodVolumes;
    readonly serviceAccount: Input<string>;
    /** The ServiceAccount of what writes static files. @default `serviceAccount` */
    readonly staticWriter?: Input<string>;
}

export interface PodArgs {
    /** The container's name: what the pod does. */
    readonly role: string;
    readonly labels: Labels;
    readonly command: readonly string[];
    readonly size: Size;
    /** Size of /tmp. @default 256Mi */
    readonly tmp?: ByteQuantity;
    /** Seconds between SIGTERM and SIGKILL. */
    readonly gracePeriod: number;
    /** Whether it writes static files: their volume, or their bucket. @default false */
    readonly writesAssets?: boolean;
    /** Variables of this pod alone. @default none */
    readonly environment?: Readonly<Record<string, string>>;
    /** Whether its node is kept until it has ended (R80, R104). @default false */
    readonly stays?: boolean;
    /** Hosts beside which the pod's own address counts as one. @default the app is told its hosts, like every pod */
    readonly hostsAndAddress?: readonly string[];
    /** @default none */
    readonly extraSecret?: Input<string>;
    /** A ConfigMap that is mounted for this pod alone. @default none */
    readonly files?: { readonly configMap: Input<string>; readonly path: string };
    /** Whether it goes to the database server itself, past a pooler. @default false */
    readonly direct?: boolean;
    /** Probes, ports and hooks. @default none */
    readonly container?: Partial<core.v1.Container>;
    /** @default none */
    readonly pod?: Partial<core.v1.PodSpec>;
}

export function djangoPod(base: PodBase, pod: PodArgs): core.v1.PodTemplateSpec {
    const { args, configuration, volumes, serviceAccount, staticWriter = serviceAccount } = base;
    const group = volumes.oneNode === undefined ? undefined : oneNode(volumes.oneNode);
    return {
        metadata: {
            labels: {
                ...pod.labels,
                ...objectLabels(args.instance, "django"),
                ...appLabels(args.app),
                ...reachLabels(args, pod),
                ...group,
            },
            annotations: pod.stays === true ? undisturbed : mayGoWith("tmp"),
        },
        spec: {
            serviceAccountName: pod.writesAssets === true ? staticWriter : serviceAccount,
            automountServiceAccountToken: false,
            // Variables such as DATABASE_PORT=tcp://... of every Service in the namespace collide with an app's own.
            enableServiceLinks: false,
            imagePullSecrets: configuration.imagePullSecrets,
            securityContext: podSecurity(args.runAs),
            terminationGracePeriodSeconds: pod.gracePeriod,
            ...(group && { affinity: together({ ...instanceLabel(args.instance), ...group }) }),
            containers: [container(base, pod)],
            volumes: [
                { name: "tmp", emptyDir: { sizeLimit: pod.tmp ?? usualTmp } },
                ...configuration.volumes,
                ...volumes.volumes,
                ...(pod.files === undefined ? [] : [{ name: "job", configMap: { name: pod.files.configMap } }]),
            ],
            ...pod.pod,
        },
    };
}

function container({ args, configuration, volumes }: PodBase, pod: PodArgs): core.v1.Container {
    return {
        name: pod.role,
        image: args.image,
        command: [...pod.command],
        envFrom: [
            ...configuration.envFrom,
            ...(pod.direct === true ? configuration.direct : []),
            ...(pod.writesAssets === true ? configuration.staticKey : []),
            ...(pod.extraSecret === undefined ? [] : [{ secretRef: { name: pod.extraSecret } }]),
        ],
        // Libraries keep caches and sockets below HOME, which is read-only in the image.
        env: [
            { name: "HOME", value: "/tmp" },
            ...podAddress(args, pod),
            ...Object.entries(pod.environment ?? {}).map(([name, value]) => ({ name, value })),
        ],
        resources: resourcesOf(pod.size, pod.tmp),
        securityContext: containerSecurity,
        volumeMounts: [
            { name: "tmp", mountPath: "/tmp" },
            ...configuration.volumeMounts,
            ...volumes.mounts(pod.writesAssets === true),
            ...(pod.files === undefined ? [] : [{ name: "job", mountPath: pod.files.path, readOnly: true }]),
        ],
        ...pod.container,
    };
}

/** Of an IPv6 address both ways of writing it; Kubernetes puts it in where the container starts. */
function podAddress({ environmentPrefix: prefix }: DjangoArgs, { hostsAndAddress: hosts }: PodArgs): core.v1.EnvVar[] {
    return hosts === undefined
        ? []
        : [
              { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
              { name: `${prefix}ALLOWED_HOSTS`, value: [...hosts, "$(POD_IP)", "[$(POD_IP)]"].join(",") },
          ];
}

/** Every process uses every store: a task may do what a view does. */
function reachLabels({ stores: { database, cache, broker } }: DjangoArgs, { direct = false }: PodArgs): Labels {
    const { clientLabels } = (direct ? database.direct : undefined) ?? database;
    return {
        ...clientLabels,
        ...database.replica?.clientLabels,
        ...cache?.clientLabels,
        ...broker?.clientLabels,
    };
}
