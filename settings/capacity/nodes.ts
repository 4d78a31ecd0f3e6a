// The nodes that a platform may have, and what of each the environment's pods can have.
import { awsInstance, eksNode, largestAutoModeNode } from "../../lib/node-types/aws.ts";
import { doksNode } from "../../lib/node-types/digitalocean.ts";
import { gkeNode, largestAutopilotPod } from "../../lib/node-types/gcp.ts";
import type { NodeRoom, Room } from "../../lib/node-types/room.ts";
import { takesPods } from "../clouds/aws/node-pools.ts";
import { defaultInstanceTypes } from "../clouds/aws/resolve.ts";
import type { PlatformSettings } from "../platform.ts";

/** Machines of one kind. */
export interface NodeGroup {
    readonly type: string;
    /** The setting that names the type. */
    readonly typePath: readonly PropertyKey[];
    readonly most: number;
    /** The setting that says how many there may be; none where that is said once for all. */
    readonly mostPath?: readonly PropertyKey[];
    /** Whether the cloud may take one away at any time. */
    readonly spot: boolean;
    /** Undefined for a type that is not known here. */
    readonly room: NodeRoom | undefined;
}

export type PlatformNodes =
    /** As many as are set. */
    | { readonly kind: "groups"; readonly groups: readonly NodeGroup[] }
    /** As many as pods need, each as large as it takes up to this. */
    | {
          readonly kind: "serverless";
          readonly largest: Room;
          readonly name: string;
          /** The setting by which the cloud may take one away at any time. @default none */
          readonly spotPath?: readonly PropertyKey[];
      }
    /** Another's, or changed by arguments that nothing here reads. */
    | undefined;

export function nodesOf(platform: PlatformSettings): PlatformNodes {
    switch (platform.variant) {
        case "gcp":
            return gcpNodes(platform);
        case "aws":
            return awsNodes(platform);
        case "digitalocean":
            return digitalOceanNodes(platform);
        case "existing":
        case "stack":
            return undefined;
        default:
            return platform satisfies never;
    }
}

const at = ["platform", "cluster"] as const;

function gcpNodes({ cluster }: PlatformSettings & { variant: "gcp" }): PlatformNodes {
    if (cluster.variant === "existing" || cluster.native !== undefined) {
        return undefined;
    }
    if (cluster.nodes.variant === "autopilot") {
        return { kind: "serverless", largest: largestAutopilotPod, name: "Autopilot" };
    }
    const pools = Object.entries(cluster.nodes.pools);
    return pools.some(([, { native }]) => native !== undefined)
        ? undefined
        : {
              kind: "groups",
              groups: pools.map(([name, { machineType, max, spot }]) => ({
                  type: machineType,
                  typePath: [...at, "nodes", "pools", name, "machineType"],
                  most: max,
                  mostPath: [...at, "nodes", "pools", name, "max"],
                  spot,
                  room: gkeNode(machineType),
              })),
          };
}

function awsNodes({ cluster, native }: PlatformSettings & { variant: "aws" }): PlatformNodes {
    if (cluster.variant === "existing" || native.cluster !== undefined) {
        return undefined;
    }
    if (cluster.nodes.variant === "auto") {
        return autoModeNodes(cluster.nodes);
    }
    const groups = Object.entries(cluster.nodes.groups);
    return groups.some(([, group]) => group.native !== undefined)
        ? undefined
        : {
              kind: "groups",
              groups: groups.map(([name, { instanceTypes, architecture, max, spot }]) => {
                  // The autoscaler reckons with the first.
                  const [type] = instanceTypes ?? defaultInstanceTypes[architecture];
                  return {
                      type: type,
                      typePath: [...at, "nodes", "groups", name, "instanceTypes"],
                      most: max,
                      mostPath: [...at, "nodes", "groups", name, "max"],
                      spot,
                      room: eksNode(type),
                  };
              }),
          };
}

type AutoMode = Extract<
    Extract<(PlatformSettings & { variant: "aws" })["cluster"], { variant: "create" }>["nodes"],
    { variant: "auto" }
>;

/** As large as the largest type of the pools that take pods; undefined where one is of a type that is not known. */
function autoModeNodes({ pools, ownPools }: AutoMode): PlatformNodes {
    const own = Object.entries(ownPools).filter(([, pool]) => takesPods(pool));
    const types = [
        ...(pools.includes("general-purpose") ? [largestAutoModeNode] : []),
        ...own.flatMap(([, { instanceTypes }]) => instanceTypes ?? [largestAutoModeNode]),
    ];
    const rooms = types.map((type) => (type === largestAutoModeNode ? awsInstance(type) : eksNode(type)));
    if (!rooms.every((room) => room !== undefined)) {
        return undefined;
    }
    const [largest] = rooms.toSorted((one, other) => other.memory - one.memory);
    const [spot] = own.find(([, pool]) => pool.spot) ?? [];
    return {
        kind: "serverless",
        largest: largest!,
        name: "Auto Mode",
        ...(spot !== undefined && { spotPath: [...at, "nodes", "ownPools", spot, "spot"] }),
    };
}

/** Pods of environments tolerate no taint. */
function digitalOceanNodes({ cluster, native }: PlatformSettings & { variant: "digitalocean" }): PlatformNodes {
    if (cluster.variant === "existing" || native.cluster !== undefined || native.nodePool !== undefined) {
        return undefined;
    }
    const { firstPool, pools } = cluster;
    const untainted = Object.entries(pools).filter(([, { taints }]) =>
        taints.every(({ effect }) => effect === "PreferNoSchedule"),
    );
    const node = (type: string, typePath: readonly PropertyKey[]) => ({
        type,
        typePath,
        spot: false,
        room: doksNode(type),
    });
    return {
        kind: "groups",
        groups: [
            ...untainted.map(([name, { size, max }]) => ({
                ...node(size, [...at, "pools", name, "size"]),
                most: max,
                mostPath: [...at, "pools", name, "max"],
            })),
            { ...node(firstPool.size, [...at, "firstPool", "size"]), most: firstPool.nodes },
        ],
    };
}
