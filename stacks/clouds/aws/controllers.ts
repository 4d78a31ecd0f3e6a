// What is installed on the cluster so that environments on it are reached, named and given nodes.
import * as pulumi from "@pulumi/pulumi";
import { AwsLoadBalancerController } from "../../../components/addons/aws-load-balancer-controller.ts";
import { ClusterAutoscaler } from "../../../components/addons/cluster-autoscaler.ts";
import { ExternalDns } from "../../../components/addons/external-dns.ts";
import { GatewayApiCrds } from "../../../components/addons/gateway-api-crds.ts";
import { clusterAutoscalerPolicy } from "../../../components/cluster/aws/cluster-autoscaler-policy.ts";
import { ControllerIdentity } from "../../../components/cluster/aws/controller-identity.ts";
import { externalDnsPolicy } from "../../../components/cluster/aws/external-dns-policy.ts";
import { loadBalancerControllerPolicy } from "../../../components/cluster/aws/load-balancer-controller-policy.ts";
import type { DnsZone } from "../../../components/dns/contract.ts";
import type { PodIdentity } from "../../../components/identity/contract.ts";
import type { PolicyDocument } from "../../../components/cluster/aws/policy-document.ts";
import type { AwsSubnets } from "../../../components/vpc/aws/network.ts";
import type { AwsGateway } from "../../platform/contract.ts";
import type { AwsCluster, AwsScope } from "./scope.ts";

export interface ControllersArgs {
    readonly cluster: AwsCluster;
    readonly subnets: AwsSubnets;
    readonly kubernetes: pulumi.ProviderResource;
    readonly zone?: DnsZone;
}

export interface Controllers {
    readonly gateway?: AwsGateway;
    /** An environment's routes and records are deleted before the controller that would clean up after them (R72). */
    readonly ready: readonly pulumi.Resource[];
}

export function createControllers(scope: AwsScope, args: ControllersArgs): Controllers {
    const { gateway, definitions } = createGateway(scope, args);
    const ready = [
        ...(gateway?.ready ?? []),
        ...createHostRecords(scope, args, definitions),
        ...createAutoscaler(scope, args),
    ];
    return { ready, ...(gateway && { gateway: gateway.gateway }) };
}

interface MadeGateway {
    readonly gateway?: { readonly gateway: AwsGateway; readonly ready: readonly pulumi.Resource[] };
    /** The Gateway API's, which ExternalDNS watches too. */
    readonly definitions: readonly pulumi.Resource[];
}

/** Seconds: the controller deregisters a pod, and the load balancer's nodes hear of it, within ten to twenty. */
const drain = 25;

function createGateway(scope: AwsScope, { cluster, subnets, kubernetes }: ControllersArgs): MadeGateway {
    const { settings, instance, data, region } = scope;
    const way = settings.gateway;
    if (way.variant === "none") {
        return { definitions: [] };
    }
    const { attributes, certificateArns, loadBalancer: native } = way;
    const from = { namespaces: [], cidrs: subnets.publicCidrs };
    const common = { kind: "aws", from, drain, attributes, certificateArns, ...(native && { native }) } as const;
    if (way.variant === "existing") {
        return {
            definitions: [],
            gateway: {
                gateway: { ...common, className: way.className },
                ready: [],
            },
        };
    }
    const definitions =
        way.definitions === "present"
            ? []
            : [
                  new GatewayApiCrds(
                      "gateway-api",
                      { instance, data },
                      { providers: [kubernetes], dependsOn: [...cluster.ready] },
                  ).ready,
              ];
    const identity = allow(
        scope,
        cluster,
        "load-balancer-controller",
        AwsLoadBalancerController.identity,
        loadBalancerControllerPolicy,
    );
    const controller = new AwsLoadBalancerController(
        "load-balancer-controller",
        {
            instance,
            data,
            region,
            clusterName: cluster.name,
            vpcId: subnets.vpcId,
            // Whose ranges web pods let in: of a network that is found, others may carry the tag too.
            subnetIds: subnets.publicSubnetIds,
            ...(way.native && { native: way.native }),
        },
        { providers: [kubernetes], dependsOn: [...cluster.ready, ...definitions, identity, ...subnets.ready] },
    );
    return {
        definitions,
        gateway: {
            gateway: { ...common, className: controller.className },
            ready: [...definitions, controller.ready],
        },
    };
}

function createHostRecords(
    scope: AwsScope,
    { cluster, kubernetes, zone }: ControllersArgs,
    definitions: readonly pulumi.Resource[],
): readonly pulumi.Resource[] {
    const { settings, instance, data, region } = scope;
    if (
        zone === undefined ||
        settings.dns.variant === "none" ||
        !settings.dns.hostRecords ||
        settings.gateway.variant === "none"
    ) {
        return [];
    }
    const policy = pulumi.output(zone.id).apply(externalDnsPolicy);
    const identity = allow(scope, cluster, "external-dns", ExternalDns.identity, policy);
    const controller = new ExternalDns(
        "external-dns",
        { instance, data, domains: [zone.domain], provider: { cloud: "aws", region, zoneId: zone.id } },
        { providers: [kubernetes], dependsOn: [...cluster.ready, ...definitions, identity] },
    );
    return [controller.ready];
}

/** Auto Mode makes nodes by itself. */
function createAutoscaler(scope: AwsScope, { cluster, kubernetes }: ControllersArgs): readonly pulumi.Resource[] {
    const { instance, data, region } = scope;
    if (cluster.nodes?.variant !== "managed") {
        return [];
    }
    const identity = allow(
        scope,
        cluster,
        "cluster-autoscaler",
        ClusterAutoscaler.identity,
        clusterAutoscalerPolicy(cluster.name),
    );
    const controller = new ClusterAutoscaler(
        "cluster-autoscaler",
        { instance, data, region, clusterName: cluster.name },
        { providers: [kubernetes], dependsOn: [...cluster.ready, identity] },
    );
    return [controller.ready];
}

function allow(
    { opts }: AwsScope,
    cluster: AwsCluster,
    name: string,
    identity: PodIdentity,
    policy: pulumi.Input<PolicyDocument>,
): pulumi.Resource {
    return new ControllerIdentity(
        `${name}-identity`,
        { clusterName: cluster.name, identity, description: name, policy },
        // A name is known before the cluster is there. Of nodes and add-ons it asks nothing: it is minutes old when its pods start.
        { ...opts, dependsOn: [...cluster.created] },
    ).ready;
}
