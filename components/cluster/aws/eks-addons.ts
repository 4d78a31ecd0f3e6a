// The add-ons that EKS itself installs and updates.
import type { CustomResourceOptions, Input, Resource } from "@pulumi/pulumi";
import { Addon } from "@pulumi/aws/eks/addon.js";
import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import { serviceRole } from "./role.ts";

export interface AddonsArgs {
    readonly cluster: Cluster;
    /** By the add-on's name. */
    readonly versions: Readonly<Record<string, string>>;
}

interface AddonSpec {
    readonly name: string;
    readonly configuration?: Readonly<Record<string, unknown>>;
    /** The ServiceAccount whose pods take a role with this managed policy. */
    readonly identity?: { readonly serviceAccount: string; readonly managedPolicy: string };
}

/** What runs on every node from its first second: without the CNI a node does not become ready. */
const beforeNodes: readonly AddonSpec[] = [
    {
        name: "vpc-cni",
        // NetworkPolicies are written down and mean nothing without it (R49).
        configuration: { enableNetworkPolicy: "true" },
        identity: { serviceAccount: "aws-node", managedPolicy: "AmazonEKS_CNI_Policy" },
    },
    { name: "kube-proxy" },
    { name: "eks-pod-identity-agent" },
];

/** What runs as pods: EKS waits until they do. */
const afterNodes: readonly AddonSpec[] = [
    { name: "coredns" },
    {
        name: "aws-ebs-csi-driver",
        identity: { serviceAccount: "ebs-csi-controller-sa", managedPolicy: "service-role/AmazonEBSCSIDriverPolicy" },
    },
];

/** For `kubectl top` and the autoscalers of pods; Auto Mode does not have it either. */
const metricsServer: AddonSpec = { name: "metrics-server" };

export function addonsBeforeNodes(name: string, args: AddonsArgs, opts: CustomResourceOptions): readonly Resource[] {
    return beforeNodes.map((spec) => createAddon(name, args, spec, [], opts));
}

export function addonsAfterNodes(
    name: string,
    args: AddonsArgs & { readonly auto: boolean; readonly nodes: readonly Resource[] },
    opts: CustomResourceOptions,
): readonly Resource[] {
    const specs = args.auto ? [metricsServer] : [...afterNodes, metricsServer];
    return specs.map((spec) => createAddon(name, args, spec, args.nodes, opts));
}

function createAddon(
    name: string,
    { cluster, versions }: AddonsArgs,
    { name: addonName, configuration, identity }: AddonSpec,
    after: readonly Input<Resource>[],
    opts: CustomResourceOptions,
): Addon {
    const key = `${name}-${addonName}`;
    const role =
        identity &&
        serviceRole(
            key,
            {
                service: "pods.eks.amazonaws.com",
                description: `EKS add-on ${addonName}`,
                managedPolicies: [identity.managedPolicy],
            },
            opts,
        );
    const addonVersion = versions[addonName];
    return new Addon(
        key,
        {
            clusterName: cluster.name,
            addonName,
            ...(addonVersion !== undefined && { addonVersion }),
            ...(configuration && { configurationValues: JSON.stringify(configuration) }),
            ...(identity &&
                role && { podIdentityAssociations: [{ roleArn: role.arn, serviceAccount: identity.serviceAccount }] }),
            // What was changed by hand in the cluster goes back to what is written here.
            resolveConflictsOnCreate: "OVERWRITE",
            resolveConflictsOnUpdate: "OVERWRITE",
        },
        { ...opts, dependsOn: [...after, ...(role?.permissions ?? [])] },
    );
}
