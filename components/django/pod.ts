// The pod that web, workers, beat, shell and release jobs have in common.
import type { Input } from "@pulumi/pulumi";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { appLabels, objectLabels, type Labels } from "../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import type { ByteQuantity } from "../../lib/quantities.ts";
import { resourcesOf, usualTmp, type Size } from "../../lib/resources.ts";
import type { Configuration } from "./configuration.ts";
import type { DjangoArgs } from "./contract.ts";

/** What is the same in every pod of an app. */
export interface PodBase {
    readonly args: DjangoArgs;
    readonly configuration: Configuration;
    readonly serviceAccount: Input<string>;
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
    /** @default false */
    readonly writesAssets?: boolean;
    /** @default none */
    readonly extraSecret?: Input<string>;
    /** Probes, ports and hooks. @default none */
    readonly container?: Partial<core.v1.Container>;
    /** @default none */
    readonly pod?: Partial<core.v1.PodSpec>;
}

export function djangoPod(base: PodBase, pod: PodArgs): core.v1.PodTemplateSpec {
    const { args, configuration, serviceAccount } = base;
    const { assets } = args.stores;
    return {
        metadata: {
            labels: {
                ...pod.labels,
                ...objectLabels(args.instance, "django"),
                ...appLabels(args.app),
                ...reachLabels(args),
            },
        },
        spec: {
            serviceAccountName: serviceAccount,
            automountServiceAccountToken: false,
            // Variables such as DATABASE_PORT=tcp://... of every Service in the namespace collide with an app's own.
            enableServiceLinks: false,
            imagePullSecrets: configuration.imagePullSecrets,
            securityContext: podSecurity(args.runAs),
            terminationGracePeriodSeconds: pod.gracePeriod,
            containers: [container(base, pod)],
            volumes: [
                { name: "tmp", emptyDir: { sizeLimit: pod.tmp ?? usualTmp } },
                ...configuration.volumes,
                ...(assets.volume === undefined
                    ? []
                    : [{ name: "assets", persistentVolumeClaim: { claimName: assets.volume.claim } }]),
            ],
            ...pod.pod,
        },
    };
}

function container({ args, configuration }: PodBase, pod: PodArgs): core.v1.Container {
    const { assets } = args.stores;
    return {
        name: pod.role,
        image: args.image,
        command: [...pod.command],
        envFrom: [
            ...configuration.envFrom,
            ...(pod.extraSecret === undefined ? [] : [{ secretRef: { name: pod.extraSecret } }]),
        ],
        // Libraries keep caches and sockets below HOME, which is read-only in the image.
        env: [{ name: "HOME", value: "/tmp" }],
        resources: resourcesOf(pod.size, pod.tmp),
        securityContext: containerSecurity,
        volumeMounts: [
            { name: "tmp", mountPath: "/tmp" },
            ...configuration.volumeMounts,
            ...(assets.volume === undefined
                ? []
                : [
                      {
                          name: "assets",
                          mountPath: assets.volume.path,
                          readOnly: pod.writesAssets !== true,
                          ...(args.prefixes?.files !== undefined && {
                              subPath: args.prefixes.files.replace(/\/$/, ""),
                          }),
                      },
                  ]),
        ],
        ...pod.container,
    };
}

/** Every process uses every store: a task may do what a view does. */
function reachLabels({ stores: { database, cache, broker } }: DjangoArgs): Labels {
    return { ...database.clientLabels, ...cache?.clientLabels, ...broker?.clientLabels };
}
