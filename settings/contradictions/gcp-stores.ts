// Stores of Google Cloud that do not fit the platform, the environment's kind, their passwords or the apps' names.
import { removeCommand, setCommand, setSecretCommand, settingPath, type Problem } from "../problems.ts";
import type { Settings } from "../sections.ts";
import { storesOf } from "../stores.ts";
import { contradiction } from "./contradiction.ts";
import { appsWithSecrets } from "./secrets.ts";

type Path = readonly PropertyKey[];

/** Only a platform of Google Cloud has a network there that the stores can be put in. */
export const gcpNetworks = contradiction(["apps", "platform", "database", "cache"], (settings) => {
    const { platform } = settings;
    if (platform.variant === "gcp" && platform.network.variant !== "none") {
        return [];
    }
    const withoutNetwork: Path[] = [
        ...storesOf("database", settings).flatMap(({ path, store }) =>
            store.variant === "cloud-sql" && needsNetwork(store.server) ? [path] : [],
        ),
        ...storesOf("cache", settings).flatMap(({ path, store }) =>
            store.variant === "memorystore" && needsNetwork(store.server) ? [path] : [],
        ),
    ];
    return withoutNetwork.map((store) => {
        const path = settingPath([...store, "server", "network"]);
        return {
            path,
            found: "nothing",
            allowed:
                "a network with private services access that the cluster reaches: the platform has none of Google Cloud",
            fix: setCommand(path, "projects/PROJECT/global/networks/NETWORK"),
        };
    });
});

function needsNetwork(
    server: { readonly variant: "create"; readonly network?: string | undefined } | { readonly variant: "existing" },
): boolean {
    return server.variant === "create" && server.network === undefined;
}

/** Memorystore gives itself a password that nobody can choose; one that is there has it already. */
export const memorystorePasswords = contradiction(["apps", "environment", "cache", "secrets"], (settings) =>
    appsWithSecrets(settings).flatMap(({ app, at, secrets, secretsAt, main }) => {
        const caches: readonly (readonly [Path, Settings["cache"] | undefined])[] = [
            [["cache"], main ? settings.cache : undefined],
            [[...at, "stores", "cache"], app.stores.cache],
        ];
        const path = settingPath([...secretsAt, "cachePassword"]);
        return caches.flatMap(([where, cache]): Problem[] => {
            if (cache?.variant !== "memorystore") {
                return [];
            }
            const isThere = cache.server.variant === "existing";
            if (isThere === (secrets.cachePassword !== undefined)) {
                return [];
            }
            return isThere
                ? [
                      {
                          path,
                          found: "nothing",
                          allowed: `the AUTH string of ${settingPath(where)}`,
                          fix: setSecretCommand(path),
                      },
                  ]
                : [
                      {
                          path,
                          found: "a secret value",
                          allowed: `nothing: ${settingPath(where)} makes its own password`,
                          fix: removeCommand(path),
                      },
                  ];
        });
    }),
);

export const zonalProduction = contradiction(["apps", "environment", "database"], (settings) => {
    if (settings.environment.kind !== "production") {
        return [];
    }
    return storesOf("database", settings).flatMap(({ path: at, store }) => {
        if (
            store.variant !== "cloud-sql" ||
            store.server.variant !== "create" ||
            store.server.availability !== "zonal"
        ) {
            return [];
        }
        const path = settingPath([...at, "server", "availability"]);
        const allowed = "regional in production: without a standby, the loss of a machine or a zone is an outage (R58)";
        return [{ path, found: '"zonal"', allowed, fix: setCommand(path, "regional") }];
    });
});

/** One name leads to one address: not to a store's CDN and an app's Gateway, nor to two CDNs. */
export const staticHostOfApp = contradiction(["apps", "assets"], (settings) => {
    const hosts = new Map<string, Path>();
    return storesOf("assets", settings).flatMap(({ path: store, store: assets }): Problem[] => {
        if (assets.variant !== "cloud-storage" || assets.static.variant !== "create") {
            return [];
        }
        const { host } = assets.static;
        const path = settingPath([...store, "static", "host"]);
        const first = hosts.get(host) ?? store;
        hosts.set(host, first);
        if (first !== store) {
            const allowed = `a host name of its own: this one leads to ${settingPath(first)}`;
            return [{ path, found: JSON.stringify(host), allowed, fix: setCommand(path, "HOST") }];
        }
        return settings.apps
            .filter(({ hosts }) => hosts.includes(host))
            .map(({ name }) => ({
                path,
                found: JSON.stringify(host),
                allowed: `a host name of its own: this one leads to the app ${name}`,
                fix: setCommand(path, `static.${host}`),
            }));
    });
});

/** Names that are on every instance of Cloud SQL. */
const taken = /^(postgres|template[01]|cloudsql.*|pg_.*)$/;

export const cloudSqlNames = contradiction(["apps", "environment", "database"], (settings) =>
    settings.apps.flatMap(({ name, stores }, index) => {
        const shared = name === settings.environment.mainApp && settings.database.variant === "cloud-sql";
        const owner = name.replaceAll("-", "_");
        return (shared || stores.database?.variant === "cloud-sql") && taken.test(owner)
            ? [
                  {
                      path: settingPath(["apps", index, "name"]),
                      found: JSON.stringify(name),
                      allowed: `another name: Cloud SQL keeps "${owner}" for itself`,
                      fix: setCommand(settingPath(["apps", index, "name"]), `${name}-app`),
                  },
              ]
            : [];
    }),
);
