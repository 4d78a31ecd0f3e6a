// What is left open in DigitalOcean's settings, decided: by the kind of environment, by the platform, or by the section `clouds`.
import { allowsStandby, databasePlan } from "../../../lib/digitalocean-plans.ts";
import type { CloudsSettings } from "../../clouds.ts";
import type { EnvironmentKind } from "../../environment.ts";
import { ofPlatform } from "../../stores/places.ts";
import type { SpacesAssetsSettings } from "./assets.ts";
import type { DigitalOceanCacheSettings } from "./cache.ts";
import type { DigitalOceanDatabaseSettings } from "./database.ts";
import type { DigitalOceanPlatformSettings } from "./platform.ts";

export function resolveDigitalOceanPlatform(platform: DigitalOceanPlatformSettings, kind: EnvironmentKind) {
    const { cluster } = platform;
    return {
        ...platform,
        cluster:
            cluster.variant === "existing"
                ? cluster
                : { ...cluster, highlyAvailable: cluster.highlyAvailable ?? kind === "production" },
    };
}

export type ResolvedDigitalOceanPlatform = ReturnType<typeof resolveDigitalOceanPlatform>;

/** A size without a standby was refused in production (settings/contradictions/stores/digitalocean.ts). */
export function resolveDigitalOceanDatabase(
    { server, backups: _, ...rest }: DigitalOceanDatabaseSettings,
    kind: EnvironmentKind,
    app: string,
) {
    return {
        ...rest,
        owner: app,
        server:
            server.variant === "existing"
                ? { ...server, range: server.range ?? ofPlatform }
                : {
                      ...server,
                      nodes: server.nodes ?? (kind === "production" ? (2 as const) : (1 as const)),
                      network: server.network ?? ofPlatform,
                  },
    };
}

export type ResolvedDigitalOceanDatabase = ReturnType<typeof resolveDigitalOceanDatabase>;

export function resolveDigitalOceanCache({ server, ...rest }: DigitalOceanCacheSettings, kind: EnvironmentKind) {
    if (server.variant === "existing") {
        return { ...rest, server: { ...server, range: server.range ?? ofPlatform } };
    }
    const plan = databasePlan(server.size);
    const standby = kind === "production" && plan !== undefined && allowsStandby(plan);
    return {
        ...rest,
        server: {
            ...server,
            nodes: server.nodes ?? (standby ? (2 as const) : (1 as const)),
            network: server.network ?? ofPlatform,
        },
    };
}

export type ResolvedDigitalOceanCache = ReturnType<typeof resolveDigitalOceanCache>;

export function resolveSpaces(assets: SpacesAssetsSettings, { digitalocean }: CloudsSettings) {
    // Without it the settings were refused.
    const region: string = assets.region ?? digitalocean!.region;
    return { ...assets, region };
}

export type ResolvedSpaces = ReturnType<typeof resolveSpaces>;
