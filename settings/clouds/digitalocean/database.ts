// DigitalOcean's managed PostgreSQL.
import { z } from "zod";
import { allowsStandby, databasePlan, postgresConnections } from "../../../lib/digitalocean-plans.ts";
import { bytes } from "../../../lib/quantities.ts";
import { byteQuantity, hostName, port, text } from "../../fields.ts";
import { databaseMaintenance, databaseSize, native, openToAll, range, storeNetwork, trustedSources } from "./fields.ts";

const tenGibibytes = 10 * 2 ** 30;

const objectText = text("a name of PostgreSQL's: letters, digits, underscores and hyphens", (value) =>
    /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(value),
);

const certificate = text("a certificate as PEM, beginning with -----BEGIN CERTIFICATE-----", (value) =>
    /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n?$/.test(value),
);

const createdServer = z
    .strictObject({
        variant: z.literal("create"),
        /** The major version, pinned (R63). A higher one upgrades the server in place, and there is no way back. */
        version: z.enum(["15", "16", "17", "18"]),
        size: databaseSize,
        /** A primary, and standbys that take over. @default 2 in production, 1 elsewhere */
        nodes: z.union([z.literal(1), z.literal(2), z.literal(3)], { error: "1, 2 or 3" }).optional(),
        /** Whole tens of GiB, within what the size allows; it can grow, and never shrink. @default what comes with the size */
        storage: byteQuantity
            .refine((value) => bytes(value) % tenGibibytes === 0, { error: "whole tens of GiB, for example 60Gi" })
            .optional(),
        /** When the server may be restarted for updates. @default Sunday at 03:00 UTC */
        maintenance: databaseMaintenance.prefault({}),
        /** PgBouncer between the app and the server: more connections than the server has. @default none */
        pool: z
            .strictObject({
                /** `transaction` lends a connection for one transaction: what needs a session does not work. @default "transaction" */
                mode: z.enum(["transaction", "session"]).default("transaction"),
                /** Connections that the pool takes from the server. */
                size: z.int().min(1),
            })
            .optional(),
        network: storeNetwork.optional(),
        trustedSources,
        /** Arguments of digitalocean.DatabaseCluster over ours, by their own names. @default none */
        native: native.optional(),
    })
    .superRefine(({ size, nodes = 1, pool, ...reach }, context) => {
        const open = openToAll(reach);
        if (open !== undefined) {
            context.addIssue({ code: "custom", path: ["network"], message: open });
        }
        const plan = databasePlan(size);
        if (plan === undefined) {
            return;
        }
        if (nodes > 1 && !allowsStandby(plan)) {
            context.addIssue({ code: "custom", path: ["nodes"], message: "1, for the smallest size has no standby" });
        }
        const most = postgresConnections(plan);
        if (pool !== undefined && pool.size > most) {
            context.addIssue({
                code: "custom",
                path: ["pool", "size"],
                message: `at most ${most}, which is what ${size} has`,
            });
        }
    });

/** A database that is there with its user, whose password is secrets.databasePassword. */
const existingServer = z.strictObject({
    variant: z.literal("existing"),
    /** Its private host name: `doctl databases connection ID --private --format Host`. */
    host: hostName,
    /** @default 25060 */
    port: port.default(25060),
    /** The addresses that `host` is one of. @default the range of the platform's network, when that is DigitalOcean's */
    range: range.optional(),
    database: objectText,
    user: objectText,
    /** `doctl databases get-ca ID` */
    ca: certificate,
    /** 25 for each GiB of memory, less 3. */
    maxConnections: z.int().min(20).max(5000),
    /** Whether host and port are a connection pool's, and `database` is its name. @default false */
    pooled: z.boolean().default(false),
});

export const digitalOceanDatabase = z.strictObject({
    variant: z.literal("digitalocean"),
    server: z.discriminatedUnion("variant", [createdServer, existingServer]),
});

export type DigitalOceanDatabaseSettings = z.output<typeof digitalOceanDatabase>;
