// Where AWS's stores are put, and where those are that are there.
import type { AwsStoreClient, AwsStoreNetwork } from "../../../components/network/aws/store-firewall.ts";
import type { StoreNetworkSettings } from "../../../settings/clouds/aws/fields.ts";
import { ofPlatform, type OfPlatform } from "../../../settings/stores/places.ts";
import type { AwsVpc } from "../../../components/vpc/contract.ts";
import type { Platform } from "../../platform/contract.ts";

/** @param network what the store's own settings name, or the platform's */
export function storeNetwork(network: StoreNetworkSettings | OfPlatform, platform: Platform): AwsStoreNetwork {
    if (network !== ofPlatform) {
        const { vpcId, subnetIds, cidrs, clientSecurityGroupIds, clientCidrs } = network;
        return { vpcId, subnetIds, cidrs, clients: { ...groups(clientSecurityGroupIds), ...ranges(clientCidrs) } };
    }
    const { vpcId, storeSubnetIds, storeCidrs: cidrs, clientSecurityGroupId: securityGroupId } = vpcOf(platform);
    return { vpcId, subnetIds: storeSubnetIds, cidrs, clients: { cluster: { securityGroupId } } };
}

export function storeCidrs(cidrs: readonly string[] | OfPlatform, platform: Platform): readonly string[] {
    return cidrs === ofPlatform ? vpcOf(platform).storeCidrs : cidrs;
}

function vpcOf({ vpc }: Platform): AwsVpc {
    if (vpc?.cloud !== "aws") {
        // Refused before: settings/contradictions/stores/stores.ts.
        throw new Error("The platform has no network of AWS: the settings' check has a gap.");
    }
    return vpc;
}

function groups(ids: readonly string[]): Record<string, AwsStoreClient> {
    return Object.fromEntries(ids.map((securityGroupId) => [securityGroupId, { securityGroupId }]));
}

function ranges(cidrs: readonly string[]): Record<string, AwsStoreClient> {
    return Object.fromEntries(cidrs.map((cidr) => [cidr.replace("/", "-"), { cidr }]));
}
