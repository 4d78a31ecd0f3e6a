// With what every store in Google Cloud is made, and the way in; and where the stores get their private addresses.
import { CustomResource, mergeOptions, type ComponentResourceOptions, type Input, type Resource } from "@pulumi/pulumi";
import { ofPlatform } from "../../../settings/stores/places.ts";
import type { EnvironmentContext } from "../../context.ts";
import type { Platform } from "../../platform/contract.ts";
import { withCloud } from "../../with-cloud.ts";

/** @returns the context's options with Google Cloud's provider beside those that are there (R76), after the project's APIs */
export async function storeOptions(context: EnvironmentContext): Promise<ComponentResourceOptions> {
    return mergeOptions(await withCloud("gcp", context), { dependsOn: afterApis(context.platform) });
}

/** @returns as `storeOptions`, and after the zone above names the platform's: until then nothing is certified by its records */
export async function certifiedOptions(context: EnvironmentContext): Promise<ComponentResourceOptions> {
    const { delegation } = context.platform.zone ?? {};
    return mergeOptions(await storeOptions(context), { dependsOn: delegation === undefined ? [] : [delegation] });
}

export interface StoreNetwork {
    readonly network: Input<string>;
    readonly privateServices?: Resource;
}

/** @param network what the store's own settings name, or the platform's */
export function storeNetwork(network: string, { vpc }: Platform): StoreNetwork {
    if (network !== ofPlatform) {
        return { network };
    }
    if (vpc?.cloud !== "gcp") {
        // Refused before: settings/contradictions/stores/stores.ts.
        throw new Error("The platform has no network of Google Cloud: the settings' check has a gap.");
    }
    return { network: vpc.network, privateServices: vpc.privateServices };
}

/** A platform of Google Cloud first enables the APIs. Its peering follows at once, its nodes minutes later. */
function afterApis({ vpc, gateway, ready }: Platform): Resource[] {
    if (vpc?.cloud === "gcp" && CustomResource.isInstance(vpc.privateServices)) {
        return [vpc.privateServices];
    }
    return vpc?.cloud === "gcp" || gateway?.kind === "gke" ? [...ready] : [];
}
