// A platform of Google Cloud that does not fit the environment's kind, the region, or the way in.
import { capacitySections } from "../../capacity/pods.ts";
import { volumesOf } from "../../capacity/volumes.ts";
import { hyperdiskOnly } from "../../clouds/gcp/platform.ts";
import { removeCommand, setCommand, type Problem } from "../../problems.ts";
import { advice, contradiction } from "../contradiction.ts";
import { isRegion } from "./regions.ts";

export const zonalCluster = contradiction(["environment", "platform"], ({ environment, platform }): Problem[] => {
    if (environment.kind !== "production" || platform.variant !== "gcp") {
        return [];
    }
    const { cluster } = platform;
    if (cluster.variant !== "create" || cluster.zone === undefined) {
        return [];
    }
    const path = "platform.cluster.zone";
    const allowed = "nothing in production: a cluster in one zone is gone when the zone is";
    return [{ path, found: JSON.stringify(cluster.zone), allowed, fix: removeCommand(path) }];
});

/** R56: Secrets of production's cluster are encrypted by a key that is not Google's alone. */
export const secretsWithoutKey = contradiction(["environment", "platform"], ({ environment, platform }): Problem[] => {
    if (environment.kind !== "production" || platform.variant !== "gcp" || platform.cluster.variant !== "create") {
        return [];
    }
    const { keys } = platform;
    const allowed =
        "a key of Cloud KMS in production: without one the cluster's Secrets are encrypted by Google's own alone";
    if (keys.variant === "none") {
        const path = "platform.keys.variant";
        return [{ path, found: '"none"', allowed, fix: setCommand(path, "create") }];
    }
    if (keys.variant === "existing" && keys.database === undefined) {
        const path = "platform.keys.database";
        return [{ path, found: "nothing", allowed, fix: setCommand(path, "KEY") }];
    }
    return [];
});

/** What a new cluster takes of what is there already has to be where the cluster is. */
export const gcpRegions = contradiction(["clouds", "platform"], ({ clouds, platform }): Problem[] => {
    if (platform.variant !== "gcp" || clouds.gcp === undefined || platform.cluster.variant !== "create") {
        return [];
    }
    const { network, keys } = platform;
    const { region } = clouds.gcp;
    if (!isRegion("gcp", region)) {
        return [];
    }
    const named: readonly (readonly [path: string, value: string | undefined, placeholder: string])[] = [
        ["platform.network.subnetwork", network.variant === "existing" ? network.subnetwork : undefined, "SUBNETWORK"],
        ["platform.keys.database", keys.variant === "existing" ? keys.database : undefined, "KEY"],
    ];
    return named.flatMap(([path, value, placeholder]): Problem[] => {
        const found = value === undefined ? region : /\/(?:regions|locations)\/([^/]+)\//.exec(value)?.[1];
        const allowed = `one in ${region}, the region in clouds.gcp, where the cluster is`;
        return found === region
            ? []
            : [{ path, found: JSON.stringify(value), allowed, fix: setCommand(path, placeholder) }];
    });
});

/** Google's certificates are issued by one authority, which a CAA record can shut out. */
export const certifiedByGoogle = contradiction(["exposure", "platform"], ({ exposure, platform }): Problem[] => {
    if (exposure.variant !== "gateway" || platform.variant !== "gcp" || platform.dns.variant !== "create") {
        return [];
    }
    const { certificateAuthorities } = platform.dns;
    if (certificateAuthorities.length === 0 || certificateAuthorities.includes("pki.goog")) {
        return [];
    }
    const path = "platform.dns.certificateAuthorities";
    const allowed = "pki.goog among them, which issues the certificates of the way in; or none, for any authority";
    const fix = setCommand(`${path}[${certificateAuthorities.length}]`, "pki.goog");
    return [{ path, found: JSON.stringify(certificateAuthorities), allowed, fix }];
});

/** Classes that GKE brings, all of persistent disks. @see https://docs.cloud.google.com/kubernetes-engine/docs/concepts/persistent-volumes */
const persistentDisks: readonly string[] = ["standard", "standard-rwo", "premium-rwo"];

/** A disk is made, no node can have it, and the store's pod waits for ever. */
export const volumesOfNoNode = advice([...capacitySections, "platform"], (settings): Problem[] => {
    const { platform } = settings;
    if (platform.variant !== "gcp" || platform.cluster.variant !== "create") {
        return [];
    }
    const { nodes, storageClass } = platform.cluster;
    // Volumes of apps and of files may have a class of their own.
    const stores = volumesOf(settings).filter(({ kind }) => kind === "database" || kind === "broker");
    if (nodes.variant !== "pools" || !persistentDisks.includes(storageClass) || stores.length === 0) {
        return [];
    }
    const machines = Object.values(nodes.pools).map(({ machineType }) => machineType);
    if (!machines.every((machine) => hyperdiskOnly.test(machine))) {
        return [];
    }
    const path = "platform.cluster.storageClass";
    return [
        {
            path,
            found: `${JSON.stringify(storageClass)}, which is of persistent disks`,
            allowed: `a class of hyperdisk-balanced that you make in the cluster: ${[...new Set(machines)].join(", ")} can have no other disk`,
            fix: `${setCommand(path, "CLASS")}, or a pool of other machines, for example e2-standard-4`,
        },
    ];
});
