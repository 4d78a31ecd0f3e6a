// What Pod Security 'restricted' asks of a pod, and a root file system that nobody writes to (R36, R38).
import type { core } from "@pulumi/kubernetes/types/input.js";

/** @param id numeric user and group; volumes belong to the group */
export function podSecurity(id: { readonly user: number; readonly group: number }): core.v1.PodSecurityContext {
    return {
        runAsNonRoot: true,
        runAsUser: id.user,
        runAsGroup: id.group,
        fsGroup: id.group,
        // Without it every start walks the whole volume.
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
    };
}

export const containerSecurity: core.v1.SecurityContext = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
};
