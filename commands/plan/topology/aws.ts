// AWS's resources in a person's words.
import type { PlanView } from "../../../policy/plan-view.ts";
import type { PolicyResource } from "../../../policy/resource.ts";
import { apiFrom } from "./gcp.ts";
import {
    componentName,
    corsOf,
    isOn,
    listAt,
    numberAt,
    shortName,
    siblings,
    textAt,
    textsAt,
    type Readers,
} from "./part.ts";

const backupsReplication = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

export const aws: Readers = {
    "aws:ec2/vpc:Vpc": (vpc, view) => {
        const subnets = siblings(view, vpc, "aws:ec2/subnet:Subnet");
        const zones = [
            ...new Set(subnets.flatMap((subnet) => textAt(subnet, "availabilityZone")?.slice(-1) ?? [])),
        ].toSorted();
        const gateways = siblings(view, vpc, "aws:ec2/natGateway:NatGateway").length;
        const stores = subnets.filter(isForStores).flatMap((subnet) => textAt(subnet, "cidrBlock") ?? []);
        const cidr = textAt(vpc, "cidrBlock");
        return {
            name: componentName(vpc),
            facts: [
                cidr,
                zones.length > 0 && `zones ${zones.join(" ")}`,
                stores.length > 0 && `stores ${stores.join(" ")}`,
                gateways > 0 && (gateways === 1 ? "one NAT gateway" : "a NAT gateway per zone"),
            ],
            at: cidr,
            storeRanges: stores,
        };
    },
    "aws:eks/cluster:Cluster": (cluster, view) => {
        const isPrivate = !isOn(cluster, "vpcConfig.endpointPublicAccess");
        const version = textAt(cluster, "version");
        return {
            name: textAt(cluster, "name") ?? componentName(cluster),
            facts: [
                isOn(cluster, "computeConfig.enabled") ? "Auto Mode" : "node groups",
                version && `version ${version}`,
                apiFrom(isPrivate, textsAt(cluster, "vpcConfig.publicAccessCidrs")),
                enforces(cluster, view),
            ],
        };
    },
    "aws:eks/nodeGroup:NodeGroup": (group) => {
        const [type, ...others] = textsAt(group, "instanceTypes");
        return {
            product: type ?? "nodes",
            name: shortName(group).replace(/^nodes-/, ""),
            count: {
                min: numberAt(group, "scalingConfig.minSize") ?? 0,
                max: numberAt(group, "scalingConfig.maxSize") ?? 0,
            },
            facts: [textAt(group, "capacityType") === "SPOT" && "spot", others.length > 0 && `or ${others.join(" ")}`],
        };
    },
    "aws:rds/instance:Instance": (instance, view) => {
        if (instance.props["replicateSourceDb"] !== undefined) {
            return { name: instance.name, facts: ["read replica", textAt(instance, "instanceClass")] };
        }
        const [copy] = siblings(view, instance, backupsReplication);
        const storage = numberAt(instance, "allocatedStorage");
        const most = numberAt(instance, "maxAllocatedStorage");
        const days = numberAt(instance, "backupRetentionPeriod") ?? 0;
        return {
            name: componentName(instance),
            facts: [
                `PostgreSQL ${textAt(instance, "engineVersion") ?? ""}`.trim(),
                textAt(instance, "instanceClass"),
                storage !== undefined && `${storage}${most === undefined || most === storage ? "" : ` to ${most}`} GiB`,
                isOn(instance, "multiAz") ? "two zones" : "one zone",
                days > 0 ? `backups of ${days} days` : "no backups",
                copy !== undefined && `copied to ${textAt(copy, "region") ?? "another region"}`,
            ],
        };
    },
    "aws:elasticache/replicationGroup:ReplicationGroup": (group) => {
        const replicas = (numberAt(group, "numCacheClusters") ?? 1) - 1;
        const engine = textAt(group, "engine") === "valkey" ? "Valkey" : "Redis";
        return {
            name: componentName(group),
            facts: [
                `${engine} ${textAt(group, "engineVersion") ?? ""}`.trim(),
                textAt(group, "nodeType"),
                isOn(group, "multiAzEnabled") ? "two zones" : "one zone",
                replicas > 0 && (replicas === 1 ? "1 replica" : `${replicas} replicas`),
            ],
        };
    },
    "aws:s3/bucket:Bucket": (bucket, view) => {
        const own = (type: string): PolicyResource | undefined =>
            siblings(view, bucket, type).find(({ dependencies }) => dependencies.includes(bucket.urn));
        const cors = own("aws:s3/bucketCorsConfiguration:BucketCorsConfiguration");
        const closed = own("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
        const origins = cors === undefined ? [] : listAt(cors, "corsRules").flatMap((rule) => allowedOrigins(rule));
        return {
            facts: [
                closed === undefined || !isOn(closed, "restrictPublicBuckets") ? "public" : "private",
                corsOf(origins),
                own("aws:s3/bucketVersioning:BucketVersioning") !== undefined && "versions",
            ],
        };
    },
    "aws:cloudfront/distribution:Distribution": (distribution) => {
        const hosts = textsAt(distribution, "aliases");
        return { name: "cdn", facts: [hosts.join(" ")], at: hosts[0] };
    },
    "aws:route53/zone:Zone": (zone, view) => {
        const domain = textAt(zone, "name");
        const signed = siblings(view, zone, "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec").length > 0;
        const delegated = siblings(view, zone, "aws:route53/record:Record").some(
            (record) => textAt(record, "type") === "NS",
        );
        return {
            name: componentName(zone),
            facts: [domain, signed && "DNSSEC", delegated && "delegated by its parent"],
            at: domain,
        };
    },
    "aws:acm/certificate:Certificate": (certificate) => {
        const domains = [textAt(certificate, "domainName"), ...textsAt(certificate, "subjectAlternativeNames")].filter(
            (name) => name !== undefined,
        );
        return { facts: [[...new Set(domains)].join(" ")], at: domains[0] };
    },
    "aws:ecr/repository:Repository": (repository) => ({
        name: textAt(repository, "name") ?? componentName(repository),
        facts: [
            textAt(repository, "imageTagMutability") === "IMMUTABLE" && "immutable tags",
            isOn(repository, "imageScanningConfiguration.scanOnPush") && "scans",
        ],
    }),
    "aws:kms/key:Key": (key) => ({
        name: componentName(key).replace(/-key$/, ""),
        facts: [isOn(key, "enableKeyRotation") && "rotates"],
    }),
    "aws:cloudwatch/metricAlarm:MetricAlarm": (alarm) => ({ facts: [shortName(alarm)] }),
    "aws:route53/healthCheck:HealthCheck": (check) => ({ facts: [textAt(check, "fqdn")] }),
    "aws:budgets/budget:Budget": (budget) => ({ facts: [`${textAt(budget, "limitAmount") ?? ""} USD a month`] }),
    "aws:cloudwatch/logGroup:LogGroup": (group) => {
        const days = numberAt(group, "retentionInDays");
        return {
            name: componentName(group),
            facts: [days !== undefined && `${days} days`],
        };
    },
};

/** Load balancers stand in public subnets, nodes in private ones; what is neither is for stores. */
function isForStores(subnet: PolicyResource): boolean {
    return ["kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"].every(
        (tag) => (subnet.props["tags"] as Readonly<Record<string, unknown>> | undefined)?.[tag] === undefined,
    );
}

function enforces(cluster: PolicyResource, view: PlanView): string | undefined {
    if (isOn(cluster, "computeConfig.enabled")) {
        const switched = view
            .ofType("kubernetes:core/v1:ConfigMap")
            .some(
                ({ props }) =>
                    (props["data"] as Readonly<Record<string, unknown>> | undefined)?.[
                        "enable-network-policy-controller"
                    ] === "true",
            );
        return switched ? "NetworkPolicy by Auto Mode" : undefined;
    }
    const addon = view
        .ofType("aws:eks/addon:Addon")
        .find((candidate) => /"enableNetworkPolicy":\s*"?true/.test(textAt(candidate, "configurationValues") ?? ""));
    return addon && "NetworkPolicy by the VPC CNI";
}

function allowedOrigins(rule: unknown): readonly string[] {
    const { allowedOrigins: origins } = (rule ?? {}) as { readonly allowedOrigins?: unknown };
    return Array.isArray(origins) ? origins.filter((origin) => typeof origin === "string") : [];
}
