import { z } from "zod";
import { assetsSchema } from "./assets.ts";
import { brokerSchema } from "./broker.ts";
import { cacheSchema } from "./cache.ts";
import { databaseSchema } from "./database.ts";

/** What an app has to itself instead of sharing the environment's. */
export const ownStores = z.strictObject({
    database: databaseSchema
        .optional()
        .meta({ description: "A store of the app's own.", defaultsTo: "shares the section's", sameAs: "database" }),
    cache: cacheSchema
        .optional()
        .meta({ description: "A store of the app's own.", defaultsTo: "shares the section's", sameAs: "cache" }),
    broker: brokerSchema
        .optional()
        .meta({ description: "A store of the app's own.", defaultsTo: "shares the section's", sameAs: "broker" }),
    assets: assetsSchema
        .optional()
        .meta({ description: "A store of the app's own.", defaultsTo: "shares the section's", sameAs: "assets" }),
});
