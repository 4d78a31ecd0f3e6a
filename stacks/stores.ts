// The stores and files that the settings name, each variant loaded only when it is used.
import type { Assets } from "../components/assets/contract.ts";
import type { Broker } from "../components/broker/contract.ts";
import type { Cache } from "../components/cache/contract.ts";
import type { Database } from "../components/database/contract.ts";
import type { Pgbouncer } from "../components/database/pgbouncer.ts";
import type { RotatedLogins } from "../components/database/rotated-logins.ts";
import { nothingElse } from "../lib/nothing-else.ts";
import type { StackApp, StackSettings, StackStore } from "../settings/load.ts";
import type {
    ResolvedAssets,
    ResolvedBroker,
    ResolvedCache,
    ResolvedDatabase,
    ResolvedPooler,
} from "../settings/resolve/stores.ts";
import { clusterBackupsOf } from "./backups.ts";
import type { EnvironmentContext, Made } from "./context.ts";
import { createLogins } from "./logins.ts";

/** By the stores' names. */
export interface MadeStores {
    readonly database: ReadonlyMap<string, Made<Database>>;
    /** By the names of the databases: what an app logs in with where its logins have numbers. */
    readonly logins: ReadonlyMap<string, RotatedLogins>;
    /** By the names of the databases that are reached through them. */
    readonly pooler: ReadonlyMap<string, Pgbouncer>;
    readonly cache: ReadonlyMap<string, Made<Cache>>;
    readonly broker: ReadonlyMap<string, Made<Broker>>;
    readonly assets: ReadonlyMap<string, Made<Assets>>;
}

export async function createStores(
    { stores }: Pick<StackSettings, "stores">,
    context: EnvironmentContext,
): Promise<MadeStores> {
    const [{ database, logins }, cache, broker, assets] = await Promise.all([
        createDatabases(stores.database, context),
        createAll(stores.cache, (store) => createCache(store, context)),
        createAll(stores.broker, (store) => createBroker(store, context)),
        createAll(stores.assets, (store) => createAssets(store, context)),
    ]);
    if (stores.database.some(({ backups }) => backups !== undefined)) {
        (await import("./dumps.ts")).createDumps(stores.database, database, context);
    }
    const pooler = await createPoolers(stores.poolers, new Map([...database, ...logins]), context);
    return { database, logins, pooler, cache, broker, assets };
}

/** What an app finds of them, and what has to be there before the app is. */
export function storesFor({ stores }: Pick<StackApp, "stores">, made: MadeStores) {
    const { database: name, cache, broker, assets } = stores;
    // The settings were checked for both (settings/contradictions/environment/missing.ts).
    const database = made.logins.get(name) ?? made.database.get(name)!;
    const pooler = made.pooler.get(name);
    const others = {
        assets: made.assets.get(assets)!,
        ...(cache !== undefined && { cache: made.cache.get(cache)! }),
        ...(broker !== undefined && { broker: made.broker.get(broker)! }),
    };
    return {
        stores: { database: pooler?.before(database) ?? database, ...others },
        after: [database, ...(pooler === undefined ? [] : [pooler]), ...Object.values(others)],
    };
}

async function createPoolers(
    poolers: readonly ResolvedPooler[],
    made: ReadonlyMap<string, Made<Database>>,
    { placement, opts }: EnvironmentContext,
): Promise<ReadonlyMap<string, Pgbouncer>> {
    const pairs = await Promise.all(
        poolers.map(async ({ name, path: _, server, databases, mode, poolSize, replicas, image, ...rest }) => {
            nothingElse(rest);
            const { Pgbouncer } = await import("../components/database/pgbouncer.ts");
            const of = databases.map((database) => made.get(database)!);
            const args = { ...placement, server: made.get(server)!, databases: of, mode, poolSize, replicas, image };
            // The server's Service and openings first; which databases there are, a pooler asks nobody before a client does.
            const pooler = new Pgbouncer(name, args, { ...opts, dependsOn: [made.get(server)!] });
            return databases.map((database) => [database, pooler] as const);
        }),
    );
    return new Map(pairs.flat());
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
): Promise<Pick<MadeStores, "database" | "logins">> {
    const databases = new Map<string, Made<Database>>();
    const logins = new Map<string, RotatedLogins>();
    // Who makes others on a server logs in with the newest login too.
    for (const isBeside of [false, true]) {
        const servers = new Map<string, Made<Database>>([...databases, ...logins]);
        const entries = stores.filter(({ store }) => (store.variant === "beside") === isBeside);
        const created = await createAll(entries, (entry) => createDatabase(entry, context, servers));
        for (const entry of entries) {
            const { name, store } = entry;
            const server = store.variant === "beside" ? servers.get(store.server) : undefined;
            const numbered = await createLogins(entry, created.get(name)!, server, context);
            databases.set(name, created.get(name)!);
            if (numbered !== undefined) {
                logins.set(name, numbered);
            }
        }
    }
    return { database: databases, logins };
}

async function createDatabase(
    entry: StackStore<ResolvedDatabase>,
    context: EnvironmentContext,
    servers: ReadonlyMap<string, Made<Database>>,
): Promise<Made<Database>> {
    const { name, store, password, backups } = entry;
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
            const {
                variant: _,
                version,
                image,
                size,
                storage,
                maxConnections,
                owner,
                lends,
                restore,
                ...others
            } = store;
            const { upgradeFrom, changedCollations, ...rest } = others;
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
                    backups: clusterBackupsOf(backups),
                    restore,
                    upgradeFrom,
                    changedCollations,
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
        case "external":
            return (await import("./external.ts")).createExternalDatabase({ ...entry, store }, context);
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
            const { rotation } = entry;
            return new InClusterCache(name, { ...placement, engine, image, size, replicas, password, rotation }, opts);
        }
        case "memcached": {
            const { InClusterMemcached } = await import("../components/cache/memcached.ts");
            const { variant: _, image, size, servers, ...rest } = store;
            nothingElse(rest);
            const { placement, opts } = context;
            return new InClusterMemcached(name, { ...placement, image, size, servers }, opts);
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
        case "external":
            return (await import("./external.ts")).createExternalCache({ ...entry, store }, context);
        default:
            return store satisfies never;
    }
}

async function createBroker(entry: StackStore<ResolvedBroker>, context: EnvironmentContext): Promise<Made<Broker>> {
    const { name, store, password } = entry;
    const { placement, platform, opts } = context;
    switch (store.variant) {
        case "redis": {
            const { RedisBroker } = await import("../components/broker/redis.ts");
            const { variant: _, engine, image, size, storage, ...rest } = store;
            nothingElse(rest);
            const { storageClass } = platform;
            const { rotation } = entry;
            return new RedisBroker(
                name,
                { ...placement, engine, image, size, storage, storageClass, password, rotation },
                opts,
            );
        }
        case "external":
            return (await import("./external.ts")).createExternalBroker({ ...entry, store }, context);
        case "rabbitmq": {
            const { RabbitBroker } = await import("../components/broker/rabbitmq.ts");
            const { variant: _, version, image, size, storage, nodes, consumerTimeout, ...rest } = store;
            nothingElse(rest);
            const { storageClass } = platform;
            const { owner, users, passwords = {} } = entry;
            const others = users.filter((app) => app !== owner);
            return new RabbitBroker(
                name,
                {
                    ...placement,
                    version,
                    image,
                    size,
                    storage,
                    storageClass,
                    nodes,
                    consumerTimeout,
                    rotation: entry.rotation,
                    apps: [
                        { name: owner, password },
                        ...others.map((app) => ({ name: app, password: passwords[app] })),
                    ],
                },
                opts,
            );
        }
        default:
            return store satisfies never;
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
