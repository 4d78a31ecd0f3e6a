// What the parts of a stack are composed with: which environment it is, and how each cloud is reached.
import type { ComponentResource, ComponentResourceOptions, Output, ProviderResource, Resource } from "@pulumi/pulumi";
import type { DataPolicy, Placement } from "../components/contract.ts";
import type { PublicAddress } from "../components/edge/url.ts";
import type { CloudName, CloudsSettings } from "../settings/clouds.ts";
import type { Platform } from "./platform/contract.ts";
import type { Sleepers } from "./sleepers.ts";

/** One explicit provider per cloud (R76), made when it is first asked for, so that a stack loads no cloud that it does not use. */
export interface Clouds {
    provider(cloud: CloudName): Promise<ProviderResource>;
    /** What a component has to know besides its provider: project, account, region. */
    settings<Cloud extends CloudName>(cloud: Cloud): NonNullable<CloudsSettings[Cloud]>;
}

/** For what is made before there is a cluster. */
export interface PlatformContext {
    /** The environment's name among all of an account: the namespace's. At most 40 characters. */
    readonly instance: string;
    readonly data: DataPolicy;
    readonly clouds: Clouds;
    /** Seconds that a request may take: for a controller that is told of it once for all. @default its own */
    readonly requestTimeout?: number;
    /** Who may connect to the way in: for a load balancer that is made once for all. @default everybody */
    readonly sourceRanges?: readonly string[];
    /** For DigitalOcean's DNS. @default nothing there needs it */
    readonly dnsToken?: Output<string>;
}

/** For what is put on the cluster, and the stores beside it. */
export interface EnvironmentContext {
    readonly placement: Placement;
    readonly platform: Platform;
    readonly clouds: Clouds;
    /** Where users reach a host name of an app; undefined without a way in from outside. @default there is none */
    readonly address?: (host: string) => PublicAddress | undefined;
    /** What of it has no pods while it sleeps. @default it never sleeps */
    readonly sleepers?: Sleepers;
    /** With the providers of Kubernetes and random; a cloud's own is to be added (with-cloud.ts). */
    readonly opts: ComponentResourceOptions;
}

/** A store, and the resource that has to be there before the app uses it. */
export type Made<Store> = Store & ComponentResource & Resource;
