// What an object in a cluster says of the backups that it makes or has: the gate and the rules read it, and so may a person. On the object
// itself and never in its pods' template, where each change would be a restart.

const prefix = "django-on-kubernetes/backups";

export const backupMarks = {
    /** Where they go: `endpoint/bucket/prefix`. */
    to: `${prefix}-to`,
    /** Days that they are kept. */
    keepDays: `${prefix}-keep-days`,
    /** Minutes that are lost at most. @default only the moments of the backups themselves can be restored */
    recoveryPoint: `${prefix}-recovery-point`,
} as const;

/** @returns annotations */
export function backupMarksOf(backups: {
    readonly endpoint: string;
    readonly bucket: string;
    readonly prefix: string;
    readonly keepDays: number;
    readonly recoveryPoint?: number | undefined;
}): Readonly<Record<string, string>> {
    const { endpoint, bucket, keepDays, recoveryPoint } = backups;
    return {
        [backupMarks.to]: [endpoint.replace(/\/+$/, ""), bucket, backups.prefix.replace(/^\/+|\/+$/g, "")].join("/"),
        [backupMarks.keepDays]: String(keepDays),
        ...(recoveryPoint !== undefined && { [backupMarks.recoveryPoint]: String(recoveryPoint) }),
    };
}
