// Certificates by ACME, renewed before they expire.
import * as pulumi from "@pulumi/pulumi";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import type { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { objectLabels } from "../../lib/labels.ts";
import { containerSecurity } from "../../lib/pod-security.ts";
import { resourcesOf } from "../../lib/resources.ts";
import type { PodIdentity } from "../identity/contract.ts";
import {
    addonNamespace,
    controllerReplicas,
    installChart,
    podIdentityPorts,
    podSecurityFor,
    type InstalledChart,
} from "./chart.ts";
import type { Addon, AddonArgs } from "./contract.ts";

export interface CertManagerArgs extends AddonArgs {
    /** Where Let's Encrypt writes when a certificate is about to expire; it never shows it. */
    readonly email: string;
    /** Let's Encrypt's staging server has higher limits, and certificates that no browser trusts. @default "production" */
    readonly server?: "production" | "staging";
    readonly solver: AcmeSolver;
    /** Annotations of its ServiceAccount by which a cloud knows its pods. @default none */
    readonly serviceAccountAnnotations?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** How it proves that a host name is ours. */
export type AcmeSolver =
    /**
     * A route at the Gateway, so after the record points there. A Certificate names its Gateway with the annotations
     * `acme.cert-manager.io/http01-parentrefkind` and `-parentrefname`. No wildcards.
     */
    | { readonly kind: "http-01" }
    /** A record in the zone; wildcards too, and before anything points there. Permissions by Pod Identity. */
    | { readonly kind: "route53"; readonly region: string; readonly zoneId: pulumi.Input<string> }
    /** Permissions by Workload Identity. */
    | {
          readonly kind: "cloud-dns";
          readonly project: string;
          /** @default the zone that fits the name */ readonly zone?: pulumi.Input<string>;
      }
    /** A token with the scopes `domain:read`, `domain:create`, `domain:update` and `domain:delete`, and no others. */
    | { readonly kind: "digitalocean"; readonly token: pulumi.Output<string> };

export const certManagerChart: InstalledChart["chart"] = {
    chart: "oci://quay.io/jetstack/charts/cert-manager",
    version: "v1.21.2",
};

const servers: Record<"production" | "staging", string> = {
    production: "https://acme-v02.api.letsencrypt.org/directory",
    staging: "https://acme-staging-v02.api.letsencrypt.org/directory",
};

const webhookPort = 10250;

/** The key in the Secret. */
const tokenKey = "token";

export class CertManager extends pulumi.ComponentResource implements Addon {
    /** What a cloud gives permissions to. */
    static readonly identity = {
        namespace: "cert-manager",
        serviceAccount: "cert-manager",
    } as const satisfies PodIdentity;

    /** The ClusterIssuer that Certificates name. */
    readonly issuer: { readonly kind: "ClusterIssuer"; readonly name: string } = {
        kind: "ClusterIssuer",
        name: "letsencrypt",
    };
    readonly ready: CustomResource;

    constructor(name: string, args: CertManagerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("django-on-kubernetes:addons:CertManager", name, {}, opts);
        const installed: InstalledChart = {
            namespace: CertManager.identity.namespace,
            chart: certManagerChart,
            values: chartValues(args),
            ingress: [webhookPort],
            // 80 and the bundled controller's own ports: before it asks the ACME server, it looks for its answer itself, and
            // inside the cluster the load balancer's address leads straight to the controller's pods.
            egress: [...podIdentityPorts, 8000, 8443],
        };
        const namespace = addonNamespace(name, installed, args, this);
        const release = installChart(name, installed, args, namespace, { parent: this });
        this.ready = this.createIssuer(name, args, this.createSolver(name, args, namespace.metadata.name), release);

        this.registerOutputs({});
    }

    private createIssuer(name: string, args: CertManagerArgs, solver: object, release: Release): CustomResource {
        return new CustomResource(
            `${name}-issuer`,
            {
                apiVersion: "cert-manager.io/v1",
                kind: "ClusterIssuer",
                metadata: {
                    name: this.issuer.name,
                    labels: objectLabels(args.instance, "addon"),
                    annotations: { "pulumi.com/waitFor": "condition=Ready" },
                },
                spec: {
                    acme: {
                        server: servers[args.server ?? "production"],
                        email: args.email,
                        // cert-manager makes it: the key of the account at Let's Encrypt.
                        privateKeySecretRef: { name: `${this.issuer.name}-account` },
                        solvers: [solver],
                    },
                },
            },
            { parent: this, dependsOn: [release] },
        );
    }

    private createSolver(
        name: string,
        { solver, instance }: CertManagerArgs,
        namespace: pulumi.Output<string>,
    ): object {
        switch (solver.kind) {
            case "http-01":
                // ClusterIP: a NodePort, the default, would open a port on every node.
                return { http01: { gatewayHTTPRoute: { serviceType: "ClusterIP" } } };
            case "route53":
                return { dns01: { route53: { region: solver.region, hostedZoneID: solver.zoneId } } };
            case "cloud-dns":
                return {
                    dns01: {
                        cloudDNS: {
                            project: solver.project,
                            ...(solver.zone !== undefined && { hostedZoneName: solver.zone }),
                        },
                    },
                };
            case "digitalocean": {
                const secret = new Secret(
                    `${name}-token`,
                    {
                        metadata: { namespace, labels: objectLabels(instance, "addon") },
                        immutable: true,
                        stringData: { [tokenKey]: solver.token },
                    },
                    { parent: this },
                );
                return { dns01: { digitalocean: { tokenSecretRef: { name: secret.metadata.name, key: tokenKey } } } };
            }
            default:
                return solver satisfies never;
        }
    }
}

function chartValues(args: CertManagerArgs): InstalledChart["values"] {
    const replicaCount = controllerReplicas(args);
    const security = { securityContext: podSecurityFor(1000), containerSecurityContext: containerSecurity };
    const podDisruptionBudget = {
        enabled: replicaCount > 1,
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
    };
    const small = resourcesOf({ cpu: "25m", memory: "64Mi" });
    const medium = resourcesOf({ cpu: "25m", memory: "256Mi" });
    return {
        crds: { enabled: true, keep: args.data !== "disposable" },
        // In its own namespace: kube-system is closed on GKE Autopilot.
        global: { leaderElection: { namespace: CertManager.identity.namespace } },
        config: {
            apiVersion: "controller.config.cert-manager.io/v1alpha1",
            kind: "ControllerConfiguration",
            gatewayAPI: { enabled: true },
        },
        replicaCount,
        podDisruptionBudget,
        serviceAccount: {
            create: true,
            name: CertManager.identity.serviceAccount,
            annotations: args.serviceAccountAnnotations ?? {},
        },
        ...security,
        resources: medium,
        webhook: { ...security, replicaCount, podDisruptionBudget, securePort: webhookPort, resources: small },
        cainjector: { ...security, replicaCount, podDisruptionBudget, resources: medium },
        startupapicheck: { ...security, resources: small },
    };
}
