// Backups of a database: into which bucket, when, for how long, how they are tried, and what a destroyed environment leaves.
import { z } from "zod";
import { writtenMoment } from "./check/spellings/moments.ts";
import { byteQuantity, imageReference, text } from "./fields.ts";
import { bucketName, objectServer } from "./object-storage.ts";

export const prefix = text(
    "folders of letters, digits, dots, hyphens and underscores, without a slash at either end, for example shop/production/database",
    /^(?=.{1,200}$)(?!.*(^|\/)\.{1,2}(\/|$))[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/,
).meta({ example: "shop/production/database" });

/** A day whose every minute is told apart from an hour's worth of others': cron's thundering herd comes at full hours. */
const timeOfDay = text('a time of the day as HH:MM, in quotes, for example "02:17"', /^([01][0-9]|2[0-3]):[0-5][0-9]$/);

const { endpoint, ...server } = objectServer;

const to = z
    .strictObject({
        endpoint: endpoint.describe(
            "Where a server that speaks S3 answers: S3 itself, Cloud Storage with HMAC keys, Spaces, R2, MinIO. Best of another account or region than the data.",
        ),
        ...server,
        bucket: bucketName
            .meta({ example: "BUCKET" })
            .describe("Its name. It is there already: the program neither makes nor deletes it."),
        prefix: prefix.optional().meta({
            description: "The folder in it that is this database's alone.",
            defaultsTo: "`<mainApp>/<environment's name>/<store>`, for example `shop/production/database`",
            alsoCalled: ["path", "folder", "directory"],
        }),
    })
    .meta({ alsoCalled: ["destination", "target", "repository", "s3"] })
    .describe("The bucket; keys: `secrets.databaseBackupsAccessKeyId` and the others.");

const keep = z
    .strictObject({
        days: z
            .int()
            .min(1)
            .max(3650)
            .default(30)
            .meta({ unit: "days", alsoCalled: ["retention", "retentionDays", "for"] })
            .describe("How far back one can go."),
        atLeast: z
            .int()
            .min(1)
            .max(100)
            .default(3)
            .meta({ alsoCalled: ["minimum", "count", "copies"] })
            .describe(
                "So many good ones stay, however old: where backups fail for long, the last ones are not removed.",
            ),
    })
    .prefault({})
    .meta({ alsoCalled: ["retention", "retain"] })
    .describe("When a backup is removed.");

const drill = z
    .strictObject({
        every: z
            .int()
            .min(1)
            .max(90)
            .default(7)
            .meta({ unit: "days", alsoCalled: ["interval", "schedule"] })
            .describe("How often."),
        sql: z
            .array(z.string().min(1))
            .max(50)
            .default([])
            .meta({ example: "select count(*) > 0 from auth_user", alsoCalled: ["queries", "assertions", "checks"] })
            .describe("Statements of yours on the restored data, each of which has to answer true."),
        maxAge: z
            .int()
            .min(1)
            .max(180)
            .default(8)
            .meta({ unit: "days", alsoCalled: ["staleAfter"] })
            .describe("How old the last good drill may be before `make status` fails."),
    })
    .superRefine(({ every, maxAge }, context) => {
        if (maxAge < every) {
            context.addIssue({ code: "custom", path: ["maxAge"], message: `at least every, ${every}` });
        }
    })
    .optional()
    .meta({
        description: "Restores the last backup into a place that is thrown away, and looks at it.",
        defaultsTo: "none is held",
        alsoCalled: ["restoreTest", "verify", "verification"],
    });

/** What backups of every database have. */
const ofEvery = {
    to,
    at: timeOfDay
        .default("02:17")
        .meta({ alsoCalled: ["time", "schedule", "startTime", "window"] })
        .describe("When, each day, in UTC. One that was missed is made up."),
    keep,
    drill,
    atEnd: z
        .enum(["dump", "nothing"])
        .default("dump")
        .meta({ alsoCalled: ["onDestroy", "finalSnapshot", "final"] })
        .describe("What `make destroy` and `make down` leave in the bucket: a last dump, or what is there already."),
    dumpImage: imageReference.optional().meta({
        description: "An image with `rclone` and a shell, which takes dumps to the bucket.",
        defaultsTo: "rclone's own",
    }),
    clientImage: imageReference.optional().meta({
        description: "An image with `pg_dump`, `psql` and bash, of the server's major version or a newer one.",
        defaultsTo: "the official image of the server's version, of 18 where that is not known",
        alsoCalled: ["pgDumpImage", "postgresImage"],
    }),
    dumpStorage: byteQuantity
        .default("10Gi")
        .meta({ alsoCalled: ["dumpVolume", "scratch", "workspace"] })
        .describe("Room for one dump while it is taken or brought back; usually a fifth of the database is enough."),
};

/** Of a server whose volume the program has: a copy of its files, and every change since. */
export const clusterBackups = z
    .strictObject({
        ...ofEvery,
        fullEvery: z
            .int()
            .min(1)
            .max(35)
            .default(7)
            .meta({ unit: "days", alsoCalled: ["full", "fullInterval"] })
            .describe("How often all is copied; between, what has changed since."),
        recoveryPoint: z
            .int()
            .min(1)
            .max(60)
            .default(5)
            .meta({ unit: "minutes", alsoCalled: ["rpo", "archiveTimeout", "archive_timeout"] })
            .describe("How much may be lost with the volume: changes are in the bucket by then."),
        dumps: z
            .boolean()
            .default(false)
            .meta({ alsoCalled: ["dump", "pgDump"] })
            .describe("A daily `pg_dump` too, which every PostgreSQL can read."),
        image: imageReference.optional().meta({
            description: "An image with pgBackRest 2.45 or later and bash.",
            defaultsTo: "Percona's, pgBackRest 2.58",
        }),
    })
    .superRefine(keptForAFullOne)
    .optional()
    .meta({
        description: "Copies of the database in a bucket, and every change since: it can be restored to any second.",
        defaultsTo: "none",
        alsoCalled: ["backup", "pgbackrest", "snapshots", "archive"],
    });

/** Of any server that answers: a dump each day, beside what its cloud keeps of it. */
export const dumpedBackups = z
    .strictObject(ofEvery)
    .optional()
    .meta({
        description:
            "A dump of the database in a bucket each day, which outlives the server and its cloud, and which every PostgreSQL can read.",
        defaultsTo: "none beside what the cloud keeps by itself",
        alsoCalled: ["backup", "dumps", "dump", "snapshots"],
    });

/** A full copy is what the days before it are counted from. */
function keptForAFullOne(
    { keep: { days }, fullEvery }: { readonly keep: { readonly days: number }; readonly fullEvery: number },
    context: z.RefinementCtx,
): void {
    if (days < fullEvery) {
        context.addIssue({ code: "custom", path: ["keep", "days"], message: `at least fullEvery, ${fullEvery}` });
    }
}

const momentForm = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$/;
const moments = "latest, or a moment as 2026-12-01T10:20:30Z, with Z or a distance from it such as +01:00";

/** In quotes or without. */
export const moment = z
    .string({ error: moments })
    .overwrite(writtenMoment)
    .refine((value) => value === "latest" || (momentForm.test(value) && !Number.isNaN(Date.parse(value))), {
        error: moments,
    })
    .meta({ allowed: moments });

/** Another state of the data, beside the one that is there: the server runs on it for as long as this stands in the file. */
export const clusterRestore = z
    .strictObject({
        at: moment
            .meta({ example: "latest", alsoCalled: ["time", "pointInTime", "targetTime", "recoveryTargetTime"] })
            .describe("The moment whose data it is, or `latest`. Each is restored once, into a folder of its own."),
        from: prefix.optional().meta({
            description:
                "Whose backups: the `prefix` of another stack's, in the same bucket and with the same passphrase.",
            defaultsTo: "its own",
            alsoCalled: ["prefix", "source"],
        }),
        original: z
            .enum(["kept", "removed"])
            .default("kept")
            .meta({ alsoCalled: ["old", "previous"] })
            .describe(
                "What becomes of the folder with the data before: with `kept`, taking `restore` out leads back to it.",
            ),
    })
    .optional()
    .meta({
        description:
            "Data of an earlier moment or of another stack: restored beside the data that is there, and used instead of it.",
        defaultsTo: "the data that is there; of an empty volume the last backup",
        alsoCalled: ["recovery", "recover", "restoreTo", "pitr"],
    });

export type ClusterBackupsSettings = NonNullable<z.output<typeof clusterBackups>>;
export type DumpedBackupsSettings = NonNullable<z.output<typeof dumpedBackups>>;
export type BackupsSettings = ClusterBackupsSettings | DumpedBackupsSettings;
export type ClusterRestoreSettings = NonNullable<z.output<typeof clusterRestore>>;

/** @returns undefined for a store that has none, or cannot have any */
export function backupsOf(store: object): BackupsSettings | undefined {
    return "backups" in store ? (store.backups as BackupsSettings | undefined) : undefined;
}
