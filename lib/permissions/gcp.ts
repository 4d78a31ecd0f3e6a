// Google Cloud: the permissions that each type of resource needs, by the calls that the provider makes for it.
// @see https://cloud.google.com/iam/docs/permissions-reference
// @see https://github.com/hashicorp/terraform-provider-google-beta/tree/main/google-beta/services
import { permissions, type Deed, type Permissions, type PermissionTable } from "./contract.ts";

/** What every call that goes on for a while is followed by. */
const operations = {
    global: "compute.globalOperations.get",
    region: "compute.regionOperations.get",
    container: "container.operations.get container.operations.list",
    certificates: "certificatemanager.operations.get",
};

/** `get`, `create`, `update` and `delete` of a kind, and what comes beside each. */
function crud(kind: string, beside = "", more: Partial<Record<Deed, string>> = {}): Permissions {
    const of = (deed: Deed, word: string): string =>
        `${kind}.${word} ${deed === "read" ? "" : beside} ${more[deed] ?? ""}`;
    return permissions(`${kind}.`, {
        read: of("read", "get"),
        create: of("create", "create"),
        update: of("update", "update"),
        delete: of("delete", "delete"),
    });
}

/** A member of a policy: the policy is read, changed and written back. */
function member(kind: string): Permissions {
    const write = "getIamPolicy setIamPolicy";
    return permissions(`${kind}.`, { read: "getIamPolicy", create: write, update: write, delete: write });
}

/** An address is never changed, but for its labels. */
function address(kind: string, operation: string, create = "", remove = ""): Permissions {
    return permissions(`${kind}.`, {
        read: "get",
        create: `create setLabels ${operation} ${create}`,
        update: `setLabels ${operation}`,
        delete: `delete ${operation} ${remove}`,
    });
}

/** The provider reads the instance groups behind pools, with pools and with clusters. */
const instanceGroups = "compute.instanceGroupManagers.get compute.instanceGroupManagers.list";

const cluster = "container.clusters";

export const gcp: PermissionTable = {
    "gcp:projects/service:Service": permissions("serviceusage.services.", {
        read: "list get resourcemanager.projects.get",
        create: "enable use serviceusage.operations.get",
        update: "enable",
        delete: "disable",
    }),
    "gcp:projects/serviceIdentity:ServiceIdentity": permissions("serviceusage.", {
        read: "serviceusage.services.get",
        create: "serviceusage.services.use serviceusage.operations.get",
    }),
    "gcp:projects/iAMMember:IAMMember": member("resourcemanager.projects"),

    "gcp:compute/network:Network": crud("compute.networks", operations.global, {
        update: "compute.networks.updatePolicy",
        delete: "compute.projects.get compute.networks.get",
    }),
    "gcp:compute/subnetwork:Subnetwork": crud("compute.subnetworks", operations.region, {
        create: "compute.networks.updatePolicy",
        update: "compute.subnetworks.setPrivateIpGoogleAccess compute.subnetworks.expandIpCidrRange",
        delete: "compute.networks.updatePolicy",
    }),
    "gcp:compute/router:Router": crud("compute.routers", operations.region, {
        create: "compute.networks.updatePolicy",
        delete: "compute.networks.updatePolicy",
    }),
    "gcp:compute/routerNat:RouterNat": permissions("compute.routers.", {
        read: "get list",
        create: `update compute.addresses.use compute.subnetworks.use ${operations.region}`,
        update: `update compute.addresses.use compute.subnetworks.use ${operations.region}`,
        delete: `update ${operations.region}`,
    }),
    "gcp:compute/address:Address": address("compute.addresses", operations.region),
    // Ranges for peered services are internal addresses.
    "gcp:compute/globalAddress:GlobalAddress": address(
        "compute.globalAddresses",
        operations.global,
        "createInternal compute.networks.use",
        "deleteInternal",
    ),
    "gcp:servicenetworking/connection:Connection": permissions("servicenetworking.services.", {
        read: "get compute.networks.get compute.networks.list resourcemanager.projects.get",
        create: "addPeering compute.globalAddresses.list compute.networks.use servicenetworking.operations.get",
        update: "addPeering servicenetworking.operations.get",
        delete: "deleteConnection servicenetworking.operations.get compute.networks.removePeering",
    }),
    "gcp:compute/sSLPolicy:SSLPolicy": crud("compute.sslPolicies", operations.global),
    "gcp:compute/securityPolicy:SecurityPolicy": crud("compute.securityPolicies", operations.global, {
        create: "compute.securityPolicies.setLabels",
        update: "compute.securityPolicies.setLabels",
    }),
    "gcp:compute/backendBucket:BackendBucket": crud("compute.backendBuckets", operations.global, {
        create: "compute.backendBuckets.setSecurityPolicy compute.securityPolicies.use",
        update: "compute.backendBuckets.setSecurityPolicy compute.securityPolicies.use",
    }),
    "gcp:compute/uRLMap:URLMap": crud("compute.urlMaps", operations.global, {
        create: "compute.backendBuckets.use",
        update: "compute.backendBuckets.use compute.urlMaps.invalidateCache",
    }),
    "gcp:compute/targetHttpProxy:TargetHttpProxy": crud("compute.targetHttpProxies", operations.global, {
        create: "compute.urlMaps.use",
        update: "compute.targetHttpProxies.setUrlMap compute.urlMaps.use",
    }),
    "gcp:compute/targetHttpsProxy:TargetHttpsProxy": crud("compute.targetHttpsProxies", operations.global, {
        create: "compute.urlMaps.use compute.sslPolicies.use certificatemanager.certmaps.use",
        update: "compute.targetHttpsProxies.setUrlMap compute.targetHttpsProxies.setSslPolicy compute.targetHttpsProxies.setCertificateMap compute.urlMaps.use compute.sslPolicies.use certificatemanager.certmaps.use",
    }),
    "gcp:compute/globalForwardingRule:GlobalForwardingRule": crud("compute.globalForwardingRules", operations.global, {
        create: "compute.globalForwardingRules.setLabels compute.globalAddresses.use compute.targetHttpProxies.use compute.targetHttpsProxies.use",
        update: "compute.globalForwardingRules.setLabels compute.globalForwardingRules.setTarget compute.targetHttpProxies.use compute.targetHttpsProxies.use",
    }),

    "gcp:container/cluster:Cluster": crud(cluster, operations.container, {
        // `connect` is for endpoints by name (`apiAccess.endpoint: dns`).
        read: `${instanceGroups} container.clusters.getCredentials container.clusters.connect`,
        create: "iam.serviceAccounts.actAs compute.networks.get compute.subnetworks.get compute.networks.use compute.subnetworks.use",
    }),
    "gcp:container/nodePool:NodePool": permissions("container.clusters.", {
        read: `get list ${instanceGroups}`,
        create: `update ${operations.container} iam.serviceAccounts.actAs`,
        update: `update ${operations.container}`,
        delete: `update ${operations.container}`,
    }),

    "gcp:kms/keyRing:KeyRing": permissions("cloudkms.keyRings.", { read: "get", create: "create" }),
    "gcp:kms/cryptoKey:CryptoKey": permissions("cloudkms.cryptoKeys.", {
        // One of them encrypts what encrypts the stack's secrets: every command reads that, and `change-secrets-provider` writes it.
        read: "get cloudkms.cryptoKeyVersions.useToDecrypt",
        create: "create cloudkms.cryptoKeyVersions.useToEncrypt",
        update: "update",
        // A key cannot be deleted: its versions are destroyed.
        delete: "update cloudkms.cryptoKeyVersions.get cloudkms.cryptoKeyVersions.list cloudkms.cryptoKeyVersions.destroy",
    }),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": member("cloudkms.cryptoKeys"),

    "gcp:sql/databaseInstance:DatabaseInstance": crud("cloudsql.instances", "", {
        read: "cloudsql.instances.list",
        create: "compute.networks.get cloudsql.users.list cloudsql.users.delete cloudsql.instances.clone cloudsql.instances.restoreBackup",
        update: "cloudsql.instances.restart",
        // The final backup.
        delete: "cloudsql.backupRuns.create cloudsql.backupRuns.get",
    }),
    "gcp:sql/database:Database": crud("cloudsql.databases", "cloudsql.instances.get"),
    "gcp:sql/user:User": permissions("cloudsql.users.", {
        read: "get list cloudsql.instances.get",
        create: "create",
        update: "update",
        delete: "delete",
    }),
    "gcp:redis/instance:Instance": crud("redis.instances", "redis.operations.get", {
        read: "redis.instances.list redis.instances.getAuthString",
        create: "compute.networks.get compute.networks.list redis.locations.get",
        update: "redis.instances.updateAuth redis.instances.upgrade",
    }),

    "gcp:storage/bucket:Bucket": crud("storage.buckets", "", {
        // With `forceDestroy` what is in it goes first.
        delete: "storage.objects.list storage.objects.delete",
    }),
    "gcp:storage/bucketIAMMember:BucketIAMMember": member("storage.buckets"),
    "gcp:storage/hmacKey:HmacKey": crud("storage.hmacKeys", "", { delete: "storage.hmacKeys.update" }),
    "gcp:serviceaccount/account:Account": crud("iam.serviceAccounts"),
    "gcp:serviceaccount/iAMMember:IAMMember": member("iam.serviceAccounts"),
    "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": crud("iam.workloadIdentityPools"),
    "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": crud("iam.workloadIdentityPoolProviders"),

    "gcp:dns/managedZone:ManagedZone": crud("dns.managedZones", "", {
        // With `forceDestroy` its records go first.
        delete: "dns.resourceRecordSets.list dns.resourceRecordSets.delete dns.changes.create dns.changes.get",
    }),
    "gcp:dns/recordSet:RecordSet": permissions("dns.", {
        read: "dns.resourceRecordSets.list dns.managedZones.get",
        create: "dns.resourceRecordSets.create dns.changes.create dns.changes.get",
        update: "dns.resourceRecordSets.update dns.resourceRecordSets.create dns.resourceRecordSets.delete dns.changes.create dns.changes.get",
        delete: "dns.resourceRecordSets.delete dns.changes.create dns.changes.get",
    }),
    "gcp:certificatemanager/certificate:Certificate": crud("certificatemanager.certs", operations.certificates, {
        create: "certificatemanager.dnsauthorizations.use",
    }),
    "gcp:certificatemanager/certificateMap:CertificateMap": crud(
        "certificatemanager.certmaps",
        operations.certificates,
    ),
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": crud(
        "certificatemanager.certmapentries",
        operations.certificates,
        { create: "certificatemanager.certs.use", update: "certificatemanager.certs.use" },
    ),
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": crud(
        "certificatemanager.dnsauthorizations",
        operations.certificates,
    ),
    "gcp:artifactregistry/repository:Repository": crud("artifactregistry.repositories"),
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": member("artifactregistry.repositories"),

    "gcp:logging/projectBucketConfig:ProjectBucketConfig": permissions("logging.buckets.", {
        read: "get",
        create: "create update",
        update: "update",
        // One of our own; `_Default` is let go of.
        delete: "delete",
    }),
    "gcp:logging/projectSink:ProjectSink": crud("logging.sinks"),
    "gcp:logging/projectExclusion:ProjectExclusion": crud("logging.exclusions"),
    "gcp:monitoring/alertPolicy:AlertPolicy": crud("monitoring.alertPolicies"),
    "gcp:monitoring/notificationChannel:NotificationChannel": crud("monitoring.notificationChannels"),
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": crud("monitoring.uptimeCheckConfigs"),
    "gcp:billing/budget:Budget": crud("billing.budgets"),
};
