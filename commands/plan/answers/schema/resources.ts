// Which resource types of each cloud the recording providers know: those that the components use. A unit test compares
// this list with the imports of the program.

export const clouds = ["gcp", "aws", "digitalocean"] as const;
export type Cloud = (typeof clouds)[number];

/** Modules of the SDKs, as the program imports them: `@pulumi/<cloud>/<module>.js`. */
export const modules: Readonly<Record<Cloud, readonly string[]>> = {
    gcp: [
        ...below(
            "compute",
            "network subnetwork router routerNat address globalAddress backendBucket urlmap",
            "targetHttpsProxy targetHttpProxy globalForwardingRule sslpolicy",
        ),
        "servicenetworking/connection",
        ...below("container", "cluster nodePool"),
        ...below("kms", "keyRing cryptoKey cryptoKeyIAMMember"),
        ...below("sql", "databaseInstance database user"),
        "redis/instance",
        ...below("storage", "bucket bucketIAMMember hmacKey"),
        ...below("serviceaccount", "account iammember"),
        ...below("projects", "service serviceIdentity iammember"),
        ...below("dns", "managedZone recordSet"),
        ...below("certificatemanager", "certificate certificateMap certificateMapEntry dnsAuthorization"),
        ...below("artifactregistry", "repository repositoryIamMember"),
        "logging/projectBucketConfig",
    ],
    aws: [
        ...below(
            "ec2",
            "vpc subnet routeTable route routeTableAssociation natGateway eip internetGateway vpcEndpoint securityGroup",
            "launchTemplate defaultSecurityGroup flowLog",
        ),
        "vpc/securityGroupIngressRule",
        ...below("eks", "cluster nodeGroup addon accessEntry accessPolicyAssociation podIdentityAssociation"),
        ...below("iam", "role rolePolicy rolePolicyAttachment user userPolicy accessKey"),
        ...below("rds", "instance parameterGroup subnetGroup"),
        ...below("elasticache", "replicationGroup parameterGroup subnetGroup"),
        ...below(
            "s3",
            "bucket bucketPolicy bucketPublicAccessBlock bucketOwnershipControls bucketVersioning bucketCorsConfiguration",
            "bucketServerSideEncryptionConfiguration bucketLifecycleConfiguration",
        ),
        ...below("cloudfront", "distribution originAccessControl responseHeadersPolicy"),
        ...below("acm", "certificate certificateValidation"),
        ...below("route53", "zone record hostedZoneDnsSec keySigningKey"),
        ...below("ecr", "repository lifecyclePolicy"),
        ...below("kms", "key alias"),
        "cloudwatch/logGroup",
    ],
    digitalocean: [
        "vpc kubernetesCluster kubernetesNodePool databaseCluster databaseDb databaseUser databaseFirewall",
        "databaseConnectionPool spacesBucket spacesBucketCorsConfiguration spacesKey cdn certificate domain dnsRecord",
        "containerRegistry",
    ].flatMap((names) => names.split(" ")),
};

function below(folder: string, ...names: string[]): string[] {
    return names.flatMap((line) => line.split(" ")).map((name) => `${folder}/${name}`);
}
