// DigitalOcean: the scopes of a token. A scope asks for others beside it: those that read regions, sizes and actions.
// @see https://docs.digitalocean.com/reference/api/scopes/
import { permissions, type Deed, type Permissions, type PermissionTable } from "./contract.ts";

/** Create, read, update and delete, as most kinds have them. */
function crud(kind: string, more: Partial<Record<Deed, string>> = {}): Permissions {
    const of = (deed: Deed): string => `${kind}:${deed} ${more[deed] ?? ""}`;
    return permissions("", { read: of("read"), create: of("create"), update: of("update"), delete: of("delete") });
}

/** What a database's parts need: all of them are under the one of databases, and its logins are shown to who may see them. */
const databasePart = crud("database", { read: "database:view_credentials regions:read sizes:read actions:read" });

/** Buckets are not in the API: a Spaces key with full access makes them. */
const bySpacesKey = permissions("", {});

const cluster = crud("kubernetes", {
    // The provider asks for a kubeconfig whenever it reads a cluster.
    read: "kubernetes:access_cluster regions:read sizes:read actions:read",
    create: "tag:create tag:read vpc:read",
    update: "registry:read tag:create",
});

export const digitalocean: PermissionTable = {
    "digitalocean:index/vpc:Vpc": crud("vpc", { read: "regions:read actions:read" }),
    "digitalocean:index/kubernetesCluster:KubernetesCluster": {
        ...cluster,
        // `destroyAllAssociatedResources` takes what the cluster made with it.
        delete: [
            ...cluster.delete,
            "load_balancer:read",
            "load_balancer:delete",
            "block_storage:read",
            "block_storage:delete",
            "block_storage_snapshot:read",
            "block_storage_snapshot:delete",
        ],
    },
    "digitalocean:index/kubernetesNodePool:KubernetesNodePool": {
        ...cluster,
        // A pool is part of the cluster: adding one and taking one away.
        delete: ["kubernetes:delete"],
    },
    "digitalocean:index/databaseCluster:DatabaseCluster": crud("database", {
        read: "database:view_credentials regions:read sizes:read actions:read",
        create: "tag:create tag:read vpc:read",
    }),
    "digitalocean:index/databaseReplica:DatabaseReplica": databasePart,
    "digitalocean:index/databaseDb:DatabaseDb": databasePart,
    "digitalocean:index/databaseUser:DatabaseUser": databasePart,
    "digitalocean:index/databaseFirewall:DatabaseFirewall": databasePart,
    "digitalocean:index/databaseConnectionPool:DatabaseConnectionPool": databasePart,
    "digitalocean:index/databasePostgresqlConfig:DatabasePostgresqlConfig": databasePart,
    "digitalocean:index/databaseValkeyConfig:DatabaseValkeyConfig": databasePart,
    "digitalocean:index/spacesBucket:SpacesBucket": bySpacesKey,
    "digitalocean:index/spacesBucketPolicy:SpacesBucketPolicy": bySpacesKey,
    "digitalocean:index/spacesBucketCorsConfiguration:SpacesBucketCorsConfiguration": bySpacesKey,
    "digitalocean:index/spacesKey:SpacesKey": permissions("spaces_key:", {
        read: "read",
        create: "create_credentials",
        update: "update",
        delete: "delete",
    }),
    "digitalocean:index/cdn:Cdn": crud("cdn", { create: "certificate:read" }),
    "digitalocean:index/certificate:Certificate": permissions("certificate:", {
        read: "read",
        create: "create domain:read",
        delete: "delete",
    }),
    "digitalocean:index/domain:Domain": crud("domain"),
    "digitalocean:index/dnsRecord:DnsRecord": crud("domain"),
    "digitalocean:index/containerRegistry:ContainerRegistry": crud("registry", { read: "regions:read" }),
    "digitalocean:index/monitorAlert:MonitorAlert": crud("monitoring"),
    "digitalocean:index/uptimeCheck:UptimeCheck": crud("uptime"),
    "digitalocean:index/uptimeAlert:UptimeAlert": crud("uptime"),
};

/** Whether a Spaces key with full access is needed beside the token. */
export function needsSpacesKey(types: readonly string[]): boolean {
    return types.some((type) => digitalocean[type] === bySpacesKey);
}
