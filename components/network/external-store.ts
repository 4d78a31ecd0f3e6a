// Stores outside the cluster, under the Service names that an app's stores always have (E4), and the way out to them (R48).
import * as pulumi from "@pulumi/pulumi";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { EndpointSlice } from "@pulumi/kubernetes/discovery/v1/endpointSlice.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { objectLabels, type Labels } from "../../lib/labels.ts";
import { withoutMetadata } from "../../lib/without-metadata.ts";
import type { Placement } from "../contract.ts";

/** A DNS name whose address may change, or one IPv4 address. */
export type ExternalAddress = { readonly name: Input<string> } | { readonly ip: Input<string> };

export interface ExternalStoreArgs extends ExternalServiceArgs, Pick<ExternalWayArgs, "cidrs" | "clients"> {}

/** One server: its Service, which is called `name`, and the way to it. */
export function externalStore(name: string, args: ExternalStoreArgs, opts: CustomResourceOptions): void {
    externalService(name, args, opts);
    wayToExternal(name, { ...args, ports: [args.port] }, opts);
}

export interface ExternalServiceArgs extends Placement {
    /** What the store is: the value of the label app.kubernetes.io/component. */
    readonly component: string;
    readonly address: ExternalAddress;
    readonly port: number;
    /** What a plan is told of a server that it does not show (lib/labels.ts). @default nothing */
    readonly annotations?: Labels;
}

/** An address cannot be an ExternalName, so it becomes a Service with one endpoint. */
export function externalService(name: string, args: ExternalServiceArgs, opts: CustomResourceOptions): void {
    const { namespace, instance, component, address, port } = args;
    const labels = objectLabels(instance, component);
    const annotations = { "pulumi.com/skipAwait": "true", ...args.annotations };
    const metadata = { name, namespace, labels, annotations };
    if ("name" in address) {
        const spec = { type: "ExternalName", externalName: address.name };
        new Service(`${name}-service`, { metadata, spec }, opts);
        return;
    }
    const ports = [{ name: component, port, targetPort: port }];
    const service = new Service(`${name}-service`, { metadata, spec: { ports } }, opts);
    new EndpointSlice(
        `${name}-endpoint`,
        {
            metadata: {
                name,
                namespace,
                labels: {
                    ...labels,
                    "kubernetes.io/service-name": service.metadata.name,
                    // Else the control plane's own controller would take it for one of its.
                    "endpointslice.kubernetes.io/managed-by": "pulumi",
                },
            },
            addressType: "IPv4",
            ports: [{ name: component, port, protocol: "TCP" }],
            endpoints: [{ addresses: [address.ip] }],
        },
        opts,
    );
}

export interface ExternalWayArgs extends Pick<Placement, "namespace"> {
    /** The address ranges that the servers are in, as narrow as they are known. */
    readonly cidrs: Input<readonly string[]>;
    readonly ports: readonly number[];
    /** The labels that pods carry to be let through. */
    readonly clients: Labels;
}

export function wayToExternal(name: string, args: ExternalWayArgs, opts: CustomResourceOptions): void {
    const { namespace, cidrs, ports, clients } = args;
    new NetworkPolicy(
        `${name}-to-store`,
        {
            metadata: { name: `${name}-to-store`, namespace },
            spec: {
                podSelector: { matchLabels: clients },
                policyTypes: ["Egress"],
                egress: [
                    {
                        to: pulumi
                            .output(cidrs)
                            .apply((all) => all.map((cidr) => ({ ipBlock: withoutMetadata({ cidr }) }))),
                        ports: [...new Set(ports)].map((port) => ({ protocol: "TCP", port })),
                    },
                ],
            },
        },
        opts,
    );
}
