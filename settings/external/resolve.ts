// What is left open in the settings of servers that are there, decided.
import { isIPv4 } from "node:net";
import type { ExternalBrokerSettings } from "./broker.ts";
import type { ExternalCacheSettings } from "./cache.ts";
import type { ExternalDatabaseSettings } from "./database.ts";
import type { TlsMode } from "./fields.ts";

type Tls = ExternalDatabaseSettings["tls"];

export interface ResolvedTls {
    readonly mode: TlsMode;
    /** PEM. @default those that the app's image trusts */
    readonly ca?: string;
}

export function resolveTls(tls: Tls): ResolvedTls {
    return tls === undefined
        ? { mode: "verify-full" }
        : { mode: tls.mode, ...(tls.ca !== undefined && { ca: tls.ca }) };
}

/** Of a name the ranges are needed, so what is missing is an address's. */
export function resolveCidrs(cidrs: readonly string[] | undefined, hosts: readonly string[]): readonly string[] {
    return cidrs ?? [...new Set(hosts.filter((host) => isIPv4(host)).map((host) => `${host}/32`))];
}

export function resolveExternalDatabase({ tls, cidrs, pooler: _, backups: __, ...database }: ExternalDatabaseSettings) {
    return { ...database, tls: resolveTls(tls), cidrs: resolveCidrs(cidrs, [database.host]) };
}

export function resolveExternalCache(cache: ExternalCacheSettings) {
    const { variant, host, user, cidrs } = cache;
    const hosts = [host, ...[...cache.replicas, ...cache.servers].map((one) => one.host)];
    const port = cache.port ?? (cache.protocol === "redis" ? 6379 : 11211);
    const server = (one: ExternalCacheSettings["replicas"][number]) => ({ host: one.host, port: one.port ?? port });
    const common = { variant, cidrs: resolveCidrs(cidrs, hosts) };
    return cache.protocol === "memcached"
        ? { ...common, protocol: "memcached" as const, servers: [{ host, port }, ...cache.servers.map(server)] }
        : {
              ...common,
              protocol: "redis" as const,
              primary: { host, port },
              replicas: cache.replicas.map(server),
              tls: resolveTls(cache.tls),
              ...(user !== undefined && { user }),
          };
}

export type ResolvedExternalCache = ReturnType<typeof resolveExternalCache>;

export function resolveExternalBroker(broker: ExternalBrokerSettings) {
    const { variant, host, user, vhost = "/", database = 0, consumerTimeout, cidrs } = broker;
    const tls = resolveTls(broker.tls);
    const common = { variant, host, tls, cidrs: resolveCidrs(cidrs, [host]) };
    return broker.protocol === "amqp"
        ? {
              ...common,
              protocol: "amqp" as const,
              port: broker.port ?? (tls.mode === "disable" ? 5672 : 5671),
              // Without one it was refused.
              user: user!,
              vhost,
              ...(consumerTimeout !== undefined && { consumerTimeout }),
          }
        : {
              ...common,
              protocol: "redis" as const,
              port: broker.port ?? 6379,
              database,
              ...(user !== undefined && { user }),
          };
}

export type ResolvedExternalBroker = ReturnType<typeof resolveExternalBroker>;

/** What NetworkPolicies open for a store. */
export function openedFor(store: ExternalDatabaseSettings | ExternalCacheSettings | ExternalBrokerSettings): {
    readonly ports: readonly number[];
    readonly cidrs: readonly string[];
} {
    if (!("protocol" in store)) {
        const { port, cidrs } = resolveExternalDatabase(store);
        return { ports: [port], cidrs };
    }
    if (store.protocol === "amqp" || !("replicas" in store)) {
        const { port, cidrs } = resolveExternalBroker(store);
        return { ports: [port], cidrs };
    }
    const cache = resolveExternalCache(store);
    const servers = cache.protocol === "memcached" ? cache.servers : [cache.primary, ...cache.replicas];
    return { ports: servers.map(({ port }) => port), cidrs: cache.cidrs };
}
