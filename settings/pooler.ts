// PgBouncer before a database server.
import { z } from "zod";
import { imageReference } from "./fields.ts";

export const pooler = z
    .strictObject({
        mode: z
            .enum(["transaction", "session"])
            .default("transaction")
            .describe(
                "For how long a client has a connection: `transaction`, or `session` for an app that keeps something in its own.",
            ),
        size: z
            .int()
            .min(1)
            .max(1000)
            .meta({ alsoCalled: ["poolSize", "connections", "defaultPoolSize", "default_pool_size"] })
            .default(20)
            .describe("Connections to the server for each app, of all pooler pods together."),
        replicas: z.int().min(1).max(10).default(2).describe("Pooler pods; in production 2 at least."),
        image: imageReference.optional().meta({
            description: "An image with `pgbouncer` 1.21 or later.",
            defaultsTo: "CloudNativePG's, PgBouncer 1.25",
        }),
    })
    .optional()
    .meta({
        description:
            "PgBouncer between the apps and the server. Jobs of a release and the shell go past it, to the server itself.",
        defaultsTo: "none",
        alsoCalled: ["pgbouncer", "pool", "connectionPooler"],
    });

export type PoolerSettings = NonNullable<z.output<typeof pooler>>;

/** @returns undefined for a store that has none, or cannot have one */
export function poolerOf(store: object): PoolerSettings | undefined {
    return "pooler" in store ? (store.pooler as PoolerSettings | undefined) : undefined;
}
