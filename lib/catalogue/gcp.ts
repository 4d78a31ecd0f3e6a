// Google Cloud. Limits of names: the documentation of each API. Price: services of the Cloud Billing catalog.
import type { CloudCatalogue, DeletionSwitch, Inputs, NameLimit } from "./contract.ts";
import { admitsEveryone } from "./openings.ts";

/** RFC 1035, as all of Compute has it. */
const label: NameLimit = { input: "name", longest: 63 };
/** PostgreSQL cuts what is longer. */
const word: NameLimit = { input: "name", longest: 63 };
/** The provider's own, on unless told otherwise. */
const providersSwitch: DeletionSwitch = { path: "deletionProtection", byDefault: true, by: "provider" };

export const gcp = {
    made: {
        "gcp:compute/network:Network": { name: label, role: "network", product: "VPC", teardown: "network" },
        "gcp:compute/subnetwork:Subnetwork": { name: label, teardown: "network" },
        "gcp:compute/router:Router": { name: label },
        "gcp:compute/routerNat:RouterNat": { name: label, teardown: "way out", price: "Networking" },
        "gcp:compute/address:Address": { name: label, price: "Compute Engine" },
        "gcp:compute/globalAddress:GlobalAddress": { name: label, teardown: "named", price: "Compute Engine" },
        "gcp:compute/backendBucket:BackendBucket": {
            name: label,
            role: "cdn",
            product: "Cloud CDN",
            price: "Networking",
        },
        "gcp:compute/uRLMap:URLMap": { name: label },
        "gcp:compute/targetHttpsProxy:TargetHttpsProxy": { name: label },
        "gcp:compute/targetHttpProxy:TargetHttpProxy": { name: label },
        "gcp:compute/globalForwardingRule:GlobalForwardingRule": { name: label, price: "Networking" },
        "gcp:compute/sSLPolicy:SSLPolicy": { name: label, teardown: "named" },
        "gcp:compute/securityPolicy:SecurityPolicy": { name: label, teardown: "named", price: "Networking" },
        "gcp:servicenetworking/connection:Connection": {},

        "gcp:container/cluster:Cluster": {
            holds: "cluster",
            deletion: [providersSwitch],
            name: { input: "name", longest: 40 },
            role: "cluster",
            product: "GKE",
            price: "Kubernetes Engine",
        },
        "gcp:container/nodePool:NodePool": {
            name: { input: "name", longest: 40 },
            role: "nodes",
            teardown: "nodes",
            price: "Compute Engine",
        },

        // With a key goes what it encrypted: databases, buckets, the stack's own secrets.
        "gcp:kms/keyRing:KeyRing": { holds: "key", name: label },
        "gcp:kms/cryptoKey:CryptoKey": {
            holds: "key",
            name: label,
            role: "key",
            product: "Cloud KMS",
            price: "Cloud Key Management Service (KMS)",
        },
        "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": { right: true },

        "gcp:sql/databaseInstance:DatabaseInstance": {
            holds: "database",
            // A copy of another one can be made again.
            empty: { when: ({ masterInstanceName }: Inputs) => masterInstanceName !== undefined },
            deletion: [providersSwitch, { path: "settings.deletionProtectionEnabled", byDefault: false, by: "cloud" }],
            name: {
                input: "name",
                longest: 67,
                because: "with the project's id, which has 30 at most, and a colon it is 98",
            },
            openings: [
                {
                    path: "settings.ipConfiguration.ipv4Enabled",
                    byDefault: true,
                    isOpen: (value: unknown) => value !== false,
                    allowed: "false, with privateNetwork",
                    fix: "set it: a public address is there by default",
                },
                {
                    path: "settings.ipConfiguration.authorizedNetworks",
                    isOpen: admitsEveryone,
                    allowed: "no range that takes in everyone",
                    fix: "remove it",
                },
            ],
            role: "database",
            product: "Cloud SQL",
            addressFrom: "gcp:servicenetworking/connection:Connection",
            price: "Cloud SQL",
        },
        "gcp:sql/database:Database": { holds: "database", name: word },
        "gcp:sql/user:User": { name: word },
        "gcp:redis/instance:Instance": {
            deletion: [providersSwitch],
            name: { input: "name", longest: 40 },
            role: "cache",
            product: "Memorystore",
            addressFrom: "gcp:servicenetworking/connection:Connection",
            price: "Cloud Memorystore for Redis",
        },

        "gcp:storage/bucket:Bucket": {
            holds: "bucket",
            emptiedBy: "forceDestroy",
            name: label,
            openings: [
                {
                    path: "uniformBucketLevelAccess",
                    byDefault: false,
                    isOpen: (value: unknown) => value !== true,
                    allowed: "true",
                    fix: "set it: else each object has an access list of its own that nobody reviews",
                },
            ],
            role: "bucket",
            product: "Cloud Storage",
            price: "Cloud Storage",
        },
        "gcp:storage/bucketIAMMember:BucketIAMMember": {},
        "gcp:storage/hmacKey:HmacKey": {},
        "gcp:serviceaccount/account:Account": { right: true, name: { input: "accountId", longest: 30 } },
        "gcp:serviceaccount/iAMMember:IAMMember": {},
        "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": {
            name: { input: "workloadIdentityPoolId", longest: 32 },
        },
        "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": {
            name: { input: "workloadIdentityPoolProviderId", longest: 32 },
        },
        "gcp:projects/service:Service": {},
        "gcp:projects/serviceIdentity:ServiceIdentity": { right: true },
        "gcp:projects/iAMMember:IAMMember": { right: true },

        // With a zone go its name servers, which the parent zone names.
        "gcp:dns/managedZone:ManagedZone": {
            holds: "zone",
            emptiedBy: "forceDestroy",
            name: label,
            role: "zone",
            product: "Cloud DNS",
            price: "Cloud DNS",
        },
        "gcp:dns/recordSet:RecordSet": {},
        "gcp:certificatemanager/certificate:Certificate": {
            name: label,
            role: "certificate",
            product: "Certificate Manager",
            price: "Certificate Manager",
        },
        "gcp:certificatemanager/certificateMap:CertificateMap": { name: label, teardown: "named" },
        "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": { name: label },
        "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": { name: label },
        // With a registry go the images to roll back to.
        "gcp:artifactregistry/repository:Repository": {
            holds: "registry",
            name: { input: "repositoryId", longest: 63 },
            role: "registry",
            product: "Artifact Registry",
            price: "Artifact Registry",
        },
        "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": {},
        "gcp:logging/projectBucketConfig:ProjectBucketConfig": {
            holds: "logs",
            // Google's own, which no one can delete: the stack only says how long.
            empty: { when: ({ bucketId }: Inputs) => bucketId === "_Default" || bucketId === "_Required" },
            role: "logs",
            product: "Cloud Logging",
            price: "Cloud Logging",
        },
        // Alarms hold nothing: what they say, the settings say again.
        "gcp:monitoring/notificationChannel:NotificationChannel": { emptiedBy: "forceDelete" },
        "gcp:monitoring/alertPolicy:AlertPolicy": {
            role: "alarm",
            product: "Cloud Monitoring",
            price: "Cloud Monitoring",
        },
        "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": {
            role: "alarm",
            product: "Uptime",
            price: "Cloud Monitoring",
        },
        "gcp:billing/budget:Budget": { role: "alarm", product: "Budgets" },
        "gcp:logging/projectSink:ProjectSink": { name: { input: "name", longest: 100 } },
        "gcp:logging/projectExclusion:ProjectExclusion": { name: { input: "name", longest: 100 } },
    },
    others: {
        "gcp:compute/firewall:Firewall": { name: label },
        "gcp:compute/disk:Disk": { holds: "volume", name: label, price: "Compute Engine" },
        "gcp:compute/regionDisk:RegionDisk": { holds: "volume", name: label, price: "Compute Engine" },
        // With a snapshot go backups that nothing makes again.
        "gcp:compute/snapshot:Snapshot": { holds: "backups", name: label, price: "Compute Engine" },
        "gcp:filestore/instance:Instance": {
            holds: "volume",
            deletion: [{ path: "deletionProtectionEnabled", byDefault: false, by: "cloud" }],
            name: label,
            price: "Cloud Filestore",
        },
        "gcp:memorystore/instance:Instance": {
            deletion: [{ path: "deletionProtectionEnabled", byDefault: true, by: "cloud" }],
            name: { input: "instanceId", longest: 63 },
            addressFrom: "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy",
            price: "Memorystore",
        },
        "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy": { name: label },
        "gcp:storage/bucketIAMBinding:BucketIAMBinding": {},
        "gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding": { right: true },
    },
} satisfies CloudCatalogue;
