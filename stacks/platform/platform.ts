// The platform that the settings name; only its own module, and so only its cloud's SDK, is loaded (N7).
import type { PlatformSettings } from "../../settings/platform.ts";
import type { PlatformContext } from "../context.ts";
import type { Platform } from "./contract.ts";

export async function createPlatform(settings: PlatformSettings, context: PlatformContext): Promise<Platform> {
    switch (settings.variant) {
        case "existing":
            return (await import("./existing.ts")).existingPlatform(settings);
        case "stack":
            return (await import("./stack.ts")).platformOfStack(settings);
        case "aws":
            return (await import("../clouds/aws/platform.ts")).createAwsPlatform(settings, context);
        case "digitalocean":
            return (await import("../clouds/digitalocean/platform.ts")).createDigitalOceanPlatform(settings, context);
        case "gcp":
            return (await import("../clouds/gcp/platform.ts")).createGcpPlatform(settings, context);
        default:
            return settings satisfies never;
    }
}
