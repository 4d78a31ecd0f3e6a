// More connections than a database server's memory has room for, and servers that are lent without a limit.
import { cloudSqlTier, mostConnections } from "../../../lib/cloud-sql-tiers.ts";
import { mebibyte } from "../../../lib/node-types/room.ts";
import { idleConnection, leastInCluster, mostInCluster, mostOnRds } from "../../../lib/postgres-memory.ts";
import { bytes } from "../../../lib/quantities.ts";
import { rdsMemory } from "../../../lib/rds-classes.ts";
import type { DatabaseSettings } from "../../database.ts";
import { definedSize, type Size } from "../../operator.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import { storesOf } from "../../stores/entries.ts";
import { advice, contradiction } from "../contradiction.ts";

/** What a server has room for, and why. */
interface Room {
    /** Where the number stands, below the store. */
    readonly setting: readonly string[];
    readonly given: number;
    readonly most: number;
    readonly because: string;
}

export const connectionsBeyondMemory = contradiction(["apps", "database", "operator"], (settings) =>
    storesOf("database", settings).flatMap(({ path, store }): Problem[] => {
        const room = roomOf(store, settings.operator.sizes);
        if (room === undefined || room.given <= room.most) {
            return [];
        }
        const at = settingPath([...path, ...room.setting]);
        return [
            {
                path: at,
                found: String(room.given),
                allowed: `at most ${room.most}: ${room.because}`,
                fix: setCommand(at, String(room.most)),
            },
        ];
    }),
);

function roomOf(store: DatabaseSettings, sizes: Readonly<Record<string, Size>>): Room | undefined {
    switch (store.variant) {
        case "in-cluster": {
            const size = definedSize(sizes, store.size);
            // Where no server starts, the size is wrong and not the number (capacity-memory.ts).
            return size === undefined || bytes(size.memory) < leastInCluster * mebibyte
                ? undefined
                : {
                      setting: ["maxConnections"],
                      given: store.maxConnections,
                      most: mostInCluster(bytes(size.memory)),
                      because: `the size ${store.size} has ${size.memory}, a quarter of it is the server's cache, and a connection takes ${idleConnection} MiB before its first query`,
                  };
        }
        case "rds": {
            const { server } = store;
            const memory = server.variant === "create" ? rdsMemory(server.instanceClass) : undefined;
            return server.variant !== "create" || memory === undefined
                ? undefined
                : {
                      setting: ["server", "maxConnections"],
                      given: server.maxConnections,
                      most: mostOnRds(memory),
                      because: `the class ${server.instanceClass} has ${memory / 2 ** 30} GiB, and AWS counts 9531392 bytes for a connection`,
                  };
        }
        case "cloud-sql": {
            const { server } = store;
            const tier = server.variant === "create" ? cloudSqlTier(server.tier) : undefined;
            return server.variant !== "create" || tier === undefined || server.maxConnections === undefined
                ? undefined
                : {
                      setting: ["server", "maxConnections"],
                      given: server.maxConnections,
                      most: mostConnections(tier),
                      because: `the tier ${server.tier} has ${tier.memory} MB, and a connection takes up to 10`,
                  };
        }
        // A plan of DigitalOcean's has its number, and a server of others its own.
        case "digitalocean":
        case "platform":
        case "external":
        case "none":
            return undefined;
        default:
            return store satisfies never;
    }
}

export const borrowersOfNothing = contradiction(["lends"], ({ lends }) =>
    lends.borrowers === undefined || lends.database
        ? []
        : [
              {
                  path: "lends.borrowers",
                  found: JSON.stringify(lends.borrowers),
                  allowed: "nothing, unless lends.database is true: no server is lent",
                  fix: `${removeCommand("lends.borrowers")}, or ${setCommand("lends.database", "true")}`,
              },
          ],
);

export const lentWithoutLimit = advice(["lends", "environment"], ({ lends, environment }) => {
    if (!lends.database || lends.borrowers !== undefined) {
        return [];
    }
    const path = "lends.borrowers";
    const limits = [setCommand(`${path}.environments`, "5"), setCommand(`${path}.connections`, "30")];
    const others = environment.kind === "production" ? "production's own users" : "its own apps";
    return [
        {
            path,
            found: "nothing, while lends.database is true",
            allowed: `how many environments borrow at a time, and how many connections each gets: until then they may take all of them from ${others}, and no budget counts them (R29)`,
            fix: limits.join(" && "),
        },
    ];
});
