// From `lends.seed` to the job that makes seeds, after the app whose command masks them.
import type { DatabaseSeedArgs } from "../components/backups/seed/contract.ts";
import { DatabaseSeed } from "../components/backups/seed/seed.ts";
import type { Database } from "../components/database/contract.ts";
import { serverOf } from "../components/database/server.ts";
import { postgresUser } from "../components/database/versions.ts";
import { nothingElse } from "../lib/nothing-else.ts";
import { seedContainers, seedName } from "../lib/seeds.ts";
import type { StackSettings } from "../settings/load.ts";
import type { SeedSettings } from "../settings/seed.ts";
import type { MadeApp } from "./apps.ts";
import { backupsOf } from "./backups.ts";
import type { EnvironmentContext } from "./context.ts";
import { dumpPrefix, imageOfServer } from "./dumps.ts";

/** @param database what is lent, as the app logs in to it */
export function createSeed(
    { name, from, mask, schedule, keep, storage, ...rest }: SeedSettings,
    { stores }: Pick<StackSettings, "stores">,
    database: Database,
    apps: readonly MadeApp[],
    { placement, platform, opts }: EnvironmentContext,
): void {
    nothingElse(rest);
    const entry = stores.database.find((each) => each.name === "database")!;
    const { storageClass } = platform;
    const made = apps.find(({ app }) => app.name === entry.owner);
    new DatabaseSeed(
        seedName,
        {
            ...placement,
            name,
            source: from === undefined ? { kind: "itself", database } : sourceOf(entry.backups!, from),
            database,
            server: serverOf(database),
            serverImage: entry.backups?.clientImage ?? imageOfServer(entry.store),
            runAs: postgresUser,
            ...(mask && { mask: { sql: mask.sql, ...commandOf(mask.command, made, database) } }),
            ...(schedule !== undefined && { schedule }),
            keep,
            storage,
            ...(storageClass !== undefined && { storageClass }),
        },
        opts,
    );
}

function sourceOf(
    backups: NonNullable<StackSettings["stores"]["database"][number]["backups"]>,
    from: string,
): DatabaseSeedArgs["source"] {
    const { place } = backupsOf(backups);
    const { dumpImage } = backups;
    return {
        kind: "dumps",
        place: { ...place, prefix: dumpPrefix(place.prefix, "database", "database") },
        from,
        ...(dumpImage !== undefined && { image: dumpImage }),
    };
}

function commandOf(
    command: readonly string[] | undefined,
    made: MadeApp | undefined,
    { name, user }: Database,
): Pick<NonNullable<DatabaseSeedArgs["mask"]>, "app"> {
    if (command === undefined || made === undefined) {
        return {};
    }
    const container = {
        name: `${seedName}-app`,
        role: seedContainers.command,
        command,
        database: { host: "127.0.0.1", port: 5432, name, user },
        volumeMounts: [],
    };
    return { app: (parent) => made.django.elsewhere(container, parent) };
}
