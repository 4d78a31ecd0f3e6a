// What an update in place would lose, and what data is safe by, as the gate judges it. Not proved here: that the engine prints updates of
// this shape (test/engine/gate.test.ts), nor that a cloud deletes what it is told to keep no longer.
import { describe, expect, test } from "vitest";
import { report } from "../../../commands/gate/report.ts";
import { claims, judged, project, step, types } from "./support/gate-steps.ts";

const cronJob = "kubernetes:batch/v1:CronJob";

/** As a job that carries data out of the cluster is told where to. */
const dump = (environment: Readonly<Record<string, string>>, more: object = {}) => ({
    metadata: { name: "dump", namespace: "shop", labels: { "app.kubernetes.io/component": "database-dump" } },
    spec: {
        suspend: false,
        ...more,
        jobTemplate: {
            spec: {
                template: {
                    spec: {
                        initContainers: [{ name: "dump", env: [{ name: "PGHOST", value: "database" }] }],
                        containers: [
                            {
                                name: "upload",
                                env: Object.entries(environment).map(([name, value]) => ({ name, value })),
                            },
                        ],
                    },
                },
            },
        },
    },
});

describe("is refused, though it stays:", () => {
    const backups = (more: object) => ({ settings: { backupConfiguration: { enabled: true, ...more } } });
    const update = (type: string, inputs: object, newInputs: object, name = "it") =>
        step("update", type, name, { inputs, newInputs });

    test("a database whose backups are kept for a shorter time, with both numbers and no other value", () => {
        const { refused } = judged([
            update(
                types.rds,
                { backupRetentionPeriod: 14, password: "canary-old", deletionProtection: true },
                { backupRetentionPeriod: 3, password: "canary-new", deletionProtection: false },
                "database-server",
            ),
        ]);
        expect(refused).toEqual([
            {
                urn: `${project}::django-on-kubernetes:database:InCluster$${types.rds}::database-server`,
                type: types.rds,
                name: "database-server",
                kind: "database",
                inPlace: true,
                happens:
                    "changed in place: older backups and points in time are deleted; the cloud no longer refuses to delete it",
                why: "backupRetentionPeriod: 14 → 3; deletionProtection: on → off",
                allowedBy: "database-server",
            },
        ]);
    });

    const s3 = (noncurrentDays?: number) => ({
        rules: [
            { id: "unfinished", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
            { id: "old", status: "Enabled", noncurrentVersionExpiration: noncurrentDays && { noncurrentDays } },
        ],
    });
    const gcs = (...conditions: object[]) => ({
        lifecycleRules: conditions.map((condition) => ({ action: { type: "Delete" }, condition })),
    });
    const marks = (marks: Readonly<Record<string, string>>) => ({
        ...claims,
        metadata: {
            annotations: Object.fromEntries(
                Object.entries(marks).map(([mark, value]) => [`django-on-kubernetes/backups-${mark}`, value]),
            ),
        },
    });
    const claim = (storage: string) => ({ spec: { resources: { requests: { storage } } } });
    const lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const bucket = "gcp:storage/bucket:Bucket";

    test.each<[string, string, object, object, string]>([
        [
            "no backups",
            types.sql,
            backups({}),
            backups({ enabled: false }),
            "settings.backupConfiguration.enabled: on → off",
        ],
        ["backups left out", types.sql, backups({}), {}, "settings.backupConfiguration.enabled: on → off"],
        [
            "no points in time",
            types.sql,
            backups({ pointInTimeRecoveryEnabled: true }),
            backups({ pointInTimeRecoveryEnabled: false }),
            "settings.backupConfiguration.pointInTimeRecoveryEnabled: on → off",
        ],
        [
            "fewer days of logs, against the cloud's own number",
            types.sql,
            backups({ transactionLogRetentionDays: 14 }),
            backups({}),
            "settings.backupConfiguration.transactionLogRetentionDays: 14 → 7",
        ],
        [
            "a backup over the data",
            types.sql,
            {},
            { restoreBackupContext: { backupRunId: 7 } },
            "restoreBackupContext: set",
        ],
        [
            "another backup over the data",
            types.sql,
            { restoreBackupContext: { backupRunId: 7 } },
            { restoreBackupContext: { backupRunId: 8 } },
            "restoreBackupContext: changed",
        ],
        [
            "a smaller disk",
            types.sql,
            { settings: { diskSize: 20 } },
            { settings: { diskSize: 10 } },
            "settings.diskSize: 20 → 10",
        ],
        [
            "backups that go with it",
            types.rds,
            { deleteAutomatedBackups: false },
            {},
            "deleteAutomatedBackups: off → on",
        ],
        ["no last snapshot", types.rds, {}, { skipFinalSnapshot: true }, "skipFinalSnapshot: off → on"],
        [
            "a number that is not known yet",
            types.rds,
            { backupRetentionPeriod: 7 },
            { backupRetentionPeriod: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
            "backupRetentionPeriod: 7 → not known yet",
        ],
        ["older versions", lifecycle, s3(30), s3(7), "rules[].noncurrentVersionExpiration.noncurrentDays: 30 → 7"],
        [
            "versions with an end",
            lifecycle,
            s3(),
            s3(90),
            "rules[].noncurrentVersionExpiration.noncurrentDays: for ever → 90",
        ],
        [
            "files in use",
            lifecycle,
            { rules: [] },
            { rules: [{ expiration: { days: 30 } }] },
            "rules[].expiration.days: for ever → 30",
        ],
        [
            "no more versions",
            "aws:s3/bucketVersioning:BucketVersioning",
            { versioningConfiguration: { status: "Enabled" } },
            { versioningConfiguration: { status: "Suspended" } },
            "versioningConfiguration.status: on → off",
        ],
        [
            "a shorter copy elsewhere",
            "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
            { retentionPeriod: 14 },
            {},
            "retentionPeriod: 14 → 7",
        ],
        [
            "no versions",
            bucket,
            { versioning: { enabled: true } },
            { versioning: { enabled: false } },
            "versioning.enabled: on → off",
        ],
        [
            "a shorter bin",
            bucket,
            { softDeletePolicy: { retentionDurationSeconds: 604800 } },
            { softDeletePolicy: { retentionDurationSeconds: 0 } },
            "softDeletePolicy.retentionDurationSeconds: 604800 → 0",
        ],
        [
            "versions that go sooner",
            bucket,
            gcs({ daysSinceNoncurrentTime: 30, withState: "ARCHIVED" }),
            gcs({ daysSinceNoncurrentTime: 3, withState: "ARCHIVED" }),
            "lifecycleRules[].condition.daysSinceNoncurrentTime: 30 → 3",
        ],
        ["files that go with age", bucket, gcs(), gcs({ age: 365 }), "lifecycleRules[].condition.age: for ever → 365"],
        [
            "no versions at DigitalOcean",
            "digitalocean:index/spacesBucket:SpacesBucket",
            { versioning: { enabled: true } },
            {},
            "versioning.enabled: on → off",
        ],
        [
            "a smaller disk at DigitalOcean",
            types.digitalocean,
            { engine: "pg", storageSizeMib: "61440" },
            { engine: "pg", storageSizeMib: "30720" },
            "storageSizeMib: 61440 → 30720",
        ],
        [
            "no archive",
            types.statefulSet,
            marks({ to: "https://one.example.org/backups/shop" }),
            marks({}),
            'metadata.annotations["django-on-kubernetes/backups-to"]: removed',
        ],
        [
            "another place, and not which",
            types.statefulSet,
            marks({ to: "https://one.example.org/backups/shop" }),
            marks({ to: "https://one.example.org/backups/other" }),
            'metadata.annotations["django-on-kubernetes/backups-to"]: changed',
        ],
        [
            "an archive that goes sooner",
            types.statefulSet,
            marks({ "keep-days": "30" }),
            marks({ "keep-days": "9" }),
            'metadata.annotations["django-on-kubernetes/backups-keep-days"]: 30 → 9',
        ],
        ["dumps that go sooner", cronJob, dump({ KEEP_DAYS: "30" }), dump({ KEEP_DAYS: "9" }), "KEEP_DAYS: 30 → 9"],
        [
            "dumps to another place, and not which",
            cronJob,
            dump({ BUCKET: "one", PREFIX: "shop" }),
            dump({ BUCKET: "one", PREFIX: "other" }),
            "spec.jobTemplate.spec.template.spec.containers[].env: changed",
        ],
        ["no more dumps", cronJob, dump({}), dump({}, { suspend: true }), "spec.suspend: off → on"],
        [
            "an archive that lags more",
            types.statefulSet,
            marks({ "recovery-point": "5" }),
            marks({ "recovery-point": "60" }),
            'metadata.annotations["django-on-kubernetes/backups-recovery-point"]: 5 → 60',
        ],
        [
            "a smaller volume",
            "kubernetes:core/v1:PersistentVolumeClaim",
            claim("2Ti"),
            claim("500Gi"),
            "spec.resources.requests.storage: 2Ti → 500Gi",
        ],
    ])("%s", (_, type, before, after, why) => {
        const { refused } = judged([update(type, before, after)]);
        expect(refused.map((loss) => loss.why)).toEqual([why]);
        expect(refused[0]).toMatchObject({ inPlace: true, allowedBy: "it" });
        // The other way round nothing is lost, but where a backup would be restored over it.
        if (!/RestoreBackup|not known/i.test(why)) {
            expect(
                judged([update(type, after, before)]).refused.filter((loss) => !loss.why.endsWith("changed")),
            ).toEqual([]);
        }
        expect(judged([update(type, before, before)]).refused).toEqual([]);
        expect(judged([update(type, before, after)], ["it"])).toMatchObject({ refused: [], warnings: [] });
    });

    test("a copy's switch against deletion is nobody's loss", () => {
        const copy = (deletionProtection: boolean) => ({ replicateSourceDb: "shop", deletionProtection });
        expect(judged([update(types.rds, copy(true), copy(false))]).refused).toEqual([]);
    });

    test("what is only read, or made, or has no old state", () => {
        const less = { inputs: { backupRetentionPeriod: 14 }, newInputs: { backupRetentionPeriod: 1 } };
        expect(judged([step("update", types.rds, "it", { ...less, state: { external: true } })]).refused).toEqual([]);
        expect(judged([step("create", types.rds, "it", less)]).refused).toEqual([]);
        expect(judged([{ op: "update", urn: `${project}::${types.rds}::it` }]).refused).toEqual([]);
    });
});

describe("what data is safe by", () => {
    const versioning = "aws:s3/bucketVersioning:BucketVersioning";
    const copy = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";
    const arn = "arn:aws:rds:eu-central-1:123456789012:db:shop";

    test("is refused to go by itself", () => {
        const { refused } = judged([
            step("delete", versioning, "media-versions", { inputs: { bucket: "media-1" } }),
            step("delete", copy, "database-copy", { inputs: { sourceDbInstanceArn: arn } }),
            step("delete", "kubernetes:batch/v1:CronJob", "database-dump", { inputs: dump({}) }),
        ]);
        expect(refused.map(({ kind, happens, name }) => [name, kind, happens])).toEqual([
            ["media-versions", "versions", "deleted: what is overwritten or deleted from now on is gone"],
            ["database-copy", "backups", "deleted: no more backups go to the other region"],
            ["database-dump", "backups", "deleted: no more backups are made by it"],
        ]);
        expect(report({ refused, allowed: [], warnings: [] })).toContain(
            "Refused: 3 resources by which data is safe would be lost.",
        );
    });

    test("is told once of a replacement, and not at all with what it was for", () => {
        const ops = ["create-replacement", "replace", "delete-replaced"];
        const inputs = { sourceDbInstanceArn: arn };
        const replaced = ops.map((op) =>
            step(op, copy, "database-copy", { inputs, replaceReasons: ["retentionPeriod"] }),
        );
        expect(judged(replaced).refused).toMatchObject([
            { happens: "replaced: no more backups go to the other region", why: "changed: retentionPeriod" },
        ]);
        const server = step("delete", types.rds, "database", { state: { id: "shop", outputs: { arn } } });
        expect(judged([server, ...replaced]).refused.map(({ name }) => name)).toEqual(["database"]);
        const namespace = step("delete", types.namespace, "namespace", { inputs: { metadata: { name: "shop" } } });
        const job = step("delete", "kubernetes:batch/v1:CronJob", "database-dump", { inputs: dump({}) });
        expect(judged([namespace, job]).refused.map(({ name }) => name)).toEqual(["namespace"]);
    });

    test("is no command at certain times of the app's own, nor a job that nobody starts by itself", () => {
        const report = { metadata: { name: "report", namespace: "shop" } };
        expect(judged([step("delete", cronJob, "report", { inputs: report })]).refused).toEqual([]);
    });
});

describe("the report", () => {
    test("counts what would be lost and what would be less safe apart", () => {
        const replaced = step("replace", types.statefulSet, "database-server", {
            inputs: claims,
            replaceReasons: ["spec.volumeClaimTemplates"],
        });
        const shorter = step("update", types.rds, "database", {
            inputs: { backupRetentionPeriod: 14 },
            newInputs: { backupRetentionPeriod: 3 },
        });
        expect(report(judged([replaced, shorter]), 200)).toMatchInlineSnapshot(`
          "┌─────────────────┬────────────────────────────────────────┬─────────────────────────────────────────────────────────────────────┬─────────────────────────────────────────────────────────────────────┐
          │ resource        │ type                                   │ what happens                                                        │ why                                                                 │
          ├─────────────────┼────────────────────────────────────────┼─────────────────────────────────────────────────────────────────────┼─────────────────────────────────────────────────────────────────────┤
          │ database-server │ volume: kubernetes:apps/v1:StatefulSet │ replaced: deleted, and an empty one made                            │ changed: spec.volumeClaimTemplates                                  │
          ├─────────────────┼────────────────────────────────────────┼─────────────────────────────────────────────────────────────────────┼─────────────────────────────────────────────────────────────────────┤
          │ database        │ database: aws:rds/instance:Instance    │ changed in place: older backups and points in time are deleted      │ backupRetentionPeriod: 14 → 3                                       │
          └─────────────────┴────────────────────────────────────────┴─────────────────────────────────────────────────────────────────────┴─────────────────────────────────────────────────────────────────────┘
          Refused: 1 resource with data would be lost.
          Refused: 1 resource would stay, and its data be less safe.
          If that is meant, and there is a backup, add: --allow database-server --allow database"
        `);
    });
});
