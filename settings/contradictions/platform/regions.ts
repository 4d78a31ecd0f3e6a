// Regions that are none, and what has to be in the region of its cloud and is not.
import { awsRegions, otherPartition } from "../../../lib/offers/aws.ts";
import { digitalOceanRegions, registryRegions } from "../../../lib/offers/digitalocean.ts";
import { gcpMultiRegions, gcpRegions } from "../../../lib/offers/gcp.ts";
import { alikeTo, nearestOf, type RegionList } from "../../../lib/offers/offers.ts";
import { spacesRegions } from "../../clouds/digitalocean/assets.ts";
import type { CloudName, CloudsSettings } from "../../clouds.ts";
import type { PlatformSettings } from "../../platform.ts";
import { setCommand, settingPath, type Problem } from "../../problems.ts";
import { storesOf } from "../../stores/entries.ts";
import { advice, contradiction } from "../contradiction.ts";

const lists: Readonly<Record<CloudName, RegionList>> = {
    gcp: gcpRegions,
    aws: awsRegions,
    digitalocean: digitalOceanRegions,
};

export const cloudTitles: Readonly<Record<CloudName, string>> = {
    gcp: "Google Cloud",
    aws: "AWS",
    digitalocean: "DigitalOcean",
};

/** A setting that names a region. */
interface NamedRegion {
    readonly cloud: CloudName;
    readonly path: string;
    readonly name: string;
    /** What else it may be, in the words of the cloud. */
    readonly others?: readonly string[];
    /** Whether a zone is right too. */
    readonly zones?: boolean;
}

function regionsOf(clouds: CloudsSettings): NamedRegion[] {
    return (Object.keys(lists) as CloudName[]).flatMap((cloud) => {
        const name = clouds[cloud]?.region;
        return name === undefined ? [] : [{ cloud, path: `clouds.${cloud}.region`, name }];
    });
}

function regionsOfPlatform(platform: PlatformSettings): NamedRegion[] {
    return platform.variant === "gcp" && platform.cluster.variant === "existing"
        ? [{ cloud: "gcp", path: "platform.cluster.location", name: platform.cluster.location, zones: true }]
        : [];
}

/** Whether a name can be a region's at all: what is compared with another one's place would be a shadow of that otherwise. */
export function isRegion(cloud: CloudName, name: string): boolean {
    return lists[cloud].form.test(name) && !(cloud === "aws" && otherPartition.test(name));
}

/** Whether the list has it. */
export function isKnownRegion(cloud: CloudName, name: string): boolean {
    return lists[cloud].zones.has(name);
}

export function nearestRegions(cloud: CloudName, name: string): readonly string[] {
    return nearestOf(name, [...lists[cloud].zones.keys()]);
}

function malformed({ cloud, path, name, others = [], zones = false }: NamedRegion): Problem[] {
    const { form, zoneForm } = lists[cloud];
    const region = zoneForm?.exec(name)?.[1];
    const isZone = region !== undefined && !form.test(name);
    if (isRegion(cloud, name) || others.includes(name.toUpperCase()) || (isZone && zones)) {
        return [];
    }
    const elsewhere = (Object.keys(lists) as CloudName[]).find(
        (other) => other !== cloud && isKnownRegion(other, name),
    );
    const known = [...lists[cloud].zones.keys()];
    // Clouds spell regions differently: what begins alike is in the same part of the world.
    const likely = elsewhere === undefined ? nearestOf(name, known)[0]! : alikeTo(name, known)[0]!;
    const nearest = isZone ? region : likely;
    const example = `${zones ? "a region or a zone" : "a region"} of ${cloudTitles[cloud]}, for example ${nearest}`;
    if (isZone) {
        const found = `${JSON.stringify(name)}, which is a zone of ${region}`;
        return [{ path, found, allowed: example, fix: setCommand(path, nearest) }];
    }
    const partition = cloud === "aws" && otherPartition.test(name);
    return [
        {
            path,
            found: `${JSON.stringify(name)}${elsewhere === undefined ? "" : `, which is a region of ${cloudTitles[elsewhere]}`}`,
            allowed: `${example}${partition ? "; ARNs in China, GovCloud and the sovereign clouds are others than this program makes" : ""}`,
            fix: setCommand(path, nearest),
        },
    ];
}

function unknown({ cloud, path, name, others = [] }: NamedRegion): Problem[] {
    const { zoneForm, asOf, source } = lists[cloud];
    const region = zoneForm?.exec(name)?.[1] ?? name;
    if (!isRegion(cloud, region) || isKnownRegion(cloud, region) || others.includes(name.toUpperCase())) {
        return [];
    }
    const nearest = nearestRegions(cloud, region);
    return [
        {
            path,
            found: `${JSON.stringify(name)}, which the list of ${asOf} does not have`,
            allowed: `a region of ${cloudTitles[cloud]}, such as ${nearest.join(", ")}; a newer one is right too (${source})`,
            fix: setCommand(path, nearest[0]!),
        },
    ];
}

export const malformedRegions = contradiction(["clouds"], ({ clouds }) => regionsOf(clouds).flatMap(malformed));
export const unknownRegions = advice(["clouds"], ({ clouds }) => regionsOf(clouds).flatMap(unknown));

export const malformedPlaces = contradiction(["platform"], ({ platform }) =>
    regionsOfPlatform(platform).flatMap(malformed),
);
export const unknownPlaces = advice(["platform"], ({ platform }) => [
    ...regionsOfPlatform(platform).flatMap(unknown),
    ...unknownRegistryRegion(platform),
]);

function unknownRegistryRegion(platform: PlatformSettings): Problem[] {
    if (platform.variant !== "digitalocean" || platform.registry.variant !== "create") {
        return [];
    }
    const { region } = platform.registry;
    const { asOf, source, regions } = registryRegions;
    if (region === undefined || regions.includes(region)) {
        return [];
    }
    const path = "platform.registry.region";
    const nearest = nearestOf(region, regions);
    return [
        {
            path,
            found: `${JSON.stringify(region)}, which the list of ${asOf} does not have`,
            allowed: `a region with registries, such as ${nearest.join(", ")}; a newer one is right too (${source})`,
            fix: setCommand(path, nearest[0]!),
        },
    ];
}

/** Where files, backups and keys of Google Cloud are, which may be a multi-region too, and copies of AWS's backups. */
const storePlaces = ["apps", "assets", "database"] as const;

function placesOfStores(settings: Parameters<Parameters<typeof contradiction<(typeof storePlaces)[number]>>[1]>[0]) {
    const files = storesOf("assets", settings).flatMap(({ path, store }): NamedRegion[] =>
        store.variant === "cloud-storage" && store.location !== undefined
            ? [place([...path, "location"], store.location)]
            : [],
    );
    const backups = storesOf("database", settings).flatMap(({ path, store }): NamedRegion[] =>
        store.variant === "cloud-sql" &&
        store.server.variant === "create" &&
        store.server.backups.location !== undefined
            ? [place([...path, "server", "backups", "location"], store.server.backups.location)]
            : [],
    );
    const copies = storesOf("database", settings).flatMap(({ path, store }): NamedRegion[] =>
        store.variant === "rds" && store.server.variant === "create" && store.server.backupCopy !== undefined
            ? [
                  {
                      cloud: "aws",
                      path: settingPath([...path, "server", "backupCopy", "region"]),
                      name: store.server.backupCopy.region,
                  },
              ]
            : [],
    );
    return [...files, ...backups, ...copies];
}

function place(path: readonly PropertyKey[], name: string): NamedRegion {
    return { cloud: "gcp", path: settingPath(path), name: name.toLowerCase(), others: gcpMultiRegions };
}

export const malformedStorePlaces = contradiction(storePlaces, (settings) =>
    placesOfStores(settings).flatMap(malformed),
);
export const unknownStorePlaces = advice(storePlaces, (settings) => placesOfStores(settings).flatMap(unknown));

/** Buckets are in the cloud's region unless the settings say another, and not every region has Spaces. */
export const regionWithoutSpaces = contradiction(["apps", "assets", "clouds"], ({ clouds, ...settings }) => {
    const region = clouds.digitalocean?.region;
    if (region === undefined || !isKnownRegion("digitalocean", region) || spacesRegions.some((one) => one === region)) {
        return [];
    }
    return storesOf("assets", settings).flatMap(({ path, store }): Problem[] => {
        if (store.variant !== "spaces" || store.region !== undefined) {
            return [];
        }
        const at = settingPath([...path, "region"]);
        return [
            {
                path: at,
                found: `nothing, and so ${JSON.stringify(region)}, the region in clouds.digitalocean`,
                allowed: `a region that has Spaces: ${spacesRegions.join(", ")}`,
                fix: setCommand(at, nearestOf(region, spacesRegions)[0]!),
            },
        ];
    });
});

/** The region in a key's name, an endpoint or a certificate, where it has one. */
const regionIn =
    /^arn:aws:[a-z]+:([a-z0-9-]+):|\/locations\/([a-z0-9-]+)\/keyRings\/|\.([a-z0-9-]+)\.rds\.amazonaws\.com$/;

interface Placed {
    readonly cloud: CloudName;
    readonly path: readonly PropertyKey[];
    readonly value: string | undefined;
    /** @default the region in `clouds` */
    readonly where?: string;
    readonly what: string;
}

/** A key works where it is: for what is made elsewhere, the cloud refuses it. */
export const keysElsewhere = contradiction(["apps", "assets", "cache", "clouds", "database"], (settings) => {
    const { clouds } = settings;
    const placed: Placed[] = [];
    for (const { path, store } of storesOf("database", settings)) {
        if (
            store.variant === "rds" &&
            store.server.variant === "create" &&
            store.server.encryption.variant === "existing"
        ) {
            const at = [...path, "server", "encryption", "keyArn"];
            placed.push({ cloud: "aws", path: at, value: store.server.encryption.keyArn, what: "a key" });
        }
        if (store.variant === "cloud-sql" && store.server.variant === "create") {
            const at = [...path, "server", "encryptionKey"];
            placed.push({ cloud: "gcp", path: at, value: store.server.encryptionKey, what: "a key" });
        }
    }
    for (const { path, store } of storesOf("cache", settings)) {
        if (store.variant === "elasticache" && store.server.variant === "create") {
            const at = [...path, "server", "keyArn"];
            placed.push({ cloud: "aws", path: at, value: store.server.keyArn, what: "a key" });
        }
        if (store.variant === "memorystore" && store.server.variant === "create") {
            const at = [...path, "server", "encryptionKey"];
            placed.push({ cloud: "gcp", path: at, value: store.server.encryptionKey, what: "a key" });
        }
    }
    for (const { path, store } of storesOf("assets", settings)) {
        if (store.variant === "s3") {
            placed.push({ cloud: "aws", path: [...path, "media", "keyArn"], value: store.media.keyArn, what: "a key" });
        }
        if (store.variant === "cloud-storage") {
            const where = keyLocation(store.location);
            const at = [...path, "encryptionKey"];
            placed.push({ cloud: "gcp", path: at, value: store.encryptionKey, what: "a key", ...(where && { where }) });
        }
    }
    return placed.flatMap((one) => elsewhere(one, clouds));
});

/** Of a multi-region of Cloud Storage's, where its keys are. @see https://cloud.google.com/kms/docs/locations */
function keyLocation(location: string | undefined): string | undefined {
    const name = location?.toLowerCase();
    return name === "eu" ? "europe" : name;
}

function elsewhere({ cloud, path, value, where, what }: Placed, clouds: CloudsSettings): Problem[] {
    const wanted = where ?? clouds[cloud]?.region;
    const found =
        value === undefined
            ? undefined
            : regionIn
                  .exec(value)
                  ?.slice(1)
                  .find((region) => region !== undefined);
    if (
        wanted === undefined ||
        found === undefined ||
        found === wanted ||
        (where === undefined && !isRegion(cloud, wanted))
    ) {
        return [];
    }
    const at = settingPath(path);
    return [
        {
            path: at,
            found: `${JSON.stringify(value)}, which is in ${found}`,
            allowed: `${what} in ${wanted}, where it is used`,
            fix: setCommand(at, `'${value!.replace(found, wanted).replace(/(^arn:.*\/)[^/]*$/, "$1ID")}'`),
        },
    ];
}

/** ACM's certificates are of one region; CloudFront's own are checked by their form. */
export const certificatesElsewhere = contradiction(["clouds", "platform"], ({ clouds, platform }) =>
    platform.variant !== "aws" || platform.gateway.variant === "none"
        ? []
        : platform.gateway.certificateArns.flatMap((value, index) =>
              elsewhere(
                  {
                      cloud: "aws",
                      path: ["platform", "gateway", "certificateArns", index],
                      value,
                      what: "a certificate",
                  },
                  clouds,
              ),
          ),
);

/** Which authority a server's certificate descends from, its region decides: that of `clouds.aws` is taken where none is given. */
export const databaseElsewhere = contradiction(["apps", "clouds", "database"], ({ clouds, ...settings }) =>
    storesOf("database", settings).flatMap(({ path, store }): Problem[] => {
        const region = clouds.aws?.region;
        if (store.variant !== "rds" || store.server.variant !== "existing" || store.ca !== undefined) {
            return [];
        }
        const found = regionIn.exec(store.server.address)?.[3];
        if (region === undefined || found === undefined || found === region || !isRegion("aws", region)) {
            return [];
        }
        const at = settingPath([...path, "ca"]);
        return [
            {
                path: at,
                found: `nothing, and so the authorities of ${region}, while ${settingPath([...path, "server", "address"])} is in ${found}`,
                allowed: `certificates of ${found} as PEM, or a server in ${region}`,
                fix: `pulumi config set --path '${at}' "$(curl https://truststore.pki.rds.amazonaws.com/${found}/${found}-bundle.pem)"`,
            },
        ];
    }),
);
