// Who reaches a store that AWS runs: the cluster's nodes and pods, at its port, and nobody else.
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";

/** Where a store is put, and who may reach it. */
export interface AwsStoreNetwork {
    readonly vpcId: Input<string>;
    /** In at least two zones. */
    readonly subnetIds: ReadonlyArray<Input<string>>;
    /** The address ranges of `subnetIds`: what pods may reach. */
    readonly cidrs: readonly string[];
    /** By a name that stays: adding or removing one touches no other. */
    readonly clients: Readonly<Record<string, AwsStoreClient>>;
}

export type AwsStoreClient = { readonly securityGroupId: Input<string> } | { readonly cidr: string };

/** A store opens no connection itself, so there is no rule for what goes out: without one, nothing does. */
export function storeFirewall(
    name: string,
    {
        network,
        port,
        tags,
    }: { readonly network: AwsStoreNetwork; readonly port: number; readonly tags: Readonly<Record<string, string>> },
    opts: CustomResourceOptions,
): SecurityGroup {
    const group = new SecurityGroup(
        `${name}-firewall`,
        // The description cannot be changed later: another one would be another group.
        { vpcId: network.vpcId, description: "Who reaches a store of django-on-kubernetes", tags },
        opts,
    );
    for (const [client, source] of Object.entries(network.clients)) {
        new SecurityGroupIngressRule(
            `${name}-from-${client}`,
            {
                securityGroupId: group.id,
                ...("cidr" in source
                    ? { cidrIpv4: source.cidr }
                    : { referencedSecurityGroupId: source.securityGroupId }),
                ipProtocol: "tcp",
                fromPort: port,
                toPort: port,
                tags,
            },
            opts,
        );
    }
    return group;
}
