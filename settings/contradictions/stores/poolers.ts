// PgBouncer before a database: enough connections for its pods, enough pods, and a server that has as many.
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import { poolerOf } from "../../pooler.ts";
import { storesOf } from "../../stores/entries.ts";
import { contradiction } from "../contradiction.ts";

/** They divide the connections among them. */
export const poolerWithoutConnections = contradiction(["apps", "database"], (settings) =>
    storesOf("database", settings).flatMap(({ path, store }): Problem[] => {
        const pooler = poolerOf(store);
        if (pooler === undefined || pooler.size >= pooler.replicas) {
            return [];
        }
        const at = settingPath([...path, "pooler", "size"]);
        return [
            {
                path: at,
                found: `${pooler.size}, for ${pooler.replicas} pods`,
                allowed: "at least one connection for each pod of the pooler (pooler.replicas)",
                fix: setCommand(at, String(pooler.replicas * 10)),
            },
        ];
    }),
);

/** Nobody reaches the database while the only one moves to another node. */
export const lonePooler = contradiction(["environment", "apps", "database"], ({ environment, ...settings }) =>
    environment.kind !== "production"
        ? []
        : storesOf("database", settings).flatMap(({ path, store }): Problem[] => {
              if (poolerOf(store)?.replicas !== 1) {
                  return [];
              }
              const at = settingPath([...path, "pooler", "replicas"]);
              return [
                  {
                      path: at,
                      found: "1",
                      allowed: "at least 2 in production: the database is out of reach while the only one is away",
                      fix: setCommand(at, "2"),
                  },
              ];
          }),
);
