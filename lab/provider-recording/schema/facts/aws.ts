// Looked up upstream for AWS: what the SDK's typings do not say.
import type { CloudFacts, ResourceFacts } from "../../../../commands/plan/answers/schema/schema.ts";

const repository = "hashicorp/terraform-provider-aws";
/** What the API cannot change: `createOnlyProperties` of CloudFormation's schemas, agreeing with the provider's source of 2019. */
const createOnly = `CloudFormation schemas of cfn-lint 1.58.0 and ${repository} v1.60.0`;

const fixed = (...replace: string[]): ResourceFacts => ({ replace, source: createOnly });

/** A setting of a bucket: it belongs to that one. */
const ofBucket: ResourceFacts = {
    replace: ["bucket", "expectedBucketOwner"],
    source: `${repository} internal/service/s3/bucket_versioning.go@01c0800`,
};

const named = ["name", "namePrefix"] as const;

export const facts: CloudFacts = {
    "aws:ec2/vpc:Vpc": fixed("cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"),
    "aws:ec2/subnet:Subnet": fixed(
        "vpcId",
        "availabilityZone",
        "availabilityZoneId",
        "cidrBlock",
        "outpostArn",
        "ipv6Native",
    ),
    "aws:ec2/routeTable:RouteTable": fixed("vpcId"),
    "aws:ec2/route:Route": fixed(
        "routeTableId",
        "destinationCidrBlock",
        "destinationIpv6CidrBlock",
        "destinationPrefixListId",
    ),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": fixed("subnetId", "gatewayId"),
    "aws:ec2/natGateway:NatGateway": {
        ...fixed("allocationId", "subnetId", "connectivityType", "privateIp"),
        values: { connectivityType: ["private", "public"] },
    },
    "aws:ec2/eip:Eip": {
        ...fixed("domain", "publicIpv4Pool", "networkBorderGroup", "address", "ipamPoolId"),
        values: { domain: ["standard", "vpc"] },
    },
    "aws:ec2/internetGateway:InternetGateway": fixed(),
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        ...fixed(
            "vpcId",
            "serviceName",
            "vpcEndpointType",
            "serviceRegion",
            "resourceConfigurationArn",
            "serviceNetworkArn",
        ),
        values: { vpcEndpointType: ["Interface", "Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork"] },
    },
    "aws:ec2/securityGroup:SecurityGroup": fixed(...named, "description", "vpcId"),
    "aws:ec2/launchTemplate:LaunchTemplate": { ...fixed(...named), autoname: { property: "name", limit: 125 } },
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": fixed("vpcId"),
    "aws:ec2/flowLog:FlowLog": {
        ...fixed(
            ...[
                "deliverCrossAccountRole",
                "iamRoleArn",
                "logDestination",
                "logDestinationType",
                "logFormat",
                "maxAggregationInterval",
            ],
            ...["trafficType", "vpcId", "subnetId", "eniId", "destinationOptions"],
        ),
        values: {
            trafficType: ["ACCEPT", "REJECT", "ALL"],
            logDestinationType: ["cloud-watch-logs", "s3", "kinesis-data-firehose"],
        },
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        // The rest is modified; a rule cannot get another kind of source.
        replace: ["securityGroupId"],
        replaceWhen: {
            cidrIpv4: "removed",
            cidrIpv6: "removed",
            prefixListId: "removed",
            referencedSecurityGroupId: "removed",
        },
        conflicts: [["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"]],
        source: `${repository} internal/service/ec2/vpc_security_group_ingress_rule.go@00a3220`,
    },
    "aws:eks/cluster:Cluster": {
        replace: [
            ...[
                "name",
                "roleArn",
                "bootstrapSelfManagedAddons",
                "accessConfig.bootstrapClusterCreatorAdminPermissions",
            ],
            ...[
                "kubernetesNetworkConfig.ipFamily",
                "kubernetesNetworkConfig.serviceIpv4Cidr",
                "outpostConfig.controlPlaneInstanceType",
            ],
            "remoteNetworkConfig",
        ],
        replaceWhen: { encryptionConfig: "removed" },
        conflicts: [
            ["encryptionConfig", "outpostConfig"],
            ["kubernetesNetworkConfig", "outpostConfig"],
        ],
        values: {
            "accessConfig.authenticationMode": ["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"],
            "kubernetesNetworkConfig.ipFamily": ["ipv4", "ipv6"],
            "upgradePolicy.supportType": ["STANDARD", "EXTENDED"],
            enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
            "encryptionConfig.resources": ["secrets"],
        },
        autoname: { property: "name", limit: 100 },
        source: `${repository} internal/service/eks/cluster.go@00555dc`,
    },
    "aws:eks/nodeGroup:NodeGroup": {
        replace: [
            ...[
                "clusterName",
                "nodeGroupName",
                "nodeGroupNamePrefix",
                "nodeRoleArn",
                "subnetIds",
                "amiType",
                "capacityType",
                "diskSize",
            ],
            ...["instanceTypes", "remoteAccess", "launchTemplate.id", "launchTemplate.name"],
        ],
        conflicts: [["nodeGroupName", "nodeGroupNamePrefix"]],
        values: {
            capacityType: ["ON_DEMAND", "SPOT", "CAPACITY_BLOCK"],
            "taints.effect": ["NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE"],
        },
        autoname: { property: "nodeGroupName", limit: 63 },
        source: `${repository} internal/service/eks/node_group.go@012e0a3`,
    },
    "aws:eks/addon:Addon": {
        ...fixed("clusterName", "addonName"),
        values: {
            resolveConflictsOnCreate: ["NONE", "OVERWRITE"],
            resolveConflictsOnUpdate: ["NONE", "OVERWRITE", "PRESERVE"],
        },
    },
    "aws:eks/accessEntry:AccessEntry": {
        ...fixed("clusterName", "principalArn", "type"),
        values: {
            type: ["STANDARD", "EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX"],
        },
    },
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
        replace: ["clusterName", "principalArn", "policyArn", "accessScope"],
        values: { "accessScope.type": ["cluster", "namespace"] },
        source: "the API associates and disassociates, and changes nothing",
    },
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": fixed("clusterName", "namespace", "serviceAccount"),
    "aws:iam/role:Role": {
        ...fixed(...named, "path"),
        conflicts: [["name", "namePrefix"]],
        autoname: { property: "name", limit: 64 },
    },
    "aws:iam/rolePolicy:RolePolicy": fixed(...named, "role"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": fixed("role", "policyArn"),
    "aws:iam/user:User": {
        replace: [],
        autoname: { property: "name", limit: 64 },
        source: `${repository} v1.60.0: renamed in place`,
    },
    "aws:iam/userPolicy:UserPolicy": fixed(...named, "user"),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
        replace: ["url"],
        source: `${repository} internal/service/iam/openid_connect_provider.go@0160692`,
    },
    "aws:iam/accessKey:AccessKey": { ...fixed("user", "pgpKey"), values: { status: ["Active", "Inactive"] } },
    "aws:rds/instance:Instance": {
        // Not `identifier`: since 2023 the provider renames (NewDBInstanceIdentifier).
        replace: [
            ...[
                "availabilityZone",
                "backupTarget",
                "characterSetName",
                "customIamInstanceProfile",
                "dbName",
                "engine",
                "kmsKeyId",
            ],
            ...[
                "ncharCharacterSetName",
                "restoreToPointInTime",
                "s3Import",
                "snapshotIdentifier",
                "storageEncrypted",
                "timezone",
                "username",
            ],
        ],
        conflicts: [["identifier", "identifierPrefix"]],
        values: {
            storageType: ["standard", "gp2", "gp3", "io1", "io2"],
            networkType: ["IPV4", "DUAL"],
            databaseInsightsMode: ["standard", "advanced"],
        },
        autoname: { property: "identifier", limit: 63, lowerCase: true },
        source: `${repository} internal/service/rds/instance.go@00e4b23; createOnlyProperties of AWS::RDS::DBInstance`,
    },
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": {
        replace: ["kmsKeyId", "preSignedUrl", "retentionPeriod", "sourceDbInstanceArn"],
        source: `${repository} internal/service/rds/instance_automated_backups_replication.go@0213a3c`,
    },
    "aws:rds/parameterGroup:ParameterGroup": {
        ...fixed(...named, "family", "description"),
        values: { "parameters.applyMethod": ["immediate", "pending-reboot"] },
    },
    "aws:rds/subnetGroup:SubnetGroup": fixed(...named),
    "aws:elasticache/replicationGroup:ReplicationGroup": {
        replace: [
            ...[
                "atRestEncryptionEnabled",
                "dataTieringEnabled",
                "globalReplicationGroupId",
                "kmsKeyId",
                "networkType",
                "port",
            ],
            ...["replicationGroupId", "securityGroupNames", "snapshotArns", "snapshotName", "subnetGroupName"],
        ],
        replaceWhen: { engineVersion: "older" },
        conflicts: [
            ["authToken", "userGroupIds"],
            ["numCacheClusters", "numNodeGroups"],
            ["numCacheClusters", "replicasPerNodeGroup"],
            ["nodeGroupConfigurations", "preferredCacheClusterAzs"],
        ],
        values: {
            authTokenUpdateStrategy: ["SET", "ROTATE", "DELETE"],
            clusterMode: ["enabled", "disabled", "compatible"],
            engine: ["redis", "valkey"],
            ipDiscovery: ["ipv4", "ipv6"],
            networkType: ["ipv4", "ipv6", "dual_stack"],
            transitEncryptionMode: ["preferred", "required"],
        },
        autoname: { property: "replicationGroupId", limit: 40, lowerCase: true },
        source: `${repository} internal/service/elasticache/replication_group.go@001b636`,
    },
    "aws:elasticache/parameterGroup:ParameterGroup": fixed("name", "family", "description"),
    "aws:elasticache/subnetGroup:SubnetGroup": fixed("name"),
    "aws:s3/bucket:Bucket": {
        ...fixed("bucket", "bucketPrefix", "objectLockEnabled"),
        conflicts: [["bucket", "bucketPrefix"]],
        autoname: { property: "bucket", limit: 63, lowerCase: true },
    },
    "aws:s3/bucketPolicy:BucketPolicy": fixed("bucket"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": fixed("bucket"),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
        replace: ["bucket"],
        values: { "rule.objectOwnership": ["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"] },
        source: ofBucket.source,
    },
    "aws:s3/bucketVersioning:BucketVersioning": {
        ...ofBucket,
        values: { "versioningConfiguration.status": ["Enabled", "Suspended", "Disabled"] },
    },
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": ofBucket,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        ...ofBucket,
        values: {
            "rules.applyServerSideEncryptionByDefault.sseAlgorithm": ["AES256", "aws:kms", "aws:kms:dsse", "aws:fsx"],
        },
    },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        ...ofBucket,
        values: { "rules.status": ["Enabled", "Disabled"] },
    },
    "aws:cloudfront/distribution:Distribution": {
        ...fixed(),
        values: {
            httpVersion: ["http1.1", "http2", "http2and3", "http3"],
            priceClass: ["PriceClass_100", "PriceClass_200", "PriceClass_All", "None"],
            "defaultCacheBehavior.viewerProtocolPolicy": ["allow-all", "https-only", "redirect-to-https"],
            "orderedCacheBehaviors.viewerProtocolPolicy": ["allow-all", "https-only", "redirect-to-https"],
            "restrictions.geoRestriction.restrictionType": ["none", "whitelist", "blacklist"],
            "viewerCertificate.sslSupportMethod": ["sni-only", "vip", "static-ip"],
            "viewerCertificate.minimumProtocolVersion": [
                ...["SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016", "TLSv1.2_2018", "TLSv1.2_2019", "TLSv1.2_2021"],
                ...["TLSv1.3_2025", "TLSv1.2_2025"],
            ],
        },
    },
    "aws:cloudfront/originAccessControl:OriginAccessControl": {
        ...fixed(),
        values: {
            originAccessControlOriginType: ["s3", "mediastore", "lambda", "mediapackagev2"],
            signingBehavior: ["always", "never", "no-override"],
            signingProtocol: ["sigv4"],
        },
    },
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": fixed(),
    "aws:acm/certificate:Certificate": {
        ...fixed(
            "domainName",
            "subjectAlternativeNames",
            "validationMethod",
            "keyAlgorithm",
            "certificateAuthorityArn",
            "validationOptions",
        ),
        values: { validationMethod: ["DNS", "EMAIL", "HTTP", "NONE"] },
    },
    "aws:acm/certificateValidation:CertificateValidation": fixed("certificateArn", "validationRecordFqdns"),
    "aws:wafv2/webAcl:WebAcl": {
        replace: [...named, "scope"],
        values: { scope: ["REGIONAL", "CLOUDFRONT"] },
        source: `${repository} internal/service/wafv2/web_acl.go@0073593`,
    },
    "aws:route53/zone:Zone": { ...fixed("name", "delegationSetId"), autoname: null },
    "aws:route53/record:Record": {
        ...fixed("name", "zoneId"),
        values: {
            type: [
                "SOA",
                "A",
                "TXT",
                "NS",
                "CNAME",
                "MX",
                "NAPTR",
                "PTR",
                "SRV",
                "SPF",
                "AAAA",
                "CAA",
                "DS",
                "TLSA",
                "SSHFP",
                "SVCB",
                "HTTPS",
            ],
        },
    },
    "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": {
        replace: ["hostedZoneId"],
        values: { signingStatus: ["SIGNING", "NOT_SIGNING"] },
        source: createOnly,
    },
    "aws:route53/keySigningKey:KeySigningKey": {
        replace: ["hostedZoneId", "keyManagementServiceArn", "name"],
        values: { status: ["ACTIVE", "INACTIVE"] },
        source: createOnly,
    },
    "aws:ecr/repository:Repository": {
        ...fixed("name", "encryptionConfigurations"),
        values: {
            imageTagMutability: ["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"],
            "encryptionConfigurations.encryptionType": ["AES256", "KMS", "KMS_DSSE"],
        },
        autoname: { property: "name", limit: 256, lowerCase: true },
    },
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": fixed("repository"),
    "aws:kms/key:Key": {
        replace: ["keyUsage", "customerMasterKeySpec", "customKeyStoreId", "multiRegion", "xksKeyId"],
        values: { keyUsage: ["SIGN_VERIFY", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"] },
        source: `${repository} internal/service/kms/key.go@00a3530`,
    },
    "aws:kms/alias:Alias": { ...fixed(...named), autoname: null },
    "aws:cloudwatch/logGroup:LogGroup": {
        ...fixed(...named, "logGroupClass"),
        values: { logGroupClass: ["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"] },
        autoname: { property: "name", limit: 512 },
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        ...fixed("name"),
        values: {
            comparisonOperator: [
                "GreaterThanOrEqualToThreshold",
                "GreaterThanThreshold",
                "LessThanThreshold",
                "LessThanOrEqualToThreshold",
                "LessThanLowerOrGreaterThanUpperThreshold",
                "LessThanLowerThreshold",
                "GreaterThanUpperThreshold",
            ],
            statistic: ["SampleCount", "Average", "Sum", "Minimum", "Maximum"],
            treatMissingData: ["breaching", "notBreaching", "ignore", "missing"],
            evaluateLowSampleCountPercentiles: ["evaluate", "ignore"],
        },
        // An alarm measures one metric, or what is reckoned of several.
        conflicts: [
            ["metricName", "metricQueries"],
            ["statistic", "extendedStatistic"],
        ],
        autoname: { property: "name", limit: 255 },
        source: `${createOnly}; ${repository} internal/service/cloudwatch/metric_alarm.go`,
    },
    "aws:sns/topic:Topic": { ...fixed(...named, "fifoTopic"), autoname: { property: "name", limit: 256 } },
    "aws:sns/topicPolicy:TopicPolicy": fixed("arn"),
    "aws:sns/topicSubscription:TopicSubscription": {
        ...fixed("topic", "protocol", "endpoint"),
        values: {
            protocol: ["application", "email", "email-json", "firehose", "http", "https", "lambda", "sms", "sqs"],
        },
        source: `${createOnly}; ${repository} internal/service/sns/topic_subscription.go@7adaa6e`,
    },
    "aws:rds/eventSubscription:EventSubscription": {
        ...fixed(...named),
        autoname: { property: "name", limit: 255 },
        source: `${createOnly}; ${repository} internal/service/rds/event_subscription.go@6450ce3`,
    },
    "aws:route53/healthCheck:HealthCheck": {
        ...fixed("type", "requestInterval", "measureLatency", "referenceName", "routingControlArn"),
        values: {
            type: [
                "HTTP",
                "HTTPS",
                "HTTP_STR_MATCH",
                "HTTPS_STR_MATCH",
                "TCP",
                "CALCULATED",
                "CLOUDWATCH_METRIC",
                "RECOVERY_CONTROL",
            ],
        },
        source: `${createOnly}; ${repository} internal/service/route53/health_check.go@21d9313`,
    },
    "aws:budgets/budget:Budget": {
        ...fixed("accountId", ...named),
        values: {
            "notifications.comparisonOperator": ["GREATER_THAN", "LESS_THAN", "EQUAL_TO"],
            "notifications.notificationType": ["ACTUAL", "FORECASTED"],
            "notifications.thresholdType": ["PERCENTAGE", "ABSOLUTE_VALUE"],
            timeUnit: ["DAILY", "MONTHLY", "QUARTERLY", "ANNUALLY", "CUSTOM"],
        },
        autoname: { property: "name", limit: 100 },
        source: `${createOnly}; ${repository} internal/service/budgets/budget.go@676e954`,
    },
};
