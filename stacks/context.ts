// What the parts of a stack are composed with: which environment it is, and how each cloud is reached.
import type { ComponentResource, ComponentResourceOptions, Output, ProviderResource, Resource } from "@pulumi/pulumi";
import type { DataPolicy, Placement } from "../components/contract.ts";
import type { PodIdentity } from "../components/identity/contract.ts";
import type { CloudName, CloudsSettings } from "../settings/clouds.ts";
import type { EnvironmentKind } from "../settings/environment.ts";
import type { Secrets } from "../settings/load.ts";
import type { Platform } from "./platform/contract.ts";

/** One explicit provider per cloud (R76), made when it is first asked for, so that a stack loads no cloud that it does not use. */
export interface Clouds {
    /** @throws SettingsError when the section `clouds` does not have that cloud */
    provider(cloud: CloudName): Promise<ProviderResource>;
    /** The section's part, for what a component has to know besides its provider: project, account, region. */
    settings<Cloud extends CloudName>(cloud: Cloud): NonNullable<CloudsSettings[Cloud]>;
}

export interface PlatformContext {
    /** The environment's name among all of an account: the namespace's. At most 40 characters. */
    readonly instance: string;
    readonly kind: EnvironmentKind;
    readonly data: DataPolicy;
    readonly clouds: Clouds;
    readonly secrets: Pick<Secrets, "digitaloceanDnsToken">;
}

export interface StoreContext {
    /** For messages that name its file. */
    readonly stack: string;
    /** The component's name: `database`, or `shop-database` for a store of one app. */
    readonly name: string;
    readonly kind: EnvironmentKind;
    readonly placement: Placement;
    readonly platform: Platform;
    readonly clouds: Clouds;
    /** The names of the database and of its user, where the store has such. */
    readonly owner: string;
    /** @default generated */
    readonly password?: Output<string>;
    /** Whether other environments on the cluster may use it too. */
    readonly lends: boolean;
    /** The pods that use it. */
    readonly users: readonly PodIdentity[];
    /** Where the app's pages are, for CORS: `https://shop.example.org`. Empty without a way in. */
    readonly origins: readonly string[];
    /** With the providers of Kubernetes and random; a cloud's own is to be added. */
    readonly opts: ComponentResourceOptions;
}

/** A store, and the resource that has to be there before the app uses it. */
export type Made<Store> = Store & ComponentResource & Resource;
