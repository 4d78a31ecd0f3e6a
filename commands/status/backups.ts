// How backups are, held against what the stack has promised of them. Pure: what was read comes in, words and a verdict go out.
import { oldestBackupHours, type BackupPromise } from "../../lib/backup-promise.ts";
import { latestFirst, type DataOperation } from "../../lib/data-operations.ts";

/** What the containers beside a server in the cluster have noted (components/backups/pgbackrest/scripts). Times in seconds since 1970. */
export interface FilesState {
    readonly backups?: {
        readonly count: number;
        readonly lastLabel: string;
        readonly lastStop: number | null;
        readonly error: string;
    };
    readonly archive?: {
        readonly waiting: number;
        readonly oldestSeconds: number | null;
        readonly error: string;
        readonly volumeBytes: number | null;
        readonly freeBytes: number | null;
    };
}

export interface FoundBackups {
    readonly promises: Readonly<Record<string, BackupPromise>>;
    /** By store; of one whose pod was not asked, why. */
    readonly files: Readonly<Record<string, FilesState | { readonly unknown: string }>>;
    /** What pods that are still there have done. */
    readonly operations: readonly DataOperation[];
    /** When the environment was made: what has not been due yet is not missing. */
    readonly since: Date;
}

export interface StoreBackups {
    readonly store: string;
    readonly backup: string;
    readonly archive: string;
    readonly drill: string;
    readonly promised: string;
}

export interface JudgedBackups {
    readonly stores: readonly StoreBackups[];
    /** What is not as promised, a sentence each. */
    readonly broken: readonly string[];
    readonly operations: readonly DataOperation[];
}

const hour = 3600_000;
const day = 24 * hour;

export function judgeBackups(found: FoundBackups, now: Date): JudgedBackups {
    const judged = Object.entries(found.promises).map(([store, promise]) => judgeStore(store, promise, found, now));
    return {
        stores: judged.map(({ shown }) => shown),
        broken: judged.flatMap(({ broken }) => broken),
        operations: latestFirst([...found.operations, ...Object.entries(found.files).flatMap(lastOfFiles)]),
    };
}

interface Judged {
    readonly shown: StoreBackups;
    readonly broken: readonly string[];
}

function judgeStore(store: string, promise: BackupPromise, found: FoundBackups, now: Date): Judged {
    const backups = promise.by.map((by) => (by === "files" ? ofFiles(store, found, now) : ofDumps(store, found, now)));
    const archive = promise.by.includes("files") ? ofArchive(store, promise, found) : { shown: "" };
    const drill = ofDrill(store, promise, found, now);
    const wrong = [...backups, archive, drill].flatMap(({ broken }: Part) => (broken === undefined ? [] : [broken]));
    return {
        shown: {
            store,
            backup: backups.map(({ shown }) => shown).join("; "),
            archive: archive.shown,
            drill: drill.shown,
            promised: [
                `${oldestBackupHours} h`,
                ...(promise.by.includes("files") ? [`${promise.recoveryPoint} min`] : []),
                ...(promise.drill ? [`drill ${promise.drill.maxAge} d`] : ["no drill"]),
            ].join(", "),
        },
        broken: wrong.map((text) => `${store}: ${text}`),
    };
}

/** A cell of the table, and what is wrong with it. */
interface Part {
    readonly shown: string;
    readonly broken?: string;
}

function ofFiles(store: string, { files, since }: FoundBackups, now: Date): Part {
    const state = files[store];
    if (state === undefined || "unknown" in state) {
        const why = state?.unknown ?? "its pod was not found";
        return { shown: "unknown", broken: `its last backup is not known: ${why}` };
    }
    const { backups } = state;
    const failing = backups === undefined || backups.error === "" ? "" : ` What it last said: ${backups.error}`;
    return backups === undefined || backups.lastStop === null
        ? none("backup", since, now, failing)
        : aged(new Date(backups.lastStop * 1000), backups.lastLabel, now, failing);
}

function ofDumps(store: string, { operations, since }: FoundBackups, now: Date): Part {
    const dumps = latestFirst(operations.filter((each) => each.kind === "dump" && each.store === store));
    const good = dumps.find(({ result }) => result === "succeeded");
    const failing = dumps[0]?.result === "failed" ? ` What it last said: ${dumps[0].what}` : "";
    return good === undefined
        ? none("dump", since, now, failing)
        : aged(new Date(good.dataAsOf ?? good.ended), "dump", now, failing);
}

function none(what: string, since: Date, now: Date, failing: string): Part {
    return now.getTime() - since.getTime() < oldestBackupHours * hour && failing === ""
        ? { shown: `no ${what} yet` }
        : { shown: `no ${what}`, broken: `there is no good ${what}.${failing}` };
}

function aged(time: Date, name: string, now: Date, failing: string): Part {
    const age = now.getTime() - time.getTime();
    const shown = `${ago(age)}, ${name}`;
    return age > oldestBackupHours * hour
        ? {
              shown,
              broken: `the last good one, ${name}, is ${ago(age)}; one is made each day, and ${oldestBackupHours} h are promised.${failing}`,
          }
        : { shown };
}

function ofArchive(store: string, { recoveryPoint }: BackupPromise, { files }: FoundBackups): Part {
    const state = files[store];
    const archive = state === undefined || "unknown" in state ? undefined : state.archive;
    if (archive === undefined) {
        return { shown: "unknown" };
    }
    const { waiting, oldestSeconds, volumeBytes, freeBytes, error } = archive;
    const full = volumeBytes !== null && freeBytes !== null && freeBytes < volumeBytes / 10;
    const fullness = full
        ? `its volume has ${Math.round((100 * freeBytes) / volumeBytes)} % of its room left`
        : undefined;
    if (oldestSeconds === null) {
        return { shown: "nothing waits", ...(fullness !== undefined && { broken: fullness }) };
    }
    const shown = `${waiting} wait, ${Math.ceil(oldestSeconds / 60)} min`;
    // A minute for what is on its way.
    const late =
        oldestSeconds > (recoveryPoint + 1) * 60
            ? `changes of ${Math.ceil(oldestSeconds / 60)} min are not in the bucket, and ${recoveryPoint} min are promised${error === "" ? "" : `: ${error}`}`
            : undefined;
    const broken = [late, fullness].filter((text) => text !== undefined).join("; ");
    return { shown, ...(broken !== "" && { broken }) };
}

function ofDrill(store: string, { drill }: BackupPromise, { operations, since }: FoundBackups, now: Date): Part {
    const drills = latestFirst(operations.filter((each) => each.kind === "drill" && each.store === store));
    const [last] = drills;
    if (drill === undefined) {
        return { shown: "none is held" };
    }
    if (last === undefined) {
        return now.getTime() - since.getTime() < drill.maxAge * day
            ? { shown: "none yet" }
            : { shown: "none", broken: `there was no drill, and none older than ${drill.maxAge} days is promised.` };
    }
    const age = now.getTime() - Date.parse(last.ended);
    const shown = `${ago(age)}, ${last.result}`;
    if (last.result === "failed") {
        return { shown, broken: `the last drill failed. ${last.what}` };
    }
    return age > drill.maxAge * day
        ? { shown, broken: `the last drill was ${ago(age)}, and none older than ${drill.maxAge} days is promised.` }
        : { shown };
}

/** Made beside the server, by no pod of its own. */
function lastOfFiles([store, state]: readonly [string, FilesState | { readonly unknown: string }]): DataOperation[] {
    if ("unknown" in state || state.backups === undefined || state.backups.lastStop === null) {
        return [];
    }
    const ended = new Date(state.backups.lastStop * 1000).toISOString();
    const { lastLabel, count } = state.backups;
    const what = `Backup ${lastLabel}; ${count} ${count === 1 ? "is" : "are"} kept.`;
    return [{ kind: "backup", store, started: ended, ended, result: "succeeded", what }];
}

/** "3 h ago". */
export function ago(milliseconds: number): string {
    const minutes = Math.max(0, Math.round(milliseconds / 60_000));
    return minutes < 120
        ? `${minutes} min ago`
        : minutes < 2 * 24 * 60
          ? `${Math.floor(minutes / 60)} h ago`
          : `${Math.floor(minutes / 24 / 60)} d ago`;
}
