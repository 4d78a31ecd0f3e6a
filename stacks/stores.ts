// The stores and files that the settings name, each variant loaded only when it is used.
import type { Assets } from "../components/assets/contract.ts";
import type { Broker } from "../components/broker/contract.ts";
import type { Cache } from "../components/cache/contract.ts";
import type { Database } from "../components/database/contract.ts";
import type { AssetsSettings } from "../settings/assets.ts";
import type { BrokerSettings } from "../settings/broker.ts";
import type { CacheSettings } from "../settings/cache.ts";
import type { DatabaseSettings } from "../settings/database.ts";
import type { OperatorSettings } from "../settings/operator.ts";
import type { Made, StoreContext } from "./context.ts";

export async function createDatabase(
    settings: DatabaseSettings,
    operator: OperatorSettings,
    context: StoreContext,
): Promise<Made<Database> | undefined> {
    const { name, placement, platform, owner, password, opts } = context;
    switch (settings.variant) {
        case "none":
            return undefined;
        case "platform":
            return (await import("./lent-database.ts")).createLentDatabase(settings, context);
        case "in-cluster": {
            const { InClusterDatabase } = await import("../components/database/in-cluster.ts");
            const { variant: _, ...rest } = settings;
            const args = {
                ...placement,
                ...rest,
                size: operator.sizes[settings.size]!,
                storageClass: platform.storageClass,
                owner,
                password,
                lent: context.lends,
            };
            return new InClusterDatabase(name, args, opts);
        }
        case "digitalocean":
            return (await import("./clouds/digitalocean/database.ts")).createDigitalOceanDatabase(settings, context);
        case "cloud-sql":
            return (await import("./clouds/gcp/database.ts")).createCloudSqlDatabase(settings, context);
        case "rds":
            return (await import("./clouds/aws/database.ts")).createRdsDatabase(settings, context);
        default:
            return settings satisfies never;
    }
}

export async function createCache(
    settings: CacheSettings,
    operator: OperatorSettings,
    context: StoreContext,
): Promise<Made<Cache> | undefined> {
    const { name, placement, password, opts } = context;
    switch (settings.variant) {
        case "none":
            return undefined;
        case "in-cluster": {
            const { InClusterCache } = await import("../components/cache/in-cluster.ts");
            const { variant: _, ...rest } = settings;
            const args = { ...placement, ...rest, size: operator.sizes[settings.size]!, password };
            return new InClusterCache(name, args, opts);
        }
        case "digitalocean":
            return (await import("./clouds/digitalocean/cache.ts")).createDigitalOceanCache(settings, context);
        case "memorystore":
            return (await import("./clouds/gcp/cache.ts")).createMemorystoreCache(settings, context);
        case "elasticache":
            return (await import("./clouds/aws/cache.ts")).createElastiCacheCache(settings, context);
        default:
            return settings satisfies never;
    }
}

export async function createBroker(
    settings: BrokerSettings,
    operator: OperatorSettings,
    context: StoreContext,
): Promise<Made<Broker> | undefined> {
    const { name, placement, platform, password, opts } = context;
    switch (settings.variant) {
        case "none":
            return undefined;
        case "redis": {
            const { RedisBroker } = await import("../components/broker/redis.ts");
            const { variant: _, ...rest } = settings;
            const args = {
                ...placement,
                ...rest,
                size: operator.sizes[settings.size]!,
                storageClass: platform.storageClass,
                password,
            };
            return new RedisBroker(name, args, opts);
        }
        default:
            return settings satisfies never;
    }
}

export async function createAssets(settings: AssetsSettings, context: StoreContext): Promise<Made<Assets>> {
    const { name, placement, platform, opts } = context;
    switch (settings.variant) {
        case "whitenoise": {
            const { WhitenoiseAssets } = await import("../components/assets/whitenoise.ts");
            const { variant: _, ...rest } = settings;
            const args = { ...placement, ...rest, storageClass: platform.storageClass };
            return new WhitenoiseAssets(name, args, opts);
        }
        case "spaces":
            return (await import("./clouds/digitalocean/assets.ts")).createSpacesAssets(settings, context);
        case "cloud-storage":
            return (await import("./clouds/gcp/assets.ts")).createCloudStorageAssets(settings, context);
        case "s3":
            return (await import("./clouds/aws/assets.ts")).createS3Assets(settings, context);
        default:
            return settings satisfies never;
    }
}
