// Every store of an environment: those that its apps share, and those that an app has to itself.
import type { AppSettings } from "./app.ts";
import type { AssetsSettings } from "./assets.ts";
import type { BrokerSettings } from "./broker.ts";
import type { CacheSettings } from "./cache.ts";
import type { DatabaseSettings } from "./database.ts";

export interface StoresSettings {
    readonly database: DatabaseSettings;
    readonly cache: CacheSettings;
    readonly broker: BrokerSettings;
    readonly assets: AssetsSettings;
}

export const storeKinds = ["database", "cache", "broker", "assets"] as const;
export type StoreKind = (typeof storeKinds)[number];

/** The store of one kind that an app uses. */
export function storeOf<Kind extends StoreKind>(
    app: AppSettings,
    settings: StoresSettings,
    kind: Kind,
): StoresSettings[Kind] {
    return (app.stores[kind] as StoresSettings[Kind] | undefined) ?? settings[kind];
}

export interface PlacedStore<Kind extends StoreKind> {
    /** The way to it in the settings. */
    readonly path: ReadonlyArray<string | number>;
    readonly store: StoresSettings[Kind];
}

/** All stores of one kind. */
export function storesOf<Kind extends StoreKind>(
    kind: Kind,
    settings: Pick<StoresSettings, Kind> & { readonly apps: readonly AppSettings[] },
): PlacedStore<Kind>[] {
    const stores: Pick<StoresSettings, Kind> = settings;
    const shared: PlacedStore<Kind> = { path: [kind], store: stores[kind] };
    return [
        shared,
        ...settings.apps.flatMap((app, index) => {
            const store = app.stores[kind] as StoresSettings[Kind] | undefined;
            return store === undefined ? [] : [{ path: ["apps", index, "stores", kind], store }];
        }),
    ];
}
