// A network of its own: private nodes, one way out, and the peering by which Google's managed stores have private addresses.
import * as pulumi from "@pulumi/pulumi";
import { Address } from "@pulumi/gcp/compute/address.js";
import { GlobalAddress } from "@pulumi/gcp/compute/globalAddress.js";
import { Network, type NetworkArgs } from "@pulumi/gcp/compute/network.js";
import { Router } from "@pulumi/gcp/compute/router.js";
import { RouterNat, type RouterNatArgs } from "@pulumi/gcp/compute/routerNat.js";
import { Subnetwork, type SubnetworkArgs } from "@pulumi/gcp/compute/subnetwork.js";
import { Connection } from "@pulumi/gcp/servicenetworking/connection.js";
import { range } from "../../../lib/cidr.ts";
import { withNative } from "../../../lib/native.ts";
import type { GcpVpc } from "../contract.ts";

type Native = Readonly<Record<string, unknown>>;

export interface GcpNetworkArgs {
    readonly region: string;
    readonly ranges: {
        /** A node and an internal load balancer take one address each. */
        readonly nodes: string;
        /** GKE gives each node 256 of these: a /14 is for 1,024 nodes. Never changed without a new cluster. */
        readonly pods: string;
        /** Never changed without a new cluster. */
        readonly services: string;
        /** For Google's managed stores. A Cloud SQL region takes a /24 of it. */
        readonly privateServices: string;
    };
    /** The part of all connections that is logged, from 0 (none) to 1. */
    readonly flowLogSampling: number;
    /**
     * Names of addresses by which pods reach the internet, so that others can let them in; each is for about 64,000 connections to
     * one destination. Empty: Google takes addresses as it needs them.
     */
    readonly outgoingAddresses: readonly string[];
    /** @default nothing is changed */
    readonly native?: { readonly network?: Native; readonly subnetwork?: Native; readonly nat?: Native };
}

/** Names of the subnetwork's secondary ranges; they are unique within it. */
const podsRange = "pods";
const servicesRange = "services";

export class GcpNetwork extends pulumi.ComponentResource implements GcpVpc {
    readonly cloud = "gcp";
    readonly network: pulumi.Output<string>;
    readonly subnetwork: pulumi.Output<string>;
    readonly podsRange = podsRange;
    readonly servicesRange = servicesRange;
    readonly privateServices: Connection;

    constructor(name: string, args: GcpNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:vpc:GcpNetwork", name, {}, opts);

        const network = this.createNetwork(name, args);
        const subnetwork = this.createSubnetwork(name, args, network);
        this.createNat(name, args, network, subnetwork);
        this.privateServices = this.createPrivateServices(name, args, network);
        this.network = network.id;
        this.subnetwork = subnetwork.id;

        this.registerOutputs({ network: this.network, subnetwork: this.subnetwork });
    }

    private createNetwork(name: string, { native }: GcpNetworkArgs): Network {
        const network: NetworkArgs = {
            description: "Django on Kubernetes",
            // Else each of Google's regions gets a subnetwork, with ranges that nobody chose.
            autoCreateSubnetworks: false,
            routingMode: "REGIONAL",
        };
        return new Network(`${name}-network`, withNative(network, native?.network), { parent: this });
    }

    private createSubnetwork(
        name: string,
        { region, ranges, flowLogSampling, native }: GcpNetworkArgs,
        network: Network,
    ): Subnetwork {
        const logConfig = {
            aggregationInterval: "INTERVAL_10_MIN",
            flowSampling: flowLogSampling,
            metadata: "INCLUDE_ALL_METADATA",
        };
        const subnetwork: SubnetworkArgs = {
            network: network.id,
            region,
            ipCidrRange: ranges.nodes,
            secondaryIpRanges: [
                { rangeName: podsRange, ipCidrRange: ranges.pods },
                { rangeName: servicesRange, ipCidrRange: ranges.services },
            ],
            // Nodes have no public address: images of Artifact Registry and Google's APIs come this way, without NAT.
            privateIpGoogleAccess: true,
            ...(flowLogSampling > 0 && { logConfig }),
        };
        return new Subnetwork(`${name}-nodes`, withNative(subnetwork, native?.subnetwork), { parent: this });
    }

    private createNat(name: string, args: GcpNetworkArgs, network: Network, subnetwork: Subnetwork): void {
        const { region, outgoingAddresses, native } = args;
        const router = new Router(`${name}-router`, { network: network.id, region }, { parent: this });
        const natIps = outgoingAddresses.map(
            (address) =>
                new Address(`${name}-outgoing-${address}`, { region, addressType: "EXTERNAL" }, { parent: this })
                    .selfLink,
        );
        const nat: RouterNatArgs = {
            router: router.name,
            region,
            natIpAllocateOption: natIps.length > 0 ? "MANUAL_ONLY" : "AUTO_ONLY",
            // None are said too: left out, those of an earlier setting stay, and Google refuses them beside AUTO_ONLY (R92).
            natIps,
            sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
            subnetworks: [{ name: subnetwork.id, sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
            // All pods of a node share its ports: with a fixed number of 64 a busy worker runs out, and calls hang.
            enableDynamicPortAllocation: true,
            enableEndpointIndependentMapping: false,
            minPortsPerVm: 64,
            maxPortsPerVm: 4096,
            logConfig: { enable: true, filter: "ERRORS_ONLY" },
        };
        new RouterNat(`${name}-nat`, withNative(nat, native?.nat), { parent: this });
    }

    private createPrivateServices(name: string, { ranges }: GcpNetworkArgs, network: Network): Connection {
        const { bits } = range(ranges.privateServices);
        const reserved = new GlobalAddress(
            `${name}-private-services`,
            {
                description: "For Google's managed stores",
                addressType: "INTERNAL",
                purpose: "VPC_PEERING",
                network: network.id,
                address: ranges.privateServices.split("/")[0]!,
                prefixLength: bits,
            },
            { parent: this },
        );
        return new Connection(
            `${name}-peering`,
            {
                network: network.id,
                service: "servicenetworking.googleapis.com",
                reservedPeeringRanges: [reserved.name],
                // Google keeps the producer's side for up to four days after the last Cloud SQL instance, and refuses to
                // delete the peering until then (0020). A later peering of the same network then takes it over.
                deletionPolicy: "ABANDON",
                updateOnCreationFail: true,
            },
            { parent: this },
        );
    }
}
