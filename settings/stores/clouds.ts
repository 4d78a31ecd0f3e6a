// Which cloud's account a store or a platform is in.
import type { CloudName } from "../clouds.ts";
import type { PlatformSettings } from "../platform.ts";
import type { StoreKind, StoresSettings } from "./entries.ts";

/** @returns undefined for what is in the cluster */
export function cloudOfStore({ variant }: StoresSettings[StoreKind]): CloudName | undefined {
    switch (variant) {
        case "cloud-sql":
        case "memorystore":
        case "cloud-storage":
            return "gcp";
        case "rds":
        case "elasticache":
        case "s3":
            return "aws";
        case "digitalocean":
        case "spaces":
            return "digitalocean";
        case "none":
        case "platform":
        case "in-cluster":
        case "memcached":
        case "redis":
        case "rabbitmq":
        case "whitenoise":
        case "external":
        case "s3-compatible":
            return undefined;
        default:
            return variant satisfies never;
    }
}

/** @returns undefined for a cluster that is reached by a kubeconfig, or that another stack made */
export function cloudOfPlatform({ variant }: PlatformSettings): CloudName | undefined {
    return variant === "existing" || variant === "stack" ? undefined : variant;
}
