// What a container reserves and may use (R40).
import type { core } from "@pulumi/kubernetes/types/input.js";
import { bytes, byteQuantityOf, type ByteQuantity, type CpuQuantity } from "./quantities.ts";

export interface Size {
    readonly cpu: CpuQuantity;
    readonly memory: ByteQuantity;
}

/** Of the pods that run psql as a server's administrator: they make a database, give rights on one, drop forgotten ones. */
export const psqlSizes = {
    create: { cpu: "50m", memory: "128Mi" },
    grants: { cpu: "50m", memory: "64Mi" },
    sweep: { cpu: "25m", memory: "64Mi" },
} as const satisfies Readonly<Record<string, Size>>;

/** Of what takes dumps and brings them back: PostgreSQL's tools, and rclone, which holds parts of files while it sends them. */
export const dumpSizes = {
    database: { cpu: "100m", memory: "256Mi" },
    bucket: { cpu: "100m", memory: "256Mi" },
} as const satisfies Readonly<Record<string, Size>>;

/**
 * Of what stands beside a database in the cluster that is backed up: before it who restores, then who archives and who backs up. pgBackRest
 * streams: what it needs does not grow with the database, but with its tables' files.
 */
export const backupSizes = {
    restore: { cpu: "100m", memory: "256Mi" },
    archiver: { cpu: "25m", memory: "96Mi" },
    backups: { cpu: "50m", memory: "192Mi" },
} as const satisfies Readonly<Record<string, Size>>;

/** Of what makes seeds: a server beside each step, which holds a copy while it is masked. */
export const seedSizes = {
    server: { cpu: "250m", memory: "512Mi" },
    mask: { cpu: "50m", memory: "64Mi" },
} as const satisfies Readonly<Record<string, Size>>;

/** Of the steps of a drill, beside the restored server. */
export const drillSizes = {
    restore: { cpu: "100m", memory: "256Mi" },
    archive: { cpu: "25m", memory: "96Mi" },
    /** Of a dump, whose server is not in the cluster. */
    server: { cpu: "250m", memory: "512Mi" },
    checks: { cpu: "50m", memory: "64Mi" },
} as const satisfies Readonly<Record<string, Size>>;

/** Of a job that lets a user of Redis in or out. */
export const redisUserSizes: Size = { cpu: "25m", memory: "32Mi" };

/** Of a job that lets a user of RabbitMQ in or out: an Erlang of its own for each thing that it says. */
export const rabbitToolSize: Size = { cpu: "100m", memory: "256Mi" };

/** Of a pod of PgBouncer: one thread, and 2 kB for each client. */
export const poolerSize: Size = { cpu: "50m", memory: "64Mi" };

/** Of /tmp: what caches, sockets and a report get by with. */
export const usualTmp: ByteQuantity = "256Mi";

/** Logs, and what else a pod writes beside /tmp, count too. */
const besideTmp = bytes("128Mi");

/**
 * Memory's limit is what was reserved; CPU has none, since throttled pods are slow while processors idle. With a larger /tmp the pod
 * goes where the disk has room for it. For the usual one nothing is said: every cluster has room for that, and GKE's Autopilot gives
 * 1Gi to a container that names nothing.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/autopilot-resource-requests
 */
export function resourcesOf(size: Size, tmp: ByteQuantity = usualTmp): core.v1.ResourceRequirements {
    const disk: Readonly<Record<string, string>> =
        bytes(tmp) > bytes(usualTmp) ? { "ephemeral-storage": byteQuantityOf(bytes(tmp) + besideTmp) } : {};
    return { requests: { cpu: size.cpu, memory: size.memory, ...disk }, limits: { memory: size.memory } };
}
