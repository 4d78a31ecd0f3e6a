// The way out to a bucket's server, for pods that carry a label.
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { Labels } from "../../lib/labels.ts";
import { notPublic } from "../../lib/not-public.ts";
import { withoutMetadata } from "../../lib/without-metadata.ts";
import type { Placement } from "../contract.ts";

export interface BucketWayArgs extends Pick<Placement, "namespace"> {
    /** The labels that pods carry to be let through. */
    readonly clients: Labels;
    readonly port: number;
    /** Where the server is. @default public IPv4 addresses */
    readonly cidrs?: readonly string[];
}

export function wayToBucket(name: string, args: BucketWayArgs, opts: CustomResourceOptions): void {
    const { namespace, clients, port, cidrs } = args;
    new NetworkPolicy(
        `${name}-to-bucket`,
        {
            metadata: { name: `${name}-to-bucket`, namespace },
            spec: {
                podSelector: { matchLabels: clients },
                policyTypes: ["Egress"],
                egress: [
                    {
                        to: cidrs?.map((cidr) => ({ ipBlock: withoutMetadata({ cidr }) })) ?? [
                            { ipBlock: { cidr: "0.0.0.0/0", except: [...notPublic] } },
                        ],
                        ports: [{ protocol: "TCP", port }],
                    },
                ],
            },
        },
        opts,
    );
}
