import { z } from "zod";
import { objectName, shortName, text } from "./fields.ts";
import { pullRequestSchema } from "./pull-request.ts";

/**
 * What the environment is for. `local`: on one's own machine, thrown away at will. `staging`: like production, smaller.
 * `production`: holds data that nobody may lose, so its stateful resources are protected. `ephemeral`: lives as long as a pull
 * request: nothing is protected, all of it is limited by a quota, and it says how long it may live.
 */
export const environmentKinds = ["local", "staging", "production", "ephemeral"] as const;

export const environmentSchema = z.strictObject({
    kind: z
        .enum(environmentKinds)
        .meta({
            alsoCalled: ["type", "stage", "tier", "environment", "env"],
            alsoSaid: {
                prod: "production",
                live: "production",
                stage: "staging",
                stg: "staging",
                test: "staging",
                qa: "staging",
                dev: "local",
                development: "local",
                pr: "ephemeral",
                preview: "ephemeral",
                review: "ephemeral",
            },
            example: "staging",
        })
        .describe("What the environment is for."),
    name: shortName
        .optional()
        .meta({ description: "Part of the names of what is made.", defaultsTo: "the stack's name" }),
    namespace: objectName.optional().meta({
        description:
            "The environment's own; goes with it, and names in the clouds begin with it. At most 40 characters; not `default`, not `kube-*`.",
        defaultsTo: "`<mainApp>-<name>`",
        alsoCalled: ["ns"],
    }),
    mainApp: shortName.optional().meta({
        description:
            "The app that has the names of shared stores to itself: the database is named after it, its cache keys and its files have no prefix ([apps](apps.md)). Never changed, or it would look for its data elsewhere.",
        defaultsTo: "the only app; required with several",
    }),
    timeToLive: text('whole hours or days, for example "72h" or "7d"', /^[1-9][0-9]{0,3}[hd]$/)
        .optional()
        .meta({
            description:
                "With `ephemeral` only: how long it may live, counted from the last push to its pull request, or else from its namespace's creation (R70). A label on the namespace, [read by the sweeper](ephemeral.md#when-nobody-closes-it).",
            defaultsTo: "`72h`",
            alsoCalled: ["ttl", "lifetime", "expires"],
        }),
    keep: z
        .boolean({ error: "true or false" })
        .optional()
        .meta({
            description:
                "With `ephemeral` only: the time to live does not hold, and it stays until its pull request is closed. A label on the namespace.",
            defaultsTo: "`false`",
            alsoCalled: ["keepAlive", "pinned", "permanent"],
        }),
    sleep: z
        .strictObject({
            after: text('whole minutes or hours, for example "30m" or "2h"', /^[1-9][0-9]{0,3}[mh]$/).meta({
                description: "Without a request, or a job at work.",
                alsoCalled: ["idle", "idleTime", "idleAfter", "timeout"],
                example: "2h",
            }),
        })
        .optional()
        .meta({
            description:
                "With `ephemeral` only: when nobody came for so long, it [sleeps](ephemeral.md#sleeping), and the next request wakes it. Of apps with the contract `django`.",
            defaultsTo: "it never sleeps",
            alsoCalled: ["sleeping", "hibernate", "scaleToZero", "idle"],
        }),
    pullRequest: pullRequestSchema.optional().meta({
        description:
            "With `ephemeral` only: whose environment it is, told on the namespace and in the outputs. [`make review`](ephemeral.md#for-each-pull-request) writes it.",
        defaultsTo: "of no pull request",
        alsoCalled: ["mergeRequest", "pr", "mr"],
    }),
});

export type EnvironmentKind = (typeof environmentKinds)[number];

/** What becomes of what an environment holds: nothing keeps it, it outlives a mistake, or nobody deletes it by one. */
export type DataPolicy = "disposable" | "kept" | "protected";

export const dataPolicies: Readonly<Record<EnvironmentKind, DataPolicy>> = {
    local: "disposable",
    staging: "kept",
    production: "protected",
    ephemeral: "disposable",
};
