// What holds data that nobody can make again: what production protects (R67), and what the gate refuses to lose (N4).

/** What is lost with it. */
export type StatefulKind = "database" | "bucket" | "zone" | "key" | "volume" | "namespace" | "cluster" | "registry";

/** A resource's inputs, as far as they decide; whatever their shape. */
export type Inputs = Readonly<Record<string, unknown>>;

interface StatefulType {
    readonly kind: StatefulKind;
    /** Whether one with these inputs holds data. @default each does */
    readonly holdsData?: (inputs: Inputs) => boolean;
}

/** By type token, for all clouds. */
export const statefulTypes: Readonly<Record<string, StatefulType>> = {
    "gcp:sql/databaseInstance:DatabaseInstance": { kind: "database" },
    "gcp:sql/database:Database": { kind: "database" },
    "aws:rds/instance:Instance": { kind: "database" },
    "aws:rds/cluster:Cluster": { kind: "database" },
    "aws:dynamodb/table:Table": { kind: "database" },
    // The same type is a cache with the engine Valkey.
    "digitalocean:index/databaseCluster:DatabaseCluster": {
        kind: "database",
        holdsData: ({ engine }) => engine !== "valkey" && engine !== "redis",
    },
    "digitalocean:index/databaseDb:DatabaseDb": { kind: "database" },

    "gcp:storage/bucket:Bucket": { kind: "bucket" },
    "aws:s3/bucket:Bucket": { kind: "bucket" },
    "aws:s3/bucketV2:BucketV2": { kind: "bucket" },
    "digitalocean:index/spacesBucket:SpacesBucket": { kind: "bucket" },

    // With a zone go its name servers, which the parent zone names.
    "gcp:dns/managedZone:ManagedZone": { kind: "zone" },
    "aws:route53/zone:Zone": { kind: "zone" },
    "digitalocean:index/domain:Domain": { kind: "zone" },

    // With a key goes what it encrypted: databases, buckets, the stack's own secrets.
    "gcp:kms/keyRing:KeyRing": { kind: "key" },
    "gcp:kms/cryptoKey:CryptoKey": { kind: "key" },
    "aws:kms/key:Key": { kind: "key" },
    "aws:kms/replicaKey:ReplicaKey": { kind: "key" },

    "gcp:container/cluster:Cluster": { kind: "cluster" },
    "aws:eks/cluster:Cluster": { kind: "cluster" },
    "digitalocean:index/kubernetesCluster:KubernetesCluster": { kind: "cluster" },

    // With a registry go the images to roll back to.
    "gcp:artifactregistry/repository:Repository": { kind: "registry" },
    "aws:ecr/repository:Repository": { kind: "registry" },
    "digitalocean:index/containerRegistry:ContainerRegistry": { kind: "registry" },
    "digitalocean:index/containerRegistries:ContainerRegistries": { kind: "registry" },

    "gcp:compute/disk:Disk": { kind: "volume" },
    "gcp:compute/regionDisk:RegionDisk": { kind: "volume" },
    "gcp:filestore/instance:Instance": { kind: "volume" },
    "aws:ebs/volume:Volume": { kind: "volume" },
    "aws:efs/fileSystem:FileSystem": { kind: "volume" },
    "digitalocean:index/volume:Volume": { kind: "volume" },
    "kubernetes:core/v1:PersistentVolume": { kind: "volume" },
    // What collectstatic fills, the next release fills again.
    "kubernetes:core/v1:PersistentVolumeClaim": {
        kind: "volume",
        holdsData: (inputs) => componentOf(inputs) !== "assets",
    },
    "kubernetes:apps/v1:StatefulSet": { kind: "volume", holdsData: claimsVolumes },
    // Deleting an environment's namespace deletes every volume in it; an add-on's has none.
    "kubernetes:core/v1:Namespace": { kind: "namespace", holdsData: (inputs) => componentOf(inputs) !== "addon" },
};

/**
 * @param inputs when they are not known, a type that sometimes holds data counts as holding it
 * @returns what would be lost with a resource of that type, or undefined for one that can be made again
 */
export function statefulKind(type: string, inputs?: Inputs): StatefulKind | undefined {
    const entry = Object.hasOwn(statefulTypes, type) ? statefulTypes[type] : undefined;
    if (entry === undefined || (inputs !== undefined && entry.holdsData?.(inputs) === false)) {
        return undefined;
    }
    return entry.kind;
}

function componentOf(inputs: Inputs): unknown {
    return field(field(inputs["metadata"], "labels"), "app.kubernetes.io/component");
}

function claimsVolumes(inputs: Inputs): boolean {
    const templates = field(inputs["spec"], "volumeClaimTemplates");
    // Not a list: a value that is unknown until the update, or a secret.
    return Array.isArray(templates) ? templates.length > 0 : templates !== undefined;
}

function field(value: unknown, key: string): unknown {
    return typeof value === "object" && value !== null ? (value as Inputs)[key] : undefined;
}
