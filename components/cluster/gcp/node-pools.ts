// Nodes that come and go with the load, one pool per kind of machine.
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { Cluster as GkeCluster } from "@pulumi/gcp/container/cluster.js";
import { NodePool, type NodePoolArgs } from "@pulumi/gcp/container/nodePool.js";
import { withNative } from "../../../lib/native.ts";
import { isArmMachine } from "../../../lib/offers/gcp.ts";

export interface GkeNodePool {
    readonly machineType: string;
    /** Nodes in all zones together. */
    readonly min: number;
    readonly max: number;
    /** Cheaper machines that Google may take away at any time, with half a minute's notice. */
    readonly spot: boolean;
    readonly diskSizeGb: number;
    readonly diskType: string;
    /** Zones, for example `europe-west1-b`. @default the cluster's */
    readonly zones?: readonly string[];
    /** @default nothing is changed */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** What every node is, also the one that GKE makes and removes while it creates a cluster. */
export function hardenedNode(serviceAccount: Input<string>) {
    return {
        imageType: "COS_CONTAINERD",
        serviceAccount,
        // What a node may do is said by its account's roles alone.
        oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        // Pods get their own identity of it, never the node's.
        workloadMetadataConfig: { mode: "GKE_METADATA" },
        metadata: { "disable-legacy-endpoints": "true" },
    };
}

export interface NodePoolPlace {
    readonly cluster: GkeCluster;
    readonly location: string;
    readonly serviceAccount: Input<string>;
}

/** @param name identifies the pool for good; no other pool comes into it */
export function createNodePool(
    name: string,
    pool: GkeNodePool,
    place: NodePoolPlace,
    opts: CustomResourceOptions,
): NodePool {
    const args: NodePoolArgs = {
        cluster: place.cluster.name,
        location: place.location,
        initialNodeCount: initialNodes(pool, place.location),
        autoscaling: {
            totalMinNodeCount: pool.min,
            totalMaxNodeCount: pool.max,
            locationPolicy: pool.spot ? "ANY" : "BALANCED",
        },
        ...(pool.zones && { nodeLocations: [...pool.zones] }),
        management: { autoRepair: true, autoUpgrade: true },
        // A new node is there before an old one goes.
        upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
        nodeConfig: {
            ...hardenedNode(place.serviceAccount),
            machineType: pool.machineType,
            diskSizeGb: pool.diskSizeGb,
            diskType: pool.diskType,
            spot: pool.spot,
            // GKE keeps pods off nodes of arm64 that do not say that they may be there. Ours may: their images are made for it.
            // https://docs.cloud.google.com/dotnet/docs/reference/Google.Cloud.Container.V1/latest/Google.Cloud.Container.V1.TaintConfig.Types.ArchitectureTaintBehavior
            ...(isArmMachine(pool.machineType) && { taintConfig: { architectureTaintBehavior: "NONE" } }),
        },
    };
    return new NodePool(name, withNative(args, pool.native), {
        ...opts,
        // A change would replace the pool, and what was there at first does not matter later.
        ignoreChanges: ["initialNodeCount"],
    });
}

/** Where nobody says otherwise, GKE takes so many of a region's. */
const regionalZones = 3;

/** Of each zone, at first only: what is wanted at least, never above the most, for the autoscaler comes later. */
function initialNodes({ min, max, zones }: GkeNodePool, location: string): number {
    // A zone's name is its region's and one more word: europe-west1-b.
    const count = zones?.length ?? (location.split("-").length > 2 ? 1 : regionalZones);
    return Math.min(Math.ceil(min / count), Math.floor(max / count));
}
