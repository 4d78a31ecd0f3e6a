// The apps of an environment: what each shares with the others, and what it has to itself.
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import type { Assets } from "../components/assets/contract.ts";
import type { Placement } from "../components/contract.ts";
import type { Processes, Stores } from "../components/django/contract.ts";
import { djangoProcesses } from "../components/django/contracts/django.ts";
import { initRunAsyncProcesses } from "../components/django/contracts/init-run-async.ts";
import { DjangoApp } from "../components/django/django.ts";
import { publicUrl, type PublicAddress } from "../components/edge/url.ts";
import type { RestrictedNamespace } from "../components/namespace/restricted.ts";
import type { AppSettings } from "../settings/app.ts";
import type { AppSecrets, StackSettings } from "../settings/load.ts";
import type { OperatorSettings, Size } from "../settings/operator.ts";
import type { StoreKind } from "../settings/stores.ts";
import type { Clouds, Made, StoreContext } from "./context.ts";
import type { Platform } from "./platform/contract.ts";
import { createAssets, createBroker, createCache, createDatabase } from "./stores.ts";

export interface EnvironmentParts {
    readonly stack: string;
    readonly settings: StackSettings;
    readonly platform: Platform;
    readonly clouds: Clouds;
    readonly namespace: RestrictedNamespace;
    readonly placement: Placement;
    /** @default no way in from outside */
    readonly address?: PublicAddress;
    readonly opts: ComponentResourceOptions;
}

/** Stores as an environment or an app has them; `undefined`: none of its own. */
type MadeStores = { readonly [Kind in StoreKind]?: Made<NonNullable<Stores[Kind]>> };

export interface MadeApp {
    readonly app: AppSettings;
    readonly main: boolean;
    readonly django: DjangoApp;
    readonly stores: Stores;
    readonly url?: string;
}

/** The stores that apps share, made once. */
export async function createSharedStores(parts: EnvironmentParts): Promise<MadeStores> {
    const { settings, placement } = parts;
    const { apps, environment } = settings;
    const sharing = (kind: StoreKind): readonly AppSettings[] =>
        apps.filter(({ stores }) => stores[kind] === undefined);
    return await createStores(parts, settings, {
        prefix: "",
        owner: environment.mainApp,
        secrets: settings.secrets,
        users: (kind) => sharing(kind).map(({ name }) => ({ namespace: placement.namespace, serviceAccount: name })),
        origins: (kind) => sharing(kind).flatMap(({ hosts }) => originsOf(hosts, parts.address)),
        lends: settings.lends.database,
    });
}

export async function createApp(parts: EnvironmentParts, app: AppSettings, shared: MadeStores): Promise<MadeApp> {
    const { settings, platform, namespace, placement, address, opts } = parts;
    const main = app.name === settings.environment.mainApp;
    const secrets = main ? settings.secrets : (settings.secrets.apps[app.name] ?? noSecrets);
    const ownStores = storesOfItsOwn(app, main, settings);
    const own = await createStores(parts, ownStores, {
        prefix: `${app.name}-`,
        owner: app.name,
        secrets,
        users: () => [{ namespace: placement.namespace, serviceAccount: app.name }],
        origins: () => originsOf(app.hosts, address),
        lends: false,
    });
    const ofKind = <Kind extends StoreKind>(kind: Kind): MadeStores[Kind] =>
        ownStores[kind] === undefined ? shared[kind] : own[kind];
    const beside = !main && ownStores.database === undefined;
    const database = (beside ? await databaseOnShared(parts, app, secrets, shared) : undefined) ?? ofKind("database");
    const [cache, broker, assets] = [ofKind("cache"), ofKind("broker"), ofKind("assets")];
    // The settings were checked for both (settings/contradictions/missing.ts).
    const stores: Stores = { database: database!, assets: assets!, ...(cache && { cache }), ...(broker && { broker }) };
    const url = address && publicUrl(app.hosts[0]!, address);
    const from = platform.gateway?.from ?? platform.webFrom;
    const drain = platform.gateway?.drain ?? platform.webDrain;
    const django = new DjangoApp(
        app.name,
        {
            ...placement,
            app: app.name,
            image: app.image,
            processes: processesOf(app, settings.operator, stores.assets),
            stores,
            ...(!main && { prefixes: prefixesOf(app) }),
            after: [namespace, ...[database, cache, broker, assets].filter((store) => store !== undefined)],
            environmentPrefix: app.environmentPrefix,
            hosts: app.hosts,
            ...(url !== undefined && { url }),
            environment: app.environment,
            files: app.files,
            runAs: app.runAs,
            egress: app.egress,
            ...(from && { ingressFrom: from }),
            ...(drain !== undefined && { drain }),
            ...(app.registry &&
                secrets.registryPassword && { registry: { ...app.registry, password: secrets.registryPassword } }),
            ...superuserOf(app, secrets),
            secrets,
        },
        opts,
    );
    return { app, main, django, stores, ...(url !== undefined && { url }) };
}

/**
 * A borrowed database's role may make no other, so every app borrows one: from the lender's administrator. The template is
 * the main app's.
 */
function storesOfItsOwn(app: AppSettings, main: boolean, { database }: StackSettings): AppSettings["stores"] {
    if (main || app.stores.database !== undefined || database.variant !== "platform") {
        return app.stores;
    }
    const { template: _, ...untemplated } = database;
    return { ...app.stores, database: untemplated };
}

const noSecrets: AppSecrets = { environment: {}, files: {} };

interface StoreOwner {
    /** Before the names of its stores' components. */
    readonly prefix: string;
    readonly owner: string;
    readonly secrets: AppSecrets;
    readonly users: (kind: StoreKind) => StoreContext["users"];
    readonly origins: (kind: StoreKind) => readonly string[];
    readonly lends: boolean;
}

async function createStores(
    { stack, settings, platform, clouds, placement, opts }: EnvironmentParts,
    stores: Partial<Pick<StackSettings, StoreKind>>,
    { prefix, owner, secrets, users, origins, lends }: StoreOwner,
): Promise<MadeStores> {
    const { operator, environment } = settings;
    const context = (kind: StoreKind): StoreContext => {
        const password = {
            database: secrets.databasePassword,
            cache: secrets.cachePassword,
            broker: secrets.brokerPassword,
            assets: undefined,
        }[kind];
        return {
            stack,
            name: `${prefix}${kind}`,
            kind: environment.kind,
            placement,
            platform,
            clouds,
            owner: owner.replaceAll("-", "_"),
            ...(password && { password }),
            lends: kind === "database" && lends,
            users: users(kind),
            origins: origins(kind),
            opts,
        };
    };
    const [database, cache, broker, assets] = await Promise.all([
        stores.database && createDatabase(stores.database, operator, context("database")),
        stores.cache && createCache(stores.cache, operator, context("cache")),
        stores.broker && createBroker(stores.broker, operator, context("broker")),
        stores.assets && createAssets(stores.assets, context("assets")),
    ]);
    return {
        ...(database && { database }),
        ...(cache && { cache }),
        ...(broker && { broker }),
        ...(assets && { assets }),
    };
}

/** An app that shares the server has a database and a role of its own there: two apps' tables would collide. */
async function databaseOnShared(
    { settings, placement, opts }: EnvironmentParts,
    app: AppSettings,
    secrets: AppSecrets,
    { database }: MadeStores,
): Promise<MadeStores["database"]> {
    if (database === undefined) {
        return undefined;
    }
    const { databaseBeside } = await import("./lent-database.ts");
    return databaseBeside(`${app.name}-database`, database, {
        placement,
        owner: app.name,
        settings: settings.database,
        ...(secrets.databasePassword && { password: secrets.databasePassword }),
        opts,
    });
}

/** Among those who share, the main app has the plain names. */
function prefixesOf({ name, stores }: AppSettings): { cache?: string; broker?: string; files?: string } {
    return {
        ...(stores.cache === undefined && { cache: name }),
        ...(stores.broker === undefined && { broker: `${name}:` }),
        ...(stores.assets === undefined && { files: `${name}/` }),
    };
}

function originsOf(hosts: readonly string[], address: PublicAddress | undefined): string[] {
    return address === undefined ? [] : hosts.map((host) => publicUrl(host, address));
}

function superuserOf(app: AppSettings, { superuserPassword: password }: AppSecrets) {
    if (app.contract !== "django" || app.release.superuser === undefined) {
        return undefined;
    }
    return { superuser: { ...app.release.superuser, ...(password && { password }) } };
}

type Sized<Value extends { readonly size: string }> = Omit<Value, "size"> & { readonly size: Size };

/** The processes of an app, with what the operator means by each size. */
function processesOf(app: AppSettings, { sizes }: OperatorSettings, assets: Assets): Processes {
    const sized = <Value extends { readonly size: string }>(value: Value): Sized<Value> => ({
        ...value,
        size: sizes[value.size]!,
    });
    const shell = app.shell && { shell: sized(app.shell) };
    switch (app.contract) {
        case "django":
            return djangoProcesses({
                module: app.module,
                web: sized(app.web),
                workers: Object.fromEntries(Object.entries(app.workers).map(([name, worker]) => [name, sized(worker)])),
                ...(app.beat && { beat: sized(app.beat) }),
                ...shell,
                release: app.release,
                collectstatic: assets.collects,
            });
        case "init-run-async":
            return initRunAsyncProcesses({
                web: sized(app.web),
                ...(app.async && { async: sized(app.async) }),
                ...shell,
                release: app.release,
            });
        default:
            return app satisfies never;
    }
}
