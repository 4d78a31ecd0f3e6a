// The stores of an environment with nothing left open: whose each is, who uses it, its password, and where it is put.
import { resolveElastiCache, resolveRds, resolveS3 } from "../clouds/aws/resolve.ts";
import {
    resolveDigitalOceanCache,
    resolveDigitalOceanDatabase,
    resolveSpaces,
} from "../clouds/digitalocean/resolve.ts";
import { resolveCloudSql, resolveCloudStorage, resolveMemorystore } from "../clouds/gcp/resolve.ts";
import {
    resolveExternalBroker,
    resolveExternalCache,
    resolveExternalDatabase,
    type ResolvedExternalBroker,
    type ResolvedExternalCache,
} from "../external/resolve.ts";
import { consumerTimeoutFor } from "../../lib/consumer-timeout.ts";
import type { AppSettings } from "../app.ts";
import type { AssetsSettings } from "../assets.ts";
import { backupsOf, type BackupsSettings } from "../backups.ts";
import type { BrokerSettings } from "../broker.ts";
import type { CacheSettings } from "../cache.ts";
import type { DatabaseSettings, LentDatabaseSettings } from "../database.ts";
import type { Size } from "../operator.ts";
import { poolerOf, type PoolerSettings } from "../pooler.ts";
import { rotationsOf } from "../rotations.ts";
import type { Settings } from "../sections.ts";
import { prefixOf } from "../stores/backups.ts";
import { ownStoreOf, secretsPath, storesOf, type StoreEntry, type StoreKind } from "../stores/entries.ts";
import { objectStorageOf } from "../stores/object-storage.ts";
import type { PasswordKind } from "../stores/passwords.ts";

/** What every store is told, whatever its kind. */
export interface ResolvedStore<Store, Text> {
    /** Its component's: `database`, or `shop-database` for a store of one app. */
    readonly name: string;
    /** The way to it in the settings. */
    readonly path: ReadonlyArray<string | number>;
    /** The app whose names it has. */
    readonly owner: string;
    /** The apps whose pods use it. */
    readonly users: readonly string[];
    /** The names under which users reach those apps. */
    readonly hosts: readonly string[];
    /** The way to its password in the settings, given or not. */
    readonly passwordPath: readonly string[];
    /** @default generated, or none for a server that is there */
    readonly password?: Text;
    /** Which login holds. @default the first one, for good */
    readonly rotation?: number;
    /** Of who makes databases on a server that is there. @default nobody does */
    readonly administratorPassword?: Text;
    /** Of the users that have a login of their own there beside the owner's, by app. @default generated */
    readonly passwords?: Readonly<Record<string, Text>>;
    /** Of buckets that are there. @default the store makes its own, or has none */
    readonly accessKey?: AccessKey<Text>;
    /** Of the job that writes static files alone. @default `accessKey` */
    readonly staticAccessKey?: AccessKey<Text>;
    /** Of a database. @default none that the program knows of */
    readonly backups?: ResolvedBackups<Text>;
    readonly store: Store;
}

/** Where, when and how long, and what opens the bucket and what is in it. */
export type ResolvedBackups<Text> = Settled<BackupsSettings> & {
    readonly accessKey: AccessKey<Text>;
    readonly passphrase: Text;
};

type Settled<Backups extends BackupsSettings> = Backups extends BackupsSettings
    ? Omit<Backups, "to"> & { readonly to: Backups["to"] & { readonly prefix: string } }
    : never;

export type AccessKeys<Text> = Pick<ResolvedStore<unknown, Text>, "accessKey" | "staticAccessKey">;

export interface AccessKey<Text> {
    readonly id: Text;
    readonly secret: Text;
}

/** Sizes by what the operator means with their names. */
type Sized<Store> = Store extends { readonly size: string } & infer Rest
    ? Omit<Rest, "size"> & { readonly size: Size }
    : Store;

type InCluster = Extract<DatabaseSettings, { variant: "in-cluster" }>;

/** A database and a role of an app's own on a server that several apps share. */
export interface DatabaseBeside {
    readonly variant: "beside";
    /** The name of the store whose server it is on. */
    readonly server: string;
    readonly owner: string;
    readonly image?: string;
}

export interface LentDatabase extends Omit<LentDatabaseSettings, "variant"> {
    readonly variant: "platform";
    readonly owner: string;
}

export interface InClusterDatabaseStore extends Omit<Sized<InCluster>, "variant" | "pooler" | "backups"> {
    readonly variant: "in-cluster";
    readonly owner: string;
    /** Whether other environments on the cluster may use it too. */
    readonly lends: boolean;
}

export type ResolvedDatabase =
    | InClusterDatabaseStore
    | LentDatabase
    | DatabaseBeside
    | ReturnType<typeof resolveRds>
    | ReturnType<typeof resolveCloudSql>
    | ReturnType<typeof resolveDigitalOceanDatabase>
    | ReturnType<typeof resolveExternalDatabase>;

export type ResolvedCache =
    | Sized<Extract<CacheSettings, { variant: "in-cluster" | "memcached" }>>
    | ReturnType<typeof resolveElastiCache>
    | ReturnType<typeof resolveMemorystore>
    | ReturnType<typeof resolveDigitalOceanCache>
    | ResolvedExternalCache;

export type ResolvedBroker =
    Sized<Extract<BrokerSettings, { variant: "redis" }>> | RabbitBroker | ResolvedExternalBroker;

interface RabbitBroker extends Sized<Extract<BrokerSettings, { variant: "rabbitmq" }>> {
    /** Seconds that a task may be with a worker before it is handed out again. */
    readonly consumerTimeout: number;
}

/** Of no cloud of the program's. */
export type ResolvedPlainAssets = Extract<AssetsSettings, { variant: "whitenoise" | "s3-compatible" }>;

export type ResolvedAssets =
    | ResolvedPlainAssets
    | ReturnType<typeof resolveS3>
    | ReturnType<typeof resolveSpaces>
    | ReturnType<typeof resolveCloudStorage>;

/** PgBouncer before a server. */
export interface ResolvedPooler extends Omit<PoolerSettings, "size"> {
    readonly name: string;
    /** The way to it in the settings. */
    readonly path: ReadonlyArray<string | number>;
    /** The store whose server it is before. */
    readonly server: string;
    /** The stores on that server, the first one among them: their databases are reached through it. */
    readonly databases: readonly string[];
    /** Connections of one pod to the server, for each database. */
    readonly poolSize: number;
}

export interface ResolvedStores<Text> {
    readonly database: ReadonlyArray<ResolvedStore<ResolvedDatabase, Text>>;
    readonly poolers: readonly ResolvedPooler[];
    readonly cache: ReadonlyArray<ResolvedStore<ResolvedCache, Text>>;
    readonly broker: ReadonlyArray<ResolvedStore<ResolvedBroker, Text>>;
    readonly assets: ReadonlyArray<ResolvedStore<ResolvedAssets, Text>>;
}

/** Where an app's pods find each store, by the names in ResolvedStores. */
export interface StoresOfApp {
    readonly database: string;
    readonly cache?: string;
    readonly broker?: string;
    readonly assets: string;
}

type Needed = Pick<
    Settings,
    | "apps"
    | "environment"
    | "clouds"
    | "platform"
    | "lends"
    | "operator"
    | "rotations"
    | "database"
    | "cache"
    | "broker"
    | "assets"
>;

/** @param passwordOf the app's password for a kind of store, where `secrets` has one */
export function resolveStores<Text>(
    settings: Needed,
    passwordOf: (app: string, of: "database" | "databaseAdministrator" | "cache" | "broker") => Text | undefined,
    accessKeysOf: (app: string) => AccessKeys<Text>,
    keysOfBackups: (app: string) => KeysOfBackups<Text>,
): ResolvedStores<Text> {
    const { kind: environment, name: environmentName, mainApp } = settings.environment;
    const { clouds, platform, lends, operator, rotations } = settings;
    const place = <Kind extends StoreKind, Store>(
        entry: StoreEntry<Kind>,
        store: Store,
        users: readonly AppSettings[] = entry.users,
    ): ResolvedStore<Store, Text> => {
        // Contradictory settings, as of a main app that is none, were refused.
        const owner = entry.owner!.name;
        const { kind } = entry;
        const backups = kind === "database" ? backupsOf(entry.store) : undefined;
        const opened: PasswordKind | undefined = kind === "assets" ? undefined : kind;
        return {
            name: entry.name,
            path: entry.path,
            owner,
            users: users.map(({ name }) => name),
            hosts: users.flatMap(({ hosts }) => hosts),
            passwordPath: [...entry.secretsAt, `${kind}Password`],
            password: opened === undefined ? undefined : passwordOf(owner, opened),
            ...(backups && {
                backups: {
                    ...backups,
                    to: { ...backups.to, prefix: prefixOf(entry, backups, environmentName) },
                    ...keysOfBackups(owner),
                },
            }),
            rotation: rotationsOf(owner, mainApp, rotations)[kind],
            store,
        };
    };
    const sized = <Store extends { readonly size: string }>(store: Store) => ({
        ...store,
        size: operator.sizes[store.size]!,
    });

    const database = storesOf("database", settings).flatMap(
        (entry): ReadonlyArray<ResolvedStore<ResolvedDatabase, Text>> => {
            const { store } = entry;
            // The owner's own name is in it: SQL wants no hyphens.
            const owner = sqlName(entry.owner!.name);
            switch (store.variant) {
                case "none":
                    return [];
                case "platform":
                    // Such a role may make no other, so every app borrows one from the lender's administrator.
                    return [place(entry, { ...store, owner }, entry.shared ? usersOfMain(entry) : entry.users)];
                case "in-cluster": {
                    const { pooler: _, backups: __, ...server } = store;
                    return [place(entry, { ...sized(server), owner, lends: entry.shared && lends.database })];
                }
                case "rds":
                    return [place(entry, resolveRds(store, environment, owner))];
                case "cloud-sql":
                    return [place(entry, resolveCloudSql(store, environment, owner))];
                case "digitalocean":
                    return [place(entry, resolveDigitalOceanDatabase(store, environment, owner))];
                case "external":
                    return [
                        {
                            ...place(entry, resolveExternalDatabase(store)),
                            ...(store.administrator && {
                                administratorPassword: passwordOf(entry.owner!.name, "databaseAdministrator"),
                            }),
                        },
                    ];
                default:
                    return store satisfies never;
            }
        },
    );
    const databases = [...database, ...databasesOfSharers(settings, passwordOf)];
    return {
        database: databases,
        poolers: poolersOf(settings, databases),
        cache: storesOf("cache", settings).flatMap((entry): ReadonlyArray<ResolvedStore<ResolvedCache, Text>> => {
            const { store } = entry;
            switch (store.variant) {
                case "none":
                    return [];
                case "in-cluster":
                case "memcached":
                    return [place(entry, sized(store))];
                case "elasticache":
                    return [place(entry, resolveElastiCache(store, environment))];
                case "memorystore":
                    return [place(entry, resolveMemorystore(store, environment))];
                case "digitalocean":
                    return [place(entry, resolveDigitalOceanCache(store, environment))];
                case "external":
                    return [place(entry, resolveExternalCache(store))];
                default:
                    return store satisfies never;
            }
        }),
        broker: storesOf("broker", settings).flatMap((entry): ReadonlyArray<ResolvedStore<ResolvedBroker, Text>> => {
            const { store, users } = entry;
            switch (store.variant) {
                case "none":
                    return [];
                case "redis":
                    return [place(entry, sized(store))];
                case "external":
                    return [place(entry, resolveExternalBroker(store))];
                case "rabbitmq": {
                    const consumerTimeout = consumerTimeoutFor(longestTask(users));
                    const passwords = users.flatMap(({ name }) => {
                        const password = passwordOf(name, "broker");
                        return password === undefined ? [] : [[name, password] as const];
                    });
                    return [
                        {
                            ...place(entry, { ...sized(store), consumerTimeout }),
                            passwords: Object.fromEntries(passwords),
                        },
                    ];
                }
                default:
                    return store satisfies never;
            }
        }),
        assets: storesOf("assets", settings).map((entry): ResolvedStore<ResolvedAssets, Text> => {
            const { store } = entry;
            switch (store.variant) {
                case "whitenoise":
                case "s3-compatible":
                    return {
                        ...place(entry, store),
                        ...(objectStorageOf(store) && accessKeysOf(entry.owner!.name)),
                    };
                case "s3":
                    return place(entry, resolveS3(store, platform));
                case "spaces":
                    return place(entry, resolveSpaces(store, clouds));
                case "cloud-storage":
                    return place(entry, resolveCloudStorage(store, platform, clouds));
                default:
                    return store satisfies never;
            }
        }),
    };
}

/** What opens backups: without any of it the settings were refused. */
export type KeysOfBackups<Text> = Pick<ResolvedBackups<Text>, "accessKey" | "passphrase">;

function poolersOf(
    settings: Needed,
    databases: ReadonlyArray<ResolvedStore<ResolvedDatabase, unknown>>,
): ResolvedPooler[] {
    return storesOf("database", settings).flatMap(({ name, path, store }): ResolvedPooler[] => {
        const pooler = poolerOf(store);
        if (pooler === undefined) {
            return [];
        }
        const { size, ...rest } = pooler;
        const beside = databases.filter(({ store: other }) => other.variant === "beside" && other.server === name);
        return [
            {
                ...rest,
                name: `${name}-pooler`,
                path: [...path, "pooler"],
                server: name,
                databases: [name, ...beside.map((one) => one.name)],
                // Less than a connection for each pod was refused.
                poolSize: Math.floor(size / pooler.replicas),
            },
        ];
    });
}

/** Seconds, of those who may take tasks from the broker: Django Q2's wait in the database or in Redis, `db_worker`'s in the database. */
function longestTask(apps: readonly AppSettings[]): number {
    const limits = apps.flatMap((app): ReadonlyArray<{ readonly taskTimeLimit: number }> =>
        app.contract === "django"
            ? Object.values(app.workers).filter(({ kind }) => kind === "celery" || kind === "command")
            : app.async === undefined
              ? []
              : [app.async],
    );
    return Math.max(0, ...limits.map(({ taskTimeLimit }) => taskTimeLimit));
}

/** Of a borrowed database, which is one app's alone. */
function usersOfMain({ users, owner }: StoreEntry): AppSettings[] {
    return users.filter(({ name }) => name === owner?.name);
}

/**
 * The apps that share a server have databases and roles of their own there, or their tables would collide: beside the main
 * app's, or borrowed as the main app's is. The template is the main app's alone.
 */
function databasesOfSharers<Text>(
    settings: Needed,
    passwordOf: (app: string, kind: "database") => Text | undefined,
): ReadonlyArray<ResolvedStore<DatabaseBeside | LentDatabase, Text>> {
    const { apps, environment, database, rotations } = settings;
    if (database.variant === "none") {
        return [];
    }
    return apps
        .filter((app) => app.name !== environment.mainApp && ownStoreOf(app, "database") === undefined)
        .map(({ name, hosts }) => {
            const image = imageWithPsql(database);
            const owner = sqlName(name);
            return {
                name: `${name}-database`,
                path: ["database"],
                owner: name,
                users: [name],
                hosts,
                passwordPath: [...secretsPath(name, environment.mainApp), "databasePassword"],
                password: passwordOf(name, "database"),
                rotation: rotationsOf(name, environment.mainApp, rotations).database,
                store:
                    database.variant === "platform"
                        ? { variant: "platform", owner, ...(image !== undefined && { image }) }
                        : { variant: "beside", owner, server: "database", ...(image !== undefined && { image }) },
            };
        });
}

/** Of what makes databases for others on the server. @default the official image */
function imageWithPsql(database: DatabaseSettings): string | undefined {
    if (database.variant === "external") {
        return database.administrator?.image;
    }
    return "image" in database ? database.image : undefined;
}

/** The names that the app's pods find each kind of store by. */
export function storesOfApp(app: AppSettings, settings: Needed): StoresOfApp {
    const nameOf = (kind: StoreKind): string | undefined => {
        const own = ownStoreOf(app, kind);
        const store = own ?? settings[kind];
        return store.variant === "none" ? undefined : own === undefined ? kind : `${app.name}-${kind}`;
    };
    const beside = app.name !== settings.environment.mainApp;
    return {
        database: beside ? `${app.name}-database` : nameOf("database")!,
        cache: nameOf("cache"),
        broker: nameOf("broker"),
        assets: nameOf("assets")!,
    };
}

function sqlName(name: string): string {
    return name.replaceAll("-", "_");
}
