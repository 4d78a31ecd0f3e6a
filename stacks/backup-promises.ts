// What a stack promises of its databases' backups, for its outputs.
import type { BackupPromise } from "../lib/backup-promise.ts";
import type { StackStore } from "../settings/load.ts";
import type { ResolvedDatabase } from "../settings/resolve/stores.ts";

/** @returns undefined where nothing is promised */
export function backupPromises(
    databases: ReadonlyArray<StackStore<ResolvedDatabase>>,
): Readonly<Record<string, BackupPromise>> | undefined {
    const promised = databases.flatMap(({ name, backups }) =>
        backups === undefined ? [] : [[name, promiseOf(backups)] as const],
    );
    return promised.length === 0 ? undefined : Object.fromEntries(promised);
}

/** Between two dumps a day may be lost. */
const minutesOfADay = 24 * 60;

function promiseOf(backups: NonNullable<StackStore<unknown>["backups"]>): BackupPromise {
    const { to, at, keep, drill } = backups;
    const files = "recoveryPoint" in backups;
    return {
        by: files ? ["files", ...(backups.dumps ? (["dump"] as const) : [])] : ["dump"],
        to: `${new URL(to.endpoint).host}/${to.bucket}/${to.prefix}`,
        at,
        recoveryPoint: files ? backups.recoveryPoint : minutesOfADay,
        days: keep.days,
        ...(drill && { drill: { every: drill.every, maxAge: drill.maxAge } }),
    };
}
