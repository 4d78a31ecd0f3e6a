import { z } from "zod";
import { objectName, shortName, text } from "./fields.ts";

/**
 * What the environment is for. `local`: on one's own machine, thrown away at will. `staging`: like production, smaller.
 * `production`: holds data that nobody may lose, so its stateful resources are protected. `ephemeral`: lives as long as a pull
 * request: nothing is protected, all of it is limited by a quota, and it says how long it may live.
 */
export const environmentKinds = ["local", "staging", "production", "ephemeral"] as const;

export const environmentSchema = z.strictObject({
    kind: z.enum(environmentKinds),
    /** @default the stack's name */
    name: shortName.optional(),
    /** @default `<main app's name>-<environment name>` */
    namespace: objectName.optional(),
    /**
     * The app that has the names of shared stores to itself: the database is named after it, its cache keys and its files
     * have no prefix. Never changed, or it would look for its data elsewhere. @default the only app; required with several
     */
    mainApp: shortName.optional(),
    /** How long an ephemeral environment may live, counted from its namespace's creation (R70). @default "72h" */
    timeToLive: text('whole hours or days, for example "72h" or "7d"', (value) =>
        /^[1-9][0-9]{0,3}[hd]$/.test(value),
    ).optional(),
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
