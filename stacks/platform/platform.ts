// The platform that the settings name; only its own module, and so only its cloud's SDK, is loaded (N7).
import type { StackSettings } from "../../settings/load.ts";
import type { Clouds, PlatformContext } from "../context.ts";
import type { Platform } from "./contract.ts";

export async function createPlatform(settings: StackSettings, clouds: Clouds): Promise<Platform> {
    const { platform, environment, dnsToken, edge, exposure } = settings;
    const context: PlatformContext = {
        instance: environment.namespace,
        data: environment.data,
        clouds,
        dnsToken,
        ...(edge?.request?.chosen && { requestTimeout: edge.request.seconds }),
        ...(exposure.variant === "gateway" && exposure.sourceRanges && { sourceRanges: exposure.sourceRanges }),
    };
    switch (platform.variant) {
        case "existing":
            return (await import("./existing.ts")).existingPlatform(platform);
        case "stack":
            return (await import("./stack.ts")).platformOfStack(platform, settings);
        case "aws":
            return (await import("../clouds/aws/platform.ts")).createAwsPlatform(platform, context);
        case "digitalocean":
            return (await import("../clouds/digitalocean/platform.ts")).createDigitalOceanPlatform(platform, context);
        case "gcp":
            return (await import("../clouds/gcp/platform.ts")).createGcpPlatform(platform, context);
        default:
            return platform satisfies never;
    }
}
