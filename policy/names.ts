// Names within their limits (R71): one that is too long fails in the middle of an update, or is cut into that of another.
import { textOf, type Labels } from "./kubernetes.ts";
import { metadataOf, objectName, type PlanView } from "./plan-view.ts";
import { UnknownValue, type PolicyResource } from "./resource.ts";
import { rule, type Finding, type Rule } from "./rule.ts";

/** Longest names by kind, with what makes them shorter than an object's name may be. */
const objectLimits: Readonly<Record<string, readonly [limit: number, reason: string]>> = {
    Namespace: [63, "a DNS label"],
    Service: [63, "a DNS label"],
    // The label controller-revision-hash holds the name, a hyphen and ten characters.
    StatefulSet: [52, "the revision's label holds the name and eleven characters more"],
    Job: [63, "a label of its pods"],
    CronJob: [52, "its jobs' names have eleven characters more"],
    Gateway: [63, "controllers label what they make with it"],
    PersistentVolumeClaim: [63, "a DNS label on many provisioners"],
};
const anyObject = 253;
const labelLimit = 63;

/** Of clouds, by type: the input that names it, and the longest name. */
const cloudLimits: Readonly<Record<string, readonly [input: string, limit: number]>> = {
    "gcp:serviceaccount/account:Account": ["accountId", 30],
    "gcp:container/cluster:Cluster": ["name", 40],
    "gcp:container/nodePool:NodePool": ["name", 40],
    // With the project's id, which has 30 at most, and a colon it is 98.
    "gcp:sql/databaseInstance:DatabaseInstance": ["name", 67],
    "gcp:redis/instance:Instance": ["name", 40],
    "gcp:memorystore/instance:Instance": ["instanceId", 63],
    "gcp:storage/bucket:Bucket": ["name", 63],
    "gcp:dns/managedZone:ManagedZone": ["name", 63],
    "gcp:kms/keyRing:KeyRing": ["name", 63],
    "gcp:kms/cryptoKey:CryptoKey": ["name", 63],
    "gcp:artifactregistry/repository:Repository": ["repositoryId", 63],
    "aws:lb/loadBalancer:LoadBalancer": ["name", 32],
    "aws:lb/targetGroup:TargetGroup": ["name", 32],
    "aws:rds/instance:Instance": ["identifier", 63],
    "aws:elasticache/replicationGroup:ReplicationGroup": ["replicationGroupId", 40],
    "aws:elasticache/user:User": ["userId", 40],
    "aws:elasticache/userGroup:UserGroup": ["userGroupId", 40],
    "aws:eks/cluster:Cluster": ["name", 100],
    "aws:eks/nodeGroup:NodeGroup": ["nodeGroupName", 63],
    "aws:iam/role:Role": ["name", 64],
    "aws:iam/policy:Policy": ["name", 128],
    "aws:s3/bucket:Bucket": ["bucket", 63],
    "aws:cloudfront/originAccessControl:OriginAccessControl": ["name", 64],
    "digitalocean:index/databaseCluster:DatabaseCluster": ["name", 63],
    "digitalocean:index/kubernetesCluster:KubernetesCluster": ["name", 63],
    "digitalocean:index/kubernetesNodePool:KubernetesNodePool": ["name", 63],
    "digitalocean:index/spacesBucket:SpacesBucket": ["name", 63],
    "digitalocean:index/containerRegistry:ContainerRegistry": ["name", 63],
};
/** Networks, addresses, proxies: RFC 1035. */
const computePrefix = "gcp:compute/";
const computeLimit = 63;
/** What Pulumi puts behind a resource's own name when none is given: a hyphen and seven digits. */
const suffix = 8;

export const nameRules: readonly Rule[] = [
    rule("R71", "every name and label is within its limit", function* (view) {
        yield* longObjects(view);
        for (const { resource, templatePath, podLabels, containers } of view.workloads) {
            yield* longLabels(resource, podLabels, `${templatePath}.metadata.labels`);
            for (const { path, ports = [] } of containers) {
                for (const { name } of ports.filter((port) => (port.name ?? "").length > 15)) {
                    yield {
                        resource,
                        path: `${path}.ports`,
                        found: name,
                        allowed: "at most 15 characters",
                        fix: "shorten it",
                    };
                }
            }
        }
        for (const resource of view.resources) {
            yield* longInCloud(resource);
        }
    }),
];

function* longObjects(view: PlanView): Generator<Finding> {
    for (const resource of view.resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
        const kind = resource.type.split(":").at(-1)!;
        const [limit, reason] = objectLimits[kind] ?? [anyObject, "an object's name"];
        const name = objectName(resource);
        if (name !== undefined && name.length > limit) {
            yield {
                resource,
                path: "metadata.name",
                found: `${name} (${name.length} characters)`,
                allowed: `at most ${limit}: ${reason}`,
                fix: "shorten the app's, worker's or environment's name",
            };
        }
        yield* longLabels(resource, metadataOf(resource).labels, "metadata.labels");
    }
}

function* longInCloud(resource: PolicyResource): Generator<Finding> {
    const [input, limit] =
        cloudLimits[resource.type] ?? (resource.type.startsWith(computePrefix) ? ["name", computeLimit] : []);
    if (input === undefined || limit === undefined) {
        return;
    }
    const given = resource.props[input];
    // A prefix gets what makes it unique from the cloud, within its limit.
    const prefixed = resource.props[`${input}Prefix`] !== undefined;
    if (prefixed || given instanceof UnknownValue) {
        return;
    }
    const name = textOf(given) ?? `${resource.name}-1234567`;
    if (name.length > limit) {
        yield {
            resource,
            path: input,
            found:
                given === undefined
                    ? `nothing, so ${resource.name} and ${suffix} characters more: ${name.length}`
                    : `${name} (${name.length} characters)`,
            allowed: `at most ${limit}`,
            fix: "make it with cloudName() of lib/cloud-name.ts, or shorten the environment's name",
        };
    }
}

function* longLabels(resource: PolicyResource, labels: Labels | undefined, path: string): Generator<Finding> {
    for (const [key, value] of Object.entries(labels ?? {})) {
        const text = textOf(value) ?? "";
        if (text.length > labelLimit) {
            yield {
                resource,
                path: `${path}["${key}"]`,
                found: `${text} (${text.length} characters)`,
                allowed: `at most ${labelLimit}`,
                fix: "shorten the name that it is made from",
            };
        }
    }
}
