// A VPC with three kinds of subnets in every zone: public ones for load balancers, private ones for nodes and pods, and ones
// for stores, from which no packet leaves the network.
import * as pulumi from "@pulumi/pulumi";
import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import { Eip } from "@pulumi/aws/ec2/eip.js";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { NatGateway } from "@pulumi/aws/ec2/natGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { withNative } from "../../../lib/native.ts";
import type { AwsVpc } from "../contract.ts";
import { zoneAddresses, type ZoneLetter } from "./addresses.ts";

/** How private subnets reach the internet: a gateway in each zone, one for all, or none (then endpoints or a transit gateway). */
export type NatMode = "perZone" | "single" | "none";

/** AWS services that get an address in the private subnets, by the end of their names: `ecr.api`, `sts`. */
export type EndpointService = string;

export interface AwsNetworkArgs {
    /** What the resources are called in the console. */
    readonly instance: string;
    readonly region: string;
    /** /16 to /18; never changes. */
    readonly cidr: string;
    /** At least two. */
    readonly zones: readonly ZoneLetter[];
    readonly nat: NatMode;
    /** Each costs by zone and hour. */
    readonly endpoints: readonly EndpointService[];
    /** Arguments of aws.ec2.Vpc over ours. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** All of AwsVpc but the security group, which belongs to the cluster. */
export interface AwsSubnets extends Omit<AwsVpc, "clientSecurityGroupId"> {
    /** The address ranges of `publicSubnetIds`: where a load balancer's requests come from. */
    readonly publicCidrs: readonly string[];
    /** Every way out and in; what needs one is made after all of them and deleted before them. */
    readonly ready: readonly pulumi.Resource[];
}

type Kind = "public" | "private" | "store";

/** What tells the load balancer controller which subnets it may use. */
const roleTags: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
    public: { "kubernetes.io/role/elb": "1" },
    private: { "kubernetes.io/role/internal-elb": "1" },
    store: {},
};

export class AwsNetwork extends pulumi.ComponentResource implements AwsSubnets {
    readonly cloud = "aws";
    readonly vpcId: pulumi.Output<string>;
    readonly publicSubnetIds: ReadonlyArray<pulumi.Output<string>>;
    readonly privateSubnetIds: ReadonlyArray<pulumi.Output<string>>;
    readonly storeSubnetIds: ReadonlyArray<pulumi.Output<string>>;
    readonly storeCidrs: readonly string[];
    readonly publicCidrs: readonly string[];
    readonly ready: readonly pulumi.Resource[];

    constructor(name: string, args: AwsNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:vpc:Aws", name, {}, opts);
        // The order of the settings is no reason for a change of the lists below.
        const zones = args.zones.toSorted();
        const vpc = this.createVpc(name, args);
        this.vpcId = vpc.id;

        const subnetsOf = (kind: Kind) => zones.map((zone) => this.createSubnet(name, args, vpc, kind, zone));
        const [open, inner, stores] = [subnetsOf("public"), subnetsOf("private"), subnetsOf("store")];
        this.publicSubnetIds = open.map(({ id }) => id);
        this.privateSubnetIds = inner.map(({ id }) => id);
        this.storeSubnetIds = stores.map(({ id }) => id);
        this.publicCidrs = zones.map((zone) => zoneAddresses(args.cidr, zone).public);
        this.storeCidrs = zones.map((zone) => zoneAddresses(args.cidr, zone).store);

        const gateway = new InternetGateway(
            `${name}-internet`,
            { vpcId: vpc.id, tags: nameTag(args, "internet") },
            { parent: this },
        );
        const openRoutes = this.routeThroughInternet(name, args, vpc, gateway, zones, open);
        const nats = this.createNats(name, args, gateway, zones, open, openRoutes);
        const { tables, routes } = this.routeThroughNat(name, args, vpc, zones, inner, nats);
        const inside = this.keepStoresInside(name, args, vpc, zones, stores);
        const endpoints = [
            this.createStorageEndpoint(name, args, vpc, tables),
            ...this.createServiceEndpoints(name, args, vpc, this.privateSubnetIds),
        ];

        this.ready = [...openRoutes, ...routes, ...inside, ...endpoints];
        this.registerOutputs({ vpcId: this.vpcId });
    }

    private createVpc(name: string, { instance, cidr, native }: AwsNetworkArgs): Vpc {
        const vpc = new Vpc(
            `${name}-vpc`,
            // Names inside the network are needed by EKS's private endpoint and by interface endpoints.
            withNative(
                { cidrBlock: cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: { Name: instance } },
                native,
            ),
            { parent: this },
        );
        // Every VPC has this group, open between its members; without rules, what is put in it by mistake reaches nothing.
        new DefaultSecurityGroup(`${name}-default-group`, { vpcId: vpc.id, ingress: [], egress: [] }, { parent: this });
        return vpc;
    }

    private createSubnet(name: string, args: AwsNetworkArgs, vpc: Vpc, kind: Kind, zone: ZoneLetter): Subnet {
        return new Subnet(
            `${name}-${kind}-${zone}`,
            {
                vpcId: vpc.id,
                cidrBlock: zoneAddresses(args.cidr, zone)[kind],
                availabilityZone: `${args.region}${zone}`,
                mapPublicIpOnLaunch: false,
                tags: { ...nameTag(args, `${kind}-${zone}`), ...roleTags[kind] },
            },
            { parent: this },
        );
    }

    private routeThroughInternet(
        name: string,
        args: AwsNetworkArgs,
        vpc: Vpc,
        gateway: InternetGateway,
        zones: readonly ZoneLetter[],
        subnets: readonly Subnet[],
    ): readonly pulumi.Resource[] {
        const table = new RouteTable(
            `${name}-public`,
            { vpcId: vpc.id, tags: nameTag(args, "public") },
            { parent: this },
        );
        const route = new Route(
            `${name}-public-internet`,
            { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
            { parent: this },
        );
        return [route, ...zones.map((zone, index) => this.associate(`${name}-public-${zone}`, table, subnets[index]!))];
    }

    /** One gateway, or one in each zone: then a zone that fails does not take the others' way out along. */
    private createNats(
        name: string,
        args: AwsNetworkArgs,
        gateway: InternetGateway,
        zones: readonly ZoneLetter[],
        subnets: readonly Subnet[],
        openRoutes: readonly pulumi.Resource[],
    ): ReadonlyMap<ZoneLetter, NatGateway> {
        const places = { perZone: zones, single: zones.slice(0, 1), none: [] }[args.nat];
        return new Map(
            places.map((zone) => {
                const tags = nameTag(args, `nat-${zone}`);
                const address = new Eip(
                    `${name}-nat-${zone}-address`,
                    { domain: "vpc", tags },
                    { parent: this, dependsOn: [gateway] },
                );
                const nat = new NatGateway(
                    `${name}-nat-${zone}`,
                    { subnetId: subnets[zones.indexOf(zone)]!.id, allocationId: address.id, tags },
                    { parent: this, dependsOn: [gateway, ...openRoutes] },
                );
                return [zone, nat] as const;
            }),
        );
    }

    /** A table for each zone, also where they share a gateway: changing that changes routes only. */
    private routeThroughNat(
        name: string,
        args: AwsNetworkArgs,
        vpc: Vpc,
        zones: readonly ZoneLetter[],
        subnets: readonly Subnet[],
        nats: ReadonlyMap<ZoneLetter, NatGateway>,
    ): { readonly tables: readonly RouteTable[]; readonly routes: readonly pulumi.Resource[] } {
        const [shared] = nats.values();
        const routes: pulumi.Resource[] = [];
        const tables = zones.map((zone, index) => {
            const tags = nameTag(args, `private-${zone}`);
            const table = new RouteTable(`${name}-private-${zone}`, { vpcId: vpc.id, tags }, { parent: this });
            const nat = nats.get(zone) ?? shared;
            if (nat !== undefined) {
                routes.push(
                    new Route(
                        `${name}-private-${zone}-nat`,
                        { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat.id },
                        { parent: this },
                    ),
                );
            }
            routes.push(this.associate(`${name}-private-${zone}`, table, subnets[index]!));
            return table;
        });
        return { tables, routes };
    }

    /** A table of their own, without routes: the VPC's main table may get some by hand. */
    private keepStoresInside(
        name: string,
        args: AwsNetworkArgs,
        vpc: Vpc,
        zones: readonly ZoneLetter[],
        subnets: readonly Subnet[],
    ): readonly pulumi.Resource[] {
        const table = new RouteTable(
            `${name}-store`,
            { vpcId: vpc.id, routes: [], tags: nameTag(args, "store") },
            { parent: this },
        );
        return zones.map((zone, index) => this.associate(`${name}-store-${zone}`, table, subnets[index]!));
    }

    private associate(name: string, table: RouteTable, subnet: Subnet): RouteTableAssociation {
        return new RouteTableAssociation(
            name,
            { routeTableId: table.id, subnetId: subnet.id },
            // A subnet has one table: the new association cannot be there before the old one has gone.
            { parent: this, deleteBeforeReplace: true },
        );
    }

    /** Free, and keeps image layers and static files off the NAT gateways, which bill every gigabyte. */
    private createStorageEndpoint(
        name: string,
        args: AwsNetworkArgs,
        vpc: Vpc,
        tables: readonly RouteTable[],
    ): VpcEndpoint {
        return new VpcEndpoint(
            `${name}-s3`,
            {
                vpcId: vpc.id,
                serviceName: `com.amazonaws.${args.region}.s3`,
                vpcEndpointType: "Gateway",
                routeTableIds: tables.map(({ id }) => id),
                tags: nameTag(args, "s3"),
            },
            { parent: this },
        );
    }

    private createServiceEndpoints(
        name: string,
        args: AwsNetworkArgs,
        vpc: Vpc,
        subnetIds: ReadonlyArray<pulumi.Output<string>>,
    ): readonly VpcEndpoint[] {
        if (args.endpoints.length === 0) {
            return [];
        }
        const group = new SecurityGroup(
            `${name}-endpoints`,
            { vpcId: vpc.id, description: "AWS services inside the network", tags: nameTag(args, "endpoints") },
            { parent: this },
        );
        new SecurityGroupIngressRule(
            `${name}-endpoints-https`,
            { securityGroupId: group.id, cidrIpv4: args.cidr, ipProtocol: "tcp", fromPort: 443, toPort: 443 },
            { parent: this },
        );
        return args.endpoints.map(
            (service) =>
                new VpcEndpoint(
                    `${name}-${service}`,
                    {
                        vpcId: vpc.id,
                        serviceName: `com.amazonaws.${args.region}.${service}`,
                        vpcEndpointType: "Interface",
                        privateDnsEnabled: true,
                        subnetIds: [...subnetIds],
                        securityGroupIds: [group.id],
                        tags: nameTag(args, service),
                    },
                    { parent: this },
                ),
        );
    }
}

function nameTag({ instance }: AwsNetworkArgs, suffix: string): { readonly Name: string } {
    return { Name: `${instance}-${suffix}` };
}
