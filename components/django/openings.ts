// Who may call the web pods, and what the app may reach besides its stores (R46).
import type { ComponentResource } from "@pulumi/pulumi";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { networking } from "@pulumi/kubernetes/types/input.js";
import { appLabels, objectLabels, workloadLabels } from "../../lib/labels.ts";
import { notPublic } from "../../lib/not-public.ts";
import { withoutMetadata } from "../../lib/without-metadata.ts";
import type { DjangoArgs } from "./contract.ts";

/** @returns what a job waits for, so that it reaches what it needs */
export function createOpenings(name: string, args: DjangoArgs, parent: ComponentResource): NetworkPolicy[] {
    const { namespace, processes, instance } = args;
    const open = (suffix: string, spec: networking.v1.NetworkPolicySpec): NetworkPolicy =>
        new NetworkPolicy(
            `${name}-${suffix}`,
            { metadata: { name: `${name}-${suffix}`, namespace }, spec },
            { parent },
        );

    const fromGateway = open("web-from-gateway", {
        podSelector: { matchLabels: workloadLabels({ name: `${name}-web`, instance }) },
        policyTypes: ["Ingress"],
        ingress: [{ ...ingressSources(args), ports: [{ protocol: "TCP", port: processes.web.port }] }],
    });
    const egress = egressRules(args);
    if (egress.length === 0) {
        return [fromGateway];
    }
    const toOutside = open("to-outside", {
        // Of this app alone: another one in the namespace has its own.
        podSelector: { matchLabels: { ...objectLabels(instance, "django"), ...appLabels(args.app) } },
        policyTypes: ["Egress"],
        egress,
    });
    return [fromGateway, toOutside];
}

/** Without `from`, a rule admits any source. */
function ingressSources({ ingressFrom }: DjangoArgs): Pick<networking.v1.NetworkPolicyIngressRule, "from"> {
    if (ingressFrom === undefined) {
        return {};
    }
    const { namespaces, cidrs } = ingressFrom;
    return {
        from: [
            ...namespaces.map((name) => ({
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
            })),
            ...cidrs.map((cidr) => ({ ipBlock: { cidr } })),
        ],
    };
}

function egressRules({ egress, stores: { assets } }: DjangoArgs): networking.v1.NetworkPolicyEgressRule[] {
    const { buckets } = assets;
    const { cidrs, port: bucketPort = 443 } = buckets?.reach ?? {};
    const publicPorts = new Set([
        ...(egress.publicHttps ? [443] : []),
        ...(buckets !== undefined && cidrs === undefined ? [bucketPort] : []),
    ]);
    const addresses = [...egress.addresses, ...(cidrs ?? []).map((cidr) => ({ cidr, port: bucketPort }))];
    return [
        ...(publicPorts.size > 0
            ? [
                  {
                      to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...notPublic] } }],
                      ports: [...publicPorts].map((port) => ({ protocol: "TCP", port })),
                  },
              ]
            : []),
        ...[...addresses.map(withoutMetadata), ...(assets.egress ?? [])].map(({ port, ...ipBlock }) => ({
            to: [{ ipBlock }],
            ports: [{ protocol: "TCP", port }],
        })),
    ];
}
