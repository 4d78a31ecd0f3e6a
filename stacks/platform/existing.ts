// A cluster that is there already.
import { Provider } from "@pulumi/kubernetes/provider.js";
import type { ExistingPlatformSettings } from "../../settings/platform.ts";
import type { Platform } from "./contract.ts";

export function existingPlatform(settings: ExistingPlatformSettings): Platform {
    const { kubeconfig, context, storageClass, gateway, issuer } = settings;
    const clusterIdentifier = settings.clusterIdentifier ?? context;
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
        networkPolicy: settings.enforcesNetworkPolicy
            ? { enforced: true }
            : {
                  enforced: false,
                  reason: "platform.enforcesNetworkPolicy does not say that this cluster's network does",
              },
        ...(storageClass !== undefined && { storageClass }),
        ...(gateway && { gateway: { kind: "controller", ...gateway, ...(issuer && { issuer }) } }),
    };
}
