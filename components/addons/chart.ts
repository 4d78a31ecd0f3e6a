// A chart from its repository, in a namespace of its own.
import type * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import { objectLabels } from "../../lib/labels.ts";
import { withNative } from "../../lib/native.ts";
import { podSecurity } from "../../lib/pod-security.ts";
import type { AddonArgs } from "./contract.ts";

export interface Chart {
    /** A name in `repository`, or `oci://...` without one. */
    readonly chart: string;
    readonly repository?: string;
    /** Exact: a chart never changes by itself. */
    readonly version: string;
}

type Values = Readonly<Record<string, unknown>>;

export interface InstalledChart {
    /** The release's name too. */
    readonly namespace: string;
    readonly chart: Chart;
    readonly values: Values;
    /** Ports that pods of the chart may be reached at: webhooks by the API server, entry points by everyone. @default none */
    readonly ingress?: readonly number[];
    /** Ports that they may reach, wherever; "any" for what talks to the pods of others. */
    readonly egress: readonly number[] | "any";
    /** Leaves out the resource definitions in the chart's directory `crds`. @default false */
    readonly skipCrds?: boolean;
}

/** The API server of a cloud's cluster, and of one that kubeadm made; the clouds' own APIs. */
export const apiPorts: readonly number[] = [443, 6443];

/** EKS Pod Identity's agent answers on a link-local address of the node, at port 80. */
export const podIdentityPorts: readonly number[] = [...apiPorts, 80];

/** How many pods of a controller: of two, one works while the other's node is drained. */
export function controllerReplicas({ data }: AddonArgs): 1 | 2 {
    return data === "protected" ? 2 : 1;
}

/** @param user numeric user and group of the image */
export function podSecurityFor(user: number): core.v1.PodSecurityContext {
    return podSecurity({ user, group: user });
}

/** A namespace under Pod Security 'restricted', closed but for what the chart needs. */
export function addonNamespace(
    name: string,
    installed: InstalledChart,
    args: AddonArgs,
    parent: pulumi.Resource,
): Namespace {
    const modes = ["enforce", "audit", "warn"];
    const namespace = new Namespace(
        `${name}-namespace`,
        {
            metadata: {
                name: installed.namespace,
                labels: {
                    ...objectLabels(args.instance, "addon"),
                    ...Object.fromEntries(modes.map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"])),
                },
            },
        },
        { parent },
    );
    const { ingress = [], egress } = installed;
    new NetworkPolicy(
        `${name}-network`,
        {
            metadata: { name: installed.namespace, namespace: namespace.metadata.name },
            spec: {
                podSelector: {},
                policyTypes: ["Ingress", "Egress"],
                ingress: ingress.length === 0 ? [] : [{ ports: ingress.map((port) => ({ protocol: "TCP", port })) }],
                egress: egress === "any" ? [{}] : [{ ports: egressPorts(egress) }],
            },
        },
        { parent },
    );
    return namespace;
}

function egressPorts(ports: readonly number[]): Array<{ protocol: string; port: number }> {
    return [
        ...["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })),
        ...ports.map((port) => ({ protocol: "TCP", port })),
    ];
}

/** A Release, because it is Helm itself: hooks run, and an upgrade that fails is rolled back. */
export function installChart(
    name: string,
    { chart: { chart, repository, version }, namespace: releaseName, values, skipCrds = false }: InstalledChart,
    args: AddonArgs,
    namespace: Namespace,
    opts: pulumi.CustomResourceOptions & { readonly parent: pulumi.Resource },
): Release {
    return new Release(
        `${name}-release`,
        {
            // Given: else every chart's objects would be named after a random word.
            name: releaseName,
            chart,
            version,
            ...(repository !== undefined && { repositoryOpts: { repo: repository } }),
            namespace: namespace.metadata.name,
            createNamespace: false,
            skipCrds,
            values: withNative(values, args.native),
            atomic: true,
            skipAwait: false,
            timeout: 600,
            maxHistory: 5,
        },
        { ...opts, customTimeouts: { create: "15m", update: "15m", delete: "10m" } },
    );
}
