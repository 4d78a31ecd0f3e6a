// The job that lets a numbered login in at servers that run, or ends those before it: what is the same of it for each kind of server.
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import type { Resource } from "@pulumi/pulumi";
import { operationStoreLabel } from "../../lib/data-operations.ts";
import { undisturbed } from "../../lib/eviction.ts";
import { objectLabels, workloadLabels, type Labels } from "../../lib/labels.ts";
import { containerSecurity, podSecurity } from "../../lib/pod-security.ts";
import { integratedPullSecrets } from "../../lib/pull-secrets.ts";
import { resourcesOf, type Size } from "../../lib/resources.ts";
import type { Placement } from "../contract.ts";

export interface RotationJobArgs extends Placement {
    readonly step: "admit" | "retire";
    /** Of what kind the store is: `cache` or `broker`. */
    readonly component: string;
    readonly image: string;
    readonly size: Size;
    readonly user: { readonly user: number; readonly group: number };
    /** The labels that let a pod in to the servers. */
    readonly clients: Labels;
    readonly command: readonly string[];
    readonly env: readonly core.v1.EnvVar[];
    readonly volumes: readonly core.v1.Volume[];
    readonly volumeMounts: readonly core.v1.VolumeMount[];
    /** What the pod has beside. @default nothing */
    readonly pod?: Pick<core.v1.PodSpec, "subdomain">;
    /** Seconds. */
    readonly deadline: number;
    /** What has to be there before. */
    readonly after: readonly Resource[];
    /** Of the job. @default none */
    readonly annotations?: Readonly<Record<string, string>>;
}

/** @param store its name */
export function rotationJob(store: string, args: RotationJobArgs, parent: Resource): void {
    const { namespace, instance, component, step, image, deadline } = args;
    const name = `${store}-${step}`;
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
                labels: objectLabels(instance, component),
                annotations: { "pulumi.com/replaceUnready": "true", ...args.annotations },
            },
            spec: {
                backoffLimit: 6,
                activeDeadlineSeconds: deadline,
                template: {
                    metadata: {
                        labels: {
                            ...workloadLabels({ name, instance }),
                            // Of an operation only what ends one: status shows it.
                            ...objectLabels(instance, `${component}-${step === "retire" ? "rotation" : "job"}`),
                            ...(step === "retire" && { [operationStoreLabel]: store }),
                            ...args.clients,
                        },
                        annotations: undisturbed,
                    },
                    spec: {
                        serviceAccountName: account.metadata.name,
                        automountServiceAccountToken: false,
                        enableServiceLinks: false,
                        ...integratedPullSecrets(args.image),
                        restartPolicy: "Never",
                        ...args.pod,
                        securityContext: podSecurity(args.user),
                        containers: [
                            {
                                name: step,
                                image,
                                command: [...args.command],
                                env: [...args.env, { name: "STORE", value: store }, { name: "HOME", value: "/tmp" }],
                                resources: resourcesOf(args.size),
                                securityContext: containerSecurity,
                                volumeMounts: [...args.volumeMounts, { name: "tmp", mountPath: "/tmp" }],
                            },
                        ],
                        volumes: [...args.volumes, { name: "tmp", emptyDir: { sizeLimit: "16Mi" } }],
                    },
                },
            },
        },
        {
            parent,
            dependsOn: [...args.after],
            replaceOnChanges: ["spec"],
            customTimeouts: { create: `${deadline + 120}s` },
        },
    );
}
