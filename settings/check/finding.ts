// One thing that a schema found wrong, and where it stands among the schema's alternatives.
import type { z } from "zod";
import type { Alternative } from "./alternatives.ts";

export interface Section {
    readonly name: string;
    /** The way to a setting below, as the user wrote it. */
    readonly shown: (keys: readonly PropertyKey[]) => string;
    readonly schema: z.ZodType;
    readonly value: unknown;
    /** Whether its values are never shown. */
    readonly secret: boolean;
}

export interface Finding {
    readonly issue: z.core.$ZodIssue;
    /** The whole section as it was given. */
    readonly section: unknown;
    /** The path below the section, as the schema counts it. */
    readonly keys: readonly PropertyKey[];
    /** The same with the section's name, as a user writes it. */
    readonly path: string;
    /** The value that stands there. */
    readonly input: unknown;
    /** What could stand there. */
    readonly alternatives: readonly Alternative[];
}
