// What the glue of AWS's stores shares: where a store is put, and what is said when that is not known.
import type { AwsStoreClient, AwsStoreNetwork } from "../../../components/network/aws/store-firewall.ts";
import type { StoreNetworkSettings } from "../../../settings/clouds/aws/fields.ts";
import { setCommand, SettingsError, type Problem } from "../../../settings/problems.ts";
import type { StoreContext } from "../../context.ts";

export type StoreSection = "database" | "cache" | "assets";

/** The section, and for a store of one app, whose it is. */
function pathOf(section: StoreSection, { name }: StoreContext): string {
    return name === section ? section : `apps[N].stores.${section}`;
}

/** Its path is below the store's own settings; the fix is told the whole one. */
type StoreProblem = Omit<Problem, "fix"> & { readonly fix: (path: string) => string };

export function storeError(
    section: StoreSection,
    context: StoreContext,
    { path, found, allowed, fix }: StoreProblem,
): SettingsError {
    const whole = `${pathOf(section, context)}.${path}`;
    return new SettingsError(`Pulumi.${context.stack}.yaml`, [
        {
            path: whole,
            found: context.name === section ? found : `${found} (${context.name})`,
            allowed,
            fix: fix(whole),
        },
    ]);
}

/**
 * @param network what the store's own settings say
 * @throws SettingsError when neither they nor the platform have a network of AWS
 */
export function storeNetwork(
    section: StoreSection,
    network: StoreNetworkSettings | undefined,
    context: StoreContext,
): AwsStoreNetwork {
    if (network !== undefined) {
        const { vpcId, subnetIds, cidrs, clientSecurityGroupIds, clientCidrs } = network;
        return { vpcId, subnetIds, cidrs, clients: { ...groups(clientSecurityGroupIds), ...ranges(clientCidrs) } };
    }
    const { vpc } = context.platform;
    if (vpc?.cloud === "aws") {
        const { vpcId, storeSubnetIds, storeCidrs, clientSecurityGroupId } = vpc;
        return {
            vpcId,
            subnetIds: storeSubnetIds,
            cidrs: storeCidrs,
            clients: { cluster: { securityGroupId: clientSecurityGroupId } },
        };
    }
    throw storeError(section, context, {
        path: "server.network",
        found: "nothing",
        allowed: "vpcId, subnetIds, cidrs and who may come in: the platform has no network of AWS",
        fix: (path) => `${setCommand(`${path}.vpcId`, "VPC")}, and so on: see docs/settings.md`,
    });
}

/** @throws SettingsError as `storeNetwork` */
export function storeCidrs(
    section: StoreSection,
    cidrs: readonly string[] | undefined,
    context: StoreContext,
): readonly string[] {
    const { vpc } = context.platform;
    const found = cidrs ?? (vpc?.cloud === "aws" ? vpc.storeCidrs : undefined);
    if (found === undefined) {
        throw storeError(section, context, {
            path: "server.cidrs",
            found: "nothing",
            allowed: "the address ranges of the server's subnets: the platform has no network of AWS",
            fix: (path) => setCommand(`${path}[0]`, "10.20.0.0/24"),
        });
    }
    return found;
}

function groups(ids: readonly string[]): Record<string, AwsStoreClient> {
    return Object.fromEntries(ids.map((securityGroupId) => [securityGroupId, { securityGroupId }]));
}

function ranges(cidrs: readonly string[]): Record<string, AwsStoreClient> {
    return Object.fromEntries(cidrs.map((cidr) => [cidr.replace("/", "-"), { cidr }]));
}
