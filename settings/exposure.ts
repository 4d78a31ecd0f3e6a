import { z } from "zod";

/** Reached through the platform's Gateway controller under the app's host names. */
const gateway = z.strictObject({
    variant: z.literal("gateway"),
    /** Lets production answer without TLS: only where something in front of the Gateway ends it. @default false */
    allowPlainHttp: z.boolean().default(false),
});

/** Through the Gateway that the platform's stack lends, under names below its `lends.domain`. */
const platform = z.strictObject({ variant: z.literal("platform") });

/** Reached only from inside the cluster. */
const none = z.strictObject({ variant: z.literal("none") });

export const exposureSchema = z.discriminatedUnion("variant", [gateway, platform, none]);

export type ExposureSettings = z.output<typeof exposureSchema>;
