// The catalogue against what does not come from it: the SDKs' typings, the recording providers' data, and lists that were reviewed.
// Does not prove: that all that the stacks make is in it (test/plan/catalogue.test.ts does), nor what a cloud refuses in truth.
import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadSchema } from "../../../commands/plan/answers/schema/load.ts";
import { moduleOf } from "../../../commands/plan/answers/schema/resources.ts";
import { readers } from "../../../commands/plan/topology/clouds.ts";
import { losingChanges, safetyOf, tokensThatMayLose } from "../../../lib/catalogue/losing-changes/index.ts";
import { projectRoot } from "../../../commands/support/paths.ts";
import {
    clouds,
    fileOf,
    heldBy,
    isUnknown,
    madeIn,
    resourceType,
    tokens,
    tokensWith,
    type ResourceType,
    type Token,
} from "../../../lib/catalogue/index.ts";

const require = createRequire(import.meta.url);

const rowOf = (token: Token): ResourceType => resourceType(token)!;
const cloudOf = (token: string): string => token.split(":")[0]!;
/** A cluster is taught other kinds by the controllers that come with them. */
const ofSdk = tokens.filter(
    (token) =>
        !/^kubernetes:(cert-manager\.io|external-secrets\.io|bitnami\.com|karpenter\.sh|[a-z.]*\.gke\.io|gateway\.[a-z0-9.]+)\//.test(
            token,
        ),
);
const ofClouds = ofSdk.filter((token) => cloudOf(token) !== "kubernetes");

function sdkFile(token: Token, extension: string): string {
    const [cloud = "", , name = ""] = token.split(":");
    const path =
        cloud === "kubernetes"
            ? `${token.split(":")[1]!.replace(/\.[^/]+/, "")}/${name[0]!.toLowerCase()}${name.slice(1)}`
            : moduleOf(token);
    return join(dirname(require.resolve(`@pulumi/${cloud}/package.json`)), `${path}.${extension}`);
}

/** The inputs of a type, by its typings. */
function inputsOf(token: Token): readonly string[] {
    const typings = readFileSync(sdkFile(token, "d.ts"), "utf8");
    const args = typings.slice(typings.indexOf(`interface ${token.split(":").at(-1)!}Args`));
    return [...args.matchAll(/^ {4}(\w+)\??: /gm)].map(([, name]) => name!);
}

/** Groups tokens by a fact, in the order of the catalogue. */
function grouped(fact: (row: ResourceType) => string | number | undefined): Record<string, readonly Token[]> {
    const of = Map.groupBy(
        tokensWith((row) => fact(row) !== undefined),
        (token) => String(fact(rowOf(token))),
    );
    return Object.fromEntries([...of].map(([key, found]) => [key, found.toSorted()]));
}

describe("every row", () => {
    test.each(ofSdk)("%s is a type of its provider", (token) => {
        expect(existsSync(sdkFile(token, "js"))).toBe(true);
        // The token stands in the class, so a type that was renamed is found here.
        expect(readFileSync(sdkFile(token, "js"), "utf8")).toMatch(new RegExp(`__pulumiType = ['"]${token}['"]`));
    });

    test.each(ofClouds)("%s names inputs that the type has", async (token) => {
        const { deletion = [], openings = [], emptiedBy, name } = rowOf(token);
        const lists = losingChanges(token).map(({ path }) => path.replaceAll("[]", ""));
        const paths = [...[...deletion, ...openings].map(({ path }) => path), ...lists, safetyOf(token)?.of];
        const all = [...new Set([...paths, emptiedBy, name?.input])].filter((path) => path !== undefined);
        expect(all.filter((path) => !inputsOf(token).includes(path.split(".")[0]!))).toEqual([]);
        const { resources, types } = await loadSchema(cloudOf(token) as "aws");
        for (const [first = "", ...rest] of all.map((path) => path.split("."))) {
            let type = resources[token]?.properties[first];
            for (const key of type === undefined ? [] : rest) {
                type = types[type!.replace(/^\[\]/, "")]?.properties[key];
                expect(type, `${token} ${first}.${rest.join(".")}`).toBeDefined();
            }
        }
    });

    test("names only types that have a row too", () => {
        const named = tokens.map(rowOf).flatMap(({ closedBy, addressFrom }) => [closedBy?.type, addressFrom]);
        expect(named.filter((token) => token !== undefined && resourceType(token) === undefined)).toEqual([]);
    });
});

describe("what a change in place may lose", () => {
    test("is known of types that have a row, or are a part of one", () => {
        expect(tokensThatMayLose.filter((token) => resourceType(token.replace(/Patch$/, "")) === undefined)).toEqual(
            [],
        );
    });

    test("is known of every server of databases that is made here, and of every bucket", () => {
        const silent = tokens.filter(
            (token) =>
                (rowOf(token).role === "database" || rowOf(token).role === "bucket") &&
                rowOf(token).holds !== undefined &&
                losingChanges(token).length === 0,
        );
        // S3 says it of parts of their own: BucketVersioning, BucketLifecycleConfiguration.
        expect(silent).toEqual(["aws:s3/bucket:Bucket"]);
    });
});

describe("no row forgets", () => {
    test.each(ofClouds)("%s: what the provider offers against a deletion, and for it", (token) => {
        const inputs = inputsOf(token);
        const { deletion = [], emptiedBy } = rowOf(token);
        const switches = inputs.filter((name) =>
            /^(enableDeletionProtection|deletionProtection(Enabled)?)$/.test(name),
        );
        const known = deletion.map(({ path }) => path).filter((path) => !path.includes("."));
        expect(known).toEqual(switches);
        // A user's and a machine's are about keys and disks that others made, not about data in them.
        if (!/:(User|Instance)$/.test(token)) {
            expect(emptiedBy).toBe(inputs.find((name) => name === "forceDestroy" || name === "forceDelete"));
        }
    });

    test.each(clouds)("%s: the name of what the provider names by itself, in the provider's limit", async (cloud) => {
        const { resources } = await loadSchema(cloud);
        const wrong = madeIn(cloud).filter((token) => {
            const { property, limit } = resources[token]?.autoname ?? {};
            const { input, longest = 0 } = rowOf(token).name ?? {};
            return property !== undefined && !(input === property && longest <= limit!);
        });
        expect(wrong).toEqual([]);
    });

    test("what the plan draws, and no reader draws what has no role", () => {
        for (const cloud of clouds) {
            const drawn = madeIn(cloud).filter((token) => rowOf(token).role !== undefined);
            expect(drawn.toSorted(), cloud).toEqual(Object.keys(readers[cloud]).toSorted());
        }
    });

    test("what is paid for by the hour or the gigabyte", () => {
        const paid = new Set(["cluster", "nodes", "database", "cache", "bucket"]);
        expect(tokensWith(({ role = "", price }) => paid.has(role) && price === undefined)).toEqual([]);
        expect(tokensWith(({ holds, price }) => holds === "volume" && price === undefined)).toEqual([
            // What is behind them is the cluster's affair.
            "kubernetes:apps/v1:StatefulSet",
            "kubernetes:core/v1:PersistentVolumeClaim",
            "kubernetes:core/v1:PersistentVolume",
        ]);
    });

    test("any type that a rule, the gate, the plan or a recording provider names", async () => {
        const named = (await sources("policy", "commands", "lab/provider-recording", "components", "stacks")).flatMap(
            (source) => [...source.matchAll(/["'`]((?:aws|gcp|digitalocean):[\w/]+\/\w+:[A-Z]\w+)["'`]/g)],
        );
        expect(named.length).toBeGreaterThan(200);
        expect(
            [...new Set(named.map(([, token]) => token!))].filter((token) => resourceType(token) === undefined),
        ).toEqual([]);
    });
});

async function sources(...folders: readonly string[]): Promise<string[]> {
    const files = await Promise.all(
        folders.map((folder) => readdir(join(projectRoot, folder), { recursive: true, withFileTypes: true })),
    );
    return Promise.all(
        files
            .flat()
            .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
            .map((entry) => readFile(join(entry.parentPath, entry.name), "utf8")),
    );
}

describe("reviewed:", () => {
    test("what holds data, by what is lost", () => {
        expect(grouped(({ holds }) => holds)).toEqual({
            backups: [
                "aws:backup/vault:Vault",
                "aws:ebs/snapshot:Snapshot",
                "aws:rds/snapshot:Snapshot",
                "aws:rds/snapshotCopy:SnapshotCopy",
                "digitalocean:index/volumeSnapshot:VolumeSnapshot",
                "gcp:compute/snapshot:Snapshot",
            ],
            bucket: [
                "aws:s3/bucket:Bucket",
                "aws:s3/bucketV2:BucketV2",
                "digitalocean:index/spacesBucket:SpacesBucket",
                "gcp:storage/bucket:Bucket",
            ],
            cluster: [
                "aws:eks/cluster:Cluster",
                "digitalocean:index/kubernetesCluster:KubernetesCluster",
                "gcp:container/cluster:Cluster",
            ],
            database: [
                "aws:dynamodb/table:Table",
                "aws:rds/cluster:Cluster",
                "aws:rds/instance:Instance",
                "digitalocean:index/databaseCluster:DatabaseCluster",
                "digitalocean:index/databaseDb:DatabaseDb",
                "gcp:sql/database:Database",
                "gcp:sql/databaseInstance:DatabaseInstance",
            ],
            key: [
                "aws:kms/key:Key",
                "aws:kms/replicaKey:ReplicaKey",
                "gcp:kms/cryptoKey:CryptoKey",
                "gcp:kms/keyRing:KeyRing",
            ],
            logs: ["aws:cloudwatch/logGroup:LogGroup", "gcp:logging/projectBucketConfig:ProjectBucketConfig"],
            namespace: ["kubernetes:core/v1:Namespace"],
            registry: [
                "aws:ecr/repository:Repository",
                "digitalocean:index/containerRegistries:ContainerRegistries",
                "digitalocean:index/containerRegistry:ContainerRegistry",
                "gcp:artifactregistry/repository:Repository",
            ],
            volume: [
                "aws:ebs/volume:Volume",
                "aws:efs/fileSystem:FileSystem",
                "digitalocean:index/volume:Volume",
                "gcp:compute/disk:Disk",
                "gcp:compute/regionDisk:RegionDisk",
                "gcp:filestore/instance:Instance",
                "kubernetes:apps/v1:StatefulSet",
                "kubernetes:core/v1:PersistentVolume",
                "kubernetes:core/v1:PersistentVolumeClaim",
            ],
            zone: ["aws:route53/zone:Zone", "digitalocean:index/domain:Domain", "gcp:dns/managedZone:ManagedZone"],
        });
    });

    test("what is known though the program does not make it", () => {
        const made = new Set([...clouds, "kubernetes" as const].flatMap((cloud) => madeIn(cloud)));
        expect(tokens.filter((token) => !made.has(token) && heldBy(token) === undefined).toSorted()).toEqual([
            "aws:backup/plan:Plan",
            "aws:backup/selection:Selection",
            "aws:ec2/instance:Instance",
            "aws:eks/fargateProfile:FargateProfile",
            "aws:elasticache/user:User",
            "aws:elasticache/userGroup:UserGroup",
            "aws:iam/policy:Policy",
            "aws:lb/loadBalancer:LoadBalancer",
            "aws:lb/targetGroup:TargetGroup",
            "digitalocean:index/firewall:Firewall",
            "digitalocean:index/spacesBucketPolicy:SpacesBucketPolicy",
            "gcp:compute/firewall:Firewall",
            "gcp:kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding",
            "gcp:memorystore/instance:Instance",
            "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy",
            "gcp:storage/bucketIAMBinding:BucketIAMBinding",
            "kubernetes:batch/v1:CronJob",
        ]);
    });

    test("the shortest limits of names", () => {
        const limits = grouped(({ name }) => (name !== undefined && name.longest < 63 ? name.longest : undefined));
        expect(limits).toEqual({
            30: ["gcp:serviceaccount/account:Account"],
            32: [
                "aws:lb/loadBalancer:LoadBalancer",
                "aws:lb/targetGroup:TargetGroup",
                "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
                "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider",
            ],
            40: [
                "aws:elasticache/replicationGroup:ReplicationGroup",
                "aws:elasticache/user:User",
                "aws:elasticache/userGroup:UserGroup",
                "gcp:container/cluster:Cluster",
                "gcp:container/nodePool:NodePool",
                "gcp:redis/instance:Instance",
            ],
            52: ["kubernetes:apps/v1:StatefulSet", "kubernetes:batch/v1:CronJob"],
        });
    });

    test("what a destroy has to wait with", () => {
        expect(grouped(({ teardown }) => teardown)).toEqual({
            "cluster add-on": ["aws:eks/addon:Addon"],
            named: [
                "aws:wafv2/webAcl:WebAcl",
                "gcp:certificatemanager/certificateMap:CertificateMap",
                "gcp:compute/globalAddress:GlobalAddress",
                "gcp:compute/sSLPolicy:SSLPolicy",
                "gcp:compute/securityPolicy:SecurityPolicy",
            ],
            network: [
                "aws:ec2/subnet:Subnet",
                "aws:ec2/vpc:Vpc",
                "digitalocean:index/vpc:Vpc",
                "gcp:compute/network:Network",
                "gcp:compute/subnetwork:Subnetwork",
            ],
            nodes: [
                "aws:eks/fargateProfile:FargateProfile",
                "aws:eks/nodeGroup:NodeGroup",
                "digitalocean:index/kubernetesNodePool:KubernetesNodePool",
                "gcp:container/nodePool:NodePool",
            ],
            "way out": [
                "aws:ec2/internetGateway:InternetGateway",
                "aws:ec2/natGateway:NatGateway",
                "aws:ec2/route:Route",
                "aws:ec2/routeTableAssociation:RouteTableAssociation",
                "aws:ec2/vpcEndpoint:VpcEndpoint",
                "gcp:compute/routerNat:RouterNat",
            ],
        });
        expect(grouped(({ addressFrom }) => addressFrom)).toEqual({
            "gcp:servicenetworking/connection:Connection": [
                "gcp:redis/instance:Instance",
                "gcp:sql/databaseInstance:DatabaseInstance",
            ],
            "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy": [
                "gcp:memorystore/instance:Instance",
            ],
        });
    });

    test("what opens to everybody, and what closes it", () => {
        const opened = tokens.flatMap((token) => (rowOf(token).openings ?? []).map(({ path }) => `${token} ${path}`));
        expect(opened.toSorted()).toEqual([
            "aws:rds/instance:Instance publiclyAccessible",
            "aws:s3/bucket:Bucket acl",
            "aws:s3/bucketOwnershipControls:BucketOwnershipControls rule.objectOwnership",
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock blockPublicAcls",
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock blockPublicPolicy",
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock ignorePublicAcls",
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock restrictPublicBuckets",
            "aws:s3/bucketV2:BucketV2 acl",
            "digitalocean:index/databaseFirewall:DatabaseFirewall rules",
            "digitalocean:index/spacesBucket:SpacesBucket acl",
            "gcp:sql/databaseInstance:DatabaseInstance settings.ipConfiguration.authorizedNetworks",
            "gcp:sql/databaseInstance:DatabaseInstance settings.ipConfiguration.ipv4Enabled",
            "gcp:storage/bucket:Bucket uniformBucketLevelAccess",
        ]);
        expect(grouped(({ closedBy }) => closedBy?.type)).toEqual({
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [
                "aws:s3/bucket:Bucket",
                "aws:s3/bucketV2:BucketV2",
            ],
            "digitalocean:index/databaseFirewall:DatabaseFirewall": [
                "digitalocean:index/databaseCluster:DatabaseCluster",
                "digitalocean:index/databaseReplica:DatabaseReplica",
            ],
        });
    });
});

describe("heldBy", () => {
    test.each([
        ["kubernetes:apps/v1:StatefulSet", { spec: { volumeClaimTemplates: [{}] } }, "volume"],
        ["kubernetes:apps/v1:StatefulSet", { spec: {} }, undefined],
        ["kubernetes:apps/v1:StatefulSet", {}, undefined],
        ["kubernetes:apps/v1:StatefulSet", undefined, "volume"],
        [
            "kubernetes:core/v1:Namespace",
            { metadata: { labels: { "app.kubernetes.io/component": "namespace" } } },
            "namespace",
        ],
        [
            "kubernetes:core/v1:Namespace",
            { metadata: { labels: { "app.kubernetes.io/component": "addon" } } },
            undefined,
        ],
        ["kubernetes:core/v1:Namespace", {}, "namespace"],
        ["kubernetes:core/v1:PersistentVolumeClaim", {}, "volume"],
        [
            "kubernetes:core/v1:PersistentVolumeClaim",
            { metadata: { labels: { "app.kubernetes.io/component": "assets" } } },
            undefined,
        ],
        ...["media", "volume"].map((component): [string, Record<string, unknown>, string] => [
            "kubernetes:core/v1:PersistentVolumeClaim",
            { metadata: { labels: { "app.kubernetes.io/component": component } } },
            "volume",
        ]),
        ["aws:rds/instance:Instance", {}, "database"],
        // A copy can be made again; of what is not known, it is a database.
        ["aws:rds/instance:Instance", { replicateSourceDb: "shop" }, undefined],
        ["aws:rds/instance:Instance", undefined, "database"],
        ["gcp:sql/databaseInstance:DatabaseInstance", {}, "database"],
        ["gcp:sql/databaseInstance:DatabaseInstance", { masterInstanceName: "shop" }, undefined],
        ["gcp:sql/databaseInstance:DatabaseInstance", undefined, "database"],
        ["digitalocean:index/databaseReplica:DatabaseReplica", {}, undefined],
        ["digitalocean:index/databaseCluster:DatabaseCluster", { engine: "pg" }, "database"],
        ["digitalocean:index/databaseCluster:DatabaseCluster", { engine: "valkey" }, undefined],
        ["digitalocean:index/databaseCluster:DatabaseCluster", { engine: "redis" }, undefined],
        ["digitalocean:index/databaseCluster:DatabaseCluster", undefined, "database"],
        ["aws:elasticache/replicationGroup:ReplicationGroup", {}, undefined],
        // One that stays when it leaves the stack, is not lost; nobody can delete Google's own.
        ["aws:cloudwatch/logGroup:LogGroup", {}, "logs"],
        ["aws:cloudwatch/logGroup:LogGroup", { skipDestroy: false }, "logs"],
        ["aws:cloudwatch/logGroup:LogGroup", { skipDestroy: true }, undefined],
        ["gcp:logging/projectBucketConfig:ProjectBucketConfig", { bucketId: "shop-requests" }, "logs"],
        ["gcp:logging/projectBucketConfig:ProjectBucketConfig", { bucketId: "_Default" }, undefined],
        ["gcp:logging/projectBucketConfig:ProjectBucketConfig", undefined, "logs"],
        ["kubernetes:apps/v1:Deployment", {}, undefined],
        ["toString", {}, undefined],
    ])("of %s with %j is %s", (type, inputs, kind) => {
        expect(heldBy(type, inputs)).toBe(kind);
    });
});

describe("one type for databases and caches", () => {
    const digitalOcean = "digitalocean:index/databaseCluster:DatabaseCluster";

    test("is what its engine makes it, and closed alike", () => {
        expect(resourceType(digitalOcean, { engine: "pg" })).toMatchObject({ role: "database", product: "PostgreSQL" });
        const cache = resourceType(digitalOcean, { engine: "valkey" })!;
        expect(cache).toMatchObject({ role: "cache", product: "Valkey", closedBy: rowOf(digitalOcean).closedBy });
        expect(cache).not.toHaveProperty("holds");
    });
});

describe("isUnknown", () => {
    test.each(["hcloud:index/server:Server", "aws:neptune/cluster:Cluster", "constructor"])("%s is", (token) => {
        expect(isUnknown(token)).toBe(true);
    });

    test.each([
        "aws:iam/role:Role",
        "kubernetes:cert-manager.io/v1:Issuer",
        "random:index/randomPassword:RandomPassword",
        "pulumi:providers:aws",
    ])("%s is not", (token) => {
        expect(isUnknown(token)).toBe(false);
    });

    test("and a row for it belongs into the file of its cloud", () => {
        expect(fileOf("hcloud:index/server:Server")).toBe("lib/catalogue/hcloud.ts");
        expect(existsSync(join(projectRoot, fileOf("aws:neptune/cluster:Cluster")))).toBe(true);
    });
});
