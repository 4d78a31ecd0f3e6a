// Groups of machines that EKS replaces one by one when their template or version changes.
import * as pulumi from "@pulumi/pulumi";
import { LaunchTemplate } from "@pulumi/aws/ec2/launchTemplate.js";
import type { Cluster } from "@pulumi/aws/eks/cluster.js";
import { NodeGroup } from "@pulumi/aws/eks/nodeGroup.js";
import { withNative } from "../../../lib/native.ts";
import type { ServiceRole } from "./role.ts";

export interface NodeGroupArgs {
    readonly instanceTypes: readonly string[];
    readonly architecture: "amd64" | "arm64";
    /** Spare capacity at about a third of the price; AWS takes it back with two minutes' notice. */
    readonly spot: boolean;
    /** How many nodes: the autoscaler stays between the two. */
    readonly min: number;
    readonly max: number;
    readonly diskGigabytes: number;
    readonly labels: Readonly<Record<string, string>>;
    /** Arguments of aws.eks.NodeGroup over ours. @default none */
    readonly native?: Readonly<Record<string, unknown>>;
}

export interface NodeGroupsArgs {
    readonly instance: string;
    readonly cluster: Cluster;
    readonly role: ServiceRole;
    readonly subnetIds: ReadonlyArray<pulumi.Input<string>>;
    readonly groups: Readonly<Record<string, NodeGroupArgs>>;
    readonly after: readonly pulumi.Resource[];
}

const images: Readonly<Record<NodeGroupArgs["architecture"], string>> = {
    amd64: "AL2023_x86_64_STANDARD",
    arm64: "AL2023_ARM_64_STANDARD",
};

/** Each by its name: another group changes none. */
export function createNodeGroups(
    name: string,
    args: NodeGroupsArgs,
    opts: pulumi.CustomResourceOptions,
): readonly NodeGroup[] {
    return Object.entries(args.groups).map(([group, settings]) => {
        const key = `${name}-nodes-${group}`;
        const template = createTemplate(key, `${args.instance}-${group}`, settings, opts);
        return new NodeGroup(
            key,
            withNative(
                {
                    clusterName: args.cluster.name,
                    nodeRoleArn: args.role.arn,
                    subnetIds: [...args.subnetIds],
                    version: args.cluster.version,
                    amiType: images[settings.architecture],
                    capacityType: settings.spot ? "SPOT" : "ON_DEMAND",
                    instanceTypes: [...settings.instanceTypes],
                    labels: { ...settings.labels },
                    launchTemplate: { id: template.id, version: pulumi.interpolate`${template.latestVersion}` },
                    scalingConfig: { minSize: settings.min, maxSize: settings.max, desiredSize: settings.min },
                    updateConfig: { maxUnavailablePercentage: 33 },
                    nodeRepairConfig: { enabled: true },
                },
                settings.native,
            ),
            {
                ...opts,
                dependsOn: [...args.role.permissions, ...args.after],
                // The autoscaler's.
                ignoreChanges: ["scalingConfig.desiredSize"],
                customTimeouts: { create: "30m", update: "120m", delete: "60m" },
            },
        );
    });
}

function createTemplate(
    key: string,
    label: string,
    settings: NodeGroupArgs,
    opts: pulumi.CustomResourceOptions,
): LaunchTemplate {
    return new LaunchTemplate(
        `${key}-template`,
        {
            updateDefaultVersion: true,
            // A pod is two hops away: it gets no credentials of its node (R55).
            metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
            blockDeviceMappings: [
                {
                    // The root disk's name in Amazon Linux.
                    deviceName: "/dev/xvda",
                    ebs: {
                        volumeType: "gp3",
                        volumeSize: settings.diskGigabytes,
                        encrypted: "true",
                        deleteOnTermination: "true",
                    },
                },
            ],
            tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
                resourceType,
                tags: { Name: label },
            })),
        },
        opts,
    );
}
