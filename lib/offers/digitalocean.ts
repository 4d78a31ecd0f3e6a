// Regions, sizes of Droplets and of managed databases that DigitalOcean offers.
import { databasePlan } from "../digitalocean-plans.ts";
import type { Dated, RegionList } from "./offers.ts";

const regions = "nyc1 nyc2 nyc3 ams3 sfo2 sfo3 sgp1 lon1 fra1 tor1 blr1 syd1 atl1 ric1 mkc1 mem1".split(" ");

export const digitalOceanRegions: RegionList = {
    asOf: "2026-11-30",
    source: "https://docs.digitalocean.com/platform/regional-availability/",
    form: /^[a-z]{3}[0-9]$/,
    zones: new Map(regions.map((region) => [region, []])),
};

/** Where registries are. */
export const registryRegions: Dated & { readonly regions: readonly string[] } = {
    asOf: "2026-11-30",
    source: "https://docs.digitalocean.com/products/container-registry/details/availability/",
    regions: "nyc3 sfo2 sfo3 ams3 sgp1 fra1 blr1 syd1 lon1 tor1 atl1 ric1".split(" "),
};

/** The minor versions of Kubernetes, the oldest and the newest that were known. */
export const doksVersions: Dated & { readonly oldest: number; readonly newest: number } = {
    asOf: "2026-11-30",
    source: "https://docs.digitalocean.com/products/kubernetes/details/supported-releases/",
    oldest: 33,
    newest: 36,
};

/** Kinds of Droplets by the sizes that each comes in: processors and GiB. */
const droplets: ReadonlyArray<readonly [kinds: string, sizes: string]> = [
    ["s", "1-0.5 1-1 1-2 1-3 2-2 2-4 3-1 4-8 6-16 8-16 8-32 12-48 16-64 20-96 24-128 32-192"],
    ["c2", "2-4 4-8 8-16 16-32 32-64 48-96 60-120"],
    ["g gd", "2-8 4-16 8-32 16-64 32-128 40-160 48-192 60-240"],
    ["m m3 m6 so so1_5", "2-16 4-32 8-64 16-128 24-192 32-256 48-384"],
];

/** `s-2vcpu-4gb-amd` and `s-2vcpu-4gb-120gb-intel` have a processor of a brand: their sizes are more. */
const branded = /-(amd|intel)$/;

const plainDroplets: readonly string[] = [
    ...["2", "4", "8", "16", "32", "48", "60"].map((processors) => `c-${processors}`),
    ...slugs(droplets),
];

export const dropletSizes: Dated & { readonly sizes: readonly string[] } = {
    asOf: "2026-11-30",
    source: "DropletSlug of @pulumi/digitalocean 4.80.1, types/enums",
    sizes: plainDroplets,
};

export function isDroplet(slug: string): boolean {
    const [kind = ""] = slug.split("-");
    const known = droplets.some(([kinds]) => kinds.split(" ").includes(kind)) || kind === "c";
    return plainDroplets.includes(slug) || (known && branded.test(slug)) || slug.startsWith("gpu-");
}

/** Kinds of managed databases, likewise. */
const databases: ReadonlyArray<readonly [kinds: string, sizes: string]> = [
    ["db-s", "1-1 1-2 2-4 4-8 6-16 8-32 16-64"],
    ["db-amd db-intel", "1-1 1-2 2-2 2-4 2-8 4-8 4-16 8-16 8-32"],
    ["gd", "2-8 4-16 8-32 16-64 32-128 40-160"],
    ["m m3 so1_5", "2-16 4-32 8-64 16-128 24-192 32-256"],
];

export const databaseSizes: Dated & { readonly sizes: readonly string[] } = {
    asOf: "2026-11-30",
    source: "https://docs.digitalocean.com/products/databases/postgresql/details/pricing/",
    sizes: slugs(databases),
};

/** @param slug of a form that was checked; behind it may stand the disk's size */
export function isDatabaseSize(slug: string): boolean {
    const plain = slug.replace(/(-[0-9]+vcpu-[0-9]+gb)-[0-9]+gb$/, "$1");
    return databasePlan(slug) !== undefined && databaseSizes.sizes.includes(plain);
}

function slugs(kinds: ReadonlyArray<readonly [kinds: string, sizes: string]>): readonly string[] {
    return kinds.flatMap(([names, sizes]) =>
        names.split(" ").flatMap((name) =>
            sizes.split(" ").map((size) => {
                const [processors = "", memory = ""] = size.split("-");
                return `${name}-${processors}vcpu-${memory === "0.5" ? "512mb-10" : memory}gb`;
            }),
        ),
    );
}
