import { log } from "@pulumi/pulumi";
import type { StackSettings } from "../settings/load.ts";
import type { Platform } from "./platform/contract.ts";

/** Whether the cluster's network makes NetworkPolicies hold (R49): production was refused where it does not, others are told. */
export async function warnOfNetworkPolicies(
    { environment }: Pick<StackSettings, "environment">,
    { networkPolicy }: Platform,
): Promise<void> {
    if (networkPolicy.enforced || environment.kind === "local") {
        return;
    }
    await log.warn(
        `NetworkPolicies do not hold on this cluster, so its pods reach each other's stores: ${networkPolicy.reason}. Production would be refused.`,
    );
}
