// Stores of Google Cloud that do not fit the environment's kind, hosts or the apps' names.
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import { storesOf } from "../../stores/entries.ts";
import { contradiction } from "../contradiction.ts";

type Path = readonly PropertyKey[];

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
