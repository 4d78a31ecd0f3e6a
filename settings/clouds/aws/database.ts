// PostgreSQL on RDS.
import { z } from "zod";
import { isRdsName } from "../../../lib/postgres-words.ts";
import { bytes } from "../../../lib/quantities.ts";
import { windowsOverlap } from "../../../lib/rds-windows.ts";
import { byteQuantity, text } from "../../fields.ts";
import { pooler } from "../../pooler.ts";
import { dumpedBackups } from "../../backups.ts";
import { serverRestore } from "../../managed-restore.ts";
import { native } from "../../native/native.ts";
import {
    certificates,
    dailyWindow,
    dnsEndpoint,
    instanceClass,
    kmsKeyArn,
    retention,
    storeCidrs,
    storeNetwork,
    weeklyWindow,
} from "./fields.ts";

const majors = ["15", "16", "17", "18"] as const;
const intervals = [0, 1, 5, 10, 15, 30, 60];
const gibibyte = bytes("1Gi");
const largest = bytes("64Ti");

const roleName = text(
    "at most 63 letters, digits and underscores, beginning with a letter or underscore",
    /^[A-Za-z_][A-Za-z0-9_]{0,62}$/,
);

const encryption = z.discriminatedUnion("variant", [
    z
        .strictObject({ variant: z.literal("aws-managed") })
        .describe("The account's own key `aws/rds`. Snapshots cannot be given to another account."),
    z
        .strictObject({ variant: z.literal("create") })
        .describe(
            "A key for this database alone; it stays when the stack goes, or its final snapshot could not be read.",
        ),
    z.strictObject({ variant: z.literal("existing"), keyArn: kmsKeyArn.describe("The key.") }),
]);

const createdServer = z
    .strictObject({
        variant: z.literal("create"),
        version: text(
            `in quotes, a major version (${majors.join(", ")}) or a minor one of it, for example "17" or "17.6"`,
            /^1[5-8](\.[0-9]{1,2})?$/,
        )
            .meta({ alsoCalled: ["engineVersion", "postgresVersion", "majorVersion"] })
            .describe(
                "A major version: AWS takes newer minor ones in the maintenance window. Or a minor one, and it stays. Major versions change only together with `majorUpgrade` (R63).",
            ),
        majorUpgrade: z.enum(majors).optional().meta({
            description:
                "The major version that `version` may be upgraded to: an outage of minutes, and no way back but a snapshot. Taken out again afterwards.",
            defaultsTo: "none",
        }),
        owner: text(
            "at most 63 lower-case letters, digits and underscores, beginning with a letter, and no word of SQL or RDS, as user or admin",
            isRdsName,
        )
            .optional()
            .meta({
                description: "The name of the database and of its owner, for ever.",
                defaultsTo: "the app's name, with `_` for `-`",
            }),
        instanceClass: instanceClass("db", "db.t4g.small or db.m7g.large")
            .meta({ alsoCalled: ["instanceType", "tier", "size", "class", "nodeType", "machineType"] })
            .describe("The machine, for example `db.t4g.small`: two processors, 2 GiB."),
        storage: byteQuantity
            .meta({ example: "20Gi", alsoCalled: ["diskSize", "disk", "volumeSize", "allocatedStorage"] })
            .describe("The disk's size, gp3. It grows in place and never shrinks."),
        storageLimit: byteQuantity.optional().meta({
            alsoCalled: ["maxAllocatedStorage", "maxStorage"],
            description: "What the disk grows to by itself when it is nearly full; full, the server stops.",
            defaultsTo: "twice `storage`, at most 64Ti",
        }),
        multiAz: z
            .boolean()
            .optional()
            .meta({
                alsoCalled: ["ha", "highAvailability", "highlyAvailable", "standby"],
                description: "A standby in another zone that takes over; doubles the price.",
                defaultsTo: "`true` in production",
            }),
        readReplica: z
            .boolean()
            .default(false)
            .meta({ alsoCalled: ["replica", "replicas", "readReplicas", "readOnly"] })
            .describe(
                "A second instance of the same machine that may only be read: the app is told `DB_REPLICA_HOST`. Nothing takes over by it.",
            ),
        maxConnections: z
            .int()
            .min(20)
            .max(5000)
            .meta({ alsoCalled: ["connections", "connectionLimit"] })
            .default(100)
            .describe(
                "The class's memory bounds it: about 112 for each GiB. Changed, it holds after the next restart.",
            ),
        backupDays: z
            .int()
            .min(0)
            .max(35)
            .optional()
            .meta({
                alsoCalled: ["backups", "backupRetention", "backupRetentionPeriod", "retention"],
                unit: "days",
                description: "How far the point in time may lie back. From none to some is an outage.",
                defaultsTo: "7; 0 if ephemeral or local",
            }),
        backupCopy: z
            .strictObject({
                region: text("a region of AWS, for example eu-west-1", /^[a-z]{2}(-[a-z]+)+-[0-9]$/).describe(
                    "Another one than the server's; RDS copies between pairs of regions that it has a list of.",
                ),
                days: z
                    .int()
                    .min(1)
                    .max(35)
                    .default(7)
                    .meta({ unit: "days", description: "How long they stay there." }),
            })
            .optional()
            .meta({
                alsoCalled: ["crossRegion", "backupReplication", "copy"],
                description:
                    "The backups and the log of changes in another region too, encrypted by a key there: what is left when a region is lost.",
                defaultsTo: "none",
            }),
        encryption: encryption.default({ variant: "aws-managed" }).describe("Whose key encrypts it, for ever."),
        applyImmediately: z.boolean().optional().meta({
            description: "Changes that restart the server happen at once, not in the maintenance window.",
            defaultsTo: "`false` in production, else `true`",
        }),
        slowStatements: z.int().min(-1).default(1000).meta({
            unit: "milliseconds",
            description: "A statement that takes longer is logged, as its text was sent; -1 for none.",
        }),
        logDays: retention
            .default(30)
            .describe(
                "So long CloudWatch keeps the server's log. Its groups are made before the server, which would keep it for ever.",
            ),
        insights: z
            .enum(["none", "standard", "advanced"])
            .default("standard")
            .describe(
                "What the server waited for. `standard`: seven days, free. `advanced`: fifteen months, by processor.",
            ),
        monitoringInterval: z
            .int()
            .refine((value) => intervals.includes(value), { error: "0, 1, 5, 10, 15, 30 or 60" })
            .meta({ enum: intervals })
            .default(0)
            .meta({ unit: "seconds", description: "Between measurements of the operating system, 0 for none." }),
        iamAuthentication: z.boolean().default(false).describe("Lets IAM's users log in beside the app's."),
        backupWindow: dailyWindow.optional().meta({
            description: "When backups are made.",
            defaultsTo: "`02:00-03:00`, or an hour that maintenance leaves",
        }),
        maintenanceWindow: weeklyWindow.optional().meta({
            description: "When updates are made. Not while backups are.",
            defaultsTo: "`sun:03:00-sun:04:00`, or an hour that backups leave",
        }),
        finalSnapshot: text(
            "at most 246 letters, digits and single hyphens, beginning with a letter",
            (value) => /^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,245}$/.test(value) && !value.endsWith("-"),
        )
            .optional()
            .meta({
                description:
                    "The snapshot that stays when the instance is deleted; a random end is added, for no two have the same name.",
                defaultsTo: "`<instance>-<identifier>-final`, another one for every instance",
            }),
        network: storeNetwork.optional().meta({ defaultsTo: "the platform's, when that is on AWS" }),
        native: native("aws.rds.Instance"),
    })
    .superRefine(({ storage, storageLimit, majorUpgrade, version, ...more }, context) => {
        const problem = (path: string, message: string): void =>
            context.addIssue({ code: "custom", path: [path], message });
        for (const [path, size] of Object.entries({ storage, storageLimit })) {
            if (size !== undefined && bytes(size) % gibibyte !== 0) {
                problem(path, 'whole GiB, for example "20Gi"');
            }
        }
        if (bytes(storage) < 20 * gibibyte || bytes(storage) > largest) {
            problem("storage", "from 20Gi to 64Ti, the sizes of gp3");
        }
        if (storageLimit !== undefined && bytes(storageLimit) > largest) {
            problem("storageLimit", "at most 64Ti, the largest size of gp3");
        }
        if (storageLimit !== undefined && storageLimit !== storage && 10 * bytes(storageLimit) < 11 * bytes(storage)) {
            problem(
                "storageLimit",
                `a tenth more than storage at least, or just storage, ${storage}, for a disk that does not grow by itself`,
            );
        }
        const { backupDays, readReplica, backupCopy, backupWindow, maintenanceWindow } = more;
        if (backupDays === 0 && readReplica) {
            problem("backupDays", "at least 1 with readReplica: a copy begins with a backup");
        }
        if (backupDays === 0 && backupCopy !== undefined) {
            problem("backupDays", "at least 1 with backupCopy: there is nothing to copy");
        }
        if (
            backupWindow !== undefined &&
            maintenanceWindow !== undefined &&
            windowsOverlap({ backupWindow, maintenanceWindow })
        ) {
            problem(
                "backupWindow",
                `a time that is not within maintenanceWindow, ${maintenanceWindow}: AWS refuses both`,
            );
        }
        if (majorUpgrade !== undefined && version.split(".")[0] !== majorUpgrade) {
            problem("majorUpgrade", `the major version of version, ${version.split(".")[0]!}, which it lets through`);
        }
    });

const existingServer = z
    .strictObject({
        variant: z.literal("existing"),
        address: dnsEndpoint("shop.c9akciq32abc.eu-central-1.rds.amazonaws.com").describe("Its endpoint."),
        database: roleName.describe("The database on it."),
        user: roleName.describe("The role that owns the database."),
        maxConnections: z.int().min(20).max(5000).describe("Its max_connections."),
        cidrs: storeCidrs.optional().meta({
            description: "The address ranges of its subnets.",
            defaultsTo: "the platform's, when that is on AWS",
        }),
    })
    .describe(
        "An instance that is there, with a database and a role on it; nothing of it is changed. Its password is `secrets.databasePassword`.",
    );

export const rdsDatabase = z.strictObject({
    variant: z.literal("rds").meta({ alsoCalled: ["aws", "amazon", "aurora"] }),
    server: z
        .discriminatedUnion("variant", [createdServer, existingServer])
        .describe("Made here, or one that is there."),
    ca: certificates.optional().meta({
        description: "What the server's certificate descends from.",
        defaultsTo: "Amazon's authorities of the region in `clouds.aws`",
    }),
    backups: dumpedBackups,
    restore: serverRestore({
        server: "instance's identifier, or the ARN of its automated backups,",
        example: "database-server-1a2b3c4d",
        backup: text(
            "a snapshot's identifier: letters, digits, hyphens and colons",
            /^[A-Za-z][A-Za-z0-9:-]{0,254}$/,
        ).meta({
            example: "shop-production-final",
            alsoCalled: ["snapshot", "snapshotIdentifier"],
            description: "A snapshot instead of a moment.",
            defaultsTo: "none: `at` is given",
        }),
    }),
    pooler,
});

export type RdsSettings = z.output<typeof rdsDatabase>;
