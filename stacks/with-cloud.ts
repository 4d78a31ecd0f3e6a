import { mergeOptions, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { CloudName } from "../settings/clouds.ts";
import type { EnvironmentContext } from "./context.ts";

/** @returns the environment's options with a cloud's provider beside those that are there (R76) */
export async function withCloud(
    cloud: CloudName,
    { opts, clouds }: Pick<EnvironmentContext, "opts" | "clouds">,
): Promise<ComponentResourceOptions> {
    return mergeOptions(opts, { providers: [await clouds.provider(cloud)] });
}
