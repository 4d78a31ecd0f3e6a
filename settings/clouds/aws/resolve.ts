// What is left open in AWS's settings, decided: by the kind of environment, by the platform, or by another setting.
import { bytes, type ByteQuantity } from "../../../lib/quantities.ts";
import { rdsWindows } from "../../../lib/rds-windows.ts";
import type { EnvironmentKind } from "../../environment.ts";
import type { PlatformSettings } from "../../platform.ts";
import { ofPlatform } from "../../stores/places.ts";
import type { S3AssetsSettings } from "./assets.ts";
import type { ElastiCacheSettings } from "./cache.ts";
import type { RdsSettings } from "./database.ts";
import type { AwsPlatformSettings } from "./platform.ts";

export function resolveAwsPlatform(platform: AwsPlatformSettings, kind: EnvironmentKind) {
    const { network, cluster } = platform;
    return {
        ...platform,
        network:
            network.variant === "existing"
                ? network
                : {
                      ...network,
                      nat: network.nat ?? (kind === "production" ? ("perZone" as const) : ("single" as const)),
                  },
        cluster: cluster.variant === "existing" ? cluster : { ...cluster, nodes: resolveNodes(cluster.nodes) },
    };
}

export type ResolvedAwsPlatform = ReturnType<typeof resolveAwsPlatform>;

type NodesSettings = Extract<AwsPlatformSettings["cluster"], { variant: "create" }>["nodes"];

/** The same generation of machines in both architectures: two processors, 8 GiB. */
export const defaultInstanceTypes = { amd64: ["m7i.large"], arm64: ["m7g.large"] } as const;

function resolveNodes(nodes: NodesSettings) {
    if (nodes.variant === "auto") {
        return nodes;
    }
    const groups = Object.entries(nodes.groups).map(([name, { instanceTypes, ...group }]) => {
        const types: readonly string[] = instanceTypes ?? defaultInstanceTypes[group.architecture];
        return [name, { ...group, instanceTypes: types }] as const;
    });
    return { ...nodes, groups: Object.fromEntries(groups) };
}

/** @param app the one whose name the database has where the settings give it none */
export function resolveRds(
    { server, pooler: _, backups: __, ...rest }: RdsSettings,
    kind: EnvironmentKind,
    app: string,
) {
    if (server.variant === "existing") {
        return { ...rest, owner: app, server: { ...server, cidrs: server.cidrs ?? ofPlatform } };
    }
    const production = kind === "production";
    const disposable = kind === "local" || kind === "ephemeral";
    const { owner = app, ...created } = server;
    const needed = server.readReplica || server.backupCopy !== undefined ? 1 : 0;
    const backupDays = server.backupDays ?? (disposable ? needed : 7);
    return {
        ...rest,
        owner,
        server: {
            ...created,
            storageLimit: storageLimit(server),
            multiAz: server.multiAz ?? production,
            backupDays,
            ...(backupDays > 0 ? rdsWindows(server) : { maintenanceWindow: rdsWindows(server).maintenanceWindow }),
            applyImmediately: server.applyImmediately ?? !production,
            network: server.network ?? ofPlatform,
        },
    };
}

export type ResolvedRds = ReturnType<typeof resolveRds>;

/** @returns undefined for a disk that does not grow by itself */
function storageLimit({
    storage,
    storageLimit: given,
}: {
    readonly storage: ByteQuantity;
    readonly storageLimit?: ByteQuantity | undefined;
}): ByteQuantity | undefined {
    const gibibytes = bytes(storage) / bytes("1Gi");
    const limit = given ?? (`${Math.min(2 * gibibytes, bytes("64Ti") / bytes("1Gi"))}Gi` as ByteQuantity);
    return bytes(limit) > bytes(storage) ? limit : undefined;
}

export function resolveElastiCache({ server, ...rest }: ElastiCacheSettings, kind: EnvironmentKind) {
    return {
        ...rest,
        server:
            server.variant === "existing"
                ? { ...server, cidrs: server.cidrs ?? ofPlatform }
                : {
                      ...server,
                      applyImmediately: server.applyImmediately ?? kind !== "production",
                      maintenanceWindow: server.maintenanceWindow ?? "sun:04:00-sun:05:00",
                      network: server.network ?? ofPlatform,
                  },
    };
}

export type ResolvedElastiCache = ReturnType<typeof resolveElastiCache>;

export function resolveS3(assets: S3AssetsSettings, platform: PlatformSettings) {
    const zoneId = s3Zone(assets, platform);
    const cluster = assets.podIdentityCluster ?? (platform.variant === "aws" ? ofPlatform : undefined);
    return {
        ...assets,
        zoneId,
        /** How pods get in: as what they are in an EKS cluster, or with a key. */
        access: cluster === undefined ? { by: "key" as const } : { by: "pods" as const, cluster },
    };
}

export type ResolvedS3 = ReturnType<typeof resolveS3>;

/**
 * The Route 53 zone that the CDN's host is in.
 *
 * @returns `platform` for the platform's; undefined when nobody named one
 */
export function s3Zone({ host, zoneId }: S3AssetsSettings, platform: PlatformSettings): string | undefined {
    if (zoneId !== undefined || platform.variant !== "aws" || platform.dns.variant === "none") {
        return zoneId;
    }
    const { domain } = platform.dns;
    return host === domain || host.endsWith(`.${domain}`) ? ofPlatform : undefined;
}
