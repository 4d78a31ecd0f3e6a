// A store outside the cluster, under the Service name that the app always uses (E4), and the way out to it (R48).
import * as pulumi from "@pulumi/pulumi";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { EndpointSlice } from "@pulumi/kubernetes/discovery/v1/endpointSlice.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { objectLabels, type Labels } from "../../lib/labels.ts";
import type { Placement } from "../contract.ts";

export interface ExternalStoreArgs extends Placement {
    /** What the store is: the value of the label app.kubernetes.io/component. */
    readonly component: string;
    /** A DNS name whose address may change, or one private IPv4 address. */
    readonly address: { readonly name: Input<string> } | { readonly ip: Input<string> };
    readonly port: number;
    /** The address ranges that `address` is in, as narrow as they are known. */
    readonly cidrs: Input<readonly string[]>;
    /** The labels that pods carry to be let through. */
    readonly clients: Labels;
    /** What a plan is told of a server that it does not show (lib/labels.ts). @default nothing */
    readonly annotations?: Labels;
}

/** The Service is called `name`. An address cannot be an ExternalName, so it becomes a Service with one endpoint. */
export function externalStore(name: string, args: ExternalStoreArgs, opts: CustomResourceOptions): void {
    const { namespace, instance, component, address, port, cidrs, clients } = args;
    const labels = objectLabels(instance, component);
    const annotations = { "pulumi.com/skipAwait": "true", ...args.annotations };
    const metadata = { name, namespace, labels, annotations };
    if ("name" in address) {
        const spec = { type: "ExternalName", externalName: address.name };
        new Service(`${name}-service`, { metadata, spec }, opts);
    } else {
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
    new NetworkPolicy(
        `${name}-to-store`,
        {
            metadata: { name: `${name}-to-store`, namespace },
            spec: {
                podSelector: { matchLabels: clients },
                policyTypes: ["Egress"],
                egress: [
                    {
                        to: pulumi.output(cidrs).apply((all) => all.map((cidr) => ({ ipBlock: { cidr } }))),
                        ports: [{ protocol: "TCP", port }],
                    },
                ],
            },
        },
        opts,
    );
}
