// A policy of Cloud Armor that nobody names any more is deleted by the same `up`, and not by the next one.
import type { ResourceHookArgs } from "@pulumi/pulumi";
import { pause } from "../../../lib/pause.ts";

/**
 * Milliseconds. The controller takes the policy off the load balancer some time after the GCPBackendPolicy has ceased to name it, and says so
 * nowhere; till then Google refuses to delete it (`resourceInUseByAnotherResource`).
 */
export const lettingGo = 120_000;

/** A wait of its own, in the update that takes the policy's name out or puts another there, and at no other time. */
export async function untilLetGo({
    oldInputs,
    newInputs,
}: Pick<ResourceHookArgs, "oldInputs" | "newInputs">): Promise<void> {
    const before = policyOf(oldInputs);
    if (before !== undefined && policyOf(newInputs) !== before) {
        await pause(lettingGo);
    }
}

/** @param inputs of a GCPBackendPolicy */
function policyOf(inputs: Readonly<Record<string, unknown>> | undefined): unknown {
    const spec = inputs?.["spec"] as { readonly default?: { readonly securityPolicy?: unknown } } | undefined;
    return spec?.default?.securityPolicy;
}
