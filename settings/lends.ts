// What this stack's environment gives to others on the same cluster, above all ephemeral ones (platform.variant: stack).
import { z } from "zod";
import { hostName } from "./fields.ts";

export const lendsSchema = z.strictObject({
    /**
     * Its Gateway takes names directly below this one: `preview.example.org` lends pr-123.preview.example.org. A wildcard
     * record and certificate are made for it where the platform has a zone. @default no name is lent
     */
    domain: hostName.optional(),
    /** Its database server takes databases of others, each with a role of its own. @default false */
    database: z.boolean().default(false),
});

export type LendsSettings = z.output<typeof lendsSchema>;
