// What an environment needs of the cluster it is put on, whichever cloud that is in.
import type { ProviderResource } from "@pulumi/pulumi";

export interface Platform {
    /** Reaches the cluster; every Kubernetes resource names it (R73, R76). */
    readonly kubernetes: ProviderResource;
    /** @default the cluster's default class */
    readonly storageClass?: string;
    /** @default the cluster has no Gateway controller */
    readonly gateway?: {
        readonly className: string;
        readonly httpPort: number;
        readonly httpsPort: number;
        readonly publicHttpPort?: number;
        readonly publicHttpsPort?: number;
        readonly from?: { readonly namespaces: readonly string[]; readonly cidrs: readonly string[] };
    };
    /** @default no certificates, so no HTTPS */
    readonly issuer?: { readonly kind: "ClusterIssuer" | "Issuer"; readonly name: string };
}
