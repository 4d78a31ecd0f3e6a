// AWS: what an update in place may lose.
import type { Inputs } from "../contract.ts";
import { atPath, objectsIn, shortest } from "./at-path.ts";
import type { LosingChanges, Safeties } from "./contract.ts";

function rules(inputs: Inputs): readonly Inputs[] {
    return objectsIn(inputs["rules"]).filter(({ status }) => status !== "Disabled");
}

export const aws = {
    "aws:rds/instance:Instance": [
        {
            path: "backupRetentionPeriod",
            byDefault: 0,
            when: "less",
            happens: "older backups and points in time are deleted",
        },
        {
            path: "deleteAutomatedBackups",
            byDefault: true,
            when: "on",
            happens: "backups would go with the instance",
        },
        { path: "skipFinalSnapshot", byDefault: false, when: "on", happens: "no last snapshot would be made" },
        { path: "allocatedStorage", when: "less", happens: "a smaller disk" },
    ],
    "aws:rds/cluster:Cluster": [
        {
            path: "backupRetentionPeriod",
            byDefault: 1,
            when: "less",
            happens: "older backups and points in time are deleted",
        },
        {
            path: "deleteAutomatedBackups",
            byDefault: true,
            when: "on",
            happens: "backups would go with the cluster",
        },
        { path: "skipFinalSnapshot", byDefault: false, when: "on", happens: "no last snapshot would be made" },
    ],
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": [
        {
            path: "retentionPeriod",
            byDefault: 7,
            when: "less",
            happens: "older backups in the other region are deleted",
        },
    ],
    "aws:dynamodb/table:Table": [
        {
            path: "pointInTimeRecovery.enabled",
            byDefault: false,
            when: "off",
            happens: "no point in time can be restored any more",
        },
    ],
    "aws:s3/bucketVersioning:BucketVersioning": [
        {
            path: "versioningConfiguration.status",
            read: (inputs) => {
                const status = atPath(inputs, "versioningConfiguration.status");
                return typeof status === "string" && /^[A-Z]\w+$/.test(status) ? status === "Enabled" : status;
            },
            when: "off",
            happens: "what is overwritten or deleted from now on is gone",
        },
    ],
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": [
        {
            path: "rules[].noncurrentVersionExpiration.noncurrentDays",
            read: (inputs) =>
                shortest(rules(inputs).map((rule) => atPath(rule, "noncurrentVersionExpiration.noncurrentDays"))),
            when: "less",
            happens: "older versions are deleted",
        },
        {
            path: "rules[].expiration.days",
            read: (inputs) => shortest(rules(inputs).map((rule) => atPath(rule, "expiration.days"))),
            when: "less",
            happens: "files in use are deleted",
        },
    ],
    "aws:ebs/volume:Volume": [{ path: "size", when: "less", happens: "a smaller disk" }],
} satisfies LosingChanges;

export const awsSafeties = {
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
        kind: "backups",
        of: "sourceDbInstanceArn",
        happens: "no more backups go to the other region",
    },
    "aws:s3/bucketVersioning:BucketVersioning": {
        kind: "versions",
        of: "bucket",
        happens: "what is overwritten or deleted from now on is gone",
    },
    "aws:backup/plan:Plan": { kind: "backups", of: "name", happens: "no more backups are made by it" },
    "aws:backup/selection:Selection": { kind: "backups", of: "planId", happens: "no more backups are made by it" },
} satisfies Safeties;
