// Whether the cluster's network makes NetworkPolicies hold (R49): production insists on it, others are told.
import { log } from "@pulumi/pulumi";
import type { StackSettings } from "../settings/load.ts";
import { SettingsError } from "../settings/problems.ts";
import type { Platform } from "./platform/contract.ts";

/** @throws SettingsError in production where they do not */
export async function insistOnNetworkPolicies(
    stack: string,
    { environment }: StackSettings,
    { networkPolicy }: Platform,
): Promise<void> {
    if (networkPolicy.enforced || environment.kind === "local") {
        return;
    }
    if (environment.kind === "production") {
        throw new SettingsError(`Pulumi.${stack}.yaml`, [
            {
                path: "platform",
                found: `a cluster whose network does not enforce NetworkPolicies: ${networkPolicy.reason}`,
                allowed: "one that does, in production: else any pod of the cluster reaches the database (R49)",
                fix: "enforce them in the cluster's network (Dataplane V2, VPC CNI with network policies, Cilium), and say so in its settings",
            },
        ]);
    }
    await log.warn(
        `NetworkPolicies do not hold on this cluster, so its pods reach each other's stores: ${networkPolicy.reason}. Production would be refused.`,
    );
}
