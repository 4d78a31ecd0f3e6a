// Where a managed store is put, and who is let in; and where one that is there is.
import type { Input } from "@pulumi/pulumi";
import type { DigitalOceanStoreNetwork } from "../../../components/database/digitalocean/postgresql.ts";
import type { DigitalOceanVpc } from "../../../components/vpc/contract.ts";
import type { StoreNetworkSettings } from "../../../settings/clouds/digitalocean/fields.ts";
import { ofPlatform, type OfPlatform } from "../../../settings/stores/places.ts";
import type { Platform } from "../../platform/contract.ts";

/** @param network what the store's own settings name, or the platform's */
export function storeNetwork(
    network: StoreNetworkSettings | OfPlatform,
    addresses: readonly string[],
    platform: Platform,
): DigitalOceanStoreNetwork {
    if (network !== ofPlatform) {
        const { vpc: vpcId, range, clusters } = network;
        return { vpcId, range, clusters, addresses };
    }
    const { vpcId, cidr: range, clusterId, podRange } = vpcOf(platform);
    // In a VPC-native cluster a server may see a pod's own address, where the cluster as a source stands for its nodes'.
    return {
        vpcId,
        range,
        clusters: [clusterId],
        addresses: podRange === undefined ? addresses : [podRange, ...addresses],
    };
}

export function storeRange(range: string, platform: Platform): Input<string> {
    return range === ofPlatform ? vpcOf(platform).cidr : range;
}

function vpcOf({ vpc }: Platform): DigitalOceanVpc {
    if (vpc?.cloud !== "digitalocean") {
        // Refused before: settings/contradictions/stores/stores.ts.
        throw new Error("The platform has no network of DigitalOcean: the settings' check has a gap.");
    }
    return vpc;
}
