// AWS: the actions that each type of resource needs, by the calls that the provider makes for it. An action is named as the service
// authorisation reference has it, which is not always the call's name: S3's encryption, tags that are given while something is made.
// @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
// @see https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service
import { permissions, type PermissionTable } from "./contract.ts";

const ec2 = "ec2:";
const eks = "eks:";
const iam = "iam:";
const rds = "rds:";
const elasticache = "elasticache:";
const s3 = "s3:";
const cloudfront = "cloudfront:";

const ec2Tags = { create: "CreateTags", update: "CreateTags DeleteTags" };
const rdsTags = "AddTagsToResource RemoveTagsFromResource";
const cloudfrontTags = "TagResource UntagResource";

const bucketPart = (read: string, put: string, remove = put) =>
    permissions(s3, { read: `${read} ListBucket`, create: put, update: put, delete: remove });

const inlinePolicy = (kind: "Role" | "User") =>
    permissions(iam, {
        read: `Get${kind}Policy`,
        create: `Put${kind}Policy`,
        update: `Put${kind}Policy`,
        delete: `Delete${kind}Policy`,
    });

const records = "ChangeResourceRecordSets GetChange";

export const aws: PermissionTable = {
    "aws:ec2/vpc:Vpc": permissions(ec2, {
        read: "DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups",
        create: `CreateVpc ModifyVpcAttribute ${ec2Tags.create}`,
        update: `ModifyVpcAttribute ${ec2Tags.update}`,
        delete: "DeleteVpc DescribeNetworkInterfaces",
    }),
    "aws:ec2/subnet:Subnet": permissions(ec2, {
        read: "DescribeSubnets",
        create: `CreateSubnet ModifySubnetAttribute ${ec2Tags.create}`,
        update: `ModifySubnetAttribute ${ec2Tags.update}`,
        // The provider waits for interfaces that EKS and load balancers left, and removes those of Lambda.
        delete: "DeleteSubnet DescribeNetworkInterfaces DetachNetworkInterface DeleteNetworkInterface",
    }),
    "aws:ec2/routeTable:RouteTable": permissions(ec2, {
        read: "DescribeRouteTables",
        create: `CreateRouteTable CreateRoute ${ec2Tags.create}`,
        update: `CreateRoute ReplaceRoute DeleteRoute ${ec2Tags.update}`,
        delete: "DeleteRouteTable DisassociateRouteTable",
    }),
    "aws:ec2/route:Route": permissions(ec2, {
        read: "DescribeRouteTables",
        create: "CreateRoute",
        update: "ReplaceRoute",
        delete: "DeleteRoute",
    }),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": permissions(ec2, {
        read: "DescribeRouteTables",
        create: "AssociateRouteTable",
        update: "ReplaceRouteTableAssociation",
        delete: "DisassociateRouteTable",
    }),
    "aws:ec2/natGateway:NatGateway": permissions(ec2, {
        read: "DescribeNatGateways",
        create: `CreateNatGateway ${ec2Tags.create}`,
        update: ec2Tags.update,
        delete: "DeleteNatGateway",
    }),
    "aws:ec2/eip:Eip": permissions(ec2, {
        read: "DescribeAddresses DescribeAddressesAttribute",
        create: `AllocateAddress ${ec2Tags.create}`,
        update: `AssociateAddress ${ec2Tags.update}`,
        delete: "ReleaseAddress DisassociateAddress",
    }),
    "aws:ec2/internetGateway:InternetGateway": permissions(ec2, {
        read: "DescribeInternetGateways",
        create: `CreateInternetGateway AttachInternetGateway ${ec2Tags.create}`,
        update: ec2Tags.update,
        delete: "DetachInternetGateway DeleteInternetGateway",
    }),
    "aws:ec2/vpcEndpoint:VpcEndpoint": permissions(ec2, {
        read: "DescribeVpcEndpoints DescribePrefixLists",
        create: `CreateVpcEndpoint ${ec2Tags.create} route53:AssociateVPCWithHostedZone`,
        update: `ModifyVpcEndpoint ${ec2Tags.update}`,
        delete: "DeleteVpcEndpoints",
    }),
    "aws:ec2/securityGroup:SecurityGroup": permissions(ec2, {
        read: "DescribeSecurityGroups",
        create: `CreateSecurityGroup RevokeSecurityGroupEgress AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress ${ec2Tags.create}`,
        update: `AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress ${ec2Tags.update}`,
        delete: "DeleteSecurityGroup DescribeNetworkInterfaces DetachNetworkInterface DeleteNetworkInterface",
    }),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": permissions(ec2, {
        read: "DescribeSecurityGroups",
        create: `RevokeSecurityGroupIngress RevokeSecurityGroupEgress ${ec2Tags.create}`,
        update: `AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress ${ec2Tags.update}`,
    }),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": permissions(ec2, {
        read: "DescribeSecurityGroupRules",
        create: `AuthorizeSecurityGroupIngress ${ec2Tags.create}`,
        update: `ModifySecurityGroupRules ${ec2Tags.update}`,
        delete: "RevokeSecurityGroupIngress",
    }),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": permissions(ec2, {
        read: "DescribeSecurityGroupRules",
        create: `AuthorizeSecurityGroupEgress ${ec2Tags.create}`,
        update: `ModifySecurityGroupRules ${ec2Tags.update}`,
        delete: "RevokeSecurityGroupEgress",
    }),
    "aws:ec2/launchTemplate:LaunchTemplate": permissions(ec2, {
        read: "DescribeLaunchTemplates DescribeLaunchTemplateVersions",
        create: `CreateLaunchTemplate ${ec2Tags.create}`,
        update: `CreateLaunchTemplateVersion ModifyLaunchTemplate ${ec2Tags.update}`,
        delete: "DeleteLaunchTemplate",
    }),
    "aws:ec2/flowLog:FlowLog": permissions(ec2, {
        read: "DescribeFlowLogs",
        create: `CreateFlowLogs ${ec2Tags.create}`,
        update: ec2Tags.update,
        delete: "DeleteFlowLogs",
    }),

    "aws:eks/cluster:Cluster": permissions(eks, {
        read: "DescribeCluster DescribeUpdate",
        // Of the subnets, and of the key that encrypts Secrets, EKS asks with the caller's rights.
        create: "CreateCluster TagResource ec2:DescribeSubnets ec2:DescribeVpcs ec2:DescribeSecurityGroups kms:DescribeKey kms:CreateGrant",
        update: "UpdateClusterConfig UpdateClusterVersion AssociateEncryptionConfig TagResource UntagResource",
        delete: "DeleteCluster",
    }),
    "aws:eks/nodeGroup:NodeGroup": permissions(eks, {
        read: "DescribeNodegroup DescribeUpdate",
        create: "CreateNodegroup TagResource ec2:RunInstances ec2:CreateTags ec2:DescribeSubnets ec2:DescribeLaunchTemplateVersions",
        update: "UpdateNodegroupConfig UpdateNodegroupVersion TagResource UntagResource ec2:RunInstances ec2:CreateTags",
        delete: "DeleteNodegroup",
    }),
    "aws:eks/addon:Addon": permissions(eks, {
        read: "DescribeAddon DescribeAddonVersions DescribePodIdentityAssociation",
        create: "CreateAddon CreatePodIdentityAssociation TagResource",
        update: "UpdateAddon DescribeUpdate CreatePodIdentityAssociation UpdatePodIdentityAssociation DeletePodIdentityAssociation TagResource UntagResource",
        delete: "DeleteAddon DeletePodIdentityAssociation",
    }),
    "aws:eks/accessEntry:AccessEntry": permissions(eks, {
        read: "DescribeAccessEntry",
        create: "CreateAccessEntry TagResource",
        update: "UpdateAccessEntry TagResource UntagResource",
        delete: "DeleteAccessEntry",
    }),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": permissions(eks, {
        read: "ListAssociatedAccessPolicies",
        create: "AssociateAccessPolicy",
        update: "AssociateAccessPolicy",
        delete: "DisassociateAccessPolicy",
    }),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": permissions(eks, {
        read: "DescribePodIdentityAssociation",
        create: "CreatePodIdentityAssociation TagResource",
        update: "UpdatePodIdentityAssociation TagResource UntagResource",
        delete: "DeletePodIdentityAssociation",
    }),

    "aws:iam/role:Role": permissions(iam, {
        read: "GetRole ListRolePolicies ListAttachedRolePolicies",
        create: "CreateRole TagRole",
        update: "UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy PutRolePermissionsBoundary DeleteRolePermissionsBoundary TagRole UntagRole",
        delete: "DeleteRole ListInstanceProfilesForRole RemoveRoleFromInstanceProfile",
    }),
    "aws:iam/rolePolicy:RolePolicy": inlinePolicy("Role"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": permissions(iam, {
        read: "ListAttachedRolePolicies",
        create: "AttachRolePolicy",
        delete: "DetachRolePolicy",
    }),
    "aws:iam/policy:Policy": permissions(iam, {
        read: "GetPolicy GetPolicyVersion",
        create: "CreatePolicy TagPolicy",
        update: "CreatePolicyVersion DeletePolicyVersion ListPolicyVersions TagPolicy UntagPolicy",
        delete: "DeletePolicy DeletePolicyVersion ListPolicyVersions",
    }),
    "aws:iam/user:User": permissions(iam, {
        read: "GetUser",
        create: "CreateUser TagUser",
        update: "UpdateUser TagUser UntagUser",
        // With `forceDestroy` what others gave it goes too.
        delete: "DeleteUser ListGroupsForUser ListAccessKeys DeleteAccessKey ListMFADevices ListVirtualMFADevices ListSSHPublicKeys ListSigningCertificates ListServiceSpecificCredentials DeleteLoginProfile",
    }),
    "aws:iam/userPolicy:UserPolicy": inlinePolicy("User"),
    "aws:iam/accessKey:AccessKey": permissions(iam, {
        read: "ListAccessKeys GetAccessKeyLastUsed",
        create: "CreateAccessKey",
        update: "UpdateAccessKey",
        delete: "DeleteAccessKey",
    }),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": permissions(iam, {
        read: "GetOpenIDConnectProvider",
        create: "CreateOpenIDConnectProvider TagOpenIDConnectProvider",
        update: "UpdateOpenIDConnectProviderThumbprint AddClientIDToOpenIDConnectProvider RemoveClientIDFromOpenIDConnectProvider TagOpenIDConnectProvider UntagOpenIDConnectProvider",
        delete: "DeleteOpenIDConnectProvider",
    }),

    "aws:rds/subnetGroup:SubnetGroup": permissions(rds, {
        read: "DescribeDBSubnetGroups ListTagsForResource",
        create: "CreateDBSubnetGroup AddTagsToResource",
        update: `ModifyDBSubnetGroup ${rdsTags}`,
        delete: "DeleteDBSubnetGroup",
    }),
    "aws:rds/parameterGroup:ParameterGroup": permissions(rds, {
        read: "DescribeDBParameterGroups DescribeDBParameters ListTagsForResource",
        create: "CreateDBParameterGroup ModifyDBParameterGroup AddTagsToResource",
        update: `ModifyDBParameterGroup ResetDBParameterGroup ${rdsTags}`,
        delete: "DeleteDBParameterGroup",
    }),
    "aws:rds/instance:Instance": permissions(rds, {
        read: "DescribeDBInstances ListTagsForResource",
        create: "CreateDBInstance CreateDBInstanceReadReplica RestoreDBInstanceToPointInTime RestoreDBInstanceFromDBSnapshot ModifyDBInstance AddTagsToResource ec2:DescribeSecurityGroups ec2:DescribeSubnets ec2:DescribeVpcs ec2:DescribeAccountAttributes ec2:DescribeAvailabilityZones ec2:DescribeInternetGateways kms:DescribeKey kms:CreateGrant",
        update: `ModifyDBInstance RebootDBInstance PromoteReadReplica ${rdsTags}`,
        delete: "DeleteDBInstance ModifyDBInstance CreateDBSnapshot AddTagsToResource",
    }),
    "aws:rds/eventSubscription:EventSubscription": permissions(rds, {
        read: "DescribeEventSubscriptions ListTagsForResource",
        create: "CreateEventSubscription AddTagsToResource",
        update: `ModifyEventSubscription AddSourceIdentifierToSubscription RemoveSourceIdentifierFromSubscription ${rdsTags}`,
        delete: "DeleteEventSubscription",
    }),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": permissions(rds, {
        read: "DescribeDBInstanceAutomatedBackups DescribeDBInstances",
        create: "StartDBInstanceAutomatedBackupsReplication kms:DescribeKey kms:CreateGrant",
        delete: "StopDBInstanceAutomatedBackupsReplication DescribeDBInstances",
    }),
    "aws:elasticache/subnetGroup:SubnetGroup": permissions(elasticache, {
        read: "DescribeCacheSubnetGroups ListTagsForResource",
        create: "CreateCacheSubnetGroup AddTagsToResource",
        update: `ModifyCacheSubnetGroup ${rdsTags}`,
        delete: "DeleteCacheSubnetGroup",
    }),
    "aws:elasticache/parameterGroup:ParameterGroup": permissions(elasticache, {
        read: "DescribeCacheParameterGroups DescribeCacheParameters ListTagsForResource",
        create: "CreateCacheParameterGroup ModifyCacheParameterGroup AddTagsToResource",
        update: `ModifyCacheParameterGroup ResetCacheParameterGroup ${rdsTags}`,
        delete: "DeleteCacheParameterGroup",
    }),
    "aws:elasticache/replicationGroup:ReplicationGroup": permissions(elasticache, {
        read: "DescribeReplicationGroups DescribeCacheClusters ListTagsForResource",
        create: "CreateReplicationGroup AddTagsToResource ec2:CreateNetworkInterface ec2:DeleteNetworkInterface ec2:DescribeNetworkInterfaces ec2:DescribeSubnets ec2:DescribeVpcs kms:DescribeKey kms:CreateGrant",
        update: `ModifyReplicationGroup IncreaseReplicaCount DecreaseReplicaCount ${rdsTags}`,
        delete: "DeleteReplicationGroup CreateSnapshot",
    }),

    "aws:s3/bucket:Bucket": permissions(s3, {
        read: "ListBucket GetBucketLocation GetBucketTagging GetBucketPolicy GetBucketAcl GetBucketCORS GetBucketWebsite GetBucketVersioning GetAccelerateConfiguration GetBucketRequestPayment GetBucketLogging GetLifecycleConfiguration GetReplicationConfiguration GetEncryptionConfiguration GetBucketObjectLockConfiguration",
        create: "CreateBucket PutBucketTagging",
        update: "PutBucketTagging",
        // With `forceDestroy` what is in it goes first.
        delete: "DeleteBucket ListBucketVersions DeleteObject DeleteObjectVersion",
    }),
    "aws:s3/bucketPolicy:BucketPolicy": bucketPart("GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketPart(
        "GetBucketPublicAccessBlock",
        "PutBucketPublicAccessBlock",
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketPart(
        "GetBucketOwnershipControls",
        "PutBucketOwnershipControls",
    ),
    "aws:s3/bucketVersioning:BucketVersioning": bucketPart("GetBucketVersioning", "PutBucketVersioning"),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": bucketPart("GetBucketCORS", "PutBucketCORS"),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketPart(
        "GetEncryptionConfiguration",
        "PutEncryptionConfiguration",
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketPart(
        "GetLifecycleConfiguration",
        "PutLifecycleConfiguration",
    ),
    "aws:s3/bucketLogging:BucketLogging": bucketPart("GetBucketLogging", "PutBucketLogging"),
    "aws:cloudfront/distribution:Distribution": permissions(cloudfront, {
        read: "GetDistribution GetDistributionConfig ListTagsForResource",
        create: "CreateDistribution TagResource",
        update: `UpdateDistribution ${cloudfrontTags}`,
        delete: "UpdateDistribution DeleteDistribution",
    }),
    "aws:cloudfront/originAccessControl:OriginAccessControl": permissions(cloudfront, {
        read: "GetOriginAccessControl",
        create: "CreateOriginAccessControl",
        update: "UpdateOriginAccessControl",
        delete: "DeleteOriginAccessControl",
    }),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": permissions(cloudfront, {
        read: "GetResponseHeadersPolicy",
        create: "CreateResponseHeadersPolicy",
        update: "UpdateResponseHeadersPolicy",
        delete: "DeleteResponseHeadersPolicy",
    }),
    "aws:cloudfront/publicKey:PublicKey": permissions(cloudfront, {
        read: "GetPublicKey",
        create: "CreatePublicKey",
        update: "UpdatePublicKey",
        delete: "DeletePublicKey",
    }),
    "aws:cloudfront/keyGroup:KeyGroup": permissions(cloudfront, {
        read: "GetKeyGroup",
        create: "CreateKeyGroup",
        update: "UpdateKeyGroup",
        delete: "DeleteKeyGroup",
    }),
    "aws:wafv2/webAcl:WebAcl": permissions("wafv2:", {
        read: "GetWebACL ListTagsForResource",
        create: "CreateWebACL TagResource",
        update: "UpdateWebACL TagResource UntagResource",
        delete: "DeleteWebACL",
    }),

    "aws:acm/certificate:Certificate": permissions("acm:", {
        read: "DescribeCertificate ListTagsForCertificate",
        create: "RequestCertificate AddTagsToCertificate",
        update: "UpdateCertificateOptions AddTagsToCertificate RemoveTagsFromCertificate",
        delete: "DeleteCertificate",
    }),
    "aws:acm/certificateValidation:CertificateValidation": permissions("acm:", { read: "DescribeCertificate" }),
    "aws:route53/zone:Zone": permissions("route53:", {
        read: "GetHostedZone ListTagsForResource ListResourceRecordSets",
        create: "CreateHostedZone ChangeTagsForResource GetChange",
        update: "UpdateHostedZoneComment ChangeTagsForResource",
        delete: `DeleteHostedZone ${records} GetDNSSEC DisableHostedZoneDNSSEC`,
    }),
    "aws:route53/record:Record": permissions("route53:", {
        read: "GetHostedZone ListResourceRecordSets",
        create: records,
        update: records,
        delete: records,
    }),
    "aws:route53/keySigningKey:KeySigningKey": permissions("route53:", {
        read: "GetDNSSEC",
        // Route 53 signs by a grant on the key.
        create: "CreateKeySigningKey ActivateKeySigningKey GetChange kms:DescribeKey kms:GetPublicKey kms:Sign kms:CreateGrant",
        update: "ActivateKeySigningKey DeactivateKeySigningKey GetChange",
        delete: "DeactivateKeySigningKey DeleteKeySigningKey GetChange",
    }),
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": permissions("route53:", {
        read: "GetDNSSEC",
        create: "EnableHostedZoneDNSSEC GetChange",
        update: "EnableHostedZoneDNSSEC DisableHostedZoneDNSSEC GetChange",
        delete: "DisableHostedZoneDNSSEC GetChange",
    }),
    "aws:route53/healthCheck:HealthCheck": permissions("route53:", {
        read: "GetHealthCheck ListTagsForResource",
        create: "CreateHealthCheck ChangeTagsForResource",
        update: "UpdateHealthCheck ChangeTagsForResource",
        delete: "DeleteHealthCheck",
    }),

    "aws:ecr/repository:Repository": permissions("ecr:", {
        read: "DescribeRepositories ListTagsForResource",
        create: "CreateRepository TagResource",
        update: "PutImageTagMutability PutImageScanningConfiguration TagResource UntagResource",
        delete: "DeleteRepository",
    }),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": permissions("ecr:", {
        read: "GetLifecyclePolicy",
        create: "PutLifecyclePolicy",
        update: "PutLifecyclePolicy",
        delete: "DeleteLifecyclePolicy",
    }),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": permissions("ecr:", {
        read: "GetRepositoryPolicy",
        create: "SetRepositoryPolicy",
        update: "SetRepositoryPolicy",
        delete: "DeleteRepositoryPolicy",
    }),
    "aws:kms/key:Key": permissions("kms:", {
        // One of them encrypts what encrypts the stack's secrets: every command reads that, and `change-secrets-provider` writes it.
        read: "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags Decrypt",
        create: "CreateKey EnableKeyRotation PutKeyPolicy TagResource Encrypt",
        update: "UpdateKeyDescription EnableKey DisableKey EnableKeyRotation DisableKeyRotation PutKeyPolicy TagResource UntagResource",
        delete: "ScheduleKeyDeletion",
    }),
    "aws:kms/alias:Alias": permissions("kms:", {
        read: "ListAliases",
        create: "CreateAlias",
        update: "UpdateAlias",
        delete: "DeleteAlias",
    }),
    "aws:cloudwatch/logGroup:LogGroup": permissions("logs:", {
        read: "DescribeLogGroups ListTagsForResource",
        create: "CreateLogGroup PutRetentionPolicy TagResource",
        update: "PutRetentionPolicy DeleteRetentionPolicy TagResource UntagResource",
        delete: "DeleteLogGroup",
    }),
    "aws:cloudwatch/metricAlarm:MetricAlarm": permissions("cloudwatch:", {
        // Those of requests are of a load balancer that a controller makes: it is looked for by its tag, in each preview too.
        read: "DescribeAlarms ListTagsForResource tag:GetResources",
        create: "PutMetricAlarm TagResource",
        update: "PutMetricAlarm TagResource UntagResource",
        delete: "DeleteAlarms",
    }),
    "aws:sns/topic:Topic": permissions("sns:", {
        read: "GetTopicAttributes ListTagsForResource",
        create: "CreateTopic SetTopicAttributes TagResource",
        update: "SetTopicAttributes TagResource UntagResource",
        delete: "DeleteTopic",
    }),
    "aws:sns/topicPolicy:TopicPolicy": permissions("sns:", {
        read: "GetTopicAttributes",
        create: "SetTopicAttributes",
        update: "SetTopicAttributes",
        delete: "SetTopicAttributes",
    }),
    "aws:sns/topicSubscription:TopicSubscription": permissions("sns:", {
        read: "GetSubscriptionAttributes ListSubscriptionsByTopic",
        create: "Subscribe",
        update: "SetSubscriptionAttributes",
        delete: "Unsubscribe",
    }),
    "aws:budgets/budget:Budget": permissions("budgets:", {
        read: "ViewBudget ListTagsForResource",
        create: "ModifyBudget TagResource",
        update: "ModifyBudget TagResource UntagResource",
        delete: "ModifyBudget",
    }),
};

/** To which services a resource hands a role: `iam:PassRole`, for these alone. */
export const passedTo: Readonly<Record<string, readonly string[]>> = {
    "aws:eks/cluster:Cluster": ["eks.amazonaws.com", "ec2.amazonaws.com"],
    "aws:eks/nodeGroup:NodeGroup": ["eks.amazonaws.com", "ec2.amazonaws.com"],
    "aws:eks/addon:Addon": ["pods.eks.amazonaws.com"],
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": ["pods.eks.amazonaws.com"],
    "aws:ec2/flowLog:FlowLog": ["vpc-flow-logs.amazonaws.com"],
    "aws:rds/instance:Instance": ["monitoring.rds.amazonaws.com"],
};

/** Roles that a service makes for itself, with the caller's rights, the first time in an account. */
export const linkedRoles: Readonly<Record<string, readonly string[]>> = {
    "aws:eks/cluster:Cluster": ["eks.amazonaws.com", "elasticloadbalancing.amazonaws.com"],
    "aws:eks/nodeGroup:NodeGroup": ["eks-nodegroup.amazonaws.com", "autoscaling.amazonaws.com", "spot.amazonaws.com"],
    "aws:rds/instance:Instance": ["rds.amazonaws.com"],
    "aws:elasticache/replicationGroup:ReplicationGroup": ["elasticache.amazonaws.com"],
};
