// Servers that are there: whether pods reach them, whether strangers read along, and what may be done on them.
import { isIPv4 } from "node:net";
import { addressBlock, merged, shared } from "../../../lib/address-block.ts";
import { isInternet, publicShare } from "../../../lib/internet.ts";
import { metadataIn } from "../../../lib/metadata-addresses.ts";
import { notPublic } from "../../../lib/not-public.ts";
import type { BrokerSettings } from "../../broker.ts";
import type { CacheSettings } from "../../cache.ts";
import type { DatabaseSettings } from "../../database.ts";
import { resolveCidrs, resolveExternalBroker, resolveTls } from "../../external/resolve.ts";
import { setCommand, setSecretCommand, settingPath, type Problem } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { ownStoreOf, storesOf, type StoreEntry } from "../../stores/entries.ts";
import { placedApps } from "../apps/apps.ts";
import { advice, contradiction } from "../contradiction.ts";
import { secretsGiven, sectionsOfSecrets } from "../secrets/secrets.ts";

const stores = ["apps", "database", "cache", "broker"] as const;

type Stores = Pick<Settings, (typeof stores)[number]>;

type External = Extract<DatabaseSettings | CacheSettings | BrokerSettings, { variant: "external" }>;

interface Placed {
    readonly path: StoreEntry["path"];
    readonly store: External;
    readonly servers: ReadonlyArray<{ readonly path: readonly PropertyKey[]; readonly host: string }>;
    readonly cidrs: readonly string[];
}

/** Every store that is there, and where its servers stand. */
export function externalStores(settings: Stores): Placed[] {
    const all = (["database", "cache", "broker"] as const).flatMap((kind): StoreEntry[] => storesOf(kind, settings));
    return all.flatMap(({ path, store }) => {
        if (store.variant !== "external") {
            return [];
        }
        const others = (["replicas", "servers"] as const).flatMap((list) =>
            list in store
                ? (store as Extract<CacheSettings, { variant: "external" }>)[list].map(({ host }, index) => ({
                      path: [...path, list, index, "host"],
                      host,
                  }))
                : [],
        );
        const servers = [{ path: [...path, "host"], host: store.host }, ...others];
        const cidrs = resolveCidrs(
            store.cidrs,
            servers.map(({ host }) => host),
        );
        return [{ path, store, servers, cidrs }];
    });
}

const loopback = ["127.0.0.0/8", "0.0.0.0/8"];

function isIn(ranges: readonly string[], address: string): boolean {
    const block = addressBlock(address)!;
    return ranges.some((range) => {
        const other = addressBlock(range);
        return other !== undefined && shared(block, other) === block.last - block.first + 1n;
    });
}

/** All of what pods may go to lies where strangers do not listen. */
function isPrivate(cidrs: readonly string[]): boolean {
    const ranges = merged(notPublic.map((range) => addressBlock(range)!));
    return cidrs.every((cidr) => {
        const block = addressBlock(cidr);
        // Of IPv6, fc00::/7 is a network's own (RFC 4193).
        return (
            block !== undefined &&
            (block.family === 6
                ? shared(block, addressBlock("fc00::/7")!) === block.last - block.first + 1n
                : ranges.some((range) => shared(block, range) === block.last - block.first + 1n))
        );
    });
}

export const unreachableServers = contradiction(stores, (settings) =>
    externalStores(settings).flatMap(({ path, servers, cidrs }) =>
        servers.flatMap(({ path: at, host }): Problem[] => {
            const where = settingPath(at);
            if (/(^|\.)localhost$/.test(host) || (isIPv4(host) && isIn(loopback, host))) {
                return [
                    {
                        path: where,
                        found: `${JSON.stringify(host)}, which is the pod itself`,
                        allowed: "a server that runs elsewhere, by a name or an address that the cluster's nodes reach",
                        fix: setCommand(where, "HOST"),
                    },
                ];
            }
            const ranges = settingPath([...path, "cidrs"]);
            return !isIPv4(host) || isIn(cidrs, host)
                ? []
                : [
                      {
                          path: where,
                          found: `${JSON.stringify(host)}, which is in none of ${cidrs.join(", ")}`,
                          allowed: `an address in ${ranges}: packets to any other are dropped`,
                          fix: setCommand(`${ranges}[${cidrs.length}]`, `${host}/32`),
                      },
                  ];
        }),
    ),
);

/** At such an address a cloud gives out credentials, and nobody has a store. */
export const metadataServers = contradiction(stores, (settings) =>
    externalStores(settings).flatMap(({ path, cidrs }) =>
        cidrs.flatMap((cidr, index): Problem[] => {
            const held = metadataIn(cidr);
            const block = addressBlock(cidr);
            const at = settingPath([...path, "cidrs", index]);
            return held === undefined || block === undefined || block.last - block.first >= 2n ** 16n
                ? []
                : [
                      {
                          path: at,
                          found: `${JSON.stringify(cidr)}, with ${held.address}: ${held.whose}`,
                          allowed: "the server's own addresses",
                          fix: setCommand(at, "RANGE"),
                      },
                  ];
        }),
    ),
);

/** What a stranger on the way reads, and what only somebody in one's own network could. */
function exposure(store: External): { readonly mode: string; readonly what: string } | undefined {
    if ("protocol" in store && store.protocol === "memcached") {
        return {
            mode: "Memcached, which has no TLS here",
            what: "everyone on the way reads and writes what is cached",
        };
    }
    const { mode } = resolveTls(store.tls);
    switch (mode) {
        case "disable":
            return { mode: `"disable"`, what: "everyone on the way reads the password, and all that follows" };
        case "require":
            return { mode: `"require"`, what: "whoever answers in the server's place is believed" };
        case "verify-ca":
        case "verify-full":
            return undefined;
        default:
            return mode satisfies never;
    }
}

function* unprotected(settings: Stores): Generator<Placed & ReturnType<typeof exposure> & { readonly at: string }> {
    for (const placed of externalStores(settings)) {
        const found = exposure(placed.store);
        if (found !== undefined) {
            const tls = !("protocol" in placed.store) || placed.store.protocol !== "memcached";
            yield { ...placed, ...found, at: settingPath([...placed.path, ...(tls ? ["tls", "mode"] : ["protocol"])]) };
        }
    }
}

/** Of Memcached there is no other way than another server. */
function protectedBy(at: string): string {
    return at.endsWith(".protocol") ? setCommand(at, "redis") : setCommand(at, "verify-full");
}

export const plainOverInternet = contradiction(stores, (settings) =>
    [...unprotected(settings)]
        .filter(({ cidrs }) => !isPrivate(cidrs))
        .map(({ path, cidrs, mode, what, at }) => ({
            path: at,
            found: `${mode}, with public addresses in ${settingPath([...path, "cidrs"])} (${cidrs.join(", ")})`,
            allowed: `verify-full or verify-ca where the way is public: ${what}`,
            fix: protectedBy(at),
        })),
);

export const plainInProduction = advice([...stores, "environment"], (settings) =>
    settings.environment.kind !== "production"
        ? []
        : [...unprotected(settings)]
              .filter(({ cidrs }) => isPrivate(cidrs))
              .map(({ mode, what, at }) => ({
                  path: at,
                  found: mode,
                  allowed: `verify-full or verify-ca in production, on a private network too: ${what} (R62)`,
                  fix: protectedBy(at),
              })),
);

/** A server whose addresses change needs many; whoever breaks into a pod may then send data to any server at that port. */
export const wideServers = advice(stores, (settings) =>
    externalStores(settings)
        .filter(({ cidrs }) => isInternet(cidrs))
        .map(({ path, cidrs }) => {
            const at = settingPath([...path, "cidrs"]);
            return {
                path: at,
                found: `${cidrs.join(", ")}: ${publicShare(cidrs)}`,
                allowed:
                    "the ranges that the server's owner names: whoever breaks into a pod may carry data to all of these",
                fix: setCommand(`${at}[0]`, "RANGE"),
            };
        }),
);

/** Some networks apply rules by address to nothing in the cluster, Cilium for example. */
export const serversInCluster = advice(stores, (settings) =>
    externalStores(settings).flatMap(({ servers }) =>
        servers
            .filter(({ host }) => /\.svc(\.|$)/.test(host))
            .map(({ path, host }) => ({
                path: settingPath(path),
                found: `${JSON.stringify(host)}, a Service of the cluster`,
                allowed:
                    "a server outside the cluster: what is opened here is opened by address, which not every network applies to pods",
                fix: "open it by a NetworkPolicy of your own too, from pods with the label django-on-kubernetes/reaches-<store>",
            })),
    ),
);

/** Celery's messages vanish with what a full cache evicts, and `clear()` takes the keys of a whole database. */
export const brokerAsCache = contradiction(stores, (settings) =>
    placedApps(settings.apps).flatMap(({ app, at }): Problem[] => {
        const cache = ownStoreOf(app, "cache") ?? settings.cache;
        const broker = ownStoreOf(app, "broker") ?? settings.broker;
        if (
            cache.variant !== "external" ||
            broker.variant !== "external" ||
            cache.protocol !== "redis" ||
            broker.protocol !== "redis" ||
            cache.host !== broker.host ||
            (cache.port ?? 6379) !== (broker.port ?? 6379)
        ) {
            return [];
        }
        const path = settingPath([...(app.stores.broker === undefined ? [] : [...at, "stores"]), "broker", "host"]);
        return [
            {
                path,
                found: `${JSON.stringify(broker.host)}, which is the cache's server too`,
                allowed: "a server of its own for Celery: of a full cache the messages are evicted with the rest (R33)",
                fix: `${setCommand(path, "HOST")}, or a broker in the cluster: broker.variant redis`,
            },
        ];
    }),
);

/** Apps that Redis keeps apart by a prefix, RabbitMQ keeps apart by virtual hosts alone. */
export const oneVirtualHost = contradiction(["apps", "environment", "broker"], ({ apps, environment, broker }) => {
    const taken: { readonly app: string; readonly server: string; readonly user: string; readonly vhost: string }[] =
        [];
    // What is in the section is the main app's.
    const placed = placedApps(apps).toSorted(
        (a, b) => Number(b.app.name === environment.mainApp) - Number(a.app.name === environment.mainApp),
    );
    return placed.flatMap(({ app, at }): Problem[] => {
        const own = ownStoreOf(app, "broker");
        const used = own ?? broker;
        const resolved = used.variant === "external" ? resolveExternalBroker(used) : undefined;
        if (resolved?.protocol !== "amqp") {
            return [];
        }
        const { host, port, user, vhost } = resolved;
        const server = `${host}:${port}`;
        const others = taken.filter((other) => other.server === server);
        taken.push({ app: app.name, server, user, vhost });
        const path = [...at, "stores", "broker"];
        return (["vhost", "user"] as const).flatMap((what): Problem[] => {
            const other = others.find((one) => one[what] === resolved[what]);
            if (other === undefined || (own === undefined && what === "user")) {
                return [];
            }
            const needed = `a virtual host and a user of its own: RabbitMQ gives the tasks of ${other.app} to the workers of ${app.name} else (R101)`;
            const where = settingPath(own === undefined ? path : [...path, what]);
            const name = what === "vhost" ? app.name : "USER";
            return [
                own === undefined
                    ? {
                          path: where,
                          found: `nothing, so it shares the virtual host ${JSON.stringify(vhost)} of ${other.app} on ${host}`,
                          allowed: needed,
                          fix: ownBroker(path, { host, vhost: app.name }),
                      }
                    : {
                          path: where,
                          found: `${JSON.stringify(resolved[what])}, which is that of ${other.app} on ${host}`,
                          allowed: needed,
                          fix: setCommand(where, name),
                      },
            ];
        });
    });
});

function ownBroker(path: readonly PropertyKey[], server: { readonly host: string; readonly vhost: string }): string {
    const values = { variant: "external", protocol: "amqp", ...server, user: "USER" };
    return Object.entries(values)
        .map(([name, value]) => setCommand(settingPath([...path, name]), value))
        .join(" && ");
}

const withAdministrator = [...sectionsOfSecrets, "database"] as const;

/** The password of who makes databases for others, where there is one. */
export const administratorPassword = contradiction(withAdministrator, (settings) =>
    storesOf("database", settings).flatMap(({ store, path, owner, secretsAt }): Problem[] => {
        const at = settingPath([...secretsAt, "databaseAdministratorPassword"]);
        return store.variant !== "external" ||
            store.administrator === undefined ||
            owner === undefined ||
            secretsGiven(owner, settings).has("databaseAdministratorPassword")
            ? []
            : [
                  {
                      path: at,
                      found: "nothing",
                      allowed: `the password of the user that ${settingPath([...path, "administrator"])} names`,
                      fix: setSecretCommand(at),
                  },
              ];
    }),
);

/** Apps that share a server have databases of their own there, and somebody has to make these. */
export const sharedWithoutAdministrator = contradiction(["apps", "environment", "database"], (settings) => {
    const { database, environment } = settings;
    if (database.variant !== "external" || database.administrator !== undefined || environment.mainApp === "") {
        return [];
    }
    return placedApps(settings.apps)
        .filter(({ app }) => app.name !== environment.mainApp && ownStoreOf(app, "database") === undefined)
        .map(({ app, at }) => ({
            path: settingPath([...at, "stores", "database"]),
            found: "nothing, so it shares the server of the section database",
            allowed: `a database of its own, because nobody is named who makes one for ${app.name} on ${database.host}`,
            fix: `${setCommand("database.administrator.user", "USER")} && ${setSecretCommand("secrets.databaseAdministratorPassword")}, or name a database that is there, with variant external, below it`,
        }));
});

/** Borrowers come through a Service, whose name is in no certificate. */
export const lentExternally = contradiction(["lends", "database"], ({ lends, database }) => {
    if (!lends.database || database.variant !== "external") {
        return [];
    }
    const { mode } = resolveTls(database.tls);
    return [
        ...(database.administrator === undefined
            ? [
                  {
                      path: "database.administrator",
                      found: "nothing, while lends.database is true",
                      allowed: "who makes databases and roles for those who borrow",
                      fix: `${setCommand("database.administrator.user", "USER")} && ${setSecretCommand("secrets.databaseAdministratorPassword")}, or ${setCommand("lends.database", "false")}`,
                  },
              ]
            : []),
        ...(mode === "verify-full"
            ? [
                  {
                      path: "database.tls.mode",
                      found: '"verify-full", while lends.database is true',
                      allowed:
                          "verify-ca, with the server's own CA: borrowers know the server by the name of a Service",
                      fix: `${setCommand("database.tls.mode", "verify-ca")}, or ${setCommand("lends.database", "false")}`,
                  },
              ]
            : []),
    ];
});

/** Whoever reaches the port reads sessions, or puts tasks into the queue. */
export const withoutPassword = advice([...stores, "environment", "secrets", "existingSecrets"], (settings) =>
    settings.environment.kind !== "production"
        ? []
        : (["cache", "broker"] as const).flatMap((kind) =>
              storesOf(kind, settings).flatMap(({ store, path, owner, secretsAt }): Problem[] => {
                  const at = settingPath([...secretsAt, `${kind}Password`]);
                  return store.variant !== "external" ||
                      store.protocol !== "redis" ||
                      owner === undefined ||
                      secretsGiven(owner, settings).has(`${kind}Password`)
                      ? []
                      : [
                            {
                                path: at,
                                found: `nothing, so ${settingPath(path)} has to let in everyone who reaches its port`,
                                allowed: "a password in production",
                                fix: setSecretCommand(at),
                            },
                        ];
              }),
          ),
);
