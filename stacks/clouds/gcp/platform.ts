// A platform in Google Cloud, as the settings describe it.
import * as pulumi from "@pulumi/pulumi";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { Provider as RandomProvider } from "@pulumi/random/provider.js";
import { ProjectApis, scanningApi } from "../../../components/apis/gcp/project-apis.ts";
import type { Cluster } from "../../../components/cluster/contract.ts";
import { ExistingGkeCluster } from "../../../components/cluster/gcp/existing.ts";
import { GkeCluster, type GkeClusterArgs, type GkePlace } from "../../../components/cluster/gcp/gke.ts";
import type { DnsZone } from "../../../components/dns/contract.ts";
import { CloudDnsZone, type ParentZone } from "../../../components/dns/gcp/cloud-dns.ts";
import { GcpCi } from "../../../components/identity/gcp/ci.ts";
import { ReviewAccess } from "../../../components/identity/review-access.ts";
import { KmsKeys, secretsProviderOf } from "../../../components/keys/gcp/kms.ts";
import { LogRetention } from "../../../components/logs/gcp/retention.ts";
import type { Registry } from "../../../components/registry/contract.ts";
import { ArtifactRegistry } from "../../../components/registry/gcp/artifact-registry.ts";
import { ExistingArtifactRegistry } from "../../../components/registry/gcp/existing.ts";
import { ExistingGcpNetwork } from "../../../components/vpc/gcp/existing.ts";
import { GcpNetwork } from "../../../components/vpc/gcp/network.ts";
import type { GcpPlatformSettings } from "../../../settings/clouds/gcp/platform.ts";
import { ciArgs } from "../../ci.ts";
import type { PlatformContext } from "../../context.ts";
import type { GkeGateway, Platform } from "../../platform/contract.ts";

/**
 * Where Google's load balancers and their health checks come from.
 *
 * @see https://cloud.google.com/load-balancing/docs/https#firewall_rules
 */
const googleFrontEnds = { namespaces: [], cidrs: ["130.211.0.0/22", "35.191.0.0/16"] };

interface Place extends PlatformContext {
    readonly project: string;
    readonly region: string;
    readonly opts: pulumi.ComponentResourceOptions;
}

export async function createGcpPlatform(settings: GcpPlatformSettings, context: PlatformContext): Promise<Platform> {
    const { project, region } = context.clouds.settings("gcp");
    const provider = await context.clouds.provider("gcp");

    const apis = createApis(settings, { providers: [provider] });
    const place: Place = { ...context, project, region, opts: { providers: [provider], dependsOn: apis } };
    const vpc = createVpc(settings, place);
    const keys = createKeys(settings, place);
    // Before what takes minutes: its jobs may be let in at once.
    const ci = createCi(settings, place, keys);
    const cluster = createCluster(settings, place, vpc, keys.database);
    const zone = createZone(settings, place);
    const registry = createRegistry(settings, place, cluster, ci?.identities ?? {});
    if (settings.logs.days !== undefined) {
        new LogRetention("logs", { project, days: settings.logs.days }, place.opts);
    }

    // Of an adopted cluster there is nothing to wait for but the APIs, which its stores and its way in call.
    const ready = cluster.ready.length > 0 ? cluster.ready : apis;
    const kubernetes = new KubernetesProvider(
        "kubernetes",
        { kubeconfig: cluster.kubeconfig, clusterIdentifier: cluster.identifier, enableServerSideApply: true },
        // Whatever names this provider is deleted before the nodes are (R72).
        { dependsOn: [...ready] },
    );
    if (settings.cluster.variant === "create" && ci !== undefined && ci.reviewUsers.length > 0) {
        const subjects = ci.reviewUsers.map((user) => ({ kind: "User" as const, name: user }));
        new ReviewAccess("review-access", { subjects }, { provider: kubernetes, dependsOn: [...ready] });
    }
    return {
        kubernetes,
        connection: { clusterIdentifier: cluster.identifier, kubeconfig: cluster.kubeconfig },
        ready,
        ...(cluster.workloadPool && { workloadPool: cluster.workloadPool }),
        networkPolicy: cluster.networkPolicy,
        watched: { cloud: "gcp", ...cluster.place },
        ...(cluster.storageClass !== undefined && { storageClass: cluster.storageClass }),
        gateway: gatewayOf(settings),
        ...(vpc && { vpc }),
        ...(zone && { zone }),
        ...(registry && { registry }),
        ...(keys.secretsProvider && { secretsProvider: keys.secretsProvider }),
        ...(ci && { ci }),
    };
}

function createApis({ apis, registry, ci }: GcpPlatformSettings, opts: pulumi.ComponentResourceOptions): ProjectApis[] {
    if (apis.variant === "none") {
        return [];
    }
    const scans = registry.variant === "create" && registry.scanning;
    const additional = [
        ...apis.additional,
        ...(scans ? [scanningApi] : []),
        // Jobs show their tokens to an API of its own.
        ...(ci.variant === "none" ? [] : ["sts.googleapis.com"]),
    ];
    return [new ProjectApis("apis", { additional }, opts)];
}

function createCi({ ci }: GcpPlatformSettings, { project, instance, opts }: Place, keys: Keys): GcpCi | undefined {
    if (ci.variant === "none") {
        return undefined;
    }
    return new GcpCi(
        "ci",
        {
            ...ciArgs(instance, ci, ci.deploy?.roles ?? []),
            project,
            ...(keys.stackSecrets !== undefined && { secretsKey: keys.stackSecrets }),
        },
        pulumi.mergeOptions(opts, { providers: [new RandomProvider("ci-random")] }),
    );
}

/** Seconds until the last of Google's front ends has heard that a pod goes: the network endpoint group is told first. */
const drain = 30;

function gatewayOf({ gateway: { native, ...rest } }: GcpPlatformSettings): GkeGateway {
    return { kind: "gke", from: googleFrontEnds, drain, ...rest, ...(native && { native: defined(native) }) };
}

function createVpc(
    { network }: GcpPlatformSettings,
    { region, opts }: Place,
): GcpNetwork | ExistingGcpNetwork | undefined {
    switch (network.variant) {
        case "create": {
            const { variant: _, native, ...rest } = network;
            return new GcpNetwork("vpc", { ...rest, region, ...(native && { native: defined(native) }) }, opts);
        }
        case "existing":
            return new ExistingGcpNetwork("vpc", network, opts);
        case "none":
            return undefined;
        default:
            return network satisfies never;
    }
}

interface Keys {
    readonly database?: pulumi.Input<string>;
    readonly secretsProvider?: pulumi.Output<string>;
    /** The key behind it. */
    readonly stackSecrets?: pulumi.Input<string>;
}

function createKeys({ keys }: GcpPlatformSettings, { region, data, opts }: Place): Keys {
    switch (keys.variant) {
        case "create": {
            const { rotationDays, native } = keys;
            return new KmsKeys("keys", { location: region, data, rotationDays, ...(native && { native }) }, opts);
        }
        case "existing":
            return {
                ...(keys.database !== undefined && { database: keys.database }),
                ...(keys.stackSecrets !== undefined && {
                    secretsProvider: secretsProviderOf(keys.stackSecrets),
                    stackSecrets: keys.stackSecrets,
                }),
            };
        case "none":
            return {};
        default:
            return keys satisfies never;
    }
}

function createCluster(
    { cluster, keys, network }: GcpPlatformSettings,
    { project, region, instance, data, opts }: Place,
    vpc: GcpNetwork | ExistingGcpNetwork | undefined,
    databaseKey: pulumi.Input<string> | undefined,
): Cluster & Pick<Partial<GkeCluster>, "nodesMember" | "workloadPool"> & { readonly place: GkePlace } {
    switch (cluster.variant) {
        case "create": {
            const { variant: _, zone, native, nodes, ...rest } = cluster;
            const zoneOf = (letter: string) => `${region}-${letter}`;
            const args: GkeClusterArgs = {
                ...rest,
                project,
                location: zone === undefined ? region : zoneOf(zone),
                instance,
                data,
                // The schema refuses a new cluster without a network.
                vpc: vpc!,
                // All of the network, way out and peering too: the peering goes after the cluster (R72).
                after: vpc ? [vpc] : [],
                networkIsThere: network.variant === "existing",
                nodes:
                    nodes.variant === "autopilot"
                        ? nodes
                        : { variant: nodes.variant, pools: poolsOf(nodes.pools, zoneOf) },
                ...(databaseKey !== undefined && { databaseKey }),
                admitToKey: keys.variant === "create",
                ...(native && { native }),
            };
            return new GkeCluster("cluster", args, opts);
        }
        case "existing": {
            const { caCertificate, ...rest } = cluster;
            return new ExistingGkeCluster(
                "cluster",
                { ...rest, project, ...(caCertificate !== undefined && { caCertificate }) },
                opts,
            );
        }
        default:
            return cluster satisfies never;
    }
}

type PoolSettings = Extract<
    Extract<GcpPlatformSettings["cluster"], { variant: "create" }>["nodes"],
    { variant: "pools" }
>["pools"];

function poolsOf(pools: PoolSettings, zoneOf: (letter: string) => string) {
    return Object.fromEntries(
        Object.entries(pools).map(([name, { zones, native, ...rest }]) => [
            name,
            { ...rest, ...(zones && { zones: zones.map(zoneOf) }), ...(native && { native }) },
        ]),
    );
}

function createZone({ dns }: GcpPlatformSettings, { data, opts }: Place): DnsZone | undefined {
    switch (dns.variant) {
        case "create": {
            const { domain, certificateAuthorities, parentZone, native } = dns;
            return new CloudDnsZone(
                "zone",
                {
                    domain,
                    certificateAuthorities,
                    data,
                    ...(parentZone !== undefined && { parentZone: managedZoneAt(parentZone) }),
                    ...(native && { native }),
                },
                opts,
            );
        }
        case "existing":
            return { domain: dns.domain, id: dns.managedZone, nameServers: pulumi.output([]) };
        case "none":
            return undefined;
        default:
            return dns satisfies never;
    }
}

/** @param path a zone's name, or projects/PROJECT/managedZones/NAME */
function managedZoneAt(path: string): ParentZone {
    const [, project, , managedZone] = path.split("/");
    return project === undefined ? { managedZone: path } : { project, managedZone: managedZone! };
}

function createRegistry(
    { registry }: GcpPlatformSettings,
    { project, region, instance, data, opts }: Place,
    { nodesMember }: { readonly nodesMember?: pulumi.Output<string> },
    { push, review }: GcpCi["identities"],
): Registry | undefined {
    const ci: Record<string, pulumi.Output<string>> = {
        ...(push && { ci: pulumi.interpolate`serviceAccount:${push}` }),
        ...(review && { review: pulumi.interpolate`serviceAccount:${review}` }),
    };
    switch (registry.variant) {
        case "create": {
            const { variant: _, native, readers, writers, ...rest } = registry;
            const args = {
                ...rest,
                project,
                location: region,
                instance,
                data,
                readers: { ...(nodesMember && { nodes: nodesMember }), ...readers },
                writers: { ...ci, ...writers },
                ...(native && { native }),
            };
            return new ArtifactRegistry("registry", args, opts);
        }
        case "existing":
            return new ExistingArtifactRegistry(
                "registry",
                {
                    prefix: registry.prefix,
                    readers: { ...(registry.admitNodes && nodesMember && { nodes: nodesMember }) },
                    writers: ci,
                },
                opts,
            );
        case "none":
            return undefined;
        default:
            return registry satisfies never;
    }
}

/** Without the keys that have no value. */
function defined<Value>(values: Readonly<Record<string, Value | undefined>>): Record<string, Value> {
    return Object.fromEntries(
        Object.entries(values).filter((entry): entry is [string, Value] => entry[1] !== undefined),
    );
}
