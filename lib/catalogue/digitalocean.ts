// DigitalOcean, which refuses no deletion by itself: `protect` alone stops one. Price: its products, as the price page has them.
import type { CloudCatalogue, NameLimit } from "./contract.ts";
import { admitsEveryone } from "./openings.ts";

const label: NameLimit = { input: "name", longest: 63 };
/** PostgreSQL cuts what is longer. */
const word: NameLimit = { input: "name", longest: 63 };
const anyName: NameLimit = { input: "name", longest: 255 };

const databaseFirewall = {
    type: "digitalocean:index/databaseFirewall:DatabaseFirewall",
    allowed: "trusted sources: the Kubernetes cluster, or named addresses",
    fix: "create one: without it the whole internet may try passwords",
};

export const digitalocean = {
    made: {
        "digitalocean:index/vpc:Vpc": {
            name: anyName,
            role: "network",
            product: "VPC",
            teardown: "network",
            timeouts: ["delete"],
        },
        "digitalocean:index/kubernetesCluster:KubernetesCluster": {
            holds: "cluster",
            name: label,
            role: "cluster",
            product: "DOKS",
            // An update waits for as long as a creation may take; so do those of pools and servers.
            timeouts: ["create"],
            price: "Kubernetes",
        },
        "digitalocean:index/kubernetesNodePool:KubernetesNodePool": {
            name: label,
            role: "nodes",
            teardown: "nodes",
            timeouts: ["create", "delete"],
            price: "Droplets",
        },
        // One type for databases and caches.
        "digitalocean:index/databaseCluster:DatabaseCluster": {
            holds: "database",
            empty: {
                when: ({ engine }: Readonly<Record<string, unknown>>) => engine === "valkey" || engine === "redis",
                role: "cache",
                product: "Valkey",
            },
            name: label,
            closedBy: databaseFirewall,
            role: "database",
            product: "PostgreSQL",
            timeouts: ["create"],
            price: "Managed Databases",
        },
        "digitalocean:index/databaseReplica:DatabaseReplica": {
            name: label,
            closedBy: databaseFirewall,
            role: "database",
            product: "PostgreSQL",
            timeouts: ["create"],
            price: "Managed Databases",
        },
        "digitalocean:index/databaseDb:DatabaseDb": { holds: "database", name: word },
        "digitalocean:index/databaseUser:DatabaseUser": { name: word },
        "digitalocean:index/databaseFirewall:DatabaseFirewall": {
            guards: "database",
            openings: [{ path: "rules", isOpen: admitsEveryone, allowed: "named sources", fix: "remove the range" }],
        },
        "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool": { name: word },
        "digitalocean:index/spacesBucket:SpacesBucket": {
            holds: "bucket",
            emptiedBy: "forceDestroy",
            name: label,
            openings: [
                {
                    path: "acl",
                    byDefault: "private",
                    isOpen: (value: unknown) => value !== "private",
                    allowed: "private",
                    fix: "remove it: public-read lets everybody list the bucket; a policy can open single prefixes",
                },
            ],
            role: "bucket",
            product: "Spaces",
            price: "Spaces",
        },
        "digitalocean:index/spacesBucketCorsConfiguration:SpacesBucketCorsConfiguration": {},
        "digitalocean:index/spacesKey:SpacesKey": { name: anyName },
        "digitalocean:index/cdn:Cdn": { role: "cdn", product: "Spaces CDN" },
        "digitalocean:index/certificate:Certificate": { name: anyName, role: "certificate", product: "Let's Encrypt" },
        // With a zone go its name servers' answers, which the parent zone relies on.
        "digitalocean:index/domain:Domain": { holds: "zone", role: "zone", product: "DNS" },
        "digitalocean:index/dnsRecord:DnsRecord": { name: anyName },
        // With a registry go the images to roll back to.
        "digitalocean:index/containerRegistry:ContainerRegistry": {
            holds: "registry",
            name: label,
            role: "registry",
            product: "Registry",
            price: "Container Registry",
        },
        // Alarms hold nothing: what they say, the settings say again.
        "digitalocean:index/monitorAlert:MonitorAlert": { role: "alarm", product: "Monitoring" },
        "digitalocean:index/uptimeCheck:UptimeCheck": {
            name: anyName,
            role: "alarm",
            product: "Uptime",
            price: "Uptime",
        },
        "digitalocean:index/uptimeAlert:UptimeAlert": { name: anyName },
    },
    others: {
        "digitalocean:index/firewall:Firewall": { name: anyName },
        "digitalocean:index/containerRegistries:ContainerRegistries": {
            holds: "registry",
            name: label,
            price: "Container Registry",
        },
        "digitalocean:index/volume:Volume": { holds: "volume", name: label, price: "Volumes Block Storage" },
        // With a snapshot go backups that nothing makes again.
        "digitalocean:index/volumeSnapshot:VolumeSnapshot": {
            holds: "backups",
            name: label,
            price: "Volumes Block Storage",
        },
        "digitalocean:index/spacesBucketPolicy:SpacesBucketPolicy": {},
    },
} satisfies CloudCatalogue;
