// What is put on a DOKS cluster before an environment is: certificates, records, and a controller where DOKS's own is not used.
import type { ComponentResourceOptions, Output, ProviderResource, Resource } from "@pulumi/pulumi";
import type { AcmeSolver } from "../../../components/addons/cert-manager.ts";
import type { DnsZone } from "../../../components/dns/contract.ts";
import type { ResolvedDigitalOceanPlatform } from "../../../settings/clouds/digitalocean/resolve.ts";
import { allowRules, proxyProtocol } from "../../../settings/clouds/digitalocean/platform.ts";
import type { PlatformContext } from "../../context.ts";
import type { ControllerGateway } from "../../platform/contract.ts";

export interface AddonsPlace {
    readonly kubernetes: ProviderResource;
    readonly zone: DnsZone | undefined;
    /** There when something of it needs it. */
    readonly dnsToken: Output<string> | undefined;
    /** Nodes. */
    readonly after: readonly Resource[];
}

export interface InstalledAddons {
    readonly gateway?: ControllerGateway;
    /** What environments wait for. */
    readonly ready: readonly Resource[];
}

type Issuer = NonNullable<ControllerGateway["issuer"]>;

export async function installAddons(
    settings: ResolvedDigitalOceanPlatform,
    { instance, data, requestTimeout, sourceRanges }: PlatformContext,
    { kubernetes, zone, dnsToken, after }: AddonsPlace,
): Promise<InstalledAddons> {
    const { dns, certificates } = settings;
    const common = { instance, data };
    const opts: ComponentResourceOptions = { providers: [kubernetes], dependsOn: [...after] };
    const ready: Resource[] = [];

    const gateway = await createGateway(settings, { ...common, requestTimeout, sourceRanges }, opts, ready);
    let issuer: Issuer | undefined;
    if (certificates.variant === "existing") {
        issuer = certificates.issuer;
    } else if (certificates.variant === "letsencrypt" && gateway !== undefined) {
        const { CertManager } = await import("../../../components/addons/cert-manager.ts");
        const { email, server, challenge } = certificates;
        const solver: AcmeSolver =
            challenge === "dns-01" && dnsToken !== undefined
                ? { kind: "digitalocean", token: dnsToken }
                : { kind: "http-01" };
        const manager = new CertManager("cert-manager", { ...common, email, server, solver }, opts);
        ready.push(manager.ready);
        issuer = { ...manager.issuer, challenge };
    }
    const hasRecords = dns.variant !== "none" && dns.hostRecords && zone !== undefined;
    if (hasRecords && dnsToken !== undefined) {
        const { ExternalDns } = await import("../../../components/addons/external-dns.ts");
        const provider = { cloud: "digitalocean", token: dnsToken } as const;
        const records = new ExternalDns("external-dns", { ...common, provider, domains: [zone.domain] }, opts);
        ready.push(records.ready);
    }
    const more = { ...(issuer && { issuer }), ...(hasRecords && { recordsOf: zone.domain }) };
    return { ...(gateway && { gateway: { ...gateway, ...more } }), ready };
}

/** Web pods admit requests from anywhere: those of Cilium's Gateway come from no pod and no address range that a policy could name. */
async function createGateway(
    { gateway, network }: ResolvedDigitalOceanPlatform,
    {
        requestTimeout,
        sourceRanges,
        ...common
    }: Pick<PlatformContext, "instance" | "data" | "requestTimeout" | "sourceRanges">,
    opts: ComponentResourceOptions,
    ready: Resource[],
): Promise<ControllerGateway | undefined> {
    switch (gateway.variant) {
        case "none":
            return undefined;
        case "cilium":
            return {
                kind: "controller",
                className: "cilium",
                httpPort: 80,
                httpsPort: 443,
                infrastructureAnnotations: { ...gateway.loadBalancerAnnotations, ...allowing(sourceRanges) },
                needsCertificates: false,
            };
        case "traefik": {
            const { Traefik } = await import("../../../components/addons/traefik.ts");
            const args = {
                ...common,
                serviceAnnotations: gateway.loadBalancerAnnotations,
                ...(requestTimeout !== undefined && { requestTimeout }),
                ...(sourceRanges && { sourceRanges }),
                // The load balancer is in the network, as the nodes are by which its connections may come.
                ...(gateway.loadBalancerAnnotations[proxyProtocol] === "true" && {
                    proxyProtocolFrom: [network.range],
                }),
            };
            const traefik = new Traefik("traefik", args, opts);
            ready.push(traefik.ready);
            const { className, httpPort, httpsPort, publicHttpPort, publicHttpsPort, namespace } = traefik;
            const from = { namespaces: [namespace], cidrs: [] };
            return { kind: "controller", className, httpPort, httpsPort, publicHttpPort, publicHttpsPort, from };
        }
        default:
            return gateway satisfies never;
    }
}

/**
 * Of a Gateway only annotations reach the Service that Cilium makes of it, so not `loadBalancerSourceRanges`.
 *
 * @see https://docs.digitalocean.com/products/kubernetes/how-to/configure-load-balancers/#allow-rules
 */
function allowing(sourceRanges: readonly string[] | undefined): Readonly<Record<string, string>> {
    return sourceRanges === undefined ? {} : { [allowRules]: sourceRanges.map((range) => `cidr:${range}`).join(",") };
}
