// Gateway API with GKE's own controller: a global load balancer at an address that stays (G6), with certificates by Google.
import * as pulumi from "@pulumi/pulumi";
import { GlobalAddress } from "@pulumi/gcp/compute/globalAddress.js";
import type { SecurityPolicy } from "@pulumi/gcp/compute/securityPolicy.js";
import { SSLPolicy } from "@pulumi/gcp/compute/sslpolicy.js";
import { RecordSet } from "@pulumi/gcp/dns/recordSet.js";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { objectLabels } from "../../../lib/labels.ts";
import { withNative } from "../../../lib/native.ts";
import {
    lendingLabel,
    type DnsRecord,
    type Edge,
    type EdgeArgs,
    type EdgeGuards,
    type EdgeListener,
} from "../contract.ts";
import { untilProgrammed } from "../programmed.ts";
import { createRoute, gatewayApi } from "../route.ts";
import { createBackendPolicies, type BackendBehaviour } from "./backend-policies.ts";
import { createCertificates, type Certificates } from "./certificates.ts";
import { createSecurityPolicy } from "./security-policy.ts";

export interface GkeGatewayArgs extends EdgeArgs {
    /** Records of names in it are made. @default none is made, all are in `records` */
    readonly zone?: { readonly domain: string; readonly managedZone: pulumi.Input<string> };
    readonly behaviour: BackendBehaviour;
    /**
     * What a Gateway, and all that is at it, waits for: where a cloud puts the kinds into a new cluster, it does so some minutes
     * after the cluster is there, and until then they are unknown. @default nothing
     */
    readonly after?: readonly pulumi.Resource[];
    /** Who may come, and a firewall: Cloud Armor, before every Service. @default neither */
    readonly guards?: Pick<EdgeGuards, "sourceRanges" | "firewall">;
    /** Over the Gateway's `spec`. @default nothing is changed */
    readonly native?: Readonly<Record<string, unknown>>;
}

export class GkeGatewayEdge extends pulumi.ComponentResource implements Edge {
    readonly listener: EdgeListener;
    readonly lentListener?: EdgeListener;
    readonly records: readonly DnsRecord[];
    readonly securityPolicy?: pulumi.Output<string>;

    constructor(name: string, args: GkeGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:edge:GkeGateway", name, {}, opts);
        const { routes, lentDomain } = args;
        const hosts = routes.flatMap((route) => route.hosts);

        const address = new GlobalAddress(
            `${name}-address`,
            { description: `The way in to ${args.instance}`, addressType: "EXTERNAL", ipVersion: "IPV4" },
            // Everybody's DNS points to it.
            { parent: this, protect: args.data === "protected" },
        );
        const certificates = createCertificates(
            name,
            { hosts, ...(lentDomain !== undefined && { lentDomain }) },
            { parent: this },
        );
        this.records = this.createRecords(name, args, hosts, address, certificates);
        const armor = createSecurityPolicy(name, args.guards ?? {}, args.instance, { parent: this });
        if (armor !== undefined) {
            this.securityPolicy = armor.name;
        }
        const behaviour = { ...args.behaviour, ...(armor && { securityPolicy: armor.name }) };
        const gateway = this.createGateway(name, args, address, certificates, armor);
        const at = (section: string): EdgeListener => ({
            namespace: args.namespace,
            gateway: gateway.metadata.name,
            section,
        });
        this.listener = at("https");
        if (lentDomain !== undefined) {
            this.lentListener = { ...at("https-lent"), controller: "gke" };
        }
        for (const route of routes) {
            const opts = { parent: this, dependsOn: gateway };
            createBackendPolicies(name, { ...args, route, behaviour, ownsPolicy: true }, opts);
            const { requestTimeout: _, ...saidByPolicy } = args;
            createRoute(name, { ...saidByPolicy, route, listener: this.listener }, { parent: this });
        }
        this.createRedirect(name, args, gateway);

        this.registerOutputs({ listener: this.listener, address: address.address, records: this.records });
    }

    /** @returns the records that are not in the zone, and so were not made */
    private createRecords(
        name: string,
        { zone, lentDomain }: GkeGatewayArgs,
        hosts: readonly string[],
        { address }: GlobalAddress,
        { proofs }: Certificates,
    ): readonly DnsRecord[] {
        const named = lentDomain === undefined ? hosts : [...hosts, `*.${lentDomain}`];
        const wanted = [
            ...named.map((host) => ({
                key: host,
                domain: host,
                record: { name: `${host}.`, type: "A", data: address } as const,
            })),
            ...proofs.map(({ domain, record }) => ({ key: `proof-${domain}`, domain, record })),
        ];
        return wanted.flatMap(({ key, domain, record }) => {
            if (zone === undefined || !isIn(domain, zone.domain)) {
                return [record];
            }
            const { name: recordName, type, data } = record;
            new RecordSet(
                `${name}-record-${key}`,
                { managedZone: zone.managedZone, name: recordName, type, ttl: 300, rrdatas: [data] },
                { parent: this },
            );
            return [];
        });
    }

    private createGateway(
        name: string,
        args: GkeGatewayArgs,
        address: GlobalAddress,
        { map, entries }: Certificates,
        armor: SecurityPolicy | undefined,
    ): CustomResource {
        const { namespace, instance, lentDomain } = args;
        const tls = new SSLPolicy(`${name}-tls`, { profile: "RESTRICTED", minTlsVersion: "TLS_1_2" }, { parent: this });
        const own = { namespaces: { from: "Same" } };
        const borrowers = { namespaces: { from: "Selector", selector: { matchLabels: { [lendingLabel]: instance } } } };
        const names = (hostname: string) => ({
            name: "https-lent",
            protocol: "HTTPS",
            port: 443,
            hostname,
            allowedRoutes: borrowers,
        });
        const lent = lentDomain === undefined ? [] : [names(`*.${lentDomain}`)];
        const spec = {
            gatewayClassName: "gke-l7-global-external-managed",
            addresses: [{ type: "NamedAddress", value: address.name }],
            listeners: [
                { name: "http", protocol: "HTTP", port: 80, allowedRoutes: own },
                { name: "https", protocol: "HTTPS", port: 443, allowedRoutes: own },
                ...lent,
            ],
        };
        const gateway = new CustomResource(
            `${name}-gateway`,
            {
                apiVersion: gatewayApi,
                kind: "Gateway",
                metadata: {
                    name,
                    namespace,
                    labels: objectLabels(instance, "edge"),
                    // Instead of `tls` at the listeners; GKE refuses both.
                    annotations: { "networking.gke.io/certmap": map.name, ...untilProgrammed },
                },
                spec: withNative(spec, args.native),
            },
            {
                parent: this,
                // It is gone, and with it the load balancer that uses them, before these are deleted.
                dependsOn: [...entries, tls, ...(armor ? [armor] : []), ...(args.after ?? [])],
                customTimeouts: { create: "20m", delete: "20m" },
            },
        );
        new CustomResource(
            `${name}-tls-policy`,
            {
                apiVersion: "networking.gke.io/v1",
                kind: "GCPGatewayPolicy",
                metadata: { name, namespace, labels: objectLabels(instance, "edge") },
                spec: {
                    default: { sslPolicy: tls.name },
                    targetRef: { group: "gateway.networking.k8s.io", kind: "Gateway", name: gateway.metadata.name },
                },
            },
            { parent: this },
        );
        return gateway;
    }

    /** One for all names, those that are lent too. Google's redirect has no port, so it is not the one that controllers share. */
    private createRedirect(name: string, { namespace, instance }: GkeGatewayArgs, gateway: CustomResource): void {
        const requestRedirect = { scheme: "https", statusCode: 301 };
        new CustomResource(
            `${name}-redirect`,
            {
                apiVersion: gatewayApi,
                kind: "HTTPRoute",
                metadata: { name: `${name}-redirect`, namespace, labels: objectLabels(instance, "edge") },
                spec: {
                    parentRefs: [{ name: gateway.metadata.name, sectionName: "http" }],
                    rules: [{ filters: [{ type: "RequestRedirect", requestRedirect }] }],
                },
            },
            { parent: this },
        );
    }
}

function isIn(name: string, domain: string): boolean {
    return name === domain || name.endsWith(`.${domain}`);
}
