// The platform that the settings name; only its own module, and so only its cloud's SDK, is loaded (N7).
import type { PlatformSettings } from "../../settings/platform.ts";
import type { Platform } from "./contract.ts";

export async function createPlatform(settings: PlatformSettings): Promise<Platform> {
    switch (settings.variant) {
        case "existing":
            return (await import("./existing.ts")).existingPlatform(settings);
        default:
            return settings.variant satisfies never;
    }
}
