// From the settings of backups to what components take.
import type { Backups, BackupPlace, ClusterBackups } from "../components/backups/contract.ts";
import { nothingElse } from "../lib/nothing-else.ts";
import type { StackStore } from "../settings/load.ts";
import { portOf } from "../settings/stores/object-storage.ts";

export type StackBackups = NonNullable<StackStore<unknown>["backups"]>;

/** What backups of every database have. */
export function backupsOf({ at, keep, ...others }: StackBackups): Backups {
    return { place: placeOf(others), at, keep };
}

/** @returns undefined where there are none */
export function clusterBackupsOf(backups: StackBackups | undefined): ClusterBackups | undefined {
    if (backups === undefined || !("recoveryPoint" in backups)) {
        return undefined;
    }
    const { fullEvery, recoveryPoint, image } = backups;
    return { ...backupsOf(backups), fullEvery, recoveryPoint, ...(image !== undefined && { image }) };
}

function placeOf({ to, accessKey, passphrase }: Pick<StackBackups, "to" | "accessKey" | "passphrase">): BackupPlace {
    const { endpoint, region, addressing, cidrs, ca, bucket, prefix, ...rest } = to;
    nothingElse(rest);
    return {
        endpoint,
        port: portOf(endpoint),
        region,
        addressing,
        ...(cidrs && { cidrs }),
        ...(ca !== undefined && { ca }),
        bucket,
        prefix,
        accessKey,
        passphrase,
    };
}
