// DigitalOcean's managed Valkey.
import { z } from "zod";
import { allowsStandby, databasePlan } from "../../../lib/digitalocean-plans.ts";
import { hostName, port } from "../../fields.ts";
import { databaseMaintenance, databaseSize, native, openToAll, range, storeNetwork, trustedSources } from "./fields.ts";

const createdServer = z
    .strictObject({
        variant: z.literal("create"),
        /** @default "8" */
        version: z.enum(["8"]).default("8"),
        size: databaseSize,
        /** One, or one and a standby that takes over; it serves nobody before. @default 2 in production where the size allows it, else 1 */
        nodes: z.union([z.literal(1), z.literal(2)], { error: "1 or 2" }).optional(),
        /** When the server may be restarted for updates. @default Sunday at 03:00 UTC */
        maintenance: databaseMaintenance.prefault({}),
        network: storeNetwork.optional(),
        trustedSources,
        /** Arguments of digitalocean.DatabaseCluster over ours, by their own names. @default none */
        native: native.optional(),
    })
    .superRefine(({ size, nodes = 1, ...reach }, context) => {
        const open = openToAll(reach);
        if (open !== undefined) {
            context.addIssue({ code: "custom", path: ["network"], message: open });
        }
        const plan = databasePlan(size);
        if (plan !== undefined && nodes > 1 && !allowsStandby(plan)) {
            context.addIssue({ code: "custom", path: ["nodes"], message: "1, for the smallest size has no standby" });
        }
    });

/** A server that is there, whose password is secrets.cachePassword. */
const existingServer = z.strictObject({
    variant: z.literal("existing"),
    /** Its private host name: `doctl databases connection ID --private --format Host`. */
    host: hostName,
    /** @default 25061 */
    port: port.default(25061),
    /** The addresses that `host` is one of. @default the range of the platform's network, when that is DigitalOcean's */
    range: range.optional(),
});

export const digitalOceanCache = z.strictObject({
    variant: z.literal("digitalocean"),
    server: z.discriminatedUnion("variant", [createdServer, existingServer]),
});

export type DigitalOceanCacheSettings = z.output<typeof digitalOceanCache>;
