// DigitalOcean as a platform: network, cluster, registry, zone and the way in, each made, adopted or left out.
import { output, type ComponentResourceOptions } from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { DoksCluster } from "../../../components/cluster/digitalocean/doks.ts";
import { ExistingDoksCluster } from "../../../components/cluster/digitalocean/existing.ts";
import { DigitalOceanDomain } from "../../../components/dns/digitalocean/domain.ts";
import { DigitalOceanRegistry } from "../../../components/registry/digitalocean/registry.ts";
import { DigitalOceanNetwork } from "../../../components/vpc/digitalocean/vpc.ts";
import type { ResolvedDigitalOceanPlatform } from "../../../settings/clouds/digitalocean/resolve.ts";
import type { PlatformContext } from "../../context.ts";
import type { Platform } from "../../platform/contract.ts";
import { installAddons } from "./addons.ts";

export async function createDigitalOceanPlatform(
    settings: ResolvedDigitalOceanPlatform,
    context: PlatformContext,
): Promise<Platform> {
    const { instance, data, clouds, dnsToken } = context;
    const { region } = clouds.settings("digitalocean");
    const opts: ComponentResourceOptions = { providers: [await clouds.provider("digitalocean")] };
    const { native, network: source } = settings;

    const network = new DigitalOceanNetwork(
        "network",
        { instance, data, region, source, ...named("native", native.network) },
        opts,
    );
    const registry =
        settings.registry.variant === "none"
            ? undefined
            : new DigitalOceanRegistry(
                  "registry",
                  { data, source: settings.registry, ...named("native", native.registry) },
                  opts,
              );
    const zone =
        settings.dns.variant === "none"
            ? undefined
            : new DigitalOceanDomain("dns", { data, source: settings.dns, ...named("native", native.dns) }, opts);
    const cluster = createCluster(settings, context, { region, network, registry, opts });

    const kubernetes = new Provider(
        "kubernetes",
        {
            kubeconfig: cluster.kubeconfig,
            clusterIdentifier: cluster.identifier,
            enableServerSideApply: true,
        },
        // Objects are put on nodes, and deleted while there are any (R72).
        { dependsOn: [...cluster.ready] },
    );
    const { gateway, ready } = await installAddons(settings, context, {
        kubernetes,
        zone,
        dnsToken,
        after: [...cluster.ready, ...(zone ? [zone] : [])],
    });
    return {
        kubernetes,
        connection: { clusterIdentifier: cluster.identifier, kubeconfig: cluster.kubeconfig },
        ready: [...cluster.ready, ...ready],
        networkPolicy: cluster.networkPolicy,
        watched: { cloud: "digitalocean", clusterId: output(cluster.clusterId) },
        ...(gateway && { gateway }),
        vpc: {
            cloud: "digitalocean",
            vpcId: network.vpcId,
            cidr: network.range,
            clusterId: cluster.clusterId,
            ...(settings.cluster.variant === "create" && { podRange: settings.cluster.podRange }),
        },
        ...(zone && { zone }),
        ...(registry && { registry }),
    };
}

interface ClusterPlace {
    readonly region: string;
    readonly network: DigitalOceanNetwork;
    readonly registry: DigitalOceanRegistry | undefined;
    readonly opts: ComponentResourceOptions;
}

function createCluster(
    { cluster, native }: ResolvedDigitalOceanPlatform,
    { instance, data }: PlatformContext,
    { region, network, registry, opts }: ClusterPlace,
): DoksCluster | ExistingDoksCluster {
    if (cluster.variant === "existing") {
        return new ExistingDoksCluster("cluster", cluster, opts);
    }
    const { variant: _, apiAccess, highlyAvailable, ...rest } = cluster;
    return new DoksCluster(
        "cluster",
        {
            ...rest,
            instance,
            data,
            region,
            vpcId: network.vpcId,
            highlyAvailable,
            apiCidrs: apiAccess.cidrs,
            registryIntegration: registry !== undefined,
            native: { ...named("cluster", native.cluster), ...named("nodePool", native.nodePool) },
        },
        // The integration is with the account's registry, which has to be there.
        { ...opts, ...(registry && { dependsOn: [registry] }) },
    );
}

type Native = Readonly<Record<string, unknown>>;

/** An optional argument is left out, not undefined. */
function named<Key extends string>(key: Key, native: Native | undefined): { readonly [key in Key]?: Native } {
    return (native === undefined ? {} : { [key]: native }) as { readonly [key in Key]?: Native };
}
