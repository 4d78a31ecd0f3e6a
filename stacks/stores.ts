// The stores and files that the settings name, each variant loaded only when it is used.
import type { Assets } from "../components/assets/contract.ts";
import type { Broker } from "../components/broker/contract.ts";
import type { Cache } from "../components/cache/contract.ts";
import type { Database } from "../components/database/contract.ts";
import { nothingElse } from "../lib/nothing-else.ts";
import type { StackApp, StackSettings, StackStore } from "../settings/load.ts";
import type { ResolvedAssets, ResolvedBroker, ResolvedCache, ResolvedDatabase } from "../settings/resolve/stores.ts";
import type { EnvironmentContext, Made } from "./context.ts";

/** By the stores' names. */
export interface MadeStores {
    readonly database: ReadonlyMap<string, Made<Database>>;
    readonly cache: ReadonlyMap<string, Made<Cache>>;
    readonly broker: ReadonlyMap<string, Made<Broker>>;
    readonly assets: ReadonlyMap<string, Made<Assets>>;
}

export async function createStores(
    { stores }: Pick<StackSettings, "stores">,
    context: EnvironmentContext,
): Promise<MadeStores> {
    const [database, cache, broker, assets] = await Promise.all([
        createDatabases(stores.database, context),
        createAll(stores.cache, (store) => createCache(store, context)),
        createAll(stores.broker, (store) => createBroker(store, context)),
        createAll(stores.assets, (store) => createAssets(store, context)),
    ]);
    return { database, cache, broker, assets };
}

/** What an app finds of them. */
export function storesFor({ stores }: Pick<StackApp, "stores">, made: MadeStores) {
    const { database, cache, broker, assets } = stores;
    return {
        // The settings were checked for both (settings/contradictions/missing.ts).
        database: made.database.get(database)!,
        assets: made.assets.get(assets)!,
        ...(cache !== undefined && { cache: made.cache.get(cache)! }),
        ...(broker !== undefined && { broker: made.broker.get(broker)! }),
    };
}

async function createAll<Settings, Store>(
    stores: ReadonlyArray<StackStore<Settings>>,
    create: (store: StackStore<Settings>) => Promise<Store>,
): Promise<Map<string, Store>> {
    return new Map(await Promise.all(stores.map(async (store) => [store.name, await create(store)] as const)));
}

/** Those on a server of the environment's own come after it. */
async function createDatabases(
    stores: ReadonlyArray<StackStore<ResolvedDatabase>>,
    context: EnvironmentContext,
): Promise<ReadonlyMap<string, Made<Database>>> {
    const servers = await createAll(
        stores.filter(({ store }) => store.variant !== "beside"),
        (store) => createDatabase(store, context, new Map()),
    );
    const beside = await createAll(
        stores.filter(({ store }) => store.variant === "beside"),
        (store) => createDatabase(store, context, servers),
    );
    return new Map([...servers, ...beside]);
}

async function createDatabase(
    entry: StackStore<ResolvedDatabase>,
    context: EnvironmentContext,
    servers: ReadonlyMap<string, Made<Database>>,
): Promise<Made<Database>> {
    const { name, store, password } = entry;
    switch (store.variant) {
        case "platform":
            return (await import("./lent-database.ts")).createLentDatabase({ ...entry, store }, context);
        case "beside":
            return (await import("./lent-database.ts")).createDatabaseBeside(
                { ...entry, store },
                servers.get(store.server)!,
                context,
            );
        case "in-cluster": {
            const { InClusterDatabase } = await import("../components/database/in-cluster.ts");
            const { variant: _, version, image, size, storage, maxConnections, owner, lends, ...rest } = store;
            nothingElse(rest);
            const { placement, platform, opts } = context;
            const { storageClass } = platform;
            return new InClusterDatabase(
                name,
                {
                    ...placement,
                    version,
                    image,
                    size,
                    storage,
                    storageClass,
                    maxConnections,
                    owner,
                    password,
                    lent: lends,
                },
                opts,
            );
        }
        case "digitalocean":
            return (await import("./clouds/digitalocean/database.ts")).createDigitalOceanDatabase(
                { ...entry, store },
                context,
            );
        case "cloud-sql":
            return (await import("./clouds/gcp/database.ts")).createCloudSqlDatabase({ ...entry, store }, context);
        case "rds":
            return (await import("./clouds/aws/database.ts")).createRdsDatabase({ ...entry, store }, context);
        default:
            return store satisfies never;
    }
}

async function createCache(entry: StackStore<ResolvedCache>, context: EnvironmentContext): Promise<Made<Cache>> {
    const { name, store, password } = entry;
    switch (store.variant) {
        case "in-cluster": {
            const { InClusterCache } = await import("../components/cache/in-cluster.ts");
            const { variant: _, engine, image, size, replicas, ...rest } = store;
            nothingElse(rest);
            const { placement, opts } = context;
            return new InClusterCache(name, { ...placement, engine, image, size, replicas, password }, opts);
        }
        case "digitalocean":
            return (await import("./clouds/digitalocean/cache.ts")).createDigitalOceanCache(
                { ...entry, store },
                context,
            );
        case "memorystore":
            return (await import("./clouds/gcp/cache.ts")).createMemorystoreCache({ ...entry, store }, context);
        case "elasticache":
            return (await import("./clouds/aws/cache.ts")).createElastiCacheCache({ ...entry, store }, context);
        default:
            return store satisfies never;
    }
}

async function createBroker(
    { name, store, password }: StackStore<ResolvedBroker>,
    { placement, platform, opts }: EnvironmentContext,
): Promise<Made<Broker>> {
    switch (store.variant) {
        case "redis": {
            const { RedisBroker } = await import("../components/broker/redis.ts");
            const { variant: _, engine, image, size, storage, ...rest } = store;
            nothingElse(rest);
            const { storageClass } = platform;
            return new RedisBroker(name, { ...placement, engine, image, size, storage, storageClass, password }, opts);
        }
        default:
            return store.variant satisfies never;
    }
}

async function createAssets(entry: StackStore<ResolvedAssets>, context: EnvironmentContext): Promise<Made<Assets>> {
    const { store } = entry;
    switch (store.variant) {
        case "whitenoise":
        case "s3-compatible":
            return (await import("./assets.ts")).createPlainAssets({ ...entry, store }, context);
        case "spaces":
            return (await import("./clouds/digitalocean/assets.ts")).createSpacesAssets({ ...entry, store }, context);
        case "cloud-storage":
            return (await import("./clouds/gcp/assets.ts")).createCloudStorageAssets({ ...entry, store }, context);
        case "s3":
            return (await import("./clouds/aws/assets.ts")).createS3Assets({ ...entry, store }, context);
        default:
            return store satisfies never;
    }
}
