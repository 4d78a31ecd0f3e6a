// From the settings of backups to dumps: of every database whose server has any, and of those that other apps have on that server.
import { DatabaseDumps } from "../components/backups/dump/dump.ts";
import type { Database } from "../components/database/contract.ts";
import { postgresImages, type PostgresVersion } from "../components/database/versions.ts";
import type { StackStore } from "../settings/load.ts";
import type { ResolvedDatabase } from "../settings/resolve/stores.ts";
import { backupsOf, type StackBackups } from "./backups.ts";
import type { EnvironmentContext, Made } from "./context.ts";

type Entry = StackStore<ResolvedDatabase>;

export function createDumps(
    databases: readonly Entry[],
    made: ReadonlyMap<string, Made<Database>>,
    context: EnvironmentContext,
): void {
    for (const server of databases) {
        if (server.backups === undefined) {
            continue;
        }
        for (const entry of [server, ...databases.filter(({ store }) => isOn(store, server.name))]) {
            createDumpsOf(entry.name, made.get(entry.name)!, server, server.backups, context);
        }
    }
}

/** Its rows are the server's, and another database's all the same: a dump has one. */
function isOn(store: ResolvedDatabase, server: string): boolean {
    return store.variant === "beside" && store.server === server;
}

function createDumpsOf(
    name: string,
    database: Made<Database>,
    server: Entry,
    backups: StackBackups,
    { placement, platform, opts }: EnvironmentContext,
): void {
    const { place, at, keep } = backupsOf(backups);
    const { atEnd, dumpImage, dumpStorage, clientImage } = backups;
    new DatabaseDumps(
        `${name}-dump`,
        {
            ...placement,
            store: name,
            database,
            place: { ...place, prefix: dumpPrefix(place.prefix, name, server.name) },
            at,
            keep,
            // Of the server's files there is a copy already, and every change since.
            daily: "dumps" in backups ? backups.dumps : true,
            atEnd,
            clientImage: clientImage ?? imageOfServer(server.store),
            ...(dumpImage !== undefined && { image: dumpImage }),
            storage: dumpStorage,
            ...(platform.storageClass !== undefined && { storageClass: platform.storageClass }),
        },
        // The openings to the server, and the server's own name.
        { ...opts, dependsOn: [database] },
    );
}

/** Beside the copies of the server's files, which are in folders of other names. */
function dumpPrefix(prefix: string, name: string, server: string): string {
    return name === server ? `${prefix}/dumps` : `${prefix}/dumps/${name}`;
}

/** pg_dump refuses a server that is newer than itself. */
function imageOfServer(store: ResolvedDatabase): string {
    if (store.variant === "in-cluster") {
        return store.image ?? postgresImages[store.version].image;
    }
    const known = "server" in store && typeof store.server === "object" && "version" in store.server;
    const major = known ? (store.server.version.split(".")[0] as PostgresVersion) : "18";
    return postgresImages[major].image;
}
