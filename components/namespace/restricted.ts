// A namespace under Pod Security 'restricted' and a default-deny network (R37, R46, R47).
import * as pulumi from "@pulumi/pulumi";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange.js";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import { environmentOfKind, objectLabels, timeToLiveLabel, type Labels } from "../../lib/labels.ts";
import { notPublic } from "../../lib/not-public.ts";
import type { ByteQuantity, CpuQuantity } from "../../lib/quantities.ts";
import type { DataPolicy } from "../contract.ts";
import type { IsolatedNamespace } from "./contract.ts";

export interface Quota {
    readonly cpu: CpuQuantity;
    readonly memory: ByteQuantity;
    /** Of all volumes. */
    readonly storage: ByteQuantity;
    readonly pods: number;
    /** Services that are ways in: load balancers, which are billed by the hour, and ports of all nodes. @default 0 */
    readonly loadBalancers?: number;
    readonly nodePorts?: number;
}

export interface RestrictedNamespaceArgs {
    /** The namespace's name. */
    readonly name: string;
    /** Shown as a label, so that one can list the environments of a kind. */
    readonly environmentKind: string;
    /** Nodes and controllers, which have to outlive it: without them its objects are never removed (R72). @default nothing */
    readonly after?: readonly pulumi.Resource[];
    /** More labels: what the environment borrows of others. @default none */
    readonly labels?: Labels;
    /** What is told of it beside that. @default none */
    readonly annotations?: Readonly<Record<string, string>>;
    /** How long it may live, for example "72h": a label that a sweeper reads (R70). @default for ever */
    readonly timeToLive?: string;
    /** All that its pods and volumes may reserve together (R70). @default no limit */
    readonly quota?: Quota;
    /** `protected` refuses to delete the namespace, with all that is in it. */
    readonly data: DataPolicy;
}

export class RestrictedNamespace extends pulumi.ComponentResource implements IsolatedNamespace {
    readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: RestrictedNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:namespace:Restricted", name, {}, opts);

        const namespace = this.createNamespace(name, args);
        this.namespace = namespace.metadata.name;
        this.denyAll(name);
        this.allowNameResolution(name);
        if (args.quota !== undefined) {
            this.limit(name, args.quota);
        }

        this.registerOutputs({ namespace: this.namespace });
    }

    private createNamespace(name: string, args: RestrictedNamespaceArgs): Namespace {
        const modes = ["enforce", "audit", "warn"];
        return new Namespace(
            name,
            {
                metadata: {
                    name: args.name,
                    ...(args.annotations && { annotations: args.annotations }),
                    labels: {
                        ...objectLabels(args.name, "namespace"),
                        ...environmentOfKind(args.environmentKind),
                        ...(args.timeToLive !== undefined && { [timeToLiveLabel]: args.timeToLive }),
                        ...args.labels,
                        ...Object.fromEntries(
                            modes.map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
                        ),
                    },
                },
            },
            { parent: this, protect: args.data === "protected", dependsOn: [...(args.after ?? [])] },
        );
    }

    private denyAll(name: string): void {
        new NetworkPolicy(
            `${name}-deny-all`,
            {
                metadata: { name: "deny-all", namespace: this.namespace },
                spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
            },
            { parent: this },
        );
    }

    /**
     * To any address, because a resolver may run in pods, on the nodes or on a link-local address. The private ranges are named
     * besides: EKS looks up an address in the narrowest range that a pod's rules name, and closes those that one of them leaves
     * out (an app's way to public HTTPS) to every rule that does not name just these. Ranges alone do not lead to pods everywhere.
     *
     * @see https://github.com/aws/aws-network-policy-agent/issues/326
     */
    private allowNameResolution(name: string): void {
        const ports = ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 }));
        new NetworkPolicy(
            `${name}-allow-dns`,
            {
                metadata: { name: "allow-dns", namespace: this.namespace },
                spec: {
                    podSelector: {},
                    policyTypes: ["Egress"],
                    egress: [{ ports }, { to: notPublic.map((cidr) => ({ ipBlock: { cidr } })), ports }],
                },
            },
            { parent: this },
        );
    }

    /** Not even by mistake does one environment take the cluster's room, or a load balancer that is billed by the hour. */
    private limit(name: string, { cpu, memory, storage, pods, loadBalancers = 0, nodePorts = 0 }: Quota): void {
        new ResourceQuota(
            `${name}-quota`,
            {
                metadata: { name: "quota", namespace: this.namespace },
                spec: {
                    hard: {
                        "requests.cpu": cpu,
                        "requests.memory": memory,
                        "requests.storage": storage,
                        pods: String(pods),
                        "services.loadbalancers": String(loadBalancers),
                        "services.nodeports": String(nodePorts),
                    },
                },
            },
            { parent: this },
        );
        new LimitRange(
            `${name}-limits`,
            {
                metadata: { name: "limits", namespace: this.namespace },
                // For pods that say nothing themselves, such as one of `kubectl run`: the quota would refuse them.
                spec: {
                    limits: [
                        {
                            type: "Container",
                            default: { memory: "256Mi" },
                            defaultRequest: { cpu: "50m", memory: "256Mi" },
                        },
                    ],
                },
            },
            { parent: this },
        );
    }
}
