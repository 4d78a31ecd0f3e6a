// DigitalOcean's managed PostgreSQL.
import { z } from "zod";
import { allowsStandby, databasePlan, postgresConnections } from "../../../lib/digitalocean-plans.ts";
import { bytes } from "../../../lib/quantities.ts";
import { dumpedBackups } from "../../backups.ts";
import { byteQuantity, hostName, port, text } from "../../fields.ts";
import { native } from "../../native/native.ts";
import { databaseMaintenance, databaseSize, openToAll, range, storeNetwork, trustedSources } from "./fields.ts";

const tenGibibytes = 10 * 2 ** 30;

const objectText = text(
    "a name of PostgreSQL's: letters, digits, underscores and hyphens",
    /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/,
);

const certificate = text(
    "a certificate as PEM, beginning with -----BEGIN CERTIFICATE-----",
    /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+\n-----END CERTIFICATE-----\n?$/,
);

const createdServer = z
    .strictObject({
        variant: z.literal("create"),
        version: z
            .enum(["15", "16", "17", "18"])
            .meta({ example: "17", alsoCalled: ["engineVersion", "postgresVersion", "majorVersion"] })
            .describe(
                "The major version, pinned (R63). A higher one upgrades the server in place, and there is no way back.",
            ),
        size: databaseSize,
        nodes: z
            .union([z.literal(1), z.literal(2), z.literal(3)], { error: "1, 2 or 3" })
            .optional()
            .meta({
                description: "A primary, and standbys that take over.",
                defaultsTo: "2 in production, 1 elsewhere",
            }),
        storage: byteQuantity
            .refine((value) => bytes(value) % tenGibibytes === 0, { error: "whole tens of GiB, for example 60Gi" })
            .optional()
            .meta({
                description: "Whole tens of GiB, within what the size allows; it can grow, and never shrink.",
                defaultsTo: "what comes with the size",
            }),
        storageAutoscale: z
            .boolean()
            .default(true)
            .meta({
                alsoCalled: ["autoscale", "autogrow", "storageAutoresize"],
                description:
                    "The disk grows by itself when it is four fifths full; without, a full one takes no writes.",
            }),
        storageIncrement: byteQuantity
            .refine((value) => bytes(value) % (10 * 2 ** 30) === 0 && bytes(value) <= 500 * 2 ** 30, {
                error: "whole tens of GiB up to 500Gi, for example 20Gi",
            })
            .default("10Gi")
            .describe("So much each time. Every gibibyte is paid for from then on."),
        readReplica: z
            .boolean()
            .default(false)
            .meta({ alsoCalled: ["replica", "replicas", "readReplicas", "readOnly"] })
            .describe(
                "A second server of the same machine that may only be read: the app is told `DB_REPLICA_HOST`. Nothing takes over by it.",
            ),
        maintenance: databaseMaintenance.prefault({}),
        pool: z
            .strictObject({
                mode: z
                    .enum(["transaction", "session"])
                    .default("transaction")
                    .describe(
                        "`transaction` lends a connection for one transaction: what needs a session does not work.",
                    ),
                size: z.int().min(1).describe("Connections that the pool takes from the server."),
            })
            .optional()
            .meta({
                description: "PgBouncer between the app and the server: more connections than the server has.",
                defaultsTo: "none",
            }),
        network: storeNetwork.optional().meta({ defaultsTo: "the platform's network and cluster" }),
        trustedSources,
        native: native("digitalocean.DatabaseCluster"),
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

const existingServer = z
    .strictObject({
        variant: z.literal("existing"),
        host: hostName.describe("Its private host name: `doctl databases connection ID --private --format Host`."),
        port: port.default(25060).describe("Of `host`."),
        range: range.optional().meta({
            description: "The addresses that `host` is one of.",
            defaultsTo: "the range of the platform's network, when that is DigitalOcean's",
        }),
        database: objectText.describe("The database on it, or the pool's name."),
        user: objectText.describe("Who owns the database."),
        ca: certificate.describe("`doctl databases get-ca ID`"),
        maxConnections: z.int().min(20).max(5000).describe("The server's: 25 for each GiB of memory, less 3."),
        pooled: z
            .boolean()
            .default(false)
            .describe("Whether host and port are a connection pool's, and `database` is its name."),
    })
    .describe("A database that is there with its user, whose password is secrets.databasePassword.");

export const digitalOceanDatabase = z.strictObject({
    variant: z.literal("digitalocean").meta({ alsoCalled: ["do"] }),
    server: z
        .discriminatedUnion("variant", [createdServer, existingServer])
        .describe("Made here, or one that is there."),
    backups: dumpedBackups,
});

export type DigitalOceanDatabaseSettings = z.output<typeof digitalOceanDatabase>;
