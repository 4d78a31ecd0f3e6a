// The stores and files that the settings name, each variant loaded only when it is used.
import type { ComponentResource, ComponentResourceOptions } from "@pulumi/pulumi";
import type { Assets } from "../components/assets/contract.ts";
import type { Broker } from "../components/broker/contract.ts";
import type { Cache } from "../components/cache/contract.ts";
import type { Placement } from "../components/contract.ts";
import type { Database } from "../components/database/contract.ts";
import type { StackSettings } from "../settings/load.ts";
import type { Platform } from "./platform/contract.ts";

export async function createDatabase(
    { database, secrets, operator, app }: StackSettings,
    platform: Platform,
    placement: Placement,
    opts: ComponentResourceOptions,
): Promise<Database & ComponentResource> {
    switch (database.variant) {
        case "in-cluster": {
            const { InClusterDatabase } = await import("../components/database/in-cluster.ts");
            const { variant: _, ...rest } = database;
            const args = {
                ...placement,
                ...rest,
                size: operator.sizes[database.size]!,
                storageClass: platform.storageClass,
                owner: app.name.replaceAll("-", "_"),
                password: secrets.databasePassword,
            };
            return new InClusterDatabase("database", args, opts);
        }
        default:
            return database.variant satisfies never;
    }
}

export async function createCache(
    { cache, secrets, operator }: StackSettings,
    placement: Placement,
    opts: ComponentResourceOptions,
): Promise<(Cache & ComponentResource) | undefined> {
    switch (cache.variant) {
        case "none":
            return undefined;
        case "in-cluster": {
            const { InClusterCache } = await import("../components/cache/in-cluster.ts");
            const { variant: _, ...rest } = cache;
            const args = { ...placement, ...rest, size: operator.sizes[cache.size]!, password: secrets.cachePassword };
            return new InClusterCache("cache", args, opts);
        }
        default:
            return cache satisfies never;
    }
}

export async function createBroker(
    { broker, secrets, operator }: StackSettings,
    platform: Platform,
    placement: Placement,
    opts: ComponentResourceOptions,
): Promise<(Broker & ComponentResource) | undefined> {
    switch (broker.variant) {
        case "none":
            return undefined;
        case "redis": {
            const { RedisBroker } = await import("../components/broker/redis.ts");
            const { variant: _, ...rest } = broker;
            const args = {
                ...placement,
                ...rest,
                size: operator.sizes[broker.size]!,
                storageClass: platform.storageClass,
                password: secrets.brokerPassword,
            };
            return new RedisBroker("broker", args, opts);
        }
        default:
            return broker satisfies never;
    }
}

export async function createAssets(
    { assets }: StackSettings,
    platform: Platform,
    placement: Placement,
    opts: ComponentResourceOptions,
): Promise<Assets & ComponentResource> {
    switch (assets.variant) {
        case "whitenoise": {
            const { WhitenoiseAssets } = await import("../components/assets/whitenoise.ts");
            const { variant: _, ...rest } = assets;
            const args = { ...placement, ...rest, storageClass: platform.storageClass };
            return new WhitenoiseAssets("assets", args, opts);
        }
        default:
            return assets.variant satisfies never;
    }
}
