// The two openings that a store in the namespace needs in a network where nothing is allowed (R46, R48).
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { Labels } from "../../lib/labels.ts";
import type { Placement } from "../contract.ts";

export interface StoreAccessArgs extends Placement {
    /** The labels of the store's pods. */
    readonly store: Labels;
    /** The labels that pods carry to be let through. */
    readonly clients: Labels;
    readonly port: number | readonly number[];
}

/** Clients may go out to the store, and the store takes them in: at its ports, and nothing else. */
export function storeAccess(name: string, args: StoreAccessArgs, opts: CustomResourceOptions): void {
    const { namespace, store, clients, port } = args;
    const ports = [port].flat().map((one) => ({ protocol: "TCP", port: one }));
    new NetworkPolicy(
        `${name}-from-clients`,
        {
            metadata: { name: `${name}-from-clients`, namespace },
            spec: {
                podSelector: { matchLabels: store },
                policyTypes: ["Ingress"],
                ingress: [{ from: [{ podSelector: { matchLabels: clients } }], ports }],
            },
        },
        opts,
    );
    new NetworkPolicy(
        `${name}-to-store`,
        {
            metadata: { name: `${name}-to-store`, namespace },
            spec: {
                podSelector: { matchLabels: clients },
                policyTypes: ["Egress"],
                egress: [{ to: [{ podSelector: { matchLabels: store } }], ports }],
            },
        },
        opts,
    );
}
