// A cluster that is there already.
import { Provider } from "@pulumi/kubernetes/provider.js";
import { nothingElse } from "../../lib/nothing-else.ts";
import type { ResolvedExistingPlatform } from "../../settings/resolve/settings.ts";
import type { Platform } from "./contract.ts";

export function existingPlatform(settings: ResolvedExistingPlatform): Platform {
    const { variant: _, kubeconfig, context, clusterIdentifier, storageClass, gateway, issuer, ...others } = settings;
    const { enforcesNetworkPolicy, ...rest } = others;
    nothingElse(rest);
    const kubernetes = new Provider("kubernetes", {
        // The file's path: its content, with the login in it, would be kept in the state.
        kubeconfig,
        context,
        clusterIdentifier,
        enableServerSideApply: true,
    });
    return {
        kubernetes,
        connection: { clusterIdentifier, context, ...(kubeconfig !== undefined && { kubeconfig }) },
        ready: [],
        networkPolicy: enforcesNetworkPolicy
            ? { enforced: true }
            : {
                  enforced: false,
                  reason: "platform.enforcesNetworkPolicy does not say that this cluster's network does",
              },
        ...(storageClass !== undefined && { storageClass }),
        ...(gateway && { gateway: { kind: "controller", ...gateway, ...(issuer && { issuer }) } }),
    };
}
