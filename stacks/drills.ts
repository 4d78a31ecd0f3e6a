// From the settings of backups to drills: of every database whose settings ask for one, after the apps that its data is held against.
import type { BackupDrillArgs } from "../components/backups/drill/contract.ts";
import { drillNotes, drillScripts, drillScriptsMount, BackupDrill } from "../components/backups/drill/drill.ts";
import type { Database } from "../components/database/contract.ts";
import { postgresImages } from "../components/database/versions.ts";
import { drillSchedule } from "../lib/backup-promise.ts";
import { dataDirectory, stanzaOf } from "../lib/data-directories.ts";
import type { StackStore } from "../settings/load.ts";
import type { InClusterDatabaseStore, ResolvedDatabase } from "../settings/resolve/stores.ts";
import type { MadeApp } from "./apps.ts";
import { backupsOf, type StackBackups } from "./backups.ts";
import type { EnvironmentContext, Made } from "./context.ts";

type Entry<Store> = StackStore<Store>;

export function createDrills(
    databases: ReadonlyArray<Entry<ResolvedDatabase>>,
    made: ReadonlyMap<string, Made<Database>>,
    apps: readonly MadeApp[],
    context: EnvironmentContext,
): void {
    for (const entry of databases) {
        const { store, backups } = entry;
        if (store.variant === "in-cluster" && backups?.drill !== undefined) {
            createDrill({ ...entry, store }, backups, made.get(entry.name)!, apps, context);
        }
    }
}

function createDrill(
    { name, store, owner }: Entry<InClusterDatabaseStore>,
    backups: StackBackups,
    database: Made<Database>,
    apps: readonly MadeApp[],
    { placement, platform, opts }: EnvironmentContext,
): void {
    const { every, sql } = backups.drill!;
    const { place, at } = backupsOf(backups);
    const { version, image, size, storage, maxConnections, restore } = store;
    const pgbackrest = "recoveryPoint" in backups ? backups.image : undefined;
    const app = apps.find((each) => each.app.name === owner);
    new BackupDrill(
        `${name}-drill`,
        {
            ...placement,
            store: name,
            place,
            source: {
                kind: "files",
                stanza: stanzaOf(dataDirectory(restore)),
                ...(pgbackrest !== undefined && { image: pgbackrest }),
            },
            serverImage: image ?? postgresImages[version].image,
            serverSize: size,
            maxConnections,
            database,
            storage,
            ...(platform.storageClass !== undefined && { storageClass: platform.storageClass }),
            schedule: drillSchedule(at, every),
            sql,
            ...migrationsOf(app, name, database),
        },
        { ...opts, dependsOn: [database] },
    );
}

/** Of an image that runs itself nobody knows how its migrations are looked at. */
function migrationsOf(
    made: MadeApp | undefined,
    store: string,
    { name, user }: Database,
): Pick<BackupDrillArgs, "app"> {
    if (made === undefined || made.app.processes.contract !== "django") {
        return {};
    }
    const own = made.app.processes.release.migrate.command;
    const manage = ["python", "manage.py", "migrate"];
    const command = [
        "python",
        `${drillScripts}/migrations.py`,
        store,
        ...(own === undefined ? [...manage, "--check"] : []),
        "--",
        ...(own ?? [...manage, "--noinput"]),
    ];
    const container = {
        name: `${store}-drill-app`,
        role: "migrations",
        command,
        database: { host: "127.0.0.1", port: 5432, name, user },
        volumeMounts: [drillNotes, drillScriptsMount],
    };
    return { app: (parent) => made.django.elsewhere(container, parent) };
}
