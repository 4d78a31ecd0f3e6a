// The policy that AWS publishes for its load balancer controller, less what an application load balancer by Gateway API
// does not use: Cognito, the first generation of WAF, network load balancers, Outposts. The add-on switches those off.
import type { PolicyDocument, PolicyStatement } from "./policy-document.ts";

/** On everything that the controller makes: what does not carry it, it may not change. */
const clusterTag = "elbv2.k8s.aws/cluster";

const isMarked = { Null: { [`aws:ResourceTag/${clusterTag}`]: "false" } };
const becomesMarked = { Null: { [`aws:RequestTag/${clusterTag}`]: "false" } };
const staysMarked = {
    Null: { [`aws:RequestTag/${clusterTag}`]: "true", [`aws:ResourceTag/${clusterTag}`]: "false" },
};

const securityGroups = "arn:aws:ec2:*:*:security-group/*";
const balancers = [
    "arn:aws:elasticloadbalancing:*:*:targetgroup/*/*",
    "arn:aws:elasticloadbalancing:*:*:loadbalancer/app/*/*",
];
const listeners = [
    "arn:aws:elasticloadbalancing:*:*:listener/app/*/*/*",
    "arn:aws:elasticloadbalancing:*:*:listener-rule/app/*/*/*",
];

function allow(
    actions: readonly string[],
    resource: string | readonly string[] = "*",
    condition?: PolicyStatement["Condition"],
): PolicyStatement {
    return { Effect: "Allow", Action: actions, Resource: resource, ...(condition && { Condition: condition }) };
}

function elb(...actions: readonly string[]): readonly string[] {
    return actions.map((action) => `elasticloadbalancing:${action}`);
}

function ec2(...actions: readonly string[]): readonly string[] {
    return actions.map((action) => `ec2:${action}`);
}

/**
 * Source: docs/install/iam_policy.json of the controller, as of version 3.4.
 *
 * @see https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/main/docs/install/iam_policy.json
 */
export const loadBalancerControllerPolicy: PolicyDocument = {
    Version: "2012-10-17",
    Statement: [
        allow(["iam:CreateServiceLinkedRole"], "*", {
            StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
        }),
        allow([
            ...ec2(
                "DescribeAccountAttributes",
                "DescribeAddresses",
                "DescribeAvailabilityZones",
                "DescribeInternetGateways",
                "DescribeVpcs",
                "DescribeVpcPeeringConnections",
                "DescribeSubnets",
                "DescribeSecurityGroups",
                "DescribeInstances",
                "DescribeNetworkInterfaces",
                "DescribeTags",
                "DescribeRouteTables",
                "DescribeIpamPools",
                "GetSecurityGroupsForVpc",
            ),
            ...elb(
                "DescribeLoadBalancers",
                "DescribeLoadBalancerAttributes",
                "DescribeListeners",
                "DescribeListenerAttributes",
                "DescribeListenerCertificates",
                "DescribeSSLPolicies",
                "DescribeRules",
                "DescribeTargetGroups",
                "DescribeTargetGroupAttributes",
                "DescribeTargetHealth",
                "DescribeTags",
                "DescribeTrustStores",
                "DescribeCapacityReservation",
            ),
            // Certificates by the host names of listeners and routes.
            "acm:ListCertificates",
            "acm:DescribeCertificate",
            "iam:ListServerCertificates",
            "iam:GetServerCertificate",
            // What a LoadBalancerConfiguration may ask for. Neither takes a tag of ours as a condition.
            "wafv2:GetWebACL",
            "wafv2:GetWebACLForResource",
            "wafv2:AssociateWebACL",
            "wafv2:DisassociateWebACL",
            "shield:GetSubscriptionState",
            "shield:DescribeProtection",
            "shield:CreateProtection",
            "shield:DeleteProtection",
        ]),
        // Into the cluster's group, which EKS made and which carries another mark.
        allow(ec2("AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress", "CreateSecurityGroup")),
        allow(ec2("CreateTags"), securityGroups, {
            StringEquals: { "ec2:CreateAction": "CreateSecurityGroup" },
            ...becomesMarked,
        }),
        allow(ec2("CreateTags", "DeleteTags"), securityGroups, staysMarked),
        allow(ec2("DeleteSecurityGroup"), "*", isMarked),
        allow(elb("CreateLoadBalancer", "CreateTargetGroup"), "*", becomesMarked),
        allow(elb("AddTags"), balancers, {
            StringEquals: { "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"] },
            ...becomesMarked,
        }),
        allow(elb("AddTags", "RemoveTags"), balancers, staysMarked),
        allow(elb("AddTags", "RemoveTags"), listeners),
        allow(
            elb(
                "CreateListener",
                "DeleteListener",
                "ModifyListener",
                "AddListenerCertificates",
                "RemoveListenerCertificates",
                "CreateRule",
                "DeleteRule",
                "ModifyRule",
                "SetRulePriorities",
                "SetWebAcl",
            ),
        ),
        allow(
            elb(
                "ModifyLoadBalancerAttributes",
                "SetIpAddressType",
                "SetSecurityGroups",
                "SetSubnets",
                "DeleteLoadBalancer",
                "ModifyTargetGroup",
                "ModifyTargetGroupAttributes",
                "DeleteTargetGroup",
                "ModifyListenerAttributes",
                "ModifyCapacityReservation",
                "ModifyIpPools",
            ),
            "*",
            isMarked,
        ),
        allow(elb("RegisterTargets", "DeregisterTargets"), "arn:aws:elasticloadbalancing:*:*:targetgroup/*/*"),
    ],
};
