// DigitalOcean's managed Valkey.
import { z } from "zod";
import { allowsStandby, databasePlan } from "../../../lib/digitalocean-plans.ts";
import { hostName, port } from "../../fields.ts";
import { native } from "../../native/native.ts";
import { databaseMaintenance, databaseSize, openToAll, range, storeNetwork, trustedSources } from "./fields.ts";

const createdServer = z
    .strictObject({
        variant: z.literal("create"),
        version: z.enum(["8"]).default("8").describe("Of Valkey."),
        size: databaseSize,
        nodes: z
            .union([z.literal(1), z.literal(2)], { error: "1 or 2" })
            .optional()
            .meta({
                description: "One, or one and a standby that takes over; it serves nobody before.",
                defaultsTo: "2 in production where the size allows it, else 1",
            }),
        maintenance: databaseMaintenance.prefault({}),
        network: storeNetwork.optional().meta({ defaultsTo: "the platform's network and cluster" }),
        trustedSources,
        native: native("digitalocean.DatabaseCluster"),
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

const existingServer = z
    .strictObject({
        variant: z.literal("existing"),
        host: hostName.describe("Its private host name: `doctl databases connection ID --private --format Host`."),
        port: port.default(25061).describe("Of `host`."),
        range: range.optional().meta({
            description: "The addresses that `host` is one of.",
            defaultsTo: "the range of the platform's network, when that is DigitalOcean's",
        }),
    })
    .describe("A server that is there, whose password is secrets.cachePassword.");

export const digitalOceanCache = z.strictObject({
    variant: z.literal("digitalocean").meta({ alsoCalled: ["do"] }),
    server: z
        .discriminatedUnion("variant", [createdServer, existingServer])
        .describe("Made here, or one that is there."),
});

export type DigitalOceanCacheSettings = z.output<typeof digitalOceanCache>;
