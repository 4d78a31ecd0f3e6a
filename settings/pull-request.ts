// Whose environment an ephemeral one is.
import { z } from "zod";
import { text } from "./fields.ts";

const moment =
    /^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-][0-2][0-9]:[0-5][0-9])$/;

export const pullRequestSchema = z.strictObject({
    number: z
        .int({ error: "the pull request's number, for example 123" })
        .min(1, { error: "the pull request's number, for example 123" })
        .max(2_147_483_647, { error: "the pull request's number, for example 123" })
        .meta({
            description: "At GitHub or GitLab. A label on the namespace.",
            alsoCalled: ["id", "iid"],
            example: "123",
        }),
    url: text("its address, for example https://github.com/example/shop/pull/123", /^https?:\/\/[^\s"'<>]{1,400}$/)
        .optional()
        .meta({ description: "Where a person looks at it.", defaultsTo: "not told", alsoCalled: ["link", "href"] }),
    branch: text("the branch's name, of at most 250 characters", /^[^\s\p{Cc}]{1,250}$/u)
        .optional()
        .meta({ description: "Which branch it is of.", defaultsTo: "not told", alsoCalled: ["ref"] }),
    lastPush: text('a moment as RFC 3339 has it, for example "2026-12-01T10:20:30Z"', moment).meta({
        description: "What the time to live is counted from.",
        alsoCalled: ["pushedAt", "updatedAt"],
        example: "2026-12-01T10:20:30Z",
    }),
});

export type PullRequest = z.output<typeof pullRequestSchema>;
