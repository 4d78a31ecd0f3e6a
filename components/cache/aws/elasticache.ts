// Valkey that AWS runs: a primary and read replicas that take over by themselves, encrypted on the way.
import * as pulumi from "@pulumi/pulumi";
import { ParameterGroup } from "@pulumi/aws/elasticache/parameterGroup.js";
import { ReplicationGroup, type ReplicationGroupArgs } from "@pulumi/aws/elasticache/replicationGroup.js";
import { SubnetGroup } from "@pulumi/aws/elasticache/subnetGroup.js";
import { reaches, type Labels } from "../../../lib/labels.ts";
import { withNative } from "../../../lib/native.ts";
import type { Placement } from "../../contract.ts";
import { storeFirewall, type AwsStoreNetwork } from "../../network/aws/store-firewall.ts";
import { externalStore } from "../../network/external-store.ts";
import { generation } from "../../password/generations.ts";
import type { RedisCache } from "../contract.ts";
import { inPlaceOf } from "../../variants.ts";

export interface CreatedElastiCacheServers {
    readonly variant: "create";
    /** Valkey's, for example `8.1`. */
    readonly version: string;
    /** For example `cache.t4g.small`. */
    readonly nodeType: string;
    /** Read replicas beside the primary, in other zones; with one, the loss of the primary is no outage. */
    readonly replicas: number;
    readonly network: AwsStoreNetwork;
    /** A key of KMS. Cannot be changed later. @default a key of ElastiCache's own */
    readonly keyArn?: string;
    /** Changes happen now, not in the next maintenance window. */
    readonly applyImmediately: boolean;
    /** UTC, for example `sun:03:00-sun:04:00`. @default AWS chooses one */
    readonly maintenanceWindow?: string;
    /** Arguments of aws.elasticache.ReplicationGroup, over ours. */
    readonly native?: Readonly<Record<string, unknown>>;
}

/** A replication group that is there, without shards and with TLS and AUTH; nothing of it is changed. */
export interface ExistingElastiCacheServers {
    readonly variant: "existing";
    /** Its primary endpoint's name. */
    readonly primary: string;
    /** Its reader endpoint's name. @default Django reads from the primary */
    readonly reader?: string;
    /** The address ranges of its subnets: what pods may reach. */
    readonly cidrs: readonly string[];
}

export interface ElastiCacheCacheArgs extends Placement {
    readonly server: CreatedElastiCacheServers | ExistingElastiCacheServers;
    /** 16 to 128 letters, digits and `! & # $ ^ < > -`. @default generated, which fits no existing server */
    readonly password?: pulumi.Output<string>;
    /** The number of the one that is generated. @default 0 */
    readonly rotation?: number;
}

const port = 6379;

/** What the API takes of a token's characters besides letters and digits. */
const special = "!&#$^<>-";

type Tags = Readonly<Record<string, string>>;

const type = "django-on-kubernetes:cache:ElastiCache";

export class ElastiCacheCache extends pulumi.ComponentResource implements RedisCache {
    readonly protocol = "redis" as const;
    readonly backend: string = "django.core.cache.backends.redis.RedisCache";
    /** AWS's own name, not the Service's: clients check that it is in the certificate. */
    readonly primary: { readonly host: pulumi.Output<string>; readonly port: number };
    readonly replicas: ReadonlyArray<{ readonly host: pulumi.Output<string>; readonly port: number }>;
    readonly password: pulumi.Output<string>;
    /** Amazon's certificates descend from authorities that every system trusts. */
    readonly tls = {};
    readonly clientLabels: Labels;
    /** For alarms. @default it is not made here */
    readonly watched?: { readonly groupId: pulumi.Output<string>; readonly nodes: number };

    constructor(name: string, args: ElastiCacheCacheArgs, opts?: pulumi.ComponentResourceOptions) {
        super(type, name, {}, inPlaceOf(type, opts));
        this.clientLabels = reaches(name);
        const { server, rotation = 0 } = args;
        this.password = args.password ?? generation(`${name}-password`, rotation, { parent: this }, 64, special);

        const created = server.variant === "create" ? this.createServers(name, args.instance, server) : undefined;
        if (created !== undefined && server.variant === "create") {
            this.watched = { groupId: created.groupId, nodes: server.replicas + 1 };
        }
        const { primary, reader } = created ?? (server as ExistingElastiCacheServers);
        this.primary = { host: pulumi.output(primary), port };
        // One name for all of them: it leads to each in turn.
        this.replicas = reader === undefined ? [] : [{ host: pulumi.output(reader), port }];
        const cidrs = server.variant === "create" ? server.network.cidrs : server.cidrs;
        externalStore(
            name,
            { ...args, component: "cache", address: { name: primary }, port, cidrs, clients: this.clientLabels },
            { parent: this },
        );

        this.registerOutputs({ primary: this.primary, replicas: this.replicas });
    }

    private createServers(
        name: string,
        instance: string,
        server: CreatedElastiCacheServers,
    ): {
        readonly groupId: pulumi.Output<string>;
        readonly primary: pulumi.Output<string>;
        readonly reader?: pulumi.Output<string>;
    } {
        const { network, version, replicas } = server;
        const tags = { Name: `${instance}-${name}` };
        const firewall = storeFirewall(name, { network, port, tags }, { parent: this });
        const subnets = new SubnetGroup(
            `${name}-subnets`,
            { subnetIds: [...network.subnetIds], tags },
            { parent: this },
        );
        const available = replicas > 0;
        const group = new ReplicationGroup(
            // With the provider's suffix an id of at most 40 characters, also behind the longest name of an app (R71).
            `${name}-nodes`,
            withNative(
                {
                    description: `The cache of ${instance}`,
                    engine: "valkey",
                    engineVersion: version,
                    autoMinorVersionUpgrade: false,
                    nodeType: server.nodeType,
                    clusterMode: "disabled",
                    numCacheClusters: replicas + 1,
                    automaticFailoverEnabled: available,
                    multiAzEnabled: available,
                    port,
                    subnetGroupName: subnets.name,
                    securityGroupIds: [firewall.id],
                    parameterGroupName: this.createParameters(name, version, tags).name,
                    transitEncryptionEnabled: true,
                    transitEncryptionMode: "required",
                    authToken: this.password,
                    // Old and new token hold until the next change: pods of both releases log in during a rollout.
                    authTokenUpdateStrategy: "ROTATE",
                    atRestEncryptionEnabled: true,
                    kmsKeyId: server.keyArn,
                    // What is in a cache can be made again.
                    snapshotRetentionLimit: 0,
                    maintenanceWindow: server.maintenanceWindow,
                    applyImmediately: server.applyImmediately,
                    tags,
                } satisfies ReplicationGroupArgs as ReplicationGroupArgs,
                server.native,
            ),
            { parent: this },
        );
        const { replicationGroupId: groupId, primaryEndpointAddress: primary } = group;
        return { groupId, primary, ...(available && { reader: group.readerEndpointAddress }) };
    }

    /** Its family cannot be changed: a major version gets a group of its own, made before the old one goes. */
    private createParameters(name: string, version: string, tags: Tags): ParameterGroup {
        return new ParameterGroup(
            `${name}-parameters`,
            {
                family: `valkey${version.split(".")[0]!}`,
                // AWS sets maxmemory from the node type (R32).
                parameters: [{ name: "maxmemory-policy", value: "allkeys-lru" }],
                tags,
            },
            { parent: this },
        );
    }
}
