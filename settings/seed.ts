// What new borrowers' databases begin with: a masked copy of a database, made anew now and then.
import { z } from "zod";
import { prefix } from "./backups.ts";
import { byteQuantity, command, text } from "./fields.ts";
import { schedule } from "./scheduled.ts";

const mask = z
    .strictObject({
        sql: z
            .array(z.string().min(1).max(100_000))
            .max(100)
            .default([])
            .meta({
                example: "update auth_user set email = 'user' || id || '@example.org'",
                alsoCalled: ["statements", "queries", "script"],
            })
            .describe("Statements, one after the other, in one transaction: all of them or none."),
        command: command
            .optional()
            .meta({
                example: "[python, manage.py, mask]",
                defaultsTo: "none",
                alsoCalled: ["manage", "run"],
            })
            .describe("Of the main app's image, after the statements: the database that it finds is the copy."),
    })
    .superRefine((value, context) => {
        if (value.sql.length === 0 && value.command === undefined) {
            context.addIssue({ code: "custom", message: "sql, command, or both" });
        }
    })
    .optional()
    .meta({
        description:
            "What takes out of the copy whatever the authors of pull requests may not see. The copy is on a server of the job's own while it runs; when it fails, nothing is served.",
        defaultsTo: "nothing is masked; refused of production's rows and of those of dumps",
        alsoCalled: ["masking", "anonymize", "anonymise", "sanitize", "scrub", "hook"],
    });

export const seed = z
    .strictObject({
        name: text(
            "lower-case letters, digits and underscores, at most 40, for example seeded",
            /^[a-z_][a-z0-9_]{0,39}$/,
        )
            .default("seeded")
            .meta({ alsoCalled: ["template", "database"] })
            .describe("What borrowers call it, as `database.template`: the newest complete one is copied."),
        from: prefix.optional().meta({
            description:
                "Whose rows: the `prefix` of another stack's `backups`, in the same bucket and with the same passphrase; its last dump is taken.",
            defaultsTo: "those of this stack's own database",
            alsoCalled: ["source", "dump", "prefix"],
        }),
        mask,
        schedule: schedule.optional().meta({
            description: "When a new one is made, in UTC.",
            defaultsTo: "only by `make seed`",
        }),
        keep: z
            .int()
            .min(1)
            .max(20)
            .default(2)
            .meta({ alsoCalled: ["history", "retention"] })
            .describe("So many complete ones stay on the server, the one in use among them."),
        storage: byteQuantity
            .default("20Gi")
            .meta({ alsoCalled: ["volume", "scratch", "disk"] })
            .describe("Room for the copy and a dump of it while one is made; a volume that goes with the job."),
    })
    .optional()
    .meta({
        description:
            "A database that new borrowers' begin as copies of, made of real rows and masked ([seeds](seeds.md)).",
        defaultsTo: "none; `database.template` may name a database that somebody made",
        alsoCalled: ["seeds", "template", "templates", "fixtures", "snapshot"],
    });

export type SeedSettings = NonNullable<z.output<typeof seed>>;
