// What changes in place stop of a cloud's servers, by type and input, as their clouds say.
import { inputOf } from "../../policy/setting.ts";
import type { PolicyResource } from "../../policy/resource.ts";
import type { Field } from "./changes.ts";
import type { Outage } from "./outage.ts";

interface Row {
    /** The change of any of them. */
    readonly paths: readonly string[];
    readonly happens: string;
    /** @default the cloud says none */
    readonly seconds?: number;
    readonly source: string;
    /** @default always */
    readonly when?: (before: PolicyResource) => boolean;
}

/** Says which changes restart an instance, and nothing of how long that takes. */
const cloudSql = "https://cloud.google.com/sql/docs/postgres/instance-settings";
/** Of a standby that takes over: "typically complete within 60-120 seconds"; of an instance without one: as long as its recovery takes. */
const rdsImpact = "https://aws.amazon.com/premiumsupport/knowledge-center/rds-performance-impact/";
const rdsModify = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html";
/** "A couple of minutes or less", with the data kept, in either tier. */
const memorystore = "https://cloud.google.com/memorystore/docs/redis/about-scaling-instances";
/** The same of a version. */
const memorystoreVersion = "https://cloud.google.com/memorystore/docs/redis/about-upgrading-version";
/** An estimate of AWS's: about a second with a replica that takes over (Valkey, Redis from 5.0.6), about 60 without, for the name's sake. */
const elasticacheNodes = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/CacheNodes.NodeMigration.html";
/** With a replica "a few seconds", which is no figure. */
const elasticacheVersion =
    "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement-upgrade-considerations.html";
const digitalocean = "https://docs.digitalocean.com/products/databases/postgresql/how-to/resize/";

const rows: Readonly<Record<string, readonly Row[]>> = {
    "gcp:sql/databaseInstance:DatabaseInstance": [
        {
            paths: ["settings.tier", "settings.edition"],
            happens: "restarts with another machine",
            source: cloudSql,
        },
        {
            paths: ["settings.availabilityType", "settings.databaseFlags"],
            happens: "may restart",
            source: cloudSql,
        },
        { paths: ["databaseVersion"], happens: "is upgraded: it takes no connection meanwhile", source: cloudSql },
    ],
    "aws:rds/instance:Instance": [
        {
            paths: ["instanceClass"],
            happens: "changes to its standby",
            seconds: 120,
            source: rdsImpact,
            when: (before) => inputOf(before, "multiAz") === true,
        },
        {
            paths: ["instanceClass"],
            happens: "restarts with another machine: it has no standby",
            source: rdsImpact,
            when: (before) => inputOf(before, "multiAz") !== true,
        },
        { paths: ["engineVersion"], happens: "is upgraded: it takes no connection meanwhile", source: rdsModify },
        {
            paths: ["parameterGroupName"],
            happens: "takes its new parameters with the next restart",
            seconds: 0,
            source: rdsModify,
        },
    ],
    "gcp:redis/instance:Instance": [
        {
            paths: ["memorySizeGb", "replicaCount", "readReplicasMode"],
            happens: "drops its connections",
            seconds: 120,
            source: memorystore,
        },
        {
            paths: ["redisVersion"],
            happens: "is upgraded, and drops its connections",
            seconds: 120,
            source: memorystoreVersion,
        },
    ],
    "aws:elasticache/replicationGroup:ReplicationGroup": [
        {
            paths: ["engineVersion"],
            happens: "is upgraded node by node, and drops its connections",
            source: elasticacheVersion,
        },
        {
            paths: ["nodeType"],
            happens: "changes node by node, and drops its connections",
            seconds: 60,
            source: elasticacheNodes,
        },
    ],
    "digitalocean:index/databaseCluster:DatabaseCluster": [
        {
            paths: ["size", "version", "region"],
            happens: "moves to other machines, and drops its connections",
            source: digitalocean,
        },
    ],
};

/** Types whose machines run pods: what has one pod is away while it moves. */
const nodes: Readonly<Record<string, readonly string[]>> = {
    "gcp:container/nodePool:NodePool": ["nodeConfig", "version"],
    "aws:eks/nodeGroup:NodeGroup": ["launchTemplate", "version", "releaseVersion"],
    "gcp:container/cluster:Cluster": ["minMasterVersion", "releaseChannel"],
    "aws:eks/cluster:Cluster": ["version"],
    "digitalocean:index/kubernetesCluster:KubernetesCluster": ["version"],
};

export function managedDowntime(
    type: string,
    before: PolicyResource,
    after: PolicyResource,
    fields: readonly Field[],
): Omit<Outage, "name" | "urn"> | undefined {
    const paths = fields.map(({ difference }) => plainPath(difference.path));
    const concerns = (wanted: readonly string[]): boolean =>
        paths.some((path) => wanted.some((one) => path === one || path.startsWith(`${one}.`)));
    const row = (Object.hasOwn(rows, type) ? rows[type]! : []).find(
        ({ paths: wanted, when }) => concerns(wanted) && (when === undefined || when(before)),
    );
    if (row !== undefined) {
        const { happens, seconds, source } = row;
        return {
            stops: seconds === 0 ? "nobody" : "requests",
            happens,
            ...(seconds !== undefined && { seconds }),
            source,
        };
    }
    return Object.hasOwn(nodes, type) && concerns(nodes[type]!) && after.type === type
        ? {
              stops: "requests",
              happens: "pods move to other nodes: what has one pod is away while it moves",
              source: "no figure: as long as each such pod takes to start",
          }
        : undefined;
}

function plainPath(path: readonly (string | number)[]): string {
    return path.filter((part) => typeof part === "string").join(".");
}
