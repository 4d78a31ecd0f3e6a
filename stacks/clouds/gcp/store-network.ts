// Where Google Cloud's managed stores get their private addresses.
import type { Input, Resource } from "@pulumi/pulumi";
import type { StoreContext } from "../../context.ts";

export interface StoreNetwork {
    readonly network: Input<string>;
    readonly privateServices?: Resource;
}

/** @param network what the store's own settings name. @default the platform's */
export function storeNetwork(network: string | undefined, { name, platform }: StoreContext): StoreNetwork {
    if (network !== undefined) {
        return { network };
    }
    if (platform.vpc?.cloud !== "gcp") {
        // The settings were checked for one (settings/contradictions/gcp-stores.ts).
        throw new Error(`${name}: neither its settings nor the platform have a network of Google Cloud`);
    }
    return { network: platform.vpc.network, privateServices: platform.vpc.privateServices };
}
