// What Google Cloud's resources cost at idle.
import { cloudSqlTier } from "../../../lib/cloud-sql-tiers.ts";
import type { PolicyResource } from "../../../policy/resource.ts";
import { isOn, listAt, numberAt, sourceOf, textAt } from "../topology/part.ts";
import { several, type CloudCosts, type Cost, type Surroundings } from "./charge.ts";

const pools = "gcp:container/nodePool:NodePool";
/** NAT bills so many nodes at most. */
const mostNatNodes = 32;
/** The Gateway has one rule for HTTP and one for HTTPS. */
const gatewayRules = 2;

export const gcp: CloudCosts = {
    readers: {
        "gcp:container/cluster:Cluster": (cluster, { sums }) => [
            { item: "control plane", asked: "cluster" },
            ...(isOn(cluster, "enableAutopilot")
                ? [
                      { item: "pods on Autopilot", asked: "processor", times: sums.min.millicores / 1000 },
                      { item: "pods on Autopilot", asked: "gibibyte", times: sums.min.memory / 2 ** 30 },
                  ]
                : []),
        ],
        [pools]: (pool) => {
            const count = nodesOf(pool);
            const machine = textAt(pool, "nodeConfig.machineType") ?? "nodes";
            if (isOn(pool, "nodeConfig.spot")) {
                return count === 0 ? [] : [{ unpriced: several(count, `nodes ${machine}, spot`) }];
            }
            const item = `nodes ${machine}`;
            const disk = { item, asked: textAt(pool, "nodeConfig.diskType") ?? "pd-balanced" };
            return count === 0
                ? []
                : [
                      { item, asked: machine, times: count, count },
                      { ...disk, times: count * (numberAt(pool, "nodeConfig.diskSizeGb") ?? 100) },
                  ];
        },
        "gcp:compute/routerNat:RouterNat": (_, around) => [
            { item: "NAT", asked: "nat node", times: Math.min(mostNatNodes, Math.max(1, allNodes(around))) },
            { item: "NAT", asked: "nat address" },
        ],
        // Addresses in use, and private ranges, are free.
        "gcp:compute/address:Address": () => [],
        "gcp:compute/globalAddress:GlobalAddress": () => [],
        // Told with the Gateway's: the first five cost as much as one.
        "gcp:compute/globalForwardingRule:GlobalForwardingRule": (rule, { view }) =>
            rule === view.ofType(rule.type)[0] && !hasGateway(view) ? forwarding(view.ofType(rule.type).length) : [],
        "gcp:compute/securityPolicy:SecurityPolicy": (policy) => [
            { item: "firewall", asked: "security policy" },
            // The last is of all others, and there anyway.
            { item: "firewall", asked: "security rule", times: listAt(policy, "rules").length - 1 },
        ],
        "gcp:compute/backendBucket:BackendBucket": () => [{ byUse: "CDN" }],
        "gcp:sql/databaseInstance:DatabaseInstance": database,
        "gcp:redis/instance:Instance": (instance) => {
            const size = numberAt(instance, "memorySizeGb") ?? 1;
            const tier = textAt(instance, "tier") ?? "BASIC";
            const item = `cache of ${size} GB${tier === "BASIC" ? "" : " with replica"}`;
            return (numberAt(instance, "replicaCount") ?? 0) > 1
                ? [{ unpriced: `cache of ${size} GB with several replicas` }]
                : [{ item, asked: `${tier} ${capacityTier(size)}`, times: size }];
        },
        "gcp:kms/cryptoKey:CryptoKey": () => [{ item: "keys", asked: "key" }],
        "gcp:dns/managedZone:ManagedZone": () => [{ item: "zone", asked: "zone" }],
        // The first hundred are free.
        "gcp:certificatemanager/certificate:Certificate": () => [],
        "gcp:storage/bucket:Bucket": () => [{ byUse: "buckets" }],
        "gcp:artifactregistry/repository:Repository": () => [{ byUse: "registry" }],
        "gcp:monitoring/alertPolicy:AlertPolicy": () => [{ byUse: "alarms" }],
        "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": () => [{ byUse: "alarms" }],
        "gcp:logging/projectBucketConfig:ProjectBucketConfig": () => [{ byUse: "logs" }],
    },
    balancer: ({ view }) =>
        forwarding(view.ofType("gcp:compute/globalForwardingRule:GlobalForwardingRule").length + gatewayRules),
    volumes: (gibibytes) => [{ item: "volumes", asked: "pd-balanced", times: gibibytes, service: "Compute Engine" }],
};

function forwarding(rules: number): Cost[] {
    const item = "load balancers";
    const service = "Networking";
    const more = Math.max(0, rules - 5);
    return [
        { item, service, asked: "five forwarding rules" },
        ...(more > 0 ? [{ item, service, asked: "forwarding rule", times: more }] : []),
    ];
}

function hasGateway(view: Surroundings["view"]): boolean {
    return view.resources.some(({ type }) => type.startsWith("kubernetes:") && type.endsWith(":Gateway"));
}

function nodesOf(pool: PolicyResource): number {
    return (
        numberAt(pool, "autoscaling.totalMinNodeCount") ??
        numberAt(pool, "autoscaling.minNodeCount") ??
        numberAt(pool, "nodeCount") ??
        0
    );
}

function allNodes({ view }: Surroundings): number {
    return view.ofType(pools).reduce((sum, pool) => sum + nodesOf(pool), 0);
}

function database(instance: PolicyResource, { view }: Surroundings): Cost[] {
    const tier = textAt(instance, "settings.tier") ?? "";
    const hasStandby = textAt(instance, "settings.availabilityType") === "REGIONAL";
    const isCopy = instance.props["masterInstanceName"] !== undefined;
    const item = `${isCopy ? "read replica" : "database"} ${tier}${hasStandby ? " with standby" : ""}`;
    const times = hasStandby ? 2 : 1;
    // A copy's disk is as large as its source's.
    const disk = numberAt(isCopy ? sourceOf(view, instance) : instance, "settings.diskSize") ?? 10;
    const storage = { item, asked: textAt(instance, "settings.diskType") ?? "PD_SSD", times: times * disk };
    const [, processors] = /^db-custom-([1-9][0-9]*)-[0-9]+$/.exec(tier) ?? [];
    const known = cloudSqlTier(tier);
    if (known === undefined || (processors === undefined && !/^db-(f1-micro|g1-small)$/.test(tier))) {
        return [{ unpriced: item }];
    }
    return processors === undefined
        ? [{ item, asked: tier, times }, storage]
        : [
              { item, asked: "processor", times: times * Number(processors) },
              { item, asked: "gibibyte", times: (times * known.memory) / 1024 },
              storage,
          ];
}

function capacityTier(gibibytes: number): string {
    return gibibytes <= 4 ? "M1" : gibibytes <= 10 ? "M2" : gibibytes <= 35 ? "M3" : gibibytes <= 100 ? "M4" : "M5";
}
