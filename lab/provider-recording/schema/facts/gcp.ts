// Looked up upstream for Google Cloud: what the SDK's typings do not say.
import type { AutonameSchema, CloudFacts, ResourceFacts } from "../../../../commands/plan/answers/schema/schema.ts";

const repository = "hashicorp/terraform-provider-google";
/** The last version whose module is to be had; used where an input cannot have become changeable since. */
const v1 = `${repository} v1.20.0 and the documentation`;

/** RFC 1035, as Compute Engine wants it. */
const label: AutonameSchema = { property: "name", limit: 63 };

const fixed = (...replace: string[]): ResourceFacts => ({ replace, source: v1 });
const compute = (...replace: string[]): ResourceFacts => ({ ...fixed("name", "project", ...replace), autoname: label });

/** A membership is what it says: another one is another one. */
const member = (resource: string, ...more: string[]): ResourceFacts => ({
    replace: [resource, "role", "member", "condition", ...more],
    source: `${v1}: resource_iam_member.go`,
});

const nodeConfig = [
    ...[
        "guestAccelerators",
        "localSsdCount",
        "ephemeralStorageLocalSsdConfig",
        "localNvmeSsdBlockConfig",
        "secondaryBootDisks",
    ],
    ...[
        "gvnic",
        "metadata",
        "minCpuPlatform",
        "oauthScopes",
        "preemptible",
        "reservationAffinity",
        "spot",
        "serviceAccount",
    ],
    ...["shieldedInstanceConfig", "confidentialNodes", "advancedMachineFeatures", "nodeGroup", "soleTenantConfig"],
];

export const facts: CloudFacts = {
    "gcp:compute/network:Network": {
        replace: [
            "name",
            "project",
            "autoCreateSubnetworks",
            "description",
            "internalIpv6Range",
            "networkProfile",
            "params",
        ],
        autoname: label,
        source: `${repository} google/services/compute/resource_compute_network.go@017d2f5`,
    },
    "gcp:compute/subnetwork:Subnetwork": {
        replace: ["name", "project", "network", "description", "purpose", "region", "params.resourceManagerTags"],
        replaceWhen: { ipCidrRange: "narrower" },
        autoname: label,
        source: `${repository} google/services/compute/resource_compute_subnetwork.go@0110d02`,
    },
    "gcp:compute/router:Router": compute("network", "region"),
    "gcp:compute/routerNat:RouterNat": compute("router", "region", "type", "endpointTypes"),
    "gcp:compute/address:Address": compute(
        "address",
        "addressType",
        "description",
        "networkTier",
        "region",
        "subnetwork",
        "purpose",
    ),
    "gcp:compute/globalAddress:GlobalAddress": compute(
        "address",
        "addressType",
        "description",
        "ipVersion",
        "network",
        "prefixLength",
        "purpose",
    ),
    "gcp:compute/backendBucket:BackendBucket": compute(),
    "gcp:compute/uRLMap:URLMap": compute(),
    "gcp:compute/targetHttpsProxy:TargetHttpsProxy": compute("description", "proxyBind"),
    "gcp:compute/targetHttpProxy:TargetHttpProxy": compute("description", "proxyBind"),
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": compute(
        ...["description", "ipAddress", "ipProtocol", "ipVersion", "portRange", "network", "subnetwork"],
    ),
    "gcp:compute/sSLPolicy:SSLPolicy": compute("description"),
    "gcp:compute/securityPolicy:SecurityPolicy": {
        replace: ["name", "project"],
        values: { type: ["CLOUD_ARMOR", "CLOUD_ARMOR_EDGE", "CLOUD_ARMOR_INTERNAL_SERVICE"] },
        autoname: label,
        source: `${repository}-beta google-beta/services/compute/resource_compute_security_policy.go@02053f1`,
    },
    "gcp:servicenetworking/connection:Connection": fixed("network", "service"),
    "gcp:container/cluster:Cluster": {
        replace: [
            ...[
                "name",
                "location",
                "project",
                "clusterIpv4Cidr",
                "confidentialNodes",
                "defaultMaxPodsPerNode",
                "description",
            ],
            ...[
                "enableAutopilot",
                "enableKubernetesAlpha",
                "enableTpu",
                "initialNodeCount",
                "network",
                "networkingMode",
                "nodePools",
                "subnetwork",
            ],
            ...["datapathProvider", "enableMultiNetworking"],
            "masterAuth.clientCertificateConfig",
            ...[
                "clusterIpv4CidrBlock",
                "servicesIpv4CidrBlock",
                "clusterSecondaryRangeName",
                "servicesSecondaryRangeName",
            ].map((name) => `ipAllocationPolicy.${name}`),
            "ipAllocationPolicy.podCidrOverprovisionConfig",
            ...["enablePrivateNodes", "masterIpv4CidrBlock", "privateEndpointSubnetwork"].map(
                (name) => `privateClusterConfig.${name}`,
            ),
            "clusterAutoscaling.autoProvisioningDefaults.bootDiskKmsKey",
            ...nodeConfig.map((name) => `nodeConfig.${name}`),
        ],
        conflicts: [
            ["clusterIpv4Cidr", "ipAllocationPolicy"],
            ["ipAllocationPolicy.clusterIpv4CidrBlock", "ipAllocationPolicy.clusterSecondaryRangeName"],
            ["ipAllocationPolicy.servicesIpv4CidrBlock", "ipAllocationPolicy.servicesSecondaryRangeName"],
            ...[
                "defaultMaxPodsPerNode",
                "enableShieldedNodes",
                "networkPolicy",
                "nodePools",
                "removeDefaultNodePool",
            ].map((name) => ["enableAutopilot", name]),
        ],
        values: {
            networkingMode: ["VPC_NATIVE", "ROUTES"],
            "ipAllocationPolicy.stackType": ["IPV4", "IPV4_IPV6"],
            "networkPolicy.provider": ["PROVIDER_UNSPECIFIED", "CALICO"],
            "clusterAutoscaling.autoscalingProfile": ["BALANCED", "OPTIMIZE_UTILIZATION"],
            "binaryAuthorization.evaluationMode": ["DISABLED", "PROJECT_SINGLETON_POLICY_ENFORCE"],
            "loggingConfig.enableComponents": [
                ...[
                    "SYSTEM_COMPONENTS",
                    "APISERVER",
                    "CONTROLLER_MANAGER",
                    "KCP_CONNECTION",
                    "KCP_SSHD",
                    "KCP_HPA",
                    "SCHEDULER",
                    "WORKLOADS",
                ],
            ],
            "securityPostureConfig.mode": ["DISABLED", "BASIC", "ENTERPRISE", "MODE_UNSPECIFIED"],
            "podAutoscaling.hpaProfile": ["NONE", "PERFORMANCE"],
        },
        autoname: { property: "name", limit: 40 },
        source: `${repository} google/services/container/{resource_container_cluster@0297605,node_config@00b984c}.go`,
    },
    "gcp:container/nodePool:NodePool": {
        // Machine type, disk size and disk type are changed by rolling the nodes.
        replace: [
            ...[
                "name",
                "namePrefix",
                "cluster",
                "location",
                "project",
                "initialNodeCount",
                "maxPodsPerNode",
                "placementPolicy",
                "queuedProvisioning",
            ],
            ...nodeConfig.map((name) => `nodeConfig.${name}`),
            ...[
                "createPodRange",
                "podRange",
                "podIpv4CidrBlock",
                "additionalNodeNetworkConfigs",
                "additionalPodNetworkConfigs",
            ].map((name) => `networkConfig.${name}`),
        ],
        conflicts: [["name", "namePrefix"]],
        values: {
            "nodeConfig.taints.effect": ["NO_SCHEDULE", "PREFER_NO_SCHEDULE", "NO_EXECUTE"],
            "nodeConfig.loggingVariant": ["DEFAULT", "MAX_THROUGHPUT"],
            "upgradeSettings.strategy": ["NODE_POOL_UPDATE_STRATEGY_UNSPECIFIED", "BLUE_GREEN", "SURGE"],
        },
        autoname: { property: "name", limit: 40 },
        source: `${repository} google/services/container/node_config.go@00b984c; config connector containernodepool_types.go@00fe7c1`,
    },
    "gcp:kms/keyRing:KeyRing": { ...fixed("name", "location", "project"), autoname: label },
    "gcp:kms/cryptoKey:CryptoKey": {
        ...fixed(
            "name",
            "keyRing",
            "purpose",
            "destroyScheduledDuration",
            "importOnly",
            "skipInitialVersionCreation",
            "cryptoKeyBackend",
        ),
        autoname: label,
    },
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": member("cryptoKeyId"),
    "gcp:sql/databaseInstance:DatabaseInstance": {
        replace: [
            "name",
            "project",
            "region",
            "encryptionKeyName",
            "masterInstanceName",
            "settings.collation",
            "settings.diskType",
        ],
        replaceWhen: { "settings.diskSize": "smaller", "settings.ipConfiguration.privateNetwork": "removed" },
        values: {
            "settings.edition": ["ENTERPRISE", "ENTERPRISE_PLUS"],
            "settings.availabilityType": ["REGIONAL", "ZONAL"],
            "settings.connectorEnforcement": ["NOT_REQUIRED", "REQUIRED"],
            "settings.ipConfiguration.sslMode": [
                "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
                "ENCRYPTED_ONLY",
                "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
            ],
            "settings.ipConfiguration.serverCaMode": [
                ...[
                    "CA_MODE_UNSPECIFIED",
                    "GOOGLE_MANAGED_INTERNAL_CA",
                    "GOOGLE_MANAGED_CAS_CA",
                    "CUSTOMER_MANAGED_CAS_CA",
                ],
            ],
            "settings.passwordValidationPolicy.complexity": ["COMPLEXITY_DEFAULT", "COMPLEXITY_UNSPECIFIED"],
        },
        autoname: { property: "name", limit: 98 },
        source: `${repository} google/services/sql/resource_sql_database_instance.go@00bf104`,
    },
    "gcp:sql/database:Database": fixed("name", "instance", "project"),
    "gcp:sql/user:User": fixed("host", "instance", "name", "project", "type"),
    "gcp:redis/instance:Instance": {
        replace: [
            ...[
                "name",
                "project",
                "region",
                "alternativeLocationId",
                "authorizedNetwork",
                "connectMode",
                "customerManagedKey",
            ],
            ...["locationId", "reservedIpRange", "tier", "transitEncryptionMode"],
        ],
        replaceWhen: { redisVersion: "older" },
        autoname: { property: "name", limit: 40 },
        source: `${repository} google/services/redis/resource_redis_instance.go@12b3dee; config connector redisinstance_types.go@058f7f5`,
    },
    "gcp:storage/bucket:Bucket": {
        ...fixed(
            "name",
            "location",
            "project",
            "customPlacementConfig",
            "enableObjectRetention",
            "hierarchicalNamespace",
        ),
        autoname: { property: "name", limit: 63, lowerCase: true },
        source: `${repository} google/services/storage/resource_storage_bucket.go@0262be6`,
    },
    "gcp:storage/bucketIAMMember:BucketIAMMember": member("bucket"),
    "gcp:storage/hmacKey:HmacKey": fixed("serviceAccountEmail", "project"),
    "gcp:serviceaccount/account:Account": {
        ...fixed("accountId", "project"),
        autoname: { property: "accountId", limit: 30, lowerCase: true },
    },
    "gcp:serviceaccount/iAMMember:IAMMember": member("serviceAccountId"),
    "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": {
        replace: ["workloadIdentityPoolId", "project"],
        source: `${repository} google/services/iambeta/resource_iam_workload_identity_pool.go@0937ec5`,
    },
    "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": {
        replace: ["workloadIdentityPoolId", "workloadIdentityPoolProviderId", "project"],
        source: `${repository} google/services/iambeta/resource_iam_workload_identity_pool_provider.go@0937ec5`,
    },
    "gcp:projects/service:Service": fixed("service", "project"),
    "gcp:projects/serviceIdentity:ServiceIdentity": fixed("service", "project"),
    "gcp:projects/iAMMember:IAMMember": member("project"),
    "gcp:dns/managedZone:ManagedZone": {
        replace: ["name", "dnsName", "project", "visibility", "reverseLookup", "serviceDirectoryConfig"],
        autoname: label,
        source: `${repository} google/services/dns/resource_dns_managed_zone.go@07a2c0b`,
    },
    "gcp:dns/recordSet:RecordSet": fixed("managedZone", "name", "project"),
    "gcp:certificatemanager/certificate:Certificate": {
        ...fixed("name", "location", "project", "scope", "managed"),
        autoname: label,
    },
    "gcp:certificatemanager/certificateMap:CertificateMap": { ...fixed("name", "project"), autoname: label },
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": {
        ...fixed("name", "map", "hostname", "matcher", "project"),
        autoname: label,
    },
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": {
        ...fixed("name", "domain", "location", "type", "project"),
        autoname: label,
    },
    "gcp:artifactregistry/repository:Repository": fixed(
        "repositoryId",
        "location",
        "project",
        "format",
        "kmsKeyName",
        "mode",
    ),
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": member("repository", "location", "project"),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": fixed("bucketId", "location", "project"),
    "gcp:monitoring/notificationChannel:NotificationChannel": fixed("project"),
    "gcp:monitoring/alertPolicy:AlertPolicy": fixed("project"),
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": {
        replace: [
            "project",
            "checkerType",
            "httpCheck.requestMethod",
            "httpCheck.useSsl",
            "monitoredResource",
            "resourceGroup",
        ],
        source: `${repository} google/services/monitoring/resource_monitoring_uptime_check_config.go@5d5f2a0`,
    },
    "gcp:billing/budget:Budget": fixed("billingAccount"),
    "gcp:logging/projectSink:ProjectSink": {
        replace: ["name", "project"],
        source: `${repository}-beta google-beta/services/logging/resource_logging_project_sink.go@01f9085`,
    },
    "gcp:logging/projectExclusion:ProjectExclusion": fixed("name", "project"),
};
