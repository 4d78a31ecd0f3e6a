// What this stack's environment gives to others on the same cluster, above all ephemeral ones (platform.variant: stack).
import { z } from "zod";
import { hostName } from "./fields.ts";
import { seed } from "./seed.ts";

export const lendsSchema = z.strictObject({
    domain: hostName.optional().meta({
        description:
            "The Gateway takes names directly below this one: `preview.example.org` lends pr-123.preview.example.org. A wildcard record and certificate are made for it where the platform has a zone. Needs `exposure.variant: gateway`.",
        defaultsTo: "no name is lent",
    }),
    database: z
        .boolean()
        .default(false)
        .describe("The server of the section `database` takes databases of others, each with a role of its own."),
    borrowers: z
        .strictObject({
            environments: z.int().min(1).max(1000).describe("At a time."),
            connections: z
                .int()
                .min(1)
                .max(5000)
                .describe(
                    "Of each of them: its role on the server gets no more, and this stack's budget has that many.",
                ),
        })
        .optional()
        .meta({
            description: "How much of that server others may use: environments x connections are counted (R29).",
            defaultsTo: "not limited and not counted",
        }),
    seed,
});

export type LendsSettings = z.output<typeof lendsSchema>;
