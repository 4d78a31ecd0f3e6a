// Servers of a cloud that are to be made of a backup: whether there is one, and who may log in then.
import { removeCommand, setCommand, setSecretCommand, settingPath, type Problem } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { storesOf, type StoreEntry } from "../../stores/entries.ts";
import { contradiction } from "../contradiction.ts";
import { secretsGiven, sectionsOfSecrets } from "../secrets/secrets.ts";

type Managed = Extract<Settings["database"], { variant: "rds" | "cloud-sql" | "digitalocean" }>;

interface Restored {
    readonly entry: StoreEntry<"database">;
    readonly store: Managed;
    readonly restore: { readonly at?: string | undefined; readonly from?: string | undefined };
    readonly at: string;
}

function restored(settings: Pick<Settings, "apps" | "database">): Restored[] {
    return storesOf("database", settings).flatMap((entry): Restored[] => {
        const { store, path } = entry;
        if (store.variant !== "rds" && store.variant !== "cloud-sql" && store.variant !== "digitalocean") {
            return [];
        }
        const { restore } = store;
        return restore === undefined ? [] : [{ entry, store, restore, at: settingPath([...path, "restore"]) }];
    });
}

/** Whose server it is, makes another of it. */
export const restoredElsewhere = contradiction(["apps", "database"], (settings) =>
    restored(settings)
        .filter(({ store }) => store.server.variant === "existing")
        .map(({ at }) => ({
            path: at,
            found: "a restore of a server that is there",
            allowed: "nothing: it is restored where it was made, and its new address written here",
            fix: removeCommand(at),
        })),
);

/** What is thrown away at will has no backups, but where somebody asked for them. */
export const restoredWithoutBackups = contradiction(["apps", "database", "environment"], (settings) =>
    restored(settings).flatMap(({ store, restore, at }): Problem[] => {
        const { kind } = settings.environment;
        const { server } = store;
        if (store.variant === "digitalocean" || server.variant === "existing" || restore.from !== undefined) {
            return [];
        }
        // A snapshot of RDS's has a name of its own, and needs no server.
        const ofSnapshot = store.variant === "rds" && restore.at === undefined;
        const days = store.variant === "rds" && "backupDays" in server ? server.backupDays : undefined;
        const none = days === undefined ? kind === "ephemeral" || kind === "local" : days === 0;
        return none && !ofSnapshot
            ? [
                  {
                      path: `${at}.from`,
                      found:
                          days === undefined
                              ? `nothing, and a server of the kind ${kind}, which has no backups`
                              : "nothing, and a server without backups",
                      allowed: "the server of another stack, by the name that its cloud has for it",
                      fix: setCommand(`${at}.from`, "SERVER"),
                  },
              ]
            : [];
    }),
);

/** RDS leaves the owner the password that it had there. */
export const passwordOfRestored = contradiction([...sectionsOfSecrets, "database"], (settings) =>
    restored(settings).flatMap(({ store, restore, entry: { owner, secretsAt }, at }): Problem[] => {
        if (store.variant !== "rds" || restore.from === undefined || restore.at === undefined) {
            return [];
        }
        const given = owner && secretsGiven(owner, settings);
        const path = settingPath([...secretsAt, "databasePassword"]);
        return given === undefined || given.has("databasePassword")
            ? []
            : [
                  {
                      path,
                      found: `nothing, and data of another server (${at}.from)`,
                      allowed: "the password that the owner has in that data: RDS sets no other while it restores",
                      fix: setSecretCommand(path),
                  },
              ];
    }),
);
