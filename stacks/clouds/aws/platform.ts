// EKS in a network, with what environments need besides: keys, a registry, a DNS zone, controllers.
import * as pulumi from "@pulumi/pulumi";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { EksCluster, type EksNodes } from "../../../components/cluster/aws/eks.ts";
import { eksClusterArn, eksKubeconfig } from "../../../components/cluster/aws/kubeconfig.ts";
import { AutoModeNodePools } from "../../../components/cluster/aws/node-pools.ts";
import { AutoModeNetworkPolicy } from "../../../components/cluster/aws/network-policy.ts";
import { EbsStorageClass } from "../../../components/cluster/aws/storage-class.ts";
import { Route53Zone } from "../../../components/dns/aws/zone.ts";
import type { DnsZone } from "../../../components/dns/contract.ts";
import { CiClusterAccess, reviewGroup } from "../../../components/cluster/aws/ci-access.ts";
import { ReviewAccess } from "../../../components/identity/review-access.ts";
import { AwsCi, type SecretsKey } from "../../../components/identity/aws/ci.ts";
import { KmsKey, secretsProviderOf, type KmsKeyArgs } from "../../../components/keys/aws/key.ts";
import { containerLogsAddon, ContainerLogs } from "../../../components/logs/aws/containers.ts";
import { ControlPlaneLogs } from "../../../components/logs/aws/control-plane.ts";
import { VpcFlowLogs } from "../../../components/logs/aws/flow-logs.ts";
import { EcrRegistry } from "../../../components/registry/aws/ecr.ts";
import type { Registry } from "../../../components/registry/contract.ts";
import { AwsNetwork, type AwsSubnets } from "../../../components/vpc/aws/network.ts";
import { cloudName } from "../../../lib/cloud-name.ts";
import { ecrRepositoriesOf } from "../../../lib/registry-paths.ts";
import type { ResolvedAwsPlatform } from "../../../settings/clouds/aws/resolve.ts";
import { ciArgs } from "../../ci.ts";
import type { PlatformContext } from "../../context.ts";
import type { Platform } from "../../platform/contract.ts";
import { createControllers } from "./controllers.ts";
import type { AwsCluster, AwsScope } from "./scope.ts";

/** Names of node groups, log groups and roles begin with it. */
const clusterNameLimit = 40;

/** The controller then keeps an old pod until the load balancer finds the new one healthy. */
const namespaceLabels = { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" } as const;

export async function createAwsPlatform(settings: ResolvedAwsPlatform, context: PlatformContext): Promise<Platform> {
    const { instance, data, clouds } = context;
    const opts = { providers: [await clouds.provider("aws")] };
    const scope: AwsScope = { instance, data, settings, ...clouds.settings("aws"), opts };

    const subnets = createNetwork(scope);
    const registry = createRegistry(scope);
    const { secretsProvider, key: secretsKey } = createSecretsKey(scope);
    // Before what takes minutes: its jobs may be let in at once.
    const ci = createCi(scope, registry, secretsKey);
    const made = createCluster(scope, subnets);
    const zone = createZone(scope);

    const kubernetes = new KubernetesProvider("kubernetes", {
        kubeconfig: made.kubeconfig,
        clusterIdentifier: made.identifier,
        enableServerSideApply: true,
    });
    // Controllers and environments need the nodes of all pools, until they are gone.
    const cluster = { ...made, ready: [...made.ready, ...createNodePools(scope, kubernetes)] };
    const inside = createInside(scope, cluster, kubernetes);
    const { deploy, preview, review } = ci?.identities ?? {};
    if (scope.settings.cluster.variant === "create" && (deploy ?? preview ?? review) !== undefined) {
        const roles = { ...(deploy && { deploy }), ...(preview && { preview }), ...(review && { review }) };
        new CiClusterAccess(
            "ci-access",
            { clusterName: cluster.name, roles },
            { ...scope.opts, dependsOn: [...cluster.ready] },
        );
    }
    if (scope.settings.cluster.variant === "create" && review !== undefined) {
        new ReviewAccess(
            "review-access",
            { subjects: [{ kind: "Group", name: reviewGroup }] },
            { provider: kubernetes, dependsOn: [...cluster.ready] },
        );
    }
    const { gateway, ready } = createControllers(scope, { cluster, subnets, kubernetes, ...(zone && { zone }) });
    const storageClass = inside.storageClass ?? cluster.storageClass;

    return {
        kubernetes,
        connection: { clusterIdentifier: cluster.identifier, kubeconfig: cluster.kubeconfig },
        ready: [...cluster.ready, ...inside.ready, ...ready],
        networkPolicy: cluster.networkPolicy,
        watched: { cloud: "aws", name: cluster.name, containerInsights: settings.logs.containers !== undefined },
        vpc: {
            cloud: "aws",
            vpcId: subnets.vpcId,
            publicSubnetIds: subnets.publicSubnetIds,
            privateSubnetIds: subnets.privateSubnetIds,
            storeSubnetIds: subnets.storeSubnetIds,
            storeCidrs: subnets.storeCidrs,
            clientSecurityGroupId: cluster.securityGroupId,
        },
        ...(storageClass !== undefined && { storageClass }),
        ...(gateway && { gateway, namespaceLabels }),
        ...(zone && { zone }),
        ...(registry && { registry }),
        ...(secretsProvider && { secretsProvider }),
        ...(ci && { ci }),
    };
}

function createCi(
    { settings: { ci, registry: images }, instance, opts }: AwsScope,
    registry: Registry | undefined,
    secretsKey: SecretsKey | undefined,
): AwsCi | undefined {
    if (ci.variant === "none") {
        return undefined;
    }
    const repositories =
        registry instanceof EcrRegistry
            ? registry.arns
            : images.variant === "existing"
              ? [ecrRepositoriesOf(images.prefix)].filter((arn) => arn !== undefined)
              : [];
    return new AwsCi(
        "ci",
        {
            ...ciArgs(instance, ci, ci.deploy?.policies ?? []),
            repositories,
            ...(ci.oidcProvider !== undefined && { oidcProvider: ci.oidcProvider }),
            ...(secretsKey && { secretsKey }),
        },
        opts,
    );
}

function createNetwork({ settings, instance, data, account, region, opts }: AwsScope): AwsSubnets {
    const { network, logs, native } = settings;
    if (network.variant === "existing") {
        return {
            cloud: "aws",
            vpcId: network.id,
            publicSubnetIds: network.publicSubnets,
            privateSubnetIds: network.privateSubnets,
            storeSubnetIds: network.storeSubnets,
            storeCidrs: network.storeRanges,
            publicCidrs: network.publicRanges,
            ready: [],
        };
    }
    const { range: cidr, zones, endpoints, nat } = network;
    const made = new AwsNetwork(
        "network",
        { instance, region, cidr, zones, nat, endpoints, ...(native.network && { native: native.network }) },
        opts,
    );
    if (logs.flow !== undefined) {
        const { traffic, days: retentionDays } = logs.flow;
        new VpcFlowLogs("flow-logs", { data, account, vpcId: made.vpcId, traffic, retentionDays }, opts);
    }
    return made;
}

function createCluster(scope: AwsScope, subnets: AwsSubnets): AwsCluster {
    const { settings, instance, data, account, region, opts } = scope;
    const { cluster, logs, native } = settings;
    if (cluster.variant === "existing") {
        const { name, endpoint, ca: certificateAuthority, securityGroup: securityGroupId, storageClass } = cluster;
        return {
            name,
            identifier: eksClusterArn({ account, region, name }),
            kubeconfig: pulumi.output(eksKubeconfig({ name, region, endpoint, certificateAuthority })),
            securityGroupId,
            created: [],
            ready: [],
            networkPolicy: cluster.enforcesNetworkPolicy
                ? { enforced: true }
                : {
                      enforced: false,
                      reason: "platform.cluster.enforcesNetworkPolicy is not set for the existing cluster",
                  },
            ...(storageClass !== undefined && { storageClass }),
        };
    }
    const clusterName = cloudName([instance], clusterNameLimit);
    const key = createKey(scope, "cluster-key", {
        description: `Secrets of the cluster ${clusterName}`,
        alias: `alias/${clusterName}-eks`,
    });
    const log = new ControlPlaneLogs("cluster-logs", { data, clusterName, retentionDays: logs.controlPlaneDays }, opts);
    const nodes = nodesOf(cluster.nodes);
    const made = new EksCluster(
        "cluster",
        {
            data,
            account,
            region,
            clusterName,
            version: cluster.version,
            privateSubnetIds: subnets.privateSubnetIds,
            after: subnets.ready,
            serviceCidr: cluster.serviceRange,
            apiCidrs: cluster.apiAccess.cidrs,
            privateApiCidrs: cluster.apiAccess.privateCidrs,
            admins: cluster.admins,
            nodes,
            secretsKeyArn: key.arn,
            logGroup: log.group,
            addonVersions: cluster.addonVersions,
            ...(native.cluster && { native: native.cluster }),
        },
        opts,
    );
    const { name, identifier, kubeconfig, securityGroupId, created, ready, networkPolicy } = made;
    return { name, identifier, kubeconfig, securityGroupId, created: [created], ready, networkPolicy, nodes };
}

type NodesSettings = Extract<ResolvedAwsPlatform["cluster"], { variant: "create" }>["nodes"];

function nodesOf(nodes: NodesSettings): EksNodes {
    if (nodes.variant === "auto") {
        return { variant: "auto", pools: nodes.pools };
    }
    return { variant: "managed", groups: nodes.groups };
}

/** They wait for the API alone: an add-on of EKS may be waiting for one of their nodes. */
function createNodePools(
    { settings: { cluster }, instance }: AwsScope,
    kubernetes: KubernetesProvider,
): readonly pulumi.Resource[] {
    if (cluster.variant === "existing" || cluster.nodes.variant !== "auto") {
        return [];
    }
    const pools = Object.fromEntries(
        Object.entries(cluster.nodes.ownPools).map(([name, { instanceTypes, ...pool }]) => [
            name,
            { ...pool, ...(instanceTypes && { instanceTypes }) },
        ]),
    );
    return Object.keys(pools).length === 0
        ? []
        : new AutoModeNodePools("node-pools", { instance, pools }, { providers: [kubernetes] }).ready;
}

/** What a new cluster has to have inside: nothing of an existing one is touched. */
function createInside(
    { settings, instance, data, opts }: AwsScope,
    { name: clusterName, nodes, ready }: AwsCluster,
    kubernetes: KubernetesProvider,
): { readonly ready: readonly pulumi.Resource[]; readonly storageClass?: string } {
    const made: pulumi.Resource[] = [];
    if (settings.logs.containers !== undefined) {
        const retentionDays = settings.logs.containers.days;
        const { cluster } = settings;
        const addonVersion = cluster.variant === "create" ? cluster.addonVersions[containerLogsAddon] : undefined;
        const version = addonVersion !== undefined && { addonVersion };
        const args = { data, clusterName, retentionDays, ...version, after: ready };
        made.push(new ContainerLogs("container-logs", args, opts).ready);
    }
    if (nodes === undefined) {
        return { ready: made };
    }
    const inCluster = { providers: [kubernetes], dependsOn: [...ready] };
    if (nodes.variant === "auto") {
        made.push(new AutoModeNetworkPolicy("network-policy", { instance }, inCluster).ready);
    }
    const driver = nodes.variant === "auto" ? "auto" : "add-on";
    const storage = new EbsStorageClass("storage", { instance, driver }, inCluster);
    return { ready: [...made, storage.ready], storageClass: storage.className };
}

function createZone({ settings: { dns, native }, account, data, opts }: AwsScope): DnsZone | undefined {
    switch (dns.variant) {
        case "none":
            return undefined;
        case "existing":
            return { domain: dns.domain, id: dns.id, nameServers: pulumi.output([]) };
        case "create": {
            const { domain, certificateAuthorities, parentZone: parentZoneId, dnssec } = dns;
            return new Route53Zone(
                "zone",
                {
                    account,
                    data,
                    domain,
                    certificateAuthorities,
                    dnssec,
                    ...(parentZoneId !== undefined && { parentZoneId }),
                    ...(native.dns && { native: native.dns }),
                },
                opts,
            );
        }
        default:
            return dns satisfies never;
    }
}

function createRegistry({
    settings: { registry, native },
    instance,
    account,
    region,
    data,
    opts,
}: AwsScope): Registry | undefined {
    switch (registry.variant) {
        case "none":
            return undefined;
        case "existing":
            return { prefix: pulumi.output(registry.prefix) };
        case "create": {
            const { repositories, keepImages } = registry;
            return new EcrRegistry(
                "registry",
                {
                    instance,
                    account,
                    region,
                    data,
                    repositories,
                    keepImages,
                    ...(native.registry && { native: native.registry }),
                },
                opts,
            );
        }
        default:
            return registry satisfies never;
    }
}

function createKey(
    { settings: { native }, data, opts }: AwsScope,
    name: string,
    args: Pick<KmsKeyArgs, "description" | "alias" | "outlivesStack">,
): KmsKey {
    return new KmsKey(name, { data, ...args, ...(native.keys && { native: native.keys }) }, opts);
}

function createSecretsKey(scope: AwsScope): {
    readonly secretsProvider?: pulumi.Output<string>;
    readonly key?: SecretsKey;
} {
    const { settings, instance, account, region } = scope;
    const { secretsKey } = settings;
    switch (secretsKey.variant) {
        case "none":
            return {};
        case "existing": {
            const { id } = secretsKey;
            const arn = `arn:aws:kms:${region}:${account}:key/${id}`;
            return {
                secretsProvider: secretsProviderOf(id, region),
                key: id.startsWith("alias/") ? { alias: id } : { arn },
            };
        }
        case "create": {
            const key = createKey(scope, "secrets-key", {
                description: `Secrets of the stack ${instance}`,
                alias: `alias/${instance}-stack`,
                outlivesStack: true,
            });
            return { secretsProvider: secretsProviderOf(key.keyId, region), key: { arn: key.arn } };
        }
        default:
            return secretsKey satisfies never;
    }
}
