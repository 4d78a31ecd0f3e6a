import { z } from "zod";
import { assetsSchema } from "./assets.ts";
import { brokerSchema } from "./broker.ts";
import { cacheSchema } from "./cache.ts";
import { databaseSchema } from "./database.ts";

/** What an app has to itself instead of sharing the environment's. */
export const ownStores = z.strictObject({
    database: databaseSchema.optional(),
    cache: cacheSchema.optional(),
    broker: brokerSchema.optional(),
    assets: assetsSchema.optional(),
});
