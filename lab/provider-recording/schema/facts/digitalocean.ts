// Looked up upstream for DigitalOcean: what the SDK's typings do not say. What its real plugin answers to changed and wrong inputs was
// compared with this once, see docs/lab/provider-recording.md.
import type { CloudFacts, Limit } from "../../../../commands/plan/answers/schema/schema.ts";

const repository = "digitalocean/terraform-provider-digitalocean";
/** The last version whose module is to be had; used where an input cannot have become changeable since. */
const v1 = `${repository} v1.23.0`;

/** `validation.NoZeroValues` */
const notEmpty: Limit = { notEmpty: true };
/** Digits, letters, colons, hyphens and underscores: digitalocean/tag/tags.go. */
const tag: Limit = { form: "^[a-zA-Z0-9:\\-_]{1,255}$" };
const readOnly: Limit = { readOnly: true };

const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const spacesRegions = "ams3 atl1 blr1 fra1 lon1 nyc3 sfo2 sfo3 sgp1 syd1 tor1".split(" ");

export const facts: CloudFacts = {
    "digitalocean:index/vpc:Vpc": {
        replace: ["region", "ipRange"],
        limits: { name: notEmpty, region: notEmpty },
        source: `${repository} digitalocean/vpc/resource_vpc.go@7d41d7c`,
    },
    "digitalocean:index/kubernetesCluster:KubernetesCluster": {
        // A larger machine in the pool that comes with the cluster replaces the cluster: pools of their own do not.
        replace: ["region", "vpcUuid", "workerSubnetUuid", "clusterSubnet", "serviceSubnet", "nodePool.size"],
        replaceWhen: { version: "older" },
        values: { "maintenancePolicy.day": ["any", ...days], "nodePool.taints.effect": effects },
        anyCase: ["maintenancePolicy.day"],
        // A number that is left out is what there is.
        computed: ["nodePool.nodeCount"],
        defaults: {
            surgeUpgrade: true,
            registryIntegration: false,
            destroyAllAssociatedResources: false,
            "nodePool.autoScale": false,
        },
        limits: {
            name: notEmpty,
            region: notEmpty,
            version: notEmpty,
            kubeconfigExpireSeconds: { least: 0 },
            tags: tag,
            "maintenancePolicy.duration": readOnly,
            "nodePool.name": notEmpty,
            "nodePool.size": notEmpty,
            "nodePool.tags": tag,
            "nodePool.id": readOnly,
            "nodePool.actualNodeCount": readOnly,
            "nodePool.nodes": readOnly,
        },
        source: `${repository} digitalocean/kubernetes/{resource_kubernetes_cluster@046b42c,kubernetes@2001826}.go`,
    },
    "digitalocean:index/kubernetesNodePool:KubernetesNodePool": {
        replace: ["clusterId", "size"],
        values: { "taints.effect": effects },
        computed: ["nodeCount"],
        notComputed: ["labels"],
        defaults: { autoScale: false },
        limits: { clusterId: notEmpty, name: notEmpty, size: notEmpty, tags: tag },
        source: `${repository} digitalocean/kubernetes/{resource_kubernetes_node_pool@3dd5165,kubernetes@2001826}.go`,
    },
    "digitalocean:index/databaseCluster:DatabaseCluster": {
        replace: ["name", "engine", "privateNetworkUuid", "projectId"],
        values: { "maintenanceWindows.day": days },
        anyCase: ["maintenanceWindows.day"],
        required: ["version"],
        limits: {
            name: notEmpty,
            engine: notEmpty,
            size: notEmpty,
            region: notEmpty,
            nodeCount: notEmpty,
            evictionPolicy: notEmpty,
            privateNetworkUuid: notEmpty,
            projectId: notEmpty,
            tags: tag,
        },
        source: `${repository} digitalocean/database/resource_database_cluster.go@075f685`,
    },
    "digitalocean:index/databaseDb:DatabaseDb": {
        replace: ["name", "clusterId"],
        limits: { name: notEmpty, clusterId: notEmpty },
        source: v1,
    },
    "digitalocean:index/databaseUser:DatabaseUser": {
        replace: ["name", "clusterId"],
        limits: { name: notEmpty, clusterId: notEmpty },
        source: v1,
    },
    "digitalocean:index/databaseReplica:DatabaseReplica": {
        replace: ["name", "clusterId", "region", "privateNetworkUuid", "tags"],
        source: `${repository} digitalocean/database/resource_database_replica.go@1975db0`,
    },
    "digitalocean:index/databaseFirewall:DatabaseFirewall": {
        replace: ["clusterId"],
        values: { "rules.type": ["droplet", "k8s", "ip_addr", "tag", "app"] },
        limits: {
            clusterId: notEmpty,
            "rules.value": notEmpty,
            "rules.uuid": readOnly,
            "rules.createdAt": readOnly,
        },
        source: v1,
    },
    "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool": {
        // Nothing of a pool can be changed: another size is another pool, of the same name, so the old one goes first.
        replace: ["clusterId", "name", "user", "mode", "size", "dbName"],
        values: { mode: ["session", "transaction", "statement"] },
        limits: { clusterId: notEmpty, name: notEmpty, dbName: notEmpty },
        source: `${repository} digitalocean/database/resource_database_connection_pool.go@114c9d8`,
    },
    "digitalocean:index/spacesBucket:SpacesBucket": {
        // Not `name`: the provider takes another name for an update, and does nothing. The bucket keeps its old one.
        replace: ["region"],
        values: { region: spacesRegions },
        anyCase: ["region"],
        defaults: { region: "nyc3", acl: "private", forceDestroy: false, "versioning.enabled": false },
        limits: {
            "lifecycleRules.expiration.days": { least: 0 },
            "lifecycleRules.noncurrentVersionExpiration.days": { least: 1 },
        },
        source: `${repository} digitalocean/spaces/{resource_spaces_bucket@10cf444,spaces_buckets@6e301a7}.go`,
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
        defaults: { type: "custom" },
        conflicts: [
            ["domains", "privateKey"],
            ["domains", "leafCertificate"],
            ["domains", "certificateChain"],
        ],
        limits: {
            name: notEmpty,
            domains: notEmpty,
            privateKey: notEmpty,
            leafCertificate: notEmpty,
            certificateChain: notEmpty,
        },
        source: `${repository} digitalocean/certificate/resource_certificate.go@1b8d7f3`,
    },
    "digitalocean:index/domain:Domain": {
        replace: ["name", "ipAddress"],
        limits: { name: notEmpty, ipAddress: notEmpty },
        source: v1,
    },
    "digitalocean:index/dnsRecord:DnsRecord": {
        replace: ["domain", "type"],
        values: {
            type: ["A", "AAAA", "CAA", "CNAME", "MX", "NS", "TXT", "SRV", "SOA"],
            tag: ["issue", "issuewild", "iodef"],
        },
        limits: {
            domain: notEmpty,
            name: notEmpty,
            ttl: { least: 1 },
            port: { least: 0 },
            priority: { least: 0 },
            weight: { least: 0 },
            flags: { least: 0 },
        },
        requiredWhen: [
            { path: "priority", when: { type: "MX" } },
            { path: "priority", when: { type: "SRV" } },
            { path: "weight", when: { type: "SRV" } },
            { path: "flags", when: { type: "CAA" } },
            { path: "tag", when: { type: "CAA" } },
        ],
        source: `${repository} digitalocean/domain/resource_record.go@1531311`,
    },
    "digitalocean:index/containerRegistry:ContainerRegistry": {
        replace: ["name", "region"],
        values: { subscriptionTierSlug: ["starter", "basic", "professional"] },
        limits: { name: notEmpty },
        source: v1,
    },
    "digitalocean:index/monitorAlert:MonitorAlert": {
        replace: [],
        values: {
            compare: ["GreaterThan", "LessThan"],
            window: ["5m", "10m", "30m", "1h"],
            type: [
                "v1/insights/droplet/cpu",
                "v1/insights/droplet/memory_utilization_percent",
                "v1/insights/droplet/disk_utilization_percent",
                "v1/insights/droplet/public_outbound_bandwidth",
                "v1/insights/droplet/public_inbound_bandwidth",
                "v1/insights/droplet/private_outbound_bandwidth",
                "v1/insights/droplet/private_inbound_bandwidth",
                "v1/insights/droplet/disk_read",
                "v1/insights/droplet/disk_write",
                "v1/insights/droplet/load_1",
                "v1/insights/droplet/load_5",
                "v1/insights/droplet/load_15",
                "v1/insights/lbaas/avg_cpu_utilization_percent",
                "v1/insights/lbaas/connection_utilization_percent",
                "v1/insights/lbaas/droplet_health",
                "v1/insights/lbaas/tls_connections_per_second_utilization_percent",
                "v1/insights/lbaas/increase_in_http_error_rate_percentage_4xx",
                "v1/insights/lbaas/increase_in_http_error_rate_percentage_5xx",
                "v1/insights/lbaas/increase_in_http_error_rate_count_4xx",
                "v1/insights/lbaas/increase_in_http_error_rate_count_5xx",
                "v1/insights/lbaas/high_http_request_response_time",
                "v1/insights/lbaas/high_http_request_response_time_50p",
                "v1/insights/lbaas/high_http_request_response_time_95p",
                "v1/insights/lbaas/high_http_request_response_time_99p",
                "v1/dbaas/alerts/load_15_alerts",
                "v1/dbaas/alerts/memory_utilization_alerts",
                "v1/dbaas/alerts/disk_utilization_alerts",
                "v1/dbaas/alerts/cpu_alerts",
            ],
        },
        source: `${repository} digitalocean/monitoring/resource_monitor_alert.go@95da01c`,
    },
    "digitalocean:index/uptimeCheck:UptimeCheck": {
        replace: [],
        values: { type: ["ping", "http", "https"], regions: ["us_east", "us_west", "eu_west", "se_asia"] },
        autoname: { property: "name", limit: 255 },
        source: `${repository} digitalocean/uptime/resource_uptime_check.go@48a186e`,
    },
    "digitalocean:index/uptimeAlert:UptimeAlert": {
        // Not `checkId`, although an alert of another check is another one: the provider asks for it there, and finds none.
        replace: [],
        values: {
            type: ["latency", "down", "down_global", "ssl_expiry"],
            comparison: ["greater_than", "less_than"],
            period: ["2m", "3m", "5m", "10m", "15m", "30m", "1h"],
        },
        autoname: { property: "name", limit: 255 },
        source: `${repository} digitalocean/uptime/resource_uptime_alert.go@034b61f`,
    },
};
