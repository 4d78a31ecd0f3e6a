// What is promised of backups: how old the last good one, and the last good drill, may be.

/** A backup is made each day; one of a large database takes hours, and the next day's may have begun. */
export const oldestBackupHours = 36;

/** What a stack says of a database's backups, in its outputs: who asks how they are, compares. */
export interface BackupPromise {
    /** `files`: copies of the server's files and every change since; `dump`: a dump each day. */
    readonly by: readonly ("files" | "dump")[];
    /** For example `s3.example.org/acme-backups/shop/production/database`. */
    readonly to: string;
    /** Of each day, UTC. */
    readonly at: string;
    /** So much may be lost, at most, in minutes. */
    readonly recoveryPoint: number;
    /** How far back one can go, in days. */
    readonly days: number;
    /** @default no drill is held */
    readonly drill?: { readonly every: number; readonly maxAge: number };
}

/**
 * When a drill is held, as cron has it: at least once in so many days. The backup of the day is made before it.
 *
 * @param at of each day, when a backup is made: `02:17`
 * @param every days
 */
export function drillSchedule(at: string, every: number): string {
    const [hour = 0, minute = 0] = at.split(":").map(Number);
    const time = `${minute} ${(hour + 3) % 24}`;
    if (every === 1) {
        return `${time} * * *`;
    }
    // Of days of the month a step begins anew with each month, so that the last is shorter.
    return every === 7
        ? `${time} * * 2`
        : every < 31
          ? `${time} */${every} * *`
          : every < 62
            ? `${time} 1 * *`
            : `${time} 1 */2 *`;
}
