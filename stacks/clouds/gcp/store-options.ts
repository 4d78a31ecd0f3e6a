// With what every store in Google Cloud is made, and the way in.
import { CustomResource, mergeOptions, type ComponentResourceOptions, type Resource } from "@pulumi/pulumi";
import type { StoreContext } from "../../context.ts";
import type { Platform } from "../../platform/contract.ts";

/** @returns the context's options with Google Cloud's provider beside those that are there (R76), after the project's APIs */
export async function storeOptions({
    opts,
    clouds,
    platform,
}: Pick<StoreContext, "opts" | "clouds" | "platform">): Promise<ComponentResourceOptions> {
    return mergeOptions(opts, { providers: [await clouds.provider("gcp")], dependsOn: afterApis(platform) });
}

/** Whether pods run in a GKE cluster. */
export function isGke({ vpc, gateway }: Platform): boolean {
    return vpc?.cloud === "gcp" || gateway?.kind === "gke";
}

/** A platform of Google Cloud first enables the APIs. Its peering follows at once, its nodes minutes later. */
function afterApis(platform: Platform): Resource[] {
    const { vpc, ready } = platform;
    if (!isGke(platform)) {
        return [];
    }
    return vpc?.cloud === "gcp" && CustomResource.isInstance(vpc.privateServices) ? [vpc.privateServices] : [...ready];
}
