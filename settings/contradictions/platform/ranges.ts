// Address ranges: sources that add up to the internet, ranges that begin in their middle, and two networks with the same addresses.
import { canonical } from "../../../lib/address-block.ts";
import { isRange, overlaps } from "../../../lib/cidr.ts";
import { isInternet, mostPublic, publicShare } from "../../../lib/internet.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import type { PlatformSettings } from "../../platform.ts";
import type { Settings } from "../../sections.ts";
import { storesOf } from "../../stores/entries.ts";
import { placedApps } from "../apps/apps.ts";
import { contradiction } from "../contradiction.ts";
import { backupRanges } from "../stores/backups.ts";
import { externalStores } from "../stores/external.ts";
import { bucketRanges } from "../stores/object-storage.ts";

interface Sources {
    readonly path: readonly PropertyKey[];
    readonly ranges: readonly string[];
    /** Whose door it is. */
    readonly to: string;
}

function apiAccess(platform: PlatformSettings): Sources[] {
    if (platform.variant === "existing" || platform.variant === "stack" || platform.cluster.variant !== "create") {
        return [];
    }
    const path = ["platform", "cluster", "apiAccess", "cidrs"];
    return [{ path, ranges: platform.cluster.apiAccess.cidrs, to: "the cluster's API" }];
}

type WithStores = Pick<Settings, "apps" | "broker" | "cache" | "database">;

function storeSources(settings: WithStores): Sources[] {
    return [...storesOf("database", settings), ...storesOf("cache", settings)].flatMap(({ path, store }): Sources[] => {
        const to = path.includes("cache") ? "the cache" : "the database";
        const at = (name: string, ...more: string[]) => [...path, "server", name, ...more];
        switch (store.variant) {
            case "digitalocean":
                return store.server.variant === "create"
                    ? [{ path: at("trustedSources"), ranges: store.server.trustedSources, to }]
                    : [];
            case "rds":
            case "elasticache": {
                const network = store.server.variant === "create" ? store.server.network : undefined;
                return network === undefined
                    ? []
                    : [{ path: at("network", "clientCidrs"), ranges: network.clientCidrs, to }];
            }
            default:
                return [];
        }
    });
}

/** @returns how many more of a list are removed by one command each, before it is shorter to say it */
const removable = 3;

function opened({ path, ranges, to }: Sources): Problem[] {
    if (!isInternet(ranges)) {
        return [];
    }
    const at = (index: number): string => settingPath([...path, index]);
    const mine = setCommand(at(0), '"$(curl -s https://checkip.amazonaws.com)/32"');
    const others = ranges.map((_, index) => index).slice(1);
    const removed = others.toReversed().map((index) => ` && ${removeCommand(at(index))}`);
    return [
        {
            path: settingPath(path),
            found: `${shown(ranges)}, which together are ${publicShare(ranges)}`,
            allowed: `the ranges that have to reach ${to}, those of offices, VPN and CI: ${mostPublic} (R54)`,
            fix:
                others.length <= removable
                    ? `for your own address: ${mine}${removed.join("")}`
                    : `for your own address: ${mine}, and take the others out`,
        },
    ];
}

function shown(ranges: readonly string[]): string {
    return ranges.length <= 6
        ? JSON.stringify(ranges)
        : `${JSON.stringify(ranges.slice(0, 3)).slice(0, -1)},...] (${ranges.length} ranges)`;
}

export const openApi = contradiction(["platform"], ({ platform }) => apiAccess(platform).flatMap(opened));
export const openStores = contradiction(["apps", "broker", "cache", "database"], (settings) =>
    storeSources(settings).flatMap(opened),
);

/** Clouds refuse a range that begins in its middle, and Kubernetes takes it for a larger one than it looks. */
function inTheMiddle(path: readonly PropertyKey[], ranges: readonly string[]): Problem[] {
    return ranges.flatMap((range, index): Problem[] => {
        const right = canonical(range);
        const at = settingPath(path.at(-1) === "cidr" ? path : [...path, index]);
        return right === undefined || right === range
            ? []
            : [
                  {
                      path: at,
                      found: JSON.stringify(range),
                      allowed: "an address range that begins with its first address",
                      fix: setCommand(at, right),
                  },
              ];
    });
}

export const startOfEgress = contradiction(["apps"], ({ apps }) =>
    placedApps(apps).flatMap(({ app, at }) =>
        app.egress.addresses.flatMap(({ cidr }, index) =>
            inTheMiddle([...at, "egress", "addresses", index, "cidr"], [cidr]),
        ),
    ),
);

export const startOfBuckets = contradiction(["apps", "assets"], (settings) =>
    [...Map.groupBy(bucketRanges(settings), ({ path }) => settingPath(path.slice(0, -1))).values()].flatMap((ranges) =>
        inTheMiddle(
            ranges[0]!.path.slice(0, -1),
            ranges.map(({ cidr }) => cidr),
        ),
    ),
);

export const startOfBackups = contradiction(["apps", "database"], (settings) =>
    [...Map.groupBy(backupRanges(settings), ({ path }) => settingPath(path.slice(0, -1))).values()].flatMap((ranges) =>
        inTheMiddle(
            ranges[0]!.path.slice(0, -1),
            ranges.map(({ cidr }) => cidr),
        ),
    ),
);

export const startOfVisitors = contradiction(["exposure"], ({ exposure }) =>
    exposure.variant === "load-balancer" || exposure.variant === "node-port"
        ? [
              ...inTheMiddle(["exposure", "sourceRanges"], exposure.sourceRanges),
              ...inTheMiddle(["exposure", "from", "cidrs"], exposure.from?.cidrs ?? []),
          ]
        : [],
);

export const startOfSources = contradiction(["platform"], ({ platform }) => [
    ...apiAccess(platform).flatMap(({ path, ranges }) => inTheMiddle(path, ranges)),
    ...(platform.variant === "existing"
        ? inTheMiddle(["platform", "gateway", "from", "cidrs"], platform.gateway?.from?.cidrs ?? [])
        : []),
]);

export const startOfServers = contradiction(["apps", "broker", "cache", "database"], (settings) =>
    externalStores(settings).flatMap(({ path, store }) => inTheMiddle([...path, "cidrs"], store.cidrs ?? [])),
);

/** Ranges inside the cluster: an address in one of them never leaves it. */
function insideRanges(platform: PlatformSettings): Readonly<Record<string, string>> {
    if (platform.variant === "existing" || platform.variant === "stack" || platform.cluster.variant !== "create") {
        return {};
    }
    switch (platform.variant) {
        case "aws":
            return { "platform.cluster.serviceRange": platform.cluster.serviceRange };
        case "digitalocean":
            return {
                "platform.cluster.podRange": platform.cluster.podRange,
                "platform.cluster.serviceRange": platform.cluster.serviceRange,
            };
        case "gcp": {
            const { network } = platform;
            return network.variant === "create"
                ? {
                      "platform.network.ranges.pods": network.ranges.pods,
                      "platform.network.ranges.services": network.ranges.services,
                  }
                : {};
        }
        default:
            return platform satisfies never;
    }
}

/** Where a store of the settings is, or the platform's own subnets, in a network that somebody else made. */
function outsideRanges(settings: WithStores & Pick<Settings, "platform">): [path: string, range: string][] {
    const stores = [...storesOf("database", settings), ...storesOf("cache", settings)].flatMap(({ path, store }) => {
        const at = (...more: PropertyKey[]) => settingPath([...path, "server", ...more]);
        const list = (name: string, ranges: readonly string[] = []) =>
            ranges.map((range, index): [string, string] => [`${at(...name.split("."))}[${index}]`, range]);
        switch (store.variant) {
            case "rds":
            case "elasticache":
                return store.server.variant === "existing"
                    ? list("cidrs", store.server.cidrs)
                    : list("network.cidrs", store.server.network?.cidrs);
            case "digitalocean": {
                const range = store.server.variant === "existing" ? store.server.range : store.server.network?.range;
                const name = store.server.variant === "existing" ? at("range") : at("network", "range");
                return range === undefined ? [] : [[name, range] as [string, string]];
            }
            default:
                return [];
        }
    });
    const { platform } = settings;
    const subnets =
        platform.variant === "aws" && platform.network.variant === "existing"
            ? (["publicRanges", "storeRanges"] as const).flatMap((name) =>
                  (platform.network as Record<typeof name, readonly string[]>)[name].map(
                      (range, index): [string, string] => [`platform.network.${name}[${index}]`, range],
                  ),
              )
            : [];
    const servers = externalStores(settings).flatMap(({ path, cidrs }) =>
        cidrs.map((range, index): [string, string] => [settingPath([...path, "cidrs", index]), range]),
    );
    return [...subnets, ...stores, ...servers];
}

export const sameAddresses = contradiction(["apps", "broker", "cache", "database", "platform"], (settings) => {
    const inside = Object.entries(insideRanges(settings.platform)).filter(([, range]) => isRange(range));
    return outsideRanges(settings)
        .filter(([, range]) => isRange(range))
        .flatMap(([path, range]) =>
            inside
                .filter(([, own]) => overlaps(own, range))
                .map(([name, own]) => ({
                    path,
                    found: JSON.stringify(range),
                    allowed: `a range that has no address in common with ${own} (${name}): what is there, pods do not reach`,
                    fix: `${setCommand(path, "RANGE")}, or another ${name} for a cluster that is not made yet`,
                })),
        );
});
