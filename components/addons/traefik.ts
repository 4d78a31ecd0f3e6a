// The Gateway API's controller for clusters that have none: one load balancer, all Gateways behind it.
import * as pulumi from "@pulumi/pulumi";
import type { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { containerSecurity } from "../../lib/pod-security.ts";
import { resourcesOf } from "../../lib/resources.ts";
import { addonNamespace, controllerReplicas, installChart, podSecurityFor, type InstalledChart } from "./chart.ts";
import type { Addon, AddonArgs } from "./contract.ts";

export interface TraefikArgs extends AddonArgs {
    /** Annotations of the Service, by which a cloud configures the load balancer. @default none */
    readonly serviceAnnotations?: Readonly<Record<string, pulumi.Input<string>>>;
    /** Who may connect to the load balancer. @default everybody */
    readonly sourceRanges?: readonly string[];
    /** Where a load balancer is that says each client's address by the PROXY protocol: from elsewhere it is not believed. @default none does */
    readonly proxyProtocolFrom?: readonly string[];
    /**
     * Seconds that a client may take to send a request, an upload too; then it gets 499 or 504, and so says the log. Of all
     * Gateways: Traefik has it of an entry point.
     *
     * @default 60, Traefik's own
     * @see https://github.com/traefik/traefik/pull/10602
     */
    readonly requestTimeout?: number;
}

/** Version 3.7 of Traefik, which is built for Gateway API 1.5. */
export const traefikChart: InstalledChart["chart"] = {
    chart: "traefik",
    repository: "https://traefik.github.io/charts",
    version: "41.5.0",
};

/** The Gateway API's definitions have to be there before (`dependsOn`). */
export class Traefik extends pulumi.ComponentResource implements Addon {
    /** The GatewayClass. */
    readonly className: string = "traefik";
    /** Where its pods are: what a NetworkPolicy of an app admits. */
    readonly namespace: string = "traefik";
    /** What a Gateway's listeners name: the pods' ports, above 1024 because nobody is root there. */
    readonly httpPort: number = 8000;
    readonly httpsPort: number = 8443;
    /** Where clients find them: the Service's ports. */
    readonly publicHttpPort: number = 80;
    readonly publicHttpsPort: number = 443;
    readonly ready: Release;

    constructor(name: string, args: TraefikArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:addons:Traefik", name, {}, opts);
        const installed: InstalledChart = {
            namespace: this.namespace,
            chart: traefikChart,
            values: this.chartValues(args),
            ingress: [this.httpPort, this.httpsPort],
            // To the web pods, whatever their port; those decide by their own policies whom they let in.
            egress: "any",
            // The Gateway API's definitions are another release's, and Traefik's own kinds are not read.
            skipCrds: true,
        };
        const namespace = addonNamespace(name, installed, args, this);
        this.ready = installChart(name, installed, args, namespace, { parent: this });

        this.registerOutputs({});
    }

    private chartValues(args: TraefikArgs): InstalledChart["values"] {
        const replicas = controllerReplicas(args);
        const { requestTimeout, proxyProtocolFrom } = args;
        const ofPort = {
            ...(requestTimeout !== undefined && {
                transport: { respondingTimeouts: { readTimeout: `${requestTimeout}s` } },
            }),
            ...(proxyProtocolFrom && { proxyProtocol: { trustedIPs: proxyProtocolFrom } }),
        };
        return {
            deployment: { kind: "Deployment", replicas },
            podDisruptionBudget: { enabled: replicas > 1, maxUnavailable: 1 },
            updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
            providers: {
                kubernetesGateway: { enabled: true },
                kubernetesCRD: { enabled: false },
                kubernetesIngress: { enabled: false },
            },
            gatewayClass: { enabled: true, name: this.className },
            // Environments make theirs.
            gateway: { enabled: false },
            ingressClass: { enabled: false },
            ingressRoute: { dashboard: { enabled: false } },
            ports: {
                web: { port: this.httpPort, exposedPort: this.publicHttpPort, expose: { default: true }, ...ofPort },
                websecure: {
                    port: this.httpsPort,
                    exposedPort: this.publicHttpsPort,
                    expose: { default: true },
                    ...ofPort,
                },
            },
            // The only one of the cluster (R52).
            service: {
                annotations: args.serviceAnnotations ?? {},
                spec: { type: "LoadBalancer" },
                ...(args.sourceRanges && { loadBalancerSourceRanges: args.sourceRanges }),
            },
            global: { checkNewVersion: false, sendAnonymousUsage: false },
            podSecurityContext: podSecurityFor(65532),
            securityContext: containerSecurity,
            resources: resourcesOf({ cpu: "100m", memory: "256Mi" }),
        };
    }
}
