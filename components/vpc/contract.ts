// The private network that a cluster and its stores share. Each cloud has ids of its own, so this is a union.
import type { Input, Resource } from "@pulumi/pulumi";

export interface GcpVpc {
    readonly cloud: "gcp";
    /** `projects/P/global/networks/N`. */
    readonly network: Input<string>;
    /** `projects/P/regions/R/subnetworks/S`, where the nodes are. */
    readonly subnetwork: Input<string>;
    /** Names of the subnetwork's secondary ranges. */
    readonly podsRange: Input<string>;
    readonly servicesRange: Input<string>;
    /** The peering by which Google's managed stores get private addresses; they depend on it. */
    readonly privateServices: Resource;
}

export interface AwsVpc {
    readonly cloud: "aws";
    readonly vpcId: Input<string>;
    /** One per zone, with a way out through NAT: nodes and internal load balancers. */
    readonly privateSubnetIds: ReadonlyArray<Input<string>>;
    /** One per zone: internet-facing load balancers. */
    readonly publicSubnetIds: ReadonlyArray<Input<string>>;
    /** One per zone, without any way out: databases and caches. */
    readonly storeSubnetIds: ReadonlyArray<Input<string>>;
    /** The address ranges of `storeSubnetIds`: what pods may reach. */
    readonly storeCidrs: readonly string[];
    /** The security group of the cluster's nodes and pods: who may reach the stores. */
    readonly clientSecurityGroupId: Input<string>;
}

export interface DigitalOceanVpc {
    readonly cloud: "digitalocean";
    readonly vpcId: Input<string>;
    readonly cidr: Input<string>;
    /** The DOKS cluster's id: a managed store's trusted source. */
    readonly clusterId: Input<string>;
    /** Its pods' addresses, where this stack chose them. @default not known */
    readonly podRange?: string;
}

export type Vpc = GcpVpc | AwsVpc | DigitalOceanVpc;
