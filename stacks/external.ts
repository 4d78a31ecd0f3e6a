// Stores that are there: their settings, and the components that lead to them.
import type { Broker } from "../components/broker/contract.ts";
import { ExternalBroker } from "../components/broker/external.ts";
import type { Cache } from "../components/cache/contract.ts";
import { ExternalMemcachedCache } from "../components/cache/external-memcached.ts";
import { ExternalRedisCache } from "../components/cache/external-redis.ts";
import type { Database } from "../components/database/contract.ts";
import { ExternalDatabase } from "../components/database/external.ts";
import { nothingElse } from "../lib/nothing-else.ts";
import type { StackStore } from "../settings/load.ts";
import { settingPath } from "../settings/problems.ts";
import type { ResolvedBroker, ResolvedCache, ResolvedDatabase } from "../settings/resolve/stores.ts";
import type { EnvironmentContext, Made } from "./context.ts";

type External<Store> = StackStore<Extract<Store, { readonly variant: "external" }>>;

export function createExternalDatabase(
    { name, path, passwordPath, store, password, administratorPassword }: External<ResolvedDatabase>,
    { placement, opts }: EnvironmentContext,
): Made<Database> {
    const {
        variant: _,
        host,
        port,
        database,
        user,
        tls,
        cidrs,
        maxConnections,
        pooled,
        administrator,
        ...rest
    } = store;
    nothingElse(rest);
    return new ExternalDatabase(
        name,
        {
            ...placement,
            setting: settingPath(path),
            passwordSetting: settingPath(passwordPath),
            server: { host, port },
            database,
            user,
            // Without one the settings were refused, and without the administrator's likewise.
            password: password!,
            tls,
            cidrs,
            maxConnections,
            pooled,
            ...(administrator && {
                administrator: { user: administrator.user, password: administratorPassword! },
            }),
        },
        opts,
    );
}

export function createExternalCache(
    { name, path, passwordPath, store, password }: External<ResolvedCache>,
    { placement, opts }: EnvironmentContext,
): Made<Cache> {
    const common = { ...placement, setting: settingPath(path), passwordSetting: settingPath(passwordPath) };
    if (store.protocol === "memcached") {
        const { variant: _, protocol: __, servers, cidrs, ...rest } = store;
        nothingElse(rest);
        return new ExternalMemcachedCache(name, { ...common, servers, cidrs }, opts);
    }
    const { variant: _, protocol: __, primary, replicas, tls, cidrs, user, ...rest } = store;
    nothingElse(rest);
    return new ExternalRedisCache(name, { ...common, primary, replicas, tls, cidrs, user, password }, opts);
}

export function createExternalBroker(
    { name, path, passwordPath, store, password }: External<ResolvedBroker>,
    { placement, opts }: EnvironmentContext,
): Made<Broker> {
    const { variant: _, host, port, tls, cidrs, ...login } = store;
    const common = {
        ...placement,
        setting: settingPath(path),
        passwordSetting: settingPath(passwordPath),
        server: { host, port },
        tls,
        cidrs,
    };
    if (login.protocol === "amqp") {
        const { protocol, user, vhost, consumerTimeout, ...rest } = login;
        nothingElse(rest);
        const waits = consumerTimeout === undefined ? {} : { consumerTimeout };
        // Without one the settings were refused.
        return new ExternalBroker(name, { ...common, protocol, user, vhost, ...waits, password: password! }, opts);
    }
    const { protocol, user, database, ...rest } = login;
    nothingElse(rest);
    return new ExternalBroker(name, { ...common, protocol, user, database, password }, opts);
}
