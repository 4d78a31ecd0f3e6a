// Google Cloud's resources in a person's words.
import { textOf } from "../../../policy/kubernetes.ts";
import {
    componentName,
    corsOf,
    isOn,
    listAt,
    numberAt,
    ranges,
    shortName,
    siblings,
    textAt,
    textsAt,
    type Readers,
} from "./part.ts";

export const gcp: Readers = {
    "gcp:monitoring/alertPolicy:AlertPolicy": (policy) => ({ facts: [shortName(policy)] }),
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": (check) => ({ facts: [textAt(check, "displayName")] }),
    "gcp:billing/budget:Budget": (budget) => ({
        facts: [`${textAt(budget, "amount.specifiedAmount.units") ?? ""} a month`],
    }),
    "gcp:compute/network:Network": (network, view) => {
        const [subnet] = siblings(view, network, "gcp:compute/subnetwork:Subnetwork");
        const peering = siblings(view, network, "gcp:compute/globalAddress:GlobalAddress").find(
            (address) => textAt(address, "purpose") === "VPC_PEERING",
        );
        const secondary =
            subnet === undefined
                ? []
                : listAt(subnet, "secondaryIpRanges").map((range) => (range ?? {}) as Record<string, unknown>);
        const range = (name: string): string | undefined =>
            textOf(secondary.find(({ rangeName }) => rangeName === name)?.["ipCidrRange"]);
        const named = [
            ["nodes", subnet && textAt(subnet, "ipCidrRange")],
            ["pods", range("pods")],
            ["services", range("services")],
        ].filter(([, cidr]) => cidr !== undefined);
        const stores =
            peering &&
            `${textAt(peering, "address") ?? "a range of Google's choice"}/${numberAt(peering, "prefixLength") ?? ""}`;
        return {
            name: componentName(network),
            facts: [
                ...named.map(([name, cidr]) => `${name} ${cidr}`),
                stores && `stores ${stores}`,
                siblings(view, network, "gcp:compute/routerNat:RouterNat").length > 0 && "out by Cloud NAT",
                "every zone of the region",
            ],
            at: named[0]?.[1],
            ...(stores !== undefined && { storeRanges: [stores] }),
        };
    },
    "gcp:container/cluster:Cluster": (cluster) => {
        const autopilot = isOn(cluster, "enableAutopilot");
        const cidrs = listAt(cluster, "masterAuthorizedNetworksConfig.cidrBlocks").flatMap(
            (block) => textOf((block as { readonly cidrBlock?: unknown } | undefined)?.cidrBlock) ?? [],
        );
        const version = textAt(cluster, "minMasterVersion");
        const channel = textAt(cluster, "releaseChannel.channel");
        const isPrivate = isOn(cluster, "privateClusterConfig.enablePrivateEndpoint");
        return {
            name: textAt(cluster, "name") ?? componentName(cluster),
            facts: [
                autopilot ? "Autopilot" : "Standard",
                version && `version ${version}`,
                channel && `channel ${channel.toLowerCase()}`,
                // Google's IAM stands before that name: who may not use the cluster gets no answer.
                isOn(cluster, "controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic")
                    ? "API by a DNS name, for whom IAM lets in"
                    : apiFrom(isPrivate, cidrs),
                // Autopilot has no other data plane.
                (autopilot || textAt(cluster, "datapathProvider") === "ADVANCED_DATAPATH") &&
                    "NetworkPolicy by Dataplane V2",
            ],
        };
    },
    "gcp:container/nodePool:NodePool": (pool) => ({
        product: textAt(pool, "nodeConfig.machineType") ?? "nodes",
        count: {
            min:
                numberAt(pool, "autoscaling.totalMinNodeCount") ??
                numberAt(pool, "autoscaling.minNodeCount") ??
                numberAt(pool, "nodeCount") ??
                0,
            max:
                numberAt(pool, "autoscaling.totalMaxNodeCount") ??
                numberAt(pool, "autoscaling.maxNodeCount") ??
                numberAt(pool, "nodeCount") ??
                0,
        },
        facts: [isOn(pool, "nodeConfig.spot") && "spot"],
    }),
    "gcp:sql/databaseInstance:DatabaseInstance": (instance) => {
        if (instance.props["masterInstanceName"] !== undefined) {
            return { name: instance.name, facts: ["read replica", textAt(instance, "settings.tier")] };
        }
        const disk = numberAt(instance, "settings.diskSize");
        const backups = isOn(instance, "settings.backupConfiguration.enabled");
        const kept = numberAt(instance, "settings.backupConfiguration.backupRetentionSettings.retainedBackups");
        return {
            name: componentName(instance),
            facts: [
                `PostgreSQL ${textAt(instance, "databaseVersion")?.replace(/^POSTGRES_/, "") ?? ""}`.trim(),
                textAt(instance, "settings.tier"),
                disk !== undefined && `${disk} GB`,
                textAt(instance, "settings.availabilityType") === "REGIONAL" ? "two zones" : "one zone",
                backups ? `${kept === undefined ? "" : `${kept} `}backups` : "no backups",
                isOn(instance, "settings.backupConfiguration.pointInTimeRecoveryEnabled") && "point in time",
            ],
        };
    },
    "gcp:redis/instance:Instance": (instance) => {
        const memory = numberAt(instance, "memorySizeGb");
        const replicas = numberAt(instance, "replicaCount") ?? 0;
        return {
            name: componentName(instance),
            facts: [
                textAt(instance, "redisVersion")
                    ?.replace(/^REDIS_/, "Redis ")
                    .replaceAll("_", "."),
                memory !== undefined && `${memory} GB`,
                textAt(instance, "tier") === "STANDARD_HA" ? "two zones" : "one zone",
                replicas > 0 && (replicas === 1 ? "1 replica" : `${replicas} replicas`),
            ],
        };
    },
    "gcp:storage/bucket:Bucket": (bucket, view) => {
        const readers = siblings(view, bucket, "gcp:storage/bucketIAMMember:BucketIAMMember").filter(
            (grant) => textAt(grant, "member") === "allUsers" && grant.dependencies.includes(bucket.urn),
        );
        const origins = listAt(bucket, "cors").flatMap(
            (rule) => (rule as { readonly origins?: readonly string[] } | undefined)?.origins ?? [],
        );
        return {
            facts: [
                readers.length > 0 ? "public" : "private",
                corsOf(origins),
                isOn(bucket, "versioning.enabled") && "versions",
            ],
        };
    },
    "gcp:compute/backendBucket:BackendBucket": (backend, view) => {
        const hosts = siblings(view, backend, "gcp:certificatemanager/certificate:Certificate").flatMap((certificate) =>
            textsAt(certificate, "managed.domains"),
        );
        return {
            ...(!isOn(backend, "enableCdn") && { product: "Load balancer" }),
            name: "cdn",
            facts: [hosts[0]],
            at: hosts[0],
        };
    },
    "gcp:dns/managedZone:ManagedZone": (zone) => {
        const domain = textAt(zone, "dnsName")?.replace(/\.$/, "");
        return {
            name: componentName(zone),
            facts: [domain, textAt(zone, "dnssecConfig.state") === "on" && "DNSSEC"],
            at: domain,
        };
    },
    "gcp:certificatemanager/certificate:Certificate": (certificate) => {
        const domains = textsAt(certificate, "managed.domains");
        return { facts: [domains.join(" ")], at: domains[0] };
    },
    "gcp:artifactregistry/repository:Repository": (repository) => ({
        name: textAt(repository, "repositoryId") ?? componentName(repository),
        facts: [
            isOn(repository, "dockerConfig.immutableTags") && "immutable tags",
            textAt(repository, "vulnerabilityScanningConfig.enablementConfig") === "INHERITED" && "scans",
        ],
    }),
    "gcp:kms/cryptoKey:CryptoKey": (key) => ({
        // GKE calls its own store of objects the database.
        name: shortName(key) === "database" ? "the cluster's Secrets" : shortName(key),
        facts: [textAt(key, "rotationPeriod") !== undefined && "rotates"],
    }),
    "gcp:logging/projectBucketConfig:ProjectBucketConfig": (logs) => {
        const days = numberAt(logs, "retentionDays");
        return { facts: [days !== undefined && `${days} days`] };
    },
};

/** Who may call the Kubernetes API. */
export function apiFrom(isPrivate: boolean, cidrs: readonly string[]): string {
    return isPrivate ? "API private" : cidrs.length === 0 ? "API from anywhere" : `API from ${ranges(cidrs)}`;
}
