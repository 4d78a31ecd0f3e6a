// The embedded cluster: a single-node Kubernetes on this machine, from nothing but package registries.
import { existsSync } from "node:fs";
import { clusterDir } from "../support/paths.ts";
import type { Extra } from "./layout.ts";
import type { Report } from "../../commands/support/report.ts";
import { importAs, importImages, knownImages } from "./images.ts";
import { withLock } from "./lock.ts";
import { processes } from "./processes.ts";
import {
    certManagerDirectory,
    ensurePrograms,
    externalSecretsDirectory,
    gatewayApiDirectory,
    sealedSecretsDirectory,
} from "./programs.ts";
import { installPackages } from "./packages.ts";
import { start } from "./start.ts";
import { halt, tearDown } from "./teardown.ts";

export { forgetImages, nameImage } from "./images.ts";
export { acmeRootUrl } from "./addons/certificates.ts";
export {
    acmeIssuer,
    extras,
    gatewayClass,
    gatewayPorts,
    nodeAddress,
    publicDomain,
    publicPorts,
    registryServer,
    sharedStorageClass,
    storageClass,
} from "./layout.ts";
export type { Extra } from "./layout.ts";
export { machineRunsCluster } from "./machine.ts";
export {
    prepareObjectStorage,
    startObjectStorage,
    stopObjectStorage,
    type Bucket,
    type ObjectStorage,
} from "./object-storage.ts";
export { pushImage, startRegistry, stopRegistry, type Login } from "./registry.ts";
export { seal, type Sealing } from "./sealing.ts";

export interface ComponentStatus {
    readonly component: string;
    readonly pid: number;
    readonly state: "running" | "dead";
    /** When it was started. */
    readonly since: Date;
}

/**
 * Installs and builds what is not there yet: minutes the first time, a moment later on.
 *
 * @param wanted what is to be there besides
 */
export async function prepareCluster(report: Report, wanted: readonly Extra[] = []): Promise<void> {
    // The packages are needed only when the programs run, but they come in seconds.
    await installPackages(report);
    await Promise.all([
        ensurePrograms(report, wanted),
        gatewayApiDirectory(),
        ...(wanted.includes("certificates") ? [certManagerDirectory()] : []),
        ...(wanted.includes("sealed-secrets") ? [sealedSecretsDirectory()] : []),
        ...(wanted.includes("external-secrets") ? [externalSecretsDirectory()] : []),
    ]);
}

/**
 * Starts what does not run, repairs what died, and returns when the node, DNS, volumes, metrics and the Gateway's controller
 * are ready. Writes the kubeconfig with the context `local`.
 *
 * @param wanted what is to run besides; it goes on running when it is not named again
 * @throws saying which server failed, with its last words
 */
export async function startCluster(report: Report, wanted: readonly Extra[] = []): Promise<void> {
    await withLock(report, () => start(report, wanted));
}

/**
 * Leaves nothing behind; also right when there is nothing, half of it, or what a crash left.
 *
 * @throws when there is a cluster and this user may not touch it
 */
export async function stopCluster(report: Report): Promise<void> {
    await asOwner(() => withLock(report, () => tearDown(report)));
}

/**
 * Ends it and keeps its objects, volumes and images for the next start.
 *
 * @throws when there is a cluster and this user may not touch it
 */
export async function haltCluster(report: Report): Promise<void> {
    await asOwner(() => withLock(report, () => halt(report)));
}

async function asOwner(action: () => Promise<void>): Promise<void> {
    if (process.getuid?.() === 0) {
        return action();
    }
    // Where no cluster can have been started, there is nothing to stop.
    if (existsSync(clusterDir)) {
        throw new Error("The embedded cluster was started by root: stop it as root, with sudo.");
    }
}

/** Whether there is a cluster, running or stopped. */
export function clusterExists(): boolean {
    return existsSync(clusterDir);
}

/** Makes images of archives (OCI or `docker save`) known to the node; skips those that it has. */
export async function loadImages(archives: readonly string[], report: Report): Promise<void> {
    await withLock(report, () => importImages(archives, report));
}

/** Makes the one image of an archive known to the node, under `localhost/<name>:<digest>`, and returns that name. */
export async function loadArchive(archive: string, name: string | undefined, report: Report): Promise<string> {
    return withLock(report, () => importAs(archive, name, report));
}

/** The names of the images that the node has; none when the cluster is down. */
export async function loadedImages(): Promise<ReadonlySet<string>> {
    const up = (await clusterStatus()).some(
        ({ component, state }) => component === "containerd" && state === "running",
    );
    return up ? knownImages() : new Set();
}

/** The servers that were started, by name; none when the cluster is down. */
export async function clusterStatus(): Promise<ComponentStatus[]> {
    const states = await processes();
    return states.map(({ name, record, alive }) => ({
        component: name,
        pid: record.pid,
        state: alive ? "running" : "dead",
        since: new Date(record.since),
    }));
}
