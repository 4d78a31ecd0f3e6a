// What DigitalOcean's managed databases cannot be, and what records and certificates there need.
import { allowsStandby, databasePlan } from "../../../lib/digitalocean-plans.ts";
import { removeCommand, setCommand, setSecretCommand, settingPath, type Problem } from "../../problems.ts";
import type { PlatformSettings } from "../../platform.ts";
import { storesOf } from "../../stores/entries.ts";
import { advice, contradiction } from "../contradiction.ts";

/** Roles and databases of the server's own, which the API does not make again. */
const namesOfTheServer: readonly string[] = ["defaultdb", "doadmin", "postgres"];

export const digitalOceanNames = contradiction(["apps", "environment", "database"], (settings) =>
    storesOf("database", settings).flatMap(({ store, owner }): Problem[] => {
        if (
            owner === undefined ||
            store.variant !== "digitalocean" ||
            store.server.variant !== "create" ||
            !namesOfTheServer.includes(owner.name)
        ) {
            return [];
        }
        return [
            {
                path: settingPath(["apps", settings.apps.indexOf(owner), "name"]),
                found: JSON.stringify(owner.name),
                allowed: `any name but ${namesOfTheServer.join(", ")}: the app's database and its user are named after it`,
                fix: "name the app by what it is, for example shop",
            },
        ];
    }),
);

/**
 * A server sees the addresses of pods, and the cluster as a trusted source may not cover them. The range of a cluster that is made here is
 * known, of one that is there it is not.
 */
export const podsOfAdoptedCluster = advice(["apps", "broker", "cache", "database", "platform"], (settings) => {
    const { platform } = settings;
    if (platform.variant !== "digitalocean" || platform.cluster.variant !== "existing") {
        return [];
    }
    const { name } = platform.cluster;
    return [...storesOf("database", settings), ...storesOf("cache", settings)].flatMap(({ path, store }): Problem[] => {
        if (store.variant !== "digitalocean" || store.server.variant !== "create") {
            return [];
        }
        const { network, trustedSources } = store.server;
        const at = settingPath([...path, "server", "trustedSources"]);
        return network !== undefined || trustedSources.length > 0
            ? []
            : [
                  {
                      path: at,
                      found: "none, beside a cluster that is there",
                      allowed:
                          "the range of its pods, which may not count as the cluster: without it they may not get in",
                      fix: setCommand(`${at}[0]`, podsOf(name)),
                  },
              ];
    });
});

/** For a command line. @see https://docs.digitalocean.com/reference/doctl/reference/kubernetes/cluster/get/ */
function podsOf(cluster: string): string {
    return `"$(doctl kubernetes cluster get ${cluster} --format ClusterSubnet --no-header)"`;
}

/** DigitalOcean would refuse it after minutes. */
export const databaseWithoutStandby = contradiction(["apps", "environment", "database"], (settings) =>
    storesOf("database", settings).flatMap(({ path, store }): Problem[] => {
        if (
            settings.environment.kind !== "production" ||
            store.variant !== "digitalocean" ||
            store.server.variant !== "create"
        ) {
            return [];
        }
        const { size, nodes } = store.server;
        const plan = databasePlan(size);
        if (nodes !== undefined || plan === undefined || allowsStandby(plan)) {
            return [];
        }
        const at = (name: string): string => settingPath([...path, "server", name]);
        return [
            {
                path: at("size"),
                found: `${JSON.stringify(size)}, which has no standby`,
                allowed: `in production a size that has one (R58), or ${at("nodes")}: 1 if an outage may last as long as a restore`,
                fix: setCommand(at("size"), "db-s-1vcpu-2gb"),
            },
        ];
    }),
);

/** A pool leads to one database: those of others could not be reached through it. */
export const poolOfMany = contradiction(["apps", "environment", "database", "lends"], ({ lends, ...settings }) =>
    storesOf("database", settings).flatMap(({ path, store, shared, owner, users }): Problem[] => {
        if (owner === undefined || store.variant !== "digitalocean") {
            return [];
        }
        const { server } = store;
        const pooled = server.variant === "create" ? server.pool !== undefined : server.pooled;
        const lent = shared && lends.database;
        const others = users.some(({ name }) => name !== owner.name);
        if (!pooled || !(lent || others)) {
            return [];
        }
        const at = settingPath([...path, "server", server.variant === "create" ? "pool" : "pooled"]);
        return [
            {
                path: at,
                found: lent
                    ? "a pool in front of a server that lends databases (lends.database)"
                    : "a pool in front of a server that several apps share",
                allowed: "no pool: it leads to one database, and each of the others has its own",
                fix: lent
                    ? removeCommand(at)
                    : `${removeCommand(at)}, or give the other apps databases of their own (apps[].stores.database)`,
            },
        ];
    }),
);

/** Whether something of the platform writes records at DigitalOcean: the environments' hosts', or those of certificates. */
function usesDnsToken(platform: PlatformSettings): boolean {
    if (platform.variant !== "digitalocean") {
        return false;
    }
    const { dns, certificates } = platform;
    return (
        (dns.variant !== "none" && dns.hostRecords) ||
        (certificates.variant === "letsencrypt" && certificates.challenge === "dns-01")
    );
}

export const dnsToken = contradiction(["platform", "secrets"], ({ platform, secrets }): Problem[] => {
    const path = "secrets.digitaloceanDnsToken";
    const isThere = secrets.digitaloceanDnsToken !== undefined;
    if (usesDnsToken(platform) === isThere) {
        return [];
    }
    return isThere
        ? [
              {
                  path,
                  found: "a secret that nothing uses",
                  allowed: "nothing, unless DigitalOcean's platform.dns.hostRecords or the challenge dns-01 needs it",
                  fix: removeCommand(path),
              },
          ]
        : [
              {
                  path,
                  found: "nothing",
                  allowed:
                      "a token with domain:read, domain:create, domain:update and domain:delete, " +
                      "for platform.dns.hostRecords or the challenge dns-01",
                  fix: setSecretCommand(path),
              },
          ];
});

export const wildcardByHttp = contradiction(["platform", "lends", "exposure"], ({ platform, lends, exposure }) => {
    if (platform.variant !== "digitalocean" || lends.domain === undefined || exposure.variant !== "gateway") {
        return [];
    }
    const { certificates } = platform;
    if (certificates.variant !== "letsencrypt" || certificates.challenge === "dns-01") {
        return [];
    }
    const path = "platform.certificates.challenge";
    return [
        {
            path,
            found: '"http-01"',
            allowed: "dns-01: lends.domain needs a wildcard certificate, which Let's Encrypt issues by DNS only",
            fix: setCommand(path, "dns-01"),
        },
    ];
});
