// Where a store of a cloud is put, or where one that is there is: in the platform's network, or as its own settings say.
import { setCommand } from "../problems.ts";
import type { CloudName } from "../clouds.ts";
import type { PlatformSettings } from "../platform.ts";
import type { StoreKind, StoresSettings } from "./entries.ts";

/** In the settings once they are resolved: the platform's own network, which only the program's outputs know. */
export const ofPlatform = "platform" as const;
export type OfPlatform = typeof ofPlatform;

export interface PlaceNeed {
    /** Whose network it must be. */
    readonly cloud: CloudName;
    /** The setting below `server` that says where. @default the platform's network */
    readonly setting: "network" | "cidrs" | "range";
    /** Whether the store's own settings say it. */
    readonly said: boolean;
    readonly allowed: string;
    /** @param path the way to the setting */
    readonly fix: (path: string) => string;
}

/** @returns undefined for a store that is put into no cloud's network */
export function placeNeed(store: StoresSettings[StoreKind]): PlaceNeed | undefined {
    switch (store.variant) {
        case "cloud-sql":
        case "memorystore":
            return store.server.variant === "existing"
                ? undefined
                : {
                      cloud: "gcp",
                      setting: "network",
                      said: store.server.network !== undefined,
                      allowed:
                          "a network with private services access that the cluster reaches: the platform has none of Google Cloud",
                      fix: (path) => setCommand(path, "projects/PROJECT/global/networks/NETWORK"),
                  };
        case "rds":
        case "elasticache":
            return store.server.variant === "existing"
                ? {
                      cloud: "aws",
                      setting: "cidrs",
                      said: store.server.cidrs !== undefined,
                      allowed: "the address ranges of the server's subnets: the platform has no network of AWS",
                      fix: (path) => setCommand(`${path}[0]`, "10.20.0.0/24"),
                  }
                : {
                      cloud: "aws",
                      setting: "network",
                      said: store.server.network !== undefined,
                      allowed: "vpcId, subnetIds, cidrs and who may come in: the platform has no network of AWS",
                      fix: (path) => `${setCommand(`${path}.vpcId`, "VPC")}, and so on: see docs/settings.md`,
                  };
        case "digitalocean":
            return store.server.variant === "existing"
                ? {
                      cloud: "digitalocean",
                      setting: "range",
                      said: store.server.range !== undefined,
                      allowed: "the range of addresses that the server's is one of: pods may go there and nowhere else",
                      fix: (path) => setCommand(path, "10.110.0.0/20"),
                  }
                : {
                      cloud: "digitalocean",
                      setting: "network",
                      said: store.server.network !== undefined,
                      allowed:
                          "the VPC that the server is put in, its range, and the clusters or addresses that may connect: " +
                          "the platform is not DigitalOcean's",
                      fix: (path) => `write at least vpc, range and clusters below ${path}, or choose another variant`,
                  };
        default:
            return undefined;
    }
}

/** The cloud in whose network the platform has room for stores; undefined when it has none, or only another stack knows it. */
export function networkOf(platform: PlatformSettings): CloudName | undefined {
    switch (platform.variant) {
        case "existing":
        case "stack":
            return undefined;
        case "gcp":
            return platform.network.variant === "none" ? undefined : "gcp";
        case "aws":
            return platform.network.variant === "existing" && platform.network.storeSubnets.length === 0
                ? undefined
                : "aws";
        case "digitalocean":
            return "digitalocean";
        default:
            return platform satisfies never;
    }
}
