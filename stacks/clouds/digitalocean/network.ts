// Where a managed store is put, and who is let in.
import { getStack, type Input, type Output } from "@pulumi/pulumi";
import type { DigitalOceanStoreNetwork } from "../../../components/database/digitalocean/postgresql.ts";
import type { StoreNetworkSettings } from "../../../settings/clouds/digitalocean/fields.ts";
import { setCommand, setSecretCommand, SettingsError, type Problem } from "../../../settings/problems.ts";
import type { Platform } from "../../platform/contract.ts";

interface Reach {
    readonly network?: StoreNetworkSettings | undefined;
    readonly trustedSources: readonly string[];
}

/**
 * @param store the section
 * @throws SettingsError when neither the settings nor the platform say where
 */
export function storeNetwork(
    store: string,
    { network, trustedSources }: Reach,
    { vpc }: Platform,
): DigitalOceanStoreNetwork {
    if (network !== undefined) {
        const { vpc: vpcId, range, clusters } = network;
        return { vpcId, range, clusters, addresses: trustedSources };
    }
    if (vpc?.cloud === "digitalocean") {
        return { vpcId: vpc.vpcId, range: vpc.cidr, clusters: [vpc.clusterId], addresses: trustedSources };
    }
    throw mending({
        path: `${store}.server.network`,
        found: "nothing, and a platform that is not DigitalOcean's",
        allowed: "the VPC that the server is put in, its range, and the clusters or addresses that may connect",
        fix: `write at least vpc, range and clusters below ${store}.server.network, or choose another ${store}.variant`,
    });
}

/** Where a server that is there is. @throws as `storeNetwork` */
export function storeRange(store: string, range: string | undefined, { vpc }: Platform): Input<string> {
    const known = range ?? (vpc?.cloud === "digitalocean" ? vpc.cidr : undefined);
    if (known === undefined) {
        throw mending({
            path: `${store}.server.range`,
            found: "nothing, and a platform that is not DigitalOcean's",
            allowed: "the range of addresses that the server's is one of: pods may go there and nowhere else",
            fix: setCommand(`${store}.server.range`, "10.110.0.0/20"),
        });
    }
    return known;
}

/** The password of a server that is there. @throws SettingsError without one */
export function knownPassword(store: "database" | "cache", password: Output<string> | undefined): Output<string> {
    if (password === undefined) {
        const path = `secrets.${store}Password`;
        throw mending({
            path,
            found: "nothing",
            allowed: `the password of the ${store} that ${store}.server names`,
            fix: setSecretCommand(path),
        });
    }
    return password;
}

export function mending(problem: Problem): SettingsError {
    return new SettingsError(`Pulumi.${getStack()}.yaml`, [problem]);
}
