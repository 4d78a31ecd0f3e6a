// PostgreSQL on RDS.
import { z } from "zod";
import { isRdsName } from "../../../lib/postgres-words.ts";
import { bytes } from "../../../lib/quantities.ts";
import { byteQuantity, text } from "../../fields.ts";
import {
    certificates,
    dailyWindow,
    dnsEndpoint,
    instanceClass,
    kmsKeyArn,
    native,
    storeCidrs,
    storeNetwork,
    weeklyWindow,
} from "./fields.ts";

const majors = ["15", "16", "17", "18"] as const;
const gibibyte = bytes("1Gi");
const largest = bytes("64Ti");

const roleName = text("at most 63 letters, digits and underscores, beginning with a letter or underscore", (value) =>
    /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(value),
);

const encryption = z.discriminatedUnion("variant", [
    /** The account's own key `aws/rds`. Snapshots cannot be given to another account. */
    z.strictObject({ variant: z.literal("aws-managed") }),
    /** A key for this database alone; it stays when the stack goes, or its final snapshot could not be read. */
    z.strictObject({ variant: z.literal("create") }),
    z.strictObject({ variant: z.literal("existing"), keyArn: kmsKeyArn }),
]);

const createdServer = z
    .strictObject({
        variant: z.literal("create"),
        /**
         * A major version: AWS takes newer minor ones in the maintenance window. Or a minor one, and it stays. Major versions
         * change only together with `majorUpgrade` (R63).
         */
        version: text(
            `in quotes, a major version (${majors.join(", ")}) or a minor one of it, for example "17" or "17.6"`,
            (value) => /^1[5-8](\.[0-9]{1,2})?$/.test(value),
        ),
        /**
         * The major version that `version` may be upgraded to: an outage of minutes, and no way back but a snapshot. Taken out
         * again afterwards. @default none
         */
        majorUpgrade: z.enum(majors).optional(),
        /** The name of the database and of its owner, for ever. @default the app's name, with _ for - */
        owner: text(
            "at most 63 lower-case letters, digits and underscores, beginning with a letter, and no word of SQL or RDS, as user or admin",
            isRdsName,
        ).optional(),
        /** The machine, for example `db.t4g.small`: two processors, 2 GiB. */
        instanceClass: instanceClass("db", "db.t4g.small or db.m7g.large"),
        /** The disk's size, gp3. It grows in place and never shrinks. */
        storage: byteQuantity,
        /** What the disk grows to by itself when it is nearly full; full, the server stops. @default twice `storage`, at most 64Ti */
        storageLimit: byteQuantity.optional(),
        /** A standby in another zone that takes over; doubles the price. @default true in production */
        multiAz: z.boolean().optional(),
        /** The class's memory bounds it: about 112 for each GiB. Changed, it holds after the next restart. @default 100 */
        maxConnections: z.int().min(20).max(5000).default(100),
        /** How many days the point in time may lie back. From none to some is an outage. @default 7; 0 if ephemeral or local */
        backupDays: z.int().min(0).max(35).optional(),
        /** For ever. @default { variant: "aws-managed" } */
        encryption: encryption.default({ variant: "aws-managed" }),
        /** Changes that restart the server happen at once, not in the maintenance window. @default false in production, else true */
        applyImmediately: z.boolean().optional(),
        /** Milliseconds from which on a statement is logged, with its values; -1 for none. @default 1000 */
        slowStatements: z.int().min(-1).default(1000),
        /** What the server waited for. `standard`: seven days, free. `advanced`: fifteen months, by processor. @default "standard" */
        insights: z.enum(["none", "standard", "advanced"]).default("standard"),
        /** Seconds between measurements of the operating system, 0 for none. @default 0 */
        monitoringInterval: z
            .int()
            .refine((value) => [0, 1, 5, 10, 15, 30, 60].includes(value), { error: "0, 1, 5, 10, 15, 30 or 60" })
            .default(0),
        /** Lets IAM's users log in beside the app's. @default false */
        iamAuthentication: z.boolean().default(false),
        /** @default AWS chooses one */
        backupWindow: dailyWindow.optional(),
        /** @default AWS chooses one */
        maintenanceWindow: weeklyWindow.optional(),
        /** The snapshot that stays when the instance is deleted; no two have the same name. @default `<instance>-<component>-final` */
        finalSnapshot: text(
            "at most 255 letters, digits and single hyphens, beginning with a letter",
            (value) => /^[A-Za-z](?!.*--)[A-Za-z0-9-]{0,254}$/.test(value) && !value.endsWith("-"),
        ).optional(),
        /** @default the platform's, when that is on AWS */
        network: storeNetwork.optional(),
        /** Arguments of aws.rds.Instance, over all others. @default none */
        native: native.optional(),
    })
    .superRefine(({ storage, storageLimit, majorUpgrade, version }, context) => {
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
        if (majorUpgrade !== undefined && version.split(".")[0] !== majorUpgrade) {
            problem("majorUpgrade", `the major version of version, ${version.split(".")[0]!}, which it lets through`);
        }
    });

/** An instance that is there, with a database and a role on it; nothing of it is changed. Its password is `secrets.databasePassword`. */
const existingServer = z.strictObject({
    variant: z.literal("existing"),
    /** Its endpoint. */
    address: dnsEndpoint("shop.c9akciq32abc.eu-central-1.rds.amazonaws.com"),
    /** The database on it. */
    database: roleName,
    /** The role that owns the database. */
    user: roleName,
    /** Its max_connections. */
    maxConnections: z.int().min(20).max(5000),
    /** The address ranges of its subnets. @default the platform's, when that is on AWS */
    cidrs: storeCidrs.optional(),
});

export const rdsDatabase = z.strictObject({
    variant: z.literal("rds"),
    server: z.discriminatedUnion("variant", [createdServer, existingServer]),
    /** What the server's certificate descends from. @default Amazon's authorities of the region in `clouds.aws` */
    ca: certificates.optional(),
});

export type RdsSettings = z.output<typeof rdsDatabase>;
