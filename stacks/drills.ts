// From the settings of backups to drills: of every database whose settings ask for one, after the apps that its data is held against.
import type { BackupDrillArgs } from "../components/backups/drill/contract.ts";
import { drillNotes, drillScripts, drillScriptsMount, BackupDrill } from "../components/backups/drill/drill.ts";
import type { Database } from "../components/database/contract.ts";
import { postgresImages, postgresUser } from "../components/database/versions.ts";
import { drillSchedule } from "../lib/backup-promise.ts";
import { dataDirectory, stanzaOf } from "../lib/data-directories.ts";
import { byteQuantityOf, bytes } from "../lib/quantities.ts";
import { drillSizes } from "../lib/resources.ts";
import type { StackStore } from "../settings/load.ts";
import type { ResolvedDatabase } from "../settings/resolve/stores.ts";
import type { MadeApp } from "./apps.ts";
import { backupsOf, type StackBackups } from "./backups.ts";
import type { EnvironmentContext, Made } from "./context.ts";
import { dumpPrefix, imageOfServer } from "./dumps.ts";

type Entry<Store> = StackStore<Store>;

export function createDrills(
    databases: ReadonlyArray<Entry<ResolvedDatabase>>,
    made: ReadonlyMap<string, Made<Database>>,
    apps: readonly MadeApp[],
    context: EnvironmentContext,
): void {
    for (const entry of databases) {
        if (entry.backups?.drill !== undefined) {
            createDrill(entry, entry.backups, entry.backups.drill, made.get(entry.name)!, apps, context);
        }
    }
}

function createDrill(
    entry: Entry<ResolvedDatabase>,
    backups: StackBackups,
    { every, sql }: NonNullable<StackBackups["drill"]>,
    database: Made<Database>,
    apps: readonly MadeApp[],
    { placement, platform, opts }: EnvironmentContext,
): void {
    const { name, owner } = entry;
    const { storageClass } = platform;
    new BackupDrill(
        `${name}-drill`,
        {
            ...placement,
            store: name,
            ...triedOf(entry, backups),
            runAs: postgresUser,
            database,
            ...(storageClass !== undefined && { storageClass }),
            schedule: drillSchedule(backups.at, every),
            sql,
            ...migrationsOf(
                apps.find(({ app }) => app.name === owner),
                name,
                database,
            ),
        },
        { ...opts, dependsOn: [database] },
    );
}

/** A dump is packed: what is in it takes four times the room, and an index more. */
const unpacked = 5;

/** What is tried, and what it is restored with. */
function triedOf(
    { name, store }: Entry<ResolvedDatabase>,
    backups: StackBackups,
): Pick<BackupDrillArgs, "place" | "source" | "serverImage" | "serverSize" | "maxConnections" | "storage"> {
    const { place } = backupsOf(backups);
    if (store.variant === "in-cluster" && "recoveryPoint" in backups) {
        const { version, image, size, storage, maxConnections, restore } = store;
        const stanza = stanzaOf(dataDirectory(restore));
        return {
            place,
            source: { kind: "files", stanza, ...(backups.image !== undefined && { image: backups.image }) },
            serverImage: image ?? postgresImages[version].image,
            serverSize: size,
            maxConnections,
            storage,
        };
    }
    const { clientImage, dumpImage, dumpStorage } = backups;
    return {
        place: { ...place, prefix: dumpPrefix(place.prefix, name, name) },
        source: { kind: "dump", ...(dumpImage !== undefined && { image: dumpImage }) },
        serverImage: clientImage ?? imageOfServer(store),
        serverSize: drillSizes.server,
        maxConnections: 20,
        storage: byteQuantityOf(unpacked * bytes(dumpStorage)),
    };
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
