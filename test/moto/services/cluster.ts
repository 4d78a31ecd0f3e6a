// EKS.
// @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html
import type { PlainMap } from "../../../commands/plan/answers/values.ts";
import { renamed, type Making, type Translations } from "./translation.ts";

/** Calls that have to be done once and no more, if the answer to the first was lost. */
const once = "clientRequestToken";

const ofCluster = ({ text }: Making): { readonly clusterName: string } => ({ clusterName: text("clusterName") });

/** EKS makes one in the subnets' network. */
async function clusterSecurityGroup({ byItself, input, text }: Making): Promise<string> {
    const { subnetIds } = input()["vpcConfig"] as { readonly subnetIds: string[] };
    const found = await byItself("ec2.DescribeSubnets", { subnetIds });
    const made = await byItself("ec2.CreateSecurityGroup", {
        groupName: `eks-cluster-sg-${text("name")}`,
        description: "EKS created security group",
        vpcId: (found["Subnets"] as Record<string, string>[])[0]!["VpcId"],
    });
    return made["GroupId"] as string;
}

export const cluster: Translations = {
    "aws:eks/cluster:Cluster": {
        up: async (making) => {
            const { asked, call, input, text } = making;
            const { enabledClusterLogTypes, encryptionConfig, ...given } = renamed(input(), {
                vpcConfig: "resourcesVpcConfig",
            });
            const made = await call("eks.CreateCluster", {
                ...given,
                ...(enabledClusterLogTypes !== undefined && {
                    logging: { clusterLogging: [{ enabled: true, types: enabledClusterLogTypes }] },
                }),
                ...(encryptionConfig !== undefined && { encryptionConfig: [encryptionConfig] }),
            });
            const group = await clusterSecurityGroup(making);
            const found = await call("eks.DescribeCluster", { name: text("name") });
            const known = found?.["cluster"] as Record<string, never> | undefined;
            return made === undefined || known === undefined
                ? undefined
                : {
                      id: text("name"),
                      arn: known["arn"],
                      endpoint: known["endpoint"],
                      vpcConfig: {
                          ...(asked.outputs["vpcConfig"] as PlainMap),
                          clusterSecurityGroupId: group,
                      },
                  };
        },
        down: async ({ asked, byItself, call, text }) => {
            await call("eks.DeleteCluster", { name: text("name") });
            const { clusterSecurityGroupId } = asked.outputs["vpcConfig"] as PlainMap;
            await byItself("ec2.DeleteSecurityGroup", { groupId: clusterSecurityGroupId });
        },
    },
    "aws:eks/nodeGroup:NodeGroup": {
        up: async ({ call, input, text }) => {
            await call("eks.CreateNodegroup", {
                ...renamed(input("nodeRoleArn", "subnetIds"), { nodeGroupName: "nodegroupName" }),
                nodegroupName: text("nodeGroupName"),
                nodeRole: text("nodeRoleArn"),
                subnets: input()["subnetIds"],
            });
            return undefined;
        },
        down: (making) =>
            making.call("eks.DeleteNodegroup", { ...ofCluster(making), nodegroupName: making.text("nodeGroupName") }),
    },
    "aws:eks/addon:Addon": {
        up: async ({ call, input }) => {
            // An update asks for the other one.
            const { resolveConflictsOnCreate, ...given } = input("resolveConflictsOnUpdate", "preserve");
            await call("eks.CreateAddon", {
                ...given,
                ...(resolveConflictsOnCreate !== undefined && { resolveConflicts: resolveConflictsOnCreate }),
                [once]: "up",
            });
            return undefined;
        },
        down: (making) =>
            making.call("eks.DeleteAddon", {
                ...ofCluster(making),
                addonName: making.text("addonName"),
                preserve: false,
            }),
    },
    "aws:eks/accessEntry:AccessEntry": {
        up: async ({ call, input }) => {
            await call("eks.CreateAccessEntry", input());
            return undefined;
        },
        down: (making) =>
            making.call("eks.DeleteAccessEntry", { ...ofCluster(making), principalArn: making.text("principalArn") }),
    },
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
        up: async ({ call, input }) => {
            await call("eks.AssociateAccessPolicy", input());
            return undefined;
        },
        down: (making) =>
            making.call("eks.DisassociateAccessPolicy", {
                ...ofCluster(making),
                principalArn: making.text("principalArn"),
                policyArn: making.text("policyArn"),
            }),
    },
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
        up: async ({ call, input }) => {
            await call("eks.CreatePodIdentityAssociation", { ...input(), [once]: "up" });
            return undefined;
        },
        down: (making) =>
            making.call("eks.DeletePodIdentityAssociation", {
                ...ofCluster(making),
                associationId: making.asked.id,
            }),
    },
};
