// Every store of an environment, those that its apps share and those that an app has to itself: whose each is, who uses it,
// where it stands in the file, and where its secrets do.
import type { AppSettings } from "../app.ts";
import type { AssetsSettings } from "../assets.ts";
import type { BrokerSettings } from "../broker.ts";
import type { CacheSettings } from "../cache.ts";
import type { DatabaseSettings } from "../database.ts";

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
    return ownStoreOf(app, kind) ?? settings[kind];
}

/** @returns undefined when it shares the environment's */
export function ownStoreOf<Kind extends StoreKind>(app: AppSettings, kind: Kind): StoresSettings[Kind] | undefined {
    return app.stores[kind] as StoresSettings[Kind] | undefined;
}

export interface StoreEntry<Kind extends StoreKind = StoreKind> {
    readonly kind: Kind;
    readonly store: StoresSettings[Kind];
    /** Its component's: `database`, or `shop-database` for a store of one app. */
    readonly name: string;
    /** The way to it in the settings. */
    readonly path: ReadonlyArray<string | number>;
    /** The way to the secrets that its own are among. */
    readonly secretsAt: readonly string[];
    /** The app whose names and secrets it has. Undefined while the settings do not say which one is the main app. */
    readonly owner: AppSettings | undefined;
    /** The apps that use it. Of a shared one it may be none. */
    readonly users: readonly AppSettings[];
    readonly shared: boolean;
}

/** What has to be right before stores can be told; without a main app, a shared one has no owner. */
interface Owners {
    readonly apps: readonly AppSettings[];
    readonly environment?: { readonly mainApp: string };
}

/** All stores of one kind. */
export function storesOf<Kind extends StoreKind>(
    kind: Kind,
    settings: Owners & Pick<StoresSettings, Kind>,
): StoreEntry<Kind>[] {
    const { apps, environment } = settings;
    const shared: StoreEntry<Kind> = {
        kind,
        store: (settings as Pick<StoresSettings, Kind>)[kind],
        name: kind,
        path: [kind],
        secretsAt: ["secrets"],
        owner: apps.find(({ name }) => name === environment?.mainApp),
        users: apps.filter((app) => ownStoreOf(app, kind) === undefined),
        shared: true,
    };
    const own = apps.flatMap((app, index): StoreEntry<Kind>[] => {
        const store = ownStoreOf(app, kind);
        return store === undefined
            ? []
            : [
                  {
                      kind,
                      store,
                      name: `${app.name}-${kind}`,
                      path: ["apps", index, "stores", kind],
                      secretsAt: secretsPath(app.name, environment?.mainApp),
                      owner: app,
                      users: [app],
                      shared: false,
                  },
              ];
    });
    return [shared, ...own];
}

/** Of the main app directly below `secrets`, of others below `secrets.apps`. */
export function secretsPath(app: string, mainApp: string | undefined): readonly string[] {
    return app === mainApp ? ["secrets"] : ["secrets", "apps", app];
}
