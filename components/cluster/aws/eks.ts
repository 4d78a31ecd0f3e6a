// An EKS cluster: who may use its API, its log, its nodes and the add-ons without which no pod runs.
import * as pulumi from "@pulumi/pulumi";
import { AccessEntry } from "@pulumi/aws/eks/accessEntry.js";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation.js";
import { Cluster as AwsCluster, type ClusterArgs as AwsClusterArgs } from "@pulumi/aws/eks/cluster.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { withNative } from "../../../lib/native.ts";
import type { DataPolicy } from "../../contract.ts";
import type { Cluster, NetworkPolicySupport } from "../contract.ts";
import { addonsAfterNodes, addonsBeforeNodes } from "./eks-addons.ts";
import { eksClusterArn, eksKubeconfig } from "./kubeconfig.ts";
import { createNodeGroups, type NodeGroupArgs } from "./node-groups.ts";
import { serviceRole, type ServiceRole } from "./role.ts";

/**
 * `auto`: EKS runs the nodes, as many as pods need. `managed`: groups of machines by name, which the cluster autoscaler
 * makes larger and smaller.
 */
export type EksNodes =
    | {
          readonly variant: "auto";
          /** At least one: without any there is no NodeClass. */
          readonly pools: readonly BuiltInPool[];
      }
    | { readonly variant: "managed"; readonly groups: Readonly<Record<string, NodeGroupArgs>> };

/** `system` takes only what tolerates its taint: add-ons of AWS. */
export type BuiltInPool = "general-purpose" | "system";

export interface EksClusterArgs {
    readonly data: DataPolicy;
    readonly account: string;
    readonly region: string;
    /** At most 100 characters; never changes. */
    readonly clusterName: string;
    /** Kubernetes' minor version, `1.36`: a greater one upgrades, one step at a time. */
    readonly version: string;
    /**
     * Where node groups and the control plane's network interfaces are. At least two zones. The control plane stays in those of
     * its beginning, and so do Auto Mode's nodes: for them, later changes are ignored.
     */
    readonly privateSubnetIds: ReadonlyArray<pulumi.Input<string>>;
    /** What has to be there before a node can start: its way out. */
    readonly after: readonly pulumi.Resource[];
    /** Outside the network's range; never changes. */
    readonly serviceCidr: string;
    /** Who may reach the API from outside the network. Empty: nobody, it has no public address. */
    readonly apiCidrs: readonly string[];
    /** Who may reach its private address besides nodes and pods: a VPN, networks that are peered, runners of a CI. @default nobody */
    readonly privateApiCidrs?: readonly string[];
    /** ARNs of IAM roles and users that administer the cluster. Whoever runs Pulumi has to be one. */
    readonly admins: readonly string[];
    readonly nodes: EksNodes;
    /** Encrypts the Secrets in the control plane's store. */
    readonly secretsKeyArn: pulumi.Input<string>;
    /** The log group `/aws/eks/NAME/cluster`, which EKS would make itself, without an end to its retention. */
    readonly logGroup: pulumi.Resource;
    /** Versions of EKS add-ons by name. @default what EKS has as default for the cluster's version when the add-on is made */
    readonly addonVersions?: Readonly<Record<string, string>>;
    /** Arguments of aws.eks.Cluster over ours. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html */
const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/** @see https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html */
const clusterPolicies: Readonly<Record<EksNodes["variant"], readonly string[]>> = {
    auto: [
        "AmazonEKSClusterPolicy",
        "AmazonEKSComputePolicy",
        "AmazonEKSBlockStoragePolicy",
        "AmazonEKSLoadBalancingPolicy",
        "AmazonEKSNetworkingPolicy",
    ],
    managed: ["AmazonEKSClusterPolicy"],
};

/**
 * Addresses of pods are given by the CNI, which has a role of its own.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-create-node-role.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
 */
const nodePolicies: Readonly<Record<EksNodes["variant"], readonly string[]>> = {
    auto: ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"],
    managed: ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"],
};

const adminPolicy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

export class EksCluster extends pulumi.ComponentResource implements Cluster {
    readonly name: string;
    readonly kubeconfig: pulumi.Output<string>;
    readonly identifier: string;
    /** The control plane alone: what asks AWS, and no pod, does not wait for nodes and add-ons. */
    readonly created: pulumi.Resource;
    readonly ready: readonly pulumi.Resource[];
    readonly networkPolicy: NetworkPolicySupport = { enforced: true };
    /** Of nodes and pods; made by EKS. */
    readonly securityGroupId: pulumi.Output<string>;

    constructor(name: string, args: EksClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:cluster:Eks", name, {}, opts);
        this.name = args.clusterName;
        this.identifier = eksClusterArn({ ...args, name: args.clusterName });

        const nodeRole = serviceRole(
            `${name}-nodes`,
            {
                service: "ec2.amazonaws.com",
                description: "EKS nodes",
                managedPolicies: nodePolicies[args.nodes.variant],
            },
            { parent: this },
        );
        const cluster = this.createCluster(name, args, nodeRole);
        this.created = cluster;
        const access = [...this.admit(name, args, cluster), ...this.openInside(name, args, cluster)];
        this.ready = [...access, ...this.createNodes(name, args, cluster, nodeRole)];

        this.securityGroupId = cluster.vpcConfig.clusterSecurityGroupId;
        // Whoever asks the API before the access entries are there is refused.
        const authority = cluster.certificateAuthority.data.apply((data) => data ?? "");
        this.kubeconfig = pulumi
            .all([cluster.endpoint, authority, pulumi.all(access.map(({ id }) => id))])
            .apply(([endpoint, certificateAuthority]) =>
                eksKubeconfig({ name: this.name, region: args.region, endpoint, certificateAuthority }),
            );
        this.registerOutputs({ identifier: this.identifier });
    }

    private createCluster(name: string, args: EksClusterArgs, nodeRole: ServiceRole): AwsCluster {
        const { nodes, data } = args;
        const role = serviceRole(
            `${name}-control-plane`,
            {
                service: "eks.amazonaws.com",
                description: "EKS control plane",
                managedPolicies: clusterPolicies[nodes.variant],
            },
            { parent: this },
        );
        const auto = nodes.variant === "auto";
        const ours: AwsClusterArgs = {
            name: args.clusterName,
            version: args.version,
            roleArn: role.arn,
            accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
            // Each add-on is one of EKS, or of Auto Mode: none is there that nobody updates.
            bootstrapSelfManagedAddons: false,
            vpcConfig: {
                subnetIds: [...args.privateSubnetIds],
                endpointPrivateAccess: true,
                endpointPublicAccess: args.apiCidrs.length > 0,
                ...(args.apiCidrs.length > 0 && { publicAccessCidrs: [...args.apiCidrs] }),
            },
            encryptionConfig: { provider: { keyArn: args.secretsKeyArn }, resources: ["secrets"] },
            enabledClusterLogTypes: logTypes,
            upgradePolicy: { supportType: "STANDARD" },
            deletionProtection: data === "protected",
            // Auto Mode is these three at once; all are said, also when it is off, so that it can be switched on and off.
            computeConfig: nodes.variant === "auto" ? autoCompute(nodes.pools, nodeRole) : { enabled: false },
            kubernetesNetworkConfig: { serviceIpv4Cidr: args.serviceCidr, elasticLoadBalancing: { enabled: auto } },
            storageConfig: { blockStorage: { enabled: auto } },
        };
        return new AwsCluster(`${name}-cluster`, withNative(ours, args.native), {
            parent: this,
            protect: data === "protected",
            dependsOn: [...role.permissions, ...nodeRole.permissions, args.logGroup, ...args.after],
            // EKS keeps the zones that it was made with: subnets of another set of zones are refused, after a preview without a word.
            ignoreChanges: ["vpcConfig.subnetIds"],
            customTimeouts: { create: "45m", update: "90m", delete: "30m" },
        });
    }

    /** Each by its ARN: another admin changes none. */
    private admit(name: string, { admins }: EksClusterArgs, cluster: AwsCluster): readonly AccessPolicyAssociation[] {
        return admins.map((principalArn) => {
            const key = `${name}-admin-${principalArn.split(":").slice(4).join("-")}`;
            const entry = new AccessEntry(
                key,
                { clusterName: cluster.name, principalArn, type: "STANDARD" },
                { parent: this },
            );
            return new AccessPolicyAssociation(
                key,
                { clusterName: cluster.name, principalArn, policyArn: adminPolicy, accessScope: { type: "cluster" } },
                { parent: this, dependsOn: [entry] },
            );
        });
    }

    /** The private address takes what the cluster's security group lets in, and that is its members alone. */
    private openInside(
        name: string,
        { privateApiCidrs = [] }: EksClusterArgs,
        cluster: AwsCluster,
    ): readonly pulumi.CustomResource[] {
        return privateApiCidrs.map(
            (cidrIpv4) =>
                new SecurityGroupIngressRule(
                    `${name}-api-from-${cidrIpv4}`,
                    {
                        securityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
                        description: "Kubernetes API, private address",
                        cidrIpv4,
                        ipProtocol: "tcp",
                        fromPort: 443,
                        toPort: 443,
                    },
                    { parent: this },
                ),
        );
    }

    /** @returns what a pod needs to run */
    private createNodes(
        name: string,
        args: EksClusterArgs,
        cluster: AwsCluster,
        nodeRole: ServiceRole,
    ): readonly pulumi.Resource[] {
        const versions = args.addonVersions ?? {};
        const opts = { parent: this };
        if (args.nodes.variant === "auto") {
            // Its network, DNS, storage and Pod Identity are part of the nodes.
            return addonsAfterNodes(name, { cluster, versions, auto: true, nodes: [] }, opts);
        }
        const before = addonsBeforeNodes(name, { cluster, versions }, opts);
        const nodes = createNodeGroups(
            name,
            {
                instance: this.name,
                cluster,
                role: nodeRole,
                subnetIds: args.privateSubnetIds,
                groups: args.nodes.groups,
                after: [...before, ...args.after],
            },
            opts,
        );
        return [...nodes, ...before, ...addonsAfterNodes(name, { cluster, versions, auto: false, nodes }, opts)];
    }
}

function autoCompute(pools: readonly BuiltInPool[], nodeRole: ServiceRole): AwsClusterArgs["computeConfig"] {
    return { enabled: true, nodePools: [...pools], nodeRoleArn: nodeRole.arn };
}
