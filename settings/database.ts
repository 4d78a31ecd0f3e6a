// Where the app's rows are. One union; a variant of a cloud is in settings/clouds/<cloud>/database.ts.
import { z } from "zod";
import { clusterBackups, clusterRestore } from "./backups.ts";
import { rdsDatabase } from "./clouds/aws/database.ts";
import { digitalOceanDatabase } from "./clouds/digitalocean/database.ts";
import { cloudSqlDatabase } from "./clouds/gcp/database.ts";
import { externalDatabase } from "./external/database.ts";
import { pooler } from "./pooler.ts";
import { byteQuantity, imageReference, sizeName, text } from "./fields.ts";
import { changedCollations, postgresVersion, upgradeFrom } from "./upgrade.ts";

const inClusterDatabase = z
    .strictObject({
        variant: z
            .literal("in-cluster")
            .meta({ alsoCalled: ["cluster", "kubernetes", "postgres", "postgresql", "local"] }),
        version: postgresVersion
            .meta({ example: "17", alsoCalled: ["engineVersion", "postgresVersion", "majorVersion"] })
            .describe(
                "The major version, in quotes. Pinned: another one does not read the data that is there, so over existing data it takes `upgradeFrom` (R63).",
            ),
        image: imageReference.optional().meta({
            description: "An image that keeps the contract of the official one.",
            defaultsTo: "the official image of `version`",
        }),
        size: sizeName.default("medium").describe("Of the server."),
        storage: byteQuantity
            .meta({ example: "10Gi", alsoCalled: ["diskSize", "disk", "volumeSize", "allocatedStorage"] })
            .describe("Grows in place where the storage class allows it, and never shrinks."),
        maxConnections: z
            .int()
            .min(20)
            .max(5000)
            .meta({ alsoCalled: ["connections", "connectionLimit"] })
            .default(100)
            .describe("PostgreSQL's max_connections."),
        backups: clusterBackups,
        restore: clusterRestore,
        upgradeFrom,
        changedCollations,
        pooler,
    })
    .describe("PostgreSQL in the environment's own namespace, on a volume of its own.");

const lentDatabase = z
    .strictObject({
        variant: z.literal("platform"),
        template: text("a database's name: lower-case letters, digits and underscores", /^[a-z_][a-z0-9_]{0,62}$/)
            .optional()
            .meta({
                description:
                    "A database on that server whose data a new one starts with; nobody may be connected to it.",
                defaultsTo: "none, it is empty",
            }),
        image: imageReference.optional().meta({
            description: "An image with psql, for the job that makes them.",
            defaultsTo: "the official image of PostgreSQL 17",
        }),
    })
    .describe(
        "A database and a role of its own on the server that the platform's stack lends (`lends.database` there).",
    );

const noDatabase = z
    .strictObject({ variant: z.literal("none").meta({ alsoCalled: ["off", "disabled", "false"] }) })
    .describe("Every app brings its own (`apps[].stores.database`).");

export const databaseSchema = z
    .discriminatedUnion("variant", [
        inClusterDatabase,
        lentDatabase,
        digitalOceanDatabase,
        rdsDatabase,
        cloudSqlDatabase,
        externalDatabase,
        noDatabase,
    ])
    .describe("Where the app's rows are.");

export type DatabaseSettings = z.output<typeof databaseSchema>;
export type LentDatabaseSettings = z.output<typeof lentDatabase>;
