// A server that a cloud makes of a backup, beside the one that is there.
import { z } from "zod";
import { moment } from "./backups.ts";
import { writtenMoment } from "./check/spellings/moments.ts";
import { text } from "./fields.ts";

const original = z
    .enum(["kept", "unlocked", "removed"])
    .default("kept")
    .meta({ alsoCalled: ["old"] })
    .describe(
        "What becomes of the server before. `kept`: it runs on beside, is paid for, and taking `restore` out leads back to it. `unlocked`: so it does, without protection against deletion. `removed`: it is deleted.",
    );

const at = moment.meta({
    example: "2026-12-01T10:20:30Z",
    alsoCalled: ["time", "pointInTime", "targetTime", "restoreTime"],
});

const before = "what the restore before had in `at` or `backup`";
const previous = z
    .string({ error: before })
    .overwrite(writtenMoment)
    .regex(/^[A-Za-z0-9][A-Za-z0-9:.+_-]{0,254}$/, { error: before })
    .meta({ allowed: before });

interface Words {
    /** What it is called at that cloud, after "The". */
    readonly server: string;
    readonly example: string;
}

function fields({ server, example }: Words) {
    return {
        from: text("a name as the cloud has it, or an ARN", /^[A-Za-z][A-Za-z0-9:_-]{0,254}$/)
            .optional()
            .meta({
                example,
                alsoCalled: ["source", "sourceInstance", "instance"],
                description: `The ${server} whose data it is: of another stack, or one that is deleted and whose backups stay.`,
                defaultsTo: "the server before",
            }),
        original,
        previous: previous.optional().meta({
            example: "2026-11-20T08:00:00Z",
            description:
                "For a second restore: what `at` or `backup` was until now. The server of that restore is the one before.",
            defaultsTo: "none: it is the first restore",
        }),
    };
}

const about = {
    description:
        "Data of an earlier moment: a second server is made of it beside the one that is there, and used instead.",
    defaultsTo: "none",
    alsoCalled: ["recovery", "recover", "restoreTo", "pitr", "clone"],
};

const moments = "The moment whose data it is, within the backups, or `latest`. Each is restored once.";

/** Of a cloud whose backups have names. */
export function serverRestore({ backup, ...words }: Words & { readonly backup: z.ZodString | z.ZodType<string> }) {
    return z
        .strictObject({
            at: at.optional().meta({ description: moments, defaultsTo: "none: `backup` is given" }),
            backup: backup.optional(),
            ...fields(words),
        })
        .superRefine((given, context) => {
            if ((given.at === undefined) === (given.backup === undefined)) {
                const found = given.at === undefined ? "neither" : "both";
                context.addIssue({
                    code: "custom",
                    path: ["at"],
                    message: `a moment or latest, or backup instead: one of the two, not ${found}`,
                });
            }
        })
        .optional()
        .meta(about);
}

/** Of a cloud whose backups are known by their moment. */
export function momentRestore(words: Words) {
    return z
        .strictObject({ at: at.describe(moments), ...fields(words) })
        .optional()
        .meta(about);
}
