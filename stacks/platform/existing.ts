// A cluster that is there already.
import { Provider } from "@pulumi/kubernetes/provider.js";
import type { ExistingPlatformSettings } from "../../settings/platform.ts";
import type { Platform } from "./contract.ts";

export function existingPlatform(settings: ExistingPlatformSettings): Platform {
    const { kubeconfig, context, clusterIdentifier, storageClass, gateway, issuer } = settings;
    const kubernetes = new Provider("kubernetes", {
        // The file's path: its content, with the login in it, would be kept in the state.
        kubeconfig,
        context,
        clusterIdentifier: clusterIdentifier ?? context,
        enableServerSideApply: true,
    });
    return {
        kubernetes,
        ...(storageClass !== undefined && { storageClass }),
        ...(gateway && { gateway }),
        ...(issuer && { issuer }),
    };
}
