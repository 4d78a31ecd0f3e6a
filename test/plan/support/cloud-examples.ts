// For each rule about clouds, plans that break it: a good one with one thing spoiled.
import { SecretValue, UnknownValue, type Plan, type PlannedResource } from "../../../commands/plan/plan.ts";
import { cloudPlan, testedClouds, type TestedCloud } from "./cloud-plans.ts";
import { spoil, withExtra, without, type Spoiled } from "./spoil.ts";

export interface CloudExample {
    /** What is wrong, for the test's name. */
    readonly what: string;
    readonly bad: () => Plan;
    /** The resource that the violation names. */
    readonly name: string;
    /** A part of the property's path. */
    readonly path: string;
}

type Change = (resource: Spoiled) => unknown;

const plans = new Map<string, Plan>();

export function goodPlan(cloud: TestedCloud, kind: "production" | "staging" | "ephemeral" = "production"): Plan {
    const key = `${cloud} ${kind}`;
    const plan = plans.get(key) ?? cloudPlan(cloud, kind);
    plans.set(key, plan);
    return plan;
}

function changed(
    cloud: TestedCloud,
    name: string,
    path: string,
    what: string,
    change: Change,
    named = name,
): CloudExample {
    return { what: `${cloud}: ${what}`, bad: () => spoil(goodPlan(cloud), name, change), name: named, path };
}

function changedEphemeral(cloud: TestedCloud, name: string, path: string, what: string, change: Change): CloudExample {
    return { what: `${cloud}: ${what}`, bad: () => spoil(goodPlan(cloud, "ephemeral"), name, change), name, path };
}

function gone(cloud: TestedCloud, missing: string, name: string, path: string, what: string): CloudExample {
    return { what: `${cloud}: ${what}`, bad: () => without(goodPlan(cloud), missing), name, path };
}

/** A resource that no longer waits for others, and those through which it still would. */
function hasty(
    cloud: TestedCloud,
    name: string,
    forgotten: readonly string[],
    what: string,
    through: readonly string[] = [],
    path = "dependencies",
): CloudExample {
    const change: Change = (r) =>
        (r.dependencies = r.dependencies.filter((urn) => !forgotten.includes(urn.split("::").at(-1)!)));
    const bad = () => [name, ...through].reduce((plan, one) => spoil(plan, one, change), goodPlan(cloud));
    return { what: `${cloud}: ${what}`, bad, name, path };
}

const longHost = `${"a".repeat(50)}.shop.example.org`;

/** A plan with a certificate more. */
function longNamed(type: string, props: Record<string, unknown>): Plan {
    return withExtra(goodPlan("aws"), "gateway", { type, name: "certificate", props });
}

/** A resource that waits for more than it has to. */
function late(cloud: TestedCloud, name: string, waitedFor: readonly string[], what: string): CloudExample {
    const urns = () =>
        goodPlan(cloud)
            .resources.filter((one) => waitedFor.includes(one.name))
            .map(({ urn }) => urn);
    const change: Change = (r) => (r.dependencies = [...r.dependencies, ...urns()]);
    return { what: `${cloud}: ${what}`, bad: () => spoil(goodPlan(cloud), name, change), name, path: "dependencies" };
}

/** On EKS Auto Mode, with a pool of one's own in place of general-purpose. */
export function onAutoMode(): Plan {
    const names = ["network-policy-switch", "own-pool"];
    const auto = spoil(goodPlan("aws"), "cluster", (r) => {
        r.props["computeConfig"] = { enabled: true, nodePools: ["system"] };
    });
    const switched = withExtra(auto, "deny-all", {
        type: "kubernetes:core/v1:ConfigMap",
        name: names[0]!,
        props: {
            metadata: { name: "amazon-vpc-cni", namespace: "kube-system" },
            data: { "enable-network-policy-controller": "true" },
        },
    });
    const pooled = withExtra(switched, "controller-namespace", {
        type: "kubernetes:karpenter.sh/v1:NodePool",
        name: names[1]!,
        props: {
            metadata: { name: "apps" },
            spec: {
                limits: { cpu: "64" },
                template: {
                    spec: {
                        nodeClassRef: { group: "eks.amazonaws.com", kind: "NodeClass", name: "default" },
                        terminationGracePeriod: "24h",
                    },
                },
            },
        },
    });
    const pool = pooled.resources.find(({ name }) => name === names[1])!;
    return ["controller-namespace", "controller", "namespace"].reduce(
        (plan, name) => spoil(plan, name, (r) => (r.dependencies = [...r.dependencies, pool.urn])),
        pooled,
    );
}

/** What was a NAT gateway is an address that leads nowhere; what waited for it still waits. */
export function withoutNat(nat: Spoiled): void {
    nat.type = "aws:ec2/eip:Eip";
}

function pool(what: string, path: string, change: Change): CloudExample {
    return { what: `aws: ${what}`, bad: () => spoil(onAutoMode(), "own-pool", change), name: "own-pool", path };
}

export const cloudExamples: Record<string, readonly CloudExample[]> = {
    R87: [
        changed(
            "digitalocean",
            "database",
            "customTimeouts.update",
            "a time-out of updates",
            (r) => (r.customTimeouts = { create: "60m", update: "60m" }),
        ),
        changed(
            "aws",
            "registry",
            "customTimeouts.delete",
            "one where the provider has none",
            (r) => (r.customTimeouts = { delete: "10m" }),
        ),
    ],
    R113: [
        pool("a pool without an end", "spec.limits", (r) => delete r.props["spec"].limits),
        pool(
            "a pool that waits for a pod for ever",
            "terminationGracePeriod",
            (r) => delete r.props["spec"].template.spec.terminationGracePeriod,
        ),
        {
            ...pool("a pool of a NodeClass that is not there", "nodeClassRef", () => undefined),
            bad: () =>
                spoil(onAutoMode(), "cluster", (r) => {
                    r.props["computeConfig"].nodePools = [];
                }),
        },
        {
            what: "aws: no pool for ordinary pods",
            bad: () =>
                spoil(onAutoMode(), "own-pool", (r) => {
                    r.props["spec"].template.spec.taints = [{ key: "batch", effect: "NoSchedule" }];
                }),
            name: "cluster",
            path: "computeConfig.nodePools",
        },
    ],
    R114: [
        {
            what: "aws: no way out, and no endpoint",
            bad: () => spoil(goodPlan("aws"), "nat", withoutNat),
            name: "cluster",
            path: "vpcConfig.subnetIds",
        },
    ],
    R49: [
        changed("gcp", "cluster", "datapathProvider", "the old data plane", (r) => delete r.props["datapathProvider"]),
        changed(
            "aws",
            "network-addon",
            "configurationValues",
            "the add-on's default",
            (r) => delete r.props["configurationValues"],
        ),
        changed(
            "aws",
            "network-addon",
            "configurationValues",
            "switched off",
            (r) => (r.props["configurationValues"] = '{"enableNetworkPolicy":"false"}'),
        ),
        changed(
            "aws",
            "cluster",
            "",
            "Auto Mode without its ConfigMap",
            (r) => (r.props["computeConfig"] = { enabled: true, nodePools: ["general-purpose"] }),
        ),
    ],
    R53: [
        changed("aws", "cluster", "enabledClusterLogTypes", "no logs", (r) => delete r.props["enabledClusterLogTypes"]),
        changed(
            "aws",
            "cluster",
            "enabledClusterLogTypes",
            "other logs",
            (r) => (r.props["enabledClusterLogTypes"] = ["api"]),
        ),
    ],
    R54: [
        changed(
            "aws",
            "cluster",
            "publicAccessCidrs",
            "the default",
            (r) => delete r.props["vpcConfig"].publicAccessCidrs,
        ),
        changed(
            "aws",
            "cluster",
            "publicAccessCidrs",
            "everyone",
            (r) => (r.props["vpcConfig"].publicAccessCidrs = ["192.0.2.0/24", "::/0"]),
        ),
        changed("gcp", "cluster", "cidrBlocks", "no ranges", (r) => delete r.props["masterAuthorizedNetworksConfig"]),
        changed(
            "gcp",
            "cluster",
            "cidrBlocks",
            "everyone",
            (r) => (r.props["masterAuthorizedNetworksConfig"].cidrBlocks = [{ cidrBlock: "0.0.0.0/0" }]),
        ),
        changed(
            "digitalocean",
            "cluster",
            "allowedAddresses",
            "everyone",
            (r) => (r.props["controlPlaneFirewall"].allowedAddresses = ["0.0.0.0/0"]),
        ),
        changed(
            "aws",
            "cluster",
            "publicAccessCidrs",
            "everyone in two halves",
            (r) => (r.props["vpcConfig"].publicAccessCidrs = ["0.0.0.0/1", "128.0.0.0/1"]),
        ),
        changed(
            "gcp",
            "cluster",
            "cidrBlocks",
            "everyone but one eighth",
            (r) =>
                (r.props["masterAuthorizedNetworksConfig"].cidrBlocks = [
                    { cidrBlock: "0.0.0.0/1" },
                    { cidrBlock: "128.0.0.0/2" },
                    { cidrBlock: "192.0.0.0/3" },
                ]),
        ),
        changed(
            "digitalocean",
            "cluster",
            "allowedAddresses",
            "all of IPv6",
            (r) => (r.props["controlPlaneFirewall"].allowedAddresses = ["192.0.2.0/24", "2000::/3"]),
        ),
    ],
    R55: [
        changed("aws", "template", "httpTokens", "IMDSv1", (r) => delete r.props["metadataOptions"].httpTokens),
        changed(
            "aws",
            "template",
            "httpPutResponseHopLimit",
            "two hops",
            (r) => (r.props["metadataOptions"].httpPutResponseHopLimit = 2),
        ),
        changed("aws", "nodes", "launchTemplate", "no template", (r) => delete r.props["launchTemplate"]),
    ],
    R56: [
        changed(
            "gcp",
            "cluster",
            "enablePrivateNodes",
            "public nodes",
            (r) => delete r.props["privateClusterConfig"],
            "nodes",
        ),
        changed(
            "gcp",
            "cluster",
            "workloadPool",
            "no Workload Identity",
            (r) => delete r.props["workloadIdentityConfig"],
        ),
        changed("gcp", "cluster", "databaseEncryption", "no key", (r) => {
            r.props["databaseEncryption"] = { state: "DECRYPTED" };
        }),
    ],
    R57: [
        changed(
            "digitalocean",
            "cluster",
            "controlPlaneFirewall.enabled",
            "no firewall",
            (r) => delete r.props["controlPlaneFirewall"],
        ),
        changed("digitalocean", "cluster", "ha", "one control plane", (r) => (r.props["ha"] = false)),
    ],
    R58: [
        changed("aws", "database", "storageEncrypted", "plain storage", (r) => delete r.props["storageEncrypted"]),
        changed(
            "aws",
            "database",
            "publiclyAccessible",
            "a public address",
            (r) => (r.props["publiclyAccessible"] = true),
        ),
        changed("aws", "database", "multiAz", "one zone", (r) => delete r.props["multiAz"]),
        changed("aws", "cache", "atRestEncryptionEnabled", "plain Redis", (r) => (r.props["engine"] = "redis")),
        changed(
            "gcp",
            "database",
            "ipv4Enabled",
            "a public address",
            (r) => delete r.props["settings"].ipConfiguration.ipv4Enabled,
        ),
        changed(
            "gcp",
            "database",
            "authorizedNetworks",
            "open to everyone",
            (r) => (r.props["settings"].ipConfiguration.authorizedNetworks = [{ value: "0.0.0.0/0" }]),
        ),
        changed("gcp", "database", "availabilityType", "one zone", (r) => delete r.props["settings"].availabilityType),
        changed("digitalocean", "database", "nodeCount", "no standby", (r) => (r.props["nodeCount"] = 1)),
        changed(
            "digitalocean",
            "database",
            "privateNetworkUuid",
            "another network",
            (r) => delete r.props["privateNetworkUuid"],
        ),
        gone("digitalocean", "database-sources", "database", "", "no trusted sources"),
        changed(
            "digitalocean",
            "database-sources",
            "rules",
            "everyone is trusted",
            (r) => (r.props["rules"] = [{ type: "ip_addr", value: "0.0.0.0/0" }]),
        ),
    ],
    R59: [
        changed(
            "aws",
            "database",
            "backupRetentionPeriod",
            "no backups",
            (r) => delete r.props["backupRetentionPeriod"],
        ),
        changed("aws", "database", "backupRetentionPeriod", "6 days", (r) => (r.props["backupRetentionPeriod"] = 6)),
        changed(
            "gcp",
            "database",
            "backupConfiguration.enabled",
            "no backups",
            (r) => delete r.props["settings"].backupConfiguration.enabled,
        ),
        changed(
            "gcp",
            "database",
            "pointInTimeRecoveryEnabled",
            "no point in time",
            (r) => delete r.props["settings"].backupConfiguration.pointInTimeRecoveryEnabled,
        ),
        changed(
            "gcp",
            "database",
            "retainedBackups",
            "6 backups",
            (r) => (r.props["settings"].backupConfiguration.backupRetentionSettings = { retainedBackups: 6 }),
        ),
        changed(
            "gcp",
            "database",
            "transactionLogRetentionDays",
            "2 days of logs",
            (r) => (r.props["settings"].backupConfiguration.transactionLogRetentionDays = 2),
        ),
    ],
    R60: [
        changed("aws", "database", "deletionProtection", "database", (r) => delete r.props["deletionProtection"]),
        changed("aws", "cluster", "deletionProtection", "cluster", (r) => delete r.props["deletionProtection"]),
        changed(
            "gcp",
            "database",
            "settings.deletionProtectionEnabled",
            "the provider's flag alone",
            (r) => delete r.props["settings"].deletionProtectionEnabled,
        ),
        changed("gcp", "cluster", "deletionProtection", "cluster", (r) => (r.props["deletionProtection"] = false)),
    ],
    R61: [
        changed("aws", "database", "skipFinalSnapshot", "no snapshot", (r) => (r.props["skipFinalSnapshot"] = true)),
        changed(
            "aws",
            "database",
            "finalSnapshotIdentifier",
            "no name for it",
            (r) => delete r.props["finalSnapshotIdentifier"],
        ),
        changed(
            "gcp",
            "database",
            "finalBackupConfig",
            "nothing is kept",
            (r) => delete r.props["settings"].finalBackupConfig,
        ),
    ],
    R62: [
        changed("aws", "parameters", "parameters", "switched off", (r) => (r.props["parameters"][0].value = "0")),
        changed(
            "aws",
            "cache",
            "transitEncryptionEnabled",
            "a plain cache",
            (r) => delete r.props["transitEncryptionEnabled"],
        ),
        changed(
            "aws",
            "cache",
            "transitEncryptionMode",
            "plain text too",
            (r) => (r.props["transitEncryptionMode"] = "preferred"),
        ),
        changed("gcp", "database", "sslMode", "the default", (r) => delete r.props["settings"].ipConfiguration.sslMode),
        changed(
            "gcp",
            "cache",
            "transitEncryptionMode",
            "a plain cache",
            (r) => delete r.props["transitEncryptionMode"],
        ),
    ],
    R63: [
        changed("aws", "database", "engineVersion", "no version", (r) => delete r.props["engineVersion"]),
        changed("aws", "parameters", "family", "another version's family", (r) => (r.props["family"] = "postgres16")),
        changed("aws", "cache", "engineVersion", "no version", (r) => delete r.props["engineVersion"]),
        changed(
            "gcp",
            "database",
            "settings.edition",
            "a tier of the other edition",
            (r) => delete r.props["settings"].edition,
        ),
        changed("gcp", "cache", "redisVersion", "no version", (r) => delete r.props["redisVersion"]),
        changed("digitalocean", "database", "version", "no version", (r) => delete r.props["version"]),
    ],
    R64: [
        gone("aws", "media-block", "media", "", "nothing is blocked"),
        changed(
            "aws",
            "static-block",
            "restrictPublicBuckets",
            "three of four",
            (r) => delete r.props["restrictPublicBuckets"],
        ),
        changed(
            "aws",
            "media-owner",
            "objectOwnership",
            "access lists",
            (r) => (r.props["rule"].objectOwnership = "ObjectWriter"),
        ),
        changed(
            "aws",
            "cdn",
            "originAccessControlId",
            "no access control",
            (r) => delete r.props["origins"][0].originAccessControlId,
        ),
        changed(
            "gcp",
            "media",
            "uniformBucketLevelAccess",
            "access lists",
            (r) => delete r.props["uniformBucketLevelAccess"],
        ),
        changed(
            "gcp",
            "media",
            "publicAccessPrevention",
            "public by a grant",
            (r) => delete r.props["publicAccessPrevention"],
        ),
        changed(
            "gcp",
            "static-public",
            "role",
            "names are listed",
            (r) => (r.props["role"] = "roles/storage.objectViewer"),
        ),
        changed("digitalocean", "static", "acl", "names are listed", (r) => (r.props["acl"] = "public-read")),
        changed(
            "digitalocean",
            "static-policy",
            "policy",
            "open without a CDN",
            (r) => (r.dependencies = r.dependencies.map((urn) => urn.replace("::static", "::media"))),
        ),
    ],
    R65: [
        changed(
            "aws",
            "cdn",
            "viewerProtocolPolicy",
            "HTTP too",
            (r) => (r.props["defaultCacheBehavior"].viewerProtocolPolicy = "allow-all"),
        ),
        changed(
            "aws",
            "cdn",
            "minimumProtocolVersion",
            "CloudFront's own certificate",
            (r) => (r.props["viewerCertificate"] = { cloudfrontDefaultCertificate: true }),
        ),
        changed(
            "aws",
            "cdn",
            "responseHeadersPolicyId",
            "no CORS",
            (r) => delete r.props["defaultCacheBehavior"].responseHeadersPolicyId,
        ),
        changed("gcp", "tls", "minTlsVersion", "the default", (r) => delete r.props["minTlsVersion"]),
        changed("gcp", "https", "sslPolicy", "the default", (r) => delete r.props["sslPolicy"]),
        changed("gcp", "cdn", "enableCdn", "no cache", (r) => delete r.props["enableCdn"]),
        changed("gcp", "static", "cors", "no CORS", (r) => delete r.props["cors"]),
        gone("digitalocean", "static-cors", "static", "corsRules", "no CORS"),
    ],
    R66: [
        changed(
            "aws",
            "static-lifecycle",
            "rules[0].expiration",
            "after 90 days",
            (r) => (r.props["rules"][0].expiration = { days: 90 }),
        ),
        changed("aws", "cdn", "maxTtl", "cached for a minute", (r) => (r.props["defaultCacheBehavior"].maxTtl = 60)),
        changed(
            "gcp",
            "static",
            "lifecycleRules[0]",
            "after 90 days",
            (r) => (r.props["lifecycleRules"][0].condition = { age: 90 }),
        ),
        changed(
            "gcp",
            "cdn",
            "cdnPolicy.maxTtl",
            "cached for a minute",
            (r) => (r.props["cdnPolicy"] = { maxTtl: 60 }),
        ),
        changed(
            "digitalocean",
            "static",
            "lifecycleRules[0].expiration",
            "after 90 days",
            (r) => (r.props["lifecycleRules"] = [{ enabled: true, expiration: { days: 90 } }]),
        ),
        changed("digitalocean", "cdn", "ttl", "the default", (r) => delete r.props["ttl"]),
    ],
    R67: (["gcp", "aws", "digitalocean"] as const).flatMap((cloud) =>
        [
            "cluster",
            "database",
            "static",
            "media",
            "zone",
            "namespace",
            ...(cloud === "digitalocean" ? [] : ["key"]),
        ].map((name) => changed(cloud, name, "protect", `${name} is not protected`, (r) => (r.protect = false))),
    ),
    R68: [
        ...(["gcp", "aws", "digitalocean"] as const).flatMap((cloud) => [
            changedEphemeral(cloud, "database", "protect", "a protected database", (r) => (r.protect = true)),
            changedEphemeral(cloud, "media", "retainOnDelete", "a bucket that stays", (r) => (r.retainOnDelete = true)),
        ]),
        changedEphemeral(
            "gcp",
            "cluster",
            "deletionProtection",
            "the provider's default",
            (r) => delete r.props["deletionProtection"],
        ),
        changedEphemeral(
            "gcp",
            "database",
            "deletionProtection",
            "the provider's default",
            (r) => delete r.props["deletionProtection"],
        ),
        changedEphemeral(
            "gcp",
            "cache",
            "deletionProtection",
            "the provider's default",
            (r) => delete r.props["deletionProtection"],
        ),
        changedEphemeral(
            "gcp",
            "database",
            "settings.deletionProtectionEnabled",
            "the API's protection",
            (r) => (r.props["settings"].deletionProtectionEnabled = true),
        ),
        changedEphemeral(
            "gcp",
            "static",
            "deletionPolicy",
            "abandoned",
            (r) => (r.props["deletionPolicy"] = "ABANDON"),
        ),
        changedEphemeral(
            "aws",
            "database",
            "deletionProtection",
            "the API's protection",
            (r) => (r.props["deletionProtection"] = true),
        ),
        changedEphemeral(
            "aws",
            "cluster",
            "deletionProtection",
            "the API's protection",
            (r) => (r.props["deletionProtection"] = true),
        ),
    ],
    R69: [
        ...(["gcp", "aws", "digitalocean"] as const).map((cloud) =>
            changedEphemeral(
                cloud,
                "media",
                "forceDestroy",
                "a bucket with files in it",
                (r) => delete r.props["forceDestroy"],
            ),
        ),
        changedEphemeral("aws", "zone", "forceDestroy", "a zone with records", (r) => delete r.props["forceDestroy"]),
        changedEphemeral("gcp", "zone", "forceDestroy", "a zone with records", (r) => delete r.props["forceDestroy"]),
        changedEphemeral(
            "aws",
            "registry",
            "forceDelete",
            "a registry with images",
            (r) => delete r.props["forceDelete"],
        ),
        changedEphemeral(
            "gcp",
            "channel",
            "forceDelete",
            "a channel that others' policies tell",
            (r) => delete r.props["forceDelete"],
        ),
        changedEphemeral(
            "aws",
            "database",
            "skipFinalSnapshot",
            "a snapshot",
            (r) => delete r.props["skipFinalSnapshot"],
        ),
        changedEphemeral(
            "aws",
            "database",
            "deleteAutomatedBackups",
            "backups",
            (r) => (r.props["deleteAutomatedBackups"] = false),
        ),
    ],
    R70: [
        { what: "no quota", bad: () => without(goodPlan("gcp", "ephemeral"), "quota"), name: "namespace", path: "" },
        { what: "no limits", bad: () => without(goodPlan("gcp", "ephemeral"), "limits"), name: "namespace", path: "" },
        changedEphemeral(
            "gcp",
            "namespace",
            "django-on-kubernetes/ttl",
            "no end",
            (r) => delete r.props["metadata"].labels["django-on-kubernetes/ttl"],
        ),
    ],
    R71: [
        changed("gcp", "app-identity", "accountId", "31 characters", (r) => (r.props["accountId"] = "x".repeat(31))),
        changed("gcp", "cluster", "name", "41 characters", (r) => (r.props["name"] = "x".repeat(41))),
        changed("gcp", "network", "name", "64 characters", (r) => (r.props["name"] = "x".repeat(64))),
        changed("aws", "database", "identifier", "64 characters", (r) => (r.props["identifier"] = "x".repeat(64))),
        changed("aws", "static", "bucket", "64 characters", (r) => (r.props["bucket"] = "x".repeat(64))),
        changed("aws", "cluster", "name", "101 characters", (r) => (r.props["name"] = "x".repeat(101))),
        changed(
            "aws",
            "cache",
            "replicationGroupId",
            "41 characters",
            (r) => (r.props["replicationGroupId"] = "x".repeat(41)),
        ),
        changed("digitalocean", "static", "name", "64 characters", (r) => (r.props["name"] = "x".repeat(64))),
    ],
    R72: [
        changed(
            "aws",
            "gateway",
            "deletedWith",
            "deleted with the cluster",
            (r) => (r.deletedWith = goodPlan("aws").resources.find(({ name }) => name === "cluster")!.urn),
        ),
        hasty("aws", "gateway", ["controller", "namespace", "release"], "a way in that outlives its controller"),
        hasty("gcp", "namespace", ["controller"], "a namespace that outlives its controller"),
        hasty("digitalocean", "nodes", ["cluster"], "nodes that outlive their cluster"),
        hasty("digitalocean", "controller-namespace", ["nodes"], "pods that outlive their nodes"),
        hasty("aws", "controller-namespace", ["network-addon"], "pods that outlive their network", ["nodes"]),
        hasty("aws", "controller", ["controller-identity"], "a controller that outlives its permissions", [
            "controller-namespace",
        ]),
        hasty("gcp", "controller", ["zone"], "records that outlive their zone"),
        hasty("gcp", "kubernetes", ["cluster"], "objects that outlive their cluster"),
        hasty("gcp", "cluster", ["nat"], "nodes without a way out"),
        hasty("aws", "cluster", ["association"], "nodes without a way out"),
        hasty("aws", "cluster", ["permissions"], "a cluster that cannot remove its network interfaces"),
        hasty("gcp", "database", ["peering"], "a database that outlives its peering"),
        hasty("gcp", "cache", ["peering"], "a cache that outlives its peering"),
    ],
    R83: [
        late("gcp", "agent-key", ["nat"], "a right to the key that waits as long as the cluster does"),
        late("gcp", "nodes-account", ["peering", "nat"], "nodes' own account, as late as the cluster"),
        late("aws", "controller-identity", ["nodes", "network-addon"], "a controller's rights, given as it starts"),
    ],
    R86: [
        {
            what: "aws: a certificate of ACM with a long name",
            bad: () => longNamed("aws:acm/certificate:Certificate", { domainName: longHost, validationMethod: "DNS" }),
            name: "certificate",
            path: "domainName",
        },
        {
            what: "aws: one of cert-manager that asks for a long name",
            bad: () =>
                longNamed("kubernetes:cert-manager.io/v1:Certificate", {
                    metadata: { name: "shop", namespace: "shop" },
                    spec: { commonName: longHost, dnsNames: [longHost], secretName: "certificate" },
                }),
            name: "certificate",
            path: "spec.commonName",
        },
    ],
    R92: [
        changed("gcp", "cluster", "dnsEndpointConfig", "a front end that nobody shuts", (r) => {
            r.props["controlPlaneEndpointsConfig"] = { ipEndpointsConfig: { enabled: true } };
        }),
        changed("gcp", "cluster", "ipEndpointsConfig", "an address that stays off", (r) => {
            r.props["controlPlaneEndpointsConfig"] = { dnsEndpointConfig: { allowExternalTraffic: false } };
        }),
        changed("gcp", "cluster", "masterAuthorizedNetworksConfig", "a private address for ranges of before", (r) => {
            r.props["privateClusterConfig"].enablePrivateEndpoint = true;
            delete r.props["masterAuthorizedNetworksConfig"];
        }),
        changed("gcp", "nat", "natIps", "addresses of before", (r) => delete r.props["natIps"]),
    ],
    R111: [
        hasty("gcp", "gateway", ["release"], "a Gateway on a cluster that does not know the kind yet"),
        hasty("digitalocean", "gateway", ["release"], "a Gateway on a cluster that does not know the kind yet"),
    ],
    R112: testedClouds.map((cloud) => ({
        what: `${cloud}: staging's static files keep their bucket`,
        bad: () => spoil(goodPlan(cloud, "staging"), "static", (r) => delete r.props["forceDestroy"]),
        name: "static",
        path: "forceDestroy",
    })),
    R139: [
        changed(
            "gcp",
            "static",
            "versioning.enabled",
            "no versions",
            (r) => (r.props["versioning"] = { enabled: false }),
        ),
        changed(
            "digitalocean",
            "static",
            "versioning.enabled",
            "no versions",
            (r) => (r.props["versioning"] = { enabled: false }),
        ),
        {
            what: "aws: versions that are suspended",
            bad: () =>
                withExtra(goodPlan("aws"), "static", {
                    type: "aws:s3/bucketVersioning:BucketVersioning",
                    name: "versions",
                    props: { bucket: "static", versioningConfiguration: { status: "Suspended" } },
                }),
            name: "versions",
            path: "versioningConfiguration.status",
        },
    ],
    R73: [
        changed("aws", "kubernetes", "clusterIdentifier", "no name", (r) => delete r.props["clusterIdentifier"]),
        changed(
            "gcp",
            "kubernetes",
            "clusterIdentifier",
            "a name that is not known yet",
            (r) => (r.props["clusterIdentifier"] = new UnknownValue()),
        ),
        changed(
            "digitalocean",
            "kubernetes",
            "kubeconfig",
            "a token that ends",
            (r) => (r.props["kubeconfig"] = new SecretValue("users:\n- user:\n    token: abc\n")),
        ),
    ],
    R76: (["gcp", "aws", "digitalocean"] as const).flatMap((cloud) => [
        changed(
            cloud,
            "database",
            "provider",
            "the default provider",
            (r) => (r.provider = r.provider!.replace(`::${cloud}::`, "::default_1_2_3::")),
        ),
        changed(cloud, "database", "parent", "no component", (r) => delete r.parent),
    ]),
    R85: [
        {
            what: "aws: a year for every answer of the CDN",
            bad: () =>
                withExtra(goodPlan("aws"), "static", {
                    type: "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
                    name: "headers",
                    props: {
                        customHeadersConfig: {
                            items: [{ header: "Cache-Control", value: "max-age=31536000", override: false }],
                        },
                    },
                }),
            name: "headers",
            path: "customHeadersConfig.items[0]",
        },
        changed(
            "aws",
            "cdn",
            "customErrorResponses[0].errorCachingMinTtl",
            "a missing file stays missing for an hour",
            (r) => (r.props["customErrorResponses"] = [{ errorCode: 404, errorCachingMinTtl: 3600 }]),
        ),
        changed(
            "gcp",
            "cdn",
            "customResponseHeaders[0]",
            "a year for every answer of the CDN",
            (r) => (r.props["customResponseHeaders"] = ["cache-control: max-age=31536000"]),
        ),
        changed(
            "gcp",
            "cdn",
            "cdnPolicy.negativeCachingPolicies[0].ttl",
            "a missing file stays missing for an hour",
            (r) => (r.props["cdnPolicy"] = { negativeCachingPolicies: [{ code: 404, ttl: 3600 }] }),
        ),
    ],
    R88: [
        changed("aws", "database-log", "retentionInDays", "for ever", (r) => delete r.props["retentionInDays"]),
        hasty(
            "aws",
            "database",
            ["database-log"],
            "the database's log is RDS's own",
            [],
            "enabledCloudwatchLogsExports",
        ),
        hasty("aws", "cluster", ["cluster-log"], "the audit log is EKS's own", [], "enabledClusterLogTypes"),
        changed(
            "aws",
            "database",
            "enabledCloudwatchLogsExports",
            "one log more than there are groups",
            (r) => (r.props["enabledCloudwatchLogsExports"] = ["postgresql", "upgrade"]),
        ),
    ],
    R91: [
        changed("aws", "cluster", "upgradePolicy.supportType", "the default", (r) => delete r.props["upgradePolicy"]),
        changed(
            "aws",
            "database",
            "engineLifecycleSupport",
            "the default",
            (r) => delete r.props["engineLifecycleSupport"],
        ),
    ],
    R117: [
        changed("aws", "database", "maxAllocatedStorage", "never", (r) => delete r.props["maxAllocatedStorage"]),
        changed(
            "aws",
            "database",
            "maxAllocatedStorage",
            "to what it is",
            (r) => (r.props["maxAllocatedStorage"] = 20),
        ),
        changed(
            "gcp",
            "database",
            "settings.diskAutoresize",
            "switched off",
            (r) => (r.props["settings"].diskAutoresize = false),
        ),
        changed(
            "digitalocean",
            "database",
            "storageAutoscale.enabled",
            "the default",
            (r) => delete r.props["storageAutoscale"],
        ),
    ],
    R118: [
        changed("aws", "database", "maintenanceWindow", "AWS's hour", (r) => delete r.props["maintenanceWindow"]),
        changed("aws", "database", "backupWindow", "AWS's hour", (r) => delete r.props["backupWindow"]),
        changed("aws", "cache", "maintenanceWindow", "AWS's hour", (r) => delete r.props["maintenanceWindow"]),
        changed(
            "gcp",
            "database",
            "settings.maintenanceWindow",
            "Google's hour",
            (r) => delete r.props["settings"].maintenanceWindow,
        ),
        changed("gcp", "cache", "maintenancePolicy", "Google's hour", (r) => delete r.props["maintenancePolicy"]),
        changed(
            "digitalocean",
            "database",
            "maintenanceWindows",
            "DigitalOcean's hour",
            (r) => delete r.props["maintenanceWindows"],
        ),
    ],
    R124: [
        changed("aws", "aws", "defaultTags", "a provider without tags", (r) => delete r.props["defaultTags"]),
        changed(
            "aws",
            "aws",
            "defaultTags.tags",
            "a provider with other tags",
            (r) => (r.props["defaultTags"] = '{"tags":{"team":"shop"}}'),
        ),
        changed("gcp", "gcp", "defaultLabels", "a provider without labels", (r) => delete r.props["defaultLabels"]),
        changed(
            "gcp",
            "database",
            "settings.userLabels",
            "a database that the provider's labels do not reach",
            (r) => delete r.props["settings"].userLabels,
        ),
        ...["alarm", "check", "channel"].map((name) =>
            changed("gcp", name, "userLabels", `a ${name} likewise`, (r) => delete r.props["userLabels"]),
        ),
        ...["cluster", "nodes", "database"].map((name) =>
            changed("digitalocean", name, "tags", `a ${name} without tags`, (r) => (r.props["tags"] = [])),
        ),
    ],
    R125: [
        changed("aws", "alarm", "alarmActions", "an alarm for nobody", (r) => (r.props["alarmActions"] = [])),
        changed("gcp", "alarm", "notificationChannels", "one left out", (r) => delete r.props["notificationChannels"]),
        changed("digitalocean", "alarm", "alerts", "one without address", (r) => (r.props["alerts"] = { emails: [] })),
        changed("digitalocean", "host", "notifications", "a host's", (r) => (r.props["notifications"] = [{}])),
    ],
    R126: [
        changed(
            "aws",
            "registry",
            "imageScanningConfiguration.scanOnPush",
            "images that nobody looks through",
            (r) => delete r.props["imageScanningConfiguration"],
        ),
        changed(
            "gcp",
            "registry",
            "vulnerabilityScanningConfig.enablementConfig",
            "the same switched off",
            (r) => (r.props["vulnerabilityScanningConfig"] = { enablementConfig: "DISABLED" }),
        ),
    ],
    R96: [
        changed("aws", "registry", "", "a type that nobody knows", (r) => (r.type = "hcloud:index/server:Server")),
        changed("gcp", "network", "", "one of a known cloud", (r) => (r.type = "gcp:spanner/instance:Instance")),
    ],
};

/** The same for the program's own stacks in examples/stacks: there the resource is found by its type. */
export interface StackExample {
    readonly cloud: TestedCloud;
    /** The end of a resource's type, after the last colon but one. */
    readonly type: string;
    readonly rule: string;
    readonly change: Change;
    /** Which of several. @default the first */
    readonly of?: (resource: PlannedResource) => boolean;
}

export const stackExamples: readonly StackExample[] = [
    {
        cloud: "gcp",
        type: "container/cluster:Cluster",
        rule: "R54",
        change: (r) => (r.props["masterAuthorizedNetworksConfig"] = undefined),
    },
    {
        cloud: "gcp",
        type: "container/cluster:Cluster",
        rule: "R56",
        change: (r) => (r.props["databaseEncryption"] = { state: "DECRYPTED" }),
    },
    { cloud: "gcp", type: "container/cluster:Cluster", rule: "R67", change: (r) => (r.protect = false) },
    {
        cloud: "gcp",
        type: "sql/databaseInstance:DatabaseInstance",
        rule: "R58",
        change: (r) => (r.props["settings"].availabilityType = "ZONAL"),
    },
    {
        cloud: "gcp",
        type: "sql/databaseInstance:DatabaseInstance",
        rule: "R60",
        change: (r) => (r.props["settings"].deletionProtectionEnabled = false),
    },
    {
        cloud: "gcp",
        type: "sql/databaseInstance:DatabaseInstance",
        rule: "R62",
        change: (r) => delete r.props["settings"].ipConfiguration.sslMode,
    },
    { cloud: "gcp", type: "container/nodePool:NodePool", rule: "R72", change: (r) => (r.dependencies = []) },
    { cloud: "gcp", type: "sql/databaseInstance:DatabaseInstance", rule: "R76", change: (r) => delete r.provider },
    {
        cloud: "aws",
        type: "eks/cluster:Cluster",
        rule: "R53",
        change: (r) => (r.props["enabledClusterLogTypes"] = ["api"]),
    },
    { cloud: "aws", type: "eks/cluster:Cluster", rule: "R60", change: (r) => (r.props["deletionProtection"] = false) },
    { cloud: "aws", type: "rds/instance:Instance", rule: "R58", change: (r) => (r.props["multiAz"] = false) },
    { cloud: "aws", type: "rds/instance:Instance", rule: "R59", change: (r) => (r.props["backupRetentionPeriod"] = 3) },
    { cloud: "aws", type: "rds/instance:Instance", rule: "R61", change: (r) => (r.props["skipFinalSnapshot"] = true) },
    {
        cloud: "aws",
        type: "cloudfront/distribution:Distribution",
        rule: "R65",
        change: (r) => (r.props["viewerCertificate"] = { cloudfrontDefaultCertificate: true }),
    },
    {
        cloud: "aws",
        type: "cloudfront/distribution:Distribution",
        rule: "R64",
        change: (r) => delete r.props["origins"][0].originAccessControlId,
    },
    {
        cloud: "digitalocean",
        type: "index/kubernetesNodePool:KubernetesNodePool",
        rule: "R72",
        change: (r) => (r.dependencies = []),
    },
    {
        cloud: "digitalocean",
        type: "index/kubernetesCluster:KubernetesCluster",
        rule: "R57",
        change: (r) => (r.props["ha"] = false),
    },
    {
        cloud: "digitalocean",
        type: "index/databaseCluster:DatabaseCluster",
        rule: "R67",
        change: (r) => (r.protect = false),
        // The other is a cache.
        of: ({ props }) => props["engine"] === "pg",
    },
];
