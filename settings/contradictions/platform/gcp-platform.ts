// A platform of Google Cloud that does not fit the environment's kind, the region, or the way in.
import { removeCommand, setCommand, type Problem } from "../../problems.ts";
import { contradiction } from "../contradiction.ts";
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
    const named: readonly (readonly [path: string, value: string | undefined])[] = [
        ["platform.network.subnetwork", network.variant === "existing" ? network.subnetwork : undefined],
        ["platform.keys.database", keys.variant === "existing" ? keys.database : undefined],
    ];
    return named.flatMap(([path, value]): Problem[] => {
        const found = value === undefined ? region : /\/(?:regions|locations)\/([^/]+)\//.exec(value)?.[1];
        const allowed = `one in ${region}, the region in clouds.gcp, where the cluster is`;
        return found === region
            ? []
            : [{ path, found: JSON.stringify(value), allowed, fix: setCommand(path, "VALUE") }];
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
