// DigitalOcean Kubernetes: a control plane behind a firewall, and pools of nodes that grow and shrink by themselves.
import * as pulumi from "@pulumi/pulumi";
import { KubernetesCluster } from "@pulumi/digitalocean/kubernetesCluster.js";
import { KubernetesNodePool } from "@pulumi/digitalocean/kubernetesNodePool.js";
import { cloudName } from "../../../lib/cloud-name.ts";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";
import type { Cluster, NetworkPolicySupport } from "../contract.ts";
import { doksKubeconfig } from "./kubeconfig.ts";

/** Nodes of one kind. */
export interface DoksNodePool {
    /** A Droplet slug, for example `s-4vcpu-8gb`. Another one replaces the pool: new nodes come first, then the old ones are drained. */
    readonly size: string;
    /** At least one: DOKS does not scale a pool to nothing. */
    readonly min: number;
    readonly max: number;
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: ReadonlyArray<{ readonly key: string; readonly value: string; readonly effect: string }>;
}

/** Arguments of the resources over ours, by DigitalOcean's own names. */
export interface DoksNative {
    readonly cluster?: Readonly<Record<string, unknown>>;
    /** Of every pool in `pools`. */
    readonly nodePool?: Readonly<Record<string, unknown>>;
}

export interface DoksClusterArgs {
    /** The platform's name among all of an account. */
    readonly instance: string;
    readonly data: DataPolicy;
    readonly region: string;
    readonly vpcId: pulumi.Input<string>;
    /** Pods' and Services' addresses, in no network of the account. With them the cluster is VPC-native: Cilium's Gateway needs that. */
    readonly podRange: string;
    readonly serviceRange: string;
    /**
     * A minor version ("1.34") is where the cluster begins: DOKS installs patches in the maintenance window, and nothing here
     * upgrades it. A slug ("1.34.1-do.0") is kept exactly: a higher one upgrades the cluster in place.
     */
    readonly version: string;
    /** Several control planes: once on, it cannot be turned off. */
    readonly highlyAvailable: boolean;
    /** Who may talk to the API server, besides the cluster's own nodes. */
    readonly apiCidrs: readonly string[];
    /** UTC. */
    readonly maintenance: { readonly day: string; readonly startTime: string };
    /** The pool that comes with the cluster. Taken at creation only, because a change would replace the cluster. */
    readonly firstPool: { readonly size: string; readonly nodes: number };
    /** By name: adding or removing one touches no other. */
    readonly pools: Readonly<Record<string, DoksNodePool>>;
    /** Whether nodes pull from the account's registry without a pull secret. */
    readonly registryIntegration: boolean;
    /** @default none */
    readonly native?: DoksNative;
}

/** The label of each node of a pool in `pools`: DigitalOcean's own label has the pool's name, which a new size changes. */
export const poolLabel = "django-on-kubernetes/pool";

export class DoksCluster extends pulumi.ComponentResource implements Cluster {
    readonly kubeconfig: pulumi.Output<string>;
    readonly identifier: string;
    readonly ready: readonly pulumi.Resource[];
    /** Cilium comes with every DOKS cluster (R49). */
    readonly networkPolicy: NetworkPolicySupport = { enforced: true };
    readonly clusterId: pulumi.Output<string>;

    constructor(name: string, args: DoksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:cluster:Doks", name, {}, opts);
        this.identifier = cloudName([args.instance], 63);

        const cluster = this.createCluster(name, args);
        const pools = Object.entries(args.pools).map(([pool, settings]) =>
            this.createPool(name, pool, settings, args, cluster),
        );
        this.clusterId = cluster.id;
        this.kubeconfig = pulumi
            // The login beside it is secret; the CA's certificate is what every client is told.
            .all([
                cluster.id,
                cluster.endpoint,
                pulumi.unsecret(cluster.kubeConfigs.apply((all) => all?.[0]?.clusterCaCertificate ?? "")),
            ])
            .apply(([id, endpoint, ca]) => doksKubeconfig({ name: this.identifier, id, endpoint, ca }));
        this.ready = [cluster, ...pools];

        this.registerOutputs({ kubeconfig: this.kubeconfig, clusterId: this.clusterId });
    }

    private createCluster(name: string, args: DoksClusterArgs): KubernetesCluster {
        const { data, version, firstPool } = args;
        const followsPatches = /^[0-9]+\.[0-9]+$/.test(version);
        const ours = {
            name: this.identifier,
            region: args.region,
            version,
            vpcUuid: args.vpcId,
            clusterSubnet: args.podRange,
            serviceSubnet: args.serviceRange,
            ha: args.highlyAvailable,
            autoUpgrade: followsPatches,
            // New nodes come before old ones go: an upgrade takes no room from the apps.
            surgeUpgrade: true,
            maintenancePolicy: { day: args.maintenance.day, startTime: args.maintenance.startTime },
            controlPlaneFirewall: { enabled: true, allowedAddresses: [...args.apiCidrs] },
            registryIntegration: args.registryIntegration,
            // Load balancers and volumes that the cluster made. Elsewhere a volume outlives a cluster, so that its rows can be saved.
            destroyAllAssociatedResources: data === "disposable",
            // The provider keeps a login in the state, encrypted. Nothing uses it; it is worthless ten minutes later.
            kubeconfigExpireSeconds: 600,
            tags: [args.instance],
            nodePool: {
                name: "first",
                size: firstPool.size,
                nodeCount: firstPool.nodes,
                labels: { [poolLabel]: "first" },
            },
        };
        return new KubernetesCluster(`${name}-cluster`, withNative(ours, args.native?.cluster), {
            parent: this,
            protect: data === "protected",
            ignoreChanges: [
                // Another size of it replaces the cluster (the provider's schema: node_pool.size, ForceNew).
                "nodePool",
                // The version that DOKS moved on to is higher than the one that is written; to go back to that, the provider
                // replaces the cluster.
                ...(followsPatches ? ["version"] : []),
            ],
            // Of an upgrade too: the provider has no other.
            customTimeouts: { create: "60m" },
        });
    }

    private createPool(
        name: string,
        pool: string,
        { size, min, max, labels, taints }: DoksNodePool,
        { instance, native }: DoksClusterArgs,
        cluster: KubernetesCluster,
    ): KubernetesNodePool {
        const ours = {
            // No name: the provider gives each its own, so that a pool of another size is there before the old one goes.
            clusterId: cluster.id,
            size,
            autoScale: true,
            minNodes: min,
            maxNodes: max,
            labels: { ...labels, [poolLabel]: pool },
            taints: taints.map((taint) => ({ ...taint })),
            tags: [instance],
        };
        return new KubernetesNodePool(`${name}-pool-${pool}`, withNative(ours, native?.nodePool), {
            parent: this,
            // How many nodes there are is the autoscaler's.
            ignoreChanges: ["nodeCount"],
            customTimeouts: { create: "30m", delete: "30m" },
        });
    }
}
