// A way in without a proxy: for each app a Service of type LoadBalancer or NodePort, straight to its web pods. TCP alone.
import * as pulumi from "@pulumi/pulumi";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { core } from "@pulumi/kubernetes/types/input.js";
import type { core as live } from "@pulumi/kubernetes/types/output.js";
import { objectLabels, publicEntry, tlsInFront, type Labels } from "../../lib/labels.ts";
import type { EdgeArgs, EdgeRoute, WayIn } from "./contract.ts";
import { routeName } from "./route.ts";

export interface LoadBalancers {
    readonly kind: "load-balancer";
    /** `loadBalancerClass`: which controller makes them. @default the cluster's own */
    readonly class?: string;
    readonly annotations: Readonly<Record<string, string>>;
}

export interface NodePorts {
    readonly kind: "node-port";
}

export interface DirectRoute extends EdgeRoute {
    /** What selects the web pods; the port that they serve is called `http`. */
    readonly pods: Labels;
    /** Where clients come in. */
    readonly publicPort: number;
}

export interface ServicesEdgeArgs extends Pick<EdgeArgs, "namespace" | "instance" | "data" | "tlsInFront"> {
    readonly routes: readonly DirectRoute[];
    readonly through: LoadBalancers | NodePorts;
    /** Who may connect: a load balancer is told, and the web pods' NetworkPolicy is too. */
    readonly sourceRanges: readonly string[];
}

export class ServicesEdge extends pulumi.ComponentResource implements WayIn {
    readonly addresses?: Readonly<Record<string, pulumi.Output<string>>>;

    constructor(name: string, args: ServicesEdgeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:edge:Services", name, {}, opts);
        const services = args.routes.map((route) => [route.app, this.createService(name, args, route)] as const);
        if (args.through.kind === "load-balancer") {
            this.addresses = Object.fromEntries(services.map(([app, service]) => [app, addressOf(service)]));
        }
        this.registerOutputs({ ...(this.addresses && { addresses: this.addresses }) });
    }

    private createService(name: string, args: ServicesEdgeArgs, route: DirectRoute): Service {
        const { namespace, instance, through } = args;
        const suffix = route.main ? "" : `-${route.app}`;
        return new Service(
            `${name}-service${suffix}`,
            {
                metadata: {
                    name: routeName(name, route),
                    namespace,
                    labels: objectLabels(instance, "edge"),
                    annotations: {
                        ...(through.kind === "load-balancer" && through.annotations),
                        [publicEntry.name]: publicEntry.value,
                        ...(args.tlsInFront === true && { [tlsInFront.name]: tlsInFront.value }),
                    },
                },
                spec: {
                    ...specOf(args, route),
                    selector: route.pods,
                    // Users keep their addresses, so that who may connect is decided by theirs; and no second hop over another node.
                    externalTrafficPolicy: "Local",
                },
            },
            // The web pods are awaited before: the Service is there once it has an address too.
            { parent: this, customTimeouts: { create: "15m", delete: "15m" } },
        );
    }
}

function specOf({ through, sourceRanges }: ServicesEdgeArgs, route: DirectRoute): core.v1.ServiceSpec {
    const { publicPort } = route;
    switch (through.kind) {
        case "load-balancer":
            return {
                type: "LoadBalancer",
                ports: [{ name: "http", port: publicPort, targetPort: "http" }],
                loadBalancerSourceRanges: [...sourceRanges],
                ...(through.class !== undefined && { loadBalancerClass: through.class }),
            };
        case "node-port":
            return {
                type: "NodePort",
                ports: [{ name: "http", port: route.port, targetPort: "http", nodePort: publicPort }],
            };
        default:
            return through satisfies never;
    }
}

/** A cloud has an address or a name. Before the Service is there, and in a plan, there is no status at all. */
function addressOf({ status }: Service): pulumi.Output<string> {
    return status.apply((known: live.v1.ServiceStatus | undefined) => {
        const [first] = known?.loadBalancer?.ingress ?? [];
        return first?.ip ?? first?.hostname ?? "";
    });
}
