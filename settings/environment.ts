import { z } from "zod";
import { objectName, shortName } from "./fields.ts";

/**
 * What the environment is for. `local`: on one's own machine, thrown away at will. `staging`: like production, smaller.
 * `production`: holds data that nobody may lose, so its stateful resources are protected.
 */
export const environmentKinds = ["local", "staging", "production"] as const;

export const environmentSchema = z.strictObject({
    kind: z.enum(environmentKinds),
    /** @default the stack's name */
    name: shortName.optional(),
    /** @default `<app name>-<environment name>` */
    namespace: objectName.optional(),
});

export type EnvironmentKind = (typeof environmentKinds)[number];
