// What AWS's resources cost at idle.
import type { PolicyResource } from "../../../policy/resource.ts";
import { isOn, listAt, numberAt, sourceOf, textAt, textsAt } from "../topology/part.ts";
import { several, type CloudCosts, type Cost, type Surroundings } from "./charge.ts";

/** Of Redis' price. */
const valkeyShare = 0.8;

export const aws: CloudCosts = {
    readers: {
        "aws:eks/cluster:Cluster": (cluster) => [
            { item: "control plane", asked: "cluster" },
            ...(isOn(cluster, "computeConfig.enabled")
                ? [{ unpriced: "nodes of Auto Mode, as pods ask for them" }]
                : []),
        ],
        "aws:eks/nodeGroup:NodeGroup": nodes,
        "aws:ec2/natGateway:NatGateway": () => [{ item: "NAT gateways", asked: "nat gateway" }],
        // Of NAT gateways; the load balancer's are counted with it.
        "aws:ec2/eip:Eip": () => [{ item: "NAT gateways", asked: "address" }],
        "aws:ec2/vpcEndpoint:VpcEndpoint": (endpoint) =>
            textAt(endpoint, "vpcEndpointType") === "Interface"
                ? [
                      {
                          item: "endpoints",
                          asked: "endpoint in a zone",
                          times: Math.max(1, listAt(endpoint, "subnetIds").length),
                      },
                  ]
                : [],
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": () => [
            { byUse: "copied backups" },
        ],
        "aws:rds/instance:Instance": (instance, { view }) => {
            const instanceClass = textAt(instance, "instanceClass") ?? "";
            const hasStandby = isOn(instance, "multiAz");
            const times = hasStandby ? 2 : 1;
            const isCopy = instance.props["replicateSourceDb"] !== undefined;
            const item = `${isCopy ? "read replica" : "database"} ${instanceClass}${hasStandby ? " with standby" : ""}`;
            // A copy's disk is as large as its source's.
            const storage = numberAt(isCopy ? sourceOf(view, instance) : instance, "allocatedStorage") ?? 0;
            return [
                { item, asked: instanceClass, times },
                { item, asked: textAt(instance, "storageType") ?? "gp2", times: times * storage },
            ];
        },
        "aws:elasticache/replicationGroup:ReplicationGroup": (group) => {
            const type = textAt(group, "nodeType") ?? "";
            const count = numberAt(group, "numCacheClusters") ?? 1;
            const share = textAt(group, "engine") === "valkey" ? valkeyShare : 1;
            return [{ item: `cache of ${several(count, `nodes ${type}`)}`, asked: type, times: count * share }];
        },
        "aws:wafv2/webAcl:WebAcl": (acl) => [
            { item: "firewall", asked: "web ACL" },
            { item: "firewall", asked: "rule", times: listAt(acl, "rules").length },
        ],
        "aws:kms/key:Key": () => [{ item: "keys", asked: "key" }],
        "aws:route53/zone:Zone": () => [{ item: "zone", asked: "zone" }],
        "aws:s3/bucket:Bucket": () => [{ byUse: "buckets" }],
        "aws:cloudfront/distribution:Distribution": () => [{ byUse: "CDN" }],
        "aws:ecr/repository:Repository": () => [{ byUse: "registry" }],
        "aws:cloudwatch/metricAlarm:MetricAlarm": (alarm) => [
            // Of each metric that it reckons with.
            { item: "alarms", asked: "alarm", times: Math.max(1, metricsOf(alarm)) },
        ],
        "aws:route53/healthCheck:HealthCheck": (check) => [
            { item: "checks of hosts", asked: textAt(check, "type") === "HTTPS" ? "check over HTTPS" : "check" },
        ],
        "aws:cloudwatch/logGroup:LogGroup": () => [{ byUse: "logs" }],
    },
    balancer: (around) => [
        { item: "load balancer", service: "AWSELB", asked: "application load balancer" },
        { item: "load balancer", service: "AmazonVPC", asked: "address", times: publicSubnets(around) },
    ],
    volumes: (gibibytes) => [{ item: "volumes", service: "AmazonEC2", asked: "gp3", times: gibibytes }],
};

function metricsOf(alarm: PolicyResource): number {
    return listAt(alarm, "metricQueries").filter(
        (query) => (query as { readonly metric?: unknown }).metric !== undefined,
    ).length;
}

/** A load balancer has an address in each. */
function publicSubnets({ view }: Surroundings): number {
    const found = view
        .ofType("aws:ec2/subnet:Subnet")
        .filter(
            ({ props }) => (props["tags"] as Record<string, unknown> | undefined)?.["kubernetes.io/role/elb"] === "1",
        );
    return Math.max(2, found.length);
}

function nodes(group: PolicyResource, { view }: Surroundings): Cost[] {
    const count = numberAt(group, "scalingConfig.minSize") ?? 0;
    const [type = "nodes"] = textsAt(group, "instanceTypes");
    if (count === 0) {
        return [];
    }
    const isSpot = textAt(group, "capacityType") === "SPOT";
    const item = `nodes ${type}${isSpot ? ", spot" : ""}`;
    const [template] = view
        .ofType("aws:ec2/launchTemplate:LaunchTemplate")
        .filter(({ urn }) => group.dependencies.includes(urn));
    const [{ ebs = {} } = {}] = (
        template === undefined ? [] : listAt(template, "blockDeviceMappings")
    ) as ReadonlyArray<{
        readonly ebs?: { readonly volumeSize?: unknown; readonly volumeType?: unknown };
    }>;
    const disk: Cost[] =
        typeof ebs.volumeSize === "number"
            ? [
                  {
                      item: isSpot ? "disks of spot nodes" : item,
                      asked: String(ebs.volumeType),
                      times: count * ebs.volumeSize,
                  },
              ]
            : [{ unpriced: `disks of ${item}` }];
    return [isSpot ? { unpriced: several(count, item) } : { item, asked: type, times: count, count }, ...disk];
}
