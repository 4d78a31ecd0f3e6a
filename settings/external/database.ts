// A PostgreSQL server that is there, wherever it runs.
import { z } from "zod";
import { imageReference, port, text } from "../fields.ts";
import { pooler } from "../pooler.ts";
import { dumpedBackups } from "../backups.ts";
import { cidrs, externalVariant, needsRanges, serverAddress, tls, userName } from "./fields.ts";

const databaseName = text("a database's name without spaces and quotes", /^[^\s"'\\]{1,63}$/);

export const externalDatabase = z
    .strictObject({
        variant: externalVariant,
        host: serverAddress.describe("Where PostgreSQL, or a pooler before it, is."),
        port: port.default(5432).describe("Of `host`."),
        database: databaseName
            .meta({ example: "shop", alsoCalled: ["name", "dbname", "databaseName", "dbName"] })
            .describe("The main app's, which is there."),
        user: userName
            .meta({ example: "shop" })
            .describe("Who may make tables in it; the password is `secrets.databasePassword`."),
        tls,
        cidrs,
        maxConnections: z
            .int()
            .min(5)
            .max(100000)
            .meta({ example: "100", alsoCalled: ["connections", "connectionLimit"] })
            .describe("How many of the server's connections are this environment's, for the budget (R29)."),
        pooled: z
            .boolean()
            .default(false)
            .meta({ alsoCalled: ["behindPooler", "isPooler"] })
            .describe("Whether `host` is a pooler that lends connections per transaction, such as PgBouncer."),
        backups: dumpedBackups,
        pooler,
        administrator: z
            .strictObject({
                user: userName
                    .meta({ example: "postgres" })
                    .describe("The password is `secrets.databaseAdministratorPassword`."),
                image: imageReference.optional().meta({
                    description: "An image with psql, for the job that makes them.",
                    defaultsTo: "the official image of PostgreSQL 17",
                }),
            })
            .optional()
            .meta({
                description:
                    "Who may make roles and databases there: for apps that share the server, and for `lends.database`.",
                defaultsTo: "none: the server is the main app's alone",
                alsoCalled: ["admin", "superuser", "root"],
            }),
    })
    .superRefine(({ cidrs: given, host, pooled, pooler: own, administrator, tls: connection }, context) => {
        needsRanges({ cidrs: given, hosts: [host] }, context);
        if (administrator !== undefined && pooled) {
            context.addIssue({
                code: "custom",
                path: ["administrator"],
                message: "nothing beside pooled: a pooler knows the databases that it was told of, not new ones",
            });
        }
        if (own !== undefined && pooled) {
            context.addIssue({
                code: "custom",
                path: ["pooler"],
                message: "nothing beside pooled: the one that is there hands out the server's connections",
            });
        }
        const { mode = "verify-full", ca } = connection ?? {};
        const withoutCa = mode.startsWith("verify") && ca === undefined;
        if (own !== undefined && withoutCa) {
            context.addIssue({
                code: "custom",
                path: ["pooler"],
                message: "nothing without tls.ca: PgBouncer's image, which compares the certificate, trusts no CA",
            });
        }
        if (administrator !== undefined && withoutCa) {
            context.addIssue({
                code: "custom",
                path: ["administrator"],
                message: "nothing without tls.ca: the image with psql, which makes roles and databases, trusts no CA",
            });
        }
    })
    .describe("A PostgreSQL server that is there, wherever it runs.");

export type ExternalDatabaseSettings = z.output<typeof externalDatabase>;
