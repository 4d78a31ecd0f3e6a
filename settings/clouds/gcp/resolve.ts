// What is left open in Google Cloud's settings, decided: by the kind of environment, by the platform, or by the section `clouds`.
import type { CloudsSettings } from "../../clouds.ts";
import type { EnvironmentKind } from "../../environment.ts";
import type { PlatformSettings } from "../../platform.ts";
import { ofPlatform } from "../../stores/places.ts";
import type { CloudStorageSettings } from "./assets.ts";
import type { MemorystoreSettings } from "./cache.ts";
import type { CloudSqlSettings } from "./database.ts";

export function resolveCloudSql(
    { server, pooler: _, backups: __, ...rest }: CloudSqlSettings,
    kind: EnvironmentKind,
    app: string,
) {
    return {
        ...rest,
        owner: app,
        server:
            server.variant === "existing"
                ? server
                : {
                      ...server,
                      availability:
                          server.availability ?? (kind === "production" ? ("regional" as const) : ("zonal" as const)),
                      network: server.network ?? ofPlatform,
                  },
    };
}

export type ResolvedCloudSql = ReturnType<typeof resolveCloudSql>;

export function resolveMemorystore({ server, ...rest }: MemorystoreSettings, kind: EnvironmentKind) {
    return {
        ...rest,
        server:
            server.variant === "existing"
                ? server
                : {
                      ...server,
                      highAvailability: server.highAvailability ?? (kind === "production" || server.replicas > 0),
                      network: server.network ?? ofPlatform,
                  },
    };
}

export type ResolvedMemorystore = ReturnType<typeof resolveMemorystore>;

export function resolveCloudStorage(assets: CloudStorageSettings, platform: PlatformSettings, { gcp }: CloudsSettings) {
    // Without it the settings were refused.
    const { project, region } = gcp!;
    return {
        ...assets,
        location: assets.location ?? region,
        static:
            assets.static.variant === "existing"
                ? assets.static
                : { ...assets.static, zone: assets.static.zone ?? zoneOf(assets.static.host, platform) },
        access: resolveAccess(assets.access, platform, `${project}.svc.id.goog`),
    };
}

export type ResolvedCloudStorage = ReturnType<typeof resolveCloudStorage>;

/** The platform's zone is used when the host lies in it. @returns undefined when nobody named one: records are made by hand */
function zoneOf(host: string, platform: PlatformSettings): string | undefined {
    if (platform.variant !== "gcp" || platform.dns.variant === "none") {
        return undefined;
    }
    const { domain } = platform.dns;
    return host === domain || host.endsWith(`.${domain}`) ? ofPlatform : undefined;
}

function resolveAccess(access: CloudStorageSettings["access"], platform: PlatformSettings, defaultPool: string) {
    switch (access?.variant) {
        case undefined:
            return platform.variant === "gcp"
                ? { variant: "workload-identity" as const, pool: defaultPool }
                : { variant: "hmac-key" as const };
        case "workload-identity":
            return { variant: access.variant, pool: access.pool ?? defaultPool };
        case "hmac-key":
            return access;
        case "existing":
            return { ...access, pool: defaultPool };
        default:
            return access satisfies never;
    }
}
