// AWS. Limits of names: the documentation of each service's API. Price: offer codes of the Price List API.
import type { CloudCatalogue, Inputs, NameLimit, Opening } from "./contract.ts";

const bucketName: NameLimit = { input: "bucket", longest: 63 };
const elbName: NameLimit = { input: "name", longest: 32 };
const iamName: NameLimit = { input: "name", longest: 64 };
const iamPolicyName: NameLimit = { input: "name", longest: 128 };
const ec2Name: NameLimit = { input: "name", longest: 255 };

const blocking: readonly Opening[] = [
    "blockPublicAcls",
    "blockPublicPolicy",
    "ignorePublicAcls",
    "restrictPublicBuckets",
].map((path) => ({
    path,
    byDefault: false,
    isOpen: (value) => value !== true,
    allowed: "true",
    fix: "set all four: one that is missing is enough to publish every object",
}));

const accessList: Opening = {
    path: "acl",
    byDefault: "private",
    isOpen: (value) => value !== "private",
    allowed: "nothing",
    fix: "remove it: grant by policy",
};

const publicAddress: Opening = {
    path: "publiclyAccessible",
    byDefault: false,
    isOpen: (value) => value === true,
    allowed: "false",
    fix: "remove it: the cluster reaches the database inside the VPC",
};

const publicAccessBlock = {
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    allowed: "one with all four settings true",
    fix: "create one: a later policy cannot publish the bucket then",
};

export const aws = {
    made: {
        "aws:ec2/vpc:Vpc": { role: "network", product: "VPC", teardown: "network" },
        "aws:ec2/subnet:Subnet": { teardown: "network" },
        "aws:ec2/routeTable:RouteTable": {},
        "aws:ec2/route:Route": { teardown: "way out" },
        "aws:ec2/routeTableAssociation:RouteTableAssociation": { teardown: "way out" },
        "aws:ec2/natGateway:NatGateway": { teardown: "way out", price: "AmazonEC2" },
        "aws:ec2/eip:Eip": { price: "AmazonVPC" },
        "aws:ec2/internetGateway:InternetGateway": { teardown: "way out" },
        // Gateway endpoints cost nothing, interface endpoints do.
        "aws:ec2/vpcEndpoint:VpcEndpoint": { teardown: "way out", price: "AmazonVPC" },
        "aws:ec2/securityGroup:SecurityGroup": { name: ec2Name },
        "aws:ec2/launchTemplate:LaunchTemplate": { name: { input: "name", longest: 125 } },
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {},
        "aws:ec2/flowLog:FlowLog": {},
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {},

        "aws:eks/cluster:Cluster": {
            timeouts: ["create", "update", "delete"],
            holds: "cluster",
            deletion: [{ path: "deletionProtection", byDefault: false, by: "cloud" }],
            name: { input: "name", longest: 100 },
            role: "cluster",
            product: "EKS",
            price: "AmazonEKS",
        },
        "aws:eks/nodeGroup:NodeGroup": {
            timeouts: ["create", "update", "delete"],
            name: { input: "nodeGroupName", longest: 63 },
            role: "nodes",
            teardown: "nodes",
            price: "AmazonEC2",
        },
        "aws:eks/addon:Addon": { teardown: "cluster add-on", timeouts: ["create", "update", "delete"] },
        "aws:eks/accessEntry:AccessEntry": {},
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {},
        "aws:eks/podIdentityAssociation:PodIdentityAssociation": { right: true },

        "aws:iam/role:Role": { right: true, name: iamName },
        "aws:iam/rolePolicy:RolePolicy": { right: true, name: iamPolicyName },
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { right: true },
        "aws:iam/user:User": { name: iamName },
        "aws:iam/userPolicy:UserPolicy": { name: iamPolicyName },
        "aws:iam/accessKey:AccessKey": {},
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {},

        "aws:rds/instance:Instance": {
            timeouts: ["create", "update", "delete"],
            holds: "database",
            // A copy of another one can be made again.
            empty: { when: ({ replicateSourceDb }: Inputs) => replicateSourceDb !== undefined },
            deletion: [{ path: "deletionProtection", byDefault: false, by: "cloud" }],
            name: { input: "identifier", longest: 63 },
            openings: [publicAddress],
            role: "database",
            product: "RDS",
            price: "AmazonRDS",
        },
        // Its copies stay in the other region when it goes, as long as they would have anyway.
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": { price: "AmazonRDS" },
        "aws:rds/parameterGroup:ParameterGroup": { name: ec2Name },
        "aws:rds/subnetGroup:SubnetGroup": { name: ec2Name },
        "aws:elasticache/replicationGroup:ReplicationGroup": {
            timeouts: ["create", "update", "delete"],
            name: { input: "replicationGroupId", longest: 40 },
            role: "cache",
            product: "ElastiCache",
            price: "AmazonElastiCache",
        },
        "aws:elasticache/parameterGroup:ParameterGroup": { name: ec2Name },
        "aws:elasticache/subnetGroup:SubnetGroup": { name: ec2Name },

        "aws:s3/bucket:Bucket": {
            holds: "bucket",
            emptiedBy: "forceDestroy",
            name: bucketName,
            openings: [accessList],
            closedBy: publicAccessBlock,
            role: "bucket",
            product: "S3",
            price: "AmazonS3",
        },
        "aws:s3/bucketPolicy:BucketPolicy": {},
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": { guards: "bucket", openings: blocking },
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
            guards: "bucket",
            openings: [
                {
                    path: "rule.objectOwnership",
                    isOpen: (value: unknown) => value !== "BucketOwnerEnforced",
                    allowed: "BucketOwnerEnforced",
                    fix: "set it: no access lists then",
                },
            ],
        },
        "aws:s3/bucketVersioning:BucketVersioning": {},
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": {},
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {},
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {},
        "aws:cloudfront/distribution:Distribution": { role: "cdn", product: "CloudFront", price: "AmazonCloudFront" },
        "aws:cloudfront/originAccessControl:OriginAccessControl": { name: { input: "name", longest: 64 } },
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": { name: iamPolicyName },
        "aws:acm/certificate:Certificate": { role: "certificate", product: "ACM" },
        "aws:acm/certificateValidation:CertificateValidation": { timeouts: ["create"] },

        // With a zone go its name servers, which the parent zone names.
        "aws:route53/zone:Zone": {
            holds: "zone",
            emptiedBy: "forceDestroy",
            role: "zone",
            product: "Route 53",
            price: "AmazonRoute53",
        },
        "aws:route53/record:Record": {},
        "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec": {},
        "aws:route53/keySigningKey:KeySigningKey": { name: iamPolicyName },
        // With a registry go the images to roll back to.
        "aws:ecr/repository:Repository": {
            holds: "registry",
            emptiedBy: "forceDelete",
            name: { input: "name", longest: 256 },
            role: "registry",
            product: "ECR",
            price: "AmazonECR",
        },
        "aws:ecr/lifecyclePolicy:LifecyclePolicy": {},
        // With a key goes what it encrypted: databases, buckets, the stack's own secrets.
        "aws:kms/key:Key": { holds: "key", role: "key", product: "KMS", price: "awskms" },
        "aws:kms/alias:Alias": { name: { input: "name", longest: 256 } },
        "aws:wafv2/webAcl:WebAcl": { name: iamPolicyName, teardown: "named", price: "awswaf" },
        "aws:cloudwatch/logGroup:LogGroup": {
            // Who did what, and why something went: nothing tells it again. One that stays when it leaves the stack is not lost.
            holds: "logs",
            empty: { when: ({ skipDestroy }: Inputs) => skipDestroy === true },
            deletion: [{ path: "deletionProtectionEnabled", byDefault: false, by: "cloud" }],
            name: { input: "name", longest: 512 },
            role: "logs",
            product: "CloudWatch",
            price: "AmazonCloudWatch",
        },

        // Alarms hold nothing: what they say, the settings say again.
        "aws:cloudwatch/metricAlarm:MetricAlarm": {
            name: { input: "name", longest: 255 },
            role: "alarm",
            product: "CloudWatch",
            price: "AmazonCloudWatch",
        },
        "aws:sns/topic:Topic": { name: { input: "name", longest: 256 } },
        "aws:sns/topicPolicy:TopicPolicy": {},
        "aws:sns/topicSubscription:TopicSubscription": {},
        "aws:rds/eventSubscription:EventSubscription": { name: ec2Name },
        "aws:route53/healthCheck:HealthCheck": { role: "alarm", product: "Route 53", price: "AmazonRoute53" },
        "aws:budgets/budget:Budget": {
            name: { input: "name", longest: 100 },
            role: "alarm",
            product: "Budgets",
        },
    },
    others: {
        "aws:rds/cluster:Cluster": {
            holds: "database",
            deletion: [{ path: "deletionProtection", byDefault: false, by: "cloud" }],
            name: { input: "clusterIdentifier", longest: 63 },
            price: "AmazonRDS",
        },
        "aws:dynamodb/table:Table": {
            holds: "database",
            deletion: [{ path: "deletionProtectionEnabled", byDefault: false, by: "cloud" }],
            name: { input: "name", longest: 255 },
            price: "AmazonDynamoDB",
        },
        "aws:elasticache/user:User": { name: { input: "userId", longest: 40 } },
        "aws:elasticache/userGroup:UserGroup": { name: { input: "userGroupId", longest: 40 } },
        "aws:s3/bucketV2:BucketV2": {
            holds: "bucket",
            emptiedBy: "forceDestroy",
            name: bucketName,
            openings: [accessList],
            closedBy: publicAccessBlock,
            price: "AmazonS3",
        },
        // With a snapshot or a vault go backups that nothing makes again.
        "aws:rds/snapshot:Snapshot": { holds: "backups", price: "AmazonRDS" },
        "aws:rds/snapshotCopy:SnapshotCopy": { holds: "backups", price: "AmazonRDS" },
        "aws:ebs/snapshot:Snapshot": { holds: "backups", price: "AmazonEC2" },
        "aws:backup/vault:Vault": { holds: "backups", emptiedBy: "forceDestroy", price: "AWSBackup" },
        "aws:backup/plan:Plan": {},
        "aws:backup/selection:Selection": {},
        "aws:kms/replicaKey:ReplicaKey": { holds: "key", price: "awskms" },
        "aws:ebs/volume:Volume": { holds: "volume", price: "AmazonEC2" },
        "aws:efs/fileSystem:FileSystem": { holds: "volume", price: "AmazonEFS" },
        "aws:ec2/instance:Instance": { price: "AmazonEC2" },
        "aws:eks/fargateProfile:FargateProfile": {
            name: { input: "fargateProfileName", longest: 100 },
            teardown: "nodes",
            price: "AmazonEKS",
        },
        "aws:iam/policy:Policy": { right: true, name: iamPolicyName },
        "aws:lb/loadBalancer:LoadBalancer": {
            deletion: [{ path: "enableDeletionProtection", byDefault: false, by: "cloud" }],
            name: elbName,
            price: "AWSELB",
        },
        "aws:lb/targetGroup:TargetGroup": { name: elbName },
    },
} satisfies CloudCatalogue;
