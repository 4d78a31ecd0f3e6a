import { log } from "@pulumi/pulumi";
import type { StackSettings } from "../settings/load.ts";
import type { Platform } from "./platform/contract.ts";

/**
 * Whether NetworkPolicies hold on another stack's cluster (R49), which its outputs alone tell: production was refused where they do not,
 * others are told. Of any other cluster the settings know it.
 */
export async function warnOfNetworkPolicies(
    { environment, platform: settings }: Pick<StackSettings, "environment" | "platform">,
    { networkPolicy }: Platform,
): Promise<void> {
    if (networkPolicy.enforced || environment.kind === "local" || settings.variant !== "stack") {
        return;
    }
    await log.warn(
        `NetworkPolicies do not hold on this cluster, so its pods reach each other's stores: ${networkPolicy.reason}. Production would be refused.`,
    );
}
