import { z } from "zod";

const gateway = z
    .strictObject({
        variant: z.literal("gateway").meta({ alsoCalled: ["ingress", "public", "http", "https", "loadBalancer"] }),
        allowPlainHttp: z
            .boolean()
            .default(false)
            .describe("Production answers without TLS: only where something in front of the Gateway ends it."),
    })
    .describe("Reached through the platform's Gateway controller under the app's host names.");

const platform = z
    .strictObject({ variant: z.literal("platform") })
    .describe("Through the Gateway that the platform's stack lends, under names below its `lends.domain`.");

const none = z
    .strictObject({
        variant: z.literal("none").meta({ alsoCalled: ["off", "disabled", "private", "internal", "false"] }),
    })
    .describe("Reached only from inside the cluster.");

export const exposureSchema = z
    .discriminatedUnion("variant", [gateway, platform, none])
    .describe("How the apps are reached.");

export type ExposureSettings = z.output<typeof exposureSchema>;
