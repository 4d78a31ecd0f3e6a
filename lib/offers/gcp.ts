// Regions, zones and machine types that Google Cloud offers.
import { zonesOf, type Dated, type RegionList } from "./offers.ts";

export const gcpRegions: RegionList = {
    asOf: "2026-11-30",
    source: "https://cloud.google.com/compute/docs/regions-zones",
    form: /^[a-z]+-[a-z]+[0-9]{1,2}$/,
    zoneForm: /^([a-z]+-[a-z]+[0-9]{1,2})-[a-z]$/,
    zones: zonesOf(`
        africa-south1 a b c
        asia-east1 a b c
        asia-east2 a b c
        asia-northeast1 a b c
        asia-northeast2 a b c
        asia-northeast3 a b c
        asia-south1 a b c
        asia-south2 a b c
        asia-southeast1 a b c
        asia-southeast2 a b c
        asia-southeast3 a b c
        australia-southeast1 a b c
        australia-southeast2 a b c
        europe-central2 a b c
        europe-north1 a b c
        europe-north2 a b c
        europe-southwest1 a b c
        europe-west1 b c d
        europe-west2 a b c
        europe-west3 a b c
        europe-west4 a b c
        europe-west6 a b c
        europe-west8 a b c
        europe-west9 a b c
        europe-west10 a b c
        europe-west12 a b c
        me-central1 a b c
        me-central2 a b c
        me-west1 a b c
        northamerica-northeast1 a b c
        northamerica-northeast2 a b c
        northamerica-south1 a b c
        southamerica-east1 a b c
        southamerica-west1 a b c
        us-central1 a b c f
        us-east1 b c d
        us-east4 a b c
        us-east5 a b c
        us-south1 a b c
        us-west1 a b c
        us-west2 a b c
        us-west3 a b c
        us-west4 a b c
    `),
};

/** Where buckets and backups may be beside a region. @see https://cloud.google.com/storage/docs/locations */
export const gcpMultiRegions: readonly string[] = [
    "US",
    "EU",
    "ASIA",
    "IN",
    "NAM4",
    "EUR4",
    "EUR5",
    "EUR7",
    "EUR8",
    "ASIA1",
];

const standard = "standard highmem highcpu";

/** Series with their shapes and the processors that these come with. Accelerators' own machines are not here. */
const series: ReadonlyArray<readonly [names: string, shapes: string, processors: string]> = [
    ["e2", standard, "2 4 8 16 32"],
    ["n1", standard, "1 2 4 8 16 32 64 96"],
    ["n2", standard, "2 4 8 16 32 48 64 80 96 128"],
    ["n2d", standard, "2 4 8 16 32 48 64 80 96 128 224"],
    ["n4 n4a n4d", standard, "1 2 4 8 16 32 48 64 80 96"],
    ["t2d", "standard", "1 2 4 8 16 32 48 60"],
    ["t2a", "standard", "1 2 4 8 16 32 48"],
    ["c2", "standard", "4 8 16 30 60"],
    ["c2d", standard, "2 4 8 16 32 56 112"],
    ["c3", standard, "4 8 22 44 88 176 192"],
    ["c3d", standard, "4 8 16 30 60 90 180 360"],
    ["c4", standard, "2 4 8 16 24 32 48 96 144 192 288"],
    ["c4a", standard, "1 2 4 8 16 32 48 64 72 96"],
    ["c4d", standard, "2 4 8 16 32 48 64 96 192 384"],
    ["h3", "standard", "88"],
    ["h4d", standard, "192"],
    ["z3", "highmem", "8 14 16 22 32 36 44 72 88 176 192"],
];

const shared: readonly string[] = ["e2-micro", "e2-small", "e2-medium", "f1-micro", "g1-small"];

/** Series of large memory, and with accelerators: their machines are many, and change often. */
const special = /^(m[1-4]|x4|a[2-4]x?|g[24])-/;

/** `e2-custom-4-8192`, `n2-custom-8-65536-ext`, and `custom-4-8192` of N1. */
const custom = /^((e2|n1|n2|n2d|n4|n4a|n4d|c4a)-)?custom-(micro|small|medium|[1-9][0-9]*)-[1-9][0-9]*(-ext)?$/;

export const gcpMachines: Dated & { readonly types: readonly string[] } = {
    asOf: "2026-11-30",
    source: "https://cloud.google.com/compute/docs/machine-resource",
    types: [
        ...shared,
        ...series.flatMap(([names, shapes, processors]) =>
            names
                .split(" ")
                .flatMap((name) =>
                    shapes
                        .split(" ")
                        .flatMap((shape) => processors.split(" ").map((count) => `${name}-${shape}-${count}`)),
                ),
        ),
    ],
};

/** Whether a machine type is of arm64: Ampere's Altra (T2A), Google's Axion, and NVIDIA's Grace (A4X). */
export function isArmMachine(type: string): boolean {
    return /^(t2a|[cn]4a|a4x)-/.test(type);
}

export function isMachineType(type: string): boolean {
    // With disks of their own, or without a hypervisor.
    const plain = type.replace(/-(lssd|metal|highlssd|standardlssd)$/, "");
    return special.test(type) || custom.test(type) || gcpMachines.types.includes(plain);
}
