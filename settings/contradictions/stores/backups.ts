// Backups: whether their bucket is reached and opened, is theirs alone, and is not the place that they are to outlive.
import { isIP } from "node:net";
import { backupsOf, type BackupsSettings } from "../../backups.ts";
import { removeCommand, setCommand, setSecretCommand, settingPath, type Problem } from "../../problems.ts";
import type { Settings } from "../../sections.ts";
import { prefixOf } from "../../stores/backups.ts";
import { notDecrypted } from "../../stack-file/encrypted.ts";
import { storesOf, type StoreEntry } from "../../stores/entries.ts";
import { objectStorageOf, portOf } from "../../stores/object-storage.ts";
import { contradiction } from "../contradiction.ts";
import { secretsGiven, sectionsOfSecrets } from "../secrets/secrets.ts";
import { isElsewhere, isPodItself } from "./object-storage.ts";

type WithDatabases = Pick<Settings, "apps" | "database"> & { readonly environment?: Settings["environment"] };

interface Placed {
    readonly entry: StoreEntry<"database">;
    readonly backups: BackupsSettings;
    /** @param names of a setting, from `to` */
    readonly at: (...names: (string | number)[]) => string;
}

function placed(settings: WithDatabases): Placed[] {
    return storesOf("database", settings).flatMap((entry): Placed[] => {
        const backups = backupsOf(entry.store);
        return backups === undefined
            ? []
            : [{ entry, backups, at: (...names) => settingPath([...entry.path, "backups", "to", ...names]) }];
    });
}

const keyNames = ["databaseBackupsAccessKeyId", "databaseBackupsSecretAccessKey"] as const;

export const keysOfBackups = contradiction([...sectionsOfSecrets, "database"], (settings) =>
    placed(settings).flatMap(({ entry: { owner, secretsAt }, at }) => {
        const given = owner && secretsGiven(owner, settings);
        return [...keyNames, "databaseBackupsPassphrase" as const]
            .filter((name) => given?.has(name) === false)
            .map((name): Problem => {
                const path = settingPath([...secretsAt, name]);
                return {
                    path,
                    found: "nothing",
                    allowed:
                        name === "databaseBackupsPassphrase"
                            ? "what the backups are encrypted with: 20 characters or more, kept elsewhere too"
                            : `a key for the bucket at ${at("endpoint")}: it may list, read, write and delete in it`,
                    fix: setSecretCommand(path),
                };
            });
    }),
);

/** It is a line of a file of settings, and the only thing between a stolen bucket and the data. */
export const weakPassphrases = contradiction([...sectionsOfSecrets, "database"], (settings) =>
    placed(settings).flatMap(({ entry: { owner, secretsAt } }): Problem[] => {
        const { apps, ...ofMain } = settings.secrets;
        const secrets = owner?.name === settings.environment.mainApp ? ofMain : owner && apps[owner.name];
        const passphrase = secrets?.databaseBackupsPassphrase;
        const path = settingPath([...secretsAt, "databaseBackupsPassphrase"]);
        return passphrase === undefined || passphrase === notDecrypted || /^[!-~]([ -~]{18,}[!-~])$/.test(passphrase)
            ? []
            : [
                  {
                      path,
                      found: "a text of another form, which is not shown",
                      allowed: "one line of 20 printable ASCII characters or more, without a space at either end",
                      fix: setSecretCommand(path),
                  },
              ];
    }),
);

/** pgBackRest speaks TLS alone; what carries dumps does without, where whoever is in between can take them away. */
export const plainBackups = contradiction(["apps", "database", "environment"], (settings) =>
    placed(settings)
        .filter(({ backups, entry: { store } }) => {
            const wanted = store.variant === "in-cluster" || settings.environment.kind === "production";
            return wanted && backups.to.endpoint.startsWith("http:");
        })
        .map(({ backups, at }) => ({
            path: at("endpoint"),
            found: JSON.stringify(backups.to.endpoint),
            allowed: "an https address: backups go through TLS; a CA of one's own stands in `ca`",
            fix: setCommand(at("endpoint"), backups.to.endpoint.replace("http:", "https:")),
        })),
);

export const closedBackups = contradiction(["apps", "database"], (settings) =>
    placed(settings).flatMap(({ backups: { to }, at }): Problem[] => {
        const host = new URL(to.endpoint).hostname;
        if (isPodItself(host)) {
            return [
                {
                    path: at("endpoint"),
                    found: `${JSON.stringify(to.endpoint)}, the pod itself`,
                    allowed: "a server that runs elsewhere, by a name that pods know",
                    fix: setCommand(at("endpoint"), "https://s3.example.org"),
                },
            ];
        }
        return to.cidrs !== undefined || !isElsewhere(host)
            ? []
            : [
                  {
                      path: at("cidrs"),
                      found: "nothing",
                      allowed: `the addresses of ${host}, which is no public one: pods may go there and nowhere else`,
                      fix: setCommand(at("cidrs", 0), isIP(host) === 4 ? `${host}/32` : "10.20.0.0/24"),
                  },
              ];
    }),
);

export const idleAuthoritiesOfBackups = contradiction(["apps", "database"], (settings) =>
    placed(settings)
        .filter(({ backups: { to } }) => to.ca !== undefined && to.endpoint.startsWith("http:"))
        .map(({ at }) => ({
            path: at("ca"),
            found: "certificates for a server without TLS",
            allowed: "nothing, unless endpoint is an https address",
            fix: removeCommand(at("ca")),
        })),
);

/** A certificate's wildcard stands for one part of a name. */
export const dottedBucketsOfBackups = contradiction(["apps", "database"], (settings) =>
    placed(settings)
        .filter(({ backups: { to } }) => {
            const { addressing, endpoint, bucket } = to;
            return addressing === "virtual" && endpoint.startsWith("https:") && bucket.includes(".");
        })
        .map(({ backups: { to }, at }) => ({
            path: at("bucket"),
            found: JSON.stringify(to.bucket),
            allowed: `a name without dots, where addressing is virtual: no certificate is for ${to.bucket}.${new URL(to.endpoint).host}`,
            fix: setCommand(at("addressing"), "path"),
        })),
);

/** Each would take the other's for its own, and remove it. */
export const onePlaceOfBackups = contradiction(["apps", "database", "environment"], (settings) => {
    const told = new Map<string, string>();
    return placed(settings).flatMap(({ entry, backups, at }): Problem[] => {
        if (entry.owner === undefined) {
            return [];
        }
        const { endpoint, bucket } = backups.to;
        const prefix = prefixOf(entry, backups, settings.environment.name);
        const place = [endpoint, bucket, prefix].join(" ");
        const other = told.get(place);
        told.set(place, at("prefix"));
        return other === undefined
            ? []
            : [
                  {
                      path: at("prefix"),
                      found: `${JSON.stringify(prefix)}, the place of ${other} too`,
                      allowed: "a folder for each database",
                      fix: setCommand(at("prefix"), `${prefix}-of-${entry.owner.name}`),
                  },
              ];
    });
});

/** One mistake, one leaked key, one rule of a life cycle, and both are gone. */
export const backupsAmongFiles = contradiction(["apps", "database", "assets"], (settings) => {
    const buckets = storesOf("assets", settings).flatMap(({ store, path }) => {
        const server = objectStorageOf(store);
        return (server?.buckets ?? []).map(({ name, at }) => ({
            place: `${server!.endpoint} ${name}`,
            setting: settingPath([...path, ...at]),
        }));
    });
    return placed(settings).flatMap(({ backups: { to }, at }): Problem[] => {
        const same = buckets.find(({ place }) => place === `${to.endpoint} ${to.bucket}`);
        return same === undefined
            ? []
            : [
                  {
                      path: at("bucket"),
                      found: `${JSON.stringify(to.bucket)}, the bucket of ${same.setting}`,
                      allowed: "a bucket that is theirs alone: the app's key opens the other one",
                      fix: setCommand(at("bucket"), `${to.bucket}-backups`),
                  },
              ];
    });
});

export const restoredFromNothing = contradiction(["apps", "database"], (settings) =>
    storesOf("database", settings).flatMap(({ store, path }): Problem[] => {
        if (store.variant !== "in-cluster" || store.restore === undefined || store.backups !== undefined) {
            return [];
        }
        const at = settingPath([...path, "restore"]);
        return [
            {
                path: at,
                found: "a restore without backups",
                allowed: `nothing, unless ${settingPath([...path, "backups"])} says where they are`,
                fix: `add ${settingPath([...path, "backups"])}, or ${removeCommand(at)}`,
            },
        ];
    }),
);

/** Ways out that the program opens by itself, for what is said of ranges: each with the way to it. */
export function backupRanges(
    settings: WithDatabases,
): ReadonlyArray<{ readonly path: readonly PropertyKey[]; readonly cidr: string; readonly port: number }> {
    return placed(settings).flatMap(({ entry, backups: { to } }) =>
        (to.cidrs ?? []).map((cidr, index) => ({
            path: [...entry.path, "backups", "to", "cidrs", index],
            cidr,
            port: portOf(to.endpoint),
        })),
    );
}
