// PostgreSQL on Cloud SQL.
import { isIPv4 } from "node:net";
import { z } from "zod";
import { cloudSqlTier, cloudSqlTierForms, mostConnections } from "../../../lib/cloud-sql-tiers.ts";
import { bytes } from "../../../lib/quantities.ts";
import { byteQuantity, objectName, text } from "../../fields.ts";
import { certificates, keyPath, native, networkPath } from "./fields.ts";

/** Flags that other settings stand for. */
const ownFlags: Readonly<Record<string, string>> = {
    max_connections: "maxConnections",
    "cloudsql.iam_authentication": "iamAuthentication",
};

const createdServer = z
    .strictObject({
        variant: z.literal("create"),
        /** The major version. A higher one upgrades the instance in place: an outage of minutes, and no way back but a backup (R63). */
        version: z.enum(["15", "16", "17", "18"]),
        /** @default "enterprise" */
        edition: z.enum(["enterprise", "enterprise-plus"]).default("enterprise"),
        /** The machine, for example `db-custom-2-7680`: two processors, 7.5 GiB. */
        tier: text(cloudSqlTierForms, (value) => cloudSqlTier(value) !== undefined),
        /** `regional`: a standby in another zone takes over. @default "regional" in production, else "zonal" */
        availability: z.enum(["regional", "zonal"]).optional(),
        /** The disk's first size. It grows by itself and never shrinks; a later change has no effect. */
        storage: byteQuantity,
        /** @default "ssd" */
        storageType: z.enum(["ssd", "hdd", "hyperdisk-balanced"]).default("ssd"),
        /** What the disk grows to at most; full, the server stops. @default ten times `storage`, or the tier's largest disk */
        storageLimit: byteQuantity.optional(),
        /** @default what Cloud SQL gives the tier's memory: 100 with 3.75 GiB, 400 with 7.5, 500 with 15 */
        maxConnections: z.int().min(20).max(5000).optional(),
        /** Flags of the server by their names, for example `work_mem: "16384"`. @default {} */
        flags: z.record(z.string(), z.string()).default({}),
        /** Lets users of Google Cloud's IAM log in beside the app's. @default false */
        iamAuthentication: z.boolean().default(false),
        backups: z
            .strictObject({
                /** Daily ones. @default 14 */
                retained: z.int().min(7).max(365).default(14),
                /** UTC. @default "02:00" */
                startTime: text('a time as HH:MM, for example "02:00"', (value) =>
                    /^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(value),
                ).default("02:00"),
                /** How many days the point in time may lie back. @default 7 */
                logDays: z.int().min(1).max(35).default(7),
                /** A region or multi-region. @default the multi-region that the instance's region is in */
                location: z.string().min(1).optional(),
            })
            .prefault({}),
        /** An hour a week at which the server may be restarted, UTC. */
        maintenance: z
            .strictObject({
                /** 1 is Monday. @default 7 */
                day: z.int().min(1).max(7).default(7),
                /** @default 3 */
                hour: z.int().min(0).max(23).default(3),
                /** One, two or five weeks after the notice. @default "stable" */
                track: z.enum(["canary", "stable", "week5"]).default("stable"),
            })
            .prefault({}),
        /** The network of its private address, with private services access. @default the platform's, when that is Google Cloud's */
        network: networkPath.optional(),
        /** @default a key of Google's */
        encryptionKey: keyPath.optional(),
        /** Arguments of gcp.sql.DatabaseInstance, over all others. @default none */
        native: native.optional(),
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
            const most = mostConnections(tier);
            if (server.maxConnections !== undefined && server.maxConnections > most) {
                problem(
                    ["maxConnections"],
                    `at most ${most}: the tier ${server.tier} has ${tier.memory} MB, and a connection takes up to 10`,
                );
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

/** An instance that is there; a database and a user are made on it. */
const existingServer = z.strictObject({
    variant: z.literal("existing"),
    /** The instance's name, in the project of `clouds.gcp`. */
    name: objectName,
    /** Its private address, which the cluster's pods reach. */
    address: text("an IPv4 address, for example 10.20.0.3", isIPv4),
    /** Its server CA, as `gcloud sql instances describe NAME --format='value(serverCaCert.cert)'` prints it. */
    ca: certificates,
    /** Its flag max_connections. */
    maxConnections: z.int().min(20).max(5000),
});

export const cloudSqlDatabase = z.strictObject({
    variant: z.literal("cloud-sql"),
    server: z.discriminatedUnion("variant", [createdServer, existingServer]),
});

export type CloudSqlSettings = z.output<typeof cloudSqlDatabase>;
