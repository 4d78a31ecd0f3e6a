// PostgreSQL on Cloud SQL.
import { isIPv4 } from "node:net";
import { z } from "zod";
import { cloudSqlTier, cloudSqlTierForms } from "../../../lib/cloud-sql-tiers.ts";
import { bytes } from "../../../lib/quantities.ts";
import { byteQuantity, objectName, text } from "../../fields.ts";
import { pooler } from "../../pooler.ts";
import { dumpedBackups } from "../../backups.ts";
import { native } from "../../native/native.ts";
import { certificates, keyPath, networkPath } from "./fields.ts";

/** Flags that other settings stand for. */
const ownFlags: Readonly<Record<string, string>> = {
    max_connections: "maxConnections",
    "cloudsql.iam_authentication": "iamAuthentication",
};

/** Each year. */
const dayOfYear = text(
    'a day of the year as MM-DD, in quotes, for example "11-20"',
    (value) => dayNumber(value) !== undefined,
);

const createdServer = z
    .strictObject({
        variant: z.literal("create"),
        version: z
            .enum(["15", "16", "17", "18"])
            .meta({
                example: "17",
                alsoCalled: ["engineVersion", "databaseVersion", "postgresVersion", "majorVersion"],
            })
            .describe(
                "The major version. A higher one upgrades the instance in place: an outage of minutes, and no way back but a backup (R63).",
            ),
        edition: z.enum(["enterprise", "enterprise-plus"]).default("enterprise").describe("Checked against `tier`."),
        tier: text(cloudSqlTierForms, (value) => cloudSqlTier(value) !== undefined)
            .meta({
                example: "db-custom-2-7680",
                alsoCalled: ["instanceType", "instanceClass", "machineType", "nodeType", "size", "class"],
            })
            .describe("The machine, for example `db-custom-2-7680`: two processors, 7.5 GiB."),
        availability: z
            .enum(["regional", "zonal"])
            .optional()
            .meta({
                alsoCalled: ["ha", "highAvailability", "highlyAvailable", "multiAz", "availabilityType"],
                description: "`regional`: a standby in another zone takes over.",
                defaultsTo: "`regional` in production, else `zonal`",
            }),
        storage: byteQuantity
            .meta({ example: "10Gi", alsoCalled: ["diskSize", "disk", "volumeSize", "allocatedStorage"] })
            .describe("The disk's size. More makes it grow in place; it grows by itself too, and never shrinks."),
        storageType: z.enum(["ssd", "hdd", "hyperdisk-balanced"]).default("ssd").describe("Checked against `tier`."),
        storageLimit: byteQuantity.optional().meta({
            description: "What the disk grows to at most; full, the server stops.",
            defaultsTo: "ten times `storage`, or the tier's largest disk",
        }),
        readReplica: z
            .boolean()
            .default(false)
            .meta({ alsoCalled: ["replica", "replicas", "readReplicas", "readOnly"] })
            .describe(
                "A second instance of the same machine that may only be read: the app is told `DB_REPLICA_HOST`. Nothing takes over by it.",
            ),
        maxConnections: z.int().min(20).max(5000).optional().meta({
            description: "PostgreSQL's max_connections.",
            defaultsTo: "what Cloud SQL gives the tier's memory: 100 with 3.75 GiB, 400 with 7.5, 500 with 15",
        }),
        flags: z
            .record(z.string(), z.string())
            .default({})
            .describe('Flags of the server by their names, for example `work_mem: "16384"`.'),
        iamAuthentication: z
            .boolean()
            .default(false)
            .describe("Lets users of Google Cloud's IAM log in beside the app's."),
        backups: z
            .strictObject({
                retained: z.int().min(7).max(365).default(14).describe("So many daily ones."),
                startTime: text('a time as HH:MM, for example "02:00"', /^([01][0-9]|2[0-3]):[0-5][0-9]$/)
                    .default("02:00")
                    .describe("UTC."),
                logDays: z.int().min(1).max(35).default(7).meta({
                    unit: "days",
                    description: "How far the point in time may lie back; with `enterprise` at most 7.",
                }),
                location: z.string().min(1).optional().meta({
                    description: "A region or multi-region.",
                    defaultsTo: "the multi-region that the instance's region is in",
                }),
            })
            .prefault({}),
        maintenance: z
            .strictObject({
                day: z.int().min(1).max(7).default(7).describe("Of the week; 1 is Monday."),
                hour: z.int().min(0).max(23).default(3).describe("UTC."),
                track: z
                    .enum(["canary", "stable", "week5"])
                    .default("stable")
                    .describe("One, two or five weeks after the notice."),
                denied: z
                    .strictObject({
                        from: dayOfYear.describe("The first day."),
                        to: dayOfYear.describe("The last day."),
                    })
                    .superRefine(({ from, to }, context) => {
                        const length = daysBetween(from, to);
                        if (length !== undefined && length > 90) {
                            context.addIssue({
                                code: "custom",
                                path: ["to"],
                                message: `at most 90 days after from, ${from}; this is ${length}`,
                            });
                        }
                    })
                    .optional()
                    .meta({
                        alsoCalled: ["denyMaintenancePeriod", "exclusion", "freeze"],
                        description: "Days of each year without maintenance: a season of sales, for example.",
                        defaultsTo: "none",
                    }),
            })
            .prefault({})
            .describe("An hour a week at which the server may be restarted."),
        network: networkPath.optional().meta({
            description: "The network of its private address, with private services access.",
            defaultsTo: "the platform's, when that is Google Cloud's",
        }),
        encryptionKey: keyPath.optional().meta({ description: "Encrypts the data.", defaultsTo: "a key of Google's" }),
        native: native("gcp.sql.DatabaseInstance"),
    })
    .superRefine((server, context) => {
        const problem = (path: PropertyKey[], message: string): void =>
            context.addIssue({ code: "custom", path, message });
        const tier = cloudSqlTier(server.tier);
        if (tier !== undefined) {
            if (tier.edition !== server.edition) {
                problem(["edition"], `${tier.edition}, because it alone has the tier ${server.tier}; or another tier`);
            }
            if (!tier.disks.includes(server.storageType)) {
                problem(["storageType"], `${tier.disks.join(" or ")}, which the tier ${server.tier} has`);
            }
        }
        for (const path of ["storage", "storageLimit"] as const) {
            const size = server[path];
            if (tier !== undefined && size !== undefined && bytes(size) > tier.storage * 2 ** 30) {
                problem([path], `at most ${tier.storage}Gi, the most that the tier ${server.tier} has`);
            }
        }
        const least = server.storageType === "hyperdisk-balanced" ? "20Gi" : "10Gi";
        if (bytes(server.storage) < bytes(least)) {
            problem(["storage"], `at least ${least} with storageType ${server.storageType}`);
        }
        if (server.storageLimit !== undefined && bytes(server.storageLimit) < bytes(server.storage)) {
            problem(["storageLimit"], `at least storage, ${server.storage}`);
        }
        if (server.edition === "enterprise" && server.backups.logDays > 7) {
            problem(["backups", "logDays"], "at most 7 with the edition enterprise");
        }
        // Fewer than seven backups were refused already.
        if (server.backups.logDays > Math.max(7, server.backups.retained)) {
            problem(
                ["backups", "logDays"],
                `at most ${server.backups.retained}, the number in retained: logs are replayed from a backup`,
            );
        }
        for (const [flag, setting] of Object.entries(ownFlags)) {
            if (Object.hasOwn(server.flags, flag)) {
                problem(["flags", flag], `nothing: ${setting} beside flags stands for it`);
            }
        }
    });

const existingServer = z
    .strictObject({
        variant: z.literal("existing"),
        name: objectName.describe("The instance's name, in the project of `clouds.gcp`."),
        address: text("an IPv4 address, for example 10.20.0.3", isIPv4).describe(
            "Its private address, which the cluster's pods reach.",
        ),
        ca: certificates.describe(
            "Its server CA, as `gcloud sql instances describe NAME --format='value(serverCaCert.cert)'` prints it.",
        ),
        maxConnections: z.int().min(20).max(5000).describe("Its flag max_connections."),
    })
    .describe("An instance that is there; a database and a user are made on it.");

export const cloudSqlDatabase = z.strictObject({
    variant: z.literal("cloud-sql").meta({ alsoCalled: ["gcp", "google", "cloudSql"] }),
    server: z
        .discriminatedUnion("variant", [createdServer, existingServer])
        .describe("Made here, or one that is there."),
    backups: dumpedBackups,
    pooler,
});

export type CloudSqlSettings = z.output<typeof cloudSqlDatabase>;

/** Of a year that is no leap year: the number of days before it; undefined for what is no day of every year. */
function dayNumber(day: string): number | undefined {
    if (!/^[0-9]{2}-[0-9]{2}$/.test(day)) {
        return undefined;
    }
    const date = new Date(`2027-${day}T00:00:00Z`);
    return date.toJSON()?.slice(5, 10) === day ? (date.getTime() - Date.UTC(2027, 0, 1)) / 86_400_000 : undefined;
}

/** From the one to the other, over the end of the year where the other is before it; undefined where one is no day. */
function daysBetween(from: string, to: string): number | undefined {
    const [first, last] = [dayNumber(from), dayNumber(to)];
    return first === undefined || last === undefined ? undefined : (last - first + 365) % 365;
}
