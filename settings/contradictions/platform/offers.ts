// Zones, machines and versions that no list of a cloud's knows: told, because such a list is older than the cloud.
import {
    awsRegions,
    eksVersions,
    instanceTypesLike,
    isArm,
    isInstanceType,
    isStoreClass,
    storeClassesLike,
    storeFamilies,
} from "../../../lib/offers/aws.ts";
import * as awsInstances from "../../../lib/offers/aws-instance-types.ts";
import {
    databaseSizes,
    doksVersions,
    dropletSizes,
    isDatabaseSize,
    isDroplet,
} from "../../../lib/offers/digitalocean.ts";
import { gcpMachines, gcpRegions, isArmMachine, isMachineType } from "../../../lib/offers/gcp.ts";
import { nearestOf, type Dated } from "../../../lib/offers/offers.ts";
import { removeCommand, setCommand, settingPath, type Problem } from "../../problems.ts";
import type { PlatformSettings } from "../../platform.ts";
import { storesOf } from "../../stores/entries.ts";
import { advice, contradiction } from "../contradiction.ts";

interface Unknown {
    readonly path: string;
    readonly value: string;
    /** What it should be one of, for example `a machine type of Google Cloud`. */
    readonly what: string;
    readonly known: readonly string[];
    readonly list: Pick<Dated, "asOf">;
    /** The command that shows what the cloud has today. */
    readonly look: string;
}

function unknown({ path, value, what, known, list, look }: Unknown): Problem {
    const nearest = nearestOf(value, known);
    return {
        path,
        found: `${JSON.stringify(value)}, which the list of ${list.asOf} does not have`,
        allowed: `${what}, such as ${nearest.join(", ")}; a newer one is right too (${look})`,
        fix: setCommand(path, nearest[0]!),
    };
}

/** Every size of a machine that the platform's nodes have, with the way to it. */
function machinesOf(platform: PlatformSettings): readonly (readonly [path: readonly PropertyKey[], value: string])[] {
    if (platform.variant === "existing" || platform.variant === "stack" || platform.cluster.variant !== "create") {
        return [];
    }
    const at = ["platform", "cluster"];
    switch (platform.variant) {
        case "gcp": {
            const { nodes } = platform.cluster;
            return nodes.variant !== "pools"
                ? []
                : Object.entries(nodes.pools).map(
                      ([name, pool]) => [[...at, "nodes", "pools", name, "machineType"], pool.machineType] as const,
                  );
        }
        case "aws":
            return groupsOf(platform).flatMap(({ path, types }) =>
                types.map((type, index) => [[...path, "instanceTypes", index], type] as const),
            );
        case "digitalocean": {
            const { firstPool, pools } = platform.cluster;
            return [
                [[...at, "firstPool", "size"], firstPool.size],
                ...Object.entries(pools).map(([name, pool]) => [[...at, "pools", name, "size"], pool.size] as const),
            ];
        }
        default:
            return platform satisfies never;
    }
}

interface Group {
    readonly path: readonly PropertyKey[];
    readonly architecture: "amd64" | "arm64";
    readonly types: readonly string[];
}

function groupsOf(platform: PlatformSettings): Group[] {
    if (platform.variant !== "aws" || platform.cluster.variant !== "create") {
        return [];
    }
    const { nodes } = platform.cluster;
    const setting = nodes.variant === "managed" ? "groups" : "ownPools";
    const groups: Readonly<Record<string, Pick<Group, "architecture"> & { instanceTypes?: string[] | undefined }>> =
        nodes.variant === "managed" ? nodes.groups : nodes.ownPools;
    return Object.entries(groups).map(([name, { architecture, instanceTypes = [] }]) => ({
        path: ["platform", "cluster", "nodes", setting, name],
        architecture,
        types: instanceTypes,
    }));
}

export const unknownMachines = advice(["platform"], ({ platform }) =>
    machinesOf(platform).flatMap(([keys, value]): Problem[] => {
        const path = settingPath(keys);
        switch (platform.variant) {
            case "gcp":
                return isMachineType(value)
                    ? []
                    : [
                          unknown({
                              path,
                              value,
                              what: "a machine type of Google Cloud",
                              known: gcpMachines.types,
                              list: gcpMachines,
                              look: "gcloud compute machine-types list",
                          }),
                      ];
            case "aws":
                return isInstanceType(value)
                    ? []
                    : [
                          unknown({
                              path,
                              value,
                              what: "an instance type of EC2",
                              known: instanceTypesLike(value),
                              list: awsInstances,
                              look: "aws ec2 describe-instance-types",
                          }),
                      ];
            case "digitalocean":
                return isDroplet(value)
                    ? []
                    : [
                          unknown({
                              path,
                              value,
                              what: "a size of Droplets",
                              known: dropletSizes.sizes,
                              list: dropletSizes,
                              look: "doctl kubernetes options sizes",
                          }),
                      ];
            default:
                return [];
        }
    }),
);

/** EKS refuses a group whose machines cannot run the image of its nodes; a pool of Auto Mode finds no type, and makes no node. */
export const otherArchitecture = contradiction(["platform"], ({ platform }) =>
    groupsOf(platform).flatMap(({ path, architecture, types }) =>
        types.flatMap((type, index): Problem[] => {
            const own = isArm(type) ? "arm64" : "amd64";
            // Of a type that nobody knows, its processors are not known either.
            if (own === architecture || !isInstanceType(type)) {
                return [];
            }
            return [
                {
                    path: settingPath([...path, "instanceTypes", index]),
                    found: `${JSON.stringify(type)}, whose processors are ${own}`,
                    allowed: `types of ${architecture}, which is said beside them; or architecture ${own}, with images that are made for it`,
                    fix: setCommand(settingPath([...path, "architecture"]), own),
                },
            ];
        }),
    ),
);

/** Pods do not say which processors they want, so each may come onto any node. */
export const twoArchitectures = advice(["platform"], ({ platform }): Problem[] => {
    const all = poolsOf(platform);
    const other = all.find(({ architecture }) => architecture !== all[0]?.architecture);
    return other === undefined
        ? []
        : [
              {
                  path: settingPath(other.path),
                  found: `processors of ${other.architecture}, beside ${all[0]!.architecture} of ${settingPath(all[0]!.path)}`,
                  allowed:
                      "one architecture for all, or images that are made for both: those of the apps, and of each store in the cluster",
                  fix: removeCommand(settingPath(other.path)),
              },
          ];
});

/** The nodes' pools whose processors are said. */
function poolsOf(
    platform: PlatformSettings,
): ReadonlyArray<{ readonly path: readonly PropertyKey[]; readonly architecture: "amd64" | "arm64" }> {
    if (platform.variant !== "gcp") {
        return groupsOf(platform);
    }
    const { cluster } = platform;
    return cluster.variant !== "create" || cluster.nodes.variant !== "pools"
        ? []
        : Object.entries(cluster.nodes.pools).map(([name, { machineType }]) => ({
              path: ["platform", "cluster", "nodes", "pools", name],
              architecture: isArmMachine(machineType) ? "arm64" : "amd64",
          }));
}

export const unknownStoreSizes = advice(["apps", "cache", "database"], (settings) =>
    [...storesOf("database", settings), ...storesOf("cache", settings)].flatMap(({ path, store }): Problem[] => {
        const at = (name: string): string => settingPath([...path, "server", name]);
        switch (store.variant) {
            case "rds":
                return store.server.variant !== "create" || isStoreClass(store.server.instanceClass)
                    ? []
                    : [
                          unknown({
                              path: at("instanceClass"),
                              value: store.server.instanceClass,
                              what: "a class of RDS for PostgreSQL",
                              known: storeClassesLike(store.server.instanceClass),
                              list: storeFamilies,
                              look: "aws rds describe-orderable-db-instance-options --engine postgres",
                          }),
                      ];
            case "elasticache":
                return store.server.variant !== "create" || isStoreClass(store.server.nodeType)
                    ? []
                    : [
                          unknown({
                              path: at("nodeType"),
                              value: store.server.nodeType,
                              what: "a node type of ElastiCache",
                              known: storeClassesLike(store.server.nodeType),
                              list: storeFamilies,
                              look: storeFamilies.source.cache,
                          }),
                      ];
            case "digitalocean":
                return store.server.variant !== "create" || isDatabaseSize(store.server.size)
                    ? []
                    : [
                          unknown({
                              path: at("size"),
                              value: store.server.size,
                              what: "a size of managed databases",
                              known: databaseSizes.sizes,
                              list: databaseSizes,
                              look: "doctl databases options slugs",
                          }),
                      ];
            default:
                return [];
        }
    }),
);

/** The letters of a region's zones, where the region is known. */
export const unknownZones = advice(["clouds", "platform"], ({ clouds, platform }): Problem[] => {
    if (platform.variant === "aws" && platform.network.variant === "create" && clouds.aws !== undefined) {
        return zonesOfAws(clouds.aws.region, platform.network.zones);
    }
    if (platform.variant !== "gcp" || platform.cluster.variant !== "create" || clouds.gcp === undefined) {
        return [];
    }
    const { region } = clouds.gcp;
    const letters = gcpRegions.zones.get(region);
    const { zone, nodes } = platform.cluster;
    const at = ["platform", "cluster"];
    const named: readonly (readonly [path: readonly PropertyKey[], letter: string])[] = [
        ...(zone === undefined ? [] : [[[...at, "zone"], zone] as const]),
        ...(nodes.variant === "pools" ? Object.entries(nodes.pools) : []).flatMap(([name, { zones = [] }]) =>
            zones.map((letter, index) => [[...at, "nodes", "pools", name, "zones", index], letter] as const),
        ),
    ];
    return named
        .filter(([, letter]) => letters !== undefined && !letters.includes(letter))
        .map(([keys, letter]) => ({
            path: settingPath(keys),
            found: `${JSON.stringify(letter)}, and the list of ${gcpRegions.asOf} has no zone ${region}-${letter}`,
            allowed: `the letter of a zone of ${region}: ${letters!.join(", ")} (gcloud compute zones list)`,
            fix: setCommand(settingPath(keys), letters![0]!),
        }));
});

function zonesOfAws(region: string, zones: readonly string[]): Problem[] {
    const letters = awsRegions.zones.get(region);
    const missing = zones.filter((letter) => letters !== undefined && !letters.includes(letter));
    if (letters === undefined || missing.length === 0) {
        return [];
    }
    const path = "platform.network.zones";
    const kept = zones.filter((letter) => letters.includes(letter));
    const right = [...kept, ...letters.filter((letter) => !kept.includes(letter))].slice(0, zones.length);
    const commands = [
        setCommand("platform.network.variant", "create"),
        ...right.toSorted().map((letter, index) => setCommand(`${path}[${index}]`, letter)),
    ];
    return [
        {
            path,
            found: `${JSON.stringify(zones)}, and the list of ${awsRegions.asOf} has no zone ${missing.map((letter) => region + letter).join(", ")}`,
            allowed: `letters of zones of ${region}: ${letters.join(", ")}; an older account may have others (aws ec2 describe-availability-zones --region ${region})`,
            fix: commands.join(" && "),
        },
    ];
}

/** As numbers: of 1.36 the 36. */
const minorOf = (version: string): number => Number(version.split(".")[1]);

export const unknownVersions = advice(["platform"], ({ platform }): Problem[] => {
    const path = "platform.cluster.version";
    if (platform.variant === "aws" && platform.cluster.variant === "create") {
        const { version } = platform.cluster;
        const { asOf, source, standardUntil } = eksVersions;
        const newest = Object.keys(standardUntil).at(-1)!;
        const fix = setCommand(path, newest, "--type string ");
        const ended = standardUntil[version];
        if (!Object.hasOwn(standardUntil, version)) {
            const found = `${JSON.stringify(version)}, which the list of ${asOf} does not have`;
            return [
                {
                    path,
                    found,
                    allowed: `a version that EKS has, up to ${newest}; a newer one is right too (${source})`,
                    fix,
                },
            ];
        }
        if (ended === undefined || ended > asOf) {
            return [];
        }
        const allowed = `a version with standard support, up to ${newest}: a cluster here takes no paid extended support (R91), so EKS makes none of an older one and upgrades one that is there (${source})`;
        return [{ path, found: `${JSON.stringify(version)}, whose standard support ended on ${ended}`, allowed, fix }];
    }
    if (platform.variant === "digitalocean" && platform.cluster.variant === "create") {
        const { version } = platform.cluster;
        const { asOf, source, oldest, newest } = doksVersions;
        const minor = minorOf(version);
        if (minor >= oldest && minor <= newest) {
            return [];
        }
        const found = `${JSON.stringify(version)}, which the list of ${asOf} does not have`;
        const allowed = `a version that DOKS has, from 1.${oldest} to 1.${newest}; a newer one is right too (doctl kubernetes options versions; ${source})`;
        return [{ path, found, allowed, fix: setCommand(path, `1.${newest}`, "--type string ") }];
    }
    return [];
});
