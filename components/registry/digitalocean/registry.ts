// The account's container registry: DigitalOcean has one per account.
import * as pulumi from "@pulumi/pulumi";
import { ContainerRegistry } from "@pulumi/digitalocean/containerRegistry.js";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";
import type { Registry } from "../contract.ts";

/** What the account pays for the registry. */
export type RegistryTier = "starter" | "basic" | "professional";

export type DigitalOceanRegistrySource =
    | { readonly variant: "create"; readonly name: string; readonly tier: RegistryTier; readonly region?: string }
    | { readonly variant: "existing"; readonly name: string };

export interface DigitalOceanRegistryArgs {
    readonly data: DataPolicy;
    readonly source: DigitalOceanRegistrySource;
    /** Arguments of digitalocean.ContainerRegistry over ours. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

export class DigitalOceanRegistry extends pulumi.ComponentResource implements Registry {
    readonly prefix: pulumi.Output<string>;

    constructor(
        name: string,
        { data, source, native }: DigitalOceanRegistryArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("django-on-kubernetes:registry:DigitalOcean", name, {}, opts);
        const registry = source.variant === "existing" ? source : this.create(name, data, source, native);
        this.prefix = pulumi.interpolate`registry.digitalocean.com/${registry.name}`;
        this.registerOutputs({ prefix: this.prefix });
    }

    private create(
        name: string,
        data: DataPolicy,
        source: DigitalOceanRegistrySource & { readonly variant: "create" },
        native: Readonly<Record<string, unknown>> | undefined,
    ): ContainerRegistry {
        const ours = { name: source.name, subscriptionTierSlug: source.tier, region: source.region };
        return new ContainerRegistry(`${name}-registry`, withNative(ours, native), {
            parent: this,
            // The other stacks of the account pull from it too: not even a staging environment may take it along.
            protect: data !== "disposable",
        });
    }
}
