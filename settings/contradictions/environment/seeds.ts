// Seeds: rows that may be somebody's never become what every pull request reads.
import { backupsOf } from "../../backups.ts";
import { removeCommand, setCommand } from "../../problems.ts";
import { contradiction } from "../contradiction.ts";

export const unmaskedSeeds = contradiction(["lends", "environment"], ({ lends: { seed }, environment: { kind } }) => {
    if (seed === undefined || seed.mask !== undefined || (seed.from === undefined && kind !== "production")) {
        return [];
    }
    return [
        {
            path: "lends.seed.mask",
            found: "nothing",
            allowed:
                seed.from === undefined
                    ? "what masks the rows: this environment is production, and whoever opens a pull request reads its seeds"
                    : `what masks the rows: of dumps at ${seed.from} nobody knows that they are not production's, and whoever opens a pull request reads its seeds`,
            fix: "write it into the stack's file, for example mask: { sql: [\"update auth_user set email = 'user' || id || '@example.org'\"] } (docs/seeds.md)",
        },
    ];
});

/** There is no server that others may use. */
export const seedsOfNothing = contradiction(["lends"], ({ lends }) =>
    lends.seed === undefined || lends.database
        ? []
        : [
              {
                  path: "lends.seed",
                  found: "a seed, while lends.database is false",
                  allowed: "nothing, unless lends.database is true: no database begins with it",
                  fix: `${removeCommand("lends.seed")}, or ${setCommand("lends.database", "true")}`,
              },
          ],
);

/** The keys and the passphrase are those of the stack's own backups. */
export const seedsOfNoBucket = contradiction(["lends", "database"], ({ lends: { seed }, database }) =>
    seed?.from === undefined || backupsOf(database) !== undefined
        ? []
        : [
              {
                  path: "lends.seed.from",
                  found: JSON.stringify(seed.from),
                  allowed: "nothing, unless database.backups names the bucket that it is in, and what opens it",
                  fix: `${removeCommand("lends.seed.from")}, or set database.backups`,
              },
          ],
);
