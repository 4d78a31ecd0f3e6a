import type { ComponentResourceOptions } from "@pulumi/pulumi";
import type { Clouds } from "../../context.ts";

/** @returns the options with AWS's provider beside those that are there (R76) */
export async function withProvider(opts: ComponentResourceOptions, clouds: Clouds): Promise<ComponentResourceOptions> {
    const { providers = [] } = opts;
    const others = Array.isArray(providers) ? providers : Object.values(providers);
    return { ...opts, providers: [...others, await clouds.provider("aws")] };
}
