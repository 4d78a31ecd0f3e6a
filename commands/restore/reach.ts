// From when to when a database can be restored, and whether a moment is in between.

/** What backups.sh and archive.sh write beside the server, in seconds since 1970. */
export interface BackupState {
    readonly count: number;
    readonly firstStop: number | null;
    readonly lastStop: number | null;
    readonly stanza: string;
    readonly error: string;
}

export interface Moment {
    /** As the settings take it. */
    readonly at: string;
    /** Of the folder that it is restored into. */
    readonly milliseconds: number;
}

/**
 * @param given a moment as 2026-12-01T10:20:30Z, or nothing for now
 * @param now after everything that was written is in the archive
 * @throws saying what is allowed
 */
export function momentWithin(given: string | undefined, { firstStop, count, error }: BackupState, now: number): Moment {
    if (count === 0 || firstStop === null) {
        throw new Error(
            `There is no good backup to restore from${error === "" ? "" : `: ${error}`}. Fix: see the log of the container backups; the first is made as soon as the server runs.`,
        );
    }
    const from = text(firstStop * 1000);
    const milliseconds = given === undefined ? now : Date.parse(given);
    const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})$/;
    if (given !== undefined && (!form.test(given) || Number.isNaN(milliseconds))) {
        throw new Error(
            `AT is ${given}. Allowed: a moment as ${from}, with Z or a distance from it such as +01:00. Fix: make restore STACK=... AT=${from}`,
        );
    }
    if (milliseconds < firstStop * 1000 || milliseconds > now) {
        throw new Error(
            `AT is ${given ?? text(milliseconds)}. Allowed: from ${from}, the end of the first backup, to ${text(now)}. Earlier data is in a dump, if there are any: make restore-dump.`,
        );
    }
    return { at: given ?? text(milliseconds), milliseconds };
}

function text(milliseconds: number): string {
    return new Date(milliseconds).toISOString().replace(/\.000Z$/, "Z");
}
