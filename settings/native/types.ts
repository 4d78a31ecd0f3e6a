// The resource types whose arguments `native` may set, by the names of their SDKs; docs/settings.md says which is where.
export const nativeTypes = [
    "gcp.artifactregistry.Repository",
    "gcp.compute.BackendBucket",
    "gcp.compute.Network",
    "gcp.compute.RouterNat",
    "gcp.compute.Subnetwork",
    "gcp.container.Cluster",
    "gcp.container.NodePool",
    "gcp.dns.ManagedZone",
    "gcp.kms.CryptoKey",
    "gcp.monitoring.AlertPolicy",
    "gcp.redis.Instance",
    "gcp.sql.DatabaseInstance",
    "gcp.storage.Bucket",

    "aws.cloudfront.Distribution",
    "aws.cloudwatch.MetricAlarm",
    "aws.ec2.Vpc",
    "aws.ecr.Repository",
    "aws.eks.Cluster",
    "aws.eks.NodeGroup",
    "aws.elasticache.ReplicationGroup",
    "aws.kms.Key",
    "aws.rds.Instance",
    "aws.route53.Zone",
    "aws.s3.Bucket",

    "digitalocean.Cdn",
    "digitalocean.ContainerRegistry",
    "digitalocean.DatabaseCluster",
    "digitalocean.Domain",
    "digitalocean.KubernetesCluster",
    "digitalocean.KubernetesNodePool",
    "digitalocean.MonitorAlert",
    "digitalocean.SpacesBucket",
    "digitalocean.UptimeAlert",
    "digitalocean.Vpc",
] as const;

export type NativeType = (typeof nativeTypes)[number];

/** `digitalocean.Vpc` is `digitalocean:index/vpc:Vpc`, `gcp.sql.DatabaseInstance` is `gcp:sql/databaseInstance:DatabaseInstance`. */
export function tokenOf(type: string): string {
    const parts = type.split(".");
    const [cloud, name] = [parts[0]!, parts.at(-1)!];
    const module = parts.length > 2 ? parts[1]! : "index";
    return `${cloud}:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}
