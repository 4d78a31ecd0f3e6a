// What a Cloud SQL machine type is: its name says which edition it belongs to, how much memory it has and which disks fit.
// Sources: cloud.google.com/sql/docs/postgres/machine-series-overview, .../instance-settings, .../faq, read in November 2026.

export type CloudSqlEdition = "enterprise" | "enterprise-plus";
export type CloudSqlDisk = "ssd" | "hdd" | "hyperdisk-balanced";

export interface CloudSqlTier {
    readonly edition: CloudSqlEdition;
    /** In MiB. */
    readonly memory: number;
    readonly disks: readonly CloudSqlDisk[];
    /** The largest disk, in GiB. */
    readonly storage: number;
}

/** For messages. */
export const cloudSqlTierForms =
    "db-f1-micro, db-g1-small, db-custom-CPUS-MEMORY (CPUS 1 or even up to 96; MEMORY in MB, a multiple of 256, at least 3840 and " +
    "0.9 to 6.5 GB for each CPU) or db-custom-N4-CPUS-MEMORY with the edition enterprise; " +
    "db-perf-optimized-N-CPUS or db-c4a-highmem-CPUS with enterprise-plus";

const gibibyte = 1024;

/** In GiB: 64 TiB, and what machines with a shared processor have. */
const largestDisk = 65536;
const largestSharedDisk = 3062;

/** Memory by name. */
const sharedCores: ReadonlyMap<string, number> = new Map([
    ["db-f1-micro", 614],
    ["db-g1-small", 1740],
]);
const perfOptimized = [2, 4, 8, 16, 32, 48, 64, 80, 96, 128];
const highMemory = [2, 4, 8, 16, 32, 48, 64, 72];

/** @returns undefined when there is no such tier for PostgreSQL */
export function cloudSqlTier(name: string): CloudSqlTier | undefined {
    const shared = sharedCores.get(name);
    if (shared !== undefined) {
        return { edition: "enterprise", memory: shared, disks: ["ssd", "hdd"], storage: largestSharedDisk };
    }
    const [, n4, cpus, memory] = /^db-custom-(N4-)?([1-9][0-9]*)-([1-9][0-9]*)$/.exec(name) ?? [];
    if (cpus !== undefined && memory !== undefined) {
        return customTier(n4 !== undefined, Number(cpus), Number(memory));
    }
    const [, series, count] = /^db-(perf-optimized-N|c4a-highmem)-([1-9][0-9]*)$/.exec(name) ?? [];
    return series === undefined ? undefined : plusTier(series === "perf-optimized-N", Number(count));
}

function customTier(n4: boolean, cpus: number, memory: number): CloudSqlTier | undefined {
    const evenly = memory % 256 === 0 && (cpus % 2 === 0 || (cpus === 1 && !n4));
    if (n4) {
        const fits = evenly && cpus <= 80 && memory >= 0.5 * gibibyte * cpus && memory <= 8 * gibibyte * cpus;
        return fits
            ? { edition: "enterprise", memory, disks: ["hyperdisk-balanced"], storage: largestDisk }
            : undefined;
    }
    const fits =
        evenly && cpus <= 96 && memory >= 3840 && memory >= 0.9 * gibibyte * cpus && memory <= 6.5 * gibibyte * cpus;
    return fits ? { edition: "enterprise", memory, disks: ["ssd", "hdd"], storage: largestDisk } : undefined;
}

function plusTier(n2: boolean, cpus: number): CloudSqlTier | undefined {
    if (!(n2 ? perfOptimized : highMemory).includes(cpus)) {
        return undefined;
    }
    // The largest has less than eight for each.
    const memory = cpus === 128 ? 864 * gibibyte : 8 * gibibyte * cpus;
    return { edition: "enterprise-plus", memory, disks: [n2 ? "ssd" : "hyperdisk-balanced"], storage: largestDisk };
}

/** What Cloud SQL itself sets max_connections to, from a memory of so many MiB on. */
const defaultConnections = [
    [122880, 1000],
    [61440, 800],
    [30720, 600],
    [15360, 500],
    [7680, 400],
    [6144, 200],
    [3840, 100],
    [1024, 50],
    [0, 25],
] as const;

export function defaultMaxConnections({ memory }: CloudSqlTier): number {
    return defaultConnections.find(([from]) => memory >= from)![1];
}

/** As many as fit beside a full cache: a connection of Django takes up to 10 MiB. */
export function mostConnections({ memory }: CloudSqlTier): number {
    return Math.floor(memory / 10);
}
