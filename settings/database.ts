// Where the app's rows are. One union; a variant of a cloud is in settings/clouds/<cloud>/database.ts.
import { z } from "zod";
import { rdsDatabase } from "./clouds/aws/database.ts";
import { digitalOceanDatabase } from "./clouds/digitalocean/database.ts";
import { cloudSqlDatabase } from "./clouds/gcp/database.ts";
import { byteQuantity, imageReference, sizeName, text } from "./fields.ts";

/** PostgreSQL in the environment's own namespace, on a volume of its own. */
const inClusterDatabase = z.strictObject({
    variant: z.literal("in-cluster"),
    /** The major version, pinned: a new one needs a dump or pg_upgrade, so it is never chosen by itself (R63). */
    version: z.enum(["15", "16", "17", "18"]),
    /** An image that keeps the contract of the official one. @default the official image of `version` */
    image: imageReference.optional(),
    /** @default "medium" */
    size: sizeName.default("medium"),
    storage: byteQuantity,
    /** @default 100 */
    maxConnections: z.int().min(20).max(5000).default(100),
});

/** A database and a role of its own on the server that the platform's stack lends (`lends.database` there). */
const lentDatabase = z.strictObject({
    variant: z.literal("platform"),
    /** A database on that server whose data a new one starts with; nobody may be connected to it. @default none, it is empty */
    template: text("a database's name: lower-case letters, digits and underscores", (value) =>
        /^[a-z_][a-z0-9_]{0,62}$/.test(value),
    ).optional(),
    /** An image with psql, for the job that makes them. @default the official image of PostgreSQL 17 */
    image: imageReference.optional(),
});

/** Every app brings its own (`apps[].stores.database`). */
const noDatabase = z.strictObject({ variant: z.literal("none") });

export const databaseSchema = z.discriminatedUnion("variant", [
    inClusterDatabase,
    lentDatabase,
    digitalOceanDatabase,
    rdsDatabase,
    cloudSqlDatabase,
    noDatabase,
]);

export type DatabaseSettings = z.output<typeof databaseSchema>;
export type LentDatabaseSettings = z.output<typeof lentDatabase>;
