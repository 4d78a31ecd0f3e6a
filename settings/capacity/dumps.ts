// What the pods of dumps reserve (components/backups/dump): of every database of a server that is backed up, one that takes them and one
// that brings them back.
import type { Room } from "../../lib/node-types/room.ts";
import { bytes, millicores } from "../../lib/quantities.ts";
import { dumpSizes } from "../../lib/resources.ts";
import { backupsOf } from "../backups.ts";
import type { Settings } from "../sections.ts";
import { ownStoreOf, storesOf } from "../stores/entries.ts";

type Needed = Pick<Settings, "apps" | "environment" | "database">;

interface DumpJob {
    readonly names: readonly string[];
    readonly room: Room;
}

export function dumpJobs(settings: Needed): DumpJob[] {
    const { apps, environment, database } = settings;
    const backedUp = storesOf("database", settings).filter(({ store }) => backupsOf(store) !== undefined);
    const beside = apps.filter(
        (app) =>
            backupsOf(database) !== undefined &&
            app.name !== environment.mainApp &&
            ownStoreOf(app, "database") === undefined,
    );
    return [...backedUp.map(({ name }) => name), ...beside.map(({ name }) => `${name}-database`)].flatMap((name) =>
        [`${name}-dump`, `${name}-dump-restore`].map((job) => ({ names: [job], room })),
    );
}

// One container after the other.
const sizes = Object.values(dumpSizes);
const room: Room = {
    cpu: Math.max(...sizes.map(({ cpu }) => millicores(cpu))),
    memory: Math.max(...sizes.map(({ memory }) => bytes(memory))),
};
