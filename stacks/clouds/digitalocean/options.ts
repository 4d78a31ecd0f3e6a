// The options of a store: the environment's own, and DigitalOcean's provider beside them (R76).
import type { ComponentResourceOptions, ProviderResource } from "@pulumi/pulumi";
import type { StoreContext } from "../../context.ts";

export async function withProvider({ opts, clouds }: StoreContext): Promise<ComponentResourceOptions> {
    const providers = Object.values<ProviderResource>(opts.providers ?? []);
    return { ...opts, providers: [...providers, await clouds.provider("digitalocean")] };
}
