// Looked up upstream for DigitalOcean: what the SDK's typings do not say.
import type { CloudFacts } from "../../../../commands/plan/answers/schema/schema.ts";

const repository = "digitalocean/terraform-provider-digitalocean";
/** The last version whose module is to be had; used where an input cannot have become changeable since. */
const v1 = `${repository} v1.23.0`;

export const facts: CloudFacts = {
    "digitalocean:index/vpc:Vpc": { replace: ["region", "ipRange"], source: v1 },
    "digitalocean:index/kubernetesCluster:KubernetesCluster": {
        // A larger machine in the pool that comes with the cluster replaces the cluster: pools of their own do not.
        replace: ["region", "vpcUuid", "clusterSubnet", "serviceSubnet", "nodePool.size"],
        replaceWhen: { version: "older" },
        values: {
            "maintenancePolicy.day": [
                "any",
                "monday",
                "tuesday",
                "wednesday",
                "thursday",
                "friday",
                "saturday",
                "sunday",
            ],
            "nodePool.taints.effect": ["NoSchedule", "PreferNoSchedule", "NoExecute"],
        },
        source: `${repository} digitalocean/kubernetes/{resource_kubernetes_cluster@046b42c,kubernetes@2001826}.go`,
    },
    "digitalocean:index/kubernetesNodePool:KubernetesNodePool": {
        replace: ["clusterId", "size"],
        values: { "taints.effect": ["NoSchedule", "PreferNoSchedule", "NoExecute"] },
        source: `${repository} digitalocean/kubernetes/kubernetes.go@2001826`,
    },
    "digitalocean:index/databaseCluster:DatabaseCluster": {
        replace: ["name", "engine", "privateNetworkUuid", "projectId"],
        source: `${repository} digitalocean/database/resource_database_cluster.go@075f685`,
    },
    "digitalocean:index/databaseReplica:DatabaseReplica": {
        replace: ["name", "clusterId", "region", "privateNetworkUuid", "tags"],
        source: `${repository} digitalocean/database/resource_database_replica.go@1975db0`,
    },
    "digitalocean:index/databaseDb:DatabaseDb": { replace: ["name", "clusterId"], source: v1 },
    "digitalocean:index/databaseUser:DatabaseUser": { replace: ["name", "clusterId"], source: v1 },
    "digitalocean:index/databaseFirewall:DatabaseFirewall": {
        replace: ["clusterId"],
        values: { "rules.type": ["droplet", "k8s", "ip_addr", "tag", "app"] },
        source: v1,
    },
    "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool": {
        // Nothing of a pool can be changed: another size is another pool, of the same name, so the old one goes first.
        replace: ["clusterId", "name", "user", "mode", "size", "dbName"],
        values: { mode: ["session", "transaction", "statement"] },
        source: `${repository} digitalocean/database/resource_database_connection_pool.go@114c9d8`,
    },
    "digitalocean:index/spacesBucket:SpacesBucket": {
        // Not `name`: the provider takes another name for an update, and does nothing. The bucket keeps its old one.
        replace: ["region"],
        source: `${repository} digitalocean/spaces/resource_spaces_bucket.go@10cf444`,
    },
    "digitalocean:index/spacesBucketCorsConfiguration:SpacesBucketCorsConfiguration": {
        replace: ["region"],
        source: `${repository} digitalocean/spaces/resource_spaces_bucket_cors_configuration.go@2a6fdf8`,
    },
    "digitalocean:index/spacesKey:SpacesKey": {
        replace: [],
        values: { "grants.permission": ["read", "readwrite", "fullaccess"] },
        source: `${repository} digitalocean/spaces/resource_spaces_key.go@2e381ec`,
    },
    "digitalocean:index/cdn:Cdn": { replace: ["origin"], source: v1 },
    "digitalocean:index/certificate:Certificate": {
        replace: ["name", "privateKey", "leafCertificate", "certificateChain", "domains", "type"],
        values: { type: ["custom", "lets_encrypt"] },
        source: v1,
    },
    "digitalocean:index/domain:Domain": { replace: ["name", "ipAddress"], source: v1 },
    "digitalocean:index/dnsRecord:DnsRecord": {
        replace: ["domain", "type"],
        values: { type: ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT", "SRV"] },
        autoname: null,
        source: v1,
    },
    "digitalocean:index/containerRegistry:ContainerRegistry": {
        replace: ["name", "region"],
        values: { subscriptionTierSlug: ["starter", "basic", "professional"] },
        source: v1,
    },
};
