// Ranges of a DOKS cluster that its API may refuse, after the network is there. Told, and no more: a cluster that runs keeps its ranges,
// and nobody can change them.
import { isInside, range } from "../../../lib/cidr.ts";
import { privateRanges } from "../../clouds/digitalocean/fields.ts";
import { setCommand, type Problem } from "../../problems.ts";
import type { PlatformSettings } from "../../platform.ts";
import { advice } from "../contradiction.ts";

/** DOKS gives each node a /25 of the pods' range. */
const addressesOfNode = 2 ** 7;

/** Services of one environment alone are a dozen. */
const longestServices = 24;

const asItIs = "leave it as it is";

type NewCluster = Extract<
    Extract<PlatformSettings, { variant: "digitalocean" }>["cluster"],
    { readonly variant: "create" }
>;

export const rangesOfDoks = advice(["platform"], ({ platform }): Problem[] => {
    if (platform.variant !== "digitalocean" || platform.cluster.variant !== "create") {
        return [];
    }
    const { cluster } = platform;
    const { podRange, serviceRange } = cluster;
    return [
        ...publicRange("podRange", podRange),
        ...publicRange("serviceRange", serviceRange),
        ...roomForNodes(cluster),
        ...(range(serviceRange).bits > longestServices
            ? [told("serviceRange", serviceRange, `a range of /${longestServices} or larger`, asItIs)]
            : []),
    ];
});

function publicRange(name: string, value: string): Problem[] {
    return privateRanges.some((whole) => isInside(value, whole))
        ? []
        : [told(name, value, `a private range, inside ${privateRanges.join(", ")}`, asItIs)];
}

function roomForNodes({ podRange, firstPool, pools }: NewCluster): Problem[] {
    const nodes = Object.values(pools).reduce((sum, { max }) => sum + max, firstPool.nodes);
    const longest = 32 - Math.ceil(Math.log2(nodes * addressesOfNode));
    if (range(podRange).bits <= longest) {
        return [];
    }
    const room = Math.floor(2 ** (32 - range(podRange).bits) / addressesOfNode);
    const allowed = `a range of /${longest} or larger, for the pools may have ${nodes} nodes, with a /25 each: here is room for ${room}`;
    return [told("podRange", podRange, allowed, "lower the pools' max")];
}

/** @param running what to do about a cluster that is there */
function told(name: string, value: string, allowed: string, running: string): Problem {
    const path = `platform.cluster.${name}`;
    return {
        path,
        found: JSON.stringify(value),
        allowed,
        fix: `${setCommand(path, "RANGE")} for a cluster that is not made yet; for one that is, ${running}`,
    };
}
