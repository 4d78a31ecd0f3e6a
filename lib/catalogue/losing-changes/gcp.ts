// Google Cloud: what an update in place may lose.
import type { Inputs } from "../contract.ts";
import { atPath, objectsIn, shortest } from "./at-path.ts";
import type { LosingChange, LosingChanges } from "./contract.ts";

const configuration = "settings.backupConfiguration";

/** All of them begin again when they are set or changed, on an instance with data too. */
const overwriting: readonly LosingChange[] = [
    "restoreBackupContext",
    "pointInTimeRestoreContext",
    "backupdrBackup",
].map((path) => ({ path, when: "given", happens: "a backup is restored over the data that is there" }));

function deleteRules(inputs: Inputs): readonly Inputs[] {
    return objectsIn(inputs["lifecycleRules"])
        .filter((rule) => atPath(rule, "action.type") === "Delete")
        .map((rule) => (rule["condition"] ?? {}) as Inputs);
}

/** Only of what was overwritten or deleted. */
const isOfOldVersions = (condition: Inputs): boolean =>
    condition["withState"] === "ARCHIVED" ||
    ["daysSinceNoncurrentTime", "numNewerVersions", "noncurrentTimeBefore"].some((key) => condition[key] !== undefined);

export const gcp = {
    "gcp:sql/databaseInstance:DatabaseInstance": [
        ...overwriting,
        {
            path: `${configuration}.enabled`,
            byDefault: false,
            when: "off",
            happens: "no backups are made any more",
        },
        {
            path: `${configuration}.pointInTimeRecoveryEnabled`,
            byDefault: false,
            when: "off",
            happens: "no point in time can be restored any more",
        },
        {
            path: `${configuration}.transactionLogRetentionDays`,
            byDefault: 7,
            when: "less",
            happens: "older points in time are gone",
        },
        {
            path: `${configuration}.backupRetentionSettings.retainedBackups`,
            byDefault: 7,
            when: "less",
            happens: "older backups are deleted",
        },
        {
            path: "settings.retainBackupsOnDelete",
            byDefault: false,
            when: "off",
            happens: "backups would go with the instance",
        },
        {
            path: "settings.finalBackupConfig.enabled",
            byDefault: false,
            when: "off",
            happens: "no last backup would be made",
        },
        {
            path: "settings.finalBackupConfig.retentionDays",
            when: "less",
            happens: "a last backup would stay for a shorter time",
        },
        { path: "settings.diskSize", when: "less", happens: "a smaller disk" },
    ],
    "gcp:storage/bucket:Bucket": [
        {
            path: "versioning.enabled",
            byDefault: false,
            when: "off",
            happens: "what is overwritten or deleted is gone",
        },
        {
            path: "softDeletePolicy.retentionDurationSeconds",
            byDefault: 604_800,
            when: "less",
            happens: "deleted files can be got back for a shorter time",
        },
        {
            path: "lifecycleRules[].condition.daysSinceNoncurrentTime",
            read: (inputs) =>
                shortest(
                    deleteRules(inputs)
                        .filter(isOfOldVersions)
                        .map((condition) => condition["daysSinceNoncurrentTime"] ?? condition["age"]),
                ),
            when: "less",
            happens: "older versions are deleted",
        },
        {
            path: "lifecycleRules[].condition.numNewerVersions",
            read: (inputs) => shortest(deleteRules(inputs).map((condition) => condition["numNewerVersions"])),
            when: "less",
            happens: "older versions are deleted",
        },
        {
            path: "lifecycleRules[].condition.age",
            read: (inputs) =>
                shortest(
                    deleteRules(inputs)
                        .filter((condition) => !isOfOldVersions(condition))
                        .map((condition) => condition["age"] ?? 0),
                ),
            when: "less",
            happens: "files in use are deleted",
        },
        { path: "retentionPolicy.retentionPeriod", when: "less", happens: "files may be deleted sooner" },
    ],
    "gcp:compute/disk:Disk": [{ path: "size", when: "less", happens: "a smaller disk" }],
    "gcp:compute/regionDisk:RegionDisk": [{ path: "size", when: "less", happens: "a smaller disk" }],
} satisfies LosingChanges;
