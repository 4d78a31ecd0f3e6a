// Networks of EC2.
// @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html
import { renamed, tagged, type Output, type Translations } from "./translation.ts";

export const network: Translations = {
    "aws:ec2/vpc:Vpc": {
        up: async ({ call, input }) => {
            const made = await call("ec2.CreateVpc", tagged("vpc", input("enableDnsHostnames", "enableDnsSupport")));
            const id = made?.["Vpc"].VpcId as string;
            for (const attribute of ["enableDnsSupport", "enableDnsHostnames"]) {
                const wanted = input()[attribute];
                if (wanted !== undefined) {
                    await call("ec2.ModifyVpcAttribute", { vpcId: id, [attribute]: { value: wanted } });
                }
            }
            const groups = await call("ec2.DescribeSecurityGroups", {
                filters: [
                    { Name: "vpc-id", Values: [id] },
                    { Name: "group-name", Values: ["default"] },
                ],
            });
            return { id, defaultSecurityGroupId: groups?.["SecurityGroups"][0].GroupId as string };
        },
        down: ({ call, asked }) => call("ec2.DeleteVpc", { vpcId: asked.id }),
    },
    "aws:ec2/subnet:Subnet": {
        up: async ({ call, input }) => {
            const made = await call("ec2.CreateSubnet", tagged("subnet", input("mapPublicIpOnLaunch")));
            const id = made?.["Subnet"].SubnetId as string;
            if (input()["mapPublicIpOnLaunch"] === true) {
                await call("ec2.ModifySubnetAttribute", { subnetId: id, mapPublicIpOnLaunch: { value: true } });
            }
            return { id };
        },
        down: ({ call, asked }) => call("ec2.DeleteSubnet", { subnetId: asked.id }),
    },
    "aws:ec2/routeTable:RouteTable": {
        // `routes: []` takes away what is there; a new table has none.
        up: async ({ call, input }) => {
            const made = await call("ec2.CreateRouteTable", tagged("route-table", input("routes")));
            return { id: made?.["RouteTable"].RouteTableId as string };
        },
        down: ({ call, asked }) => call("ec2.DeleteRouteTable", { routeTableId: asked.id }),
    },
    "aws:ec2/route:Route": {
        up: async ({ call, input }) => {
            await call("ec2.CreateRoute", input());
            return undefined;
        },
        down: ({ call, text }) =>
            call("ec2.DeleteRoute", {
                routeTableId: text("routeTableId"),
                destinationCidrBlock: text("destinationCidrBlock"),
            }),
    },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {
        up: async ({ call, input }) => {
            const made = await call("ec2.AssociateRouteTable", input());
            return { id: made?.["AssociationId"] as string };
        },
        down: ({ call, asked }) => call("ec2.DisassociateRouteTable", { associationId: asked.id }),
    },
    "aws:ec2/internetGateway:InternetGateway": {
        up: async ({ call, input, text }) => {
            const made = await call("ec2.CreateInternetGateway", tagged("internet-gateway", input("vpcId")));
            const id = made?.["InternetGateway"].InternetGatewayId as string;
            await call("ec2.AttachInternetGateway", { internetGatewayId: id, vpcId: text("vpcId") });
            return { id };
        },
        down: async ({ call, asked, text }) => {
            await call("ec2.DetachInternetGateway", { internetGatewayId: asked.id, vpcId: text("vpcId") });
            await call("ec2.DeleteInternetGateway", { internetGatewayId: asked.id });
        },
    },
    "aws:ec2/eip:Eip": {
        up: async ({ call, input }) => {
            const made = await call("ec2.AllocateAddress", tagged("elastic-ip", input()));
            const id = made?.["AllocationId"] as string;
            return { id, allocationId: id, publicIp: made?.["PublicIp"] as string };
        },
        down: ({ call, asked }) => call("ec2.ReleaseAddress", { allocationId: asked.id }),
    },
    "aws:ec2/natGateway:NatGateway": {
        up: async ({ call, input }) => {
            const made = await call("ec2.CreateNatGateway", tagged("natgateway", input()));
            return { id: made?.["NatGateway"].NatGatewayId as string };
        },
        down: ({ call, asked }) => call("ec2.DeleteNatGateway", { natGatewayId: asked.id }),
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        up: async ({ call, input }) => {
            const made = await call("ec2.CreateVpcEndpoint", tagged("vpc-endpoint", input()));
            return { id: made?.["VpcEndpoint"].VpcEndpointId as string };
        },
        down: ({ call, asked }) => call("ec2.DeleteVpcEndpoints", { vpcEndpointIds: [asked.id] }),
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        up: async ({ call, input, text }) => {
            const made = await call(
                "ec2.CreateSecurityGroup",
                tagged("security-group", {
                    ...renamed(input("revokeRulesOnDelete"), { name: "groupName" }),
                    groupName: text("name"),
                }),
            );
            const id = made?.["GroupId"] as string;
            // The provider takes away the rule that AWS gives every group.
            await call("ec2.RevokeSecurityGroupEgress", {
                groupId: id,
                ipPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
            });
            return { id };
        },
        down: ({ call, asked }) => call("ec2.DeleteSecurityGroup", { groupId: asked.id }),
    },
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
        up: async ({ call, text }) => {
            const found = await call("ec2.DescribeSecurityGroups", {
                filters: [
                    { Name: "vpc-id", Values: [text("vpcId")] },
                    { Name: "group-name", Values: ["default"] },
                ],
            });
            const group = found?.["SecurityGroups"][0] as Output;
            const id = group["GroupId"] as string;
            for (const [rules, operation] of [
                ["IpPermissions", "ec2.RevokeSecurityGroupIngress"],
                ["IpPermissionsEgress", "ec2.RevokeSecurityGroupEgress"],
            ] as const) {
                if ((group[rules] as unknown[]).length > 0) {
                    await call(operation, { groupId: id, ipPermissions: group[rules] });
                }
            }
            return { id };
        },
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        up: async ({ call, input, text }) => {
            const rule = input(
                "securityGroupId",
                "tags",
                "referencedSecurityGroupId",
                "cidrIpv4",
                "cidrIpv6",
                "description",
            );
            const { referencedSecurityGroupId, cidrIpv4, cidrIpv6, description, tags } = input();
            const said = description === undefined ? {} : { Description: description };
            const made = await call(
                "ec2.AuthorizeSecurityGroupIngress",
                tagged("security-group-rule", {
                    ...(tags !== undefined && { tags }),
                    groupId: text("securityGroupId"),
                    ipPermissions: [
                        {
                            ...rule,
                            ...(referencedSecurityGroupId !== undefined && {
                                UserIdGroupPairs: [{ GroupId: referencedSecurityGroupId, ...said }],
                            }),
                            ...(cidrIpv4 !== undefined && { IpRanges: [{ CidrIp: cidrIpv4, ...said }] }),
                            ...(cidrIpv6 !== undefined && { Ipv6Ranges: [{ CidrIpv6: cidrIpv6, ...said }] }),
                        },
                    ],
                }),
            );
            return { id: made?.["SecurityGroupRules"][0].SecurityGroupRuleId as string };
        },
        down: ({ call, asked, text }) =>
            call("ec2.RevokeSecurityGroupIngress", {
                groupId: text("securityGroupId"),
                securityGroupRuleIds: [asked.id],
            }),
    },
    "aws:ec2/flowLog:FlowLog": {
        up: async ({ call, input, text }) => {
            const made = await call(
                "ec2.CreateFlowLogs",
                tagged("vpc-flow-log", {
                    ...renamed(input("vpcId"), { iamRoleArn: "deliverLogsPermissionArn" }),
                    resourceIds: [text("vpcId")],
                    resourceType: "VPC",
                }),
            );
            return { id: made?.["FlowLogIds"][0] as string };
        },
        down: ({ call, asked }) => call("ec2.DeleteFlowLogs", { flowLogIds: [asked.id] }),
    },
    "aws:ec2/launchTemplate:LaunchTemplate": {
        up: async ({ call, input, text }) => {
            const made = await call(
                "ec2.CreateLaunchTemplate",
                tagged("launch-template", {
                    launchTemplateName: text("name"),
                    ...(input()["tags"] !== undefined && { tags: input()["tags"] }),
                    launchTemplateData: input("name", "tags", "updateDefaultVersion"),
                }),
            );
            return { id: made?.["LaunchTemplate"].LaunchTemplateId as string };
        },
        down: ({ call, asked }) => call("ec2.DeleteLaunchTemplate", { launchTemplateId: asked.id }),
    },
};
